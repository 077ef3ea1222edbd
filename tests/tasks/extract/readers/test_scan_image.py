"""A page image is turned upright, and its ink told from its grain."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from tasks.extract.readers.scan_image import DPI, POINTS_PER_PIXEL, Pixels, find_ink, read_picture_pixels, turn_upright

RNG_SEED = 5


def draw_rows(degrees: float) -> Pixels:
    """Forty rows of blocks as text makes them, turned clockwise by the given angle."""
    page = np.full((1400, 1000), 255, dtype=np.uint8)
    chance = np.random.default_rng(RNG_SEED)
    for top in range(100, 1300, 30):
        left = 100
        while left < 880:
            width = int(chance.integers(8, 24))
            page[top : top + 18, left : left + width] = 20
            left += width + 6
    turn = cv2.getRotationMatrix2D((500, 700), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (1000, 1400), borderValue=255), dtype=np.uint8)


@pytest.mark.parametrize("degrees", [-3.3, -1.0, -0.3, 0.4, 1.7, 4.2])
def test_slope_is_found_and_taken_out(degrees: float) -> None:
    image = turn_upright(draw_rows(degrees))
    assert image.degrees == pytest.approx(degrees, abs=0.06)
    assert turn_upright(image.grey).degrees == pytest.approx(0.0, abs=0.06)


def test_straight_page_is_left_as_it_is() -> None:
    page = draw_rows(0.0)
    image = turn_upright(page)
    assert image.degrees == 0.0
    assert image.grey is page


def test_grain_is_no_ink_and_a_hairline_is() -> None:
    chance = np.random.default_rng(RNG_SEED)
    page = np.full((600, 600), 235.0)
    page[300, 50:550] = 90
    ink = find_ink(np.clip(page + chance.normal(0, 8, page.shape), 0, 255).astype(np.uint8))
    assert (ink[299:302, 50:550].any(axis=0)).mean() > 0.95
    assert np.count_nonzero(ink[:290]) < 30


def test_grey_paper_and_shading_are_no_ink() -> None:
    page = np.tile(np.linspace(120, 250, 800), (400, 1)).astype(np.uint8)
    page[100:200, 100:300] -= 25
    page[150:160, 150:156] = 30
    ink = find_ink(page)
    assert ink[150:160, 150:156].all()
    assert np.count_nonzero(ink[:90]) == 0


def saved(image: Image.Image, **options: object) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return Image.open(stream)


def test_picture_of_known_resolution_is_scaled_by_it() -> None:
    picture = saved(Image.new("L", (2480, 3508), 255), dpi=(300, 300))
    assert read_picture_pixels(picture).shape[:2] == (round(3508 * DPI / 300), round(2480 * DPI / 300))


def test_picture_whose_resolution_makes_no_sheet_is_taken_for_a4() -> None:
    longest = max(read_picture_pixels(saved(Image.new("RGB", (3000, 4000), "white"), dpi=(72, 72))).shape)
    assert longest * POINTS_PER_PIXEL == pytest.approx(842, abs=1)


def test_transparent_picture_is_laid_on_white() -> None:
    assert read_picture_pixels(Image.new("RGBA", (100, 140), (0, 0, 0, 0))).min() == 255
