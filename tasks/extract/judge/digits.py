"""A recognised number in a broken identity: was a digit misread? (识别存疑的数字)

Only numbers of which the recogniser is less sure than of most in the statement are looked at, and only such other texts as
recognisers confuse. A number is read otherwise only if that closes every identity it stands in, and if nothing else of that
kind would close any of those that were broken. The text stays as recognised. Numbers of a text layer are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from statistics import median

from filings.amounts import parse_number
from tasks.extract.judge.candidates import Candidate
from tasks.extract.judge.choose import Bench
from tasks.extract.judge.scorer import Judged
from tasks.extract.reading import Reading
from tasks.extract.rows import ReadCell

CONFUSED = {
    "0": "68",
    "1": "7",
    "3": "85",
    "5": "63",
    "6": "058",
    "7": "1",
    "8": "3069",
    "9": "8",
}
"""Digits that are taken for one another in print of low resolution: their shapes differ by one stroke or one gap."""

MOST_DIGITS = 2
"""How many digits of one number may be confused at once: with three, a number of six digits can become nearly any other."""

THOUSAND = 3
"""Digits between the commas of a number."""

WIDEST_PERCENT = 2
"""As how many digits a % is read: 9, 96, 06."""

MOST_CORRECTIONS = 30
"""How many numbers of a statement are read otherwise at most: where more are in doubt, the page has to be scanned again."""


GROUP = 3
"""Digits between two commas (千分位)."""

_GROUPED = re.compile(r"^-?\d{1,3}\.\d{3}$")


@dataclass(frozen=True, slots=True)
class Correction:
    """Another text for one cell, with the broken identities that it closes."""

    reading: Reading
    place: tuple[int, int, int]
    text: str
    closes: frozenset[tuple[str, tuple[object, ...]]]
    changes: int
    exact: int
    words: str


def correct_digits(bench: Bench, at: int) -> None:
    """Read doubtful numbers of a statement otherwise, one by one, as long as the identities tell which and how."""
    for _ in range(MOST_CORRECTIONS):
        options = list(_options(bench, at))
        options = [one for one in options if not any(_is_nearer(other, one) for other in options)]
        alone = [one for one in options if not any(one.closes & other.closes for other in options if other is not one)]
        if not alone:
            return
        chosen = max(alone, key=lambda one: len(one.closes))
        draft = replace(chosen.reading.draft, readings=[*chosen.reading.draft.readings, chosen.words])
        bench.take(at, replace(chosen.reading, draft=draft))


def regroup_digits(reading: Reading) -> Iterator[Candidate]:
    """Points before three digits are commas, where the other numbers of the column print no such decimals (千分位误作小数点).

    All at once: worn print takes the same comma from a total and from its parts, whose sums close in thousandths too.
    """
    misread = {
        cell.place: cell.text.strip().replace(".", ",")
        for cell in reading.table.cells
        if cell.confidence is not None and _GROUPED.match(cell.text.strip()) and _places(reading, cell) < GROUP
    }
    if misread:
        words = ", ".join(f"{text.replace(',', '.')!r} was recognised, read as {text}" for text in misread.values())
        yield Candidate(replace(reading.draft, corrections=reading.draft.corrections | misread), words)


def _is_nearer(one: Correction, other: Correction) -> bool:
    """Whether a text of the same cell confuses fewer digits, or as many and closes more identities exactly."""
    if one.place != other.place or one is other:
        return False
    return (one.changes, -one.exact) < (other.changes, -other.exact)


def doubtful_cells(reading: Reading) -> list[ReadCell]:
    """The recognised numbers of which the recogniser is less sure than of most."""
    sure = [cell.confidence for cell in reading.table.cells if cell.confidence is not None]
    middle = median(sure) if sure else 0.0
    return [cell for cell in reading.table.cells if cell.confidence is not None and cell.confidence < middle]


def _options(bench: Bench, at: int) -> Iterator[Correction]:
    reading = bench.readings[at]
    doubtful = doubtful_cells(reading)
    if not doubtful:
        return
    before = bench.judge_with(at, reading)
    broken = {(one.rule_id, one.key): one for one in before if one.verdict == "violated"}
    sound = {(one.rule_id, one.key) for one in before if one.verdict in ("exact", "rounding")}
    for cell in doubtful:
        own = [one for one in broken.values() if _stands_in(cell, one, at)]
        if cell.number is not None and not own:
            continue
        for text in variants(cell.text, _places(reading, cell)):
            if not _may_close(cell, text, own, at):
                continue
            corrections = reading.draft.corrections | {cell.place: text}
            tried = bench.reread(replace(reading.draft, corrections=corrections), at + 1)
            after = {(one.rule_id, one.key): one for one in bench.judge_with(at, tried)}
            inside = [one for one in after.values() if _stands_in(cell, one, at)]
            closed = frozenset(key for key in broken if key not in after or after[key].verdict in ("exact", "rounding"))
            if not closed or any(one.verdict == "violated" for one in inside):
                continue
            if any(key in after and after[key].verdict == "violated" for key in sound):
                continue
            row = f"row {cell.key.row_no}, column {cell.column.index + 1}"
            words = f"{row}: {cell.text.strip()!r} was recognised, read as {text} ({len(closed)} identities close)"
            exact = sum(one.verdict == "exact" for one in inside)
            yield Correction(tried, cell.place, text, closed, _changes(cell.text, text), exact, words)


def _stands_in(cell: ReadCell, one: Judged, at: int) -> bool:
    return any(
        placed.item.statement_no == at + 1
        and placed.item.row_no == cell.key.row_no
        and placed.item.column_no == cell.column.index + 1
        for placed in one.terms
    )


def _places(reading: Reading, cell: ReadCell) -> int:
    """Decimal places that most numbers of the cell's column print."""
    printed = [
        other.number.places
        for other in reading.table.cells
        if other.column.index == cell.column.index and other.number is not None and other is not cell
    ]
    return max(set(printed), key=lambda places: (printed.count(places), places)) if printed else 0


def variants(text: str, places: int) -> list[str]:
    """What a recognised number may be in print: other digits, a lost point, a comma for a point, digits for a %, a lost minus.

    Args:
        text: As recognised.
        places: Decimal places of its column.
    """
    key = text.strip().replace(" ", "").replace("，", ",")
    found: dict[str, None] = {}
    at_digits = [at for at, sign in enumerate(key) if sign in CONFUSED]
    for many in range(1, MOST_DIGITS + 1):
        for places_changed in combinations(at_digits, many):
            _substitute(key, places_changed, found)
    digits = "".join(sign for sign in key if sign.isdigit())
    if places and len(digits) > places:
        found[f"{digits[:-places]}.{digits[-places:]}"] = None
    if len(key.rpartition(".")[2]) == THOUSAND and key.count(".") == 1:
        found[key.replace(".", ",")] = None
    if places and 0 < (more := len(key.rpartition(".")[2]) - places) <= WIDEST_PERCENT and "." in key:
        found[f"{key[:-more]}%"] = None
    if not key.startswith(("-", "(", "（")):
        found[f"-{key}"] = None
    now = parse_number(text)
    known = {now.value} if now else set()
    kept: list[str] = []
    for variant in found:
        number = parse_number(variant)
        if number is not None and number.value not in known:
            known.add(number.value)
            kept.append(variant)
    return kept


def _changes(recognised: str, text: str) -> int:
    """How many signs differ; a sign more or less counts as one."""
    key = recognised.strip().replace(" ", "").replace("，", ",")
    return sum(a != b for a, b in zip(key, text, strict=True)) if len(key) == len(text) else 1


def _substitute(key: str, at: Sequence[int], found: dict[str, None]) -> None:
    texts = [list(key)]
    for position in at:
        texts = [
            [*text[:position], other, *text[position + 1 :]] for text in texts for other in CONFUSED[key[position]]
        ]
    for text in texts:
        found["".join(text)] = None


def _may_close(cell: ReadCell, text: str, own: Sequence[Judged], at: int) -> bool:
    """Whether a text, put in the cell's place, may close the broken sums in which it stands: a first sieve, without reading anew."""
    new = parse_number(text)
    if new is None:
        return False
    if cell.number is None:
        return True
    change = new.value - cell.number.value
    for one in own:
        if any(placed.term.role == "base" for placed in one.terms):
            continue
        shift = hidden = Decimal(0)
        for placed in one.terms:
            item = placed.item
            in_yuan = item.half_place_yuan is not None
            scale = (
                item.half_place_yuan / item.half_place if in_yuan and item.half_place_yuan is not None else Decimal(1)
            )
            hidden += item.half_place * scale
            if (item.statement_no, item.row_no, item.column_no) == (at + 1, cell.key.row_no, cell.column.index + 1):
                sign = placed.term.selector.sign if placed.term.role == "total" else -placed.term.selector.sign
                shift += change * scale * sign
        if abs(one.difference + shift) > hidden and len(one.terms) > 1:
            return False
    return True
