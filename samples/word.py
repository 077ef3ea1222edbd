"""Writes a filing as a Word file (.docx): merged header cells, tables cut in two, tables within a layout table.

The pages of the PDF decide where a table is cut (`TableStyle.break_after`); a table whose title stands inside its
outline is nested in a layout table, as forms copied from a workbook are.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.table import _Cell

from samples.archive import repack
from samples.layout import Contents, Cover, Filing, Heading, PageBreak, Paragraph, Table

WRITTEN = datetime(2024, 1, 1, tzinfo=UTC)
"""When every Word file says it was written, so that the same filing gives the same bytes."""


def draw_word(filing: Filing) -> bytes:
    """The filing as a Word file; the same filing gives the same bytes."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = WRITTEN
    for block in filing.blocks:
        match block:
            case Cover(lines, under):
                for line in lines:
                    document.add_paragraph(line, style="Title")
                for text in under:
                    document.add_paragraph(text)
            case Contents(entries):
                document.add_paragraph("目　录")
                for depth, entry in entries:
                    document.add_paragraph("　" * depth + entry)
            case Heading(text, level):
                document.add_heading(text, level)
            case Paragraph(text):
                document.add_paragraph(text)
            case Table():
                _draw_statement(document, block)
            case PageBreak():
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    stream = io.BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


def _draw_statement(document: WordDocument, table: Table) -> None:
    if table.tag:
        document.add_paragraph(table.tag)
    if table.style.title_in_box:
        outer = document.add_table(3, 1, style="Table Grid")
        outer.cell(0, 0).text = table.title
        outer.cell(1, 0).text = f"{table.head_left}　　{table.head_right}".strip()
        holder = outer.cell(2, 0)
        _draw_rows(holder, table, range(table.row_count))
    else:
        for text in (table.title, table.head_left, table.head_right):
            if text:
                document.add_paragraph(text)
        for rows in list_parts(table):
            _draw_rows(document, table, rows)
            document.add_paragraph()
    for note in table.notes:
        document.add_paragraph(note)


def list_parts(table: Table) -> list[Sequence[int]]:
    """The grid rows of each part that a table is cut into, repeated header rows included; never through a cell."""
    cuts = [
        table.header_rows + after
        for after in table.style.break_after
        if not any(cell.row < table.header_rows + after < cell.row + cell.row_span for cell in table.cells)
    ]
    parts: list[Sequence[int]] = []
    for first, last in zip([0, *cuts], [*cuts, table.row_count], strict=True):
        header = range(table.header_rows) if first and table.style.repeat_header else range(0)
        parts.append([*header, *range(first, last)])
    return parts


def _draw_rows(holder: WordDocument | _Cell, table: Table, rows: Sequence[int]) -> None:
    drawn = holder.add_table(len(rows), len(table.widths))
    if isinstance(holder, WordDocument):
        drawn.style = "Table Grid"
    # asked for once: python-docx builds its grid anew for every single cell
    grid = [list(row.cells) for row in drawn.rows]
    places = {row: place for place, row in enumerate(rows)}
    for cell in table.cells:
        if cell.row not in places:
            continue
        top = places[cell.row]
        place = grid[top][cell.col]
        if cell.row_span > 1 or cell.col_span > 1:
            place = place.merge(grid[top + cell.row_span - 1][cell.col + cell.col_span - 1])
        place.text = cell.text
