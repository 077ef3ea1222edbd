"""Writes a filing as a workbook (.xlsx), as two kinds of makers do.

`draw_workbook` puts each table on a sheet of its own, with amounts as numbers with formats. `draw_crowded_workbook`
puts several tables on one sheet, with amounts as text, and keeps a draft with other amounts on a hidden sheet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.archive import repack
from samples.layout import Contents, Cover, Figure, Filing, Heading, Paragraph, Table

WRITTEN = datetime(2024, 1, 1, tzinfo=UTC)
"""When every workbook says it was written, so that the same filing gives the same bytes."""

TABLES_PER_SHEET = 3
"""Tables that the crowded workbook puts under one another."""

FRAME = Border(left=Side("thin"), right=Side("thin"), top=Side("thin"), bottom=Side("thin"))
"""Thin lines around every cell of a table."""


def draw_workbook(filing: Filing) -> bytes:
    """One table per sheet, amounts as numbers."""
    book = _begin(filing)
    for number, table in enumerate(filing.tables(), start=1):
        _draw_table(book.create_sheet(f"表{number}"), table, 1, as_text=False)
    return _finish(book)


def draw_crowded_workbook(filing: Filing) -> bytes:
    """Several tables per sheet, amounts as text, and a hidden sheet with a draft that nobody is to read."""
    book = _begin(filing)
    tables = filing.tables()
    for number, first in enumerate(range(0, len(tables), TABLES_PER_SHEET), start=1):
        sheet, row = book.create_sheet(f"附表（{number}）"), 1
        for table in tables[first : first + TABLES_PER_SHEET]:
            row = _draw_table(sheet, table, row, as_text=True) + 3
    draft = book.create_sheet("测算底稿")
    _draw_table(draft, _double(next(table for table in tables if table.is_filled)), 1, as_text=False)
    draft.sheet_state = "hidden"
    return _finish(book)


def draw_tables_only(filing: Filing) -> bytes:
    """The tables without the text, as an attachment has them (附件：预算公开表)."""
    book = openpyxl.Workbook()
    _set_date(book)
    cover = next(block for block in filing.blocks if isinstance(block, Cover))
    sheet = book.worksheets[0]
    sheet.title = "封面"
    _write_lines(sheet, [*cover.lines, *cover.under])
    for number, table in enumerate(filing.tables(), start=1):
        _draw_table(book.create_sheet(f"表{number}"), table, 1, as_text=False)
    return _finish(book)


def _begin(filing: Filing) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    _set_date(book)
    sheet = book.worksheets[0]
    sheet.title = "说明"
    _write_lines(sheet, [text for block in filing.blocks for text in _texts(block)])
    return book


def _set_date(book: openpyxl.Workbook) -> None:
    book.properties.created = book.properties.modified = WRITTEN.replace(tzinfo=None)


def _write_lines(sheet: Worksheet, lines: Sequence[str]) -> None:
    for row, text in enumerate(lines, start=1):
        sheet.cell(row, 1).value = text


def _texts(block: object) -> Iterable[str]:
    match block:
        case Cover(lines, under):
            return (*lines, *under)
        case Contents(entries):
            return ("目　录", *(entry for _, entry in entries))
        case Heading(text) | Paragraph(text):
            return (text,)
        case _:
            return ()


def _draw_table(sheet: Worksheet, table: Table, row: int, *, as_text: bool) -> int:
    """Draw the table from that row on (from 1) and return the row behind it."""
    last = len(table.widths)
    for text in (table.tag, table.title):
        if text:
            sheet.cell(row, 1).value = text
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
            row += 1
    if table.head_left or table.head_right:
        if table.head_left:
            sheet.cell(row, 1).value = table.head_left
        sheet.cell(row, last).value = table.head_right
        row += 1
    for cell in table.cells:
        place = sheet.cell(row + cell.row, cell.col + 1)
        if cell.figure is not None and not as_text:
            place.value, place.number_format = store_number(cell.figure)
        elif cell.text:
            place.value, place.data_type = cell.text, "s"
        for covered_row in range(cell.row, cell.row + cell.row_span):
            for covered_col in range(cell.col, cell.col + cell.col_span):
                sheet.cell(row + covered_row, covered_col + 1).border = FRAME
        if cell.row_span > 1 or cell.col_span > 1:
            sheet.merge_cells(
                start_row=row + cell.row,
                start_column=cell.col + 1,
                end_row=row + cell.row + cell.row_span - 1,
                end_column=cell.col + cell.col_span,
            )
    row += table.row_count
    for note in table.notes:
        sheet.cell(row, 1).value = note
        row += 1
    return row


def store_number(figure: Figure) -> tuple[Decimal, str]:
    """What a workbook stores for a figure, and the format that shows it as printed."""
    places = max(0, -int(figure.value.as_tuple().exponent))
    fraction = "." + "0" * places if places else ""
    if figure.value_unit == "percent":
        return figure.value / 100, f"0{fraction}%"
    return figure.value, f"#,##0{fraction}"


def _double(table: Table) -> Table:
    """The table with every figure another one: a draft that must not be taken for the filing."""
    cells = tuple(
        replace(cell, figure=replace(cell.figure, value=cell.figure.value * 2)) if cell.figure else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def _finish(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    # openpyxl writes the time of saving, whatever the properties say
    return repack(stream.getvalue(), lambda name, data: _fix_time(data) if name == "docProps/core.xml" else data)


def _fix_time(data: bytes) -> bytes:
    stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
