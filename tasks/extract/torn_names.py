"""A name of the chart of accounts that was torn over several rows (科目名称断行): by a page end, or for want of ruling lines.

Only the chart tells the rest of a name from a row of its own, so a name is put together only where it then is the very name
that the chart gives the code.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

from filings.amounts import parse_number
from filings.codes import economic_codes, function_codes
from filings.documents import Cell
from filings.text import match_key
from tasks.extract.drafts import Draft, Part
from tasks.extract.matrix import Matrix

MOST_LINES = 2
"""How many rows over or under its code a name may be torn to; the longest name of the charts has three lines in a narrow column."""

Place = tuple[int, int]
"""Part and grid row."""


@cache
def _names() -> dict[str, frozenset[str]]:
    """The folded names of each code of the charts, whatever their years."""
    found: dict[str, set[str]] = {}
    for code in (*function_codes(), *economic_codes()):
        found.setdefault(code.code, set()).add(match_key(code.name))
    return {code: frozenset(names) for code, names in found.items()}


def join_torn_names(draft: Draft) -> None:
    """Put the names of a statement by code together where they were torn over rows that print nothing else."""
    codes = [column.index for column in draft.header.columns if column.role == "code"]
    names = [column.index for column in draft.header.columns if column.role == "name"]
    if draft.form.kind != "coded" or not codes or len(names) != 1:
        return
    places = [
        (part_no, row)
        for part_no, part in enumerate(draft.parts)
        for row in range(part.skip_rows, len(part.matrix.rows))
        if not part.matrix.is_blank_row(row)
    ]
    pieces = [_piece(draft.parts[part_no].matrix, row, names[0]) for part_no, row in places]
    if not any(pieces):
        return
    for at, (part_no, row) in enumerate(places):
        cells = draft.parts[part_no].matrix.rows[row]
        code = "".join(match_key(cell.text) for index in codes if (cell := cells[index]) is not None)
        own = cells[names[0]]
        if pieces[at] or code not in _names() or own is None or own.row_span > 1:
            continue
        found = _find_pieces(pieces, at, own.text, _names()[code])
        if found is not None:
            _join(draft, [places[n] for n in found], places[at], names[0])


def _piece(matrix: Matrix, row: int, name: int) -> str:
    """The text of a row that prints a piece of a name and nothing else; empty where it prints more."""
    cells = matrix.texts(row)
    if len(cells) != 1 or cells[0].col != name or cells[0].col_span > 1 or parse_number(cells[0].text) is not None:
        return ""
    return cells[0].text


def _find_pieces(pieces: list[str], at: int, own: str, names: frozenset[str]) -> list[int] | None:
    """The rows around a row that, with it, print a name of its code; None where it is one already, or none is."""
    if match_key(own) in names:
        return None
    above = below = 0
    while above < MOST_LINES and at > above and pieces[at - above - 1]:
        above += 1
    while below < MOST_LINES and at + below + 1 < len(pieces) and pieces[at + below + 1]:
        below += 1
    for over, under in product(range(above + 1), range(below + 1)):
        texts = [*pieces[at - over : at], own, *pieces[at + 1 : at + 1 + under]]
        if (over or under) and match_key("".join(texts)) in names:
            return [*range(at - over, at), *range(at + 1, at + 1 + under)]
    return None


def _join(draft: Draft, torn: list[Place], place: Place, name: int) -> None:
    part_no, row = place
    own = draft.parts[part_no].matrix.rows[row][name]
    before = [one for one in torn if one < place]
    texts = [_take(draft, one, name) for one in torn]
    if own is not None:
        lines = [*texts[: len(before)], own.text, *texts[len(before) :]]
        joined = replace(own, text="\n".join(line for line in lines if line))
        draft.parts[part_no] = _with_cell(draft.parts[part_no], row, name, joined)


def _take(draft: Draft, place: Place, name: int) -> str:
    """The text of a torn row, which is blank from now on."""
    part_no, row = place
    cell = draft.parts[part_no].matrix.rows[row][name]
    draft.parts[part_no] = _with_cell(draft.parts[part_no], row, name, None)
    return cell.text if cell is not None else ""


def _with_cell(part: Part, row: int, col: int, cell: Cell | None) -> Part:
    rows = list(part.matrix.rows)
    rows[row] = (*rows[row][:col], cell, *rows[row][col + 1 :])
    return replace(part, matrix=replace(part.matrix, rows=tuple(rows)))
