"""Who reads tables of PDFs in the benchmark: each one a function from a file to rows of cell texts.

The peers other than pdfplumber are no dependencies: ``make bench`` installs those that install. None recognises scans.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pdfplumber
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from filings.documents import Document, Grid
from filings.errors import UnusableInput
from tasks.extract import extract_document
from tasks.extract.readers import pdf, read_document

Table = list[list[str]]
"""Rows of cell texts; a cell that is merged over several places is printed at the first of them."""

PEERS = Path(sys.prefix) / "peers"
"""Where ``make bench`` installs the peers, apart from what we depend on."""


def read_by_plumber(file: Path) -> list[Table]:
    """Plain pdfplumber: ``extract_tables()`` of every page."""
    tables: list[Table] = []
    with pdfplumber.open(io.BytesIO(file.read_bytes())) as opened:
        for page in opened.pages:
            tables += [[[cell or "" for cell in row] for row in table] for table in page.extract_tables()]
            page.close()
    return tables


def read_by_us(file: Path) -> list[Table]:
    """Bytes to document, without recognising scans, which the peers cannot either."""
    return list(_grids(_read_text(file)))


def read_items(file: Path) -> list[Table]:
    """Bytes to line items and all other records."""
    document = _read_text(file)
    try:
        extract_document(document, file.name)
    except UnusableInput:
        return []  # a text without a table
    return []


def read_floor(file: Path) -> list[Table]:
    """The floor: pdfium parses every page and says each character's code and box and each object's bounds."""
    document = pdfium2.PdfDocument(file.read_bytes())
    box = pdfium.FS_RECTF()
    for page in document:
        for item in page.get_objects(max_depth=1):
            item.get_bounds()
        text_page = page.get_textpage()
        for index in range(text_page.count_chars()):
            pdfium.FPDFText_GetUnicode(text_page.raw, index)
            pdfium.FPDFText_GetLooseCharBox(text_page.raw, index, box)
        text_page.close()
        page.close()
    document.close()
    return []


LINE_TOLERANCE_POINTS = 7.0
"""How far apart PyMuPDF may find the characters of one line: a row's height is 10 and more. By default it takes the small
box of a comma or point for a line of its own, so that no amount with one is read: 34% of the amounts instead of 96%."""


def read_by_pymupdf(file: Path) -> list[Table]:
    """PyMuPDF: ``find_tables()`` of every page."""
    import pymupdf  # type: ignore[import-not-found,unused-ignore]

    found: list[Any] = [
        table.extract(y_tolerance=LINE_TOLERANCE_POINTS)
        for page in pymupdf.open(file)
        for table in page.find_tables().tables
    ]
    return [[[cell or "" for cell in row] for row in table] for table in found]


def read_by_camelot(file: Path) -> list[Table]:
    """camelot, by ruling lines."""
    import camelot  # type: ignore[import-not-found,unused-ignore]

    return [table.df.to_numpy().tolist() for table in camelot.read_pdf(str(file), pages="all", flavor="lattice")]


def read_by_tabula(file: Path) -> list[Table]:
    """tabula, by ruling lines; the time of its Java process counts."""
    import tabula  # type: ignore[import-not-found,unused-ignore]

    found = tabula.read_pdf(str(file), pages="all", lattice=True, output_format="json", silent=True)
    return [[[cell["text"] for cell in row] for row in table["data"]] for table in found]


CONTESTANTS: dict[str, Callable[[Path], list[Table]]] = {
    "pdfplumber": read_by_plumber,
    "yusuan document": read_by_us,
    "yusuan items": read_items,
    "pdfium floor": read_floor,
    "pymupdf": read_by_pymupdf,
    "camelot lattice": read_by_camelot,
    "tabula lattice": read_by_tabula,
}
"""By the names that the benchmark prints."""


def _read_text(file: Path) -> Document:
    with patch.object(pdf, "is_recogniser_installed", return_value=False):
        return read_document(file.read_bytes(), file.name)


def _grids(document: Document) -> Iterator[Table]:
    for _, block in document.blocks():
        if isinstance(block, Grid):
            table = [[""] * block.col_count for _ in range(block.row_count)]
            for cell in block.cells:
                table[cell.row][cell.col] = cell.text
            yield table
