"""What is a filing before it has a format: its text blocks and its ruled tables, every figure with its meaning.

A `Filing` is built from facts (`samples.build`), changed by `samples.mistakes`, and drawn by one module per format.
It knows what each printed figure means (`Figure`), so that the expected cells come from here and not from a reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one printed amount or percentage is, in the columns of the expected cells.

    Args:
        row_no: Ordinal of the data row within the statement, from 1.
        side: Which of the lists that stand side by side, or empty.
        code: The printed code, digits only, or empty.
        name: The row's label without whitespace; ``group/label`` under a group label.
        unit_code: The code of the budget unit (单位代码) where the row is one unit's.
        column_label: The header path without whitespace, levels joined by ``/``.
        value: The printed value with its printed decimals.
        value_unit: ``yuan``, ``wan_yuan`` or ``percent``.
    """

    row_no: int
    side: str
    code: str
    name: str
    unit_code: str
    column_label: str
    value: Decimal
    value_unit: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table as printed; `figure` says what a printed number means."""

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1
    align: Align = "left"
    bold: bool = False
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How one table is set on its pages (facts ``[style.tables.<statement_type>]``).

    Args:
        break_after: Data rows (from 1) after which a new page begins.
        repeat_header: Whether the continued pages print the header again.
        row_above_rule: Whether the first row of a continued page stands above the first ruled line.
        title_in_box: Whether title, body and unit of money stand inside the table's own outline.
        landscape: Whether its pages lie on their side.
        font_points: The size of the cells' text.
    """

    break_after: tuple[int, ...] = ()
    repeat_header: bool = False
    row_above_rule: bool = False
    title_in_box: bool = False
    landscape: bool = False
    font_points: float = 8.0


@dataclass(frozen=True, slots=True)
class Table:
    """One ruled table with what stands around it: a statement, or a list such as the units covered.

    Args:
        statement_type: Canonical statement type, or None for a list that is no statement.
        title: The printed title; empty for a list.
        tag: What is printed above the title (部门公开表1, 公开01表, 表1); empty if nothing.
        head_left: What stands left above the table (编制部门：…); empty if nothing.
        head_right: What stands right above the table (单位：万元).
        header_rows: How many of the grid's rows are header.
        row_count: Number of the grid's rows.
        widths: Relative widths of the columns.
        cells: The cells, ordered by row, then column.
        notes: Lines printed under the table.
    """

    statement_type: str | None
    title: str
    tag: str
    head_left: str
    head_right: str
    header_rows: int
    row_count: int
    widths: tuple[float, ...]
    cells: tuple[TableCell, ...]
    notes: tuple[str, ...] = ()
    style: TableStyle = field(default=TableStyle())

    @property
    def is_filled(self) -> bool:
        """Whether any figure is printed in it."""
        return any(cell.figure for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a part of the document, 2 a section, 3 a subsection."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover page: title lines and what stands under them."""

    lines: tuple[str, ...]
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents page: entries with their depth."""

    entries: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page begins."""


Block = Cover | Contents | Heading | Paragraph | Table | PageBreak


@dataclass(frozen=True, slots=True)
class PageStyle:
    """How the whole filing is set (facts ``[style]``).

    Args:
        landscape: Whether all pages lie on their side.
        borders: ``strokes`` (line strokes, as spreadsheet programs draw) or ``rects`` (thin filled rectangles, as
            word processors draw).
        rotated: Whether landscape pages are portrait pages with ``/Rotate 90``.
        font_points: The size of running text.
    """

    landscape: bool = False
    borders: Literal["strokes", "rects"] = "strokes"
    rotated: bool = False
    font_points: float = 12.0


@dataclass(frozen=True, slots=True)
class Filing:
    """A whole filing before it has a format."""

    name: str
    blocks: tuple[Block, ...]
    style: PageStyle

    def tables(self) -> tuple[Table, ...]:
        """All its tables in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def figures(self) -> tuple[tuple[Table, Figure], ...]:
        """All its figures in reading order, each with its table."""
        return tuple((table, cell.figure) for table in self.tables() for cell in table.cells if cell.figure)
