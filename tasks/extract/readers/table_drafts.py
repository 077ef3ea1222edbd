"""A table as markup tells it (Word, HTML): cells that hold text and further tables -> lines and grids.

A table that only arranges other tables on the page is taken apart into what it holds; a table inside a cell of a real
table follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from filings.documents import Block, Cell, Grid, Line
from filings.errors import UnusableInput

MAX_TABLE_POSITIONS = 1_000_000
"""Rows times columns of one table; the largest statement seen has 400 rows of 14 columns."""


@dataclass(slots=True)
class CellDraft:
    """A cell while its table is being read; `content` is what stands in it, in order."""

    row: int
    col: int
    row_span: int
    col_span: int
    locator: str
    content: list[Line | TableDraft] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own lines, without those of tables inside it."""
        return "\n".join(block.text for block in self.content if isinstance(block, Line)).strip()


@dataclass(slots=True)
class TableDraft:
    """A table while it is being read.

    Args:
        cells: Its cells, in order; none overlaps another.
        col_edges: Ascending column borders in points, one more than there are columns; empty where unknown.
    """

    cells: list[CellDraft] = field(default_factory=list)
    col_edges: tuple[float, ...] = ()

    @property
    def row_count(self) -> int:
        """Rows, as far as cells reach."""
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @property
    def col_count(self) -> int:
        """Columns, as far as cells reach."""
        return max((cell.col + cell.col_span for cell in self.cells), default=0)

    def inner_tables(self) -> Iterator[TableDraft]:
        """The tables that stand in its cells."""
        for cell in self.cells:
            for block in cell.content:
                if isinstance(block, TableDraft):
                    yield block


def build_blocks(content: Iterable[Line | TableDraft], file_name: str) -> list[Block]:
    """Lines and grids in reading order.

    Args:
        content: What was read.
        file_name: The document's name, for messages.

    Raises:
        UnusableInput: ``too_large`` where a table has absurdly many rows and columns.
    """
    blocks: list[Block] = []
    for item in content:
        if isinstance(item, Line):
            if item.text.strip():
                blocks.append(item)
            continue
        if _only_arranges(item):
            for cell in item.cells:
                blocks.extend(build_blocks(cell.content, file_name))
            continue
        if item.col_count == 1:
            # a frame around running text
            blocks.extend(line for cell in item.cells for line in build_blocks(cell.content, file_name))
            continue
        grid = _build_grid(item, file_name)
        if any(cell.text for cell in grid.cells):
            blocks.append(grid)
        blocks.extend(build_blocks(item.inner_tables(), file_name))
    return blocks


def _only_arranges(table: TableDraft) -> bool:
    """Whether the tables inside hold at least as many cells with text as the table itself."""
    inner = sum(_filled(draft) for draft in table.inner_tables())
    return inner > 0 and inner >= sum(bool(cell.text) for cell in table.cells)


def _filled(table: TableDraft) -> int:
    return sum(bool(cell.text) for cell in table.cells) + sum(_filled(draft) for draft in table.inner_tables())


def _build_grid(table: TableDraft, file_name: str) -> Grid:
    rows, cols = table.row_count, table.col_count
    if rows * cols > MAX_TABLE_POSITIONS:
        raise UnusableInput(
            "too_large",
            f"{file_name} has a table of {rows:,} rows and {cols:,} columns. If it is a real filing, save it as a "
            "PDF and ingest that.",
        )
    cells = tuple(
        Cell(cell.row, cell.col, cell.text, cell.row_span, cell.col_span, locator=cell.locator)
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col))
    )
    edges = table.col_edges if len(table.col_edges) == cols + 1 else ()
    return Grid(rows, cols, cells, col_edges_points=edges)
