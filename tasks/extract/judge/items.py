"""The line items of a filing, enriched with what rules select and group by, in memory (规则所见的表内数字).

The same view of a filing that `expectations.working_tables` makes in the warehouse, for one filing that is still being read. A
test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from filings.records import Identity, LineItem

_LEVELS = {3: 1, 5: 2, 7: 3}


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What rules ask of the filing itself.

    Args:
        fiscal_year: Its year.
        family: Form family, None where unknown.
        report: budget, final_accounts or unknown.
        scope: department, unit or unknown.
    """

    fiscal_year: int | None
    family: str | None
    report: str
    scope: str

    @staticmethod
    def of(identity: Identity) -> FilingFacts:
        """Take the facts from what was told about the filing."""
        return FilingFacts(
            identity.fiscal_year,
            identity.form_family,
            identity.report_type or "unknown",
            identity.scope or "unknown",
        )


@dataclass(frozen=True, slots=True)
class StatementItems:
    """One statement as rules see it.

    Args:
        statement_no: Its number in the filing.
        statement_type: Its type.
        state: filled, empty or declared_empty.
        measures_by_side: Measures of the columns of each of its lists.
        items: Its numbers.
        by_measure: The same by measure, so that few are looked at for a term.
        by_item: The same by canonical item.
    """

    statement_no: int
    statement_type: str
    state: str
    measures_by_side: Mapping[str, frozenset[str]]
    items: tuple[Item, ...]
    by_measure: Mapping[str | None, tuple[Item, ...]]
    by_item: Mapping[str | None, tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Item:
    """One printed number with its keys; names as in the working table ``w_items``."""

    statement_no: int
    statement_type: str
    item_no: int
    row_no: int
    column_no: int
    side: str
    code: str | None
    parent_code: str
    class_code: str | None
    name: str | None
    item: str | None
    level: int | None
    unit: str
    measure: str | None
    year: int | None
    year_offset: int
    value: Decimal
    value_unit: str | None
    amount_yuan: Decimal | None
    half_place: Decimal
    half_place_yuan: Decimal | None
    is_top: bool
    is_parent: bool
    unit_repeat: bool
    is_outer_total: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Raw:
    line: LineItem
    side: str
    code: str | None
    level: int | None
    unit: str
    unit_repeat: bool
    unit_total: bool
    tree_key: str | None


def enrich(
    statement_no: int,
    statement_type: str,
    state: str,
    line_items: Sequence[LineItem],
    columns: Iterable[tuple[str | None, str | None]],
    fiscal_year: int | None,
) -> StatementItems:
    """Enrich the numbers of one statement.

    Args:
        statement_no: Its number in the filing.
        statement_type: Its type.
        state: filled, empty or declared_empty.
        line_items: Its numbers.
        columns: Side and measure of each of its columns.
        fiscal_year: The filing's year.
    """
    raw = _raw(line_items)
    parents = _parents(raw)
    heads = {(side, unit, parent) for (side, unit, _), parent in parents.items()}
    tops: dict[str, int] = {}
    for one in raw:
        if one.code is not None and not one.unit_repeat and one.level is not None and one.level >= 1:
            tops[one.side] = min(one.level, tops.get(one.side, one.level))
    unit_totals = {one.unit for one in raw if one.unit_total}
    outer = {unit for unit in unit_totals if not any(o != unit and unit.startswith(o) for o in unit_totals)}
    plain_totals = {
        one.side
        for one in raw
        if not one.unit and (one.line.item == "total" or (one.level == 0 and one.line.item is None))
    }
    items = []
    for one in raw:
        line = one.line
        key = (one.side, one.unit, one.tree_key)
        is_total = one.unit_total or (one.level == 0 and one.code is None)
        items.append(
            Item(
                statement_no=statement_no,
                statement_type=statement_type,
                item_no=line.item_no,
                row_no=line.row_no,
                column_no=line.column_no,
                side=one.side,
                code=one.code,
                parent_code=parents.get((one.side, one.unit, one.tree_key), "") if one.tree_key else "",
                class_code=one.code[:3] if one.code is not None else None,
                name=line.name,
                item=line.item or ("total" if is_total else None),
                level=one.level,
                unit=one.unit,
                measure=line.measure,
                year=line.fiscal_year if line.fiscal_year is not None else fiscal_year,
                year_offset=line.fiscal_year - fiscal_year
                if line.fiscal_year is not None and fiscal_year is not None
                else 0,
                value=line.value,
                value_unit=line.value_unit,
                amount_yuan=line.amount_yuan,
                half_place=line.half_place,
                half_place_yuan=line.half_place_yuan,
                is_top=one.code is not None
                and not one.unit_repeat
                and one.level is not None
                and one.level == tops.get(one.side),
                is_parent=one.tree_key is not None and key in heads,
                unit_repeat=one.unit_repeat,
                is_outer_total=one.unit in outer and one.unit_total,
                is_hidden=one.unit_repeat or (one.unit_total and (one.unit not in outer or one.side in plain_totals)),
            )
        )
    measures: dict[str, set[str]] = defaultdict(set)
    for side, measure in columns:
        if measure is not None:
            measures[side or ""].add(measure)
    for item in items:
        if item.measure is not None:
            measures[item.side].add(item.measure)
    by_side = {side: frozenset(some) for side, some in measures.items()}
    return StatementItems(
        statement_no, statement_type, state, by_side, tuple(items), _index(items, "measure"), _index(items, "item")
    )


def _index(items: Sequence[Item], name: str) -> dict[str | None, tuple[Item, ...]]:
    found: dict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        found[getattr(item, name)].append(item)
    return {key: tuple(some) for key, some in found.items()}


def _raw(line_items: Sequence[LineItem]) -> list[_Raw]:
    plain = {
        (line.side or "", line.code or line.code_inferred)
        for line in line_items
        if not (line.unit_code or line.unit_name) and (line.code or line.code_inferred)
    }
    raw = []
    for line in line_items:
        side, code, unit = line.side or "", line.code or line.code_inferred, line.unit_code or line.unit_name or ""
        repeats = bool(unit) and code is not None and (side, code) in plain
        raw.append(
            _Raw(
                line=line,
                side=side,
                code=code,
                level=line.row_level if line.row_level is not None else _LEVELS.get(len(code or "")),
                unit=unit,
                unit_repeat=repeats,
                unit_total=bool(unit)
                and code is None
                and (line.item or "total") == "total"
                and (line.item is not None or line.row_level is not None or line.name == line.unit_name),
                tree_key=None if repeats else code,
            )
        )
    return raw


def _parents(raw: list[_Raw]) -> dict[tuple[str, str, str | None], str]:
    """The nearest code above each code that the same list and unit prints."""
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in raw:
        if one.tree_key is not None:
            codes[one.side, one.unit].add(one.tree_key)
    parents: dict[tuple[str, str, str | None], str] = {}
    for (side, unit), printed in codes.items():
        for code in printed:
            above = [code[:length] for length in (5, 3) if len(code) > length and code[:length] in printed]
            if above:
                parents[side, unit, code] = above[0]
    return parents
