"""A page without a usable text layer -> the same marks as a page with one, by recognising its image.

What is drawn as ruling lines is measured, what is between them is recognised line by line; from there on a scanned
page goes the way of every other page.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
import pypdfium2 as pdfium2

from filings.documents import Page
from tasks.extract.readers.pdf_blocks import build_page
from tasks.extract.readers.pdf_grids import Frame, find_frames
from tasks.extract.readers.pdf_marks import Character, PageMarks
from tasks.extract.readers.scan_image import DPI, POINTS_PER_PIXEL, Pixels, UprightImage, turn_upright
from tasks.extract.readers.scan_lines import TextBox, find_lines_in_cell, find_loose_lines, measure_character_pixels
from tasks.extract.readers.scan_place import Turning, put_in_place
from tasks.extract.readers.scan_recognise import Piece, load_recogniser
from tasks.extract.readers.scan_rules import RuledImage, find_rules
from tasks.extract.readers.scan_seals import turn_grey
from tasks.extract.readers.scan_widths import Sign

MOST_PIXELS = 40_000_000
"""A page is rendered more coarsely if it would have more: A1 at 200 dpi has 31 million."""

CHARACTER_HEIGHT = 0.92
"""Height of a character's ink in parts of its type size, as Chinese characters have it."""


DOUBTFUL = 0.85
"""A page whose characters are less sure than this on average may lie on its head: pages that stand upright have 0.95
and more, also worn ones, those on their head 0.8 and less."""

SURE = 0.9
SURE_PART = 0.8
"""On pages that stand upright most characters are sure and stand beside others; the model also reads characters that
lie on their side, but one by one."""

UNREADABLE = (Sign("\N{REPLACEMENT CHARACTER}", 0.0, 0.5),)
"""What stands in a cell whose ink is recognised as nothing: a cell that is not blank must not be taken for one."""

FEWEST_CHARACTERS = 8
"""Fewer characters than this, a stamp or a speck, say nothing about how the page stands."""


def render_page(page: pdfium2.PdfPage) -> Pixels:
    """The page as a person sees it, in grey, without its seals."""
    width, height = page.get_size()
    scale = min(DPI / 72.0, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        return turn_grey(bitmap.to_numpy())
    finally:
        bitmap.close()


def read_scanned_page(number: int, grey: Pixels, width_points: float, height_points: float) -> Page:
    """A page as its image shows it; one that was scanned lying on its side or head is turned.

    Args:
        number: From 1.
        grey: Its image.
        width_points: Width of the page as shown.
        height_points: Height of the page as shown.
    """
    image, quarter_turns = turn_upright(grey), 0
    marks = read_marks(image)
    if may_stand_otherwise(marks, image):
        best = count_sure_words(marks)
        for turns in (1, 2, 3):
            other = turn_upright(np.ascontiguousarray(np.rot90(grey, turns)))
            reading = read_marks(other)
            if (sure := count_sure_words(reading)) > best:
                best, marks, image, quarter_turns = sure, reading, other, turns
    turning = Turning(quarter_turns, image.degrees, marks.width_points, marks.height_points)
    _give_back_memory()
    return put_in_place(build_page(number, marks), turning, width_points, height_points)


def _give_back_memory() -> None:
    """Return what the page's images took to the system; the C library keeps up to 16 MB of each page in fragments."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it; others give back by themselves
    if trim is not None:
        trim(0)


def may_stand_otherwise(marks: PageMarks, image: UprightImage) -> bool:
    """Whether the page may lie on its side or head: its characters are unsure, or its ink stands in columns."""
    sure = [character.confidence or 0.0 for character in marks.characters]
    if len(sure) < FEWEST_CHARACTERS:
        return False
    if sum(sure) / len(sure) < DOUBTFUL:
        return True
    return _measure_rowness(image, marks) < 1.0 and count_sure_words(marks) < SURE_PART * len(sure)


def count_sure_words(marks: PageMarks) -> int:
    """How many characters are surely recognised and stand in a row of at least three; on its side, few do."""
    sure = 0
    for _, row in groupby(marks.characters, key=lambda character: (character.top, character.bottom)):
        confidences = [character.confidence or 0.0 for character in row]
        if len(confidences) >= 3:
            sure += sum(confidence > SURE for confidence in confidences)
    return sure


def _measure_rowness(image: UprightImage, marks: PageMarks) -> float:
    """How much more sharply rows of text stand out than columns of it; below 1 on most pages that lie on their side."""
    ink = image.ink.copy()
    for rule in marks.rules:
        left, top, right, bottom = (round(value / POINTS_PER_PIXEL) for value in rule)
        ink[max(top - 3, 0) : bottom + 4, max(left - 3, 0) : right + 4] = 0
    rows, columns = (np.diff(np.count_nonzero(ink, axis=axis).astype(np.float64)) for axis in (1, 0))
    return float(np.square(rows).sum() / max(np.square(columns).sum(), 1.0))


def read_marks(image: UprightImage) -> PageMarks:
    """The characters and ruling lines that a page image shows, in points of the image."""
    ruled = find_rules(image.ink)
    in_cells, loose, character_pixels = _find_text_boxes(image, ruled)
    boxes = [*in_cells, *loose]
    cleared = np.where(ruled.mask > 0, np.uint8(np.median(image.grey)), image.grey)
    pieces = [Piece(cleared[b.top : b.bottom, b.left : b.right], character_pixels) for b in boxes]
    characters: list[Character] = []
    for number, (box, signs) in enumerate(zip(boxes, load_recogniser().recognise(pieces), strict=True)):
        characters.extend(_place_signs(box, signs or (UNREADABLE if number < len(in_cells) else ())))
    height, width = image.grey.shape
    return PageMarks(width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL, tuple(characters), ruled.rules, True)


def _find_text_boxes(image: UprightImage, ruled: RuledImage) -> tuple[list[TextBox], list[TextBox], float]:
    """Lines of text in ruled cells, whatever else is ink, and the usual height of a character."""
    ink = np.where(ruled.mask > 0, np.uint8(0), image.ink)
    character_pixels = measure_character_pixels(ink)
    boxes: list[TextBox] = []
    for cell in _find_cells(find_frames(ruled.rules), ink.shape):
        boxes.extend(find_lines_in_cell(ink, cell, character_pixels))
        ink[cell.top : cell.bottom, cell.left : cell.right] = 0
    return boxes, find_loose_lines(ink, character_pixels), character_pixels


def _find_cells(frames: list[Frame], shape: tuple[int, ...]) -> Iterator[TextBox]:
    """The pixels inside each ruled cell."""
    height, width = shape[:2]
    for frame in frames:
        cols = [min(max(round(x / POINTS_PER_PIXEL), 0), width) for x in frame.col_edges]
        rows = [min(max(round(y / POINTS_PER_PIXEL), 0), height) for y in frame.row_edges]
        for row, col, row_span, col_span in frame.spans:
            yield TextBox(cols[col], rows[row], cols[col + col_span], rows[row + row_span])


def _place_signs(box: TextBox, signs: tuple[Sign, ...]) -> Iterator[Character]:
    """Recognised characters as characters of a page: each reaches half-way to its neighbours."""
    left, top, right, bottom = (value * POINTS_PER_PIXEL for value in box)
    middles = [left + sign.place * (right - left) for sign in signs]
    borders = [left, *((one + other) / 2 for one, other in pairwise(middles)), right]
    if not signs:
        return
    size = (bottom - top) / CHARACTER_HEIGHT
    for sign, (start, end) in zip(signs, pairwise(borders), strict=True):
        yield Character(sign.text, start, top, end, bottom, size, sign.confidence)
