"""The numbers that Word prints before the paragraphs of a numbered list (一、 （二） 3.), which are not in their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from tasks.extract.readers.package import attribute, child, number_attribute

LEVELS = 9
"""Levels of a list (ECMA-376 part 1, 17.9.6)."""

MAX_NUMBER = 99_999
"""No list goes on longer; larger starts are nonsense."""

DIGITS = "〇一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    Args:
        start: Its first number.
        number_format: ``decimal``, ``chineseCounting``, ….
        pattern: What is printed, with ``%1`` for the number of level 1.
        gap: What stands between number and text.
    """

    start: int = 1
    number_format: str = "decimal"
    pattern: str = ""
    gap: str = " "


@dataclass(slots=True)
class Lists:
    """The numbered lists of a document, counting as its paragraphs go by.

    Args:
        levels: Levels by list (``w:num``).
        counters: The counters' owner by list: lists of one definition count on together.
        restarts: Lists that begin anew at a level when first used.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def count(self, list_id: str | None, level: int) -> str:
        """The printed number of the next paragraph of a list with its gap; empty where it has none."""
        if list_id is None or list_id not in self.levels:
            return ""
        levels = self.levels[list_id]
        counts = self._counts.setdefault(self.counters[list_id], [None] * LEVELS)
        if list_id not in self._used:
            self._used.add(list_id)
            for at, start in self.restarts.get(list_id, {}).items():
                counts[at] = start - 1
        for at in range(level + 1):
            if counts[at] is None:
                counts[at] = levels.get(at, Level()).start - (at == level)
        counts[level] = (counts[level] or 0) + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)
        own = levels.get(level, Level())

        def print_level(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return format_number(counts[at] or 0, levels.get(at, Level()).number_format) if at < LEVELS else ""

        if own.number_format == "none":
            return ""
        printed = re.sub(r"%([1-9])", print_level, own.pattern)
        # bullets are glyphs of symbol fonts in the private use area
        printed = "".join(character for character in printed if not "\ue000" <= character <= "\uf8ff")
        return printed + own.gap if printed else ""


def read_lists(root: etree._Element | None) -> Lists:
    """The lists of ``numbering.xml``."""
    lists = Lists()
    if root is None:
        return lists
    definitions: dict[str, dict[int, Level]] = {}
    for element in root.iterchildren("{*}abstractNum"):
        definitions[attribute(element, "abstractNumId") or ""] = _read_levels(element)
    for element in root.iterchildren("{*}num"):
        list_id, definition = attribute(element, "numId"), child(element, "abstractNumId")
        if list_id is None or definition is None:
            continue
        owner = attribute(definition, "val") or ""
        lists.levels[list_id] = dict(definitions.get(owner, {}))
        lists.counters[list_id] = owner
        for override in element.iterchildren("{*}lvlOverride"):
            at = number_attribute(override, "ilvl", 0, LEVELS - 1)
            lists.levels[list_id].update(_read_levels(override))
            if (start := child(override, "startOverride")) is not None:
                lists.restarts.setdefault(list_id, {})[at] = number_attribute(start, "val", 1, MAX_NUMBER)
    return lists


def _read_levels(parent: etree._Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for element in parent.iterchildren("{*}lvl"):
        pattern, form, gap = child(element, "lvlText"), child(element, "numFmt"), child(element, "suff")
        levels[number_attribute(element, "ilvl", 0, LEVELS - 1)] = Level(
            max(0, number_attribute(child(element, "start"), "val", 1, MAX_NUMBER)),
            (attribute(form, "val") or "decimal") if form is not None else "decimal",
            (attribute(pattern, "val") or "") if pattern is not None else "",
            "" if gap is not None and attribute(gap, "val") == "nothing" else " ",
        )
    return levels


def format_number(number: int, number_format: str) -> str:
    """A number as Word prints it in one of its number formats (ECMA-376 part 1, 17.18.59 ST_NumberFormat)."""
    if number_format in {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}:
        return format_chinese(number)
    if number_format in {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"}:
        return "".join(DIGITS[int(digit)] for digit in str(number))
    if number_format == "ideographTraditional":
        return STEMS[(number - 1) % 10] if number else ""
    if number_format == "ideographZodiac":
        return BRANCHES[(number - 1) % 12] if number else ""
    if number_format in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if number_format == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(0x2474 + number - 1)
    if number_format in {"lowerLetter", "upperLetter"} and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in {"lowerRoman", "upperRoman"}:
        roman = _format_roman(number)
        return roman.upper() if number_format == "upperRoman" else roman
    if number_format == "decimalZero":
        return f"{number:02d}"
    if number_format == "bullet":
        return ""
    return str(number)


def format_chinese(number: int) -> str:
    """A number in Chinese numerals: 一, 十二, 二十, 一百零五."""
    if number == 0:
        return "〇"
    printed, pending_zero = "", False
    for place, unit in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            printed += ("零" if pending_zero else "") + DIGITS[digit] + unit
            pending_zero = False
        elif printed:
            pending_zero = True
    return printed[1:] if printed.startswith("一十") else printed


def _format_roman(number: int) -> str:
    printed = ""
    for value, letters in ROMAN:
        printed += letters * (number // value)
        number %= value
    return printed
