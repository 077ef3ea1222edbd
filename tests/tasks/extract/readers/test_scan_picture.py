"""Image files are scanned pages; broken and giant ones are refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Grid
from filings.errors import UnusableInput
from samples.font import register_font
from samples.scan import DPI, render_pages
from tasks.extract.readers import read_document, scan_picture
from tests.tasks.extract.readers import drawn
from tests.tasks.extract.readers.drawn import draw_pdf


def draw_page() -> Image.Image:
    def page(canvas: Canvas) -> None:
        canvas.setFont(register_font(), 10)
        drawn.draw_statement(canvas)

    image = next(render_pages(draw_pdf(page))).convert("L")
    return image.crop((0, 0, image.width, image.height // 4))  # nothing is drawn below


def save(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def refuse(content: bytes) -> UnusableInput:
    with pytest.raises(UnusableInput) as refused:
        read_document(content, "page.img")
    return refused.value


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_an_image_is_a_page(kind: str, media_type: str) -> None:
    document = read_document(save(draw_page(), kind, dpi=(DPI, DPI)), "page.img")
    assert (document.media_type, document.reader) == (media_type, "scan")
    (page,) = document.pages
    assert (page.number, page.has_text) == (1, True)
    assert page.width_points == pytest.approx(595, abs=2)
    (grid,) = [block for block in page.blocks if isinstance(block, Grid)]
    assert (grid.row_count, grid.col_count) == (4, 4)
    assert "1,234.50" in [cell.text for cell in grid.cells]


def test_every_image_of_a_tiff_is_a_page() -> None:
    page = draw_page()
    content = save(page, "TIFF", save_all=True, append_images=[page], compression="tiff_deflate", dpi=(DPI, DPI))
    document = read_document(content, "pages.tif")
    assert document.media_type == "image/tiff"
    assert [page.number for page in document.pages] == [1, 2]
    assert document.pages[0].blocks == document.pages[1].blocks


def test_image_without_text_is_refused() -> None:
    assert refuse(save(Image.new("L", (400, 500), 255), "PNG")).reason_code == "no_text_layer"


@pytest.mark.parametrize("kept", [10, 60, 2000])
def test_damaged_image_is_refused(kept: int) -> None:
    assert refuse(save(draw_page(), "PNG")[:kept]).reason_code == "damaged_image"


def test_giant_image_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_picture, "MOST_PICTURE_PIXELS", 1_000_000)
    refused = refuse(save(Image.new("1", (1200, 1200)), "PNG"))
    assert refused.reason_code == "too_large"
    assert "1,200 x 1,200" in refused.reason


def test_more_images_than_pages_of_any_filing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_picture, "MOST_PICTURES", 1)
    small = Image.new("L", (50, 60), 255)
    assert refuse(save(small, "TIFF", save_all=True, append_images=[small])).reason_code == "too_large"
