"""A page image in colour -> in grey, with red seals (公章) faded to paper: they are stamped over tables, and say nothing of them.

Red print elsewhere stays: only what lies in a figure of a seal's size goes.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from tasks.extract.readers.scan_image import DPI, Pixels

ColouredPixels = npt.NDArray[np.uint8]
"""Rows of pixels of red, green and blue."""

REDDER = 40
"""Red ink is redder than green or blue by this many of 255 levels, pale stamps too; JPEG tints grey ink by half of it."""

PIXELS_PER_MM = DPI / 25.4

NARROWEST_MM, SMALLEST_MM, LARGEST_MM = 15.0, 25.0, 110.0
"""Shorter side of a seal cut by the page's edge, longer side of a small one, and of two that overlap. Official seals are 42 mm
wide, seals for contracts and finance 38 mm and more (《国务院关于国家行政机关和企业事业单位社会团体印章管理的规定》,
国发〔1999〕25号); red print is lower, red frames are larger."""

GAP_MM = 1.2
"""Parts of a seal are no further apart: ring, characters, and where black print runs over it."""

FRINGE_PIXELS = 7
"""Around red ink, pale ink: JPEG keeps colours more coarsely than light."""

BARE = 0.75
"""A pixel of a seal that is at least so light as its ink mostly is has no print under it; print is half as light at its edges."""


def turn_grey(coloured: ColouredPixels) -> Pixels:
    """The image in grey, without its seals."""
    grey = np.asarray(cv2.cvtColor(coloured, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if not _is_red(coloured[::4, ::4]).any():
        return grey
    is_red = _is_red(coloured)
    for left, top, right, bottom in _find_seals(is_red):
        area = (slice(top, bottom), slice(left, right))
        inked = is_red[area]
        around = cv2.dilate(inked.astype(np.uint8), np.ones((FRINGE_PIXELS, FRINGE_PIXELS), np.uint8)) > 0
        paper = float(np.median(grey[area][~around])) if not around.all() else float(np.median(grey))
        light = coloured[area][..., 0] / max(float(np.median(coloured[area][..., 0][inked])), 1.0)
        faded = np.where(light > BARE, paper, np.minimum(light, 1.0) * paper)
        grey[area] = np.where(around, faded, grey[area]).astype(np.uint8)
    return grey


def _is_red(coloured: ColouredPixels) -> npt.NDArray[np.bool_]:
    others = np.maximum(coloured[..., 1], coloured[..., 2])
    return np.asarray(cv2.subtract(np.ascontiguousarray(coloured[..., 0]), others) > REDDER)


def _find_seals(is_red: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int, int]]:
    """First and one past the last column and row of every red figure that is as large as a seal."""
    half = cv2.resize(is_red.astype(np.uint8), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST)
    reach = round(GAP_MM * PIXELS_PER_MM / 2) | 1
    joined = cv2.morphologyEx(half, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    _, _, measures, _ = cv2.connectedComponentsWithStats(joined.astype(np.uint8), connectivity=8)
    for left, top, width, height, _area in measures[1:]:
        shorter, longer = (2 * side / PIXELS_PER_MM for side in sorted((int(width), int(height))))
        if shorter >= NARROWEST_MM and SMALLEST_MM <= longer <= LARGEST_MM:
            yield 2 * int(left), 2 * int(top), 2 * int(left + width), 2 * int(top + height)
