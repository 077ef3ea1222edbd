"""Places on the image as read are told as places on the page as shown."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from filings.documents import Box, Cell, Grid, Line, Page
from tasks.extract.readers.scan_image import POINTS_PER_PIXEL, turn_upright
from tasks.extract.readers.scan_place import Turning, place_on_page, put_in_place

WIDTH, HEIGHT = 300.0, 500.0


def test_a_place_on_a_page_askew_is_told_where_its_ink_is() -> None:
    page = np.full((1400, 1000), 255, dtype=np.uint8)
    page[650:670, 100:900] = 0
    page[140:150, 780:800] = 0
    turn = cv2.getRotationMatrix2D((500, 700), -2.0, 1.0)
    askew = np.asarray(cv2.warpAffine(page, turn, (1000, 1400), borderValue=255), dtype=np.uint8)
    rows, cols = np.nonzero(askew[:300] < 100)
    width, height = 1000 * POINTS_PER_PIXEL, 1400 * POINTS_PER_PIXEL
    turning = Turning(0, turn_upright(askew).degrees, width, height)
    box = place_on_page(Box(*(value * POINTS_PER_PIXEL for value in (780, 140, 800, 150))), turning, width, height)
    assert (box.left + box.right) / 2 == pytest.approx(cols.mean() * POINTS_PER_PIXEL, abs=0.7)
    assert (box.top + box.bottom) / 2 == pytest.approx(rows.mean() * POINTS_PER_PIXEL, abs=0.7)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_place_on_a_page_on_its_side_is_told_where_its_ink_is(turns: int) -> None:
    page = np.zeros((500, 300), dtype=np.uint8)
    page[40:60, 200:290] = 1
    read = np.rot90(page, turns)
    rows, cols = np.nonzero(read)
    box = Box(int(cols.min()), int(rows.min()), int(cols.max()) + 1, int(rows.max()) + 1)
    assert place_on_page(box, Turning(turns, 0.0, read.shape[1], read.shape[0]), WIDTH, HEIGHT) == (200, 40, 290, 60)


def test_a_page_rendered_more_coarsely_keeps_its_size() -> None:
    turning = Turning(0, 0.0, WIDTH / 4, HEIGHT / 4)
    assert place_on_page(Box(10, 20, 30, 40), turning, WIDTH, HEIGHT) == (40, 80, 120, 160)


def test_every_box_of_a_page_is_put_in_place() -> None:
    box = Box(10, 20, 30, 40)
    grid = Grid(1, 1, (Cell(0, 0, "1", box=box, confidence=0.5), Cell(0, 1, "")), box, (10.0, 30.0))
    page = Page(3, (Line("x", box), grid), 500.0, 300.0)
    placed = put_in_place(page, Turning(2, 0.0, WIDTH, HEIGHT), WIDTH, HEIGHT)
    there = Box(270, 460, 290, 480)
    assert placed == Page(
        3,
        (
            Line("x", there),
            Grid(1, 1, (Cell(0, 0, "1", box=there, confidence=0.5), Cell(0, 1, "")), there, (10.0, 30.0)),
        ),
        WIDTH,
        HEIGHT,
    )
