"""The identities of each form, over nothing but the cells of a filing.

`check_identities` takes the rows of a ``*_cells.csv`` and returns what does not hold, empty for a faultless filing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from tests.samples.identities import (
    ZERO,
    Broken,
    Cells,
    Kind,
    Row,
    check_hierarchy,
    check_rows,
    check_three_public,
)


def check_identities(rows: Iterable[Row], form: str) -> tuple[list[Broken], int]:
    """What does not hold in the filing, and how many identities were looked at."""
    cells = Cells(rows)
    for statement in dict.fromkeys(row["statement_type"] for row in cells.rows):
        check_hierarchy(cells, statement)
        check_rows(cells, statement)
    {
        "central": _check_central,
        "central_2026": _check_central_2026,
        "shanghai": _check_shanghai,
        "shenzhen": _check_shenzhen,
        "jiangsu": _check_jiangsu,
    }[form](cells)
    return cells.broken, cells.checked


def _years(cells: Cells) -> Iterator[tuple[str, list[Row]]]:
    rows = cells.of("three_public")
    for year in dict.fromkeys(row["column_label"][:4] for row in rows if row["column_label"][:4].isdigit()):
        yield year, [row for row in rows if row["column_label"].startswith(year)]


CENTRAL_SOURCES = ("一般公共预算拨款收入", "政府性基金预算拨款收入", "国有资本经营预算拨款收入")


def _check_sums_of_summary(cells: Cells, kinds: Iterable[str]) -> None:
    def left(name: str) -> Decimal:
        return cells.sum("overall_summary", name=name, side="revenue")

    def right(name: str) -> Decimal:
        return cells.sum("overall_summary", name=name, side="expenditure")

    current = left("本年收入合计")
    sources = sum((left(name) for name in (*CENTRAL_SOURCES, *kinds)), ZERO)
    cells.require("arithmetic", "overall_summary", "本年收入合计", current, sources)
    income = current + left("使用非财政拨款结余") + left("上年结转")
    cells.require("arithmetic", "overall_summary", "收入总计", left("收入总计"), income)
    spent = right("本年支出合计") + right("结转下年（非财政拨款）")
    cells.require("arithmetic", "overall_summary", "支出总计", right("支出总计"), spent)
    cells.require("arithmetic", "overall_summary", "收支平衡", left("收入总计"), right("支出总计"))
    classes = sum((row["value"] for row in _classes(cells, "overall_summary")), ZERO)
    cells.require("arithmetic", "overall_summary", "Σ类", right("本年支出合计"), classes)


def _classes(cells: Cells, statement: str, column: str = "") -> list[Row]:
    """Rows of the right side that are classes: numbered, and not a total or 本年支出."""
    return [
        row
        for row in cells.of(statement, side="expenditure")
        if "、" in row["name"][:4] or row["name"].startswith("（")
        if not row["name"].endswith("本年支出") and row["column_label"].endswith(column)
    ]


def _check_fiscal_central(cells: Cells, column: str) -> None:
    statement = "fiscal_appropriation"

    def left(name: str) -> Decimal:
        return cells.sum(statement, name=name, side="revenue")

    total = left("收入总计")
    cells.require("arithmetic", statement, "收入总计", total, left("、本年收入") + left("、上年结转"))
    lines = [cells.sum(statement, name=name, side="revenue") for name in ("一般公共预算拨款", "政府性基金预算拨款")]
    cells.require("arithmetic", statement, "三项拨款", total, sum(lines, ZERO))
    right = cells.sum(statement, column, name="支出总计", side="expenditure")
    cells.require("arithmetic", statement, "收支平衡", total, right)
    classes = sum((row["value"] for row in _classes(cells, statement, column)), ZERO)
    cells.require("arithmetic", statement, "Σ类", right, classes)
    cells.require("arithmetic", statement, "本年支出", right, cells.sum(statement, column, name="、本年支出"))
    current = sum((cells.sum("overall_summary", name=name, side="revenue") for name in CENTRAL_SOURCES), ZERO)
    cells.require("cross_statement", statement, "本年收入 = 拨款", left("、本年收入"), current)


def _check_central(cells: Cells) -> None:
    kinds = ("、事业收入", "事业单位经营收入", "其他收入")
    _check_sums_of_summary(cells, kinds)
    _check_fiscal_central(cells, "预算数")
    summary = {row["name"]: row["value"] for row in cells.of("overall_summary", side="revenue")}
    revenue = {row["column_label"]: row["value"] for row in cells.of("revenue")}
    parts = sum((value for label, value in revenue.items() if label != "合计"), ZERO)
    cells.require("arithmetic", "revenue", "合计", revenue["合计"], parts)
    cells.require("cross_statement", "revenue", "合计", revenue["合计"], summary["收入总计"])
    for name, value in summary.items():
        label = name.partition("、")[2] or name
        columns = [column for column in revenue if column.split("/")[0] == label]
        if columns:
            cells.require("cross_statement", "revenue", label, revenue[columns[0]], value)
    spent = cells.sum("expenditure", "合计", name="合计")
    cells.require(
        "cross_statement",
        "expenditure",
        "合计",
        spent,
        cells.sum("overall_summary", name="本年支出合计", side="expenditure"),
    )
    for row in _classes(cells, "overall_summary"):
        of_class = [
            other["value"]
            for other in cells.of("expenditure", column_label="合计", name=row["name"].partition("、")[2])
            if len(other["code"]) == 3
        ]
        cells.require("cross_statement", "expenditure", row["name"], sum(of_class, ZERO), row["value"])
    planned = cells.sum("general_budget_expenditure", "年初预算数/小计", name="合计")
    cells.require("cross_statement", "general_budget_expenditure", "合计", planned, summary["一、一般公共预算拨款收入"])
    basic = cells.sum("general_budget_expenditure", "年初预算数/基本支出", name="合计")
    cells.require(
        "cross_statement", "general_budget_basic", "合计", cells.sum("general_budget_basic", "合计", name="合计"), basic
    )
    _check_economy(cells)
    check_three_public(cells, _years(cells))


def _check_economy(cells: Cells) -> None:
    """人员经费 = 301 + 303, 公用经费 = 302 + 310; what restates a function item equals it."""
    statement = "general_budget_basic"
    for column, codes in (("人员经费", ("301", "303")), ("公用经费", ("302", "310"))):
        parts = sum((cells.sum(statement, column, code=code) for code in codes), ZERO)
        cells.require("arithmetic", statement, column, cells.sum(statement, column, name="合计"), parts)


def _check_central_2026(cells: Cells) -> None:
    _check_sums_of_summary(cells, ("、事业收入", "上级补助收入", "附属单位上缴收入", "事业单位经营收入", "其他收入"))
    _check_fiscal_central(cells, "支出/合计")
    for name in dict.fromkeys(row["name"] for row in cells.of("revenue")):
        values = {row["column_label"]: row["value"] for row in cells.of("revenue", name=name)}
        whole = values.get("上年结转/小计", ZERO) + values.get("本年收入/小计", ZERO)
        cells.require("arithmetic", "revenue", f"{name} 合计", values["合计"], whole)
        for group in ("上年结转", "本年收入"):
            parts = sum(
                (v for label, v in values.items() if label.startswith(group) and label != f"{group}/小计"), ZERO
            )
            cells.require("arithmetic", "revenue", f"{name} {group}", values.get(f"{group}/小计", ZERO), parts)
    for statement, column in (("revenue", "合计"), ("expenditure", "合计")):
        total = cells.sum(statement, column_label=column, name="合计")
        kind: Kind = "cross_statement"
        cells.require(kind, statement, "合计", total, cells.sum("overall_summary", name="收入总计", side="revenue"))
    for row in cells.of("expenditure", code=""):
        if len(row["unit_code"]) == 9:
            items = [
                other["value"]
                for other in cells.of("expenditure", unit_code=row["unit_code"], column_label=row["column_label"])
                if other["code"]
            ]
            cells.require(
                "arithmetic", "expenditure", f"{row['name']} {row['column_label']}", row["value"], sum(items, ZERO)
            )
    for statement, name in (
        ("general_budget_expenditure", CENTRAL_SOURCES[0]),
        ("government_fund", CENTRAL_SOURCES[1]),
    ):
        total = cells.sum(statement, column_label="合计", name="合计")
        cells.require(
            "cross_statement", statement, "合计", total, cells.sum("overall_summary", name=name, side="revenue")
        )
    for column, own in (("合计", "小计"), ("人员经费", "人员经费"), ("公用经费", "公用经费")):
        expected = cells.sum("general_budget_expenditure", f"基本支出/{own}", name="合计")
        actual = cells.sum("general_budget_basic", f"/{column}", name="合计")
        cells.require("cross_statement", "general_budget_basic", column, actual, expected)
    for column in ("一般公共预算拨款", "政府性基金预算拨款"):
        classes = sum((row["value"] for row in _classes(cells, "fiscal_appropriation", f"支出/{column}")), ZERO)
        total = cells.sum("fiscal_appropriation", f"支出/{column}", name="支出总计")
        cells.require("arithmetic", "fiscal_appropriation", column, total, classes)
    _check_economy(cells)
    check_three_public(cells, [("本年", cells.of("three_public"))])


def _check_shanghai(cells: Cells) -> None:
    def left(name: str) -> Decimal:
        return cells.sum("overall_summary", name=name, side="revenue")

    total = left("收入总计")
    sources = left("财政拨款收入") + left("、事业收入") + left("经营收入") + left("其他收入")
    cells.require("arithmetic", "overall_summary", "收入总计", total, sources)
    funds = left("1.一般公共预算资金") + left("2.政府性基金") + left("3.国有资本经营预算")
    cells.require("arithmetic", "overall_summary", "财政拨款收入", left("财政拨款收入"), funds)
    columns = {row["column_label"] for row in cells.of("overall_summary", side="expenditure")}
    for column in columns:
        classes = sum((row["value"] for row in _classes(cells, "overall_summary", column)), ZERO)
        actual = cells.sum("overall_summary", column, name="支出总计", side="expenditure")
        cells.require("arithmetic", "overall_summary", f"支出总计 {column}", actual, classes)
    main = "本年支出/预算数/合计" if "本年支出/预算数/合计" in columns else "本年支出/预算数"
    cells.require(
        "arithmetic", "overall_summary", "收支平衡", total, cells.sum("overall_summary", main, name="支出总计")
    )
    for column, name in (
        ("合计", "收入总计"),
        ("财政拨款收入", "财政拨款收入"),
        ("/事业收入", "、事业收入"),
        ("其他收入", "其他收入"),
    ):
        cells.require("cross_statement", "revenue", column, cells.sum("revenue", column, name="合计"), left(name))
    for row in cells.of("revenue", column_label="收入预算/合计"):
        spent = cells.sum("expenditure", "合计", code=row["code"], name=row["name"])
        cells.require("cross_statement", "expenditure", f"{row['code']} {row['name']}", spent, row["value"])
    fiscal = "fiscal_appropriation"
    cells.require(
        "cross_statement", fiscal, "收入总计", cells.sum(fiscal, name="收入总计", side="revenue"), left("财政拨款收入")
    )
    for column, statement in (
        ("/一般公共预算", "general_budget_expenditure"),
        ("/政府性基金预算", "government_fund"),
        ("/国有资本经营预算", "state_capital"),
    ):
        printed = cells.sum(fiscal, column, name="支出总计")
        cells.require("cross_statement", fiscal, column, cells.sum(statement, "合计", name="合计"), printed)
        for row in _classes(cells, fiscal, column):
            own = [
                other["value"]
                for other in cells.of(statement, name=row["name"].partition("、")[2])
                if len(other["code"]) == 3 and other["column_label"].endswith("合计")
            ]
            cells.require("cross_statement", statement, row["name"], sum(own, ZERO), row["value"])
    basic = cells.sum("general_budget_expenditure", "基本支出", name="合计")
    cells.require(
        "cross_statement", "general_budget_basic", "合计", cells.sum("general_budget_basic", "合计", name="合计"), basic
    )
    if main != "本年支出/预算数":
        for column in ("人员经费", "公用经费"):
            expected = cells.sum("general_budget_basic", column, name="合计")
            actual = cells.sum("overall_summary", column, name="支出总计")
            cells.require("cross_statement", "overall_summary", column, actual, expected)
    _check_economy(cells)
    check_three_public(cells, _years(cells))
    operating = cells.sum("three_public", "机关运行经费预算数")
    if operating:
        public = cells.sum("general_budget_basic", "公用经费", name="合计") / 10000
        expected = public.quantize(Decimal("0.01"), ROUND_HALF_UP)
        cells.require("cross_statement", "three_public", "机关运行经费", operating, expected)


def _check_shenzhen(cells: Cells) -> None:
    for statement in ("overall_summary", "fiscal_appropriation"):
        for side, current, carried, total in (
            ("revenue", "本年收入合计", "上年结余、结转", "收入总计"),
            ("expenditure", "本年支出合计", "结转下年", "支出总计"),
        ):
            parts = cells.sum(statement, name=current, side=side) + cells.sum(statement, name=carried, side=side)
            cells.require("arithmetic", statement, total, cells.sum(statement, name=total, side=side), parts)
        income = cells.sum(statement, name="收入总计", side="revenue")
        spent = cells.sum(statement, name="支出总计", side="expenditure")
        cells.require("arithmetic", statement, "收支平衡", income, spent)
        classes = sum((row["value"] for row in _classes(cells, statement)), ZERO)
        cells.require("arithmetic", statement, "Σ类", spent, classes)
        of_table = cells.of("expenditure", column_label="支出总计", code="")
        for row in of_table:
            cells.require("cross_statement", "expenditure", row["name"], row["value"], spent)
    for code in dict.fromkeys(row["code"] for row in cells.of("expenditure") if row["code"]):
        for column in ("支出总计", "基本支出", "项目支出"):
            expected = cells.sum("expenditure", column, code=code)
            actual = cells.sum("general_budget_expenditure", column, code=code)
            cells.require("cross_statement", "general_budget_expenditure", f"{code} {column}", actual, expected)
    for row in cells.of("general_budget_expenditure", code=""):
        twin = cells.of("general_budget_economic", code="", name=row["name"], column_label=row["column_label"])
        cells.require("cross_statement", "general_budget_economic", row["name"], twin[0]["value"], row["value"])
    for row in cells.of("basic_expenditure"):
        expected = cells.sum("general_budget_economic", "基本支出", code=row["code"], name=row["name"])
        cells.require("cross_statement", "basic_expenditure", row["name"], row["value"], expected)
    project = [row["value"] for row in cells.of("project_expenditure", column_label="项目支出总计")]
    cells.require("arithmetic", "project_expenditure", "Σ项目", project[0], sum(project[2:], ZERO))
    spending = cells.of("expenditure", column_label="项目支出", code="")[0]["value"]
    cells.require("cross_statement", "project_expenditure", "合计", project[0], spending)
    names = ("2022年", "2023年", "增减变化金额")
    by_year = {
        name: {row["column_label"]: row["value"] for row in cells.of("three_public", name=name)} for name in names
    }
    for column in by_year[names[0]]:
        change = by_year[names[1]][column] - by_year[names[0]][column]
        cells.require("arithmetic", "three_public", f"增减 {column}", by_year[names[2]][column], change)
    check_three_public(cells, [(name, cells.of("three_public", name=name)) for name in names])
    tasks = [row for row in cells.of("unit_performance") if row["column_label"].endswith("总额")]
    cells.require(
        "arithmetic",
        "unit_performance",
        "金额合计",
        tasks[-1]["value"],
        sum((row["value"] for row in tasks[:-1]), ZERO),
    )
    total = cells.of("expenditure", column_label="支出总计", code="")[0]["value"]
    cells.require("cross_statement", "unit_performance", "金额合计", tasks[-1]["value"], total)
    revenue = {row["column_label"]: row["value"] for row in cells.of("revenue") if row["row_no"] == 1}
    parts = (
        revenue["政府预算拨款/小计"]
        + revenue["财政专户管理资金"]
        + revenue["单位资金/小计"]
        + revenue["上年结余、结转"]
    )
    cells.require("arithmetic", "revenue", "收入总计", revenue["收入总计"], parts)
    cells.require("cross_statement", "revenue", "收入总计", revenue["收入总计"], total)


def _check_jiangsu(cells: Cells) -> None:
    summary = "overall_summary"
    income = cells.sum(summary, name="收入合计", side="revenue")
    spent = cells.sum(summary, name="支出合计", side="expenditure_use")
    cells.require("arithmetic", summary, "收支平衡", income, spent)
    current = cells.sum(summary, name="当年支出小计", side="expenditure_use")
    classes = sum((row["value"] for row in _classes(cells, summary)), ZERO)
    cells.require("arithmetic", summary, "Σ类", current, classes)
    uses = {
        name: cells.sum(summary, name=name, side="expenditure_use") for name in ("基本支出", "项目支出", "机动经费")
    }
    cells.require("arithmetic", summary, "Σ用途", current, sum(uses.values(), ZERO))
    carried = cells.sum(summary, name="结转下年资金", side="expenditure_use")
    cells.require("arithmetic", summary, "支出合计", spent, current + carried)
    sources = [
        cells.sum(summary, name=name, side="revenue") for name in ("、财政拨款", "、财政专户管理资金", "、其他资金")
    ]
    now = cells.sum(summary, name="当年收入小计", side="revenue")
    cells.require("arithmetic", summary, "当年收入小计", now, sum(sources, ZERO))
    cells.require(
        "arithmetic", summary, "收入合计", income, now + cells.sum(summary, name="上年结转资金", side="revenue")
    )
    groups = sum((row["value"] for row in cells.of("revenue") if row["name"].endswith("/小计")), ZERO)
    cells.require("arithmetic", "revenue", "收入总计", cells.sum("revenue", name="收入总计"), groups)
    cells.require("cross_statement", "revenue", "收入总计", cells.sum("revenue", name="收入总计"), income)
    row = {cell["column_label"]: cell["value"] for cell in cells.of("expenditure")}
    cells.require("arithmetic", "expenditure", "合计", row["合计"], sum(row.values(), ZERO) - row["合计"])
    for column, name in (("基本支出", "基本支出"), ("项目支出", "项目支出"), ("单位预留机动经费", "机动经费")):
        cells.require("cross_statement", "expenditure", column, row[column], uses[name])
    fiscal = cells.sum("fiscal_appropriation", name="收入合计", side="revenue")
    parts = [cells.sum("fiscal_appropriation", name=name, side="expenditure_use") for name in uses]
    cells.require("arithmetic", "fiscal_appropriation", "支出合计", fiscal, sum(parts, ZERO))
    cells.require("cross_statement", "fiscal_appropriation", "收入合计", fiscal, sources[0])
    for statement, other in (
        ("fiscal_expenditure", "general_budget_expenditure"),
        ("fiscal_basic", "general_budget_basic"),
    ):
        for cell in cells.of(statement):
            twin = cells.sum(other, code=cell["code"], name=cell["name"])
            cells.require("cross_statement", other, f"{cell['code']} {cell['name']}", twin, cell["value"])
    cells.require("cross_statement", "fiscal_expenditure", "合计", cells.sum("fiscal_expenditure", name="合计"), fiscal)
    cells.require("cross_statement", "fiscal_basic", "合计", cells.sum("fiscal_basic", name="合计"), parts[0])
    public = cells.sum("general_budget_basic", code="302") + cells.sum("general_budget_basic", code="310")
    cells.require("cross_statement", "operating_expense", "合计", cells.sum("operating_expense", name="合计"), public)
    three = {cell["column_label"]: cell["value"] for cell in cells.of("three_public")}
    whole = three["“三公”经费/小计"] + three["会议费"] + three["培训费"]
    cells.require("arithmetic", "three_public", "合计", three["合计"], whole)
    check_three_public(cells, [("本年", cells.of("three_public"))])
    bought = cells.of("procurement")
    kinds = [cell["value"] for cell in bought if cell["name"][:2] in ("一、", "二、", "三、")]
    things = [cell["value"] for cell in bought if "/" in cell["name"]]
    cells.require("arithmetic", "procurement", "合计", bought[0]["value"], sum(kinds, ZERO))
    cells.require("arithmetic", "procurement", "Σ明细", 2 * bought[0]["value"], sum(things, ZERO))
