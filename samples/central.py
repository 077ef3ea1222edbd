"""Builds a central department's nine tables in the form of 2023 to 2025 (中央部门预算, 部门公开表1–9), in 万元.

Source: the identities of the form are in the statement forms catalogue, section 2.1.
"""

from __future__ import annotations

from decimal import Decimal

from samples.amounts import compute_percent
from samples.central_budget import CentralBudget
from samples.central_prose import write_explanation, write_head, write_terms
from samples.chart import ZERO, ChartRow, number_chinese, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Block, Filing, Heading, PageBreak, Table
from samples.targets import build_target_table

STATEMENT_TITLES = (
    "部门收支总表",
    "部门收入总表",
    "部门支出总表",
    "财政拨款收支总表",
    "一般公共预算支出表",
    "一般公共预算基本支出表",
    "政府性基金预算支出表",
    "国有资本经营预算支出表",
    "财政拨款预算“三公”经费支出表",
)
"""The nine statements in their official order."""

UNIT = "单位：万元"


def _two_sided(
    facts: Facts, statement_type: str, left: list[tuple[str, Value]], right: list[tuple[str, Value]]
) -> GridBuilder:
    grid = GridBuilder(
        [
            Column(("收　入", "项目"), "name", "revenue", width=28),
            Column(("收　入", "预算数"), side="revenue", width=16),
            Column(("支　出", "项目"), "name", "expenditure", width=28),
            Column(("支　出", "预算数"), side="expenditure", width=16),
        ],
        "wan_yuan",
    )
    for (name_left, amount_left), (name_right, amount_right) in zip(left, right, strict=True):
        is_total = name_left.endswith(("计", "总　计"))
        grid.add_row(
            [name_left, amount_left, name_right, amount_right],
            bold=is_total,
            align={0: "center", 2: "center"} if is_total else None,
        )
    return grid


def _pad(rows: list[tuple[str, Value]], length: int) -> list[tuple[str, Value]]:
    return rows + [("", None)] * (length - len(rows))


def build_overall_summary(budget: CentralBudget) -> Table:
    """部门收支总表: income by source, spending by class; both sides end in the same total."""
    sources = budget.sources
    left: list[tuple[str, Value]] = [
        ("一、一般公共预算拨款收入", budget.appropriation),
        ("二、政府性基金预算拨款收入", ZERO),
        ("三、国有资本经营预算拨款收入", ZERO),
        ("四、事业收入", sources["institutional_income"]),
        ("五、事业单位经营收入", sources["business_income"]),
        ("六、其他收入", sources["other_income"]),
    ]
    right: list[tuple[str, Value]] = [
        (f"{number_chinese(number)}、{row.name}", row.get("basic") + row.get("project"))
        for number, row in enumerate((row for row in budget.spending_rows() if row.level == 1), start=1)
    ]
    length = max(len(left), len(right))
    left = [
        *_pad(left, length),
        ("本年收入合计", budget.current_income),
        ("使用非财政拨款结余", sources["surplus_used"]),
        ("上年结转", budget.carry_over),
        ("收　入　总　计", budget.income),
    ]
    right = [
        *_pad(right, length),
        ("本年支出合计", budget.spending),
        ("结转下年（非财政拨款）", budget.carry_out),
        ("", None),
        ("支　出　总　计", budget.income),
    ]
    return _two_sided(budget.facts, "overall_summary", left, right).build(
        "overall_summary",
        STATEMENT_TITLES[0],
        tag="部门公开表1",
        head_right=UNIT,
        style=budget.facts.table_style("overall_summary"),
    )


def build_revenue(budget: CentralBudget) -> Table:
    """部门收入总表: one row, the sources side by side."""
    sources = budget.sources
    grid = GridBuilder(
        [
            Column(("合计",), width=11),
            Column(("上年结转",)),
            Column(("一般公共预算拨款收入",), width=11),
            Column(("政府性基金预算拨款收入",)),
            Column(("国有资本经营预算拨款收入",)),
            Column(("事业收入", "金额")),
            Column(("事业收入", "其中：财政专户")),
            Column(("事业单位经营收入",)),
            Column(("上级补助收入",)),
            Column(("附属单位上缴收入",)),
            Column(("其他收入",)),
            Column(("使用非财政拨款结余",)),
        ],
        "wan_yuan",
    )
    grid.add_row(
        [
            budget.income,
            budget.carry_over,
            budget.appropriation,
            ZERO,
            ZERO,
            sources["institutional_income"],
            ZERO,
            sources["business_income"],
            ZERO,
            ZERO,
            sources["other_income"],
            sources["surplus_used"],
        ]
    )
    return grid.build(
        "revenue",
        STATEMENT_TITLES[1],
        tag="部门公开表2",
        head_right=UNIT,
        style=budget.facts.table_style("revenue"),
    )


def build_expenditure(budget: CentralBudget) -> Table:
    """部门支出总表: every function item, split into basic and project spending."""
    grid = GridBuilder(
        [
            Column(("科目代码",), "code", width=10),
            Column(("科目名称",), "name", width=26),
            Column(("合计",), width=12),
            Column(("基本支出",), width=12),
            Column(("项目支出",), width=12),
            Column(("上缴上级支出",)),
            Column(("事业单位经营支出",)),
            Column(("对附属单位补助支出",)),
        ],
        "wan_yuan",
    )
    rows = budget.spending_rows()
    for row in rows:
        basic, project = row.get("basic"), row.get("project")
        grid.add_row([row.code, row.name, basic + project, basic, project, None, None, None], bold=row.level < 3)
    total = sum_amounts(row.amounts for row in rows if row.level == 1)
    grid.add_row(
        [None, "合　计", total["basic"] + total["project"], total["basic"], total["project"], None, None, None],
        bold=True,
        align={1: "center"},
    )
    return grid.build(
        "expenditure",
        STATEMENT_TITLES[2],
        tag="部门公开表3",
        head_right=UNIT,
        style=budget.facts.table_style("expenditure"),
    )


def build_fiscal_appropriation(budget: CentralBudget) -> Table:
    """财政拨款收支总表: appropriations of this year and carried over, and what they are spent on."""
    fiscal = budget.appropriation + budget.carry_gpb + budget.carry_fund
    left: list[tuple[str, Value]] = [
        ("一、本年收入", budget.appropriation),
        ("（一）一般公共预算拨款", budget.appropriation),
        ("（二）政府性基金预算拨款", ZERO),
        ("（三）国有资本经营预算拨款", ZERO),
        ("", None),
        ("二、上年结转", budget.carry_gpb + budget.carry_fund),
        ("（一）一般公共预算拨款", budget.carry_gpb),
        ("（二）政府性基金预算拨款", budget.carry_fund),
        ("（三）国有资本经营预算拨款", ZERO),
    ]
    right: list[tuple[str, Value]] = [("一、本年支出", fiscal)]
    right += [
        (f"（{number_chinese(number)}）{name}", amount)
        for number, (name, amount) in enumerate(budget.fiscal_classes(), start=1)
    ]
    length = max(len(left), len(right))
    left = [*_pad(left, length), ("收　入　总　计", fiscal)]
    right = [*_pad(right, length), ("支　出　总　计", fiscal)]
    return _two_sided(budget.facts, "fiscal_appropriation", left, right).build(
        "fiscal_appropriation",
        STATEMENT_TITLES[3],
        tag="部门公开表4",
        head_right=UNIT,
        style=budget.facts.table_style("fiscal_appropriation"),
    )


def build_general_budget_expenditure(budget: CentralBudget) -> Table:
    """一般公共预算支出表: current-year money against last year's execution, with and without capital construction."""
    this, last = budget.facts.year, budget.facts.year - 1
    planned, against = f"{this}年预算数", f"{this}年预算数比{last}年执行数"
    grid = GridBuilder(
        [
            Column(("功能分类科目", "科目编码"), "code", width=9),
            Column(("功能分类科目", "科目名称"), "name", width=20),
            Column((f"{last}年执行数", "执行数")),
            Column((f"{last}年执行数", "扣除中央基建投资后执行数")),
            Column((planned, "年初预算数", "小计")),
            Column((planned, "年初预算数", "基本支出")),
            Column((planned, "年初预算数", "项目支出")),
            Column((planned, "扣除中央基建投资后预算数")),
            Column((against, "增减额")),
            Column((against, "增减（%）"), "percent", width=9),
            Column((against + "（扣除中央基建投资）", "增减额")),
            Column((against + "（扣除中央基建投资）", "增减（%）"), "percent", width=9),
        ],
        "wan_yuan",
    )

    def values(row: ChartRow) -> list[Value]:
        basic, project, prior, prior_excl = (row.get(key) for key in ("basic", "project", "prior", "prior_excl"))
        amount = basic + project
        changes: list[Value] = []
        for base in (prior, prior_excl):
            changes += [amount - base or Decimal("0.00"), compute_percent(amount - base, base) if base else None]
        return [prior, prior_excl, amount, basic, project, amount, *changes]

    rows = budget.appropriation_rows()
    for row in rows:
        grid.add_row([row.code, row.name, *values(row)], bold=row.level < 3)
    total = ChartRow("", "合　计", 0, sum_amounts(row.amounts for row in rows if row.level == 1))
    grid.add_row([None, total.name, *values(total)], bold=True, align={1: "center"})
    return grid.build(
        "general_budget_expenditure",
        STATEMENT_TITLES[4],
        tag="部门公开表5",
        head_right=UNIT,
        style=budget.facts.table_style("general_budget_expenditure"),
    )


def split_economic(row: ChartRow) -> tuple[Decimal, Decimal]:
    """An economic row's personnel (301, 303) and public (302, 310) money, one of them zero (人员经费、公用经费)."""
    basic = row.get("basic")
    return (basic, ZERO) if row.code[:3] in ("301", "303") else (ZERO, basic)


def build_general_budget_basic(budget: CentralBudget) -> Table:
    """一般公共预算基本支出表: basic spending by economic class, split into personnel and public money."""
    head = "本年一般公共预算基本支出"
    grid = GridBuilder(
        [
            Column(("部门预算支出经济分类科目", "科目代码"), "code", width=10),
            Column(("部门预算支出经济分类科目", "科目名称"), "name", width=28),
            Column((head, "合计"), width=14),
            Column((head, "人员经费"), width=14),
            Column((head, "公用经费"), width=14),
        ],
        "wan_yuan",
    )
    rows = spread_rows(budget.economic, budget.facts.names)
    for row in rows:
        grid.add_row([row.code, row.name, row.get("basic"), *split_economic(row)], bold=row.level == 1)
    splits = [split_economic(row) for row in rows if row.level == 1]
    personnel, public = (sum((split[side] for split in splits), ZERO) for side in (0, 1))
    grid.add_row([None, "合　计", personnel + public, personnel, public], bold=True, align={1: "center"})
    return grid.build(
        "general_budget_basic",
        STATEMENT_TITLES[5],
        tag="部门公开表6",
        head_right=UNIT,
        style=budget.facts.table_style("general_budget_basic"),
    )


def build_empty(budget: CentralBudget, number: int, statement_type: str, measure: str, note: str) -> Table:
    """政府性基金预算支出表 or 国有资本经营预算支出表, with no money and a note that says so."""
    head = f"{budget.facts.year}年{measure}支出"
    grid = GridBuilder(
        [
            Column(("科目编码",), "code", width=12),
            Column(("科目名称",), "name", width=28),
            Column((head, "合计"), width=14),
            Column((head, "基本支出"), width=14),
            Column((head, "项目支出"), width=14),
        ],
        "wan_yuan",
    )
    grid.add_blank(3)
    grid.add_row([None, "合　计", None, None, None], align={1: "center"})
    return grid.build(
        statement_type,
        STATEMENT_TITLES[number - 1],
        tag=f"部门公开表{number}",
        head_right=UNIT,
        notes=[note],
        style=budget.facts.table_style(statement_type),
    )


THREE_PUBLIC_PATHS = (
    ("合计",),
    ("因公出国（境）费",),
    ("公务用车购置及运行费", "小计"),
    ("公务用车购置及运行费", "公务用车购置费"),
    ("公务用车购置及运行费", "公务用车运行费"),
    ("公务接待费",),
)
"""The six columns of one year's three public expenses, in the central form's order."""


def three_public_amounts(facts: Facts, table: str) -> list[Decimal]:
    """Total, travel, vehicles {sum, purchase, operation} and reception of one year (“三公”经费)."""
    travel, purchase, operation, reception = (
        facts.amount(table, key) for key in ("travel", "purchase", "operation", "reception")
    )
    return [travel + purchase + operation + reception, travel, purchase + operation, purchase, operation, reception]


def build_three_public(budget: CentralBudget) -> Table:
    """财政拨款预算“三公”经费支出表: last year's budget and this year's, side by side."""
    facts = budget.facts
    years = [(f"{facts.year - 1}年预算数", "three_public_prior"), (f"{facts.year}年预算数", "three_public")]
    grid = GridBuilder([Column((head, *path)) for head, _ in years for path in THREE_PUBLIC_PATHS], "wan_yuan")
    grid.add_row([amount for _, table in years for amount in three_public_amounts(facts, table)])
    return grid.build(
        "three_public",
        STATEMENT_TITLES[8],
        tag="部门公开表9",
        head_right=UNIT,
        style=facts.table_style("three_public"),
    )


def build_central(facts: Facts) -> Filing:
    """The whole filing of a central department in the form of 2023 to 2025."""
    budget = CentralBudget(facts)
    short = facts.text("short_name")
    statements = [
        build_overall_summary(budget),
        build_revenue(budget),
        build_expenditure(budget),
        build_fiscal_appropriation(budget),
        build_general_budget_expenditure(budget),
        build_general_budget_basic(budget),
        build_empty(
            budget,
            7,
            "government_fund",
            "政府性基金预算",
            f"注：{short}{facts.year}年没有当年政府性基金预算拨款安排的支出，故本表无数据。",
        ),
        build_empty(
            budget,
            8,
            "state_capital",
            "国有资本经营预算",
            f"注：{short}{facts.year}年没有国有资本经营预算拨款安排的支出，故本表无数据。",
        ),
        build_three_public(budget),
    ]
    blocks: list[Block] = [*write_head(facts, STATEMENT_TITLES)]
    for statement in statements:
        blocks += [PageBreak(), statement]
    blocks += [PageBreak(), *write_explanation(budget), PageBreak(), *write_terms(facts)]
    for number, target in enumerate(facts.data.get("targets", [])):
        blocks += [PageBreak(), *([] if number else [Heading("第五部分　附件", 1)]), build_target_table(facts, target)]
    return Filing(facts.name, tuple(blocks), facts.page_style())
