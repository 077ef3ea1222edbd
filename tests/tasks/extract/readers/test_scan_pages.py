"""Which pages are recognised, and what becomes of a scan where text recognition is not installed."""

from __future__ import annotations

import io
import logging

import pypdfium2 as pdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Cell, Grid, Line, Page
from filings.errors import UnusableInput
from tasks.extract.readers import pdf, read_document, scan_pages, scan_picture
from tasks.extract.readers.scan_pages import choose_reading
from tests.tasks.extract.readers.drawn import HEIGHT, WIDTH, draw_pdf, draw_statement, write


def draw_picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, WIDTH, HEIGHT)


def draw_letterhead(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (60, 20), 200)), 100, HEIGHT - 120, 200, 60)
    write(canvas, 100, 200, "Budget 2024")


def draw_stamped_picture(canvas: Canvas) -> None:
    draw_picture(canvas)
    write(canvas, 500, 800, "1")


@pytest.fixture
def without_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pdf, scan_picture):
        monkeypatch.setattr(module, "is_recogniser_installed", lambda: False)


def lines(*texts: str, has_text: bool = True) -> Page:
    return Page(1, tuple(Line(text) for text in texts), has_text=has_text)


TABLE = Page(1, (Grid(1, 1, (Cell(0, 0, "1"),)),))


@pytest.mark.usefixtures("without_recogniser")
def test_scan_is_refused_with_what_to_install() -> None:
    with pytest.raises(UnusableInput) as refused:
        read_document(draw_pdf(draw_picture, draw_picture), "scan.pdf")
    assert refused.value.reason_code == "needs_ocr"
    assert "2 scanned pages" in refused.value.reason
    assert "pip install 'yusuan[ocr]'" in refused.value.reason


@pytest.mark.usefixtures("without_recogniser")
def test_text_beside_scanned_tables_does_not_pass_for_the_filing() -> None:
    with pytest.raises(UnusableInput) as refused:
        read_document(draw_pdf(draw_letterhead, draw_picture), "scan.pdf")
    assert refused.value.reason_code == "needs_ocr"


@pytest.mark.usefixtures("without_recogniser")
def test_a_picture_beside_tables_is_left_unread_and_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        document = read_document(draw_pdf(draw_statement, draw_picture), "mixed.pdf")
    assert [page.has_text for page in document.pages] == [True, False]
    assert "1 scanned pages were not read" in caplog.text


@pytest.mark.usefixtures("without_recogniser")
def test_image_file_is_refused_with_what_to_install() -> None:
    stream = io.BytesIO()
    Image.new("L", (60, 80), 200).save(stream, "PNG")
    with pytest.raises(UnusableInput) as refused:
        read_document(stream.getvalue(), "page.png")
    assert refused.value.reason_code == "needs_ocr"


def test_the_packages_of_the_extra_are_looked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scan_pages.is_recogniser_installed()
    monkeypatch.setattr(scan_pages, "RECOGNISER_PACKAGES", ("rapidocr", "no_such_package_anywhere"))
    assert not scan_pages.is_recogniser_installed()


def test_a_large_picture_may_be_a_scan_though_text_is_stamped_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised: list[int] = []

    def recognise(_document: pdfium2.PdfDocument, index: int, by_text: Page) -> Page:
        recognised.append(index + 1)
        return by_text

    monkeypatch.setattr(pdf, "recognise_page", recognise)
    read_document(draw_pdf(draw_stamped_picture, draw_letterhead, draw_picture, draw_statement), "mixed.pdf")
    assert recognised == [1, 3]


def test_the_reading_that_says_more_is_chosen() -> None:
    assert choose_reading(lines("1"), lines("支出总表", "1")) == lines("支出总表", "1")
    assert choose_reading(lines("某某局"), lines("V 54.1", "公 5 IN")) == lines("某某局")
    assert choose_reading(lines("某某市财政局预算"), lines("某某市财政局预算公开")) == lines("某某市财政局预算")
    assert choose_reading(lines("某某市财政局预算"), TABLE) == TABLE
    assert choose_reading(lines(has_text=False), lines()) == lines()
