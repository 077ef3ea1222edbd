"""Builds filings that belong together: a budget to an earlier one, a department to its unit, a unit to a department's row.

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

from samples.central_2026_budget import BASIC, PROJECT, DepartmentBudget
from samples.chart import spread_rows
from samples.facts import Facts, read_facts
from samples.grid import Column, GridBuilder
from samples.layout import Filing, Heading, Paragraph
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
