"""A grid as a matrix: which cell covers this position, and how do the columns of a continued part line up?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from filings.amounts import is_blank
from filings.documents import Cell, Grid

SAME_EDGE_SHARE = 0.5
"""A column of a continued part lies on a column of the first part if it covers more than half of it: the only
threshold that gives at most one answer."""


SAME_SHARE = 0.01
"""Borders of one table in two sizes divide its width alike up to this: half a point of rounding in a column of 50 points."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells by position; a merged cell stands at every position it covers.

    Args:
        rows: ``rows[r][c]`` is the covering cell or None.
        page: Page number of the grid, None without pages.
        first_row: Row of the grid that is row 0 here.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    page: int | None
    first_row: int = 0

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(row) for row in self.rows), default=0)

    def anchored(self, row: int, col: int) -> Cell | None:
        """The cell that begins at this very position, if any."""
        cell = self.rows[row][col]
        return cell if cell is not None and (cell.row, cell.col) == (row + self.first_row, col) else None

    def texts(self, row: int) -> list[Cell]:
        """Distinct cells with printed text that begin in this row, left to right."""
        at = row + self.first_row
        cells = {id(cell): cell for cell in self.rows[row] if cell is not None and cell.row == at and cell.text.strip()}
        return list(cells.values())

    def below(self, skipped: int) -> Matrix:
        """The rows after some; a cell that begins above them does not reach into them."""
        if skipped == 0:
            return self
        first = self.first_row + skipped
        rows = tuple(
            tuple(cell if cell is not None and cell.row >= first else None for cell in row)
            for row in self.rows[skipped:]
        )
        return Matrix(rows, self.page, first)

    def is_blank_row(self, row: int) -> bool:
        """Whether nothing is printed in a row; a cell merged down from above does not count."""
        return not self.texts(row)


def to_matrix(grid: Grid, page: int | None) -> Matrix:
    """Lay out a grid's cells by position."""
    rows: list[list[Cell | None]] = [[None] * grid.col_count for _ in range(grid.row_count)]
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.row_span, grid.row_count)):
            for col in range(cell.col, min(cell.col + cell.col_span, grid.col_count)):
                rows[row][col] = cell
    return Matrix(tuple(tuple(row) for row in rows), page)


def align_columns(grid: Grid, base_edges: tuple[float, ...], base_width: int) -> Grid | None:
    """Put a continued part's cells onto the columns of the first part (续页列对齐).

    Args:
        grid: The part on a later page.
        base_edges: Column borders of the first part in points; empty where the format has none.
        base_width: Its number of columns.

    Returns:
        The part with the base's columns, or None if it does not fit them.
    """
    if not base_edges or not grid.col_edges_points:
        return _align_by_count(grid, base_width)
    if grid.col_count == base_width and _are_alike(grid.col_edges_points, base_edges):
        return replace(grid, col_edges_points=base_edges)
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    covered_by: dict[tuple[int, int], list[int]] = {}
    for cell in grid.cells:
        stretch = (cell.col, cell.col + cell.col_span)
        if stretch not in covered_by:
            left, right = (grid.col_edges_points[edge] for edge in stretch)
            covered_by[stretch] = [
                col
                for col in range(base_width)
                if _overlap(left, right, base_edges[col], base_edges[col + 1])
                > SAME_EDGE_SHARE * (base_edges[col + 1] - base_edges[col])
            ]
        covered = covered_by[stretch]
        if not covered:
            if is_blank(cell.text):
                continue
            return None
        positions = {(cell.row + r, col) for r in range(cell.row_span) for col in covered}
        if positions & taken:
            if is_blank(cell.text):
                continue
            return None
        taken |= positions
        col, col_span = covered[0], covered[-1] - covered[0] + 1
        is_moved = (col, col_span) != (cell.col, cell.col_span)
        cells.append(replace(cell, col=col, col_span=col_span) if is_moved else cell)
    return replace(grid, col_count=base_width, cells=tuple(cells), col_edges_points=base_edges)


def _are_alike(edges: tuple[float, ...], base_edges: tuple[float, ...]) -> bool:
    """Whether borders are the same in another size: a table goes on on a page that lies on its side (纵横页混排)."""
    width, base_width = edges[-1] - edges[0], base_edges[-1] - base_edges[0]
    return all(
        abs((edge - edges[0]) / width - (base - base_edges[0]) / base_width) < SAME_SHARE
        for edge, base in zip(edges, base_edges, strict=True)
    )


def _align_by_count(grid: Grid, base_width: int) -> Grid | None:
    if grid.col_count == base_width:
        return grid
    overhang = [cell for cell in grid.cells if cell.col + cell.col_span > base_width]
    if grid.col_count < base_width or all(is_blank(cell.text) for cell in overhang):
        kept = tuple(cell for cell in grid.cells if cell not in overhang)
        return replace(grid, col_count=base_width, cells=kept)
    return None


def _overlap(left: float, right: float, base_left: float, base_right: float) -> float:
    return min(right, base_right) - max(left, base_left)
