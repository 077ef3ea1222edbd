"""What stands on a page of a PDF: characters and ruling lines, in points as a person sees the page.

Neither tables nor lines of text are known here; they are found from these marks.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

Lane = tuple[float, list[float]]
"""A height at which a text is printed, with the left edges where it stands there, ascending."""


class Character(NamedTuple):
    """One printed character; the box spans its advance width and the font's height.

    Where it was recognised from an image, the confidence says how sure the recogniser is, from 0 to 1.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size_points: float
    confidence: float | None = None


class Rule(NamedTuple):
    """A ruling line, as its centre line: horizontal where ``top == bottom``, vertical where ``left == right``."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageMarks:
    """All marks of one page that matter to a reader of tables.

    Args:
        width_points: Page width after rotation.
        height_points: Page height after rotation.
        characters: Visible characters, each once.
        rules: Ruling lines in drawing order.
        has_pictures: True where the page shows an image or a drawing (a page with these only is a scan).
        largest_picture_part: The part of the page's area that its largest picture takes.
    """

    width_points: float
    height_points: float
    characters: tuple[Character, ...]
    rules: tuple[Rule, ...]
    has_pictures: bool
    largest_picture_part: float = 0.0


THICKEST_RULE_POINTS = 3.0
"""A filled rectangle no thicker than this is a ruling line. Word draws 0.5 pt, spreadsheets up to 2.3 pt; the
narrowest column or lowest row that could hold a character is wider."""

OVERPRINT_EM = 0.15
"""The same character again within this part of its size is bold by overprinting: printers shift by 0.02 to 0.05 of
the size, and no font sets two equal characters closer than 0.2."""

_ALL_THE_WAY = [inf]
"""Sorts after the left edges of every lane at the same height."""

FARTHEST_SHIFT_POINTS = 6.0
"""No overprint is shifted further, however large the character: 0.15 of 40 pt."""


def find_rules_of_rectangle(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    """The ruling lines that a rectangle shows: its centre line where it is thin, else its four sides."""
    width, height = right - left, bottom - top
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    if height <= THICKEST_RULE_POINTS and width <= THICKEST_RULE_POINTS:
        return [Rule(left, middle_y, right, middle_y), Rule(middle_x, top, middle_x, bottom)]
    if height <= THICKEST_RULE_POINTS:
        return [Rule(left, middle_y, right, middle_y)]
    if width <= THICKEST_RULE_POINTS:
        return [Rule(middle_x, top, middle_x, bottom)]
    return [
        Rule(left, top, right, top),
        Rule(left, bottom, right, bottom),
        Rule(left, top, left, bottom),
        Rule(right, top, right, bottom),
    ]


def drop_overprints(characters: Iterable[Character]) -> tuple[Character, ...]:
    """The characters with each one that is printed over itself (bold by overprinting) kept once."""
    kept: list[Character] = []
    printed: dict[str, list[Lane]] = {}
    for character in characters:
        text, left, top, _, _, size, _ = character
        lanes = printed.get(text)
        if lanes is None:
            printed[text] = [(top, [left])]
        elif _is_near(lanes, left, top, min(OVERPRINT_EM * size, FARTHEST_SHIFT_POINTS)):
            continue
        kept.append(character)
    return tuple(kept)


def _is_near(lanes: list[Lane], left: float, top: float, shift: float) -> bool:
    """Whether a text is printed within the shift of a place; if not, the place is added, as it will be printed there."""
    own: list[float] | None = None
    at = bisect_right(lanes, (top - shift, _ALL_THE_WAY))
    while at < len(lanes) and lanes[at][0] < top + shift:
        lane_top, lefts = lanes[at]
        nearest = bisect_right(lefts, left - shift)
        if nearest < len(lefts) and lefts[nearest] < left + shift:
            return True
        if lane_top == top:
            own = lefts
        at += 1
    if own is None:
        insort(lanes, (top, [left]))
    else:
        insort(own, left)
    return False
