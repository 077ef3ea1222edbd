"""Printed amounts of several filings held against each other: which filings belong together, and which numbers.

Filings are brought together by body, year, kind and scope, never by value, and only in the version that stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.instances import Instance, Place, Query, judge_difference
from expectations.working_tables import load_words, quote_list

OWN_TOTAL = ("total", "budget", "final")
"""The column of an amount itself, as forms name it."""


Key = tuple[str, str, str | None]
"""Statement, column and code of an amount."""


@dataclass(frozen=True, slots=True)
class Number:
    """A printed amount and what it is about."""

    statement_type: str
    measure: str
    code: str | None
    item: str | None
    unit_name: str | None
    amount: Decimal
    half: Decimal
    words: str
    place: Place
    side: str = ""
    unit_key: str = ""

    @property
    def key(self) -> Key:
        """Statement, column and code; the columns of an amount itself count as one."""
        measure = "total" if self.measure in OWN_TOTAL else self.measure
        return self.statement_type, measure, self.code


@dataclass(frozen=True, slots=True)
class Pair:
    """A filing of the batch and the one that it is compared with."""

    filing_id: str
    other_id: str
    other_name: str


def find_pairs(query: Query, condition: str) -> list[Pair]:
    """Each filing of the batch with the one of its body that meets a condition on their rows ``f`` and ``e``, if only one does."""
    rows = query(
        "SELECT f.filing_id, any_value(e.filing_id), any_value(e.file_name) FROM filings AS f "
        "SEMI JOIN w_filings AS w ON w.filing_id = f.filing_id JOIN filings AS e ON e.issuer = f.issuer "
        "AND e.scope IS NOT DISTINCT FROM f.scope AND e.superseded_by IS NULL AND e.joined_into IS NULL "
        f"WHERE f.superseded_by IS NULL AND {condition} GROUP BY f.filing_id HAVING count(*) = 1 ORDER BY 1"
    )
    return [Pair(*row) for row in rows]


def read_numbers(
    query: Query, filing_ids: Iterable[str], condition: str = "true", years_before: int = 0
) -> dict[str, list[Number]]:
    """The amounts of filings, filing by filing.

    Args:
        query: Reads the tables.
        filing_ids: Which filings.
        condition: On the row ``l`` of a line item.
        years_before: About which year: 0 the filing's own, 1 the one before.
    """
    wanted = quote_list(sorted(set(filing_ids)))
    found: dict[str, list[Number]] = defaultdict(list)
    if not wanted:
        return found
    words = load_words()
    for (
        filing_id,
        kind,
        title,
        measure,
        code,
        item,
        name,
        unit,
        amount,
        half,
        text,
        value_unit,
        side,
        unit_key,
        *place,
        line_item_id,
    ) in query(
        "SELECT l.filing_id, l.statement_type, s.title, l.measure, coalesce(l.code, l.code_inferred), "
        "l.item, l.name, l.unit_name, l.amount_yuan, l.half_place_yuan, l.value_text, l.value_unit, coalesce(l.side, ''), "
        "coalesce(l.unit_code, l.unit_name, ''), l.page, l.bbox, l.locator, "
        "l.line_item_id FROM line_items AS l JOIN statements AS s ON s.statement_id = l.statement_id "
        f"JOIN filings AS f ON f.filing_id = l.filing_id WHERE l.filing_id IN ({wanted}) AND l.amount_yuan IS NOT NULL "
        f"AND l.measure IS NOT NULL AND coalesce(l.fiscal_year, f.fiscal_year) = f.fiscal_year - {years_before} AND ({condition}) "
        "ORDER BY l.line_item_id"
    ):
        column = words.get(f"measure:{measure}", measure)
        label = " ".join(
            part for part in (f"《{title}》", code, name, column, f"{text}{_UNITS.get(value_unit, '')}") if part
        )
        where = Place(text, place[0], place[1], place[2], line_item_id)
        found[filing_id].append(Number(kind, measure, code, item, unit, amount, half, label, where, side, unit_key))
    return found


_UNITS = {"yuan": "元", "qian_yuan": "千元", "wan_yuan": "万元", "million_yuan": "百万元", "yi_yuan": "亿元"}


def alone(numbers: Iterable[Number]) -> dict[Key, Number]:
    """Numbers by their key, where a filing prints one only (a total row counts as the number without a code)."""
    by_key: dict[Key, list[Number]] = defaultdict(list)
    for one in numbers:
        is_row = one.code is not None or one.item == "total" or one.statement_type == "three_public"
        if is_row and one.unit_name is None:
            by_key[one.key].append(one)
    return {key: same[0] for key, same in by_key.items() if len({one.amount for one in same}) == 1}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number against another, or against the sum of others, and where these are printed, in words."""

    own: Number
    others: Sequence[Number]
    told_by: str

    @property
    def apart(self) -> Decimal:
        """By how much the number is more."""
        return self.own.amount - sum((one.amount for one in self.others), Decimal(0))


def _compare(filing_id: str, one: Comparison, doubt: tuple[str, str], *, at_least: bool) -> Instance:
    own, others, apart = one.own, one.others, one.apart
    total = own.amount - apart
    allowance = own.half + sum((each.half for each in others), Decimal(0))
    verdict = "exact" if at_least and apart > 0 else judge_difference(apart, allowance)
    listed = " + ".join(each.words for each in others)
    wrong = verdict == "violated"
    sign = "<" if at_least else "≠"
    identity = f"{own.words} {sign} {one.told_by}{listed}" + (f" = {total:,.2f} 元" if len(others) > 1 else "")
    return Instance(
        filing_id=filing_id,
        place=f"{own.place.line_item_id or own.item}|{'|'.join(str(each.place.line_item_id) for each in others)}",
        subject=own.words,
        verdict=verdict,
        quote=own.place.text,
        page=own.place.page,
        bbox=own.place.bbox,
        locator=own.place.locator,
        detail=f"{identity}，相差 {abs(apart):,.2f} 元" if wrong else None,
        detail_en=f"{identity}; off by {abs(apart):,.2f} yuan" if wrong else None,
        doubt=doubt[0] if wrong else None,
        doubt_en=doubt[1] if wrong else None,
        related=tuple(each.place for each in others),
    )


def compare_each(
    filing_id: str, numbers: Iterable[Comparison], doubt: tuple[str, str], *, at_least: bool = False
) -> Iterator[Instance]:
    """Each number against its counterparts; of those that are off by the same amount the smallest is the cause, the others contain it."""
    causes: dict[Decimal, str] = {}
    for one in sorted(numbers, key=lambda one: (abs(one.own.amount), -len(one.own.code or ""))):
        found = _compare(filing_id, one, doubt, at_least=at_least)
        if found.verdict == "violated":
            found = replace(found, cause=causes.setdefault(one.apart, found.place))
        yield found
