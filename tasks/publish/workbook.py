"""What does the Excel workbook of a publication look like?

A first sheet that explains, one sheet per exported table with Chinese headings and units, numbers as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from filings.schema import Column, Table
from tasks.publish.exports import exported_tables, select_rows

_MAX_ROWS = 1_000_000
"""Data rows per sheet: Excel ends at 1,048,576; the rest goes to a second sheet rather than missing."""

_MAX_CELL_CHARACTERS = 32_767
"""What a cell of Excel holds; a longer text ends with '…' and is whole in the CSV."""

_MAX_WIDTH = 48
"""Column width in characters beyond which a sheet becomes unreadable."""

_HEADING_HEIGHT_POINTS = 32
"""Two lines of text: long headings are wrapped."""

_BATCH_ROWS = 2_000
"""Rows fetched at a time, so that memory does not grow with the table; column widths are those of the first batch."""


def write_workbook(connection: duckdb.DuckDBPyConnection, path: Path, build_id: str, as_of: datetime) -> None:
    """Write the workbook.

    Args:
        connection: To the warehouse that is being published.
        path: The file to write.
        build_id: Of the warehouse.
        as_of: When the newest filing in it was loaded (UTC): the workbook's date, so that the same data give the
            same bytes.
    """
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
    workbook.set_properties({"title": "预算公开数据汇总", "created": as_of})
    heading = workbook.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
    )
    formats = _Formats(
        heading=heading,
        money=workbook.add_format({"num_format": "#,##0.00"}),
        count=workbook.add_format({"num_format": "#,##0"}),
        wrapped=workbook.add_format({"text_wrap": True, "valign": "top"}),
    )
    tables = {name: _without_nested(table) for name, table in exported_tables().items()}
    _write_explanation(workbook.add_worksheet("说明"), tables, build_id, as_of, formats)
    for table in tables.values():
        for sheet_no, (row_count, batches) in enumerate(_sheets_of_rows(connection, table), start=1):
            title = (table.label or table.name).replace("/", "-")[:28]
            sheet = workbook.add_worksheet(title if sheet_no == 1 else f"{title}{sheet_no}")
            _write_table(sheet, table, row_count, batches, formats)
    workbook.close()


@dataclass(frozen=True)
class _Formats:
    heading: Format
    money: Format
    count: Format
    wrapped: Format

    def of(self, column: Column) -> Format | None:
        """The number format of a column; None for a plain integer such as a year or a page."""
        if column.decimal:
            return self.money
        return self.count if column.type == "BIGINT" else None


def _without_nested(table: Table) -> Table:
    """A table without the columns that hold lists: no cell can show them, and the other formats have them."""
    plain = {name: column for name, column in table.columns.items() if not column.type.endswith("[]")}
    return table.model_copy(update={"columns": plain})


def _sheets_of_rows(
    connection: duckdb.DuckDBPyConnection, table: Table
) -> Iterator[tuple[int, Iterator[list[tuple[Any, ...]]]]]:
    """The rows of a table in portions that a sheet can hold, each with its size, as batches; at least one portion."""
    (count,) = connection.execute(f"SELECT count(*) FROM main.{table.name}").fetchone() or (0,)
    for offset in range(0, max(count, 1), _MAX_ROWS):
        cursor = connection.execute(f"{select_rows(table)} LIMIT {_MAX_ROWS} OFFSET {offset}")
        yield min(_MAX_ROWS, count - offset), iter(partial(cursor.fetchmany, _BATCH_ROWS), [])


def _write_table(
    sheet: Worksheet, table: Table, row_count: int, batches: Iterator[list[tuple[Any, ...]]], formats: _Formats
) -> None:
    columns = list(table.columns.items())
    first = next(batches, [])  # the widths must be known before the first row is written
    for position, (name, column) in enumerate(columns):
        texts = [column.label or name, *(_shown(row[position]) for row in first)]
        sheet.set_column(position, position, min(_MAX_WIDTH, max(map(_width, texts)) + 2))
    sheet.freeze_panes(1, min(2, len(columns)))
    if row_count:
        sheet.autofilter(0, 0, row_count, len(columns) - 1)
    sheet.set_row(0, _HEADING_HEIGHT_POINTS)
    for position, (name, column) in enumerate(columns):
        sheet.write_string(0, position, column.label or name, formats.heading)
    number_formats = [formats.of(column) for _, column in columns]
    for row_no, row in enumerate(chain(first, chain.from_iterable(batches)), start=1):
        for position, value in enumerate(row):
            _write_value(sheet, row_no, position, value, number_formats[position])


def _write_value(
    sheet: Worksheet,
    row: int,
    col: int,
    value: Any,  # noqa: ANN401
    number_format: Format | None,
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, col, "是" if value else "否")
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, col, value, number_format)
    else:
        text = str(value)  # never as a formula, whatever a filing prints
        clipped = text if len(text) <= _MAX_CELL_CHARACTERS else text[: _MAX_CELL_CHARACTERS - 1] + "…"
        sheet.write_string(row, col, clipped)


def _write_explanation(
    sheet: Worksheet, tables: dict[str, Table], build_id: str, as_of: datetime, formats: _Formats
) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 28)
    sheet.set_column(3, 3, 100, formats.wrapped)
    lines = [
        ("预算公开数据汇总", "Summary of published government budget filings"),
        ("数据版本 build", build_id),
        ("数据截至 as of (UTC)", f"{as_of:%Y-%m-%d %H:%M:%S}"),
        ("金额单位 unit", "元；空白表示未印出或不适用 (yuan; a blank was not printed or does not apply)"),
        (
            "口径 coverage",
            "仅含现行版本；部门与其所属单位不可相加 (current versions only; never add a department and its units)",
        ),
        ("精度 precision", "Excel 只保留 15 位有效数字，精确值见 Parquet 与 CSV (exact values are in Parquet and CSV)"),
    ]
    for row, (what, text) in enumerate(lines):
        sheet.write_string(row, 0, what)
        sheet.write_string(row, 1, text)
    row = len(lines) + 1
    for position, text in enumerate(("工作表 sheet", "字段 column", "标题 heading", "含义 meaning")):
        sheet.write_string(row, position, text, formats.heading)
    for table in tables.values():
        row += 1
        sheet.write_string(row, 0, table.label or table.name)
        sheet.write_string(row, 1, table.name)
        sheet.write_string(row, 3, table.comment, formats.wrapped)
        for name, column in table.columns.items():
            row += 1
            sheet.write_string(row, 1, name)
            sheet.write_string(row, 2, column.label or name)
            sheet.write_string(row, 3, column.comment, formats.wrapped)


def _shown(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, Decimal | int) else str(value)


def _width(text: str) -> int:
    """Width in characters; a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
