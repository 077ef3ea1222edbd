"""A sample filing as an old workbook, written by xlwt: all tables under each other on one sheet, without borders."""

from __future__ import annotations

import io

import xlwt

from samples.layout import Filing
from tests.tasks.extract.readers.draw_xlsx import format_of


def draw_xls(filing: Filing, *, numbers_as_text: bool = False) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    styles: dict[str, xlwt.XFStyle] = {}
    row = 0
    for table in filing.tables():
        for text in (table.tag, table.title, table.head_left, table.head_right):
            if text:
                sheet.write(row, 0, text)
                row += 1
        for cell in table.cells:
            top, left = row + cell.row, cell.col
            code, value = format_of(cell.figure) if cell.figure else ("General", 0.0)
            shown = value if cell.figure and not numbers_as_text else cell.text
            style = styles.setdefault(code, xlwt.easyxf(num_format_str=code))
            if cell.row_span > 1 or cell.col_span > 1:
                sheet.write_merge(top, top + cell.row_span - 1, left, left + cell.col_span - 1, shown, style)
            elif shown != "":
                sheet.write(top, left, shown, style)
        row += table.row_count
        for note in table.notes:
            sheet.write(row, 0, note)
            row += 1
        row += 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
