"""Do the rows of a table with nested labels add up to the row that they stand under (政府采购支出表逐级合计)?

In the procurement statement of several provinces a row of a kind (货物) stands over the rows of its projects, each over the goods that
it buys; extraction tells their levels by the label column in which a row ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.instances import Instance, Place, Query, judge_difference
from expectations.rule import Verdict

_ROWS = (
    "SELECT filing_id, statement_id, statement_label, side, column_no, row_no, level, item, concat_ws(' ', name, measure_label), value, "
    "half_place, value_text, page, bbox, locator, line_item_id FROM w_raw WHERE level IS NOT NULL AND code_key IS NULL "
    "AND unit_key = '' AND value IS NOT NULL AND statement_type IN ('procurement', 'government_services') "
    "ORDER BY statement_id, side, column_no, row_no"
)


@dataclass(frozen=True, slots=True)
class _Row:
    filing_id: str
    statement_id: str
    title: str
    side: str
    column_no: int
    row_no: int
    level: int
    item: str | None
    name: str
    value: Decimal
    half: Decimal
    text: str
    page: int | None
    bbox: Any
    locator: str | None
    line_item_id: str

    @property
    def key(self) -> str:
        return f"{self.statement_id}|{self.side}|{self.column_no}|{self.row_no}"

    @property
    def place(self) -> Place:
        return Place(f"{self.name} {self.text}", self.page, self.bbox, self.locator, self.line_item_id)


def check_nested_rows(query: Query) -> Iterator[Instance]:
    """A row is the sum of the rows of the next level beneath it.

    A statement in which most sums fail is not nested as it seems, and nothing is said of it.
    """
    columns: dict[str, dict[tuple[str, int], list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for cells in query(_ROWS):
        row = _Row(*cells)
        columns[row.statement_id][row.side, row.column_no].append(row)
    for of_statement in columns.values():
        families = [family for rows in of_statement.values() for family in _families(rows)]
        apart = {parent.key: _apart(parent, children) for parent, children in families}
        is_nested = 2 * sum(verdict == "violated" for _, verdict in apart.values()) <= len(families)
        for parent, children in families:
            misprinted = (
                child.key for child in children if apart.get(child.key) == (-apart[parent.key][0], "violated")
            )
            yield _judge(parent, children, is_nested, next(misprinted, None))


def _families(rows: Sequence[_Row]) -> Iterator[tuple[_Row, Sequence[_Row]]]:
    for at, parent in enumerate(rows):
        beneath: list[_Row] = []
        for row in rows[at + 1 :]:
            if row.level <= parent.level:
                break
            beneath.append(row)
        children = [row for row in beneath if row.level == min(one.level for one in beneath)]
        if children and not (parent.level == 0 and any(child.item for child in children)):  # kinds: the rule PROC-KINDS
            yield parent, children


def _apart(parent: _Row, children: Sequence[_Row]) -> tuple[Decimal, Verdict]:
    """The parent less its children, and what is to be said of that."""
    apart = parent.value - sum((child.value for child in children), Decimal(0))
    return apart, judge_difference(apart, sum((one.half for one in (parent, *children)), Decimal(0)))


def _judge(parent: _Row, children: Sequence[_Row], is_nested: bool, cause: str | None) -> Instance:
    """What is to be said of one sum; `cause` is the child that is as far from its own children the other way."""
    apart, verdict = _apart(parent, children)
    broken = verdict == "violated"
    unknown = broken and not is_nested
    words = " + ".join(f"{child.name} {child.text}" for child in children)
    total = parent.value - apart
    return Instance(
        parent.filing_id,
        parent.key,
        f"《{parent.title}》{parent.name}",
        "not_evaluable" if unknown else verdict,
        reason="unknown" if unknown else None,
        quote=parent.text,
        page=parent.page,
        bbox=parent.bbox,
        locator=parent.locator,
        detail=f"{parent.name} {parent.text} ≠ {words} = {total:.2f}，相差 {abs(apart):.2f}" if broken else None,
        detail_en=f"{parent.name} {parent.text} ≠ {words} = {total:.2f}, apart by {abs(apart):.2f}" if broken else None,
        cause=cause if broken else None,
        related=tuple(child.place for child in children if broken),
        line_item_id=parent.line_item_id,
    )
