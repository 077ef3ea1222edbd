"""Which cell of the tables does a number of the narrative restate (文字与表格的对应)?

By meaning only: statement, row, column and year. The value is never looked at, so that a wrong number is linked to the
cell that it misstates. Where a filing prints no such cell, or several, there is no link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from filings.codes import economic_codes, function_codes
from filings.narrative import Target
from filings.records import LineItem
from filings.text import match_key, squeeze


@dataclass(frozen=True, slots=True)
class Stage:
    """Of which year and stage of the budget a number is.

    Args:
        year: The year.
        kind: budget, execution, final, initial_budget, …, or None where the words do not say.
    """

    year: int | None
    kind: str | None


class CellKey(NamedTuple):
    """What a cell means, by which it is found (单元格的含义).

    Args:
        statement: Type of its statement.
        side: Which of the lists that stand side by side; None for any.
        row: ``code:…``, ``item:…``, ``name:…``, or ``period`` for a row of a table by years.
        measure: Its column.
        year: The year that it is about; None for any.
    """

    statement: str
    side: str | None
    row: str
    measure: str
    year: int | None

    def __str__(self) -> str:
        """As column ``claims.sought`` writes it."""
        return "|".join("" if part is None else str(part) for part in self)


class Tables:
    """A filing's line items by what they mean (表内数字索引)."""

    def __init__(self, items: Iterable[LineItem], fiscal_year: int | None, report_type: str | None = None) -> None:
        """Index the line items of a filing."""
        self.fiscal_year = fiscal_year
        self._budget_stages = {"initial_budget", "budget"} if report_type == "final_accounts" else {"initial_budget"}
        self._cells: dict[tuple[str, str, str | None], list[LineItem]] = defaultdict(list)
        for item in items:
            for row in _row_keys(item):
                self._cells[item.statement_type, row, item.measure].append(item)

    def find(self, keys: Iterable[CellKey], name: str | None = None) -> LineItem | None:
        """Find the cell that a number restates: of the first key that the filing prints, if it prints one such cell.

        Args:
            keys: Where to look, in order of preference.
            name: Name of the row's subject, by which a row is found whose code is misprinted.
        """
        for key in keys:
            cells = self._cells.get((key.statement, key.row, key.measure), [])
            if not cells and name:
                cells = self._cells.get((key.statement, f"misprinted:{match_key(name)}", key.measure), [])
            cells = [cell for cell in cells if key.side in (None, cell.side)]
            cells = _narrow([cell for cell in cells if key.year is None or cell.fiscal_year in (key.year, None)])
            if len(cells) == 1:
                return cells[0]
        return None

    def keys(self, target: Target, code: str | None, stage: Stage, change: str | None = None) -> tuple[CellKey, ...]:
        """The cells that a target means.

        Args:
            target: Statement, row and columns.
            code: Code of the row, where the target leaves it open.
            stage: Year and stage of the number.
            change: ``change_amount`` or ``change_percent``, with the suffix of the variant, for a comparison.
        """
        row = (
            f"code:{target.code or code}" if target.code or code else f"item:{target.item}" if target.item else "period"
        )
        year = self.fiscal_year if change else stage.year
        return tuple(
            CellKey(target.statement, target.side, row, measure, year)
            for measure in self._measures(target, stage, change)
        )

    def _measures(self, target: Target, stage: Stage, change: str | None) -> tuple[str, ...]:
        if change is not None:
            return (change,)
        if stage.kind == "execution" and stage.year is not None and stage.year != self.fiscal_year:
            return ("prior_execution",)
        if stage.kind in self._budget_stages and stage.year == self.fiscal_year:
            return tuple(f"{measure}_budget" for measure in target.measures)
        return target.measures


@cache
def _official_codes() -> frozenset[str]:
    return frozenset(code.code for code in (*function_codes(), *economic_codes()))


def _row_keys(item: LineItem) -> list[str]:
    keys = []
    code = item.code_inferred or item.code
    if code:
        keys.append(f"code:{code}")
        if item.name and code not in _official_codes():
            keys.append(f"misprinted:{match_key(item.name)}")
    if item.name:
        keys.append(f"name:{squeeze(item.name)}")
    if item.item:
        keys.append(f"item:{item.item}")
    elif not code and item.row_level == 0:
        keys.append("item:total")
    if item.statement_type == "three_public" and item.item != "change":
        keys.append("period")
    return keys


def _narrow(cells: list[LineItem]) -> list[LineItem]:
    """Where rows are given for the whole body and again per unit, those of the whole body."""
    if len(cells) < 2:
        return cells
    whole = [cell for cell in cells if cell.unit_code is None and cell.unit_name is None]
    if whole:
        return whole
    names = sorted({cell.unit_name or "" for cell in cells}, key=len)
    outer = all(name.startswith(names[0]) for name in names) and names[0]
    return [cell for cell in cells if cell.unit_name == names[0]] if outer else cells
