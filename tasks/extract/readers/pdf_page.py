"""One page of a PDF -> its marks: the characters and ruling lines that a person sees, turned upright."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from filings.errors import UnusableInput
from tasks.extract.readers import pdf_calls as calls
from tasks.extract.readers.pdf_calls import Handle
from tasks.extract.readers.pdf_extents import Extent
from tasks.extract.readers.pdf_marks import Character, PageMarks, drop_overprints
from tasks.extract.readers.pdf_objects import Drawing, build_rules, read_drawing
from tasks.extract.readers.pdf_reserve import ReserveReader

MOST_CHARACTERS = 200_000
"""More characters than this on one page are no filing: a full A3 page in 6 pt holds about 20,000."""

FIRST_SURROGATE = 0xD800
"""Codes below this are characters."""

IN_NUMBERS = frozenset("0123456789.,%")
"""Characters of which a number has more, where some lie beyond the edge of the page."""

CUT_OFF = "\N{REPLACEMENT CHARACTER}"
"""Stands for the last visible character of a number that the edge of the page cuts off: what is left is another number."""

LINE_END_HYPHEN = 2
"""The code that pdfium's text page puts in place of a hyphen at the end of a line."""


def read_page_marks(page: pdfium2.PdfPage, page_index: int, reserve: ReserveReader) -> PageMarks:
    """The visible marks of a page, in points from its upper left corner as a person sees it.

    Args:
        page: The open page.
        page_index: Its number from 0.
        reserve: Reads the characters where pdfium has no glyphs for them.

    Raises:
        UnusableInput: ``too_large`` where the page holds absurdly many objects or characters.
    """
    area = _turn_upright(page)
    drawing = read_drawing(calls.as_handle(page.raw))
    characters = _read_characters(page, drawing, area)
    if characters is None:
        characters = reserve.read_characters(page_index)
    width, height = area.right - area.left, area.top - area.bottom
    return PageMarks(
        round(width, 2),
        round(height, 2),
        drop_overprints(characters),
        build_rules(drawing, area.top, area.left),
        drawing.draws_anything,
        _find_largest_part(drawing.pictures, width * height),
    )


def _find_largest_part(pictures: Sequence[Extent], area: float) -> float:
    """The part of the page that its largest picture takes."""
    if area <= 0:
        return 0.0
    return max(((one.right - one.left) * (one.top - one.bottom) / area for one in pictures), default=0.0)


def _turn_upright(page: pdfium2.PdfPage) -> Extent:
    """The visible area of the page; where the page is shown rotated, its objects are turned as they are shown.

    Turned objects have upright character boxes, which pdfium computes for upright text only.
    """
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, box)
    rotation = page.get_rotation()
    if rotation == 0:
        return Extent(box.left, box.bottom, box.right, box.top)
    matrix = {
        90: pdfium.FS_MATRIX(0, -1, 1, 0, -box.bottom, box.right),
        180: pdfium.FS_MATRIX(-1, 0, 0, -1, box.right, box.top),
        270: pdfium.FS_MATRIX(0, 1, -1, 0, box.top, -box.left),
    }[rotation]
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        pdfium.FPDFPageObj_TransformF(item, matrix)
        pdfium.FPDFPageObj_TransformClipPath(item, matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    width, height = box.right - box.left, box.top - box.bottom
    return Extent(0.0, 0.0, width, height) if rotation == 180 else Extent(0.0, 0.0, height, width)


def _read_characters(page: pdfium2.PdfPage, drawing: Drawing, area: Extent) -> list[Character] | None:
    """The visible characters, or None where pdfium cannot list all."""
    text_page = page.get_textpage()
    try:
        handle = calls.as_handle(text_page.raw)
        count = calls.count_characters(handle)
        if count > MOST_CHARACTERS:
            raise UnusableInput(
                "too_large",
                f"A page holds more than {MOST_CHARACTERS:,} characters, which none can show. Print the document to a "
                "new PDF and ingest that.",
            )
        owners = calls.list_handles(calls.get_text_object, handle, count)
        return None if drawing.misses_glyphs(owners) else _find_visible(handle, owners, drawing, area)
    finally:
        text_page.close()


def _find_visible(text_page: Handle, owners: Sequence[Handle], drawing: Drawing, area: Extent) -> list[Character]:
    """The characters that a person sees.

    Args:
        text_page: pdfium's list of the page's characters.
        owners: The text object that each is part of.
        drawing: What may hide them.
        area: The visible part of the page.
    """
    codes = calls.list_handles(calls.get_code, text_page, len(owners))
    boxes = calls.read_character_boxes(text_page, len(owners))
    page_left, page_bottom, page_right, page_top = area
    inks = drawing.inks
    last_filled = drawing.filled[-1].order if drawing.filled else 0
    characters: list[Character] = []
    last_owner: Handle = None
    for index, (code, owner, box) in enumerate(zip(codes, owners, boxes, strict=True)):
        if code <= 32 and code != LINE_END_HYPHEN and (code < 32 or calls.is_generated(text_page, index) == 1):
            continue
        if box is None:
            continue
        left, top, right, bottom = box
        x, y = (left + right) / 2, (bottom + top) / 2
        if not (page_left <= x <= page_right and page_bottom <= y <= page_top):
            if x > page_right and characters and owner == last_owner and chr(code) in IN_NUMBERS:
                characters[-1] = characters[-1]._replace(text=CUT_OFF)
            continue
        ink = inks.get(owner)
        if ink is not None:
            order, clip, paints_nothing, is_white, _ = ink
            is_cut = clip is not None and not (clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3])
            if (is_cut or order < last_filled or is_white or paints_nothing) and drawing.hides(owner, ink, x, y):
                continue
        text = "-" if code == LINE_END_HYPHEN else chr(code) if code < FIRST_SURROGATE else _as_text(code)
        place = (text, left - page_left, page_top - top, right - page_left, page_top - bottom, top - bottom, None)
        characters.append(_as_character(place))
        last_owner = owner
    return characters


_as_character: Callable[[tuple[str, float, float, float, float, float, None]], Character] = partial(
    tuple.__new__, Character
)
"""A character of its fields; a third of the time that the class takes."""


def _as_text(code: int) -> str:
    """The character of a code; half a surrogate pair, which pdfium yields for a broken font map, is unreadable."""
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
