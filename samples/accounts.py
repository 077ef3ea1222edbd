"""Builds the final accounts of the bundled Shanghai unit, which belong to its budget and to each other.

The initial budgets that they state are derived from the unit's facts; ``changed`` replaces one of their own facts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from samples.amounts import print_amount, round_half_up, to_wan_yuan
from samples.chart import ZERO, ChartRow, number_chinese, spread_rows, sum_amounts
from samples.facts import read_facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Filing, Heading, PageBreak, Paragraph, Table
from samples.prose import write_cover

UNIT = "shanghai_unit_2024"
"""The sample whose money they account for."""


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("accounts.toml").read_text(encoding="utf-8"))


def build_accounts(name: str, changed: Mapping[str, Any] | None = None) -> Filing:
    """The final accounts of the unit of a year: summary, revenue, each fund, basic expenditure, 三公, and each item against its budget.

    Source: 财政部 部门决算公开表样 公开01、02、04、05、06、07、08、09表.
    """
    told = {**_read()[name], **(changed or {})}
    facts, year = read_facts(UNIT), told["year"]
    rows = spread_rows({code: {"final": Decimal(value)} for code, value in told["items"].items()}, facts.names)
    budgets = {code: to_wan_yuan(leaf["basic"] + leaf.get("project", Decimal(0))) for code, leaf in facts.leaves("items").items()
               if code in told["items"]}  # fmt: skip
    budgets.update({code: Decimal(value) for code, value in told.get("initial_budgets", {}).items()})
    planned = {key: facts.amount("three_public", key) for key in told["three_public"]}
    planned.update({key: Decimal(value) for key, value in told.get("initial_three_public", {}).items()})
    spent = {key: Decimal(value) for key, value in told["three_public"].items()}
    funds = {
        fund: spread_rows(
            {code: {key: Decimal(value) for key, value in leaf.items()} for code, leaf in leaves.items()}, facts.names
        )
        for fund, leaves in told["funds"].items()
    }
    money = _Money(rows, funds, Decimal(told["carry_in"]), Decimal(told["carry_out"]))
    tables = [
        _summary(money),
        _revenue(money, facts.names),
        _fiscal(money),
        _general(rows),
        _basic(_read_economic(told["economic"], money.spent[0], facts.names)),
        *(_fund(fund, fund_rows) for fund, fund_rows in funds.items()),
        _three_public(planned, spent),
    ]
    blocks = [
        *write_cover([facts.issuer, f"{year}年度单位决算"]),
        Heading(f"第二部分　{facts.issuer}{year}年度单位决算表", 1),
        *(block for table in tables for block in (table, PageBreak())),
        Heading(f"第三部分　{facts.issuer}{year}年度单位决算情况说明", 1),
        Heading("一、一般公共预算财政拨款支出决算具体情况"),
        *(Paragraph(text) for text in _say_items(rows, budgets)),
        Heading("二、“三公”经费财政拨款支出决算情况"),
        Paragraph(_say_three_public(planned, spent)),
    ]
    return Filing(name, tuple(blocks), facts.page_style())


def _finish(grid: GridBuilder, statement_type: str, title: str) -> Table:
    return grid.build(statement_type, title, head_left=f"编制单位：{read_facts(UNIT).issuer}", head_right="单位：万元")


FUNDS = {"government_fund": "政府性基金预算财政拨款", "state_capital": "国有资本经营预算财政拨款"}
"""Statement type → the fund's name in final accounts."""


def _close(row: ChartRow) -> Decimal:
    """A fund's closing balance: what it had and got less what it spent."""
    return row.get("opening") + row.get("income") - row.get("spent")


@dataclass(frozen=True)
class _Money:
    """All money of a year's final accounts: the general budget's rows, the funds' rows, what is carried in and out."""

    general: list[ChartRow]
    funds: Mapping[str, list[ChartRow]]
    carry_in: Decimal
    carry_out: Decimal

    @property
    def spending(self) -> list[tuple[str, list[Decimal]]]:
        """Each class of expenditure: its name and what the general budget and each fund spend on it."""
        kinds = [("", self.general), *((fund, self.funds.get(fund, [])) for fund in FUNDS)]
        return [
            (row.name, [row.get("spent" if fund else "final") if fund == other else ZERO for other, _ in kinds])
            for fund, rows in kinds
            for row in rows
            if row.level == 1
        ]

    @property
    def spent(self) -> list[Decimal]:
        """What the general budget and each fund spend."""
        return [sum(column, ZERO) for column in zip(*(amounts for _, amounts in self.spending), strict=True)]

    @property
    def closing(self) -> list[Decimal]:
        """What the general budget and each fund carry out."""
        others = [sum((_close(row) for row in self.funds.get(fund, []) if row.level == 1), ZERO) for fund in FUNDS]
        return [self.carry_out - sum(others, ZERO), *others]

    @property
    def income(self) -> list[tuple[str, Decimal]]:
        """The income of the year by fund; what the general budget gives is what the others leave to be paid."""
        others = {
            name: sum((row.get("income") for row in self.funds.get(fund, []) if row.level == 1), ZERO)
            for fund, name in FUNDS.items()
        }
        general = sum(self.spent, ZERO) + self.carry_out - self.carry_in - sum(others.values(), ZERO)
        return [("一般公共预算财政拨款", general), *others.items()]


def _lists(
    money: _Money, columns: list[Column], spending: list[list[Value]], totals: list[Decimal], closing: list[Decimal]
) -> GridBuilder:
    """Income by fund beside expenditure by class, with the balances of both sides."""
    width = len(totals)
    grid = GridBuilder(columns, "wan_yuan", "zero")
    for number in range(max(len(money.income), len(spending))):
        left: list[Value] = [None, None]
        if number < len(money.income):
            name, amount = money.income[number]
            left = [f"{number_chinese(number + 1)}、{name}收入", amount]
        grid.add_row([*left, *(spending[number] if number < len(spending) else [None] * (width + 1))])
    income = sum((amount for _, amount in money.income), ZERO)
    grid.add_row(["本年收入合计", income, "本年支出合计", *totals])
    grid.add_row(["年初结转和结余", money.carry_in, "年末结转和结余", *closing])
    both = [spent + left_over for spent, left_over in zip(totals, closing, strict=True)]
    grid.add_row(["总计", income + money.carry_in, "总计", *both])
    return grid


def _list_columns(heads: Sequence[str]) -> list[Column]:
    return [
        Column(("收入", "项目"), "name", "revenue", width=30),
        Column(("收入", "决算数"), side="revenue", width=16),
        Column(("支出", "项目"), "name", "expenditure", width=30),
        *(Column(("支出", head), side="expenditure", width=16) for head in heads),
    ]


def _summary(money: _Money) -> Table:
    spending: list[list[Value]] = [
        [f"{number_chinese(number)}、{name}", sum(amounts, ZERO)]
        for number, (name, amounts) in enumerate(money.spending, start=1)
    ]
    grid = _lists(money, _list_columns(["决算数"]), spending, [sum(money.spent, ZERO)], [money.carry_out])
    return _finish(grid, "overall_summary", "收入支出决算总表")


REVENUE = ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")


def _revenue(money: _Money, names: Mapping[str, str]) -> Table:
    """The year's income by item, all of it appropriations; what is carried over is of the largest item's money."""
    leaves = {row.code: row.get("final") for row in money.general if row.level == 3}
    largest = max(leaves, key=lambda code: leaves[code])
    leaves[largest] += money.income[0][1] - money.spent[0]
    for rows in money.funds.values():
        leaves.update({row.code: row.get("income") for row in rows if row.level == 3})
    columns = [
        Column(("项目", "功能分类科目编码"), "code", width=14),
        Column(("项目", "科目名称"), "name", width=34),
        *(Column((head,), width=13) for head in ("本年收入合计", *REVENUE)),
    ]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    rows = spread_rows({code: {"income": amount} for code, amount in leaves.items()}, names)
    rest = [ZERO] * (len(REVENUE) - 1)
    for row in rows:
        grid.add_row([row.code, row.name, row.get("income"), row.get("income"), *rest])
    total = sum(leaves.values(), ZERO)
    grid.add_row(["合计", None, total, total, *rest], merge=[(0, 1)])
    return _finish(grid, "revenue", "收入决算表")


def _read_economic(told: Mapping[str, str], spent: Decimal, names: Mapping[str, str]) -> list[ChartRow]:
    """The economic classification of what is spent; ``rest`` takes what the others leave."""
    known = {code: Decimal(value) for code, value in told.items() if value != "rest"}
    leaves = {code: {"final": known.get(code, spent - sum(known.values(), ZERO))} for code in told}
    return spread_rows(leaves, names)


def _basic(rows: list[ChartRow]) -> Table:
    """Basic expenditure, personnel in the left panel and public expenditure in the right."""
    panels = [[row for row in rows if row.code[:3] in classes] for classes in (("301", "303"), ("302", "310"))]
    columns = [
        column
        for side in ("left", "right")
        for column in (
            Column(("经济分类科目编码",), "code", side, width=12),
            Column(("科目名称",), "name", side, width=30),
            Column(("决算数",), side=side, width=14),
        )
    ]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    for number in range(max(map(len, panels))):
        cells: list[Value] = []
        for panel in panels:
            row = panel[number] if number < len(panel) else None
            cells += [row.code, row.name, row.get("final")] if row else [None, None, None]
        grid.add_row(cells)
    left, right = (sum((row.get("final") for row in panel if row.level == 1), ZERO) for panel in panels)
    grid.add_row(["人员经费合计", None, left, "公用经费合计", None, right], merge=[(0, 1), (3, 4)])
    return _finish(grid, "general_budget_basic", "一般公共预算财政拨款基本支出决算表")


def _fiscal(money: _Money) -> Table:
    heads = ["合计", "一般公共预算财政拨款", *FUNDS.values()]
    spending: list[list[Value]] = [
        [f"{number_chinese(number)}、{name}", sum(amounts, ZERO), *amounts]
        for number, (name, amounts) in enumerate(money.spending, start=1)
    ]
    grid = _lists(
        money, _list_columns(heads), spending, [sum(money.spent, ZERO), *money.spent], [money.carry_out, *money.closing]
    )
    return _finish(grid, "fiscal_appropriation", "财政拨款收入支出决算总表")


def _fund(fund: str, rows: list[ChartRow]) -> Table:
    columns = [
        Column(("项目", "功能分类科目编码"), "code", width=14),
        Column(("项目", "科目名称"), "name", width=34),
        *(Column((head,), width=14) for head in ("年初结转和结余", "本年收入")),
        *(Column(("本年支出", head), width=14) for head in ("小计", "基本支出", "项目支出")),
        Column(("年末结转和结余",), width=14),
    ]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    total = ChartRow("", "合计", 0, sum_amounts(row.amounts for row in rows if row.level == 1))
    for row in (*rows, total):
        opening, income, spent = (row.get(measure) for measure in ("opening", "income", "spent"))
        amounts = [opening, income, spent, ZERO, spent, _close(row)]
        if row is total:
            grid.add_row([row.name, None, *amounts], merge=[(0, 1)])
        else:
            grid.add_row([row.code, row.name, *amounts])
    return _finish(grid, fund, f"{FUNDS[fund]}收入支出决算表")


def _general(rows: list[ChartRow]) -> Table:
    columns = [
        Column(("项目", "功能分类科目编码"), "code", width=14),
        Column(("项目", "科目名称"), "name", width=34),
        *(Column((head,), width=16) for head in ("合计", "基本支出", "项目支出")),
    ]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    for row in rows:
        grid.add_row([row.code, row.name, row.get("final"), row.get("final"), Decimal(0)])
    total = sum((row.get("final") for row in rows if row.level == 1), ZERO)
    grid.add_row(["合计", None, total, total, Decimal(0)], merge=[(0, 1)])
    return _finish(grid, "general_budget_expenditure", "一般公共预算财政拨款支出决算表")


def _three_public(planned: Mapping[str, Decimal], spent: Mapping[str, Decimal]) -> Table:
    vehicles = "公务用车购置及运行维护费"
    paths = [
        ("合计",), ("因公出国（境）费",), (vehicles, "小计"), (vehicles, "公务用车购置费"), (vehicles, "公务用车运行维护费"),
        ("公务接待费",),
    ]  # fmt: skip
    columns = [Column(("财政拨款“三公”经费", *path, head), width=12) for path in paths for head in ("预算数", "决算数")]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    grid.add_row([value for pair in zip(_in_order(planned), _in_order(spent), strict=True) for value in pair])
    return _finish(grid, "three_public", "财政拨款“三公”经费支出决算表")


def _in_order(money: Mapping[str, Decimal]) -> list[Decimal]:
    car = money["purchase"] + money["operation"]
    return [
        money["travel"] + car + money["reception"],
        money["travel"],
        car,
        money["purchase"],
        money["operation"],
        money["reception"],
    ]


def _say_completion(budget: Decimal, final: Decimal, of: str) -> str:
    """How much of a budget was spent, in percent and in words."""
    against = "等于" if final == budget else "大于" if final > budget else "小于"
    return f"支出决算为{print_amount(final)}万元，完成{of}的{round_half_up(100 * final / budget, 2)}%，决算数{against}预算数。"


def _say_items(rows: list[ChartRow], budgets: Mapping[str, Decimal]) -> list[str]:
    names = {row.code: row.name for row in rows}
    said = []
    for number, row in enumerate((row for row in rows if row.level == 3), start=1):
        budget, final = budgets[row.code], row.get("final")
        said.append(
            f"{number}、{names[row.code[:3]]}（类）{names[row.code[:5]]}（款）{row.name}（项）。年初预算为{print_amount(budget)}万元，"
            f"{_say_completion(budget, final, '年初预算')}"
        )
    return said


def _say_three_public(planned: Mapping[str, Decimal], spent: Mapping[str, Decimal]) -> str:
    budget, final = sum(planned.values(), ZERO), sum(spent.values(), ZERO)
    return f"“三公”经费财政拨款{_say_completion(budget, final, '预算')}"
