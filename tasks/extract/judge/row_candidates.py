"""Where else could a statement's rows begin and end? Rows drawn into one, and rows torn in two (并行、断行).

As in `candidates`, nothing here knows what closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import NamedTuple

from filings.amounts import is_blank, parse_number
from filings.documents import Cell
from tasks.extract.drafts import Draft, Part
from tasks.extract.judge.candidates import VALUES, Candidate
from tasks.extract.matrix import Matrix

MOST_TORN = 12
"""How many rows of one statement are looked at as torn: at most two a page were seen to be, at its head and at its foot."""

MOST_WAYS = 32
"""In how many ways blanks may lie in rows drawn into one: five columns with a blank in one of two rows."""

Row = list[Cell | None]
Place = tuple[int, int]
"""Part and grid row."""


def has_open_rows(draft: Draft) -> bool:
    """Whether a statement has rows that may be several, or halves of one."""
    return next(part_rows(draft), None) is not None or next(join_rows(draft), None) is not None


def part_rows(draft: Draft) -> Iterator[Candidate]:
    """Rows whose cells hold several lines, each a number, are as many rows: the line between them was not drawn.

    Where a cell holds fewer lines than its neighbours, one of the rows has a blank there: any of them.
    """
    ways = {
        (part_no, at): _ways_to_part(draft, part.matrix.rows[at], at)
        for part_no, part in enumerate(draft.parts)
        for at in range(part.skip_rows, len(part.matrix.rows))
    }
    ways = {place: rows for place, rows in ways.items() if rows}
    if all(len(rows) == 1 for rows in ways.values()) and len(ways) > 1:
        yield _parted(draft, {place: rows[0] for place, rows in ways.items()})
    for place, rows in ways.items():
        for way in rows:
            yield _parted(draft, {place: way})


def _parted(draft: Draft, ways: dict[Place, list[Row]]) -> Candidate:
    parts = list(draft.parts)
    for part_no in {part_no for part_no, _ in ways}:
        rows = enumerate(parts[part_no].matrix.rows)
        parts[part_no] = _with_rows(
            parts[part_no], [row for at, cells in rows for row in ways.get((part_no, at), [list(cells)])]
        )
    places = ", ".join(_place(draft.parts[part_no], at) for part_no, at in ways)
    return Candidate(replace(draft, parts=parts), f"{places}: read as one row for each line in the cells")


def _ways_to_part(draft: Draft, cells: Sequence[Cell | None], at: int) -> list[list[Row]]:
    """The rows for the lines of a row, in every way that the blanks allow; none where its cells do not hold one thing a line.

    Codes or numbers must stand in several lines: a name does so wherever it is wrapped.
    """
    telling = [cells[column.index] for column in draft.header.columns if column.role in VALUES or column.role == "code"]
    if not any(cell is not None and "\n" in cell.text for cell in telling):
        return []
    printed = [cell for cell in cells if cell is not None and not is_blank(cell.text)]
    many = max((len(_lines(cell)) for cell in printed), default=0)
    if many < 2 or any(cell.row != at or cell.row_span > 1 for cell in printed):
        return []
    ways: list[list[Row]] = [[[None] * len(cells) for _ in range(many)]]
    for column in draft.header.columns:
        cell = cells[column.index]
        if cell is None or is_blank(cell.text) or cell.col != column.index:
            continue
        lines = _lines(cell)
        is_whole = column.role in VALUES and parse_number(cell.text) is not None and len(lines) > 1
        if is_whole or (column.role in VALUES and not all(map(parse_number, lines))):
            return []
        if column.role == "name" and len(lines) < many:
            return []
        kept = list(combinations(range(many), len(lines)))
        if len(ways) * len(kept) > MOST_WAYS:
            return []
        ways = [_filled(way, column.index, cell, lines, places) for way in ways for places in kept]
    return ways


def _filled(way: list[Row], col: int, cell: Cell, lines: list[str], places: Sequence[int]) -> list[Row]:
    texts = dict(zip(places, lines, strict=True))
    return [
        [replace(cell, text=texts[at]) if at in texts and index == col else old for index, old in enumerate(row)]
        for at, row in enumerate(way)
    ]


def _lines(cell: Cell) -> list[str]:
    return [line for line in cell.text.split("\n") if line.strip()]


def join_rows(draft: Draft) -> Iterator[Candidate]:
    """A row with a code and one with its numbers are halves of one row, torn by a line or a page end; all such, and each."""
    pairs = [(upper, lower) for (upper, above), (lower, below) in pairwise(_rows(draft)) if _are_halves(above, below)]
    for chosen in [pairs, *([pair] for pair in pairs if len(pairs) > 1)] if 0 < len(pairs) <= MOST_TORN else []:
        joined = draft
        for upper, lower in reversed(chosen):
            joined = _joined(joined, upper, lower)
        places = ", ".join(_place(draft.parts[upper[0]], upper[1]) for upper, _ in chosen)
        yield Candidate(joined, f"{places}: read as one row with the next")


class _Half(NamedTuple):
    """What a row prints, by which it may be half of one."""

    has_number: bool
    has_code: bool
    has_spans: bool


def _rows(draft: Draft) -> list[tuple[Place, _Half]]:
    """The rows that print anything."""
    values = [column.index for column in draft.header.columns if column.role in VALUES]
    codes = [column.index for column in draft.header.columns if column.role == "code"]
    return [
        (
            (part_no, at),
            _Half(
                any(_has_number(cells[index]) for index in values),
                any(_is_printed(cells[index]) for index in codes),
                any(cell is not None and cell.row_span > 1 for cell in cells),
            ),
        )
        for part_no, part in enumerate(draft.parts)
        for at, cells in enumerate(part.matrix.rows)
        if at >= part.skip_rows and not part.matrix.is_blank_row(at)
    ]


def _are_halves(above: _Half, below: _Half) -> bool:
    """Whether one of two rows prints a code and no number, and the other numbers and no code."""
    is_torn = above.has_number != below.has_number and (above.has_code, below.has_code) == (
        below.has_number,
        above.has_number,
    )
    return is_torn and not (above.has_spans or below.has_spans)


def _has_number(cell: Cell | None) -> bool:
    return cell is not None and parse_number(cell.text) is not None


def _is_printed(cell: Cell | None) -> bool:
    return cell is not None and not is_blank(cell.text)


def _joined(draft: Draft, upper: Place, lower: Place) -> Draft:
    """Put the row together where its numbers are printed, so that they keep their page."""
    parts = list(draft.parts)
    above, below = (parts[part].matrix.rows[at] for part, at in (upper, lower))
    below_has = any(_has_number(cell) for cell in below)
    keep, drop = (lower, upper) if below_has else (upper, lower)
    row = [_both(a, b) for a, b in zip(above, below, strict=True)]
    rows = {part: [list(cells) for cells in parts[part].matrix.rows] for part in {keep[0], drop[0]}}
    rows[keep[0]][keep[1]] = row
    del rows[drop[0]][drop[1]]
    for part, changed in rows.items():
        parts[part] = _with_rows(parts[part], changed)
    return replace(draft, parts=parts)


def _both(above: Cell | None, below: Cell | None) -> Cell | None:
    if above is None or below is None or not (_is_printed(above) and _is_printed(below)):
        return above if _is_printed(above) else below
    return replace(above, text=f"{above.text}\n{below.text}")


def _with_rows(part: Part, rows: list[Row]) -> Part:
    """The part with other rows, its cells numbered anew."""
    first: dict[int, Cell] = {}
    for at, row in enumerate(rows):
        for cell in row:
            if cell is not None and id(cell) not in first:
                first[id(cell)] = replace(cell, row=at)
    renumbered = tuple(tuple(first[id(cell)] if cell is not None else None for cell in row) for row in rows)
    return replace(part, matrix=Matrix(renumbered, part.matrix.page))


def _place(part: Part, row: int) -> str:
    return f"page {part.page} row {row + 1}" if part.page is not None else f"row {row + 1}"
