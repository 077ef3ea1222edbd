"""What number is printed here? Printed amounts and percentages to exact decimals (金额、百分比).

Knows thousands separators, full-width digits, spaces inside a number, bracketed and signed negatives, the percent sign and
the marks for "nothing". Does not know units: see `units`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from filings.text import REMEMBERED, fold

_WHITE = re.compile(r"\s+")
_MINUS = re.compile("[-\u2010-\u2015\u2212\ufe63\uff0d]")
_NOTHING = re.compile(r"[-/\\.·…*]*")
_NUMBER = re.compile(
    r"""(?P<open>\()?
        (?P<sign>[-+])?
        (?P<currency>[¥$])?
        (?=\.?\d)
        (?P<whole>\d{1,3}(?:,\d{3})+|\d*)
        (?:\.(?P<places>\d*))?
        (?P<close_early>\))?
        (?P<percent>%)?
        (?P<close>\))?""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed.

    Args:
        value: Its exact value; a percentage is in percent (``-9.35`` for ``-9.35%``).
        places: Decimal places printed.
        is_percent: True if a percent sign is printed.
    """

    value: Decimal
    places: int
    is_percent: bool


@lru_cache(REMEMBERED)
def is_blank(text: str) -> bool:
    """Whether a cell prints nothing: empty, white space, or only marks such as ``-``, ``—``, ``/`` (空、无数)."""
    key = _MINUS.sub("-", _WHITE.sub("", fold(text)))
    return _NOTHING.fullmatch(key) is not None


@lru_cache(REMEMBERED)
def parse_number(text: str) -> PrintedNumber | None:
    """Read a printed number (数字).

    Returns:
        The number, or None if the text is blank or is not one number and nothing else. Grouping must be in threes, so that
        two numbers that stand side by side are not read as one. A raised or circled digit is a footnote mark, which folding
        would make a digit of the number: such a text is no number.
    """
    if not text.isascii() and any(character.isnumeric() and not character.isdecimal() for character in text):
        return None
    key = _MINUS.sub("-", _WHITE.sub("", fold(text))).replace("、", ",")
    match = _NUMBER.fullmatch(key)
    if match is None:
        return None
    closed = bool(match["close"] or match["close_early"])
    if bool(match["open"]) != closed or (match["close"] and match["close_early"]):
        return None
    places = match["places"] or ""
    value = Decimal((match["whole"].replace(",", "") or "0") + (f".{places}" if places else ""))
    if match["sign"] == "-" or match["open"]:
        value = -value
    return PrintedNumber(value, len(places), bool(match["percent"]))


def half_place(places: int) -> Decimal:
    """Half of the last printed decimal place: what rounding to that place may hide (最末位的一半)."""
    return Decimal(5).scaleb(-places - 1)
