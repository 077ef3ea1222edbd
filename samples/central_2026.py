"""Builds a central department's nine tables in the form of 2026 (单位代码, one row per budget unit), in 万元.

Source: the identities of the form are in the statement forms catalogue, section 2.1.
"""

from __future__ import annotations

from decimal import Decimal

from samples.central import THREE_PUBLIC_PATHS, split_economic, three_public_amounts
from samples.central_2026_budget import (
    BASIC,
    FUND,
    FUND_CARRY,
    GPB,
    GPB_CARRY,
    PROJECT,
    STATEMENT_TITLES,
    DepartmentBudget,
    UnitBudget,
)
from samples.central_2026_prose import write_explanation
from samples.central_prose import write_head, write_terms
from samples.chart import ZERO, Amounts, ChartRow, number_chinese, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Block, Filing, PageBreak, Table


def _add_two_lists(grid: GridBuilder, left: list[list[Value]], right: list[list[Value]]) -> None:
    for number in range(max(len(left), len(right))):
        cells: list[Value] = []
        for part in (left, right):
            blank: list[Value] = [None for _ in part[0]]
            cells += part[number] if number < len(part) else blank
        grid.add_row(cells)


def build_overall_summary(budget: DepartmentBudget) -> Table:
    """收支预算总表."""
    grid = GridBuilder(
        [
            Column(("收　入", "项目"), "name", "revenue", width=28),
            Column(("收　入", "预算数"), side="revenue", width=16),
            Column(("支　出", "项目"), "name", "expenditure", width=28),
            Column(("支　出", "预算数"), side="expenditure", width=16),
        ],
        "wan_yuan",
    )
    left: list[list[Value]] = [
        ["一、一般公共预算拨款收入", budget.add_up(GPB)],
        ["二、政府性基金预算拨款收入", budget.add_up(FUND)],
        ["三、国有资本经营预算拨款收入", None],
        ["四、事业收入", budget.fund("institutional_income")],
        ["其中：财政专户管理资金", None],
        ["五、上级补助收入", None],
        ["六、附属单位上缴收入", None],
        ["七、事业单位经营收入", None],
        ["八、其他收入", budget.other_income],
    ]
    right: list[list[Value]] = [
        [f"{number_chinese(number)}、{name}", amount]
        for number, (name, amount, _) in enumerate(budget.class_rows((*BASIC, *PROJECT)), start=1)
    ]
    _add_two_lists(grid, left, right)
    current = budget.total - budget.carry_over
    totals: list[list[Value]] = [
        ["本年收入合计", current, "本年支出合计", budget.total],
        ["使用非财政拨款结余", None, "结转下年（非财政拨款）", None],
        ["上年结转", budget.carry_over, None, None],
        ["收　入　总　计", budget.total, "支　出　总　计", budget.total],
    ]
    for cells in totals:
        grid.add_row(cells, bold=True, align={0: "center", 2: "center"})
    return budget.finish(grid, 1, "overall_summary")


def build_revenue(budget: DepartmentBudget) -> Table:
    """部门收入总表: the department's total, the department and each unit, by source."""
    carry, current = "上年结转", "本年收入"
    paths: list[tuple[str, ...]] = [
        ("合计",),
        *(
            (carry, name)
            for name in (
                "小计",
                "一般公共预算拨款结转资金",
                "政府性基金预算拨款结转资金",
                "国有资本经营预算拨款结转资金",
                "财政专户管理资金",
                "单位资金",
            )
        ),
        *(
            (current, name)
            for name in ("小计", "一般公共预算拨款收入", "政府性基金预算拨款收入", "国有资本经营预算拨款收入")
        ),
        (current, "事业收入", "金额"),
        (current, "事业收入", "其中：财政专户管理资金"),
        (current, "事业单位经营收入"),
        (current, "往来收入", "小计"),
        (current, "往来收入", "上级补助收入"),
        (current, "往来收入", "附属单位上缴收入"),
        (current, "其他收入"),
        ("使用非财政拨款结余",),
    ]
    grid = GridBuilder(
        [
            Column(("单位名称",), "unit", width=13),
            Column(("单位代码",), "unit_code", width=10),
            *(Column(path, width=8.2) for path in paths),
        ],
        "wan_yuan",
    )

    def amounts(of: UnitBudget | DepartmentBudget) -> list[Value]:
        own = of.funds["carry_over_other"] if isinstance(of, UnitBudget) else of.fund("carry_over_other")
        income = of.funds["institutional_income"] if isinstance(of, UnitBudget) else of.fund("institutional_income")
        carried = [of.add_up(GPB_CARRY), of.add_up(FUND_CARRY), ZERO, ZERO, own]
        parts = [of.add_up(GPB), of.add_up(FUND), ZERO, income, ZERO, ZERO, ZERO, ZERO, ZERO, of.other_income]
        return [
            sum(carried, ZERO) + sum(parts, ZERO),
            sum(carried, ZERO),
            *carried,
            sum(parts, ZERO),
            *parts,
            ZERO,
        ]

    code = budget.facts.text("code")
    grid.add_row(["合计", None, *amounts(budget)], bold=True)
    grid.add_row([budget.facts.issuer, code, *amounts(budget)])
    for unit in budget.units:
        grid.add_row([unit.name, unit.code, *amounts(unit)])
    return budget.finish(grid, 2, "revenue")


def build_expenditure(budget: DepartmentBudget) -> Table:
    """支出预算总表: the department, then each unit with its items (项 only)."""
    grid = GridBuilder(
        [
            Column(("科目代码",), "code", width=11),
            Column(("科目名称（单位名称）",), "name", width=26),
            Column(("单位代码",), "unit_code", width=13),
            *(
                Column((name,), width=11)
                for name in (
                    "合计",
                    "基本支出",
                    "项目支出",
                    "上缴上级支出",
                    "事业单位经营支出",
                    "对附属单位补助支出",
                )
            ),
        ],
        "wan_yuan",
    )

    def amounts(basic: Decimal, project: Decimal) -> list[Value]:
        return [basic + project, basic, project, None, None, None]

    total = amounts(budget.add_up(BASIC), budget.add_up(PROJECT))
    grid.add_row(["合计", None, None, *total], bold=True, merge=[(0, 1)])
    grid.add_row([None, budget.facts.issuer, budget.facts.text("code"), *total], bold=True)
    for unit in budget.units:
        grid.add_row([None, unit.name, unit.code, *amounts(unit.add_up(BASIC), unit.add_up(PROJECT))], bold=True)
        for code in sorted(unit.items):
            leaf = unit.items[code]
            basic, project = (sum((leaf.get(key, ZERO) for key in part), ZERO) for part in (BASIC, PROJECT))
            if basic + project:
                grid.add_row([code, budget.facts.names[code], unit.code, *amounts(basic, project)])
    return budget.finish(grid, 3, "expenditure")


def build_fiscal_appropriation(budget: DepartmentBudget) -> Table:
    """财政拨款收支总表: spending by class and by fund, carry-over included."""
    grid = GridBuilder(
        [
            Column(("收　入", "项目"), "name", "revenue", width=26),
            Column(("收　入", "预算数"), side="revenue", width=13),
            Column(("支　出", "项目"), "name", "expenditure", width=26),
            *(
                Column(("支　出", name), side="expenditure", width=13)
                for name in ("合计", "一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")
            ),
        ],
        "wan_yuan",
    )
    general, fund = (*GPB, *GPB_CARRY), (*FUND, *FUND_CARRY)

    def amounts(row: ChartRow) -> list[Value]:
        parts = [sum((row.get(key) for key in measures), ZERO) for measures in (general, fund)]
        return [sum(parts, ZERO), *parts, ZERO]

    left: list[list[Value]] = [
        ["一、本年收入", budget.add_up((*GPB, *FUND))],
        ["（一）一般公共预算拨款", budget.add_up(GPB)],
        ["（二）政府性基金预算拨款", budget.add_up(FUND)],
        ["（三）国有资本经营预算拨款", None],
        ["二、上年结转", budget.add_up((*GPB_CARRY, *FUND_CARRY))],
        ["（一）一般公共预算拨款", budget.add_up(GPB_CARRY)],
        ["（二）政府性基金预算拨款", budget.add_up(FUND_CARRY)],
        ["（三）国有资本经营预算拨款", None],
    ]
    whole = ChartRow("", "", 0, sum_amounts(budget.items.values()))
    right: list[list[Value]] = [["一、本年支出", *amounts(whole)]]
    right += [
        [f"（{number_chinese(number)}）{name}", *amounts(row)]
        for number, (name, _, row) in enumerate(budget.class_rows((*general, *fund)), start=1)
    ]
    _add_two_lists(grid, left, right)
    total = budget.add_up((*general, *fund))
    grid.add_row(
        ["收　入　总　计", total, "支　出　总　计", *amounts(whole)], bold=True, align={0: "center", 2: "center"}
    )
    return budget.finish(grid, 4, "fiscal_appropriation")


def _build_by_unit(
    budget: DepartmentBudget, number: int, statement_type: str, code_head: str, measures: tuple[str, str, str]
) -> Table:
    """A statement by function item, under each item one row per unit that has money for it.

    Args:
        budget: The sums.
        number: Ordinal of the statement.
        statement_type: Its type.
        code_head: Header of the code column.
        measures: The leaf measures of personnel, public and project money.
    """
    grid = GridBuilder(
        [
            Column((code_head,), "code", width=11),
            Column(("科目名称（单位名称）",), "name", width=28),
            Column(("单位代码",), "unit_code", width=13),
            Column(("合计",), width=13),
            *(Column(("基本支出", name), width=13) for name in ("小计", "人员经费", "公用经费")),
            Column(("项目支出",), width=13),
        ],
        "wan_yuan",
    )

    def amounts(leaf: Amounts) -> list[Value]:
        personnel, public, project = (leaf.get(measure, ZERO) for measure in measures)
        return [personnel + public + project, personnel + public, personnel, public, project]

    kept = {code: leaf for code, leaf in budget.items.items() if any(leaf.get(measure) for measure in measures)}
    grid.add_row(["合计", None, None, *amounts(sum_amounts(kept.values()))], bold=True, merge=[(0, 1)])
    for row in spread_rows(kept, budget.facts.names):
        grid.add_row([row.code, row.name, None, *amounts(row.amounts)])
        for unit in budget.units if row.level == 3 else []:
            leaf = unit.items.get(row.code, {})
            if any(leaf.get(measure) for measure in measures):
                grid.add_row([row.code, unit.name, unit.code, *amounts(leaf)])
    return budget.finish(grid, number, statement_type)


def build_general_budget_basic(budget: DepartmentBudget) -> Table:
    """一般公共预算基本支出表."""
    head = "本年一般公共预算基本支出"
    grid = GridBuilder(
        [
            Column(("部门预算支出经济分类科目", "科目代码"), "code", width=10),
            Column(("部门预算支出经济分类科目", "科目名称"), "name", width=28),
            *(Column((head, name), width=14) for name in ("合计", "人员经费", "公用经费")),
        ],
        "wan_yuan",
    )
    for row in budget.economic:
        grid.add_row([row.code, row.name, row.get("basic"), *split_economic(row)], bold=row.level == 1)
    personnel, public = budget.add_up(["personnel"]), budget.add_up(["public"])
    grid.add_row([None, "合　计", personnel + public, personnel, public], bold=True, align={1: "center"})
    return budget.finish(grid, 6, "general_budget_basic")


def build_state_capital(budget: DepartmentBudget) -> Table:
    """国有资本经营预算支出表, with no money and a note that says so."""
    head = f"{budget.facts.year}年国有资本经营预算支出"
    grid = GridBuilder(
        [
            Column(("科目编码",), "code", width=12),
            Column(("科目名称",), "name", width=28),
            *(Column((head, name), width=14) for name in ("合计", "基本支出", "项目支出")),
        ],
        "wan_yuan",
    )
    grid.add_row([None, "合计", None, None, None], align={1: "center"})
    note = f"注：{budget.facts.issuer}{budget.facts.year}年没有国有资本经营预算拨款安排的支出，本表无数据。"
    return budget.finish(grid, 8, "state_capital", [note])


def build_three_public(budget: DepartmentBudget) -> Table:
    """财政拨款预算“三公”经费支出表: this year only."""
    paths = [("“三公”经费合计",), *THREE_PUBLIC_PATHS[1:]]
    grid = GridBuilder([Column(path, width=15) for path in paths], "wan_yuan")
    grid.add_row(list(three_public_amounts(budget.facts, "three_public")))
    return budget.finish(grid, 9, "three_public")


def build_central_2026(facts: Facts) -> Filing:
    """The whole filing of a central department in the form of 2026."""
    budget = DepartmentBudget(facts)
    statements = [
        build_overall_summary(budget),
        build_revenue(budget),
        build_expenditure(budget),
        build_fiscal_appropriation(budget),
        _build_by_unit(budget, 5, "general_budget_expenditure", "科目代码", GPB),
        build_general_budget_basic(budget),
        _build_by_unit(budget, 7, "government_fund", "科目编码", ("", "", "fund_project")),
        build_state_capital(budget),
        build_three_public(budget),
    ]
    blocks: list[Block] = [*write_head(facts, STATEMENT_TITLES)]
    for statement in statements:
        blocks += [PageBreak(), statement]
    blocks += [PageBreak(), *write_explanation(budget), PageBreak(), *write_terms(facts)]
    return Filing(facts.name, tuple(blocks), facts.page_style())
