"""pdfium's functions bound a second time: handles are plain numbers, and a call is made for thousands of objects at once.

A spreadsheet program writes one object with a clip of its own for every character, so a page costs a dozen calls per
character. The bindings of pypdfium2 make a Python object of every handle, and a loop in Python costs as much as the
call; numbers and ``map`` take half of the time. A handle is valid until its page is closed, as with pypdfium2.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_float, c_int, c_size_t, c_uint, c_void_p
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

Handle = Any
"""The address of something that pdfium owns, as a number; None where there is nothing."""


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401 - ctypes has no types
    """The same function with plain types; it keeps the interpreter's lock, for each call is shorter than giving it up."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, c_void_p).value or 0)


count_page_objects = _bind(pdfium.FPDFPage_CountObjects, c_int, c_void_p)
get_page_object = _bind(pdfium.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
count_form_objects = _bind(pdfium.FPDFFormObj_CountObjects, c_int, c_void_p)
get_form_object = _bind(pdfium.FPDFFormObj_GetObject, c_void_p, c_void_p, c_size_t)

get_kind = _bind(pdfium.FPDFPageObj_GetType, c_int, c_void_p)
get_bounds = _bind(pdfium.FPDFPageObj_GetBounds, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
get_matrix = _bind(pdfium.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)
get_fill_color = _bind(pdfium.FPDFPageObj_GetFillColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
get_stroke_color = _bind(pdfium.FPDFPageObj_GetStrokeColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
has_transparency = _bind(pdfium.FPDFPageObj_HasTransparency, c_int, c_void_p)

get_clip_path = _bind(pdfium.FPDFPageObj_GetClipPath, c_void_p, c_void_p)
count_clip_paths = _bind(pdfium.FPDFClipPath_CountPaths, c_int, c_void_p)
count_clip_segments = _bind(pdfium.FPDFClipPath_CountPathSegments, c_int, c_void_p, c_int)
get_clip_segment = _bind(pdfium.FPDFClipPath_GetPathSegment, c_void_p, c_void_p, c_int, c_int)

get_draw_mode = _bind(pdfium.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)
count_segments = _bind(pdfium.FPDFPath_CountSegments, c_int, c_void_p)
get_segment = _bind(pdfium.FPDFPath_GetPathSegment, c_void_p, c_void_p, c_int)
get_segment_kind = _bind(pdfium.FPDFPathSegment_GetType, c_int, c_void_p)
get_segment_point = _bind(pdfium.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)
closes_path = _bind(pdfium.FPDFPathSegment_GetClose, c_int, c_void_p)

get_render_mode = _bind(pdfium.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
get_font = _bind(pdfium.FPDFTextObj_GetFont, c_void_p, c_void_p)
is_font_embedded = _bind(pdfium.FPDFFont_GetIsEmbedded, c_int, c_void_p)
get_glyph_width = _bind(pdfium.FPDFFont_GetGlyphWidth, c_int, c_void_p, c_uint, c_float, c_void_p)
get_glyph_path = _bind(pdfium.FPDFFont_GetGlyphPath, c_void_p, c_void_p, c_uint, c_float)

count_characters = _bind(pdfium.FPDFText_CountChars, c_int, c_void_p)
get_code = _bind(pdfium.FPDFText_GetUnicode, c_uint, c_void_p, c_int)
is_generated = _bind(pdfium.FPDFText_IsGenerated, c_int, c_void_p, c_int)
get_text_object = _bind(pdfium.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
get_character_box = _bind(pdfium.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)


def as_handle(raw: Any) -> Handle:  # noqa: ANN401 - a pypdfium2 pointer
    """The number of a pypdfium2 handle."""
    return ctypes.cast(raw, c_void_p).value


def list_handles(get: Callable[..., Any], owner: Handle, count: int) -> list[Handle]:
    """The first ``count`` things that ``get`` finds in their owner."""
    return list(map(get, repeat(owner), range(count)))


def read_points(segments: Sequence[Handle]) -> list[tuple[float, float]]:
    """The point of each path segment."""
    numbers = (c_float * (2 * len(segments)))()
    start = ctypes.addressof(numbers)
    end = start + ctypes.sizeof(numbers)
    _exhaust(map(get_segment_point, segments, range(start, end, 8), range(start + 4, end + 4, 8)))
    flat = iter(numbers[:])
    return list(zip(flat, flat, strict=True))


def read_fill_colors(items: Sequence[Handle]) -> list[tuple[int, int, int, int]]:
    """Red, green, blue and opacity of each object, of 255; a pattern, which has no colour, counts as opaque black."""
    numbers = (c_uint * (4 * len(items)))()
    start = ctypes.addressof(numbers)
    end = start + ctypes.sizeof(numbers)
    known = list(
        map(
            get_fill_color,
            items,
            range(start, end, 16),
            range(start + 4, end + 4, 16),
            range(start + 8, end + 8, 16),
            range(start + 12, end + 12, 16),
        )
    )
    flat = iter(numbers[:])
    colors = list(zip(flat, flat, flat, flat, strict=True))
    if all(known):
        return colors
    return [color if is_known else (0, 0, 0, 255) for color, is_known in zip(colors, known, strict=True)]


def read_character_boxes(text_page: Handle, count: int) -> list[tuple[float, float, float, float] | None]:
    """Left, top, right and bottom of each character in page space, or None where pdfium knows none."""
    numbers = (c_float * (4 * count))()
    start = ctypes.addressof(numbers)
    known = list(
        map(get_character_box, repeat(text_page), range(count), range(start, start + ctypes.sizeof(numbers), 16))
    )
    flat = iter(numbers[:])
    boxes = list(zip(flat, flat, flat, flat, strict=True))
    if all(known):
        return [*boxes]
    return [box if is_known else None for box, is_known in zip(boxes, known, strict=True)]


def _exhaust(calls: Iterable[object]) -> None:
    for _ in calls:
        pass
