"""Builds filings that belong together: final accounts to a budget, a department to its unit, a unit to a department's row.

What they share with a bundled sample is derived from that sample's facts; ``changed`` replaces one of them, so that the
two no longer agree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from samples.amounts import print_amount, round_half_up, to_wan_yuan
from samples.central_2026_budget import BASIC, PROJECT, DepartmentBudget
from samples.chart import ZERO, ChartRow, number_chinese, spread_rows
from samples.facts import Facts, read_facts
from samples.grid import Column, GridBuilder, Value
from samples.layout import Filing, Heading, Paragraph, Table
from samples.prose import write_cover
from samples.shanghai import build_shanghai

UNIT, DEPARTMENT, CENTRAL = "shanghai_unit_2024", "shanghai_department_2024", "central_customs_2026"
"""The samples to which the filings belong."""


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("pairs.toml").read_text(encoding="utf-8"))


def build_earlier_budget() -> Filing:
    """The unit's budget of the year before, with the same money."""
    facts = read_facts(UNIT)
    data = {**facts.data, "year": facts.year - 1, "cover": f"{facts.issuer}{facts.year - 1}年单位预算"}
    return build_shanghai(Facts("unit_earlier", data))


def build_later_budget(changed: Decimal = Decimal(0)) -> Filing:
    """The unit's budget, with a sentence on the 三公 budget of the year before."""
    facts = read_facts(UNIT)
    filing = build_shanghai(facts)
    amount = (
        sum(facts.amount("three_public", key) for key in ("travel", "purchase", "operation", "reception")) + changed
    )
    said = Paragraph(f"{facts.year - 1}年“三公”经费预算数为{amount:.2f}万元。")
    at = next(
        at
        for at, block in enumerate(filing.blocks)
        if isinstance(block, Heading | Paragraph) and "年“三公”经费预算情况" in block.text
    )
    return Filing("unit_later", (*filing.blocks[: at + 1], said, *filing.blocks[at + 1 :]), filing.style)


def build_department(changed: Mapping[str, Any] | None = None) -> Filing:
    """The department that the unit belongs to."""
    facts, issuer = read_facts(DEPARTMENT), _read()["department"]["issuer"]
    units = [f"所属预算单位：{read_facts(UNIT).issuer}。"]
    data = {
        **facts.data,
        "issuer": issuer,
        "cover": f"{issuer}2024年部门预算",
        "organisation": units,
        **(changed or {}),
    }
    return build_shanghai(Facts("department", data))


def build_accounts(name: str, changed: Mapping[str, Any] | None = None) -> Filing:
    """The final accounts of the unit of a year: summary, general budget, 三公, and each item against its initial budget.

    Source: 财政部 部门决算公开表样 公开01、05、07表.
    """
    told = {**_read()[name], **(changed or {})}
    facts, year = read_facts(UNIT), told["year"]
    rows = spread_rows({code: {"final": Decimal(value)} for code, value in told["items"].items()}, facts.names)
    budgets = {code: to_wan_yuan(leaf["basic"] + leaf.get("project", Decimal(0))) for code, leaf in facts.leaves("items").items()
               if code in told["items"]}  # fmt: skip
    budgets.update({code: Decimal(value) for code, value in told.get("initial_budgets", {}).items()})
    planned = {key: facts.amount("three_public", key) for key in told["three_public"]}
    planned.update({key: Decimal(value) for key, value in told.get("initial_three_public", {}).items()})
    blocks = [
        *write_cover([facts.issuer, f"{year}年度单位决算"]),
        Heading(f"第二部分　{facts.issuer}{year}年度单位决算表", 1),
        _summary(rows, Decimal(told["carry_in"]), Decimal(told["carry_out"])),
        _general(rows),
        _three_public(planned, {key: Decimal(value) for key, value in told["three_public"].items()}),
        Heading(f"第三部分　{facts.issuer}{year}年度单位决算情况说明", 1),
        Heading("一、一般公共预算财政拨款支出决算具体情况"),
        *(Paragraph(text) for text in _say_items(rows, budgets)),
    ]
    return Filing(name, tuple(blocks), facts.page_style())


def _finish(grid: GridBuilder, statement_type: str, title: str) -> Table:
    return grid.build(statement_type, title, head_left=f"编制单位：{read_facts(UNIT).issuer}", head_right="单位：万元")


def _summary(rows: list[ChartRow], carry_in: Decimal, carry_out: Decimal) -> Table:
    classes = [row for row in rows if row.level == 1]
    spent = sum((row.get("final") for row in classes), ZERO)
    income = spent + carry_out - carry_in
    columns = [
        Column((side, head), role, key, width=width)  # type: ignore[arg-type]
        for side, key in (("收入", "revenue"), ("支出", "expenditure"))
        for head, role, width in (("项目", "name", 30), ("决算数", "amount", 16))
    ]
    grid = GridBuilder(columns, "wan_yuan", "zero")
    for number, row in enumerate(classes, start=1):
        left: list[Value] = ["一、一般公共预算财政拨款收入", income] if number == 1 else [None, None]
        grid.add_row([*left, f"{number_chinese(number)}、{row.name}", row.get("final")])
    grid.add_row(["本年收入合计", income, "本年支出合计", spent])
    grid.add_row(["年初结转和结余", carry_in, "年末结转和结余", carry_out])
    grid.add_row(["总计", income + carry_in, "总计", spent + carry_out])
    return _finish(grid, "overall_summary", "收入支出决算总表")


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


def _say_items(rows: list[ChartRow], budgets: Mapping[str, Decimal]) -> list[str]:
    names = {row.code: row.name for row in rows}
    said = []
    for number, row in enumerate((row for row in rows if row.level == 3), start=1):
        budget, final = budgets[row.code], row.get("final")
        rate = round_half_up(100 * final / budget, 2)
        said.append(
            f"{number}、{names[row.code[:3]]}（类）{names[row.code[:5]]}（款）{row.name}（项）。年初预算为{print_amount(budget)}万元，"
            f"支出决算为{print_amount(final)}万元，完成年初预算的{rate}%。"
        )
    return said


def build_row_unit(changed: Decimal = Decimal(0)) -> Filing:
    """The filing of the second unit of the central department whose statements print a row for each unit."""
    facts = read_facts(CENTRAL)
    unit = DepartmentBudget(facts).units[1]
    columns = [
        Column(("科目编码",), "code", width=14),
        Column(("科目名称",), "name", width=34),
        *(Column((head,), width=16) for head in ("合计", "基本支出", "项目支出")),
    ]
    grid = GridBuilder(columns, "wan_yuan", "blank")
    sums = {"basic": Decimal(0), "project": Decimal(0)}
    for row in spread_rows(unit.items, facts.names):
        basic, project = (sum((row.get(measure) for measure in kind), Decimal(0)) for kind in (BASIC, PROJECT))
        if row.level == 1:
            sums = {"basic": sums["basic"] + basic, "project": sums["project"] + project}
        grid.add_row([row.code, row.name, basic + project, basic, project])
    sums["basic"] += changed
    grid.add_row(["合计", None, sums["basic"] + sums["project"], sums["basic"], sums["project"]], merge=[(0, 1)])
    table = grid.build("expenditure", "支出总表", head_left=f"编制单位：{unit.name}", head_right="单位：万元")
    return Filing("row_unit", (*write_cover([unit.name, f"{facts.year}年单位预算"]), table), facts.page_style())
