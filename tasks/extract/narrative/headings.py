"""How deep does a numbered line stand, and is it a heading (章节标题层级)?"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERING = re.compile(
    r"(第[一二三四五六七八九十]{1,3}(?:部分|章))"
    r"|([一二三四五六七八九十]{1,3}[、.])"
    r"|(\([一二三四五六七八九十]{1,3}\))"
    r"|(\d{1,2}[、.](?!\d))"
    r"|(\(\d{1,2}\))"
)
UNNUMBERED = _NUMBERING.groups
"""Depth of a paragraph without a number."""

HEADING_MAX = 60
"""Longest heading, in characters: 第三部分 with a body's full name and the name of the report has 40."""

_PLAIN_TITLE = re.compile(r"^(?:(?:19|20)\d{2}年度?)?[^，。;:、\d]{2,30}(?:说明|名词解释|概况)$")

_MONEY = re.compile(r"\d[\d,.]*[万亿元]|\d\.\d|%")


@dataclass(frozen=True, slots=True)
class Numbering:
    """A paragraph's number: its depth (0 第一部分, 1 一、, 2 （一）, 3 1., 4 (1)), its text and where the words begin."""

    depth: int
    text: str


def read_numbering(folded: str) -> Numbering:
    """Read the number a folded paragraph begins with."""
    match = _NUMBERING.match(folded)
    return Numbering((match.lastindex or 0) - 1, match[0]) if match else Numbering(UNNUMBERED, "")


def is_heading_text(folded: str) -> bool:
    """Whether a folded, numbered paragraph is a heading: short, one phrase, without an amount."""
    if len(folded) > HEADING_MAX or _MONEY.search(folded):
        return False
    return not re.search(r"[，;。:](?!$)", folded)


def is_plain_title(folded: str) -> bool:
    """Whether an unnumbered paragraph reads like the title of a chapter: 2031年部门预算编制说明."""
    return _PLAIN_TITLE.match(folded) is not None
