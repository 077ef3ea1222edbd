"""Builds the Shanghai nine tables (上海市部门预算、预算单位预算): codes in three columns, 元, table 9 in 万元.

Source: the identities of the form are in the statement forms catalogue, section 2.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from samples.chart import ZERO, ChartRow, number_chinese, sum_amounts
from samples.facts import Facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Block, Filing, PageBreak, Table
from samples.shanghai_budget import ShanghaiBudget
from samples.shanghai_prose import write_after_tables, write_before_tables

Split = tuple[Decimal, Decimal]


ALL_BASIC = ("basic", "own_basic", "other_basic")
ALL_PROJECT = ("project", "fund_project", "capital_project", "own_project", "other_project")
FISCAL = ("basic", "project", "fund_project", "capital_project")


def add_up(row: ChartRow, measures: Sequence[str]) -> Decimal:
    """The row's money of those measures."""
    return sum((row.get(measure) for measure in measures), ZERO)


def split_code(code: str) -> list[str | None]:
    """The code in its three columns 类, 款, 项."""
    return [code[:3], code[3:5] or None, code[5:] or None]


def code_columns(names: str) -> list[Column]:
    """类, 款, 项 and the item's name under 项目."""
    head = ("项目", "功能分类科目编码")
    return [
        *(Column((*head, level), "code", decimals=0, width=5) for level in ("类", "款", "项")),
        Column(("项目", names), "name", width=30),
    ]


def build_overall_summary(budget: ShanghaiBudget) -> Table:
    """财务收支预算总表: a unit's right side is split by basic {personnel, public} and project spending."""
    left: list[tuple[str, Value]] = [
        ("一、财政拨款收入", budget.fiscal),
        ("1. 一般公共预算资金", budget.sum("basic", "project")),
        ("2. 政府性基金", budget.sum("fund_project") or None),
        ("3. 国有资本经营预算", budget.sum("capital_project") or None),
        ("二、事业收入", budget.sum("own_basic", "own_project") or None),
        ("三、事业单位经营收入", None),
        ("四、其他收入", budget.sum("other_basic", "other_project") or None),
    ]
    right = [
        [f"{number_chinese(number)}、{row.name}", *_spending_of(budget, row)]
        for number, row in enumerate((row for row in budget.rows(*ALL_BASIC, *ALL_PROJECT) if row.level == 1), start=1)
    ]
    spent = ChartRow("", "", 0, budget.sums)
    columns = [
        Column(("本年收入", "项目"), "name", "revenue", width=26),
        Column(("本年收入", "预算数"), side="revenue", decimals=0, width=16),
        Column(("本年支出", "项目"), "name", "expenditure", width=26),
    ]
    if budget.is_unit:
        paths: list[tuple[str, ...]] = [("合计",), ("基本支出", "人员经费"), ("基本支出", "公用经费"), ("项目支出",)]
        columns += [Column(("本年支出", "预算数", *path), side="expenditure", decimals=0, width=13) for path in paths]
    else:
        columns.append(Column(("本年支出", "预算数"), side="expenditure", decimals=0, width=16))
    grid = GridBuilder(columns, "yuan", "blank")
    blank: list[Value] = [None] * (len(columns) - 2)
    for number in range(max(len(left), len(right))):
        left_cells = list(left[number]) if number < len(left) else [None, None]
        grid.add_row([*left_cells, *(right[number] if number < len(right) else blank)])
    grid.add_blank(3)
    totals: list[Value] = ["收入总计", budget.total, "支出总计", *_spending_of(budget, spent)]
    grid.add_row(totals, align={0: "center", 2: "center"})
    return budget.finish(grid, 1, "overall_summary")


def _spending_of(budget: ShanghaiBudget, row: ChartRow) -> list[Value]:
    total = add_up(row, (*ALL_BASIC, *ALL_PROJECT))
    if not budget.is_unit:
        return [total]
    basic = add_up(row, ALL_BASIC)
    return [total, row.get("personnel"), basic - row.get("personnel"), add_up(row, ALL_PROJECT)]


def build_revenue(budget: ShanghaiBudget) -> Table:
    """收入预算总表: every function item by source of income."""
    parts: Mapping[str, Sequence[str]] = {
        "财政拨款收入": FISCAL,
        "事业收入": ("own_basic", "own_project"),
        "事业单位经营收入": (),
        "其他收入": ("other_basic", "other_project"),
    }
    columns = [*code_columns("功能分类科目名称")]
    columns += [Column(("收入预算", name), decimals=0, width=14) for name in ("合计", *parts)]
    grid = budget.grid(columns)
    _add_code_rows(
        grid,
        budget.rows(*ALL_BASIC, *ALL_PROJECT),
        lambda row: [add_up(row, (*ALL_BASIC, *ALL_PROJECT)), *(add_up(row, part) for part in parts.values())],
    )
    return budget.finish(grid, 2, "revenue")


def _add_code_rows(grid: GridBuilder, rows: Sequence[ChartRow], values: Callable[[ChartRow], list[Decimal]]) -> None:
    for row in rows:
        grid.add_row([*split_code(row.code), row.name, *values(row)])
    total = ChartRow("", "合计", 0, sum_amounts(row.amounts for row in rows if row.level == 1))
    grid.add_row(["合计", None, None, None, *values(total)], merge=[(0, 3)])


def _build_spending(
    budget: ShanghaiBudget,
    number: int,
    statement_type: str,
    head: str,
    measures: tuple[Sequence[str], Sequence[str]],
    note: str,
) -> Table:
    """A statement by function item with total, basic and project spending; empty with its note where there is none."""
    columns = [*code_columns("功能分类科目名称")]
    columns += [Column((head, name), decimals=0, width=16) for name in ("合计", "基本支出", "项目支出")]
    grid = budget.grid(columns)
    rows = budget.rows(*measures[0], *measures[1])
    if not rows:
        grid.add_blank(6)
        grid.add_row(["合计", *[None] * 6], merge=[(0, 3)])
        return budget.finish(grid, number, statement_type, [note])
    basic, project = measures
    _add_code_rows(
        grid,
        rows,
        lambda row: [add_up(row, (*basic, *project)), add_up(row, basic), add_up(row, project)],
    )
    return budget.finish(grid, number, statement_type)


def build_fiscal_appropriation(budget: ShanghaiBudget) -> Table:
    """财政拨款收支预算总表: the three appropriations, and the classes they are spent on."""
    funds = (("basic", "project"), ("fund_project",), ("capital_project",))
    left: list[tuple[str, Value]] = [
        ("一、一般公共预算资金", budget.sum(*funds[0])),
        ("二、政府性基金", budget.sum(*funds[1])),
        ("三、国有资本经营预算", budget.sum(*funds[2])),
    ]
    right: list[list[Value]] = [
        [f"{number_chinese(number)}、{row.name}", add_up(row, FISCAL), *(add_up(row, fund) for fund in funds)]
        for number, row in enumerate((row for row in budget.rows(*FISCAL) if row.level == 1), start=1)
    ]
    columns = [
        Column(("财政拨款收入", "项目"), "name", "revenue", width=24),
        Column(("财政拨款收入", "预算数"), side="revenue", decimals=0, width=15),
        Column(("财政拨款支出", "项目"), "name", "expenditure", width=26),
        *(
            Column(("财政拨款支出", name), side="expenditure", decimals=0, width=15)
            for name in ("合计", "一般公共预算", "政府性基金预算", "国有资本经营预算")
        ),
    ]
    grid = GridBuilder(columns, "yuan", "blank")
    for number in range(max(len(left), len(right))):
        left_cells: list[Value] = list(left[number]) if number < len(left) else [None, None]
        grid.add_row([*left_cells, *(right[number] if number < len(right) else [None] * 5)])
    grid.add_blank(2)
    totals = [budget.fiscal, *(budget.sum(*fund) for fund in funds)]
    grid.add_row(["收入总计", budget.fiscal, "支出总计", *totals], align={0: "center", 2: "center"})
    return budget.finish(grid, 4, "fiscal_appropriation")


def build_general_budget_basic(budget: ShanghaiBudget) -> Table:
    """一般公共预算基本支出部门预算经济分类预算表: 人员经费 = 301 + 303, 公用经费 = 302 + 310."""
    columns = [
        *(Column(("项目", "经济分类科目编码", level), "code", width=6) for level in ("类", "款")),
        Column(("项目", "经济分类科目名称"), "name", width=30),
        *(Column(("一般公共预算基本支出", name), decimals=0, width=16) for name in ("合计", "人员经费", "公用经费")),
    ]
    grid = budget.grid(columns)
    for row in budget.economic_rows:
        amount = row.get("basic")
        is_personnel = row.code[:3] in ("301", "303")
        split = [amount, ZERO] if is_personnel else [ZERO, amount]
        grid.add_row([row.code[:3], row.code[3:] or None, row.name, amount, *split])
    grid.add_row(["合计", None, None, budget.sum("basic"), budget.personnel, budget.public], merge=[(0, 2)])
    return budget.finish(grid, 8, "general_budget_basic")


def build_three_public(budget: ShanghaiBudget) -> Table:
    """“三公”经费和机关运行经费预算表: one data row, in 万元."""
    facts = budget.facts
    head = f"{facts.year}年“三公”经费预算数"
    vehicles = "公务用车购置及运行费"
    paths = [
        (head, "合计"),
        (head, "因公出国(境)费"),
        (head, "公务接待费"),
        (head, vehicles, "小计"),
        (head, vehicles, "购置费"),
        (head, vehicles, "运行费"),
        (f"{facts.year}年机关运行经费预算数",),
    ]
    travel, reception, purchase, operation = (
        facts.amount("three_public", key) for key in ("travel", "reception", "purchase", "operation")
    )
    amounts = [travel + reception + purchase + operation, travel, reception, purchase + operation, purchase, operation]
    grid = GridBuilder([Column(path, width=14) for path in paths], "wan_yuan", "zero")
    grid.add_row([*amounts, budget.operating_expense])
    return budget.finish(grid, 9, "three_public", unit="万元")


def build_shanghai(facts: Facts) -> Filing:
    """The whole filing of a Shanghai department or unit."""
    budget = ShanghaiBudget(facts)

    def note(money: str) -> str:
        return f"注：本{budget.body}{facts.year}年没有{money}财政拨款安排的预算，故本表为空表。"

    statements = [
        build_overall_summary(budget),
        build_revenue(budget),
        _build_spending(budget, 3, "expenditure", "支出预算", (ALL_BASIC, ALL_PROJECT), ""),
        build_fiscal_appropriation(budget),
        _build_spending(budget, 5, "general_budget_expenditure", "一般公共预算支出", (("basic",), ("project",)), ""),
        _build_spending(
            budget, 6, "government_fund", "政府性基金预算支出", ((), ("fund_project",)), note("政府性基金预算")
        ),
        _build_spending(
            budget, 7, "state_capital", "国有资本经营预算支出", ((), ("capital_project",)), note("国有资本经营预算")
        ),
        build_general_budget_basic(budget),
        build_three_public(budget),
    ]
    blocks: list[Block] = list(write_before_tables(budget))
    for statement in statements:
        blocks += [statement, PageBreak()]
    return Filing(facts.name, (*blocks, *write_after_tables(budget)), facts.page_style())
