"""What does the page look like around a printed number?

Boxes are in points from the upper left corner of the page as a person sees it; pdfium cuts and turns the page the same
way (crop box and rotation applied), so that no geometry is done here but a multiplication by the scale.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium2
from PIL import Image, ImageChops, ImageDraw

from filings.documents import Box
from filings.errors import UnusableInput

CROP_FORMAT = 1
"""Raised when the same place is to look different, so that pictures kept by an older program are not used again."""

MARGIN_POINTS = 40.0
"""Above and below: some two table rows each, so that the row's neighbours and often its heading are seen."""

SCALE = 1.6
"""Pixels per point: 115 dpi, at which 7 pt Chinese characters (the smallest in filings seen) can still be read."""

_MOST_PIXELS = 4_000_000
"""An A3 page at the default scale has 2.9 million; a page made larger to do harm is shown smaller instead."""

_COLOURS = 32
"""Enough for black print with smoothed edges and two marking colours; a third of the bytes of full colour."""

_MOST_HEIGHT_POINTS = 300.0
"""A cut that shows a whole sum is at most this high, a third of a page; what lies farther off is told in words."""

_FRAME_POINTS = 1.5
"""Between the printed text and the line drawn around it."""

_AT_FAULT = (204, 0, 0)
_RELATED = (0, 90, 181)
_HIGHLIGHT = (255, 243, 176)
_RELATED_HIGHLIGHT = (224, 236, 250)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page, and what is to be seen with it.

    Args:
        page: From 1.
        box: The text at fault, in points from the upper left corner of the page as a person sees it.
        related: Boxes of other texts on the same page that belong to it; drawn in another colour where in view.
    """

    page: int
    box: Box
    related: tuple[Box, ...] = ()


def render_crop(
    content: bytes, page: int, box: Box, margin_points: float = MARGIN_POINTS, scale: float = SCALE
) -> bytes:
    """The cut of a page around a box, with the box drawn.

    Args:
        content: The bytes of a PDF.
        page: From 1.
        box: In points from the upper left corner of the page as a person sees it.
        margin_points: How much of the page is shown on each side of the box.
        scale: Pixels per point.

    Returns:
        A PNG.

    Raises:
        UnusableInput: ``damaged_pdf``: pdfium cannot open the document or the page.
        ValueError: There is no such page, or the box does not lie on it.
    """
    return render_place(content, Place(page, box), margin_points, scale)


def render_place(
    content: bytes,
    place: Place,
    margin_points: float = MARGIN_POINTS,
    scale: float = SCALE,
    *,
    whole_width: bool = False,
) -> bytes:
    """As `render_crop`, with related boxes.

    Args:
        content: The bytes of a PDF.
        place: What to show.
        margin_points: How much of the page is shown on each side.
        scale: Pixels per point; less where the picture would become too large.
        whole_width: True shows the page from its left to its right edge, so that the row's label is seen, and as many
            of the related boxes, nearest first, as a cut of bearable height holds.

    Returns:
        A PNG.

    Raises:
        UnusableInput: ``damaged_pdf``: pdfium cannot open the document or the page.
        ValueError: There is no such page, or the box does not lie on it.
    """
    from tasks.extract.readers.pdf import PDFIUM_LOCK  # with the reader's libraries: not for those who draw nothing

    with PDFIUM_LOCK:
        try:
            document = pdfium2.PdfDocument(content)
        except pdfium2.PdfiumError as error:
            raise _unopened(f"the document ({error})") from error
        try:
            if not 1 <= place.page <= len(document):
                raise ValueError(f"page {place.page} of {len(document)}")
            try:
                page = document[place.page - 1]
            except pdfium2.PdfiumError as error:
                raise _unopened(f"page {place.page} ({error})") from error
            try:
                return _draw(page, place, margin_points, scale, whole_width)
            finally:
                page.close()
        finally:
            document.close()


def _unopened(what: str) -> UnusableInput:
    return UnusableInput("damaged_pdf", f"{what} cannot be opened; look at the original in another viewer")


def _draw(page: pdfium2.PdfPage, place: Place, margin_points: float, scale: float, whole_width: bool) -> bytes:
    width, height = page.get_size()
    box = place.box
    if not (0 <= box.left <= box.right <= width + 1 and 0 <= box.top <= box.bottom <= height + 1):
        raise ValueError(f"{box} does not lie on page {place.page}, which is {width:.0f} by {height:.0f} points")
    left = 0.0 if whole_width else max(0.0, box.left - margin_points)
    right = width if whole_width else min(width, box.right + margin_points)
    top, bottom = max(0.0, box.top - margin_points), min(height, box.bottom + margin_points)
    if whole_width:
        top, bottom = _widen(place, top, bottom, height)
    scale = min(scale, math.sqrt(_MOST_PIXELS / max(1.0, (right - left) * (bottom - top))))
    cuts = [math.floor(cut * scale) for cut in (left, height - bottom, width - right, top)]
    shown = page.render(scale=scale, crop=[cut / scale for cut in cuts], rev_byteorder=True, may_draw_forms=False)
    picture: Image.Image = shown.to_pil().convert("RGB")
    origin = (cuts[0], cuts[3])
    picture = _mark(picture, place.related, origin, scale, _RELATED, _RELATED_HIGHLIGHT)
    picture = _mark(picture, [box], origin, scale, _AT_FAULT, _HIGHLIGHT)
    if whole_width:
        picture = _trim(picture)
    target = io.BytesIO()
    picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        target, "PNG", optimize=True
    )
    return target.getvalue()


def _widen(place: Place, top: float, bottom: float, height: float) -> tuple[float, float]:
    """The cut's upper and lower edge so that related boxes are in view."""
    for box in sorted(place.related, key=lambda one: abs(one.top - place.box.top)):
        higher = max(0.0, min(top, box.top - MARGIN_POINTS / 4))
        lower = min(height, max(bottom, box.bottom + MARGIN_POINTS / 4))
        if lower - higher <= max(_MOST_HEIGHT_POINTS, bottom - top):
            top, bottom = higher, lower
    return top, bottom


def _trim(picture: Image.Image) -> Image.Image:
    """The picture without the white paper to its left and right."""
    ink = ImageChops.invert(picture.convert("L")).getbbox()
    if ink is None:
        return picture
    edge = round(MARGIN_POINTS / 4)
    return picture.crop((max(0, ink[0] - edge), 0, min(picture.width, ink[2] + edge), picture.height))


def _mark(
    picture: Image.Image,
    boxes: Sequence[Box],
    origin: tuple[int, int],
    scale: float,
    line: tuple[int, int, int],
    highlight: tuple[int, int, int],
) -> Image.Image:
    """Colour the paper inside the boxes, not the print, and draw a line around each."""
    if not boxes:
        return picture
    frames = [
        (
            (box.left - _FRAME_POINTS) * scale - origin[0],
            (box.top - _FRAME_POINTS) * scale - origin[1],
            (box.right + _FRAME_POINTS) * scale - origin[0],
            (box.bottom + _FRAME_POINTS) * scale - origin[1],
        )
        for box in boxes
    ]
    paper = Image.new("RGB", picture.size, (255, 255, 255))
    brush = ImageDraw.Draw(paper)
    for frame in frames:
        brush.rectangle(frame, fill=highlight)
    marked = ImageChops.multiply(picture, paper)
    brush = ImageDraw.Draw(marked)
    for frame in frames:
        brush.rectangle(frame, outline=line, width=max(1, round(scale)))
    return marked
