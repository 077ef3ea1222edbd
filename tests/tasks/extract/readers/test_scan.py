"""Scans read end to end: the same cells as the page that was scanned, with boxes where they are on the scan."""

from __future__ import annotations

import io
import weakref
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium2
import pytest
from PIL import Image, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Box, Cell, Document, Grid, Line, Page
from samples.font import register_font
from samples.scan import DPI, draw_scan, render_pages, wear_by
from tasks.extract.readers import read_document, scan
from tasks.extract.readers.scan_image import Pixels
from tests.tasks.extract.readers import drawn
from tests.tasks.extract.readers.drawn import COLS, HEIGHT, ROWS, rule_table, write

SAMPLES = Path(__file__).parents[4] / "samples" / "filings"
LINE_TEXTS = ["支出总表", "单位：万元"]
LOWEST = 215.0
"""Nothing is drawn below: the page ends there, as recognition takes its time by the area."""


def draw_statement(canvas: Canvas) -> None:
    """The statement in a font that the PDF embeds, so that it shows wherever it is rendered."""
    canvas.setFont(register_font(), 10)
    drawn.draw_statement(canvas)


def draw_pdf(*pages: Callable[[Canvas], None]) -> bytes:
    """A PDF of pages that end below the table."""
    return cut(pdfium2.PdfDocument(drawn.draw_pdf(*pages)), LOWEST)


def cut(document: pdfium2.PdfDocument, lowest: float) -> bytes:
    """The upper part of every page."""
    for page in document:
        left, _, right, top = page.get_mediabox()
        page.set_mediabox(left, top - lowest, right, top)
        page.set_cropbox(left, top - lowest, right, top)
    return save(document)


def save(document: pdfium2.PdfDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


@cache
def read(content: bytes) -> Document:
    return read_document(content, "scan.pdf")


def only_grid(page: Page) -> Grid:
    (grid,) = [block for block in page.blocks if isinstance(block, Grid)]
    return grid


def shown(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, "".join(c.text.split())) for c in grid.cells]


def worn(degrees: float, seed: int = 1) -> bytes:
    chance = np.random.default_rng(seed)
    return draw_scan(draw_pdf(draw_statement), lambda image, _: wear_by(image, degrees, chance), quality=60)


@pytest.mark.parametrize("degrees", [0.0, 0.7, -1.4])
def test_a_worn_scan_gives_the_cells_of_its_original(degrees: float) -> None:
    printed = read(draw_pdf(draw_statement)).pages[0]
    scanned = read(worn(degrees)).pages[0]
    assert scanned.has_text
    assert (scanned.width_points, scanned.height_points) == pytest.approx(
        (printed.width_points, printed.height_points), abs=0.5
    )
    assert shown(only_grid(scanned)) == shown(only_grid(printed))
    assert [block.text for block in scanned.blocks if isinstance(block, Line)] == LINE_TEXTS


def test_a_sample_page_survives_scanning() -> None:
    original = pdfium2.PdfDocument.new()
    original.import_pages(pdfium2.PdfDocument(SAMPLES / "shanghai_unit_2024.pdf"), [7])
    original = cut(original, 420.0)
    chance = np.random.default_rng(8)
    scanned = draw_scan(original, lambda image, _: wear_by(image, 0.4, chance), quality=60)
    expected = shown(only_grid(read(original).pages[0]))
    assert len([text for *_, text in expected if any(map(str.isdigit, text))]) > 60
    assert shown(only_grid(read(scanned).pages[0])) == expected


def test_every_recognised_cell_says_how_sure_it_is_and_blank_ones_do_not() -> None:
    cells = only_grid(read(worn(0.3)).pages[0]).cells
    assert all((cell.confidence is None) == (cell.text == "") for cell in cells)
    assert all(0.5 < cell.confidence <= 1 for cell in cells if cell.confidence is not None)
    assert any(cell.text == "" for cell in cells)


def test_printed_cells_have_no_confidence() -> None:
    assert all(cell.confidence is None for cell in only_grid(read(draw_pdf(draw_statement)).pages[0]).cells)


@pytest.mark.parametrize("degrees", [0.0, 1.5])
def test_boxes_lie_where_the_ink_is_on_the_scan(degrees: float) -> None:
    (image,) = render_pages(worn(degrees))
    grey = np.asarray(image.convert("L"))
    cells = [cell for cell in only_grid(read(worn(degrees)).pages[0]).cells if cell.text]
    assert len(cells) == 11
    for cell in cells:
        assert isinstance(cell.box, Box)
        left, top, right, bottom = (round(value * DPI / 72) for value in cell.box)
        inside = grey[top - 2 : bottom + 2, left - 2 : right + 2]
        assert np.count_nonzero(inside < 120) > 20, cell.text
        around = grey[top - 7 : bottom + 7, left - 7 : right + 7]
        assert np.count_nonzero(around < 120) == pytest.approx(np.count_nonzero(inside < 120), abs=25), cell.text


def test_a_blurred_number_is_less_sure_than_a_sharp_one() -> None:
    def blur(image: Image.Image, _number: int) -> Image.Image:
        left, top, right, bottom = (round(value * DPI / 72) for value in (COLS[2], ROWS[2], COLS[3], ROWS[3]))
        number = image.crop((left + 5, top + 5, right - 5, bottom - 5))
        image.paste(number.filter(ImageFilter.GaussianBlur(5)), (left + 5, top + 5))
        return image

    def confidence(document: Document, row: int) -> float:
        (cell,) = [c for c in only_grid(document.pages[0]).cells if (c.row, c.col) == (row, 2)]
        return cell.confidence or 0.0

    sharp, blurred = read(draw_scan(draw_pdf(draw_statement))), read(draw_scan(draw_pdf(draw_statement), blur))
    assert confidence(sharp, 2) > 0.95
    assert confidence(blurred, 2) < 0.9
    assert confidence(blurred, 3) > 0.95


def test_only_pages_without_text_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised: list[int] = []
    by_image = scan.read_scanned_page

    def count(number: int, grey: Pixels, width: float, height: float) -> Page:
        recognised.append(number)
        return by_image(number, grey, width, height)

    monkeypatch.setattr(scan, "read_scanned_page", count)
    printed = pdfium2.PdfDocument(draw_pdf(draw_statement))
    printed.import_pages(pdfium2.PdfDocument(draw_scan(draw_pdf(draw_statement))))
    first, second = read(save(printed)).pages
    assert recognised == [2]
    assert shown(only_grid(first)) == shown(only_grid(second))


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_page_lying_on_its_side_or_head_is_read(degrees: int) -> None:
    upright = read(draw_scan(draw_pdf(draw_statement))).pages[0]
    page = read(draw_scan(draw_pdf(draw_statement), lambda image, _: image.rotate(degrees, expand=True))).pages[0]
    assert shown(only_grid(page)) == shown(only_grid(upright))
    assert page.width_points is not None
    assert page.height_points is not None
    for cell, standing in zip(only_grid(page).cells, only_grid(upright).cells, strict=True):
        assert cell.box is not None
        assert standing.box is not None
        box = standing.box
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        expected = {90: (y, page.height_points - x), 180: (page.width_points - x, page.height_points - y)}
        middle = (cell.box.left + cell.box.right) / 2, (cell.box.top + cell.box.bottom) / 2
        assert middle == pytest.approx(expected[degrees], abs=1.0)


def test_a_page_that_is_shown_turned_is_read_as_shown() -> None:
    source = pdfium2.PdfDocument(draw_scan(draw_pdf(draw_statement), lambda image, _: image.rotate(90, expand=True)))
    source[0].set_rotation(90)
    page = read(save(source)).pages[0]
    assert shown(only_grid(page)) == shown(only_grid(read(draw_pdf(draw_statement)).pages[0]))


def test_numbers_are_read_to_the_last_sign() -> None:
    texts = ["0.00", "1,048,576.25", "-12.5", "3.14%", "7", "0", "88,888.88", "16,161.61", "300.03", "-"]

    def page(canvas: Canvas) -> None:
        canvas.setFont(register_font(), 10)
        rows = [20.0 + 17.0 * row for row in range(len(texts) + 1)]
        rule_table(canvas, (60.0, 160.0, 260.0), rows)
        for text, (top, bottom) in zip(texts, pairwise(rows), strict=True):
            write(canvas, 65, top + 2, "合计")
            canvas.drawRightString(255, HEIGHT - bottom + 5, text)

    cells: tuple[Cell, ...] = only_grid(read(draw_scan(draw_pdf(page))).pages[0]).cells
    assert [cell.text for cell in cells] == [text for number in texts for text in ("合计", number)]


def test_pages_are_let_go_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]] = []
    most = 0

    def watch(number: int, grey: Pixels, _width: float, _height: float) -> Page:
        nonlocal most
        most = max(most, sum(reference() is not None for reference in alive))
        alive.append(weakref.ref(grey))
        return Page(number, (Line("x"),))

    monkeypatch.setattr(scan, "read_scanned_page", watch)
    assert len(read(draw_scan(draw_pdf(*[draw_statement] * 4))).pages) == 4
    assert len(alive) == 4
    assert most <= 1
