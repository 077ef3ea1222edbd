"""The marks of a page as pdfplumber (pdfminer) sees them: an independent second source to hold pdfium's against."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pdfplumber
from pdfplumber.page import Page as PlumberPage

from filings.documents import Page
from tasks.extract.readers.pdf_blocks import build_page
from tasks.extract.readers.pdf_marks import Character, PageMarks, drop_overprints, find_rules_of_rectangle


def read_pages_by_plumber(content: bytes) -> list[Page]:
    """The pages of a PDF, built from pdfplumber's marks."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [build_page(number, _read_marks(page)) for number, page in enumerate(pdf.pages, start=1)]


def _read_marks(page: PlumberPage) -> PageMarks:
    characters = [Character(c["text"], c["x0"], c["top"], c["x1"], c["bottom"], c["size"]) for c in page.chars]
    rules = [rule for box in _find_ruling_boxes(page) for rule in find_rules_of_rectangle(*box)]
    has_pictures = bool(page.images or page.curves)
    return PageMarks(float(page.width), float(page.height), drop_overprints(characters), tuple(rules), has_pictures)


def _find_ruling_boxes(page: PlumberPage) -> Iterator[tuple[float, float, float, float]]:
    for mark in (*page.rects, *page.lines):
        stroked = mark["stroke"] and not _is_white(mark["stroking_color"])
        filled = mark["fill"] and not _is_white(mark["non_stroking_color"])
        if stroked or filled:
            yield mark["x0"], mark["top"], mark["x1"], mark["bottom"]


def _is_white(color: object) -> bool:
    parts = color if isinstance(color, tuple) else (color,)
    numbers = [part for part in parts if isinstance(part, int | float)]
    if not numbers:
        return False
    return max(numbers) < 0.02 if len(numbers) == 4 else min(numbers) > 0.98
