"""Does one grid hold several tables, one under the other or side by side (一框多表)?

A worksheet or a page may print the next table's title in the row right below a table, or beside it after an empty column.
Each title that names a statement begins a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from filings.amounts import parse_number
from filings.documents import Grid
from tasks.extract.header import count_header_rows
from tasks.extract.matrix import Matrix, to_matrix
from tasks.extract.preamble import TITLE_REACH, is_preamble
from tasks.extract.titles import find_title, is_table_number


def part_tables(grid: Grid) -> Iterator[Grid]:
    """The tables of a grid in reading order; a grid that is one table is yielded as it is."""
    titles = sorted({cell.row for cell in grid.cells if "表" in cell.text and find_title(cell.text)})
    if not titles:
        yield grid
        return
    matrix = to_matrix(grid, None)
    starts = [start for row in titles if (start := _find_start(matrix, row)) is not None]
    for first, end in zip([0, *starts], [*starts, grid.row_count], strict=True):
        part = _cut(grid, range(first, end), range(grid.col_count)) if starts else grid
        yield from _part_beside(part)


def _find_start(matrix: Matrix, row: int) -> int | None:
    """The first row of the table that a title in a row begins, or None where it begins none below other rows of data."""
    if any(parse_number(cell.text) is not None or not is_preamble(cell.text) for cell in matrix.texts(row)):
        return None
    start = row
    while start > 0 and matrix.texts(start - 1) and all(is_table_number(c.text) for c in matrix.texts(start - 1)):
        start -= 1
    above = [cell for upper in range(start) for cell in matrix.texts(upper)]
    if not any((number := parse_number(cell.text)) and number.places for cell in above):
        return None
    body = matrix.below(row + 1)
    begin = next(
        (n for n in range(len(body.rows)) if body.texts(n) and not all(is_preamble(c.text) for c in body.texts(n))),
        None,
    )
    if begin is None or begin > TITLE_REACH or len(body.texts(begin)) < 2 or not count_header_rows(body.below(begin)):
        return None
    return start


def _part_beside(grid: Grid) -> Iterator[Grid]:
    """The tables that stand side by side with an empty column between them, each under a title of its own."""
    used: set[int] = set()
    for cell in grid.cells:
        if cell.text.strip():
            used.update(range(cell.col, cell.col + cell.col_span))
    stretches: list[list[int]] = []
    for col in sorted(used):
        if stretches and stretches[-1][-1] == col - 1:
            stretches[-1].append(col)
        else:
            stretches.append([col])
    parts = [_cut(grid, range(grid.row_count), range(cols[0], cols[-1] + 1)) for cols in stretches]
    if len(parts) > 1 and all(_has_title(part) for part in parts):
        yield from parts
    else:
        yield grid


def _has_title(grid: Grid) -> bool:
    return any(find_title(cell.text) for cell in grid.cells if cell.row < TITLE_REACH)


def _cut(grid: Grid, rows: range, cols: range) -> Grid:
    """The part of a grid in some rows and columns."""
    cells = tuple(
        replace(
            cell,
            row=cell.row - rows.start,
            col=cell.col - cols.start,
            col_span=min(cell.col_span, cols.stop - cell.col),
        )
        for cell in grid.cells
        if cell.row in rows and cell.col in cols
    )
    edges = grid.col_edges_points[cols.start : cols.stop + 1] if grid.col_edges_points else ()
    return replace(grid, row_count=len(rows), col_count=len(cols), cells=cells, col_edges_points=edges)
