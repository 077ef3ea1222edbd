"""A sample filing as a Word file, written by python-docx."""

from __future__ import annotations

import io

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK

from samples.layout import Contents, Cover, Filing, Heading, PageBreak, Paragraph, Table


def draw_docx(filing: Filing) -> bytes:
    document = docx.Document()
    for block in filing.blocks:
        match block:
            case Cover(lines, under):
                for text in (*lines, *under):
                    document.add_paragraph(text)
            case Contents(entries):
                document.add_paragraph("目　录")
                for _, entry in entries:
                    document.add_paragraph(entry)
            case Heading(text, level):
                document.add_heading(text, level)
            case Paragraph(text):
                document.add_paragraph(text)
            case Table():
                _draw_table(document, block)
            case PageBreak():
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    return save_docx(document)


def save_docx(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _draw_table(document: WordDocument, table: Table) -> None:
    for text in (table.tag, table.title, table.head_left, table.head_right):
        if text:
            document.add_paragraph(text)
    drawn = document.add_table(table.row_count, len(table.widths), style="Table Grid")
    # asked for once: python-docx builds its grid anew for every single cell
    cells = [list(row.cells) for row in drawn.rows]
    for cell in table.cells:
        first = cells[cell.row][cell.col]
        if cell.row_span > 1 or cell.col_span > 1:
            first = first.merge(cells[cell.row + cell.row_span - 1][cell.col + cell.col_span - 1])
        first.text = cell.text
    for note in table.notes:
        document.add_paragraph(note)
    document.add_paragraph()
