"""Is a table only the upper part of a header, whose lower part stands at the top of the next page (表头跨页断开)?

A page end may run through a header: its first level closes one page, its second opens the next. Each half alone names other
columns, so both are read as one header or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from filings.documents import Cell, Grid, Line
from filings.forms import Form
from filings.text import squeeze
from tasks.extract.columns import Header
from tasks.extract.header import count_header_rows, is_column_numbers, read_header
from tasks.extract.matrix import Matrix, align_columns, to_matrix
from tasks.extract.preamble import LaidTable, Pending, is_preamble, lay_out_table
from tasks.extract.titles import find_title


@dataclass(frozen=True, slots=True)
class UpperPart:
    """A table that ends with its header, and what stands over it.

    Args:
        table: The table.
        lines: The lines over it.
    """

    table: LaidTable
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class WholeHeader:
    """Both parts of a torn header.

    Args:
        upper: The upper part on the columns of the lower.
        lower: The table that goes on.
        body: Their rows as one table.
        is_repeated: Whether the lower part prints the whole header anew, so that it alone counts.
    """

    upper: LaidTable
    lower: LaidTable
    body: Matrix
    is_repeated: bool

    @property
    def _rows_above(self) -> int:
        return 0 if self.is_repeated else len(self.upper.body.rows)

    def read(self, form: Form) -> tuple[Header, int]:
        """The header as one, its columns on the page of their lowest labels, and how many of its rows the lower part holds."""
        header = read_header(self.body, form, has_spans=True)
        below = header.row_count - self._rows_above
        columns = tuple(
            replace(column, page=self.lower.page if self._is_labelled_below(column.index, below) else self.upper.page)
            for column in header.columns
        )
        return replace(header, columns=columns), below

    def _is_labelled_below(self, col: int, rows: int) -> bool:
        return any(
            cell is not None and cell.text.strip() for cell in (row[col] for row in self.lower.matrix.rows[:rows])
        )


def ends_with_header(table: LaidTable) -> bool:
    """Whether a table on a page prints nothing below its header."""
    return table.page is not None and 0 < len(table.body.rows) == count_header_rows(table.body)


def complete_header(upper: UpperPart, table: LaidTable, between: Pending) -> WholeHeader | None:
    """Both parts of a header if a table at the top of the next page goes on with it, else None.

    Args:
        upper: The upper part.
        table: The table after it.
        between: The lines between the two.
    """
    if table.head_rows or table.page != (upper.table.page or 0) + 1 or not table.grid.col_edges_points:
        return None
    if any(find_title(line.text) or not is_preamble(line.text) for _, line in between):
        return None
    aligned = align_columns(upper.table.grid, table.grid.col_edges_points, table.grid.col_count)
    if aligned is None:
        return None
    first = lay_out_table(aligned, upper.table.page)
    own = count_header_rows(table.matrix)
    if 0 < own < len(table.matrix.rows) and _texts(first.body, len(first.body.rows)) <= _texts(table.matrix, own):
        return WholeHeader(first, table, table.matrix, is_repeated=True)
    body = _under_one_another(first.body, table.grid)
    rows = count_header_rows(body)
    above = len(first.body.rows)
    if above < rows < len(body.rows) and _parts_labels(body, above, rows):
        return WholeHeader(first, table, body, is_repeated=False)
    return None


def _texts(matrix: Matrix, rows: int) -> set[str]:
    return {squeeze(cell.text) for row in range(rows) for cell in matrix.texts(row)}


def _under_one_another(upper: Matrix, lower: Grid) -> Matrix:
    """The rows of both parts as those of one table."""
    cells = {cell for cell in chain(*upper.rows) if cell is not None}
    above = [replace(cell, row=cell.row - upper.first_row) for cell in cells]
    below = [replace(cell, row=cell.row + len(upper.rows)) for cell in lower.cells]
    both = replace(lower, row_count=len(upper.rows) + lower.row_count, cells=(*above, *below))
    return to_matrix(both, None)


def _parts_labels(body: Matrix, above: int, rows: int) -> bool:
    """Whether labels of the lower rows part wider ones of the upper rows, and none stands under a label of one column."""
    wider = 0
    for row in range(above, rows):
        cells = body.texts(row)
        if is_column_numbers(cells):
            continue
        for cell in cells:
            over = _label_over(body, cell, above)
            if over is None:
                continue
            if over.col_span == 1:
                return False
            wider += over.col_span > cell.col_span
    return wider > 0


def _label_over(body: Matrix, cell: Cell, above: int) -> Cell | None:
    labels = (body.rows[row][cell.col] for row in range(above - 1, -1, -1))
    return next((label for label in labels if label is not None and label.text.strip()), None)
