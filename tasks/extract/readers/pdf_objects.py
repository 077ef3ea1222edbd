"""The objects that a PDF page draws, as pdfium lists them: which lines they rule and which text they hide.

A person sees paper: text in an invisible mode, in the colour of what lies under it, cut off by a clip or covered by
what is drawn later is not there. The order of drawing decides, so all objects are walked in that order.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

import pypdfium2.raw as pdfium

from filings.errors import UnusableInput
from tasks.extract.readers import pdf_calls as calls
from tasks.extract.readers.pdf_calls import Handle
from tasks.extract.readers.pdf_clips import read_clips
from tasks.extract.readers.pdf_extents import Extent, is_askew, multiply, read_extent, read_matrix
from tasks.extract.readers.pdf_marks import Rule
from tasks.extract.readers.pdf_paths import PALE_FROM, WHITE_FROM, read_color, read_path

MOST_OBJECTS = 400_000
"""More objects than this on one page are no filing: the densest page seen, a table of 46 rows by Word, has 2,100."""

DEEPEST_FORM = 12
"""Forms nested deeper than this are not walked; makers nest two or three deep."""

STRIP_POINTS = 24.0
"""Height of the strips by which covering objects are looked up; about a table row."""

INVISIBLE_MODES = (3, 7)
"""Text render modes that paint nothing (ISO 32000-1, table 106: invisible, clip only)."""

STROKED_ONLY_MODES = (1, 5)
"""Text render modes that paint the outline only."""

NO_WIDTH_POINTS = 0.01
"""pdfium leaves text narrower than this out of its text page."""


class Filled(NamedTuple):
    """An opaque area: it covers what was drawn before, and white text drawn on it later is seen."""

    order: int
    extent: Extent
    is_white: bool


class TextInk(NamedTuple):
    """How a text object is painted: by what it may be hidden."""

    order: int
    clip: Extent | None
    paints_nothing: bool
    is_white: bool
    form: pdfium.FS_MATRIX | None


_as_ink: Callable[[tuple[int, Extent | None, bool, bool, pdfium.FS_MATRIX | None]], TextInk] = partial(
    tuple.__new__, TextInk
)
"""An ink of its fields; a third of the time that the class takes."""


@dataclass
class Drawing:
    """All that a page draws, gathered in drawing order (page space)."""

    rules: list[Rule] = field(default_factory=list)
    """In page space, where y grows upwards."""
    inks: dict[Handle, TextInk] = field(default_factory=dict)
    """The text objects, by their address."""
    filled: list[Filled] = field(default_factory=list)
    pictures: list[Extent] = field(default_factory=list)
    draws_anything: bool = False
    count: int = 0
    _extents: dict[Handle, Extent | None] = field(default_factory=dict)

    def hides(self, item: Handle, ink: TextInk, x: float, y: float) -> bool:
        """Whether a character of the text object, with this centre, is not seen."""
        order, clip, paints_nothing, is_white, _ = ink
        if paints_nothing:
            return True
        if clip is not None and not clip.has(x, y):
            return self._may_hide(item, ink)
        if self.filled and order < self.filled[-1].order:
            over = self.strips.get(int(y // STRIP_POINTS), ())
            if any(one.order > order and one.extent.has(x, y) for one in over) and self._may_hide(item, ink):
                return True
        if not is_white:
            return False
        under = [one for one in self.filled if one.extent.has(x, y)]
        return not under or under[-1].is_white

    def misses_glyphs(self, listed: Iterable[Handle]) -> bool:
        """Whether some text shows no glyph because its font is neither embedded nor installed.

        Args:
            listed: The text objects of which pdfium's text page lists characters; those have glyphs.
        """
        unlisted = self.inks.keys() - set(listed)
        fonts = {item: calls.get_font(item) for item in unlisted}
        missing = {font for font in set(fonts.values()) if font and _lacks_chinese_glyphs(font)}
        return any(
            fonts[item] in missing
            and (extent := self._find_extent(item)) is not None
            and extent.right - extent.left < NO_WIDTH_POINTS
            for item in unlisted
        )

    @cached_property
    def strips(self) -> dict[int, list[Filled]]:
        """The opaque areas by the strips of the page that they cross."""
        strips: dict[int, list[Filled]] = defaultdict(list)
        for one in self.filled:
            for strip in _strip_numbers(one.extent):
                strips[strip].append(one)
        return strips

    def _may_hide(self, item: Handle, ink: TextInk) -> bool:
        """Whether the object itself is cut or covered; a character's box, which is as high as its font, may say so wrongly."""
        extent = self._find_extent(item)
        if extent is None:
            return False
        if ink.is_white or (ink.clip is not None and not ink.clip.includes(extent, 0.5)):
            return True
        return any(
            one.order > ink.order and one.extent.overlaps(extent)
            for strip in _strip_numbers(extent)
            for one in self.strips.get(strip, ())
        )

    def _find_extent(self, item: Handle) -> Extent | None:
        if item not in self._extents:
            self._extents[item] = read_extent(item, self.inks[item].form)
        return self._extents[item]


def read_drawing(page: Handle) -> Drawing:
    """Walk all objects of a page, those inside forms too.

    Raises:
        UnusableInput: ``too_large`` where there are absurdly many.
    """
    drawing = Drawing()
    count = calls.count_page_objects(page)
    _refuse_too_many(drawing.count + count)
    _walk(drawing, calls.list_handles(calls.get_page_object, page, count), None, None, 0)
    return drawing


def build_rules(drawing: Drawing, top_of_page: float, left_of_page: float) -> tuple[Rule, ...]:
    """The ruling lines in points as a person sees the page."""
    return tuple(
        Rule(left - left_of_page, top_of_page - high, right - left_of_page, top_of_page - low)
        for left, low, right, high in drawing.rules
    )


def _refuse_too_many(count: int) -> None:
    if count > MOST_OBJECTS:
        raise UnusableInput(
            "too_large",
            f"A page draws more than {MOST_OBJECTS:,} objects, which no table needs. Print the document to a new PDF "
            "and ingest that.",
        )


def _walk(
    drawing: Drawing, items: Sequence[Handle], form: pdfium.FS_MATRIX | None, outer: Extent | None, depth: int
) -> None:
    """Gather what objects draw that stand in the same form, or on the page itself."""
    kinds = list(map(calls.get_kind, items))
    texts = [item for item, kind in zip(items, kinds, strict=True) if kind == pdfium.FPDF_PAGEOBJ_TEXT]
    colors = zip(calls.read_fill_colors(texts), map(calls.get_render_mode, texts), strict=True)
    order = drawing.count
    for item, kind, clip in zip(items, kinds, read_clips(items, form, outer), strict=True):
        order += 1
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            (red, green, blue, alpha), mode = next(colors)
            is_white = red >= WHITE_FROM and green >= WHITE_FROM and blue >= WHITE_FROM
            if mode in STROKED_ONLY_MODES:
                darkest, alpha = read_color(calls.get_stroke_color, item)
                is_white = darkest >= WHITE_FROM
            paints_nothing = alpha == 0 or mode in INVISIBLE_MODES
            if not paints_nothing and (alpha < 255 or min(red, green, blue) >= PALE_FROM):
                paints_nothing = _is_askew(item, form)
            drawing.inks[item] = _as_ink((order, clip, paints_nothing, is_white, form))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < DEEPEST_FORM:
                count = calls.count_form_objects(item)
                _refuse_too_many(order + count)
                inner = calls.list_handles(calls.get_form_object, item, count)
                drawing.count = order
                _walk(drawing, inner, multiply(read_matrix(item), form), clip, depth + 1)
                order = drawing.count
        else:
            _add_shape(drawing, order, item, kind, form, clip)
    drawing.count = order


def _is_askew(item: Handle, form: pdfium.FS_MATRIX | None) -> bool:
    """Whether text runs askew over the page: a watermark does, the text of a table never."""
    matrix = multiply(read_matrix(item), form)
    return matrix is not None and is_askew(matrix.a, matrix.b)


def _add_shape(
    drawing: Drawing, order: int, item: Handle, kind: int, form: pdfium.FS_MATRIX | None, clip: Extent | None
) -> None:
    """Gather what a path, picture or shading draws."""
    extent = read_extent(item, form)
    if extent is None:
        return
    seen = extent if clip is None else extent.intersect(clip)
    if seen.left > seen.right or seen.bottom > seen.top:
        return
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        ink = read_path(item, form, extent, clip)
        drawing.rules.extend(ink.rules)
        drawing.filled.extend(Filled(order, area, ink.is_white) for area in ink.areas)
        drawing.draws_anything |= ink.is_seen
        return
    drawing.draws_anything = True
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        drawing.pictures.append(extent)
        if not calls.has_transparency(item):
            drawing.filled.append(Filled(order, seen, is_white=False))


def _lacks_chinese_glyphs(font: Handle) -> bool:
    """Whether a font is a Chinese one that is neither in the file nor on this machine."""
    if calls.is_font_embedded(font) != 0:
        return False
    width = ctypes.c_float()
    is_chinese = calls.get_glyph_width(font, ord("一"), 1.0, ctypes.addressof(width)) and width.value > 0
    return bool(is_chinese) and not calls.get_glyph_path(font, ord("一"), 1.0)


def _strip_numbers(extent: Extent) -> range:
    lowest, highest = max(extent.bottom, -20_000.0), min(extent.top, 20_000.0)
    return range(int(lowest // STRIP_POINTS), int(highest // STRIP_POINTS) + 1)
