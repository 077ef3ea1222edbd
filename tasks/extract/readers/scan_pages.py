"""Which pages of a PDF are to be recognised, and how does recognition join the reading of the other pages?

A mixed document is read page by page: only pages without a usable text layer are recognised.
"""

from __future__ import annotations

import importlib.util
from collections import Counter

import pypdfium2 as pdfium2

from filings.documents import Grid, Line, Page
from filings.errors import UnusableInput
from tasks.extract.readers.pdf_marks import PageMarks

RECOGNISER_PACKAGES = ("rapidocr", "onnxruntime", "cv2")
"""What the extra ``ocr`` installs and recognition imports."""

SECONDS_PER_PAGE = 60.0
"""What recognising one page may take: a dense page takes 6 seconds of one core, which others may share."""

PICTURE_PART = 0.5
"""A picture over this part of a page may be the page itself, scanned; logos and seals are smaller."""


def may_be_scan(page: Page, marks: PageMarks) -> bool:
    """Whether the page's text layer cannot be all that it shows: there is none, or no table in it but a large picture."""
    if not page.has_text:
        return True
    return marks.largest_picture_part >= PICTURE_PART and not any(isinstance(block, Grid) for block in page.blocks)


def choose_reading(by_text: Page, by_image: Page) -> Page:
    """The reading of the image, unless the text layer says as much: a letterhead or a backdrop is no scan.

    The image shows what the text layer prints, too: a reading that lacks most of it has read a picture's pattern.
    """
    if not by_text.has_text or any(isinstance(block, Grid) for block in by_image.blocks):
        return by_image
    printed, seen = _characters(by_text), _characters(by_image)
    is_seen = (printed & seen).total() * 2 > printed.total()
    return by_image if is_seen and seen.total() > 2 * printed.total() else by_text


def is_recogniser_installed() -> bool:
    """Whether the packages of the extra ``ocr`` are there."""
    return all(importlib.util.find_spec(name) is not None for name in RECOGNISER_PACKAGES)


def recognise_page(document: pdfium2.PdfDocument, index: int, by_text: Page) -> Page:
    """The page as its image shows it, or as its text layer says where that says as much.

    Args:
        document: The open document; the page is opened anew, because the first reading turned what is on it.
        index: The page's number from 0.
        by_text: What its text layer says.
    """
    from tasks.extract.readers import scan  # slow to import, and there only with the extra

    page = document[index]
    try:
        by_image = scan.read_scanned_page(index + 1, scan.render_page(page), *page.get_size())
    finally:
        page.close()
    return choose_reading(by_text, by_image)


def refuse_unread(unread: int, file_name: str) -> UnusableInput:
    """The reason why a document is not read whose tables are on scanned pages."""
    return UnusableInput(
        "needs_ocr",
        f"{file_name} has {unread} scanned pages, whose text must be recognised. Install text recognition with "
        "pip install 'yusuan[ocr]' and ingest it again; it works offline.",
    )


def _characters(page: Page) -> Counter[str]:
    """How often each character is read on the page, white space aside."""
    texts = [block.text for block in page.blocks if isinstance(block, Line)]
    texts.extend(cell.text for block in page.blocks if isinstance(block, Grid) for cell in block.cells)
    return Counter(character for text in texts for character in text if not character.isspace())
