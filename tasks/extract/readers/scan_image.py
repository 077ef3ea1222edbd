"""The image of a scanned page, made ready to be read: grey, upright, and which of its pixels are ink.

It knows neither ruling lines nor text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Pixels = npt.NDArray[np.uint8]
"""Rows of grey values (0 black, 255 white), or a mask in which anything but 0 is ink."""

DPI = 200.0
"""At which pages are rendered: the least at which the recogniser reads 7 pt digits without loss; a 9 pt character
is 25 pixels high, and more pixels cost time without giving more right digits."""

POINTS_PER_PIXEL = 72.0 / DPI

CONTRAST = 14
"""Ink is darker than its surroundings by this many grey values; JPEG blocks and paper stay below."""

GRAINS = 4.0
"""Ink is darker than the paper by this many standard deviations of its grain, measured as what smoothing takes away;
smoothed paper keeps about half of its grain, so this is eight times what is left."""

GAUSSIAN_PER_MEDIAN = 1.4826
"""Standard deviation of a normal distribution in parts of its median absolute deviation."""

SURROUNDINGS_PIXELS = 41
"""Side of the square that counts as surroundings: wider than any stroke, narrower than shading changes."""

A4_INCHES = 11.69
"""The longer side of A4."""

SMALLEST_SHEET_INCHES = 8.0
LARGEST_SHEET_INCHES = 24.0
"""The longer sides of A5 and A2: cameras and screens state resolutions that make no sheet."""

STEEPEST_DEGREES = 5.0
"""A page that lies more askew than this on the glass is seen by whoever scans it."""

FINEST_DEGREES = 0.05
"""A slope of 0.05 degrees shifts a row by 1.5 pixels over the width of a page: less than a ruling line's width."""

SPECK_PIXELS = 3
"""Ink of fewer connected pixels is dust or noise: a decimal point at 7 pt has 6."""


@dataclass(frozen=True)
class UprightImage:
    """A page image turned upright.

    Args:
        grey: Its grey values, upright.
        ink: Its ink, 255 where there is some.
        degrees: By how much it was turned, anticlockwise.
    """

    grey: Pixels
    ink: Pixels
    degrees: float


def read_picture_pixels(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """An image file's picture, in red, green and blue, at the resolution of rendered pages."""
    stated = picture.info.get("dpi", (0,))[0]
    upright = ImageOps.exif_transpose(picture)
    coloured = np.asarray(_flatten(upright).convert("RGB"), dtype=np.uint8)
    scale = DPI / _find_dpi(max(coloured.shape[:2]), stated)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(coloured, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)


def _flatten(picture: Image.Image) -> Image.Image:
    """The picture on white paper, where it has transparent parts."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)


def _find_dpi(longest_pixels: int, stated: float) -> float:
    """The resolution that the file states where it makes a sheet of paper; else as if the sheet were A4."""
    if stated and SMALLEST_SHEET_INCHES <= longest_pixels / stated <= LARGEST_SHEET_INCHES:
        return stated
    return longest_pixels / A4_INCHES


def turn_upright(grey: Pixels) -> UprightImage:
    """The image with the slope taken out at which the page lay on the glass."""
    ink = find_ink(grey)
    degrees = find_slope_degrees(ink)
    if abs(degrees) < FINEST_DEGREES:
        return UprightImage(grey, ink, 0.0)
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = int(np.median(grey))
    turned: Pixels = np.asarray(
        cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper), dtype=np.uint8
    )
    return UprightImage(turned, find_ink(turned), degrees)


def find_ink(grey: Pixels) -> Pixels:
    """255 where a pixel is darker than its surroundings, by more than the paper's grain, without specks."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    around = cv2.blur(grey, (SURROUNDINGS_PIXELS, SURROUNDINGS_PIXELS))
    darker = cv2.subtract(around, smooth, dtype=cv2.CV_16S)
    grain = float(np.median(cv2.absdiff(grey, smooth))) * GAUSSIAN_PER_MEDIAN
    ink = np.asarray(darker > max(CONTRAST, GRAINS * grain), dtype=np.uint8)
    count, labels, measures, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = np.zeros(count, dtype=np.uint8)
    kept[1:][measures[1:, cv2.CC_STAT_AREA] >= SPECK_PIXELS] = 255
    return np.asarray(kept[labels], dtype=np.uint8)


def find_slope_degrees(ink: Pixels) -> float:
    """By how much the page must be turned anticlockwise so that its rows and columns are straight."""
    small = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    best, step, reach = 0.0, 0.5, STEEPEST_DEGREES
    while step >= FINEST_DEGREES / 2:
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=lambda angle: (_measure_straightness(small, float(angle)), -abs(angle))))
        reach, step = step, step / 4
    return best


def _measure_straightness(ink: cv2.typing.MatLike, degrees: float) -> float:
    """How sharply rows of ink stand against the blank between them when the page is turned so far.

    The ink is sheared, not turned: the same for small angles, and its rows stay whole.
    """
    height, width = ink.shape[:2]
    slope = math.tan(math.radians(degrees))
    shear = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * width / 2]])
    sheared = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_NEAREST)
    rows = cv2.reduce(sheared, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F)
    return float(np.square(np.diff(rows, axis=0)).sum())
