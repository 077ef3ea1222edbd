"""PDF -> Document: per page the grids that ruling lines draw and the lines of text around them; scans recognised."""

from __future__ import annotations

import gc
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from filings.documents import Document, Grid, Page
from filings.errors import UnusableInput
from tasks.extract.readers.pdf_blocks import build_page
from tasks.extract.readers.pdf_page import read_page_marks
from tasks.extract.readers.pdf_reserve import ReserveReader
from tasks.extract.readers.scan_pages import (
    SECONDS_PER_PAGE,
    is_recogniser_installed,
    may_be_scan,
    recognise_page,
    refuse_unread,
)

LOG = logging.getLogger(__name__)

MOST_PAGES = 5_000
"""More pages than this are no filing: the longest budget volumes of a province have about 1,500."""

LONGEST_SECONDS = 600.0
"""A document that takes longer is broken or hostile: filings take 0.01 seconds a page, a dense page 0.1; every scanned
page adds its own."""

COLLECT_AFTER = 100_000
"""New objects, about those of ten pages, after which Python looks for garbage; it looks at all of them each time, and
looking after every 700 takes a tenth of the time."""

PDFIUM_LOCK = threading.Lock()
"""pdfium keeps global state and is not thread-safe; work in parallel needs processes."""

OBJECT_START = re.compile(rb"\d\s+obj\b")


def read_pdf(content: bytes, file_name: str) -> Document:
    """The pages of a PDF as grids and lines.

    Args:
        content: The bytes, with a PDF header.
        file_name: For messages.

    Raises:
        UnusableInput: ``encrypted_pdf``, ``damaged_pdf``, ``too_large`` ``font_not_embedded``, ``needs_ocr`` or
            ``no_text_layer``.
    """
    if _is_cut_off(content):
        raise _damaged(file_name, "its end is missing, so the download was cut off")
    with PDFIUM_LOCK, _collect_rarely():
        return _read_open(content, file_name)


@contextmanager
def _collect_rarely() -> Iterator[None]:
    """Let Python look for cyclic garbage less often: a page is ten thousand small tuples and no cycle among them."""
    usual = gc.get_threshold()
    if usual[0]:  # nought: never
        gc.set_threshold(max(usual[0], COLLECT_AFTER), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _read_open(content: bytes, file_name: str) -> Document:
    try:
        document = pdfium2.PdfDocument(content)
    except pdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise UnusableInput(
                "encrypted_pdf",
                f"{file_name} opens only with a password. Ask the publisher for an open copy, or remove the password "
                "and ingest that.",
            ) from error
        raise _damaged(file_name, "no page can be found in it") from error
    try:
        with ReserveReader(content) as reserve:
            return _read_pages(document, reserve, file_name)
    finally:
        document.close()


def _read_pages(document: pdfium2.PdfDocument, reserve: ReserveReader, file_name: str) -> Document:
    count = len(document)
    if count == 0:
        raise _damaged(file_name, "no page can be found in it")
    if count > MOST_PAGES:
        raise UnusableInput(
            "too_large",
            f"{file_name} has {count:,} pages; at most {MOST_PAGES:,} are read. Split it and ingest the parts.",
        )
    deadline = time.monotonic() + LONGEST_SECONDS
    pages: list[Page] = []
    for index in range(count):
        try:
            page = document[index]
        except pdfium2.PdfiumError as error:
            raise _damaged(file_name, f"page {index + 1} of {count} cannot be read") from error
        try:
            marks = read_page_marks(page, index, reserve)
            read = build_page(index + 1, marks)
            is_scanned = may_be_scan(read, marks)
        finally:
            page.close()
        if is_scanned and is_recogniser_installed():
            read = recognise_page(document, index, read)
            deadline += SECONDS_PER_PAGE
        pages.append(read)
        if time.monotonic() > deadline:
            raise UnusableInput(
                "too_large",
                f"{file_name} was not read within {LONGEST_SECONDS:.0f} seconds. Print it to a new PDF and ingest that.",
            )
    unread = sum(not page.has_text for page in pages)
    if unread and not is_recogniser_installed():
        if not any(isinstance(block, Grid) for page in pages for block in page.blocks):
            raise refuse_unread(unread, file_name)
        LOG.warning("%s: %d scanned pages were not read, because text recognition is not installed", file_name, unread)
    if not any(page.blocks for page in pages):
        raise UnusableInput(
            "no_text_layer",
            f"{file_name} shows pages on which no text can be found, nor recognised. Ask the publisher for the "
            "original and ingest that.",
        )
    return Document("application/pdf", tuple(pages), "pdf", _find_maker(document), unread)


def _is_cut_off(content: bytes) -> bool:
    """Whether the file ends inside an object: its last cross-reference is missing, or objects follow it."""
    end = content.rfind(b"startxref")
    return end < 0 or OBJECT_START.search(content, end) is not None


def _damaged(file_name: str, finding: str) -> UnusableInput:
    return UnusableInput(
        "damaged_pdf",
        f"{file_name} is a damaged PDF: {finding}. Download it again; if it stays so, ask the publisher for the file.",
    )


def _find_maker(document: pdfium2.PdfDocument) -> str | None:
    metadata = document.get_metadata_dict()
    return metadata.get("Producer") or metadata.get("Creator") or None
