"""Workbook (.xlsx) -> Document: what its visible sheets show, numbers as their formats print them.

Read from the XML itself, as it streams by: openpyxl keeps every cell of a sheet as an object, and numbers as floats.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree

from filings.documents import Document
from filings.errors import UnusableInput
from tasks.extract.readers.docx import find_main_part, find_maker
from tasks.extract.readers.number_format import BUILT_IN, format_number, format_text
from tasks.extract.readers.package import Package, attribute, child, local_name, number_attribute
from tasks.extract.readers.sheets import Range, Sheet, build_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_ROW, MAX_COL = 1_048_575, 16_383
"""The last row and column of a sheet, from 0 (ECMA-376 leaves it open; Excel's specification)."""

ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
OFF = frozenset({"0", "false"})


@dataclass(slots=True)
class _Styles:
    """By index of a cell's style: its format code, and whether it has a border."""

    codes: list[str] = field(default_factory=list)
    framed: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class _Formulas:
    """How many formulas there are, and how many of them have a value that a program once computed."""

    count: int = 0
    computed: int = 0


def read_xlsx(content: bytes, file_name: str) -> Document:
    """Read a workbook.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.

    Returns:
        A document with one page without a number; locators name sheet and cell (``sheet 收支总表 B7``).

    Raises:
        UnusableInput: ``damaged_document``, ``encrypted_document``, ``unsafe_xml``, ``too_large``,
            ``empty_document``, or ``uncalculated_workbook`` where no formula has a stored value.
    """
    package = Package(content, file_name)
    main = find_main_part(package, "xl/workbook.xml")
    root = package.parse_part(main)
    folder = posixpath.dirname(main)
    targets = _read_targets(package, folder, posixpath.basename(main))
    shared = list(_read_shared_texts(package, f"{folder}/sharedStrings.xml"))
    styles = _read_styles(package, f"{folder}/styles.xml")
    properties = child(root, "workbookPr")
    is_1904 = properties is not None and (attribute(properties, "date1904") or "0").lower() not in OFF
    formulas = _Formulas()
    listed = child(root, "sheets")
    sheets = [
        _read_sheet(package, target, attribute(element, "name") or "", shared, styles, is_1904, formulas)
        for element in (listed.iterchildren("{*}sheet") if listed is not None else ())
        if (attribute(element, "state") or "visible") == "visible"
        and (target := targets.get(_relation(element))) is not None
    ]
    if formulas.count and not formulas.computed:
        raise UnusableInput(
            "uncalculated_workbook",
            f"{file_name} holds {formulas.count} formulas and not one computed value: the program that wrote it never "
            "calculated it. Open it in an office program, save it and ingest that.",
        )
    return build_workbook(sheets, MEDIA_TYPE, "xlsx", find_maker(package), file_name)


def _relation(element: etree._Element) -> str:
    return next((str(value) for key, value in element.items() if str(key).endswith("}id")), "")


def _read_targets(package: Package, folder: str, name: str) -> dict[str, str]:
    """The parts of the worksheets by relationship; chart sheets are none."""
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package:
        raise package.damaged("it does not say where its sheets are")
    targets: dict[str, str] = {}
    for element in package.parse_part(relations).iterchildren("{*}Relationship"):
        target = attribute(element, "Target") or ""
        if (attribute(element, "Type") or "").endswith("/worksheet"):
            path = target if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            targets[attribute(element, "Id") or ""] = path
    return targets


def _read_shared_texts(package: Package, name: str) -> Iterator[str]:
    if name not in package:
        return
    for element in package.walk_part(name):
        if local_name(element) == "si":
            yield _read_text(element)
            _forget(element)


def _read_text(element: etree._Element) -> str:
    """The text of a string item: its own and its runs', without phonetic guides."""
    parts: list[str] = []
    for part in element:
        name = local_name(part)
        if name == "t":
            parts.append(part.text or "")
        elif name == "r":
            parts.extend(text.text or "" for text in part.iterchildren("{*}t"))
    return ESCAPED.sub(_unescape, "".join(parts))


def _unescape(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return "" if number == 0x0D or 0xD800 <= number < 0xE000 else chr(number)


def _forget(element: etree._Element) -> None:
    """Free what has been read, so that a large part never stands in memory as a whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _read_styles(package: Package, name: str) -> _Styles:
    styles = _Styles()
    if name not in package:
        return styles
    root = package.parse_part(name)
    codes = dict(BUILT_IN)
    if (formats := child(root, "numFmts")) is not None:
        for element in formats.iterchildren("{*}numFmt"):
            codes[number_attribute(element, "numFmtId", 0, 10**6)] = attribute(element, "formatCode") or "General"
    borders = child(root, "borders")
    framed = [
        any(attribute(side, "style") not in {None, "none"} for side in border)
        for border in (borders.iterchildren("{*}border") if borders is not None else ())
    ]
    if (cells := child(root, "cellXfs")) is not None:
        for element in cells.iterchildren("{*}xf"):
            border = number_attribute(element, "borderId", 0, 10**6)
            styles.codes.append(codes.get(number_attribute(element, "numFmtId", 0, 10**6), "General"))
            styles.framed.append(0 <= border < len(framed) and framed[border])
    return styles


def _read_sheet(
    package: Package,
    target: str,
    sheet_name: str,
    shared: list[str],
    styles: _Styles,
    is_1904: bool,
    formulas: _Formulas,
) -> Sheet:
    sheet = Sheet(sheet_name)
    row = -1
    hides_rows = False
    for element in package.walk_part(target):
        name = local_name(element)
        if name == "row":
            row = min(number_attribute(element, "r", row + 2, MAX_ROW + 1) - 1, MAX_ROW)
            hidden = attribute(element, "hidden")
            is_hidden = hides_rows and attribute(element, "ht") is None if hidden is None else hidden.lower() not in OFF
            if row >= 0 and is_hidden:
                sheet.hidden_rows.add(row)
            elif row >= 0:
                _read_row(element, row, sheet, shared, styles, is_1904, formulas)
            _forget(element)
        elif name == "sheetFormatPr":
            hides_rows = (attribute(element, "zeroHeight") or "0").lower() not in OFF
        elif name == "col":
            hidden, width = attribute(element, "hidden"), attribute(element, "width")
            if (hidden or "0").lower() not in OFF or width in {"0", "0.0"}:
                first = number_attribute(element, "min", 1, MAX_COL + 1) - 1
                sheet.hidden_cols.append((first, number_attribute(element, "max", first + 1, MAX_COL + 1) - 1))
        elif name == "mergeCell" and (merge := _read_range(attribute(element, "ref") or "")) is not None:
            sheet.merges.append(merge)
            _forget(element)
    return sheet


def _read_row(
    element: etree._Element,
    row: int,
    sheet: Sheet,
    shared: list[str],
    styles: _Styles,
    is_1904: bool,
    formulas: _Formulas,
) -> None:
    col = -1
    for cell in element.iterchildren("{*}c"):
        address = ADDRESS.match(attribute(cell, "r") or "")
        col = min(_column(address[1]) if address else col + 1, MAX_COL)
        style = number_attribute(cell, "s", 0, 10**6)
        code = styles.codes[style] if 0 <= style < len(styles.codes) else "General"
        text = _read_cell(cell, shared, code, is_1904, formulas)
        if text.strip():
            sheet.texts[row, col] = text
        elif 0 <= style < len(styles.framed) and styles.framed[style]:
            sheet.framed_rows.add(row)


def _read_cell(cell: etree._Element, shared: list[str], code: str, is_1904: bool, formulas: _Formulas) -> str:
    kind = attribute(cell, "t") or "n"
    value = child(cell, "v")
    stored = (value.text or "") if value is not None else ""
    if child(cell, "f") is not None:
        formulas.count += 1
        formulas.computed += bool(stored) or kind == "str"
    if kind == "inlineStr":
        inline = child(cell, "is")
        return format_text(_read_text(inline), code) if inline is not None else ""
    if kind == "s":
        at = int(stored) if stored.isascii() and stored.isdigit() and len(stored) < 10 else -1
        return format_text(shared[at], code) if 0 <= at < len(shared) else ""
    if kind == "str":
        return format_text(ESCAPED.sub(_unescape, stored), code)
    if kind == "b":
        return {"0": "FALSE", "1": "TRUE"}.get(stored, stored)
    if kind in {"e", "d"}:
        return stored
    try:
        return format_number(Decimal(stored), code, is_1904) if stored else ""
    except InvalidOperation:
        return stored


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _read_range(text: str) -> Range | None:
    first, _, last = text.partition(":")
    start, end = ADDRESS.match(first), ADDRESS.match(last or first)
    if start is None or end is None:
        return None
    top, left = int(start[2]) - 1, _column(start[1])
    bottom, right = min(int(end[2]) - 1, MAX_ROW), min(_column(end[1]), MAX_COL)
    return Range(top, left, bottom, right) if 0 <= top <= bottom and left <= right else None
