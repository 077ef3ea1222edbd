"""What the facts of a Shanghai body add up to (上海市区级部门预算)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from samples.amounts import to_wan_yuan
from samples.chart import ZERO, ChartRow, spread_rows, sum_amounts
from samples.facts import Facts
from samples.grid import Column, GridBuilder
from samples.layout import Table


class ShanghaiBudget:
    """What a Shanghai body's facts add up to.

    Leaf measures, in yuan: ``basic``/``project`` (general public budget), ``fund_project`` (government fund),
    ``capital_project`` (state capital), ``own_basic``/``own_project`` (institutional income, 事业收入),
    ``other_basic``/``other_project`` (其他收入); ``personnel`` is the part of all basic spending that is personnel.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.is_unit = facts.text("scope") == "unit"
        self.body = "单位" if self.is_unit else "部门"
        self.prefix = f"{facts.year}年" + ("预算单位" if self.is_unit else "部门")
        self.items = facts.leaves("items")
        self.sums = sum_amounts(self.items.values())
        self.economic = facts.economic(
            "economic",
            {"basic": self.sum("basic")},
            {code: leaf.get("basic", ZERO) for code, leaf in self.items.items()},
        )
        self.economic_rows = spread_rows(self.economic, facts.names)
        personnel = sum(
            (row.get("basic") for row in self.economic_rows if row.level == 1 and row.code in ("301", "303")), ZERO
        )
        if self.is_unit and personnel != self.sum("personnel"):
            raise ValueError(f"{facts.name}: personnel {self.sum('personnel')} by function, {personnel} by economy")
        self.personnel = personnel
        self.public = self.sum("basic") - personnel

    def sum(self, *measures: str) -> Decimal:
        """The sum of those measures over all items."""
        return sum((self.sums.get(measure, ZERO) for measure in measures), ZERO)

    @property
    def fiscal(self) -> Decimal:
        """财政拨款: the three appropriations together."""
        return self.sum("basic", "project", "fund_project", "capital_project")

    @property
    def total(self) -> Decimal:
        """收入总计 = 支出总计."""
        return self.fiscal + self.sum("own_basic", "own_project", "other_basic", "other_project")

    @property
    def operating_expense(self) -> Decimal:
        """机关运行经费 in 万元: the public money of a body whose units are all 行政/参公, nothing of a 事业单位."""
        return to_wan_yuan(self.public) if self.facts.data["is_administrative"] else Decimal("0.00")

    def rows(self, *measures: str) -> list[ChartRow]:
        """Rows of the items that have money of those measures."""
        kept = {code: leaf for code, leaf in self.items.items() if any(leaf.get(measure) for measure in measures)}
        return spread_rows(kept, self.facts.names)

    def titles(self) -> list[str]:
        """The nine statements' titles in their official order."""
        stems = (
            "财务收支预算总表",
            "收入预算总表",
            "支出预算总表",
            "财政拨款收支预算总表",
            "一般公共预算支出功能分类预算表",
            "政府性基金预算支出功能分类预算表",
            "国有资本经营预算支出功能分类预算表",
            "一般公共预算基本支出部门预算经济分类预算表",
        )
        return [*(f"{self.prefix}{stem}" for stem in stems), f"{self.body}“三公”经费和机关运行经费预算表"]

    def finish(
        self, grid: GridBuilder, number: int, statement_type: str, notes: Sequence[str] = (), unit: str = "元"
    ) -> Table:
        """The statement of that number with its title and heading line."""
        return grid.build(
            statement_type,
            self.titles()[number - 1],
            head_left=f"编制{self.body}：{self.facts.issuer}",
            head_right=f"单位：{unit}",
            notes=notes,
            style=self.facts.table_style(statement_type),
        )

    def grid(self, columns: Sequence[Column], unit: str = "yuan") -> GridBuilder:
        """A grid that prints zeros as the body does."""
        return GridBuilder(columns, unit, "zero" if self.facts.data["prints_zero"] else "blank")
