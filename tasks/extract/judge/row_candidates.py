"""Where else could a statement's rows begin and end? Rows drawn into one, and rows torn in two (并行、断行).

As in `candidates`, nothing here knows what closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from filings.amounts import is_blank, parse_number
from filings.documents import Cell
from tasks.extract.judge.candidates import VALUES, Candidate
from tasks.extract.matrix import Matrix
from tasks.extract.statements import Draft, Part

MOST_TORN = 12
"""How many rows of one statement are looked at as torn: at most two a page were seen to be, at its head and at its foot."""

Row = list[Cell | None]


def part_rows(draft: Draft) -> Iterator[Candidate]:
    """Rows whose numbers all stand as several lines in their cells are as many rows: the line between them was not drawn."""
    parts, found = list(draft.parts), []
    for part_no, part in enumerate(draft.parts):
        rows: list[Row] = []
        for at, cells in enumerate(part.matrix.rows):
            parted = _parted(draft, cells, at) if at >= part.skip_rows else None
            found += [_place(part, at)] if parted else []
            rows += parted or [list(cells)]
        parts[part_no] = _with_rows(part, rows)
    if found:
        yield Candidate(replace(draft, parts=parts), f"{', '.join(found)}: read as one row for each line in the cells")


def _parted(draft: Draft, cells: Sequence[Cell | None], at: int) -> list[Row] | None:
    """One row for each line, where all numbers and codes of a row have as many lines."""
    printed = [cell for cell in dict.fromkeys(cells) if cell is not None]
    if any(cell.row != at or cell.row_span > 1 for cell in printed):
        return None
    many = 0
    for column in draft.header.columns:
        cell = cells[column.index]
        if cell is None or is_blank(cell.text) or cell.col != column.index:
            continue
        lines = _lines(cell)
        if column.role in VALUES and (parse_number(cell.text) or not all(map(parse_number, lines))):
            return None
        if len(lines) < 2 or (many and len(lines) != many):
            return None
        many = len(lines)
    return [[_line_of(cell, line) for cell in cells] for line in range(many)] if many else None


def _lines(cell: Cell) -> list[str]:
    return [line for line in cell.text.split("\n") if line.strip()]


def _line_of(cell: Cell | None, line: int) -> Cell | None:
    return None if cell is None or is_blank(cell.text) else replace(cell, text=_lines(cell)[line])


def join_rows(draft: Draft) -> Iterator[Candidate]:
    """A row with a code and one with its numbers are halves of one row, torn by a line or a page end; all such, and each."""
    pairs = [place for place in _neighbours(draft) if _are_halves(draft, *place)]
    for chosen in [pairs, *([pair] for pair in pairs if len(pairs) > 1)] if 0 < len(pairs) <= MOST_TORN else []:
        joined = draft
        for upper, lower in reversed(chosen):
            joined = _joined(joined, upper, lower)
        places = ", ".join(_place(draft.parts[upper[0]], upper[1]) for upper, _ in chosen)
        yield Candidate(joined, f"{places}: read as one row with the next")


Place = tuple[int, int]
"""Part and grid row."""


def _neighbours(draft: Draft) -> Iterator[tuple[Place, Place]]:
    rows = [
        (part_no, at)
        for part_no, part in enumerate(draft.parts)
        for at in range(part.skip_rows, len(part.matrix.rows))
        if not part.matrix.is_blank_row(at)
    ]
    yield from pairwise(rows)


def _are_halves(draft: Draft, upper: Place, lower: Place) -> bool:
    """Whether one of two rows prints a code and no number, and the other numbers and no code."""
    above, below = (draft.parts[part].matrix.rows[at] for part, at in (upper, lower))
    numbers = [
        any(_has_number(row[c.index]) for c in draft.header.columns if c.role in VALUES) for row in (above, below)
    ]
    codes = [any(_is_printed(row[c.index]) for c in draft.header.columns if c.role == "code") for row in (above, below)]
    spans = any(cell is not None and cell.row_span > 1 for cell in (*above, *below))
    return numbers[0] != numbers[1] and codes == numbers[::-1] and not spans


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
