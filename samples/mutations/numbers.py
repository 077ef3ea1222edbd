"""How a printed number goes wrong: each way gives other digits in the same print, or nothing where it cannot happen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from random import Random
from types import MappingProxyType


def swap_digits(text: str, chance: Random) -> str | None:
    """Two neighbouring digits that differ change places; the first digit never becomes 0."""
    digits = [at for at, character in enumerate(text) if character.isdigit()]
    pairs = [
        (left, right)
        for left, right in pairwise(digits)
        if text[left] != text[right] and not (left == digits[0] and text[right] == "0")
    ]
    if not pairs:
        return None
    left, right = chance.choice(pairs)
    return text[:left] + text[right] + text[left + 1 : right] + text[left] + text[right + 1 :]


def change_digit(text: str, chance: Random) -> str | None:
    """One digit is another; a number's first digit never becomes 0, a lone 0 becomes something."""
    digits = [at for at, character in enumerate(text) if character.isdigit()]
    if not digits:
        return None
    at = chance.choice(digits)
    first = 1 if at == digits[0] else 0
    return text[:at] + chance.choice([d for d in "0123456789"[first:] if d != text[at]]) + text[at + 1 :]


def shift_decimals(text: str, chance: Random) -> str | None:
    """Ten times as much, printed with the same decimals."""
    value = _parse(text)
    return None if value is None or not value else _print(value * 10, text)


def change_sign(text: str, chance: Random) -> str | None:
    """The number with the other sign."""
    value = _parse(text)
    return None if value is None or not value else _print(-value, text)


def _parse(text: str) -> Decimal | None:
    body = text.rstrip("%").replace(",", "")
    return Decimal(body) if re.fullmatch(r"-?\d+(?:\.\d+)?", body) else None


def _print(value: Decimal, like: str) -> str:
    # a number below 1,000 shows no separator of its own
    grouped = "," in like or len(like.rstrip("%").partition(".")[0].lstrip("-")) <= 3
    number = f"{value:{',' if grouped else ''}.{len(like.rstrip('%').partition('.')[2])}f}"
    return number + ("%" if like.endswith("%") else "")


NUMBER_KINDS: Mapping[str, Callable[[str, Random], str | None]] = MappingProxyType(
    {
        "digit_swap": swap_digits,
        "digit_change": change_digit,
        "decimal_shift": shift_decimals,
        "sign": change_sign,
    }
)
"""Kind of mutation → what it makes of a printed number."""
