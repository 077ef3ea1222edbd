"""Does a table go on with the statement before it, on the same page or the next (续表)?"""

from __future__ import annotations

import re

from filings.amounts import is_blank, parse_number
from filings.documents import Grid
from filings.text import match_key, squeeze
from tasks.extract.drafts import SHEET_KINDS, Draft, Part
from tasks.extract.header import count_header_rows
from tasks.extract.matrix import Matrix, align_columns, to_matrix
from tasks.extract.preamble import LaidTable, Pending, is_preamble, lay_out_table
from tasks.extract.titles import find_title

NOTE = re.compile(
    r"^(?:注|备注|说明|附注)\d?[:：.、]|^[(（]?(?:本表|此表|本部门|本单位).{0,30}(?:空表|无数据|无发生额|无此项|不涉及)|^注"
)
"""How a note under a statement begins."""


def continue_statement(current: Draft, again: Draft | None, table: LaidTable, pending: Pending) -> bool:
    """Add a table to the current statement if it continues it (续表).

    Args:
        current: The statement.
        again: What the table would begin by itself, if it stands under a title of its own.
        table: The table.
        pending: The lines between the two.
    """
    if again is None:
        return _follows(current, table.page, pending) and _add_part(current, table, 0)
    if not _is_same_again(current, again, pending) or not _add_part(current, table, table.head_rows):
        return False
    place = f"page {table.page}" if table.page is not None else again.place.locator
    current.readings.append(f"{place}: title repeated, read as one statement")
    if current.unit is None:
        current.unit, current.unit_text = again.unit, again.unit_text
    return True


def _follows(current: Draft, page: int | None, pending: Pending) -> bool:
    """Whether a table may continue the current statement: at once, on the same or the next page, without text between."""
    last = current.parts[-1].page
    if page is not None and last is not None and page - last > 1:
        return False
    return all(is_preamble(line.text) for _, line in pending)


def _is_same_again(current: Draft, draft: Draft, pending: Pending) -> bool:
    """Whether a new table only repeats title and header of the current one on a further page (每页重复表头)."""
    if current.title.key != draft.title.key or current.form.kind in SHEET_KINDS:
        return False
    if [c.label for c in current.header.columns] != [c.label for c in draft.header.columns]:
        return False
    return not any(NOTE.match(squeeze(line.text)) for _, line in pending) and not _has_prose(pending)


def _has_prose(pending: Pending) -> bool:
    return any(
        not is_preamble(line.text) and find_title(line.text) is None and len(squeeze(line.text)) > 30
        for _, line in pending
    )


def _add_part(current: Draft, table: LaidTable, skip: int) -> bool:
    """Add a table as a further part if its columns line up; rows that repeat the header are skipped."""
    grid = table.grid
    aligned = align_columns(grid, current.base.col_edges_points, current.base.col_count)
    if aligned is None and _prints_header_again(current, table.matrix.below(skip)):
        aligned = align_columns(grid, (), current.base.col_count)
    if aligned is None and current.form.kind in SHEET_KINDS and _heads_indicators(grid):
        aligned = grid
    if aligned is None:
        return False
    matrix = table.matrix if aligned is grid else to_matrix(aligned, table.page)
    repeated = repeated_header_rows(current, matrix.below(skip))
    if repeated is None or _has_amounts_as_labels(current, matrix.below(skip + repeated)):
        return False
    current.parts.append(Part(matrix, aligned, table.page, skip + repeated))
    return True


def _has_amounts_as_labels(current: Draft, body: Matrix) -> bool:
    """Whether amounts stand in columns of names: the columns of the part are other ones, whatever their borders."""
    names = [column.index for column in current.header.columns if column.role == "name"]
    cells = [cell for row in range(len(body.rows)) for at in names if (cell := body.anchored(row, at)) is not None]
    amounts = sum((number := parse_number(cell.text)) is not None and number.places > 0 for cell in cells)
    return 2 * amounts > sum(not is_blank(cell.text) for cell in cells)


def _prints_header_again(current: Draft, body: Matrix) -> bool:
    """Whether the part repeats the whole header cell by cell, so that its columns are the same, however wide."""
    first = current.parts[0]
    rows = count_header_rows(body)
    begin = len(first.matrix.rows) - len(lay_out_table(first.grid, first.page).body.rows)
    if not 0 < rows == first.skip_rows - begin or body.width != first.matrix.width:
        return False
    return all(
        [(cell.col, cell.col_span, squeeze(cell.text)) for cell in body.texts(row)]
        == [(cell.col, cell.col_span, squeeze(cell.text)) for cell in first.matrix.texts(begin + row)]
        for row in range(rows)
    )


def _heads_indicators(grid: Grid) -> bool:
    """Whether a part of a performance sheet brings its own header of indicators, so that its columns may be other ones."""
    return any(match_key(cell.text) == "一级指标" for cell in grid.cells)


def repeated_header_rows(current: Draft, body: Matrix) -> int | None:
    """Rows of a further part that repeat the header, or None if they are the header of another table."""
    if current.form.kind in SHEET_KINDS:
        return 0
    rows = count_header_rows(body)
    if rows == len(body.rows) or rows == 0:
        return 0
    known = {squeeze(c.text) for part in current.parts for row in range(part.skip_rows) for c in part.matrix.texts(row)}
    texts = [squeeze(cell.text) for row in range(rows) for cell in body.texts(row)]
    repeated = sum(text in known for text in texts)
    if texts and repeated * 2 > len(texts):
        return rows
    value_columns = {c.index for c in current.header.columns if c.role in {"value", "unknown"}}
    labelled = all(cell.col not in value_columns for row in range(rows) for cell in body.texts(row))
    return 0 if labelled else None
