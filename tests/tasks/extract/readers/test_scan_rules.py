"""Ruling lines of a page image: found though broken or ragged, told from strokes, made into the same cells."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tasks.extract.readers.pdf_grids import find_frames
from tasks.extract.readers.scan_image import POINTS_PER_PIXEL, Pixels, find_ink, turn_upright
from tasks.extract.readers.scan_rules import find_rules

COLS = (100, 300, 520, 700, 900)
ROWS = (200, 260, 310, 370, 430)
MERGED = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1)]
PLAIN = [(row, col, 1, 1) for row in (2, 3) for col in range(4)]


def draw_page() -> Pixels:
    return np.full((1000, 1000), 245, dtype=np.uint8)


def draw_table(page: Pixels, thickness: int = 2) -> Pixels:
    """A header of two rows, of which two cells are merged downwards and one across, and two rows below."""
    for x in COLS:
        top = ROWS[1] if x == COLS[3] else ROWS[0]
        page[top : ROWS[-1], x : x + thickness] = 40
    for y in ROWS:
        left = COLS[2] if y == ROWS[1] else COLS[0]
        page[y : y + thickness, left : COLS[-1]] = 40
    return page


def find_spans(grey: Pixels) -> list[list[tuple[int, int, int, int]]]:
    return [frame.spans for frame in find_frames(find_rules(find_ink(grey)).rules)]


@pytest.mark.parametrize("thickness", [1, 2, 4])
def test_cells_and_merged_cells_are_found(thickness: int) -> None:
    page = draw_table(draw_page(), thickness)
    assert find_spans(page) == [MERGED + PLAIN]
    (frame,) = find_frames(find_rules(find_ink(page)).rules)
    assert [edge / POINTS_PER_PIXEL for edge in frame.col_edges] == pytest.approx(COLS, abs=3)
    assert [edge / POINTS_PER_PIXEL for edge in frame.row_edges] == pytest.approx(ROWS, abs=3)


def test_a_table_askew_is_found_after_turning() -> None:
    turn = cv2.getRotationMatrix2D((500, 500), 1.3, 1.0)
    askew = np.asarray(cv2.warpAffine(draw_table(draw_page()), turn, (1000, 1000), borderValue=245), dtype=np.uint8)
    upright = turn_upright(askew)
    assert upright.degrees == pytest.approx(-1.3, abs=0.1)
    assert [frame.spans for frame in find_frames(find_rules(upright.ink).rules)] == [MERGED + PLAIN]


def test_lines_that_break_inside_a_cell_go_on() -> None:
    page = draw_table(draw_page())
    page[ROWS[3] - 2 : ROWS[3] + 4, 370:430] = 245
    page[ROWS[1] - 2 : ROWS[1] + 4, 560:610] = 245
    assert find_spans(page) == [MERGED + PLAIN]


def test_a_line_that_ends_at_another_leaves_a_merged_cell() -> None:
    page = draw_table(draw_page())
    page[ROWS[0] : ROWS[-1], 580:582] = 40
    page[ROWS[3] - 2 : ROWS[3] + 4, 525:578] = 245
    assert (2, 2, 2, 1) in find_spans(page)[0]


def test_broken_and_ragged_lines_are_found() -> None:
    page = draw_table(draw_page())
    chance = np.random.default_rng(3)
    for x in range(130, 880, 90):
        page[:, x : x + 6] = 245  # 2 pt of every row line is missing
    edge = page[ROWS[2] - 1, :]
    edge[(chance.random(edge.shape) < 0.4) & (np.arange(1000) > COLS[0]) & (np.arange(1000) < COLS[-1])] = 60
    assert find_spans(page) == [MERGED + PLAIN]


def test_strokes_are_no_lines_however_long_or_close_to_lines() -> None:
    page = draw_table(draw_page())
    page[335:338, 312:345] = 30  # 一 at the start of a cell
    page[330:352, 540:543] = 30  # an upright stroke between two row lines
    for left in range(320, 500, 22):  # strokes of characters side by side, a pixel apart
        page[395:398, left : left + 21] = 30
        page[403:413, left + 9 : left + 12] = 30
        page[385:392, left + 3 : left + 18] = 30
    assert find_spans(page) == [MERGED + PLAIN]
    mask = find_rules(find_ink(page)).mask
    assert not mask[330:352, 312:345].any()
    assert not mask[335:350, 540:543].any()
    assert not mask[383:415, 320:500].any()


def test_a_bar_is_no_line() -> None:
    page = draw_page()
    page[100:130, 100:900] = 30
    assert find_rules(find_ink(page)).rules == ()


def test_what_is_left_beside_a_line_is_its_own() -> None:
    page = draw_table(draw_page(), thickness=3)
    chance = np.random.default_rng(4)
    for row in ROWS:
        for y in (row - 1, row + 3):
            page[y, COLS[2] : COLS[-1]] = np.where(chance.random(COLS[-1] - COLS[2]) < 0.5, 90, 245)
    ink = find_ink(page)
    assert np.count_nonzero(ink) > 10_000
    assert np.count_nonzero(ink[find_rules(ink).mask == 0]) == 0


def test_a_large_character_is_no_table() -> None:
    page = draw_page()
    for y in (100, 130, 160, 190):  # 目 in 26 pt
        page[y : y + 5, 100:150] = 30
    page[100:195, 100:105] = 30
    page[100:195, 145:150] = 30
    ruled = find_rules(find_ink(page))
    assert ruled.rules == ()
    assert not ruled.mask.any()
