"""Where does a page image show lines of text? Rectangles around them, in pixels: in ruled cells, and elsewhere.

The ruling lines say where a cell's text ends, so that text of two cells is never taken for one and a lone digit or
dash is not overlooked, as happens to detectors that know no cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from tasks.extract.readers.scan_image import Pixels

USUAL_CHARACTER_PIXELS = 28.0
"""Height of a 10 pt character; taken where a page shows too little to measure."""

FEWEST_PIECES = 4
LARGE_SHARE = 60
"""Of one line's pieces of ink this percentile shows whether its type is larger than the page's: two lines of usual type
that touch in one place have few pieces as high as both."""

TALLEST_CHARACTER_PIXELS = 140
"""Ink higher than this (50 pt) is a picture or a frame."""

SMALLEST_PART = 0.25
"""Ink that is lower and narrower than this part of a character is a spot: a dash is wider, a lone dot says nothing."""

AT_BORDER_PIXELS = 5
CLIPPED_PART = 0.4
"""Ink that reaches a cell's border and is lower than this part of a character is what is left of a line that the cell
cuts off, or of the border."""

WIDE_GAP = 1.5
"""A gap of this many character heights ends a piece of text."""

ONE_LINE = 1.2
"""Pieces that together are no higher than this many characters are parts of one line, as the strokes of 二 are."""

TWO_LINES = 1.8
"""A piece higher than this many characters is two lines that touch."""


class TextBox(NamedTuple):
    """The pixels around one line of text: first and one past the last column and row."""

    left: int
    top: int
    right: int
    bottom: int


def measure_character_pixels(ink: Pixels, share: int = 75, otherwise: float = USUAL_CHARACTER_PIXELS) -> float:
    """The usual height of a character.

    Args:
        ink: Where it is measured.
        share: The percentile of the heights of larger pieces of ink that counts: many are parts of a character.
        otherwise: What is returned where there is too little ink.
    """
    _, _, measures, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights, widths = measures[1:, cv2.CC_STAT_HEIGHT], measures[1:, cv2.CC_STAT_WIDTH]
    is_character = (heights >= 10) & (heights <= 80) & (widths >= 4) & (widths <= 80)
    if is_character.sum() < FEWEST_PIECES:
        return otherwise
    return float(np.percentile(heights[is_character], share))


def find_lines_in_cell(ink: Pixels, cell: TextBox, character_pixels: float) -> list[TextBox]:
    """The lines of text in a ruled cell, top to bottom, each cut where it shows a wide gap."""
    lines: list[TextBox] = []
    area = ink[cell.top : cell.bottom, cell.left : cell.right]
    if not area.any():
        return lines
    character_pixels = max(character_pixels, measure_character_pixels(area, LARGE_SHARE, character_pixels))
    for top, bottom in _find_bands(np.count_nonzero(area, axis=1), character_pixels):
        at_border = top <= AT_BORDER_PIXELS or bottom >= area.shape[0] - AT_BORDER_PIXELS
        if at_border and bottom - top < CLIPPED_PART * character_pixels:
            continue
        columns = np.count_nonzero(area[top:bottom], axis=0) > 0
        for left, right in _find_runs(columns, round(WIDE_GAP * character_pixels)):
            rows = np.flatnonzero(area[top:bottom, left:right].any(axis=1))
            line = TextBox(
                cell.left + left, cell.top + top + int(rows[0]), cell.left + right, cell.top + top + int(rows[-1]) + 1
            )
            if max(line.right - line.left, line.bottom - line.top) > SMALLEST_PART * character_pixels:
                lines.append(line)
    return lines


def find_loose_lines(ink: Pixels, character_pixels: float) -> list[TextBox]:
    """The lines of text anywhere in the image: ink whose gaps are narrower than a character is one line."""
    reach = max(round(WIDE_GAP * character_pixels), 3)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, 1)))
    _, _, measures, _ = cv2.connectedComponentsWithStats(joined.astype(np.uint8), connectivity=8)
    pieces = [
        TextBox(int(left), int(top), int(left + width), int(top + height))
        for left, top, width, height, area in measures[1:]
        if height <= TALLEST_CHARACTER_PIXELS * 3
    ]
    areas = _join_pieces(pieces, character_pixels)
    return [
        line
        for area in areas
        for line in find_lines_in_cell(ink, area, character_pixels)
        if line.bottom - line.top <= TALLEST_CHARACTER_PIXELS
    ]


def _join_pieces(pieces: Iterable[TextBox], character_pixels: float) -> list[TextBox]:
    """Pieces side by side or within each other as one: a dot beside a word, the two strokes of a colon."""
    joined: list[TextBox] = []
    for piece in sorted(pieces, key=lambda p: (p.top, p.left)):
        box = piece
        again = True
        while again:
            again = False
            for other in joined:
                if _are_one_line(box, other, character_pixels):
                    joined.remove(other)
                    box = TextBox(
                        min(box.left, other.left),
                        min(box.top, other.top),
                        max(box.right, other.right),
                        max(box.bottom, other.bottom),
                    )
                    again = True
                    break
        joined.append(box)
    return sorted(joined, key=lambda b: (b.top, b.left))


def _are_one_line(one: TextBox, other: TextBox, character_pixels: float) -> bool:
    gap = max(one.left, other.left) - min(one.right, other.right)
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    height = max(one.bottom, other.bottom) - min(one.top, other.top)
    if gap > WIDE_GAP * character_pixels:
        return False
    tallest = max(one.bottom - one.top, other.bottom - other.top)
    return (overlap > 0 and height <= max(tallest, ONE_LINE * character_pixels)) or (
        gap < 0 and height <= ONE_LINE * character_pixels
    )


def _find_bands(counts: npt.NDArray[np.intp], character_pixels: float) -> list[tuple[int, int]]:
    """Rows of text from the number of ink pixels per row: strokes of one line joined, lines that touch parted."""
    bands: list[tuple[int, int]] = []
    for top, bottom in _find_runs(counts > 0, 1):
        if bands and bottom - bands[-1][0] <= ONE_LINE * character_pixels:
            bands[-1] = (bands[-1][0], bottom)
        else:
            bands.append((top, bottom))
    parted: list[tuple[int, int]] = []
    for top, bottom in bands:
        parted.extend(_part_lines(counts, top, bottom, character_pixels))
    return parted


def _part_lines(counts: npt.NDArray[np.intp], top: int, bottom: int, character_pixels: float) -> list[tuple[int, int]]:
    """The band, cut at its weakest rows where it is as high as several lines."""
    lines = round((bottom - top) / (character_pixels * ONE_LINE))
    if bottom - top <= TWO_LINES * character_pixels or lines < 2:
        return [(top, bottom)]
    reach = max(int(0.3 * character_pixels), 1)
    middle = top + (bottom - top) // lines
    window = counts[middle - reach : middle + reach + 1]
    usual = float(np.median(counts[top:bottom]))
    if len(window) == 0 or window.min() > 0.25 * usual:
        return [(top, bottom)]  # one line of larger characters
    cut = middle - reach + int(window.argmin())
    if cut <= top or cut >= bottom:
        return [(top, bottom)]
    return [(top, cut), *_part_lines(counts, cut, bottom, character_pixels)]


def _find_runs(marked: npt.NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """First and one past the last place of every run of marks; gaps shorter than the given one do not end a run."""
    places = np.flatnonzero(marked)
    if len(places) == 0:
        return []
    breaks = np.flatnonzero(np.diff(places) > gap)
    starts = [int(places[0]), *(int(places[index + 1]) for index in breaks)]
    ends = [*(int(places[index]) + 1 for index in breaks), int(places[-1]) + 1]
    return list(zip(starts, ends, strict=True))
