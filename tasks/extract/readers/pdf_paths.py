"""What a path of a PDF page shows of a table: ruling lines and filled areas."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from tasks.extract.readers import pdf_calls as calls
from tasks.extract.readers.pdf_calls import Handle
from tasks.extract.readers.pdf_clips import MOST_SEGMENTS
from tasks.extract.readers.pdf_extents import Extent, Point, bound, map_point, multiply, read_matrix
from tasks.extract.readers.pdf_marks import THICKEST_RULE_POINTS, Rule, find_rules_of_rectangle

WHITE_FROM = 250
"""A colour whose darkest channel of 255 reaches this cannot be told from white paper."""

PALE_FROM = 96
"""A colour whose darkest channel of 255 reaches this is paler than text: watermarks are set in a grey from about 128 on, or let
the text under them through."""

AXIS_SLOP_POINTS = 0.5
"""A segment that leaves its axis by no more than this is horizontal or vertical."""

_MODES = (ctypes.c_int * 2)()
_COLOR = (ctypes.c_uint * 4)()
_MODES_AT = tuple(ctypes.addressof(_MODES) + 4 * place for place in range(2))
_COLOR_AT = tuple(ctypes.addressof(_COLOR) + 4 * place for place in range(4))
"""Where pdfium writes its answers. One for all calls: pdfium serves one thread at a time anyway."""


class PathInk(NamedTuple):
    """What a path shows, cut at its clip.

    Args:
        rules: Ruling lines in page space: ``top`` is the lower end, for y grows upwards.
        areas: Opaque upright boxes that cover what was drawn before.
        is_white: Whether the areas look like paper.
        is_seen: Whether anything of it differs from white paper.
    """

    rules: list[Rule]
    areas: list[Extent]
    is_white: bool
    is_seen: bool


def read_path(item: Handle, form: pdfium.FS_MATRIX | None, extent: Extent, clip: Extent | None) -> PathInk:
    """What a path with this extent shows."""
    calls.get_draw_mode(item, *_MODES_AT)
    fill_mode, stroke = _MODES
    fill, fill_alpha = read_color(calls.get_fill_color, item) if fill_mode else (0, 0)
    stroke_color, stroke_alpha = read_color(calls.get_stroke_color, item) if stroke else (0, 0)
    fill_seen = fill_alpha > 0 and fill < WHITE_FROM
    stroke_seen = stroke_alpha > 0 and stroke_color < WHITE_FROM
    is_seen = fill_seen or stroke_seen
    if min(extent.right - extent.left, extent.top - extent.bottom) <= THICKEST_RULE_POINTS:
        return PathInk(_cut(find_rules_of_rectangle(*extent), clip) if is_seen else [], [], not fill_seen, is_seen)
    rules: list[Rule] = []
    areas: list[Extent] = []
    for points, is_straight in _read_subpaths(item, form):
        box = _find_rectangle(points) if is_straight else None
        if box is not None:
            if is_seen:
                rules += find_rules_of_rectangle(*box)
            if fill_alpha > 0 and not calls.has_transparency(item):
                areas.append(box if clip is None else box.intersect(clip))
        elif stroke_seen:
            for (x0, y0), (x1, y1) in pairwise(points):
                if min(abs(x0 - x1), abs(y0 - y1)) <= AXIS_SLOP_POINTS:
                    rules += find_rules_of_rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return PathInk(_cut(rules, clip), areas, not fill_seen, is_seen)


def read_color(read: Callable[..., Any], item: Handle) -> tuple[int, int]:
    """The darkest channel and the opacity, of 255; a pattern counts as dark."""
    if not read(item, *_COLOR_AT):
        return 0, 255
    red, green, blue, alpha = _COLOR
    return min(red, green, blue), alpha


def _cut(rules: list[Rule], clip: Extent | None) -> list[Rule]:
    """What a clip leaves of ruling lines."""
    if clip is None:
        return rules
    left, bottom, right, top = clip.left - 0.5, clip.bottom - 0.5, clip.right + 0.5, clip.top + 0.5
    cut = (Rule(max(x0, left), max(y0, bottom), min(x1, right), min(y1, top)) for x0, y0, x1, y1 in rules)
    return [rule for rule in cut if rule.left <= rule.right and rule.top <= rule.bottom]


def _read_subpaths(item: Handle, form: pdfium.FS_MATRIX | None) -> Iterator[tuple[list[Point], bool]]:
    """The subpaths as corner points (closed ones end where they begin), each with whether it has straight sides only."""
    count = calls.count_segments(item)
    if count > MOST_SEGMENTS:
        return
    matrix = multiply(read_matrix(item), form)
    segments = calls.list_handles(calls.get_segment, item, count)
    points: list[Point] = []
    is_straight = True
    for segment, point in zip(segments, calls.read_points(segments), strict=True):
        kind = calls.get_segment_kind(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, is_straight
            points, is_straight = [], True
        points.append(map_point(matrix, point))
        is_straight &= kind != pdfium.FPDF_SEGMENT_BEZIERTO
        if calls.closes_path(segment) and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1:
        yield points, is_straight


def _find_rectangle(points: list[Point]) -> Extent | None:
    """The box that the points trace, if they trace an upright one."""
    if not 4 <= len(points) <= 6:
        return None
    box = bound(points)
    corners = set()
    for x, y in points:
        at_left, at_right = abs(x - box.left) <= AXIS_SLOP_POINTS, abs(x - box.right) <= AXIS_SLOP_POINTS
        at_bottom, at_top = abs(y - box.bottom) <= AXIS_SLOP_POINTS, abs(y - box.top) <= AXIS_SLOP_POINTS
        if not (at_left or at_right) or not (at_bottom or at_top):
            return None
        corners.add((at_right, at_top))
    return box if len(corners) == 4 else None
