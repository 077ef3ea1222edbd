"""Is a table the right half of the one before, whose columns did not fit on one page (表格左右分页)?

A sheet that is too wide is printed in two: the columns on the right stand on a page of their own, row beside row, with the row
labels again or without any. The halves are one table only where every row of one has its row in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from filings.amounts import is_blank, parse_number
from filings.documents import Cell
from filings.text import match_key
from tasks.extract.columns import Column, Header
from tasks.extract.drafts import SHEET_KINDS, Draft, Part
from tasks.extract.header import read_header
from tasks.extract.matrix import Matrix, to_matrix
from tasks.extract.preamble import LaidTable, Pending, is_preamble

SAME_ROW_POINTS = 2.0
"""Amounts of one row stand as high in both halves up to this: a page may be shifted as a whole, but not its rows."""

LABEL_ROLES = ("code", "name", "unit_code", "unit_name")
"""Roles of columns that tell which row it is."""


def widen_statement(current: Draft, again: Draft | None, table: LaidTable, between: Pending) -> bool:
    """Add the columns of a table to a statement of one part if it is its right half.

    Args:
        current: The statement.
        again: What the table would begin by itself, if it stands under a title of its own.
        table: The table.
        between: The lines between the two.
    """
    left = current.parts[-1]
    if len(current.parts) != 1 or current.form.kind in SHEET_KINDS or left.page is None or table.page != left.page + 1:
        return False
    if (again is not None and again.title.key != current.title.key) or not left.grid.col_edges_points:
        return False
    if not all(is_preamble(line.text) for _, line in between):
        return False
    header = read_header(table.body, current.form, table.grid.has_spans)
    right = Part(table.matrix, table.grid, table.page, table.head_rows + header.row_count)
    if not _adds_measures(current.header, header) or not _has_same_rows(current, left, header, right):
        return False
    width = left.grid.col_count
    added = [
        replace(
            column,
            index=width + column.index,
            role="text" if column.role in LABEL_ROLES else column.role,
            page=right.page,
        )
        for column in header.columns
    ]
    current.header = replace(current.header, columns=(*current.header.columns, *added))
    current.parts = [_side_by_side(left, right)]
    current.readings.append(f"page {right.page}: read as the right half of this table, row beside row")
    return True


def _adds_measures(left: Header, right: Header) -> bool:
    """Whether the right half has columns of amounts, and none that the left has."""
    seen = [(c.side, c.measure, c.year, c.year_offset) for c in (*left.columns, *right.columns) if c.role == "value"]
    return right.is_plausible and len(seen) == len(set(seen))


def _has_same_rows(current: Draft, left: Part, header: Header, right: Part) -> bool:
    rows = len(left.matrix.rows) - left.skip_rows
    if rows != len(right.matrix.rows) - right.skip_rows or rows == 0:
        return False
    labels = [column for column in header.columns if column.role in LABEL_ROLES]
    if labels:
        own = [column for column in current.header.columns if column.role in LABEL_ROLES]
        return [c.role for c in own] == [c.role for c in labels] and _labels(left, own) == _labels(right, labels)
    pairs = zip(_heights(left, current.header), _heights(right, header), strict=True)
    offsets = [two - one for one, two in pairs if one is not None and two is not None]
    return len(offsets) > 1 and max(offsets) - min(offsets) < SAME_ROW_POINTS


def _labels(part: Part, columns: Sequence[Column]) -> list[list[str]]:
    """What the label columns print, row by row."""
    rows = part.matrix.rows[part.skip_rows :]
    return [[match_key(cell.text) if (cell := row[column.index]) else "" for column in columns] for row in rows]


def _heights(part: Part, header: Header) -> list[float | None]:
    """How high the amounts of each row stand on their page; None where a row prints none."""
    values = [column.index for column in header.columns if column.role in {"value", "unknown"}]
    heights: list[float | None] = []
    for row in range(part.skip_rows, len(part.matrix.rows)):
        cells = [cell for at in values if (cell := part.matrix.anchored(row, at)) is not None]
        tops = [cell.box.top for cell in cells if cell.box and parse_number(cell.text) is not None]
        heights.append(min(tops, default=None))
    return heights


def _side_by_side(left: Part, right: Part) -> Part:
    """Both halves as one grid, the cells of the right one on their own page."""
    width, shift = left.grid.col_count, left.skip_rows - right.skip_rows
    added = [
        _moved(cell, shift, width, right.page)
        for cell in right.grid.cells
        if cell.row >= right.skip_rows and not is_blank(cell.text)
    ]
    offset = left.grid.col_edges_points[-1] - right.grid.col_edges_points[0]
    grid = replace(
        left.grid,
        col_count=width + right.grid.col_count,
        cells=tuple(sorted((*left.grid.cells, *added), key=lambda cell: (cell.row, cell.col))),
        col_edges_points=(
            *left.grid.col_edges_points,
            *(edge + offset for edge in right.grid.col_edges_points[1:]),
        ),
    )
    matrix: Matrix = to_matrix(grid, left.page)
    return replace(left, grid=grid, matrix=matrix)


def _moved(cell: Cell, rows: int, cols: int, page: int | None) -> Cell:
    return replace(cell, row=cell.row + rows, col=cell.col + cols, page=page)
