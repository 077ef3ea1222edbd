"""Small PDFs drawn for the tests: text and ruled tables at known places."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = A4

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def draw_pdf(*pages: Callable[[Canvas], None], password: tuple[str, str] | None = None) -> bytes:
    """A PDF with the given pages; each is drawn on a canvas of A4."""
    target = io.BytesIO()
    encryption = None
    if password is not None:
        from reportlab.lib.pdfencrypt import StandardEncryption

        encryption = StandardEncryption(password[0], ownerPassword=password[1])
    canvas = Canvas(target, pagesize=A4, invariant=True, encrypt=encryption)
    for page in pages:
        canvas.setFont(FONT, 10)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def write(canvas: Canvas, left: float, top: float, text: str) -> None:
    """Text whose 10 pt line stands about 10 points below ``top`` (measured from the page's top)."""
    canvas.drawString(left, HEIGHT - top - 10, text)


def rule_table(canvas: Canvas, cols: Sequence[float], rows: Sequence[float]) -> None:
    """A full grid of ruling lines; coordinates from the page's upper left corner."""
    for x in cols:
        canvas.line(x, HEIGHT - rows[0], x, HEIGHT - rows[-1])
    for y in rows:
        canvas.line(cols[0], HEIGHT - y, cols[-1], HEIGHT - y)


def rule_cells_by_rectangles(canvas: Canvas, cols: Sequence[float], rows: Sequence[float]) -> None:
    """As Word does: every cell's sides as thin filled rectangles, a little off its neighbour's, on white shading."""
    for index, (top, bottom) in enumerate(itertools.pairwise(rows)):
        shift = 0.9 * (index % 2)
        for left, right in itertools.pairwise(cols):
            canvas.setFillGray(1.0)
            canvas.rect(left + 5, HEIGHT - bottom + 4, right - left - 10, bottom - top - 8, stroke=0, fill=1)
            canvas.setFillGray(0.0)
            canvas.rect(left + shift, HEIGHT - bottom, 0.48, bottom - top, stroke=0, fill=1)
            canvas.rect(right + shift, HEIGHT - bottom, 0.48, bottom - top, stroke=0, fill=1)
            canvas.rect(left, HEIGHT - top - 0.48, right - left, 0.48, stroke=0, fill=1)
            canvas.rect(left, HEIGHT - bottom, right - left, 0.48, stroke=0, fill=1)
            canvas.rect(left + shift, HEIGHT - top - 0.48, 0.48, 0.48, stroke=0, fill=1)


COLS = (60.0, 130.0, 300.0, 400.0, 500.0)
ROWS = (100.0, 122.0, 144.0, 166.0, 188.0)


def draw_statement(canvas: Canvas) -> None:
    """A title, a unit and a 4 x 4 table with a header merged over two columns."""
    write(canvas, 230, 60, "支出总表")
    write(canvas, 440, 82, "单位：万元")
    for x in (COLS[0], COLS[1], COLS[2], COLS[4]):
        canvas.line(x, HEIGHT - ROWS[0], x, HEIGHT - ROWS[-1])
    canvas.line(COLS[3], HEIGHT - ROWS[1], COLS[3], HEIGHT - ROWS[-1])
    for y in ROWS:
        if y == ROWS[1]:
            canvas.line(COLS[2], HEIGHT - y, COLS[4], HEIGHT - y)
        else:
            canvas.line(COLS[0], HEIGHT - y, COLS[4], HEIGHT - y)
    for left, top, text in (
        (65, 112, "编码"),
        (135, 112, "名称"),
        (305, 104, "预算数"),
        (305, 126, "基本支出"),
        (405, 126, "项目支出"),
        (65, 148, "201"),
        (135, 148, "一般公共服务支出"),
        (305, 148, "1,234.50"),
        (405, 148, "0.00"),
        (65, 170, "合计"),
        (305, 170, "1,234.50"),
    ):
        write(canvas, left, top, text)


def draw_small_pdf() -> bytes:
    """One page with the statement."""
    return draw_pdf(draw_statement)
