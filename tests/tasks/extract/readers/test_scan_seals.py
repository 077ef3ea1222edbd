"""Seals fade to paper, what is printed under them stays; red print and red frames stay too."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from tasks.extract.readers.scan_image import CONTRAST, Pixels
from tasks.extract.readers.scan_seals import PIXELS_PER_MM, turn_grey

RED, PALE = (215, 60, 60), (240, 170, 170)
PAPER = 240
SIZE = (900, 700)


def page(draw_colour: tuple[int, int, int], diameter_mm: float, grain: float = 0.0) -> tuple[Pixels, Pixels]:
    """A page with a line of print under a stamped ring, and the page without the ring."""
    print_only = Image.new("RGB", SIZE, (PAPER,) * 3)
    draw = ImageDraw.Draw(print_only)
    for x in range(100, 800, 24):
        draw.rectangle((x, 340, x + 14, 362), fill=(20, 20, 20))
    stamp = Image.new("RGB", SIZE, "white")
    reach = diameter_mm * PIXELS_PER_MM / 2
    ImageDraw.Draw(stamp).ellipse((450 - reach, 350 - reach, 450 + reach, 350 + reach), outline=draw_colour, width=12)
    noise = np.random.default_rng(1).normal(0, grain, (SIZE[1], SIZE[0], 1))
    stamped = np.asarray(ImageChops.multiply(print_only, stamp), dtype=np.float64) + noise
    bare = np.asarray(print_only.convert("L"), dtype=np.float64) + noise[..., 0]
    return tuple(
        np.clip(image, 0, 255).astype(np.uint8)
        for image in (turn_grey(np.clip(stamped, 0, 255).astype(np.uint8)), bare)
    )  # type: ignore[return-value]


@pytest.mark.parametrize("colour", [RED, PALE])
@pytest.mark.parametrize("grain", [0.0, 6.0])
def test_a_seal_fades_and_the_print_under_it_stays(colour: tuple[int, int, int], grain: float) -> None:
    faded, bare = page(colour, 42.0, grain)
    apart = np.abs(faded.astype(int) - bare.astype(int))
    assert np.count_nonzero(apart > CONTRAST + 3 * grain) < 0.0005 * apart.size
    assert np.count_nonzero(faded < 100) == pytest.approx(np.count_nonzero(bare < 100), rel=0.02)


@pytest.mark.parametrize("diameter_mm", [8.0, 14.0])
def test_red_print_stays(diameter_mm: float) -> None:
    grey, bare = page(RED, diameter_mm)
    assert np.count_nonzero(grey < PAPER - 3 * CONTRAST) > np.count_nonzero(bare < PAPER - 3 * CONTRAST) + 500


def test_a_page_in_grey_is_left_as_it_is() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (60, 80, 1), dtype=np.uint8).repeat(3, axis=2)
    assert (turn_grey(pixels) == pixels[..., 0]).all()
