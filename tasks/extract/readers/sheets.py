"""A worksheet as stored -> the lines and grids that a person sees on it; the same for .xlsx, .xls and .ods."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from filings.documents import Block, Cell, Document, Grid, Line, Page
from filings.errors import UnusableInput

MAX_CELLS = 500_000
"""Cells with text in one workbook; a department's whole budget has some 5,000."""

MAX_POSITIONS = 1_000_000
"""Rows times columns of one table, and positions covered by its merged cells."""

MAX_MERGES = 100_000
"""Merged ranges of one sheet."""

MAX_SPAN = 64
"""Columns that one cell of a table covers; the widest statement seen has 23 columns."""

MAX_FRAMED_BLANKS = 1000
"""Blank rows looked at for borders between two rows with text."""

Position = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, last row and column included; all from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A worksheet as stored.

    Args:
        name: On its tab.
        texts: What the cells show, without empty ones.
        merges: Merged ranges.
        hidden_rows: Rows that are not shown.
        hidden_cols: Ranges of columns that are not shown, first and last.
        framed_rows: Rows without text of which a cell has a border: they belong to the table around them.
    """

    name: str
    texts: dict[Position, str] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: list[tuple[int, int]] = field(default_factory=list)
    framed_rows: set[int] = field(default_factory=set)


def build_workbook(
    sheets: Iterable[Sheet], media_type: str, reader: str, maker: str | None, file_name: str
) -> Document:
    """The document of a workbook's visible sheets.

    Returns:
        One page without a number; the name of a sheet with tables, if it has one, is a heading before what stands on it.

    Raises:
        UnusableInput: ``too_large`` or ``empty_document``.
    """
    blocks: list[Block] = []
    cells = 0
    for sheet in sheets:
        cells += len(sheet.texts)
        if cells > MAX_CELLS:
            raise too_large_workbook(file_name, f"it has more than {MAX_CELLS:,} filled cells")
        on_sheet = list(_build_sheet(sheet, file_name))
        if sheet.name.strip() and any(isinstance(block, Grid) for block in on_sheet):
            blocks.append(Line(sheet.name, locator=f"sheet {sheet.name}", is_heading=True))
        blocks.extend(on_sheet)
    if not blocks:
        raise UnusableInput(
            "empty_document",
            f"{file_name} is a workbook whose visible sheets hold nothing. Check that it is the filing itself and that "
            "its sheets are not hidden.",
        )
    return Document(media_type, (Page(None, tuple(blocks)),), reader, maker)


def too_large_workbook(file_name: str, what: str) -> UnusableInput:
    """The refusal of a workbook beyond all measure."""
    return UnusableInput(
        "too_large",
        f"{file_name} is refused for its size: {what}. If it is a real filing, delete what is not part of its tables "
        "and ingest that.",
    )


def name_position(row: int, col: int) -> str:
    """``B7`` for row 6, column 1."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _build_sheet(sheet: Sheet, file_name: str) -> Iterator[Block]:
    rows, cols = Hidden([(row, row) for row in sheet.hidden_rows]), Hidden(sheet.hidden_cols)
    shown = _show_cells(sheet, rows, cols, file_name)
    for part in _split_at_blank_rows(shown, sheet):
        yield from _build_part(part, rows, cols, sheet.name, file_name)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A cell with text: its first visible position, where it reaches to, its text and its address."""

    row: int
    col: int
    bottom: int
    right: int
    text: str
    address: str


class Hidden:
    """Which rows or columns are not shown; the ranges given may be many and overlap."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._ranges: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if self._ranges and first <= self._ranges[-1][1] + 1:
                self._ranges[-1] = (self._ranges[-1][0], max(last, self._ranges[-1][1]))
            else:
                self._ranges.append((first, last))

    def first_visible(self, first: int, last: int) -> int | None:
        """The first one from `first` to `last` that is shown, or None."""
        at = bisect_left(self._ranges, (first + 1, 0)) - 1
        if at >= 0 and self._ranges[at][1] >= first:
            first = self._ranges[at][1] + 1
        return first if first <= last else None

    def visible(self, first: int, last: int) -> list[int]:
        """All from `first` to `last` that are shown."""
        return [at for at in range(first, last + 1) if self.first_visible(at, at) is not None]


def _show_cells(sheet: Sheet, rows: Hidden, cols: Hidden, file_name: str) -> list[_Shown]:
    """The cells with text on visible rows and columns, each with its merged range, by row, then column."""
    if len(sheet.merges) > MAX_MERGES:
        raise too_large_workbook(file_name, f"sheet {sheet.name} has more than {MAX_MERGES:,} merged ranges")
    by_corner = {(merge.top, merge.left): merge for merge in reversed(sheet.merges)}
    shown: list[_Shown] = []
    for (row, col), text in sheet.texts.items():
        merge = by_corner.get((row, col), Range(row, col, row, col))
        top, left = rows.first_visible(row, merge.bottom), cols.first_visible(col, merge.right)
        if text.strip() and top is not None and left is not None:
            shown.append(_Shown(top, left, merge.bottom, merge.right, text.strip(), name_position(row, col)))
    return sorted(shown, key=lambda cell: (cell.row, cell.col))


def _split_at_blank_rows(shown: list[_Shown], sheet: Sheet) -> list[list[_Shown]]:
    """The cells in parts between blank rows; a blank row with borders lies inside a table and parts nothing."""
    parts: list[list[_Shown]] = []
    reach = -1
    for cell in shown:
        blank = range(reach + 1, min(cell.row, reach + MAX_FRAMED_BLANKS))
        is_apart = any(row not in sheet.framed_rows and row not in sheet.hidden_rows for row in blank)
        if not parts or is_apart:
            parts.append([])
        parts[-1].append(cell)
        reach = max(reach, cell.bottom)
    return parts


def _build_part(part: list[_Shown], rows: Hidden, cols: Hidden, sheet_name: str, file_name: str) -> Iterator[Block]:
    if all(before.row != after.row for before, after in pairwise(part)):
        # never two cells beside each other: running text
        for cell in part:
            for line in cell.text.split("\n"):
                if line.strip():
                    yield Line(line.strip(), locator=f"sheet {sheet_name} {cell.address}")
        return
    first_row, last_row = part[0].row, part[-1].row
    first_col, last_col = min(cell.col for cell in part), _last_col(part)
    if (last_row - first_row + 1) * (last_col - first_col + 1) > MAX_POSITIONS:
        raise too_large_workbook(file_name, f"a table on sheet {sheet_name} has more than {MAX_POSITIONS:,} positions")
    visible_rows, visible_cols = rows.visible(first_row, last_row), cols.visible(first_col, last_col)
    taken: set[Position] = set()
    cells: list[Cell] = []
    covered_in_all = 0
    for cell in part:
        row, col = bisect_left(visible_rows, cell.row), bisect_left(visible_cols, cell.col)
        row_end = max(row + 1, bisect_left(visible_rows, cell.bottom + 1))
        col_end = max(col + 1, bisect_left(visible_cols, cell.right + 1))
        covered_in_all += (row_end - row) * (col_end - col)
        if covered_in_all > 2 * MAX_POSITIONS:
            raise too_large_workbook(file_name, f"merged ranges on sheet {sheet_name} cover each other")
        covered = {(r, c) for r in range(row, row_end) for c in range(col, col_end)}
        if taken & covered:
            # only a damaged file has ranges that overlap: the first one keeps its place
            row_end, col_end, covered = row + 1, col + 1, {(row, col)} - taken
        if covered:
            taken |= covered
            locator = f"sheet {sheet_name} {cell.address}"
            cells.append(Cell(row, col, cell.text, row_end - row, col_end - col, locator=locator))
    # the sheet's own columns serve as borders, so that a table cut by a blank row lines up with its rest
    edges = (*visible_cols, visible_cols[-1] + 1)
    yield Grid(len(visible_rows), len(visible_cols), tuple(cells), col_edges_points=edges)


def _last_col(part: list[_Shown]) -> int:
    """The table's last column; a title merged far beyond the table does not widen it."""
    per_row = Counter(cell.row for cell in part)
    return max(cell.right if per_row[cell.row] > 1 and cell.right - cell.col < MAX_SPAN else cell.col for cell in part)
