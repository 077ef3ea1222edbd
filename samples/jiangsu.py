"""Builds the Jiangsu twelve tables (江苏省级部门预算, 公开01–12表), in 万元; the total row comes first.

Source: the identities of the form are in the statement forms catalogue, section 2.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.chart import ZERO, ChartRow, number_chinese
from samples.facts import Facts
from samples.grid import Column, GridBuilder, Value
from samples.jiangsu_budget import FISCAL, OTHER, STATEMENT_TITLES, JiangsuBudget
from samples.jiangsu_prose import write_after_tables, write_before_tables
from samples.layout import Block, Filing, PageBreak, Table


def _add_up(row: ChartRow, measures: Sequence[str]) -> Decimal:
    return sum((row.get(measure) for measure in measures), ZERO)


def build_overall_summary(budget: JiangsuBudget) -> Table:
    """收支预算总表: income, spending by function and spending by use, three lists side by side."""
    columns = [
        Column(("收入", "项目名称"), "name", "revenue", width=24),
        Column(("收入", "金额"), side="revenue", width=14),
        Column(("支出", "功能分类", "功能科目名称"), "name", "expenditure", width=28),
        Column(("支出", "功能分类", "金额"), side="expenditure", width=14),
        Column(("支出", "支出用途", "项目名称"), "name", "expenditure_use", width=24),
        Column(("支出", "支出用途", "金额"), side="expenditure_use", width=14),
    ]
    grid = GridBuilder(columns, "wan_yuan")
    left: list[tuple[str, Value]] = [
        ("一、财政拨款", budget.fiscal),
        ("1.一般公共预算", budget.fiscal),
        ("2.政府性基金预算", None),
        ("二、财政专户管理资金", None),
        ("三、其他资金", budget.institutional + budget.other),
    ]
    spent = {row.name: _add_up(row, (*FISCAL, *OTHER)) for row in budget.rows(*FISCAL, *OTHER) if row.level == 1}
    unknown = set(spent) - set(budget.facts.texts("classes"))
    if unknown:
        raise ValueError(f"{budget.facts.name}: {unknown} are not in the list of classes")
    middle: list[tuple[str, Value]] = [
        (f"{number_chinese(number)}、{name}", spent.get(name))
        for number, name in enumerate(budget.facts.texts("classes"), start=1)
    ]
    right: list[tuple[str, Value]] = [
        ("一、基本支出", budget.sum("basic", "other_basic")),
        ("二、项目支出", budget.sum("project", "other_project")),
        ("三、单位预留机动经费", budget.sum("reserve")),
    ]
    for number in range(len(middle)):
        parts = [part[number] if number < len(part) else ("", None) for part in (left, middle, right)]
        grid.add_row([value for part in parts for value in part])
    for name_left, amount_left, name_right, amount_right in (
        ("当年收入小计", budget.income, "当年支出小计", budget.spending),
        ("上年结转资金", budget.carry_in, "结转下年资金", budget.carry_out),
        ("收入合计", budget.income + budget.carry_in, "支出合计", budget.spending + budget.carry_out),
    ):
        # the label is printed over both lists of the right side, the amount stands in the last one
        grid.add_row(
            [name_left, amount_left, name_right, None, None, amount_right],
            bold=True,
            merge=[(2, 4)],
            align={0: "center"},
        )
    return budget.finish(grid, 1, "overall_summary")


def build_revenue(budget: JiangsuBudget) -> Table:
    """收入预算总表: a vertical list of the funds, each under its group."""
    grid = GridBuilder(
        [
            Column(("项目名称",), "group", width=24),
            Column(("项目名称",), "name", width=30),
            Column(("金额",), width=20),
        ],
        "wan_yuan",
    )
    grid.add_row(["收入总计", None, budget.income + budget.carry_in], merge=[(0, 1)], bold=True)
    own = budget.institutional + budget.other
    groups: list[tuple[str, list[tuple[str, Value]]]] = [
        (
            "一般公共预算资金",
            [("小计", budget.fiscal), ("公共财政拨款(补助)资金", budget.fiscal), ("专项收入", None)],
        ),
        ("政府性基金", [("小计", None)]),
        ("财政专户管理资金", [("小计", None), ("专户管理教育收费", None), ("其他非税收入", None)]),
        (
            "其他资金",
            [("小计", own), ("事业收入", budget.institutional), ("经营收入", None), ("其他收入", budget.other)],
        ),
        ("上年结转和结余资金", [("小计", budget.carry_in), ("其中：动用上年结转和结余资金", budget.carry_in)]),
    ]
    for group, rows in groups:
        for number, (name, amount) in enumerate(rows):
            span = len(rows) if number == 0 else 0
            grid.add_row([group if span else None, name, amount], spans={0: span}, group="" if span else group)
    return budget.finish(grid, 2, "revenue")


def build_expenditure(budget: JiangsuBudget) -> Table:
    """支出预算总表: one row, spending by use."""
    grid = GridBuilder(
        [Column((name,), width=18) for name in ("合计", "基本支出", "项目支出", "单位预留机动经费", "结转下年资金")],
        "wan_yuan",
    )
    parts = [
        budget.sum("basic", "other_basic"),
        budget.sum("project", "other_project"),
        budget.sum("reserve"),
        budget.carry_out,
    ]
    grid.add_row([sum(parts, ZERO), *parts])
    return budget.finish(grid, 3, "expenditure")


def build_fiscal_appropriation(budget: JiangsuBudget) -> Table:
    """财政拨款收支预算总表: the appropriations and their use."""
    grid = GridBuilder(
        [
            Column(("收入", "项目名称"), "name", "revenue", width=26),
            Column(("收入", "金额"), side="revenue", width=18),
            Column(("支出", "支出用途", "项目名称"), "name", "expenditure_use", width=26),
            Column(("支出", "支出用途", "金额"), side="expenditure_use", width=18),
        ],
        "wan_yuan",
    )
    grid.add_row(["一、一般公共预算", budget.fiscal, "一、基本支出", budget.sum("basic")])
    grid.add_row(["二、政府性基金预算", None, "二、项目支出", budget.sum("project")])
    grid.add_row([None, None, "三、单位预留机动经费", budget.sum("reserve")])
    grid.add_row(["收入合计", budget.fiscal, "支出合计", budget.fiscal], bold=True, align={0: "center", 2: "center"})
    return budget.finish(grid, 4, "fiscal_appropriation")


def _build_coded(
    budget: JiangsuBudget,
    number: int,
    statement_type: str,
    heads: tuple[str, str, str],
    rows: Sequence[tuple[ChartRow, Decimal]],
    notes: Sequence[str] = (),
) -> Table:
    """A statement of code, name and one amount, its total in the first row."""
    grid = GridBuilder(
        [
            Column((heads[0],), "code", width=16),
            Column((heads[1],), "name", width=32),
            Column((heads[2],), width=20),
        ],
        "wan_yuan",
    )
    total = sum((amount for row, amount in rows if row.level == 1), ZERO)
    grid.add_row(["合计", None, total or None], merge=[(0, 1)], bold=True)
    for row, amount in rows:
        grid.add_row([row.code, row.name, amount])
    if not rows:
        grid.add_blank(3)
    return budget.finish(grid, number, statement_type, notes)


def build_three_public(budget: JiangsuBudget) -> Table:
    """“三公”经费、会议费、培训费支出预算表: project money included."""
    group, vehicles = "“三公”经费", "公务用车购置及运行维护费"
    paths = [
        ("合计",),
        (group, "小计"),
        (group, "因公出国（境）费"),
        (group, vehicles, "小计"),
        (group, vehicles, "公务用车购置费"),
        (group, vehicles, "公务用车运行维护费"),
        (group, "公务接待费"),
        ("会议费",),
        ("培训费",),
    ]
    travel, purchase, operation, reception, meeting, training = (
        budget.facts.amount("three_public", key)
        for key in ("travel", "purchase", "operation", "reception", "meeting", "training")
    )
    public = travel + purchase + operation + reception
    grid = GridBuilder([Column(path, width=13) for path in paths], "wan_yuan")
    grid.add_row(
        [
            public + meeting + training,
            public,
            travel,
            purchase + operation,
            purchase,
            operation,
            reception,
            meeting,
            training,
        ]
    )
    return budget.finish(grid, 9, "three_public")


def build_procurement(budget: JiangsuBudget) -> Table:
    """政府采购预算表: goods, works, services; under them programme and economic item, then what is bought."""
    grid = GridBuilder(
        [
            Column(("采购品目大类",), "name", width=16),
            Column(("专项名称",), "name", width=24),
            Column(("经济科目",), "name", width=20),
            Column(("采购物品名称",), "name", width=26),
            Column(("采购组织形式",), "name", width=18),
            Column(("总计",), width=14),
        ],
        "wan_yuan",
    )
    kinds = budget.facts.data["procurement"]
    grid.add_row(["合计", None, None, None, None, sum(procurement_totals(budget.facts).values(), ZERO)], bold=True)
    for kind, programmes in kinds.items():
        grid.add_row([kind, None, None, None, None, procurement_totals(budget.facts)[kind]], bold=True)
        for programme in programmes:
            things = [(thing, Decimal(thing["amount"])) for thing in programme["things"]]
            total = sum((amount for _, amount in things), ZERO)
            grid.add_row([None, programme["programme"], programme["economic"], None, None, total])
            for thing, amount in things:
                grid.add_row([None, None, None, thing["name"], thing["by"], amount])
    return budget.finish(grid, 12, "procurement")


def procurement_totals(facts: Facts) -> dict[str, Decimal]:
    """Kind of procurement (货物A, 工程B, 服务C) → its sum."""
    return {
        kind: sum((Decimal(thing["amount"]) for programme in programmes for thing in programme["things"]), ZERO)
        for kind, programmes in facts.data["procurement"].items()
    }


def build_jiangsu(facts: Facts) -> Filing:
    """The whole filing of a Jiangsu provincial body in the form of 2018 and 2019."""
    budget = JiangsuBudget(facts)
    functions = [(row, _add_up(row, FISCAL)) for row in budget.rows(*FISCAL)]
    economy = [(row, row.get("basic")) for row in budget.economic]
    operating = [(row, row.get("basic")) for row in budget.operating_rows()]
    by_function = ("功能科目编码", "功能科目名称", "金额")
    by_economy = ("科目编码", "科目名称", "金额")
    statements = [
        build_overall_summary(budget),
        build_revenue(budget),
        build_expenditure(budget),
        build_fiscal_appropriation(budget),
        _build_coded(budget, 5, "fiscal_expenditure", by_function, functions),
        _build_coded(budget, 6, "fiscal_basic", by_economy, economy),
        _build_coded(budget, 7, "general_budget_expenditure", by_function, functions),
        _build_coded(budget, 8, "general_budget_basic", by_economy, economy),
        build_three_public(budget),
        _build_coded(
            budget,
            10,
            "government_fund",
            by_function,
            [],
            [f"注：本部门{facts.year}年没有政府性基金安排的支出，本表无数据。"],
        ),
        _build_coded(budget, 11, "operating_expense", ("科目编码", "科目名称", "机关运行经费支出"), operating),
        build_procurement(budget),
    ]
    blocks: list[Block] = list(write_before_tables(budget, STATEMENT_TITLES))
    for statement in statements:
        blocks += [statement, PageBreak()]
    return Filing(facts.name, (*blocks, *write_after_tables(budget)), facts.page_style())
