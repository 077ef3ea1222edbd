"""Damages to a read document, as they happen on the way from print to cells; and readings to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from filings.amounts import parse_number
from filings.documents import Block, Cell, Document, Grid, Line, Page
from filings.records import FilingRecords
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.extract.titles import find_title

SAMPLES = sorted((Path(__file__).parents[4] / "samples" / "filings").glob("*.pdf"))
SURE, UNSURE = 0.99, 0.55


@cache
def sample(name: str) -> Document:
    path = SAMPLES[0].parent / name
    return read_document(path.read_bytes(), name)


def read(document: Document) -> FilingRecords:
    return extract_document(document, "sample.pdf")


def cells_of(records: FilingRecords) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            i.statement_type,
            i.row_no,
            i.side,
            i.code,
            i.name,
            i.unit_code,
            i.item,
            i.measure,
            i.fiscal_year,
            i.value,
            i.amount_yuan,
        )
        for i in records.line_items
    )


def grids(document: Document) -> list[tuple[int, int, Grid]]:
    return [
        (at, number, block)
        for at, page in enumerate(document.pages)
        for number, block in enumerate(page.blocks)
        if isinstance(block, Grid)
    ]


def with_blocks(document: Document, change: Callable[[int, int, Block], Iterator[Block]]) -> Document:
    pages = tuple(
        replace(
            page, blocks=tuple(new for number, block in enumerate(page.blocks) for new in change(at, number, block))
        )
        for at, page in enumerate(document.pages)
    )
    return replace(document, pages=pages)


def with_grid(document: Document, page: int, number: int, grid: Grid) -> Document:
    def change(at: int, position: int, block: Block) -> Iterator[Block]:
        yield grid if (at, position) == (page, number) else block

    return with_blocks(document, change)


def without_rows(grid: Grid, rows: int) -> Grid:
    kept = tuple(replace(cell, row=cell.row - rows) for cell in grid.cells if cell.row >= rows)
    return replace(grid, row_count=grid.row_count - rows, cells=kept)


def with_text(grid: Grid, row: int, col: int, text: str, confidence: float | None = None) -> Grid:
    cells = tuple(
        replace(cell, text=text, confidence=confidence) if (cell.row, cell.col) == (row, col) else cell
        for cell in grid.cells
    )
    return replace(grid, cells=cells)


def without_titles(document: Document, page: int, number: int) -> Document:
    """As if the title over a table were part of a picture: the lines over it that name a statement are gone."""

    def change(at: int, position: int, block: Block) -> Iterator[Block]:
        if not (at == page and position < number and isinstance(block, Line) and find_title(block.text)):
            yield block

    return with_blocks(document, change)


def displaced(grid: Grid, points: float) -> Grid:
    """As if the page had been laid into the copier elsewhere."""
    return replace(grid, col_edges_points=tuple(edge + points for edge in grid.col_edges_points))


def with_rows_in_one(grid: Grid, row: int) -> Grid:
    """As if the line between a row and the next were not drawn: the texts stand in one cell, line over line."""
    below = {cell.col: cell for cell in grid.cells if cell.row == row + 1}
    cells = [
        replace(cell, text=f"{cell.text}\n{below[cell.col].text}" if cell.text or below[cell.col].text else "")
        if cell.row == row
        else replace(cell, row=cell.row - (cell.row > row))
        for cell in grid.cells
        if cell.row != row + 1
    ]
    return replace(grid, row_count=grid.row_count - 1, cells=tuple(cells))


def with_row_torn(grid: Grid, row: int) -> Grid:
    """As if a page end or a line ran through a row: its labels stand in one row, its numbers in the next."""
    label = max(
        cell.col for cell in grid.cells if cell.row == row and parse_number(cell.text) is None and cell.text.strip()
    )
    cells: list[Cell] = []
    for cell in grid.cells:
        if cell.row != row:
            cells.append(replace(cell, row=cell.row + (cell.row > row)))
            continue
        cells += [
            replace(cell, text="" if cell.col > label else cell.text),
            replace(cell, row=row + 1, text=cell.text if cell.col > label else ""),
        ]
    return replace(grid, row_count=grid.row_count + 1, cells=tuple(cells))


def is_code(cell: Cell) -> bool:
    return cell.text.strip().isdigit() and len(cell.text.strip()) in (3, 5, 7) and cell.col <= 1


def with_row_moved(grid: Grid, row: int, first: int) -> Grid:
    """As if an empty cell of a transcription had got lost: from a column on, a row stands one column to the left."""
    cells = [
        replace(cell, col=cell.col - (cell.col >= first)) if cell.row == row else cell
        for cell in grid.cells
        if (cell.row, cell.col) != (row, first - 1)
    ]
    return replace(grid, cells=tuple(cells))


def coded_rows(grid: Grid) -> list[int]:
    """Rows that begin with a classification code and print a number, unmerged."""
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    return [
        row
        for row, cells in by_row.items()
        if len(cells) == grid.col_count
        and all(cell.row_span == cell.col_span == 1 for cell in cells)
        and any(is_code(cell) for cell in cells)
        and any(parse_number(cell.text) for cell in cells if not is_code(cell))
    ]


def recognised(document: Document) -> Document:
    """As if every cell had been recognised from an image, with certainty."""

    def change(_at: int, _position: int, block: Block) -> Iterator[Block]:
        if isinstance(block, Grid):
            yield replace(block, cells=tuple(replace(cell, confidence=SURE) for cell in block.cells))
        else:
            yield block

    return with_blocks(document, change)


def numbers(grid: Grid) -> list[Cell]:
    return [
        cell
        for cell in grid.cells
        if (number := parse_number(cell.text)) is not None
        and (number.places or "," in cell.text)
        and number.value
        and cell.col_span == 1
    ]


def page_without_table(document: Document, after: int) -> Document:
    """As if a page had been bound in between, with running text on it."""
    blank = Page(
        None, (Line("本页为单位职能说明的续页，与前后各表没有关系，装订时夹在两页表格之间，特此说明，请予以注意。"),)
    )
    pages = [*document.pages[: after + 1], blank, *document.pages[after + 1 :]]
    return replace(document, pages=tuple(replace(page, number=number) for number, page in enumerate(pages, start=1)))
