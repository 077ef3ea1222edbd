"""What the facts of a Shenzhen body add up to (深圳市部门预算)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from samples.chart import ZERO, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import Column, GridBuilder
from samples.layout import Table

STATEMENT_TITLES = (
    "收支总表",
    "收入总表",
    "支出总表",
    "基本支出总表",
    "项目支出总表",
    "政府预算拨款收支总表",
    "一般公共预算支出表（按功能分类）",
    "一般公共预算支出表（按经济分类）",
    "一般公共预算“三公”经费支出表",
    "政府性基金预算支出表",
    "国有资本经营预算支出表",
    "单位整体支出绩效目标表",
)
"""The twelve statements in their official order."""


class ShenzhenBudget:
    """What a Shenzhen body's facts add up to, in whole 万元.

    Leaf measures: ``basic``/``project`` (appropriation of the year and carried over), ``procured``, ``sme`` and
    ``small`` (government procurement, the part for small and medium, for small and micro enterprises).
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.items = facts.leaves("items")
        self.sums = sum_amounts(self.items.values())
        self.rows = spread_rows(self.items, facts.names)
        self.total = self.sums["basic"] + self.sums["project"]
        self.carry_in = facts.amount("funds", "carry_over_in")
        self.appropriation = self.total - self.carry_in
        self.economic = spread_rows(
            facts.economic(
                "economic",
                {"basic": self.sums["basic"], "project": self.sums["project"]},
                {code: leaf.get("basic", ZERO) for code, leaf in self.items.items()},
            ),
            facts.names,
        )
        self.unit = facts.text("unit")
        self.projects: list[Mapping[str, Any]] = facts.data["projects"]
        if sum((Decimal(project["amount"]) for project in self.projects), ZERO) != self.sums["project"]:
            raise ValueError(f"{facts.name}: the projects do not add up to {self.sums['project']}")

    def economic_basic(self, code: str) -> Decimal:
        """Basic spending of an economic class."""
        return next((row.get("basic") for row in self.economic if row.code == code), ZERO)

    def finish(self, grid: GridBuilder, number: int, statement_type: str, notes: Sequence[str] = ()) -> Table:
        """The statement of that number with its title and heading line."""
        return grid.build(
            statement_type,
            STATEMENT_TITLES[number - 1],
            tag=f"表{number}",
            head_left=f"部门名称：{self.facts.issuer}",
            head_right="单位：万元",
            notes=notes,
            style=self.facts.table_style(statement_type),
        )

    def grid(self, columns: Sequence[Column]) -> GridBuilder:
        """A grid of whole amounts that prints zeros."""
        return GridBuilder(columns, "wan_yuan", "zero")
