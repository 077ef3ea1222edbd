"""Characters by pdfminer, for pages of which pdfium cannot list all.

pdfium leaves a text object out of its text page where it finds no glyph for it: a Chinese font that is neither in
the file nor on the machine, and one character per object. pdfminer needs no glyphs. It is ten times slower and does
not know what is hidden but for watermarks, so it is asked for such pages only.
"""

from __future__ import annotations

import contextlib
import io
from types import TracebackType

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from filings.errors import UnusableInput
from tasks.extract.readers.pdf_extents import is_askew
from tasks.extract.readers.pdf_marks import Character
from tasks.extract.readers.pdf_paths import PALE_FROM

BROKEN = (
    PSException,
    PDFException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What pdfminer raises on a malformed file; it checks little before it computes."""


class ReserveReader:
    """The characters of single pages of one PDF; parses the file when the first page is asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._pdf: PDF | None = None

    def __enter__(self) -> ReserveReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pdf is not None:
            with contextlib.suppress(*BROKEN):  # it parses all pages to close each
                self._pdf.close()

    def read_characters(self, page_index: int) -> list[Character]:
        """All characters of a page, in points from the upper left corner of its visible area.

        Raises:
            UnusableInput: ``font_not_embedded`` where pdfminer cannot read the page either.
        """
        try:
            if self._pdf is None:
                self._pdf = pdfplumber.open(io.BytesIO(self._content))
            page = self._pdf.pages[page_index]
            left, top, right, bottom = page.cropbox
            characters = [
                Character(c["text"], c["x0"] - left, c["top"] - top, c["x1"] - left, c["bottom"] - top, c["size"])
                for c in page.chars
                if left <= (c["x0"] + c["x1"]) / 2 <= right
                and top <= (c["top"] + c["bottom"]) / 2 <= bottom
                and not (is_askew(*c["matrix"][:2]) and _is_pale(c["non_stroking_color"]))
            ]
            page.close()
        except BROKEN as error:
            raise UnusableInput(
                "font_not_embedded",
                f"Page {page_index + 1} is set in a font that is neither in the file nor on this machine. Install a "
                "Chinese font (for example Noto Sans CJK), or print the document to a PDF that embeds its fonts.",
            ) from error
        return characters


def _is_pale(color: object) -> bool:
    """Whether a grey or a colour of red, green and blue is paler than text; other colours count as dark."""
    parts = color if isinstance(color, tuple) else (color,)
    shades = [part for part in parts if isinstance(part, int | float)]
    return len(shades) in (1, 3) and min(shades) * 255 >= PALE_FROM
