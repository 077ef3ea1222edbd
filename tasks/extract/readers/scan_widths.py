"""Is a recognised bracket, comma or colon half-width or full-width? The room it takes in its line tells.

A recogniser sees no difference between ``(`` and ``（``, but the full-width one takes as much room as a Chinese
character, and its ink stands in the inner half of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

FULL_WIDTH = {"(": "（", ")": "）", ",": "，", ":": "：", ";": "；"}
"""Half-width sign -> the full-width sign that looks the same."""

OPENING = "("

BRACKETS = "()"

FULL_ADVANCE = 1.0
HALF_ADVANCE = 0.5
"""Room of a full-width sign and of a half-width one, in character widths."""

FULL_ROOM = 0.75
HALF_ROOM = 0.25
"""From the middle of a sign's ink to the end of its room on the outer side, in character widths: of full-width signs,
and of half-width ones."""


LIKELY = 0.1
"""Beside a Chinese character on its inner side a sign is full-width unless its room is smaller by this much: places are
known to a tenth of a character."""


NARROWEST = 0.98
WIDEST = 1.12
"""Room of a Chinese character in parts of its ink's height, from square to slender type."""

UNKNOWN = 0.01
"""Leaning of a sign at the end of a line, where its room shows nothing: its partner decides, else it is full-width."""


class Sign(NamedTuple):
    """One recognised character.

    Args:
        text: The character.
        confidence: How sure the recogniser is, from 0 to 1.
        place: Where its middle lies, in parts of the line's width.
    """

    text: str
    confidence: float
    place: float


def settle_widths(signs: Sequence[Sign], line_heights: float) -> tuple[Sign, ...]:
    """The signs with each bracket, comma, colon and semicolon in the width in which it is printed.

    Args:
        signs: A line's characters; signs that exist in both widths are half-width.
        line_heights: The line's width in parts of its height.
    """
    if not any(sign.text in FULL_WIDTH for sign in signs) or not any(_is_wide(sign.text) for sign in signs):
        return tuple(signs)
    character = _measure_character(signs, line_heights)
    leanings: dict[int, float] = {}
    for index, sign in enumerate(signs):
        if sign.text in FULL_WIDTH:
            leanings[index] = _find_leaning(signs, index, line_heights / character)
    for opening, closing in _find_pairs(signs):
        leanings[opening] = leanings[closing] = leanings[opening] + leanings[closing]
    return tuple(
        sign._replace(text=FULL_WIDTH[sign.text]) if leanings.get(index, 0.0) > 0 else sign
        for index, sign in enumerate(signs)
    )


def _find_leaning(signs: Sequence[Sign], index: int, characters: float) -> float:
    """By how much of a character the sign's room is larger than half-way between the two widths.

    Where the room cannot be measured, the sign is taken as Chinese is written: slightly full-width.
    """
    before = signs[index - 1] if index > 0 else None
    after = signs[index + 1] if index + 1 < len(signs) else None
    outer, inner = (before, after) if signs[index].text == OPENING else (after, before)
    inner_is_wide = inner is not None and _is_wide(inner.text)
    if signs[index].text not in BRACKETS and inner_is_wide:
        return LIKELY  # a comma after a Chinese character: printers squeeze it, but none prints the other
    if before and after and _is_wide(before.text) and _is_wide(after.text):
        return (after.place - before.place) * characters - 1.0 - (FULL_ADVANCE + HALF_ADVANCE) / 2
    if outer is None or outer.text.isspace() or outer.text in FULL_WIDTH:
        return UNKNOWN
    room = abs(outer.place - signs[index].place) * characters - (0.5 if _is_wide(outer.text) else HALF_ROOM)
    return room - (FULL_ROOM + HALF_ROOM) / 2 + (LIKELY if inner_is_wide else 0.0)


def _find_pairs(signs: Sequence[Sign]) -> list[tuple[int, int]]:
    """Each opening bracket with the one that closes it."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, sign in enumerate(signs):
        if sign.text == OPENING:
            opened.append(index)
        elif sign.text == ")" and opened:
            pairs.append((opened.pop(), index))
    return pairs


def _measure_character(signs: Sequence[Sign], line_heights: float) -> float:
    """The room of a Chinese character in parts of the line's height; places alone are too unsure for few characters."""
    steps = [
        (after.place - before.place) * line_heights
        for before, after in pairwise(signs)
        if _is_wide(before.text) and _is_wide(after.text)
    ]
    return min(max(median(steps), NARROWEST), WIDEST) if steps else (NARROWEST + WIDEST) / 2


def _is_wide(text: str) -> bool:
    return unicodedata.east_asian_width(text) in ("W", "F") and text not in FULL_WIDTH.values()
