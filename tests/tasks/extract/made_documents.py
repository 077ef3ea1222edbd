"""Small documents made by hand: a table is drawn as text, its merged cells as marks.

In `table`, each line is a row and ``|`` parts its cells; ``<`` continues the cell to its left, ``^`` the cell above, ``\\n`` in a
cell is a printed line break. Without spans a mark becomes a blank, as in a transcription.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from filings.documents import Box, Cell, Document, Grid, Line, Page
from filings.records import FilingRecords, LineItem, Statement
from tasks.extract import extract_document

COLUMN_WIDTH_POINTS = 60.0
LEFT_POINTS = 40.0

Block = str | Grid


def table(drawn: str, *, spans: bool = True, widths: Sequence[float] | None = None, pages: bool = True) -> Grid:
    """A grid from its drawing; with `pages` it has column borders, by default equally wide."""
    rows = [[text.strip() for text in line.strip().strip("¦").split("|")] for line in drawn.strip().splitlines()]
    width = max(map(len, rows))
    texts = [row + [""] * (width - len(row)) for row in rows]
    if not spans:
        texts = [["" if text in {"<", "^"} else text for text in row] for row in texts]
    edges = tuple(accumulate(widths or [COLUMN_WIDTH_POINTS] * width, initial=LEFT_POINTS)) if pages else ()
    cells = tuple(
        _cell(texts, row, col, edges)
        for row in range(len(texts))
        for col in range(width)
        if texts[row][col] not in "<^" or not texts[row][col]
    )
    return Grid(len(texts), width, cells, col_edges_points=edges, has_spans=spans)


def _cell(texts: list[list[str]], row: int, col: int, edges: tuple[float, ...]) -> Cell:
    col_span = 1
    while col + col_span < len(texts[row]) and texts[row][col + col_span] == "<":
        col_span += 1
    row_span = 1
    while row + row_span < len(texts) and texts[row + row_span][col] == "^":
        row_span += 1
    box = Box(edges[col], 10.0 * row, edges[col + col_span], 10.0 * (row + row_span)) if edges else None
    locator = None if edges else f"row {row + 1} cell {col + 1}"
    return Cell(row, col, texts[row][col].replace("\\n", "\n"), row_span, col_span, box, locator)


def document(*pages: Iterable[Block], paged: bool = True) -> Document:
    """A document from pages of lines and grids."""
    return Document(
        media_type="application/pdf" if paged else "text/markdown",
        pages=tuple(
            Page(number if paged else None, tuple(Line(block) if isinstance(block, str) else block for block in blocks))
            for number, blocks in enumerate(pages, start=1)
        ),
        reader="made",
    )


def extract(*pages: Iterable[Block], paged: bool = True, file_name: str = "made.pdf") -> FilingRecords:
    """What extraction reads in a document of these pages."""
    return extract_document(document(*pages, paged=paged), file_name)


def only_statement(records: FilingRecords) -> Statement:
    """The one statement of a filing."""
    assert [statement.title for statement in records.statements if statement.state != "missing"] == [
        records.statements[0].title
    ]
    return records.statements[0]


def items(records: FilingRecords, *fields: str, statement_no: int | None = None) -> list[tuple[object, ...]]:
    """The given fields of every line item; amounts as printed decimals."""
    return [
        tuple(_shown(item, name) for name in fields)
        for item in records.line_items
        if statement_no is None or item.statement_no == statement_no
    ]


def _shown(item: LineItem, name: str) -> object:
    value = getattr(item, name)
    return str(value) if name in {"value", "amount_yuan", "half_place"} and value is not None else value


def measures(records: FilingRecords) -> list[tuple[str, str, str | None]]:
    """Label, role and measure of every column."""
    return [(column.column_label, column.role, column.measure) for column in records.columns]
