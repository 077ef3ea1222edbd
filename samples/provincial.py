"""Builds small provincial filings with what the bundled samples lack: state capital, special accounts, transfers, final funds.

They are no samples of their own with expected cells: they are read so that no rule goes without a filing that it speaks on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from samples.amounts import print_amount, to_wan_yuan
from samples.chart import ZERO, ChartRow, number_chinese, spread_rows, sum_amounts
from samples.facts import Facts, read_facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Filing, Heading, PageStyle, Paragraph, Table
from samples.prose import say_money, write_cover
from samples.shanghai import build_shanghai

OWN = ("institutional", "from_above", "from_affiliated", "other")
"""Leaf measures that are no appropriation; ``special_account`` is a part of ``institutional``."""

SPENT = {"general": ("general",), "fund": ("fund",), "capital": ("capital", "capital_carried")}
"""Fund → the measures spent from it, what was carried over from the year before included."""

FISCAL = ("general", "fund", "capital", "capital_carried")


@cache
def _read() -> Facts:
    path = Path(__file__).with_name("provincial.toml")
    return Facts("provincial", tomllib.loads(path.read_text(encoding="utf-8")))


class ProvincialBudget:
    """What the college's facts add up to, in 万元."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        items = {
            code: {measure: Decimal(value) for measure, value in leaf.items()}
            for code, leaf in facts.data["items"].items()
        }
        self.rows = spread_rows(items, facts.names)
        self.total = ChartRow("", "合计", 0, sum_amounts(items.values()))
        self.classes = [row for row in self.rows if row.level == 1]

    def finish(self, grid: GridBuilder, statement_type: str, title: str) -> Table:
        """The statement with its title and heading line."""
        return grid.build(statement_type, title, head_left=f"编制单位：{self.facts.issuer}", head_right="单位：万元")


def _add_up(row: ChartRow, measures: Sequence[str]) -> Decimal:
    return sum((row.get(measure) for measure in measures), ZERO)


def _build_lists(
    budget: ProvincialBudget, statement_type: str, title: str, left: list[tuple[str, Decimal]], funds: Sequence[str]
) -> Table:
    """A statement of revenue beside expenditure by class, in total or also by fund."""
    measures: list[Sequence[str]] = [(*FISCAL, *OWN)] if not funds else [FISCAL, *(SPENT[fund] for fund in SPENT)]
    paths: list[tuple[str, ...]] = [("支出", name) for name in (["预算数"] if not funds else ["合计", *funds])]
    columns = [
        Column(("收入", "项目"), "name", "revenue", width=28),
        Column(("收入", "预算数"), side="revenue", width=14),
        Column(("支出", "项目"), "name", "expenditure", width=28),
        *(Column(path, side="expenditure", width=14) for path in paths),
    ]
    right: list[list[Value]] = [
        [f"{number_chinese(number)}、{row.name}", *(_add_up(row, kind) for kind in measures)]
        for number, row in enumerate((row for row in budget.classes if _add_up(row, measures[0])), start=1)
    ]
    spent: list[Value] = [_add_up(budget.total, kind) for kind in measures]
    left_totals = left[-1]
    grid = GridBuilder(columns, "wan_yuan", "blank")
    for number in range(max(len(left) - 1, len(right))):
        beside: list[Value] = list(left[number]) if number < len(left) - 1 else [None, None]
        grid.add_row([*beside, *(right[number] if number < len(right) else [None] * (1 + len(measures)))])
    grid.add_row([*left_totals, "支出总计", *spent])
    return budget.finish(grid, statement_type, title)


def _build_summary(budget: ProvincialBudget) -> Table:
    get = budget.total.get
    left = [
        ("一、一般公共预算拨款收入", get("general")),
        ("二、政府性基金预算拨款收入", get("fund")),
        ("三、国有资本经营预算拨款收入", get("capital")),
        ("四、事业收入", get("institutional")),
        ("五、上级补助收入", get("from_above")),
        ("六、附属单位上缴收入", get("from_affiliated")),
        ("七、其他收入", get("other")),
        ("本年收入合计", _add_up(budget.total, ("general", "fund", "capital", *OWN))),
        ("上年结转", get("capital_carried")),
        ("收入总计", _add_up(budget.total, (*FISCAL, *OWN))),
    ]
    return _build_lists(budget, "overall_summary", "收支总表", left, ())


def _build_fiscal(budget: ProvincialBudget) -> Table:
    get = budget.total.get
    left = [
        ("一、本年收入", _add_up(budget.total, ("general", "fund", "capital"))),
        ("（一）一般公共预算拨款", get("general")),
        ("（二）政府性基金预算拨款", get("fund")),
        ("（三）国有资本经营预算拨款", get("capital")),
        ("二、上年结转", get("capital_carried")),
        ("（一）一般公共预算拨款", ZERO),
        ("（二）政府性基金预算拨款", ZERO),
        ("（三）国有资本经营预算拨款", get("capital_carried")),
        ("收入总计", _add_up(budget.total, FISCAL)),
    ]
    funds = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    return _build_lists(budget, "fiscal_appropriation", "财政拨款收支总表", left, funds)


def _build_coded(
    budget: ProvincialBudget,
    statement_type: str,
    title: str,
    columns: Mapping[tuple[str, ...], Sequence[str]],
) -> Table:
    """A statement by function item: header path → the measures that its column adds up."""
    grid = GridBuilder(
        [Column(("科目编码",), "code", width=12), Column(("科目名称",), "name", width=28)]
        + [Column(path, width=12) for path in columns],
        "wan_yuan",
        "blank",
    )
    whole = next(iter(columns.values()))
    for row in (*(row for row in budget.rows if _add_up(row, whole)), budget.total):
        amounts = [_add_up(row, measures) for measures in columns.values()]
        if row.code:
            grid.add_row([row.code, row.name, *amounts])
        else:
            grid.add_row([row.name, None, *amounts], merge=[(0, 1)])
    return budget.finish(grid, statement_type, title)


def _build_revenue(budget: ProvincialBudget) -> Table:
    carried, institutional, transfers = "上年结转", "事业收入", "往来收入"
    columns: dict[tuple[str, ...], Sequence[str]] = {
        ("合计",): (*FISCAL, *OWN),
        (carried, "小计"): ("capital_carried",),
        (carried, "国有资本经营预算拨款结转资金"): ("capital_carried",),
        ("一般公共预算拨款收入",): ("general",),
        ("政府性基金预算拨款收入",): ("fund",),
        ("国有资本经营预算拨款收入",): ("capital",),
        (institutional, "金额"): ("institutional",),
        (institutional, "其中：财政专户管理资金"): ("special_account",),
        (transfers, "小计"): ("from_above", "from_affiliated"),
        (transfers, "上级补助收入"): ("from_above",),
        (transfers, "附属单位上缴收入"): ("from_affiliated",),
        ("其他收入",): ("other",),
    }
    return _build_coded(budget, "revenue", "收入总表", columns)


def _say(facts: Facts) -> list[str]:
    year, total = facts.year, say_money(Decimal(facts.data["procurement"]["total"]))
    parts = [(part["name"], Decimal(part["amount"])) for part in facts.data["project"]]
    whole = say_money(sum((amount for _, amount in parts), ZERO))
    listed = "，".join(f"{name}{print_amount(amount)}万元" for name, amount in parts)
    return [
        "一、政府采购情况",
        f"{year}年政府采购预算总额{total}，全部为货物类采购。",
        f"学院按规定编制采购计划，{year}年政府采购预算总额{total}。",
        "二、项目经费情况说明",
        f"{year}年度项目总预算{whole}，其中：{listed}，合计{whole}。",
        *(text for part in facts.data["narrative"] for text in (part["heading"], *part["lines"])),
    ]


def build_provincial(issuer: str = "") -> Filing:
    """The budget of a provincial college with money of every fund, special account money and transfers between levels."""
    facts = Facts("provincial", {**_read().data, "issuer": issuer or _read().issuer})
    budget = ProvincialBudget(facts)
    head, basic, project = ("合计",), ("基本支出",), ("项目支出",)
    none: Sequence[str] = ()
    blocks = [
        *write_cover([facts.issuer, f"{facts.year}年单位预算"]),
        Heading("第一部分　单位概况", 1),
        Paragraph(facts.text("duty")),
        Heading("第二部分　单位预算表", 1),
        _build_summary(budget),
        _build_revenue(budget),
        _build_fiscal(budget),
        _build_coded(
            budget,
            "government_fund",
            "政府性基金预算支出表",
            {head: SPENT["fund"], basic: none, project: SPENT["fund"]},
        ),
        _build_coded(
            budget,
            "state_capital",
            "国有资本经营预算支出表",
            {head: SPENT["capital"], basic: none, project: SPENT["capital"]},
        ),
        Heading("第三部分　单位预算情况说明", 1),
        *(Paragraph(text) for text in _say(facts)),
    ]
    return Filing(facts.name, tuple(blocks), PageStyle(landscape=True))


def build_unread() -> Filing:
    """Another college's budget with the same money, and one amount that is no number."""
    filing = build_provincial(_read().text("unread_issuer"))
    at, table = next(
        (at, block)
        for at, block in enumerate(filing.blocks)
        if isinstance(block, Table) and block.statement_type == "revenue"
    )
    spoilt = next(cell for cell in table.cells if cell.figure and cell.figure.column_label == "其他收入")
    cells = tuple(replace(cell, text="九点七", figure=None) if cell is spoilt else cell for cell in table.cells)
    blocks = (*filing.blocks[:at], replace(table, cells=cells), *filing.blocks[at + 1 :])
    return Filing("provincial_unread", blocks, filing.style)


def build_revenue_list() -> Filing:
    """A budget whose revenue is a vertical list with the money of special accounts.

    Source: 江苏省 部门预算公开02表.
    """
    facts, told = _read(), _read().data["list"]
    general, education, non_tax = (Decimal(told[key]) for key in ("general", "education", "non_tax"))
    grid = GridBuilder(
        [
            Column(("项目名称",), "group", width=24),
            Column(("项目名称",), "name", width=30),
            Column(("金额",), width=20),
        ],
        "wan_yuan",
        "blank",
    )
    grid.add_row(["收入总计", None, general + education + non_tax], merge=[(0, 1)])
    groups: dict[str, list[tuple[str, Decimal]]] = {
        "一般公共预算资金": [("小计", general), ("公共财政拨款(补助)资金", general)],
        "财政专户管理资金": [("小计", education + non_tax), ("专户管理教育收费", education), ("其他非税收入", non_tax)],
    }
    for group, rows in groups.items():
        for number, (name, amount) in enumerate(rows):
            span = 0 if number else len(rows)
            grid.add_row([group if span else None, name, amount], spans={0: span}, group="" if span else group)
    table = grid.build("revenue", "收入预算总表", head_left=f"单位：{told['issuer']}", head_right="单位：万元")
    return Filing("revenue_list", (*write_cover([told["issuer"], f"{facts.year}年单位预算"]), table), PageStyle())


def build_general_unit() -> Filing:
    """A unit like the Shanghai one whose money is all of the general public budget."""
    items = [leaf for leaf in _appropriated_items() if "fund_project" not in leaf]
    return _build_shanghai_unit("general_unit", items, {})


def build_appropriated_unit() -> Filing:
    """A unit like the Shanghai one that has no income of its own, but money of the state capital budget."""
    items = [*_appropriated_items(), {"code": "2230105", "capital_project": "64000"}]
    return _build_shanghai_unit("appropriated_unit", items, {"2230105": "移交的国有企业退休人员的管理服务"})


def _appropriated_items() -> list[dict[str, str]]:
    """The items of the Shanghai unit, what its own income pays for paid by appropriations."""
    items: list[dict[str, str]] = []
    for leaf in read_facts("shanghai_unit_2024").data["items"]:
        own = Decimal(leaf.get("own_project", 0))
        kept = {key: value for key, value in leaf.items() if key != "own_project"}
        items.append({**kept, "project": str(Decimal(leaf.get("project", 0)) + own)} if own else kept)
    return items


def _build_shanghai_unit(name: str, items: list[dict[str, str]], purposes: Mapping[str, str]) -> Filing:
    facts, issuer = read_facts("shanghai_unit_2024"), _read().text(f"{name}_issuer")
    projects = sum((Decimal(leaf[key]) for leaf in items for key in leaf if key.endswith("project")), Decimal(0))
    data = {
        **facts.data,
        "issuer": issuer,
        "cover": f"{issuer}{facts.year}年单位预算",
        "performance": {**facts.data["performance"], "amount": str(to_wan_yuan(projects))},
        "items": items,
        "purposes": {**facts.data["purposes"], **purposes},
    }
    return build_shanghai(Facts(name, data))
