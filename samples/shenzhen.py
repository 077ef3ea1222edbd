"""Builds the Shenzhen twelve tables (深圳市部门预算, 表1–12), in whole 万元, unit rows first.

Source: the identities of the form are in the statement forms catalogue, section 2.3; tables 2, 4 and 5, which are only
listed there, follow the columns of table 3 and the list of incomes of table 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from samples.chart import ZERO, ChartRow, number_chinese, sum_amounts
from samples.facts import Facts
from samples.grid import Column, Value
from samples.layout import Align, Block, Figure, Filing, PageBreak, Table, TableCell
from samples.shenzhen_budget import STATEMENT_TITLES, ShenzhenBudget
from samples.shenzhen_prose import write_prose


def amount_column(*path: str, side: str = "", width: float = 12) -> Column:
    """A column of whole amounts."""
    return Column(path, side=side, decimals=0, width=width)


def _list_columns(year: int) -> list[Column]:
    return [
        Column(("收　入", "项　目"), "name", "revenue", width=28),
        amount_column("收　入", f"{year}年预算数", side="revenue", width=14),
        Column(("支　出", "项　目"), "name", "expenditure", width=34),
        amount_column("支　出", f"{year}年预算数", side="expenditure", width=14),
    ]


def _list_spending(budget: ShenzhenBudget) -> list[tuple[str, Value]]:
    """Classes numbered, and below each its 款 and 项 by name only."""
    lines: list[tuple[str, Value]] = []
    class_no = 0
    for row in budget.rows:
        class_no += row.level == 1
        name = f"{number_chinese(class_no)}、{row.name}" if row.level == 1 else row.name
        lines.append((name, row.get("basic") + row.get("project")))
    return lines


def _build_two_sided(
    budget: ShenzhenBudget, number: int, statement_type: str, left: list[tuple[str, Value]], notes: Sequence[str]
) -> Table:
    grid = budget.grid(_list_columns(budget.facts.year))
    right = _list_spending(budget)
    for line in range(max(len(left), len(right))):
        parts = [part[line] if line < len(part) else ("", None) for part in (left, right)]
        grid.add_row([value for part in parts for value in part])
    for name_left, amount_left, name_right, amount_right in (
        ("本年收入合计", budget.appropriation, "本年支出合计", budget.total),
        ("上年结余、结转", budget.carry_in, "结转下年", ZERO),
        ("收入总计", budget.total, "支出总计", budget.total),
    ):
        grid.add_row([name_left, amount_left, name_right, amount_right], align={0: "center", 2: "center"})
    return budget.finish(grid, number, statement_type, notes)


def build_overall_summary(budget: ShenzhenBudget) -> Table:
    """收支总表: right side lists 类, 款 and 项 by name."""
    left: list[tuple[str, Value]] = [
        ("一、政府预算拨款", budget.appropriation),
        ("1.一般公共预算拨款", budget.appropriation),
        ("2.政府性基金预算拨款", ZERO),
        ("3.国有资本经营预算拨款", ZERO),
        ("二、财政专户管理资金", ZERO),
        ("三、单位资金", ZERO),
        ("1.事业收入", ZERO),
        ("2.事业单位经营收入", ZERO),
        ("3.上级补助收入", ZERO),
        ("4.附属单位上缴收入", ZERO),
        ("5.其他收入", ZERO),
    ]
    notes = ["注：本表包括各项资金安排的收入和支出。"]
    return _build_two_sided(budget, 1, "overall_summary", left, notes)


def build_fiscal_appropriation(budget: ShenzhenBudget) -> Table:
    """政府预算拨款收支总表: as table 1, government appropriations only."""
    left: list[tuple[str, Value]] = [
        ("政府预算拨款", budget.appropriation),
        ("一般公共预算拨款", budget.appropriation),
        ("政府性基金预算拨款", ZERO),
        ("国有资本经营预算拨款", ZERO),
    ]
    return _build_two_sided(budget, 6, "fiscal_appropriation", left, [])


def build_revenue(budget: ShenzhenBudget) -> Table:
    """收入总表: sources of income by budget unit."""
    paths = [
        ("收入总计",),
        *(
            ("政府预算拨款", name)
            for name in ("小计", "一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")
        ),
        ("财政专户管理资金",),
        *(
            ("单位资金", name)
            for name in ("小计", "事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入")
        ),
        ("上年结余、结转",),
    ]
    grid = budget.grid([Column(("预算单位",), "unit", width=22), *(amount_column(*path, width=9) for path in paths)])
    amounts = [budget.total, budget.appropriation, budget.appropriation, *[ZERO] * 9, budget.carry_in]
    for unit in (budget.facts.issuer, budget.unit):
        grid.add_row([unit, *amounts])
    return budget.finish(grid, 2, "revenue")


def _build_coded(
    budget: ShenzhenBudget,
    number: int,
    statement_type: str,
    columns: Mapping[tuple[str, ...], Sequence[str]],
    rows: Sequence[ChartRow],
    notes: Sequence[str] = (),
) -> Table:
    """A statement by code: the body's and the unit's total first, then every row.

    Args:
        budget: The sums.
        number: Ordinal of the statement.
        statement_type: Its type.
        columns: Header path → the leaf measures that the column adds up.
        rows: The coded rows.
        notes: Lines under the table.
    """
    grid = budget.grid(
        [
            Column(("预算单位",), "unit", width=20),
            Column(("科目编码",), "code", width=11),
            Column(("科目名称",), "name", width=28),
            *(amount_column(*path) for path in columns),
        ]
    )

    def amounts(row: ChartRow) -> list[Value]:
        return [sum((row.get(measure) for measure in measures), ZERO) for measures in columns.values()]

    total = ChartRow("", "", 0, sum_amounts(row.amounts for row in rows if row.level == 1))
    for unit in (budget.facts.issuer, budget.unit):
        grid.add_row([unit, None, None, *amounts(total)])
    for row in rows:
        grid.add_row([None, row.code, row.name, *amounts(row)])
    return budget.finish(grid, number, statement_type, notes)


SPENDING: Mapping[tuple[str, ...], Sequence[str]] = {
    ("支出总计",): ("basic", "project"),
    ("基本支出",): ("basic",),
    ("项目支出",): ("project",),
}
"""The three money columns that most statements share."""


def build_project_expenditure(budget: ShenzhenBudget) -> Table:
    """项目支出总表: one row per first-level project."""
    grid = budget.grid(
        [
            Column(("预算单位",), "name", width=24),
            Column(("项目名称",), "name", width=28),
            *(
                amount_column(name, width=16)
                for name in ("项目支出总计", "政府预算拨款", "财政专户管理资金", "单位资金")
            ),
        ]
    )
    total = budget.sums["project"]
    for unit in (budget.facts.issuer, budget.unit):
        grid.add_row([unit, None, total, total, ZERO, ZERO])
    for project in budget.projects:
        amount = Decimal(project["amount"])
        grid.add_row([None, project["name"], amount, amount, ZERO, ZERO])
    return budget.finish(grid, 5, "project_expenditure")


def build_three_public(budget: ShenzhenBudget) -> Table:
    """一般公共预算“三公”经费支出表: last year, this year and the change, one row each."""
    facts = budget.facts
    vehicles = "公务用车购置及运行维护费"
    paths = [
        ("总计",),
        ("因公出国（境）费",),
        ("公务接待费",),
        (vehicles, "小计"),
        (vehicles, "公务用车购置费"),
        (vehicles, "公务用车运行维护费"),
    ]
    grid = budget.grid(
        [
            Column(("预算单位",), "unit", width=26),
            Column(("年度",), "name", width=16),
            *(amount_column(*path) for path in paths),
        ]
    )

    def amounts(table: str) -> list[Decimal]:
        travel, reception, purchase, operation = (
            facts.amount(table, key) for key in ("travel", "reception", "purchase", "operation")
        )
        vehicle = purchase + operation
        return [travel + reception + vehicle, travel, reception, vehicle, purchase, operation]

    last, this = amounts("three_public_prior"), amounts("three_public")
    change = [new - old for new, old in zip(this, last, strict=True)]
    grid.add_row([budget.unit, f"{facts.year - 1}年", *last], spans={0: 3})
    grid.add_row([None, f"{facts.year}年", *this], spans={0: 0})
    grid.add_row([None, "增减变化金额", *change], spans={0: 0})
    return budget.finish(grid, 9, "three_public")


def build_unit_performance(budget: ShenzhenBudget) -> Table:
    """单位整体支出绩效目标表: the tasks with their money, the goal, and indicators of three levels."""
    facts = budget.facts
    cells: list[TableCell] = []
    row_no = 0

    def put(row: int, col: int, text: str, rows: int = 1, cols: int = 1, align: Align = "center") -> None:
        cells.append(TableCell(row, col, text, rows, cols, align))

    def put_task(row: int, name: str, content: str, amount: Decimal) -> None:
        nonlocal row_no
        row_no += 1
        if content:
            put(row, 1, name, align="left")
            put(row, 2, content, align="left")
        else:
            put(row, 1, name, cols=2)
        for col, label, value in ((3, "总额", amount), (4, "其中：财政拨款", amount), (5, "其中：其他资金", ZERO)):
            figure = Figure(row_no, "", "", name, "", f"预算金额（万元）/{label}", value, "wan_yuan")
            cells.append(TableCell(row, col, f"{value:,}", align="right", figure=figure))

    put(0, 0, "单位名称")
    put(0, 1, budget.unit, cols=2)
    put(0, 3, "主管部门")
    put(0, 4, facts.issuer, cols=2)
    tasks = [("基本支出", "人员、公用和对个人补助等支出。", budget.sums["basic"])]
    tasks += [(project["name"], project["content"], Decimal(project["amount"])) for project in budget.projects]
    put(1, 0, "年度主要任务", rows=len(tasks) + 3)
    put(1, 1, "任务名称", rows=2)
    put(1, 2, "主要内容", rows=2)
    put(1, 3, "预算金额（万元）", cols=3)
    for col, label in ((3, "总额"), (4, "其中：财政拨款"), (5, "其中：其他资金")):
        put(2, col, label)
    row = 3
    for name, content, amount in tasks:
        put_task(row, name, content, amount)
        row += 1
    put_task(row, "金额合计", "", budget.total)
    put(row + 1, 0, "年度总体目标")
    put(row + 1, 1, facts.text("goal"), cols=5, align="left")
    indicators = facts.data["indicators"]
    put(row + 2, 0, "年度绩效指标", rows=len(indicators) + 1)
    for col, cols, text in ((1, 1, "一级指标"), (2, 1, "二级指标"), (3, 2, "三级指标"), (5, 1, "目标值")):
        put(row + 2, col, text, cols=cols)
    for offset, item in enumerate(indicators, start=row + 3):
        put(offset, 1, item["level1"])
        put(offset, 2, item["level2"])
        put(offset, 3, item["level3"], cols=2, align="left")
        put(offset, 5, item["value"])
    return Table(
        "unit_performance",
        STATEMENT_TITLES[11],
        "表12",
        f"部门名称：{facts.issuer}",
        "单位：万元",
        0,
        row + 3 + len(indicators),
        (11, 18, 34, 12, 13, 12),
        tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        style=facts.table_style("unit_performance"),
    )


def build_shenzhen(facts: Facts) -> Filing:
    """The whole filing of a Shenzhen department."""
    budget = ShenzhenBudget(facts)
    procured = f"{facts.year}年政府采购项目"
    expenditure: dict[tuple[str, ...], Sequence[str]] = {
        **SPENDING,
        (procured, "小计"): ("procured",),
        (procured, "其中：面向中小企业政府采购项目"): ("sme",),
        (procured, "其中：面向小型、微型企业政府采购项目"): ("small",),
    }
    basic_rows = [row for row in budget.economic if row.get("basic")]
    empty = ["注：本表本年无发生额。"]
    statements = [
        build_overall_summary(budget),
        build_revenue(budget),
        _build_coded(budget, 3, "expenditure", expenditure, budget.rows),
        _build_coded(budget, 4, "basic_expenditure", {("基本支出",): ("basic",)}, basic_rows),
        build_project_expenditure(budget),
        build_fiscal_appropriation(budget),
        _build_coded(budget, 7, "general_budget_expenditure", SPENDING, budget.rows),
        _build_coded(budget, 8, "general_budget_economic", SPENDING, budget.economic),
        build_three_public(budget),
        _build_coded(budget, 10, "government_fund", SPENDING, [], empty),
        _build_coded(budget, 11, "state_capital", SPENDING, [], empty),
        build_unit_performance(budget),
    ]
    blocks: list[Block] = list(write_prose(budget, STATEMENT_TITLES))
    for statement in statements:
        blocks += [PageBreak(), statement]
    return Filing(facts.name, tuple(blocks), facts.page_style())
