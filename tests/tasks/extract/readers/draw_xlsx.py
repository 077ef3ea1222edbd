"""A sample filing as a workbook, written by XlsxWriter: one sheet per table, amounts as numbers with formats."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter

from samples.layout import Figure, Filing, Table


def draw_xlsx(filing: Filing) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        cover = workbook.add_worksheet("封面")
        texts = [text for block in filing.blocks if not isinstance(block, Table) for text in _texts(block)]
        for row, text in enumerate(texts):
            cover.write_string(row, 0, text)
        for number, table in enumerate(filing.tables(), start=1):
            _draw_table(workbook, f"表{number}", table)
    return stream.getvalue()


def _texts(block: object) -> list[str]:
    lines = getattr(block, "lines", None) or ([block.text] if hasattr(block, "text") else [])
    return [*lines, *getattr(block, "under", ())]


def _draw_table(workbook: xlsxwriter.Workbook, name: str, table: Table) -> None:
    sheet = workbook.add_worksheet(name)
    last = max(1, len(table.widths) - 1)
    framed = workbook.add_format({"border": 1})
    row = 0
    if table.tag:
        sheet.write_string(row, 0, table.tag)
        row += 1
    if table.title:
        sheet.merge_range(row, 0, row, last, table.title)
        row += 1
    if table.head_left or table.head_right:
        sheet.write_string(row, 0, table.head_left)
        sheet.write_string(row, last, table.head_right)
        row += 1
    for cell in table.cells:
        at = (row + cell.row, cell.col)
        if cell.row_span > 1 or cell.col_span > 1:
            sheet.merge_range(*at, at[0] + cell.row_span - 1, at[1] + cell.col_span - 1, "", framed)
        if cell.figure is not None:
            code, value = format_of(cell.figure)
            sheet.write_number(*at, value, workbook.add_format({"border": 1, "num_format": code}))
        elif cell.text:
            sheet.write_string(*at, cell.text, framed)
        elif cell.row_span == cell.col_span == 1:
            sheet.write_blank(*at, None, framed)
    for number, note in enumerate(table.notes, start=row + table.row_count):
        sheet.write_string(number, 0, note)


def format_of(figure: Figure) -> tuple[str, float]:
    """The format code that prints a figure as the sample does, and the number that a workbook stores for it."""
    places = max(0, -int(figure.value.as_tuple().exponent))
    fraction = "." + "0" * places if places else ""
    if figure.value_unit == "percent":
        return f"0{fraction}%", float(figure.value / Decimal(100))
    return f"#,##0{fraction}", float(figure.value)
