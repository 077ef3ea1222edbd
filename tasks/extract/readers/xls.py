"""Old workbook (.xls, WPS .et) -> Document, by xlrd: what its visible sheets show."""

from __future__ import annotations

import io
import struct
from decimal import Decimal

import xlrd
from xlrd.biffh import (
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
    XLRDError,
    error_text_from_code,
)
from xlrd.book import Book
from xlrd.compdoc import CompDocError

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.number_format import format_number, format_text
from tasks.extract.readers.package import encrypted_document
from tasks.extract.readers.sheets import Range, Sheet, build_workbook

MEDIA_TYPE = "application/vnd.ms-excel"

XLRD_ERRORS = (
    XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    LookupError,
    OverflowError,
    TypeError,
    UnicodeError,
    ValueError,
    NotImplementedError,
    EOFError,
    ZeroDivisionError,
    RecursionError,
)
"""What xlrd was seen to raise on damaged workbooks, which it does not check before it unpacks them (an unknown code page is
a LookupError)."""


def read_xls(content: bytes, file_name: str) -> Document:
    """Read a workbook in the format of Excel 97 to 2003.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.

    Returns:
        A document with one page without a number; locators name sheet and cell (``sheet 收支总表 B7``).

    Raises:
        UnusableInput: ``damaged_document``, ``encrypted_document``, ``too_large`` or ``empty_document``.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        )
        sheets = [_read_sheet(book, at) for at in range(book.nsheets)]
    except XLRD_ERRORS as error:
        if "encrypted" in str(error).lower():
            raise encrypted_document(file_name) from error
        raise UnusableInput(
            "damaged_document",
            f"{file_name} is a damaged workbook (.xls). Download it again; if it stays so, open it in an office "
            "program, which may repair it, and save it as .xlsx.",
        ) from error
    shown = [sheet for sheet in sheets if sheet is not None]
    return build_workbook(shown, MEDIA_TYPE, "xls", None, file_name)


def _read_sheet(book: Book, at: int) -> Sheet | None:
    """A sheet as stored, or None where it is hidden."""
    stored = book.sheet_by_index(at)
    if stored.visibility:
        return None
    sheet = Sheet(stored.name)
    for row in range(stored.nrows):
        described = stored.rowinfo_map.get(row)
        if described.hidden if described is not None else stored.default_row_hidden:
            sheet.hidden_rows.add(row)
            continue
        for col in range(stored.row_len(row)):
            text = _read_cell(
                book,
                stored.cell_type(row, col),
                stored.cell_value(row, col),
                _code(book, stored.cell_xf_index(row, col)),
            )
            if text.strip():
                sheet.texts[row, col] = text
            elif _is_framed(book, stored.cell_xf_index(row, col)):
                sheet.framed_rows.add(row)
    # xlrd gives the first row and column beyond the range
    for top, bottom, left, right in stored.merged_cells:
        if top < bottom and left < right:
            sheet.merges.append(Range(top, left, bottom - 1, right - 1))
    sheet.hidden_cols.extend((col, col) for col, described in stored.colinfo_map.items() if described.hidden)
    return sheet


def _code(book: Book, style: int) -> str:
    format_key = book.xf_list[style].format_key
    described = book.format_map.get(format_key)
    return described.format_str if described is not None else "General"


def _is_framed(book: Book, style: int) -> bool:
    border = book.xf_list[style].border
    if border is None:
        return False
    return bool(border.top_line_style or border.bottom_line_style or border.left_line_style or border.right_line_style)


def _read_cell(book: Book, kind: int, value: object, code: str) -> str:
    if kind == XL_CELL_TEXT:
        return format_text(str(value), code)
    if kind in {XL_CELL_NUMBER, XL_CELL_DATE}:
        # the shortest text that names this binary number
        return format_number(Decimal(repr(value)), code, bool(book.datemode))
    if kind == XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == XL_CELL_ERROR:
        return error_text_from_code.get(int(str(value)), "")
    return ""
