"""What the facts of a Jiangsu body add up to (江苏省级部门预算, 公开01–12表)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.chart import ZERO, ChartRow, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import GridBuilder
from samples.layout import Table

STATEMENT_TITLES = (
    "收支预算总表",
    "收入预算总表",
    "支出预算总表",
    "财政拨款收支预算总表",
    "财政拨款支出预算表（功能科目）",
    "财政拨款基本支出预算表（经济科目）",
    "一般公共预算支出预算表（功能科目）",
    "一般公共预算基本支出预算表（经济科目）",
    "“三公”经费、会议费、培训费支出预算表",
    "财政拨款政府性基金支出预算表",
    "一般公共预算机关运行经费支出预算表",
    "政府采购预算表",
)
"""The twelve statements in their official order."""

FISCAL = ("basic", "project", "reserve")

OTHER = ("other_basic", "other_project")


class JiangsuBudget:
    """What a Jiangsu body's facts add up to, in 万元.

    Leaf measures: ``basic``/``project``/``reserve`` (general public budget), ``other_basic``/``other_project``
    (其他资金). The facts hold no government fund, so tables 05/07 and 06/08 are equal.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.items = facts.leaves("items")
        self.sums = sum_amounts(self.items.values())
        self.fiscal = self.sum(*FISCAL)
        self.institutional = facts.amount("funds", "institutional_income")
        self.other = facts.amount("funds", "other_income")
        self.carry_in = facts.amount("funds", "carry_over_in")
        self.income = self.fiscal + self.institutional + self.other
        self.spending = self.sum(*FISCAL, *OTHER)
        self.carry_out = self.income + self.carry_in - self.spending
        if self.carry_out < 0:
            raise ValueError(f"{facts.name}: spending exceeds income by {-self.carry_out}")
        self.economic = spread_rows(
            facts.economic(
                "economic",
                {"basic": self.sum("basic")},
                {code: leaf.get("basic", ZERO) for code, leaf in self.items.items()},
            ),
            facts.names,
        )

    def sum(self, *measures: str) -> Decimal:
        """The sum of those measures over all items."""
        return sum((self.sums.get(measure, ZERO) for measure in measures), ZERO)

    def rows(self, *measures: str) -> list[ChartRow]:
        """Rows of the items that have money of those measures."""
        kept = {code: leaf for code, leaf in self.items.items() if any(leaf.get(key) for key in measures)}
        return spread_rows(kept, self.facts.names)

    def operating_rows(self) -> list[ChartRow]:
        """The rows of 机关运行经费: goods and services, and equipment."""
        return [row for row in self.economic if row.code[:3] in ("302", "310")]

    @property
    def operating(self) -> Decimal:
        """机关运行经费."""
        return sum((row.get("basic") for row in self.operating_rows() if row.level == 1), ZERO)

    def finish(self, grid: GridBuilder, number: int, statement_type: str, notes: Sequence[str] = ()) -> Table:
        """The statement of that number with its title and heading line."""
        title = STATEMENT_TITLES[number - 1]
        return grid.build(
            statement_type,
            f"{self.facts.year}年{title}" if statement_type == "procurement" else title,
            head_left=f"部门：{self.facts.issuer}",
            head_right="单位：万元",
            notes=notes,
            style=self.facts.table_style(statement_type),
        )
