"""Which lines of a document are running text, and which of them are a page's own furniture (正文行、页眉页脚)?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from filings.documents import Box, Document, Grid, Line
from filings.text import squeeze
from tasks.extract.furniture import is_page_furniture

_MARKUP = re.compile(r"\[(?:bookmark|image)\b[^\]]*\]|\*\*|^\s*#{1,6}\s+|^\s*[-*]\s+")
_CLAUSE = re.compile(r"[，。；]|\d(?:万|亿)?元")
_DIGITS = re.compile(r"\d+")
REPEATED_PAGES = 3
"""A first or last line that stands on this many pages is a header or footer: a title that runs over two pages is not."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of running text with its place in the document.

    Args:
        line_no: Ordinal in the document, from 1.
        text: As printed, without markup of a transcription.
        raw: As the reader yields it.
        page: Page number or None.
        box: Its box or None.
        locator: Where the format has no page.
        height_points: Font size or None.
        is_heading: Where the format marks it as a heading.
        group: Number of the stretch of text between two tables that it belongs to.
        is_furniture: A page number, header or footer.
    """

    line_no: int
    text: str
    raw: str
    page: int | None
    box: Box | None
    locator: str | None
    height_points: float | None
    is_heading: bool
    group: int
    is_furniture: bool


def read_lines(document: Document) -> list[TextRow]:
    """Collect the running text of a document in reading order (正文), text in frames included."""
    repeated = _repeated_edges(document)
    rows: list[TextRow] = []
    group = 0
    for page, block in document.blocks():
        if isinstance(block, Grid):
            if not _is_framed_text(block):
                group += 1
                continue
            lines = [Line(text, cell.box, cell.locator) for cell in block.cells for text in cell.text.split("\n")]
        else:
            lines = [block]
        for line in lines:
            if not line.text.strip():
                continue
            edge = page.number is not None and _edge_key(line.text) in repeated
            rows.append(
                TextRow(
                    line_no=len(rows) + 1,
                    text=_MARKUP.sub("", line.text).strip(),
                    raw=line.text,
                    page=page.number,
                    box=line.box,
                    locator=line.locator,
                    height_points=line.height_points,
                    is_heading=line.is_heading,
                    group=group,
                    is_furniture=edge or is_page_furniture(line.text),
                )
            )
    return rows


def _is_framed_text(grid: Grid) -> bool:
    """Whether a grid is running text in a frame: never two printed cells in a row."""
    printed = Counter(cell.row for cell in grid.cells if cell.text.strip())
    return max(printed.values(), default=0) < 2


def _edge_key(text: str) -> str:
    return _DIGITS.sub("#", squeeze(text))


def _repeated_edges(document: Document) -> frozenset[str]:
    """Texts that stand first or last on several pages, digits aside (页眉页脚); a part of a sentence is none."""
    counts: Counter[str] = Counter()
    for page in document.pages:
        lines = [block.text for block in page.blocks if isinstance(block, Line) and block.text.strip()]
        edges = {text for text in (*lines[:1], *lines[-1:]) if not _CLAUSE.search(text)}
        counts.update({_edge_key(text) for text in edges})
    return frozenset(text for text, count in counts.items() if count >= REPEATED_PAGES)
