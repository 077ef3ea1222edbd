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

SAMPLES = sorted((Path(__file__).parents[4] / "samples" / "filings").glob("*.pdf"))
SURE, UNSURE = 0.99, 0.55


@cache
def sample(name: str) -> Document:
    path = next(path for path in SAMPLES if path.name == name)
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
