"""Web page -> Document: visible text and tables, merged cells as spans; script, style and hidden parts are not read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from filings.documents import Document, Line, Page
from filings.errors import UnusableInput
from tasks.extract.readers.decode import find_text
from tasks.extract.readers.table_drafts import CellDraft, TableDraft, build_blocks

MEDIA_TYPE = "text/html"

MAX_BYTES = 32 * 2**20
"""The largest page with budget tables seen is 2 MB; pages that Excel saves are the longest."""

MAX_TAGS = 500_000
"""Tags of one page, counted before it is parsed; that page of 2 MB has 60,000."""

MAX_DEPTH = 200
"""Elements inside each other; pages pasted from Word reach 40. The parser itself stops at 256."""

MAX_SPAN = 1000
"""Columns that one cell may cover (HTML standard, 4.9.11)."""

MAX_POSITIONS = 1_000_000
"""Positions that the table cells of one page cover."""

DAMAGED_SHARE = 1000
"""A page is still read if fewer than one in so many of its characters cannot be decoded."""

UNSEEN = frozenset(
    {"script", "style", "head", "template", "noscript", "select", "option", "textarea", "button", "svg", "math",
     "iframe", "object", "audio", "video", "canvas", "datalist", "input", "title"}
)  # fmt: skip
"""Elements whose text is no part of what a page says."""

BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
     "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
     "html", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "ul", "table", "caption", "tr",
     "td", "th", "tbody", "thead", "tfoot"}
)  # fmt: skip
"""Elements that begin and end a line."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
OUTER_TAG = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]", re.IGNORECASE)
HEAD_BYTES = 4096
"""A page shows one of its outer tags this early."""
WHITESPACE = re.compile(r"[ \t\r\n\f]+")

Content = list[Line | TableDraft]


def looks_like_html(content: bytes) -> bool:
    """Whether the bytes begin like a web page, in any encoding that has ASCII's letters."""
    return OUTER_TAG.search(content[:HEAD_BYTES].replace(b"\x00", b"")) is not None


def decode_html(content: bytes) -> str | None:
    """The text of a page: by what it declares if that fits, else by what fits; None where nothing does.

    GB2312 and GBK are read as GB18030, which contains them: pages that declare the former use the latter.
    """
    text = find_text(content)
    if text is not None:
        return text
    declared = META_CHARSET.search(content[:HEAD_BYTES])
    name = declared[1].decode("ascii").lower() if declared else "gb18030"
    names = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
    if (name := names.get(name, name)) not in {"utf-8", "utf8", "gb18030", "big5", "big5-hkscs"}:
        return None
    text = content.decode(name, errors="replace")
    return text if text.count("\ufffd") * DAMAGED_SHARE < len(text) else None


def read_html(content: bytes, file_name: str) -> Document:
    """Read a web page with tables.

    Args:
        content: The page's bytes.
        file_name: Its name, for messages.

    Returns:
        A document with one page without a number; locators count lines of text, and tables with their rows and cells.

    Raises:
        UnusableInput: ``too_large``, ``unknown_format``, ``damaged_document`` or ``empty_document``.
    """
    if len(content) > MAX_BYTES:
        raise _too_large(file_name, f"it has {len(content):,} bytes")
    text = decode_html(content)
    if text is None:
        raise UnusableInput(
            "unknown_format",
            f"{file_name} is a web page in an encoding that could not be told. Open it in a browser and print it to a "
            "PDF.",
        )
    if text.count("<") > MAX_TAGS:
        raise _too_large(file_name, f"it has more than {MAX_TAGS:,} tags")
    walker = _Walker(file_name)
    walker.read(parse_html(text, file_name), 0)
    walker.end_line()
    blocks = build_blocks(walker.content, file_name)
    if not blocks:
        raise UnusableInput(
            "empty_document",
            f"{file_name} is a web page without visible text: most likely a program fetches its text. Open it in a "
            "browser and print it to a PDF.",
        )
    return Document(MEDIA_TYPE, (Page(None, tuple(blocks)),), "html")


def parse_html(text: str, file_name: str) -> etree._Element:
    """The root element of a page.

    Raises:
        UnusableInput: ``damaged_document`` where there is none.
    """
    # the bytes handed on are UTF-8, whatever the page declares
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False, no_network=True)
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged(file_name) from error
    if root is None:
        raise _damaged(file_name)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise _too_large(file_name, f"its elements stand more than {MAX_DEPTH} deep in each other")
    return root


def _damaged(file_name: str) -> UnusableInput:
    return UnusableInput(
        "damaged_document",
        f"{file_name} looks like a web page but holds none. Download it again; if it stays so, print it to a PDF.",
    )


def _too_large(file_name: str, what: str) -> UnusableInput:
    return UnusableInput(
        "too_large",
        f"{file_name} is refused for its size: {what}. If it is a real filing, print it to a PDF and ingest that.",
    )


@dataclass
class _Walker:
    """Goes through the page once; `content` is what was read so far, in order."""

    file_name: str
    content: Content = field(default_factory=list)
    _text: str = ""
    _is_heading: bool = False
    _lines: int = 0
    _tables: int = 0
    _positions: int = 0
    _place: str | None = None

    def read(self, element: etree._Element, depth: int) -> None:
        """Read an element with everything in it (not what follows it)."""
        tag = element.tag
        if not isinstance(tag, str) or tag in UNSEEN or _is_hidden(element):
            return
        if depth > MAX_DEPTH:
            raise _too_large(self.file_name, f"its elements stand more than {MAX_DEPTH} deep in each other")
        if tag == "table":
            self.end_line()
            self.content.append(self._read_table(element, depth))
            return
        if tag == "br":
            self._text += "\n"
            return
        if tag in BLOCKS:
            self.end_line()
        outer, self._is_heading = self._is_heading, self._is_heading or tag in HEADINGS
        self._add(element.text)
        for child in element:
            self.read(child, depth + 1)
            self._add(child.tail)
        if tag in BLOCKS:
            self.end_line()
        self._is_heading = outer

    def _add(self, text: str | None) -> None:
        if text:
            self._text += WHITESPACE.sub(" ", text)

    def end_line(self) -> None:
        """What was collected becomes lines; `` `` stays a space inside them and vanishes at their ends."""
        text, self._text = self._text, ""
        for line in text.split("\n"):
            shown = line.replace("\u200b", "").replace("\ufeff", "").strip()
            if not shown:
                continue
            if self._place is None:
                self._lines += 1
            place = self._place or f"line {self._lines}"
            self.content.append(Line(shown.replace("\xa0", " "), locator=place, is_heading=self._is_heading))

    def _read_table(self, table: etree._Element, depth: int) -> TableDraft:
        self._tables += 1
        number = self._tables
        draft = TableDraft()
        for caption in table.iterchildren("caption"):
            self.read(caption, depth + 1)
        self.end_line()
        open_spans: dict[int, int] = {}
        rows = [row for row in _find_rows(table) if not _is_hidden(row)]
        for row, element in enumerate(rows):
            col = 0
            for at, cell in enumerate(element.iterchildren("td", "th"), start=1):
                if _is_hidden(cell):
                    continue
                first = col
                while open_spans.get(col, 0) > row:
                    col += 1
                # rowspan="0" reaches to the end of the table (HTML standard, 4.9.11)
                row_span = min(_read_span(cell, "rowspan", 0) or len(rows), len(rows) - row)
                col_span = max(1, _read_span(cell, "colspan", 1))
                taken = (c for c in range(col + 1, col + col_span) if open_spans.get(c, 0) > row)
                col_span = next(taken, col + col_span) - col
                self._positions += col + col_span - first
                if self._positions > MAX_POSITIONS:
                    raise _too_large(self.file_name, f"its tables have more than {MAX_POSITIONS:,} cells")
                place = f"table {number} row {row + 1} cell {at}"
                draft.cells.append(
                    CellDraft(row, col, row_span, col_span, place, self._read_cell(cell, place, depth + 3))
                )
                for c in range(col, col + col_span):
                    open_spans[c] = row + row_span
                col += col_span
        return draft

    def _read_cell(self, cell: etree._Element, place: str, depth: int) -> Content:
        outer = (self.content, self._place, self._is_heading)
        self.content, self._place, self._is_heading = [], place, False
        self.read(cell, depth)
        self.end_line()
        content = self.content
        self.content, self._place, self._is_heading = outer
        return content


def _find_rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table itself, head first and foot last as a browser shows them."""
    rows: dict[str, list[etree._Element]] = {"thead": [], "tbody": [], "tfoot": []}
    for element in table:
        if element.tag == "tr":
            rows["tbody"].append(element)
        elif isinstance(element.tag, str) and element.tag in rows and not _is_hidden(element):
            rows[element.tag].extend(element.iterchildren("tr"))
    return [*rows["thead"], *rows["tbody"], *rows["tfoot"]]


def _read_span(cell: etree._Element, name: str, least: int) -> int:
    text = (cell.get(name) or "1").strip()
    number = int(text[:6]) if text.isascii() and text.isdigit() else 1
    return max(least, min(number, MAX_SPAN if name == "colspan" else 65_534))


def _is_hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and HIDDEN_STYLE.search(style) is not None
