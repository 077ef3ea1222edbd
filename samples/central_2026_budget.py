"""What the budget units of a central department add up to, for the form of 2026 (中央部门预算), in 万元."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.central import split_economic
from samples.chart import ZERO, Amounts, ChartRow, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import GridBuilder
from samples.layout import Table

STATEMENT_TITLES = (
    "收支预算总表",
    "部门收入总表",
    "支出预算总表",
    "财政拨款收支总表",
    "一般公共预算支出表",
    "一般公共预算基本支出表",
    "政府性基金预算拨款支出表",
    "国有资本经营预算支出表",
    "财政拨款预算“三公”经费支出表",
)
"""The nine statements in their official order."""

GPB = ("personnel", "public", "project")
GPB_CARRY = ("carry_basic", "carry_project")
BASIC = ("personnel", "public", "carry_basic", "other_basic")
PROJECT = ("project", "carry_project", "fund_project", "fund_carry_project", "other_project")
FUND, FUND_CARRY = ("fund_project",), ("fund_carry_project",)


class UnitBudget:
    """What one budget unit's facts add up to; its income and spending are equal.

    Leaf measures: ``personnel``/``public``/``project`` (current-year general public budget), ``carry_basic`` and
    ``carry_project`` (its carry-over), ``fund_project``/``fund_carry_project`` (government fund), ``other_basic`` and
    ``other_project`` (all other money).
    """

    def __init__(self, facts: Facts, name: str, code: str, funds: dict[str, Decimal]) -> None:
        self.name, self.code, self.funds = name, code, funds
        self.items = facts.leaves("items", {"unit": code})
        sums = sum_amounts(self.items.values())
        self.sums = sums
        own = sum((sums.get(measure, ZERO) for measure in ("other_basic", "other_project")), ZERO)
        # 其他收入 takes what the unit's other money still needs, so that both sides of the unit balance
        self.other_income = own - sum(funds.values(), ZERO)
        if self.other_income < 0:
            raise ValueError(f"{facts.name}: {name} has more income than spending")

    def add_up(self, measures: Sequence[str]) -> Decimal:
        """The unit's money of those measures."""
        return sum((self.sums.get(measure, ZERO) for measure in measures), ZERO)


class DepartmentBudget:
    """The units of a central department together."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.units = [
            UnitBudget(
                facts,
                entry["name"],
                entry["code"],
                {key: Decimal(entry.get(key, "0")) for key in ("institutional_income", "carry_over_other")},
            )
            for entry in facts.data["unit"]
        ]
        self.items: dict[str, Amounts] = {
            code: sum_amounts([unit.items.get(code, {}) for unit in self.units])
            for code in sorted({code for unit in self.units for code in unit.items})
        }
        basic = {code: leaf.get("personnel", ZERO) + leaf.get("public", ZERO) for code, leaf in self.items.items()}
        self.economic = spread_rows(
            facts.economic("economic", {"basic": sum(basic.values(), ZERO)}, basic), facts.names
        )
        personnel = sum((split_economic(row)[0] for row in self.economic if row.level == 1), ZERO)
        if personnel != self.add_up(["personnel"]):
            raise ValueError(
                f"{facts.name}: personnel {personnel} by economy, {self.add_up(['personnel'])} by function"
            )

    def add_up(self, measures: Sequence[str]) -> Decimal:
        """All units' money of those measures."""
        return sum((unit.add_up(measures) for unit in self.units), ZERO)

    def fund(self, key: str) -> Decimal:
        """All units' income of that kind."""
        return sum((unit.funds[key] for unit in self.units), ZERO)

    @property
    def other_income(self) -> Decimal:
        """All units' other income."""
        return sum((unit.other_income for unit in self.units), ZERO)

    @property
    def carry_over(self) -> Decimal:
        """上年结转 of all money."""
        return self.add_up((*GPB_CARRY, *FUND_CARRY)) + self.fund("carry_over_other")

    @property
    def total(self) -> Decimal:
        """收入总计 = 支出总计."""
        return self.add_up((*BASIC, *PROJECT))

    def class_rows(self, measures: Sequence[str]) -> list[tuple[str, Decimal, ChartRow]]:
        """Class name, its money of those measures and its row; classes without any are left out."""
        rows = [row for row in spread_rows(self.items, self.facts.names) if row.level == 1]
        sums = [(row.name, sum((row.get(measure) for measure in measures), ZERO), row) for row in rows]
        return [entry for entry in sums if entry[1]]

    def finish(self, grid: GridBuilder, number: int, statement_type: str, notes: Sequence[str] = ()) -> Table:
        """The statement of that number with its title and heading line."""
        return grid.build(
            statement_type,
            STATEMENT_TITLES[number - 1],
            tag=f"部门公开表{number}",
            head_left=f"填报单位：{self.facts.issuer}",
            head_right="单位：万元",
            notes=notes,
            style=self.facts.table_style(statement_type),
        )
