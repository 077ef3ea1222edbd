"""A crop shows the right piece of paper, however the page is turned or cut."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import cast

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Box
from filings.errors import UnusableInput
from tasks.provenance import Place, render_crop, render_place
from tests.tasks.extract.readers.drawn import HEIGHT, WIDTH, draw_pdf

INK = Box(100, 200, 160, 212)
"""A black bar on the page as drawn."""

OTHER = Box(300, 200, 340, 212)

Colour = tuple[int, int, int]

RED, BLUE = (204, 0, 0), (0, 90, 181)


def draw_bars(canvas: Canvas) -> None:
    canvas.setFillGray(0)
    for bar in (INK, OTHER):
        canvas.rect(bar.left, HEIGHT - bar.bottom, bar.right - bar.left, bar.bottom - bar.top, stroke=0, fill=1)


def turned(rotation: int, cut: tuple[float, float, float, float] | None = None) -> bytes:
    """The page with /Rotate, and with a crop box that cuts off (left, bottom, right, top)."""
    document = pdfium2.PdfDocument(draw_pdf(draw_bars))
    page = document[0]
    if cut:
        page.set_cropbox(cut[0], cut[1], WIDTH - cut[2], HEIGHT - cut[3])
    pdfium.FPDFPage_SetRotation(page.raw, rotation // 90)
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def seen_at(box: Box, rotation: int, cut: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Box:
    """Where a box is seen once the page is cut and turned clockwise."""
    left, bottom, right, top = cut
    width, height = WIDTH - left - right, HEIGHT - bottom - top
    x0, y0, x1, y1 = box.left - left, box.top - top, box.right - left, box.bottom - top
    return {
        0: Box(x0, y0, x1, y1),
        90: Box(height - y1, x0, height - y0, x1),
        180: Box(width - x1, height - y1, width - x0, height - y0),
        270: Box(y0, width - x1, y1, width - x0),
    }[rotation]


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def extent(picture: Image.Image, is_wanted: Callable[[Colour], bool]) -> tuple[int, int, int, int] | None:
    """The box of the pixels that are wanted: left, top, right, bottom (exclusive)."""
    mask = Image.new("1", picture.size)
    mask.putdata([is_wanted(cast(Colour, pixel)) for pixel in picture.get_flattened_data()])
    return mask.getbbox()


def near(colour: Colour) -> Callable[[Colour], bool]:
    return lambda pixel: all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def dark(pixel: Colour) -> bool:
    return max(pixel) < 60


@pytest.mark.parametrize("cut", [None, (30.0, 50.0, 20.0, 70.0)], ids=["whole", "cut"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_frame_lies_around_the_ink_on_turned_and_cut_pages(
    rotation: int, cut: tuple[float, float, float, float] | None
) -> None:
    box = seen_at(INK, rotation, cut or (0, 0, 0, 0))
    picture = opened(render_crop(turned(rotation, cut), 1, box, margin_points=30, scale=4))
    assert picture.width == pytest.approx((box.right - box.left + 60) * 4, abs=3)
    assert picture.height == pytest.approx((box.bottom - box.top + 60) * 4, abs=3)
    ink, frame = extent(picture, dark), extent(picture, near(RED))
    assert ink is not None
    assert frame is not None
    # the line runs 1.5 points outside the ink and is one point thick, inwards
    assert [outer - inner for outer, inner in zip(frame, ink, strict=True)] == pytest.approx([-6, -6, 6, 6], abs=2)


def test_related_boxes_are_marked_in_another_colour_and_paper_is_tinted_not_ink() -> None:
    picture = opened(render_place(turned(0), Place(1, INK, (OTHER,)), 30, 4, whole_width=True))
    at_fault, related = extent(picture, near(RED)), extent(picture, near(BLUE))
    assert at_fault is not None
    assert related is not None
    assert at_fault[2] < related[0]
    assert related[0] - at_fault[0] == pytest.approx((OTHER.left - INK.left) * 4, abs=2)
    assert picture.width == pytest.approx((OTHER.right - INK.left + 3) * 4 + 20, abs=4)  # white paper is cut off
    assert extent(picture, dark) is not None


def test_margins_end_at_the_edge_of_the_paper() -> None:
    picture = opened(render_crop(turned(0), 1, Box(2, 3, 20, 12), margin_points=50, scale=2))
    assert picture.width == pytest.approx(140, abs=2)
    assert picture.height == pytest.approx(124, abs=2)


def test_a_huge_page_is_shown_smaller() -> None:
    def vast(canvas: Canvas) -> None:
        canvas.setPageSize((14_000, 14_000))
        canvas.rect(0, 0, 14_000, 14_000, fill=1)

    content = draw_pdf(vast)
    picture = opened(render_crop(content, 1, Box(0, 0, 14_000, 14_000), scale=4))
    assert picture.width * picture.height <= 4_010_000
    assert picture.width == picture.height


def test_the_same_place_gives_the_same_bytes() -> None:
    assert render_crop(turned(90), 1, seen_at(INK, 90)) == render_crop(turned(90), 1, seen_at(INK, 90))


@pytest.mark.parametrize(
    ("page", "box"),
    [(0, INK), (2, INK), (1, Box(100, 200, 700, 212)), (1, Box(50, 20, 40, 30)), (1, Box(1, 900, 2, 910))],
)
def test_a_place_off_the_paper_is_refused(page: int, box: Box) -> None:
    with pytest.raises(ValueError, match="page"):
        render_crop(turned(0), page, box)


def test_a_damaged_document_is_refused_and_pdfium_can_go_on() -> None:
    with pytest.raises(UnusableInput, match="damaged_pdf"):
        render_crop(b"%PDF-1.7 nothing", 1, INK)
    assert render_crop(turned(0), 1, INK)
