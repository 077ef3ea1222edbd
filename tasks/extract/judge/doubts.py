"""Which readings may be wrong, and why? (读法存疑之处)

A recognised number is in doubt unless the recogniser is sure of it, or an identity that closes exactly would break if it
were another; every number in doubt becomes a finding. Numbers of a text layer are never in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from expectations.rule import load_rules
from filings.amounts import half_place, parse_number
from filings.records import LineItem
from tasks.extract.judge.candidates import lost_labels
from tasks.extract.judge.digits import doubtful_cells
from tasks.extract.judge.scorer import Judged
from tasks.extract.reading import Reading

SURE = Decimal("0.98")
"""The recogniser is sure of a number from here on."""

Place = tuple[int, int, int]
"""Statement, row and column of a number."""


def say_doubts(readings: Sequence[Reading], judged: Sequence[Judged]) -> list[Reading]:
    """The readings with what speaks against them: in each statement, and in each of its recognised numbers.

    Args:
        readings: The statements in order, as they are read at last.
        judged: All identities of the filing.
    """
    broken = find_broken(judged)
    confirmed = _find_confirmed(judged)
    return [
        replace(
            reading,
            items=[_with_doubt(item, confirmed) for item in reading.items],
            doubt=_doubt_statement(reading, at, broken.get(at, ())),
        )
        for at, reading in enumerate(readings, start=1)
    ]


def find_broken(judged: Sequence[Judged]) -> Mapping[int, list[Judged]]:
    """Broken identities by the statements whose numbers stand in them."""
    found: dict[int, list[Judged]] = {}
    for one in judged:
        if one.verdict == "violated":
            for number in {placed.item.statement_no for placed in one.terms}:
                found.setdefault(number, []).append(one)
    return found


def _find_confirmed(judged: Sequence[Judged]) -> frozenset[Place]:
    """The numbers that no other digits could take the place of: they stand in a sum that closes to the last digit.

    A limit confirms nothing, and a percentage only itself: what it was computed from may differ by less than it shows.
    """
    rules = load_rules()
    return frozenset(
        (placed.item.statement_no, placed.item.row_no, placed.item.column_no)
        for one in judged
        if one.verdict == "exact" and one.says_something and rules[one.rule_id].relation == "="
        for placed in one.terms
        if rules[one.rule_id].kind == "identity" or placed.term.role == "total"
    )


def _with_doubt(item: LineItem, confirmed: frozenset[Place]) -> LineItem:
    if item.confidence is None:
        return item
    recognised = parse_number(item.value_text)
    doubt = None
    if recognised is None or recognised.value != item.value:
        doubt = f"recognised as {item.value_text.strip()}, read as {item.value:f} because identities close with it"
    elif (item.statement_no, item.row_no, item.column_no) in confirmed:
        return item
    elif item.confidence < SURE:
        doubt = f"recognised with confidence {item.confidence:.2f}, and no identity confirms it"
    elif half_place(recognised.places) > item.half_place:
        doubt = "fewer decimals are recognised than the column prints, and no identity confirms it"
    return replace(item, doubt=doubt)


def _doubt_statement(reading: Reading, number: int, broken: Sequence[Judged]) -> str | None:
    """Recognised numbers that others contradict, and columns without a header."""
    unsure = {(cell.key.row_no, cell.column.index + 1) for cell in doubtful_cells(reading)}
    count = sum(
        any((p.item.row_no, p.item.column_no) in unsure for p in one.terms if p.item.statement_no == number)
        for one in broken
    )
    doubts = [f"{count} broken identities hold numbers of which the recogniser was not sure"] if count else []
    lost = [column for column in lost_labels(reading.draft) if _has_numbers(reading, column.index)]
    doubts += [f"no header over column {column.index + 1}" for column in lost]
    return "; ".join(doubts) or None


def _has_numbers(reading: Reading, index: int) -> bool:
    return any(cell.column.index == index and cell.number is not None for cell in reading.table.cells)
