"""OpenDocument workbook (.ods) -> Document: what its visible sheets show. The file keeps the shown text of each cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from filings.documents import Document
from tasks.extract.readers.package import Package, attribute, child, local_name, number_attribute
from tasks.extract.readers.sheets import MAX_CELLS, Range, Sheet, build_workbook, too_large_workbook

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

MAX_ROW, MAX_COL = 1_048_575, 16_383
"""The last row and column of a sheet, from 0, in LibreOffice."""

BORDERS = ("border", "border-top", "border-bottom", "border-left", "border-right")
MAX_SPACES = 256
"""Spaces that one element stands for; no cell shows more."""


@dataclass(slots=True)
class _Styles:
    """Names of the styles of hidden tables and of cells with a border."""

    hidden_tables: set[str] = field(default_factory=set)
    framed_cells: set[str] = field(default_factory=set)


def read_ods(content: bytes, file_name: str) -> Document:
    """Read an OpenDocument workbook.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.

    Returns:
        A document with one page without a number; locators name sheet and cell (``sheet 收支总表 B7``).

    Raises:
        UnusableInput: ``damaged_document``, ``encrypted_document``, ``unsafe_xml``, ``too_large`` or
            ``empty_document``.
    """
    package = Package(content, file_name)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read_part("META-INF/manifest.xml"):
        raise package.encrypted()
    root = package.parse_part("content.xml")
    styles = _read_styles(root)
    body = child(root, "body")
    book = child(body, "spreadsheet") if body is not None else None
    if book is None:
        raise package.damaged("it holds no sheets")
    sheets = [
        _read_sheet(element, styles, file_name)
        for element in book.iterchildren("{*}table")
        if attribute(element, "style-name") not in styles.hidden_tables
    ]
    return build_workbook(sheets, MEDIA_TYPE, "ods", _find_maker(package), file_name)


def _find_maker(package: Package) -> str | None:
    if "meta.xml" not in package:
        return None
    generator = next(package.parse_part("meta.xml").iter("{*}generator"), None)
    return (generator.text or "").strip() or None if generator is not None else None


def _read_styles(root: etree._Element) -> _Styles:
    styles = _Styles()
    automatic = child(root, "automatic-styles")
    for style in automatic.iterchildren("{*}style") if automatic is not None else ():
        name = attribute(style, "name") or ""
        table, cell = child(style, "table-properties"), child(style, "table-cell-properties")
        if table is not None and attribute(table, "display") == "false":
            styles.hidden_tables.add(name)
        if cell is not None and any(attribute(cell, side) not in {None, "none"} for side in BORDERS):
            styles.framed_cells.add(name)
    return styles


def _read_sheet(table: etree._Element, styles: _Styles, file_name: str) -> Sheet:
    sheet = Sheet(attribute(table, "name") or "")
    col = 0
    for column in _find(table, "table-column"):
        repeated = max(1, number_attribute(column, "number-columns-repeated", 1, MAX_COL + 1))
        if _is_hidden(column) and col <= MAX_COL:
            sheet.hidden_cols.append((col, min(col + repeated - 1, MAX_COL)))
        col += repeated
    row = 0
    for element in _find(table, "table-row"):
        repeated = max(1, number_attribute(element, "number-rows-repeated", 1, MAX_ROW + 1))
        if row > MAX_ROW:
            break
        texts, is_framed = _read_row(element, row, sheet, styles)
        if texts and repeated * len(texts) + len(sheet.texts) > MAX_CELLS:
            raise too_large_workbook(file_name, f"sheet {sheet.name} has more than {MAX_CELLS:,} filled cells")
        rows = range(row, min(row + repeated, MAX_ROW + 1))
        if _is_hidden(element):
            sheet.hidden_rows.update(rows)
        else:
            for at in rows if texts else ():
                sheet.texts.update(((at, at_col), text) for at_col, text in texts)
            if is_framed:
                sheet.framed_rows.update(rows)
        row += repeated
    return sheet


def _read_row(
    row_element: etree._Element, row: int, sheet: Sheet, styles: _Styles
) -> tuple[list[tuple[int, str]], bool]:
    """The texts of a row by column, and whether a cell without text has a border; merged ranges go to the sheet."""
    texts: list[tuple[int, str]] = []
    col, is_framed = 0, False
    for cell in row_element.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        repeated = max(1, number_attribute(cell, "number-columns-repeated", 1, MAX_COL + 1))
        if col > MAX_COL:
            break
        if local_name(cell) == "table-cell":
            text = read_odf_text(cell)
            if text:
                texts.extend((at, text) for at in range(col, min(col + repeated, MAX_COL + 1)))
            else:
                is_framed = is_framed or attribute(cell, "style-name") in styles.framed_cells
            rows_spanned = number_attribute(cell, "number-rows-spanned", 1, MAX_ROW + 1)
            cols_spanned = number_attribute(cell, "number-columns-spanned", 1, MAX_COL + 1)
            if rows_spanned > 1 or cols_spanned > 1:
                sheet.merges.append(Range(row, col, row + max(rows_spanned, 1) - 1, col + max(cols_spanned, 1) - 1))
        col += repeated
    return texts, is_framed


def read_odf_text(cell: etree._Element) -> str:
    """The shown text of a cell, its paragraphs on lines of their own; without notes."""
    return "\n".join("".join(_read_inline(paragraph)) for paragraph in cell.iterchildren("{*}p", "{*}h")).strip()


def _read_inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        name = local_name(part)
        if name == "s":
            yield " " * max(1, number_attribute(part, "c", 1, MAX_SPACES))
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in {"annotation", "note", "ruby-text"}:
            yield from _read_inline(part)
        yield part.tail or ""


def _find(table: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows or columns of a table, also inside groups and header groups."""
    for element in table:
        found = local_name(element)
        if found == name:
            yield element
        elif found.startswith(("table-row", "table-column", "table-header")) and found not in {
            "table-row",
            "table-column",
        }:
            yield from _find(element, name)


def _is_hidden(element: etree._Element) -> bool:
    return attribute(element, "visibility") in {"collapse", "filter"}
