"""What a central department's facts add up to, for the form of 2023 to 2025 (中央部门预算), in 万元."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from samples.chart import ZERO, Amounts, ChartRow, spread_rows, sum_amounts
from samples.facts import Facts


class CentralBudget:
    """What a central department's facts add up to.

    Leaf measures: ``basic``/``project`` (current-year general public budget), ``carry_basic``/``carry_project`` (its
    carry-over), ``fund_carry_project`` (carry-over of the government fund), ``other_basic``/``other_project`` (all
    other money), ``prior`` and ``prior_excl`` (last year's execution, with and without capital construction).
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.items = facts.leaves("items")
        self.sums = sum_amounts(self.items.values())
        funds = facts.data["funds"]
        self.sources = {key: Decimal(value) for key, value in funds.items()}
        self.appropriation = self._sum("basic", "project")
        self.carry_gpb = self._sum("carry_basic", "carry_project")
        self.carry_fund = self._sum("fund_carry_project")
        self.carry_over = self.carry_gpb + self.carry_fund + self.sources["carry_over_other"]
        self.spending = (
            self.appropriation + self.carry_gpb + self.carry_fund + self._sum("other_basic", "other_project")
        )
        self.current_income = (
            self.appropriation
            + self.sources["institutional_income"]
            + self.sources["business_income"]
            + self.sources["other_income"]
        )
        self.income = self.current_income + self.sources["surplus_used"] + self.carry_over
        self.carry_out = self.income - self.spending
        if self.carry_out < 0:
            raise ValueError(f"{facts.name}: spending exceeds income by {-self.carry_out}")
        self.economic = facts.economic(
            "economic",
            {"basic": self.sums.get("basic", ZERO)},
            {code: leaf.get("basic", ZERO) for code, leaf in self.items.items()},
        )

    def _sum(self, *measures: str) -> Decimal:
        return sum((self.sums.get(measure, ZERO) for measure in measures), ZERO)

    def spending_rows(self) -> list[ChartRow]:
        """Rows of the expenditure statement: basic and project spending from all money."""
        return spread_rows(
            _keep_nonzero(
                {
                    code: {
                        "basic": leaf.get("basic", ZERO)
                        + leaf.get("carry_basic", ZERO)
                        + leaf.get("other_basic", ZERO),
                        "project": sum(
                            (
                                leaf.get(key, ZERO)
                                for key in ("project", "carry_project", "fund_carry_project", "other_project")
                            ),
                            ZERO,
                        ),
                    }
                    for code, leaf in self.items.items()
                }
            ),
            self.facts.names,
        )

    def fiscal_classes(self) -> list[tuple[str, Decimal]]:
        """Class name → spending from fiscal appropriation, carry-over included."""
        measures = ("basic", "project", "carry_basic", "carry_project", "fund_carry_project")
        rows = spread_rows(self.items, self.facts.names)
        amounts = [(row.name, sum((row.get(key) for key in measures), ZERO)) for row in rows if row.level == 1]
        return [(name, amount) for name, amount in amounts if amount]

    def appropriation_rows(self) -> list[ChartRow]:
        """Rows of the general public budget statement: current-year money only, with last year's execution."""
        leaves = {
            code: {
                "basic": leaf.get("basic", ZERO),
                "project": leaf.get("project", ZERO),
                "prior": leaf.get("prior", ZERO),
                "prior_excl": leaf.get("prior_excl", leaf.get("prior", ZERO)),
            }
            for code, leaf in self.items.items()
        }
        return spread_rows(_keep_nonzero(leaves), self.facts.names)


def _keep_nonzero(leaves: Mapping[str, Amounts]) -> dict[str, Amounts]:
    return {code: leaf for code, leaf in leaves.items() if any(leaf.values())}
