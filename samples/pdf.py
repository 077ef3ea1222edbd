"""Draws a filing as PDF: text pages, ruled tables over as many pages as they need, fixed dates and ids.

The same filing gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.pdfgen.canvas import Canvas

from samples.font import FONT_NAME, measure_text
from samples.layout import Align, Filing, TableCell
from samples.pages import PageWriter, SetPages, set_pages

RULE_WIDTH = 0.6
"""Width of the ruling, in points."""


@dataclass
class DrawnPdf(SetPages):
    """The PDF and the place of everything in it."""

    content: bytes


@dataclass
class PdfWriter(PageWriter):
    """Puts text and rules on the pages of a PDF."""

    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.canvas = Canvas(self.buffer, pagesize=(0, 0), invariant=1, pageCompression=1)
        self.canvas.setCreator("Yusuan samples")

    def open_sheet(self, landscape: bool) -> None:
        """Take a new sheet; a rotated one is a portrait sheet that is seen turned."""
        if landscape and self.style.rotated:
            # reportlab takes the size as a person sees it and swaps the media box itself
            self.canvas.setPageSize((self.width, self.height))
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, self.height, 0)
        else:
            self.canvas.setPageSize((self.width, self.height))
            self.canvas.setPageRotation(0)

    def close_sheet(self) -> None:
        """End the page of the PDF."""
        self.canvas.showPage()

    def begin_grid(self, rows: Sequence[int], edges: Sequence[float]) -> None:
        """A PDF says nothing of tables."""

    def begin_cell(self, cell: TableCell) -> None:
        """A PDF says nothing of cells."""

    def end_grid(self) -> None:
        """A PDF says nothing of tables."""

    def put_text(self, text: str, x: float, baseline: float, size: float, align: Align, bold: bool = False) -> None:
        """Print one line of text at a baseline measured from the top."""
        if not text:
            return
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * measure_text(text, size)
        # the render mode outlives the text object, so it is set within a saved state
        self.canvas.saveState()
        run = self.canvas.beginText(left, self.height - baseline)
        run.setFont(FONT_NAME, size)
        if bold:
            run.setTextRenderMode(2)
            self.canvas.setLineWidth(size / 60)
        run.textOut(text)
        self.canvas.drawText(run)
        self.canvas.restoreState()

    def put_rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a horizontal or vertical rule the way the filing's maker does."""
        if self.style.borders == "strokes":
            self.canvas.setLineWidth(RULE_WIDTH)
            self.canvas.line(x0, self.height - y0, x1, self.height - y1)
            return
        half = RULE_WIDTH / 2
        left, right, upper, lower = min(x0, x1) - half, max(x0, x1) + half, min(y0, y1) - half, max(y0, y1) + half
        self.canvas.rect(left, self.height - lower, right - left, lower - upper, stroke=0, fill=1)


def draw_pdf(filing: Filing) -> DrawnPdf:
    """The filing as PDF, with the page of every table row."""
    writer = PdfWriter(filing.style)
    pages = set_pages(filing, writer)
    writer.canvas.save()
    return DrawnPdf(pages.cell_pages, pages.text_pages, pages.page_count, writer.buffer.getvalue())
