"""Word document (.docx) -> Document: what stands in its body, in order, as Word shows it.

Read from the XML itself: python-docx passes over inserted text, content controls, text boxes and list numbers.
Not read: deleted and hidden text, field codes, comments, footnotes, page headers and footers.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from filings.documents import Document, Line, Page
from filings.errors import UnusableInput
from tasks.extract.readers.docx_numbers import Lists, read_lists
from tasks.extract.readers.docx_styles import Style, is_on, overlay, read_properties, read_styles
from tasks.extract.readers.package import Package, attribute, child, local_name, number_attribute
from tasks.extract.readers.table_drafts import CellDraft, TableDraft, build_blocks

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TWIPS_PER_POINT = 20

EMU_PER_POINT = 12_700

TABLE_POINTS = (200, 60)
"""Least width and height of a picture that may show a table or a paragraph: stamps and emblems are some 120 points wide."""

MAX_COLUMNS = 1000
"""Word itself allows 63 columns."""

REMOVED = frozenset({"del", "moveFrom"})
"""Content that a tracked change took away."""

WRAPPERS = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir", "ruby",
     "rubyBase", "Choice", "oMath", "oMathPara", "subDoc"}
)  # fmt: skip
"""Elements that only stand around content."""

Content = list[Line | TableDraft]


def read_docx(content: bytes, file_name: str) -> Document:
    """Read a Word document.

    Args:
        content: The file's bytes.
        file_name: Its name, for messages.

    Returns:
        A document with one page without a number; locators count paragraphs outside tables, and tables with their
        rows and printed cells, from 1.

    Raises:
        UnusableInput: ``damaged_document``, ``encrypted_document``, ``unsafe_xml``, ``too_large``, ``needs_ocr``
            where the document holds nothing but pictures, or ``empty_document``.
    """
    package = Package(content, file_name)
    main = find_main_part(package, "word/document.xml")
    root = package.parse_part(main)
    body = child(root, "body")
    if body is None:
        raise package.damaged("it has no body")
    folder = posixpath.dirname(main)
    walker = _Walker(
        read_styles(_parse_optional(package, f"{folder}/styles.xml")),
        read_lists(_parse_optional(package, f"{folder}/numbering.xml")),
    )
    blocks = build_blocks(walker.read_content(body), file_name)
    if not blocks and walker.pictures:
        raise UnusableInput(
            "needs_ocr",
            f"{file_name} holds {walker.pictures} pictures and no text: its pages were scanned into a Word file. Save "
            "it as a PDF and ingest that, which is read by character recognition.",
        )
    if not blocks:
        raise package.empty()
    return Document(MEDIA_TYPE, (Page(None, tuple(blocks)),), "docx", find_maker(package), walker.large_pictures)


def find_main_part(package: Package, usual: str) -> str:
    """The part that the package's relationships name as its document, else the usual one."""
    root = _parse_optional(package, "_rels/.rels")
    for element in root.iterchildren("{*}Relationship") if root is not None else ():
        target = attribute(element, "Target") or ""
        if (attribute(element, "Type") or "").endswith("/officeDocument") and target in package:
            return target.lstrip("/")
    return usual


def find_maker(package: Package) -> str | None:
    """The program that wrote the package, as its properties say."""
    root = _parse_optional(package, "docProps/app.xml")
    application = child(root, "Application") if root is not None else None
    return (application.text or "").strip() or None if application is not None else None


def _parse_optional(package: Package, name: str) -> etree._Element | None:
    return package.parse_part(name) if name in package else None


@dataclass
class _Walker:
    """Goes through the body once, counting paragraphs, tables, list numbers and pictures."""

    styles: dict[str, Style]
    lists: Lists
    pictures: int = 0
    large_pictures: int = 0
    _paragraphs: int = 0
    _tables: int = 0
    _carried: str = field(default="")

    def read_content(self, parent: etree._Element, place: str | None = None) -> Content:
        """Paragraphs and tables directly under an element; `place` is the locator of the cell they stand in."""
        content: Content = []
        for element in parent:
            name = local_name(element)
            if name == "p":
                content.extend(self._read_paragraph(element, place))
            elif name == "tbl":
                content.append(self._read_table(element))
            elif name in WRAPPERS:
                content.extend(self.read_content(element, place))
            elif name == "AlternateContent" and (chosen := _choose(element)) is not None:
                content.extend(self.read_content(chosen, place))
        return content

    def _read_paragraph(self, element: etree._Element, place: str | None) -> Content:
        if place is None:
            self._paragraphs += 1
        locator = place or f"paragraph {self._paragraphs}"
        properties = child(element, "pPr")
        mark = child(properties, "rPr") if properties is not None else None
        style = self._style_of(properties, "pStyle")
        if properties is not None:
            style = overlay(style, read_properties(properties, None))
        runs = _Runs(self, style.is_hidden)
        runs.read(element)
        text = "".join(runs.texts)
        if text.strip():
            text = self.lists.count(style.list_id, style.list_level or 0) + text
        text, self._carried = self._carried + text, ""
        if mark is not None and child(mark, "del") is not None:
            # the paragraph's end was deleted, so that it runs on into the next
            self._carried = text
            return runs.boxes
        lines: Content = [
            Line(line.strip(), locator=locator, is_heading=style.is_heading is True)
            for line in text.split("\n")
            if line.strip()
        ]
        return lines + runs.boxes

    def _style_of(self, properties: etree._Element | None, kind: str) -> Style:
        element = child(properties, kind) if properties is not None else None
        return self.styles.get(attribute(element, "val") or "", Style()) if element is not None else Style()

    def is_hidden(self, run: etree._Element, inherited: bool | None) -> bool:
        """Whether a run's text is hidden (``w:vanish``), by itself, its style or its paragraph's style."""
        properties = child(run, "rPr")
        for said in (is_on(properties, "vanish"), self._style_of(properties, "rStyle").is_hidden, inherited):
            if said is not None:
                return said
        return False

    def _read_table(self, element: etree._Element) -> TableDraft:
        self._tables += 1
        number = self._tables
        table = TableDraft(col_edges=_read_edges(element))
        open_merges: dict[int, CellDraft] = {}
        row = 0
        for row_element in _find(element, "tr"):
            properties = child(row_element, "trPr")
            if properties is not None and (child(properties, "del") is not None or is_on(properties, "hidden")):
                continue
            col = number_attribute(child(properties, "gridBefore") if properties is not None else None, "val", 0, 63)
            still_open: dict[int, CellDraft] = {}
            last: CellDraft | None = None
            for at, cell_element in enumerate(_find(row_element, "tc"), start=1):
                cell = self._read_cell(cell_element, row, max(col, 0), f"table {number} row {row + 1} cell {at}")
                merged = _merge_of(cell_element, "vMerge")
                if _merge_of(cell_element, "hMerge") == "continue" and last is not None:
                    last.col_span += cell.col_span
                elif merged == "continue" and (above := open_merges.get(cell.col)) and above.col_span == cell.col_span:
                    above.row_span = row - above.row + 1
                    still_open[cell.col] = above
                    last = None
                else:
                    table.cells.append(cell)
                    last = cell
                    if merged is not None:
                        still_open[cell.col] = cell
                col = cell.col + cell.col_span
            open_merges = still_open
            row += 1
        return table

    def _read_cell(self, element: etree._Element, row: int, col: int, locator: str) -> CellDraft:
        properties = child(element, "tcPr")
        span = number_attribute(child(properties, "gridSpan") if properties is not None else None, "val", 1, 63)
        cell = CellDraft(row, col, 1, max(1, span), locator)
        if properties is None or child(properties, "cellDel") is None:
            cell.content = self.read_content(element, locator)
        return cell


@dataclass
class _Runs:
    """The text of one paragraph and the text boxes anchored in it."""

    walker: _Walker
    hidden: bool | None
    texts: list[str] = field(default_factory=list)
    boxes: Content = field(default_factory=list)

    def read(self, parent: etree._Element) -> None:
        """Collect what stands in a paragraph or in an element around its runs."""
        for element in parent:
            name = local_name(element)
            if name == "r":
                if not self.walker.is_hidden(element, self.hidden):
                    self._read_run(element)
            elif name == "t":
                self.texts.append(element.text or "")
            elif name in WRAPPERS or (name not in REMOVED and name not in {"pPr", "rt"} and len(element)):
                self.read(element)

    def _read_run(self, run: etree._Element) -> None:
        for element in run:
            name = local_name(element)
            if name == "t":
                self.texts.append(element.text or "")
            elif name == "tab":
                self.texts.append("\t")
            elif name in {"br", "cr"}:
                self.texts.append("\n")
            elif name == "noBreakHyphen":
                self.texts.append("-")
            elif name == "sym":
                self.texts.append(_read_symbol(element))
            elif name == "ruby":
                self.read(element)
            elif name == "AlternateContent":
                chosen = _choose(element)
                if chosen is not None:
                    self._read_run(chosen)
            elif name in {"drawing", "pict", "object"}:
                self._read_drawing(element)

    def _read_drawing(self, element: etree._Element) -> None:
        """Text boxes in a drawing, each read once; a picture is only counted."""
        if next(element.iter("{*}blip", "{*}imagedata"), None) is not None:
            self.walker.pictures += 1
            self.walker.large_pictures += _may_hold_table(element)
        for box in element.iter("{*}txbxContent"):
            if not any(local_name(above) in {"txbxContent", "Fallback"} for above in _between(box, element)):
                self.boxes.extend(self.walker.read_content(box))


def _may_hold_table(drawing: etree._Element) -> bool:
    """Whether a picture is large enough to show a table or a paragraph; one without a size may be."""
    extent = next(drawing.iter("{*}extent"), None)
    if extent is None:
        return True
    width, height = (number_attribute(extent, name, 0, 10**9) / EMU_PER_POINT for name in ("cx", "cy"))
    return width >= TABLE_POINTS[0] and height >= TABLE_POINTS[1]


def _choose(alternatives: etree._Element) -> etree._Element | None:
    """One of the alternatives in which a drawing is stored; all say the same."""
    chosen = child(alternatives, "Choice")
    return chosen if chosen is not None else child(alternatives, "Fallback")


def _between(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _read_symbol(element: etree._Element) -> str:
    """A character given by its number; those of symbol fonts are no text."""
    try:
        number = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 else ""


def _find(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls and tracked insertions."""
    for element in parent:
        found = local_name(element)
        if found == name:
            yield element
        elif found in WRAPPERS:
            yield from _find(element, name)


def _merge_of(cell: etree._Element, kind: str) -> str | None:
    """``restart`` or ``continue`` where a cell takes part in a merge, else None (a bare element continues)."""
    properties = child(cell, "tcPr")
    element = child(properties, kind) if properties is not None else None
    if element is None:
        return None
    return "restart" if attribute(element, "val") == "restart" else "continue"


def _read_edges(table: etree._Element) -> tuple[float, ...]:
    """The column borders in points from the table's grid; empty where a width is missing."""
    grid = child(table, "tblGrid")
    widths = (
        [number_attribute(column, "w", 0, 31_680) for column in grid.iterchildren("{*}gridCol")]
        if grid is not None
        else []
    )
    if not widths or min(widths) <= 0:
        return ()
    edges = [0]
    for width in widths[:MAX_COLUMNS]:
        edges.append(edges[-1] + width)
    return tuple(edge / TWIPS_PER_POINT for edge in edges)
