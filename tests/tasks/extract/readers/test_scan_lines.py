"""Lines of text in a page image: strokes of one line together, lines apart."""

from __future__ import annotations

import numpy as np

from tasks.extract.readers.scan_image import Pixels
from tasks.extract.readers.scan_lines import TextBox, find_lines_in_cell, find_loose_lines, measure_character_pixels

CHARACTER = 26
CELL = TextBox(0, 0, 400, 200)


def draw(*strokes: tuple[int, int, int, int]) -> Pixels:
    """Ink in the given rectangles: left, top, right, bottom."""
    ink = np.zeros((200, 400), dtype=np.uint8)
    for left, top, right, bottom in strokes:
        ink[top:bottom, left:right] = 255
    return ink


def characters(top: int, count: int = 5, left: int = 20) -> list[tuple[int, int, int, int]]:
    return [(x, top, x + 24, top + CHARACTER) for x in range(left, left + 30 * count, 30)]


def test_lines_of_a_wrapped_cell_are_apart() -> None:
    assert find_lines_in_cell(draw(*characters(20), *characters(54, 2)), CELL, CHARACTER) == [
        TextBox(20, 20, 164, 46),
        TextBox(20, 54, 74, 80),
    ]


def test_strokes_of_one_character_are_one_line() -> None:
    three = draw((20, 20, 44, 22), (22, 31, 42, 33), (18, 43, 46, 46))
    assert find_lines_in_cell(three, CELL, CHARACTER) == [TextBox(18, 20, 46, 46)]


def test_lines_that_touch_are_parted_at_their_weakest_row() -> None:
    ink = draw(*characters(20), *characters(48), (25, 46, 27, 48))
    assert [(line.top, line.bottom) for line in find_lines_in_cell(ink, CELL, CHARACTER)] == [(20, 46), (46, 74)]


def test_a_wide_gap_parts_a_line() -> None:
    ink = draw(*characters(20, 2), *characters(20, 2, left=200))
    assert find_lines_in_cell(ink, CELL, CHARACTER) == [TextBox(20, 20, 74, 46), TextBox(200, 20, 254, 46)]


def test_a_lone_dash_is_a_line_and_a_spot_is_none() -> None:
    assert find_lines_in_cell(draw((180, 100, 190, 102), (60, 60, 64, 64)), CELL, CHARACTER) == [
        TextBox(180, 100, 190, 102)
    ]


def test_what_a_cell_cuts_off_is_no_line() -> None:
    assert find_lines_in_cell(draw(*characters(60), (20, 195, 140, 200)), CELL, CHARACTER) == [TextBox(20, 60, 164, 86)]


def test_blank_cell_has_no_line() -> None:
    assert find_lines_in_cell(draw(), CELL, CHARACTER) == []


def test_loose_lines_reach_over_gaps_and_stay_apart_from_each_other() -> None:
    heading = characters(20, 3, left=150)
    colon = [(245, 28, 249, 32), (245, 40, 249, 44)]
    text = characters(80, 10)
    assert find_loose_lines(draw(*heading, *colon, *text), CHARACTER) == [
        TextBox(150, 20, 249, 46),
        TextBox(20, 80, 314, 106),
    ]


def test_character_size_is_measured_where_there_are_enough() -> None:
    assert measure_character_pixels(draw(*characters(20), *characters(60), *characters(100))) == CHARACTER
    assert measure_character_pixels(draw()) > 0
