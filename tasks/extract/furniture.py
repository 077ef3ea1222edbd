"""Which lines of a page are its furniture: page numbers, running heads and feet (页码、页眉、页脚)?"""

from __future__ import annotations

import re
from collections import Counter

from filings.documents import Document, Line
from filings.text import squeeze

RUNNING_HEAD_PAGES = 3
"""On how many pages a line must stand to be a running head: a note may be the same under two statements."""

EDGE_LINES = 2
"""How many lines of a page's head or foot may be running: a name and a date were seen."""

_PAGE_FURNITURE = re.compile(
    r"^[-—–_\s]*第?\s*\d{1,4}\s*页?([,，/\s]*共\s*\d+\s*页)?[-—–_\s]*$|^\d{1,4}/\d{1,4}$|^[(（]?[续接][上前]?[表页][)）]?[:：]?$"
)


def is_page_furniture(text: str) -> bool:
    """Whether a line is a page number, says only that a table goes on (续表), or is empty."""
    return not text.strip() or _PAGE_FURNITURE.match(text.strip()) is not None


def find_running_heads(document: Document) -> frozenset[str]:
    """Lines, without white space, that stand at the head or foot of several pages."""
    counts: Counter[str] = Counter()
    for page in document.pages:
        if page.number is not None:
            edges = [*page.blocks[:EDGE_LINES], *page.blocks[-EDGE_LINES:]]
            counts.update({squeeze(block.text) for block in edges if isinstance(block, Line)})
    return frozenset(text for text, pages in counts.items() if pages >= RUNNING_HEAD_PAGES)
