"""In which unit of money is this printed (金额单位)? From ``单位：万元`` to a scale in yuan."""

from __future__ import annotations

import re
from decimal import Decimal

from filings.text import match_key

YUAN_PER_UNIT = {
    "yuan": Decimal(1),
    "qian_yuan": Decimal(1_000),
    "wan_yuan": Decimal(10_000),
    "million_yuan": Decimal(1_000_000),
    "yi_yuan": Decimal(100_000_000),
}
"""Scale of every unit of money that filings print, in yuan (元、千元、万元、百万元、亿元)."""

_NAMES = {"元": "yuan", "千元": "qian_yuan", "万元": "wan_yuan", "百万元": "million_yuan", "亿元": "yi_yuan"}
_STATED = re.compile(r"(?:单位|^\(?金额)[:(]{0,2}(?:人民币)?:?(亿元|百万元|万元|千元|元)(?![\u4e00-\u9fff])")
_STATED_FOR_ALL = re.compile(r"单位(?:均|统一)?(?:为|是|以)(?:人民币)?(亿元|百万元|万元|千元|元)(?![\u4e00-\u9fff])")
_STATED_CUT = re.compile(r"单位:(亿|百万|万|千)$")
_BRACKETED = re.compile(r"\((?:单位:)?(亿元|百万元|万元|千元|元)\)")


def find_unit(text: str) -> str | None:
    """Find the unit that a line or cell states, e.g. ``单位：万元`` gives ``wan_yuan``.

    A body's name after 单位 (``单位：某某局``) is no unit. A unit whose last character was wrapped away (``单位：万``) counts.
    """
    key = match_key(text)
    stated = _STATED.search(key)
    if stated:
        return _NAMES[stated[1]]
    cut = _STATED_CUT.search(key)
    return _NAMES[f"{cut[1]}元"] if cut else None


def find_unit_for_all(text: str) -> str | None:
    """Find the unit that a sentence states for tables to come, e.g. ``以下各表金额单位均为万元``."""
    stated = _STATED_FOR_ALL.search(match_key(text))
    return _NAMES[stated[1]] if stated else None


def find_bracketed_unit(text: str) -> str | None:
    """Find a unit in brackets inside a label, e.g. ``预算数（万元）``."""
    match = _BRACKETED.search(match_key(text))
    return _NAMES[match[1]] if match else None


def without_unit(label: str) -> str:
    """Fold a label and drop a unit of money in brackets: ``合计（万元）`` names the column ``合计``."""
    return _BRACKETED.sub("", match_key(label))


def yuan_of(value: Decimal, unit: str) -> Decimal:
    """Convert a printed value to yuan, exactly.

    Raises:
        KeyError: For a unit that is not one of `YUAN_PER_UNIT`.
    """
    return value * YUAN_PER_UNIT[unit]
