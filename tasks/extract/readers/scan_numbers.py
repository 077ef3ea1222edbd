"""What may stand in a printed number, and which characters a recogniser takes for its signs.

A number has few signs, so that an O between digits is certainly a 0. Nothing else is corrected: what is no number
stays as recognised, with the recogniser's confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ALIKE: dict[str, str] = {
    "0": "0０OoＯ〇○",
    "1": "1１lI|Ｉ丨",
    "2": "2２",
    "3": "3３",
    "4": "4４",
    "5": "5５",
    "6": "6６",
    "7": "7７",
    "8": "8８",
    "9": "9９",
    ".": ".．。·",
    ",": ",，、",
    "-": "-－—–−一",
    "%": "%％",
}
"""Sign of a number -> the characters that are it in another width, or that no print tells from it."""

_SIGN_OF = {letter: sign for sign, letters in ALIKE.items() for letter in letters}

NUMBER_SHAPE = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|-?\d+(?:\.\d+)?%?")
"""A number as printed: thousands marked or not, decimals or none."""


_POINTED_THOUSANDS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+(?=\.\d{1,2}%?$)|-?\d{1,3}(?:[.,]\d{3}){2,}")
"""Thousands that a number's last point, or their number, shows to be parted by commas whose tails are not seen."""

WIDEST_DASH = 0.65
"""In parts of a character's height; a hyphen is a third, a dash a half of it wide."""


def may_be_number(letters: Iterable[str]) -> bool:
    """Whether characters are all signs of a number or alike, and most are digits themselves."""
    text = [letter for letter in letters if not letter.isspace()]
    digits = sum(letter in "0123456789０１２３４５６７８９" for letter in text)
    return digits > 0 and digits * 2 >= len(text) and all(letter in _SIGN_OF for letter in text)


def is_dash(text: str, width_in_characters: float) -> bool:
    """Whether a sign that stands alone is a dash, which prints for "nothing": 一 is as wide as any character."""
    return text in ALIKE["-"] and width_in_characters < WIDEST_DASH


def mend_commas(text: str) -> str:
    """The number with commas where points part its thousands, as a number has one point: 10.070.48 is printed 10,070.48."""
    match = _POINTED_THOUSANDS.match(text)
    return match[0].replace(".", ",") + text[match.end() :] if match else text


def is_number_shaped(text: str) -> bool:
    """Whether the text is a number as printed."""
    return NUMBER_SHAPE.fullmatch(text) is not None
