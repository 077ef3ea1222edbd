"""Do numbered paragraphs count up by one (编号连续)?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from expectations.instances import Instance, Query
from expectations.text.paragraphs import Paragraph, read_texts

_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_CHINESE = "[一二三四五六七八九十]{1,3}"
_SERIES = (
    ("第…部分", re.compile(f"^第({_CHINESE})(?:部分|章)")),
    ("一、", re.compile(f"^({_CHINESE})、")),
    ("（一）", re.compile(f"^[（(]({_CHINESE})[）)]")),
    ("1.", re.compile(r"^(\d{1,2})[、.．](?!\d)")),
    ("（1）", re.compile(r"^[（(](\d{1,2})[）)]")),
)
"""The levels of numbers in official documents, outermost first (GB/T 9704—2012 7.3.3)."""

_IDEOGRAPH = re.compile("[一-龥]")


def parse_chinese_ordinal(text: str) -> int | None:
    """The number that a Chinese ordinal below 100 says (十二 -> 12), or None if it says none."""
    tens, ten, ones = text.rpartition("十")
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    if not ten:
        return _DIGITS.get(ones)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


@dataclass(frozen=True, slots=True)
class Number:
    """The number a paragraph begins with: its level, its value and its text."""

    level: int
    value: int
    text: str


def read_number(text: str) -> Number | None:
    """The number a paragraph begins with."""
    for level, (_, pattern) in enumerate(_SERIES):
        if match := pattern.match(text):
            value = int(match[1]) if match[1].isdecimal() else parse_chinese_ordinal(match[1])
            words = len(_IDEOGRAPH.findall(text[match.end() :]))
            return None if value is None or (words < 2 and level) else Number(level, value, match[0])
    return None


def _judged(paragraphs: tuple[Paragraph, ...]) -> Iterator[tuple[Paragraph, Number, Number, bool]]:
    """Each numbered paragraph with the one before it in its list and whether it follows that.

    The first of a list, and every 1, is not judged. A list that another one of its level interrupts may go on after it.
    """
    lists: dict[int, list[Number]] = {}
    around: dict[int, list[Number]] = {}
    unjudged: dict[int, Paragraph] = {}
    section: str | None = None
    for paragraph in paragraphs:
        outermost = paragraph.headings[0] if paragraph.headings else None
        number = read_number(paragraph.text)
        if number is None:
            if paragraph.is_heading and outermost != section:
                lists = {level: known for level, known in lists.items() if level == 0}
            section = outermost
            continue
        section = outermost
        for deeper in [level for level in lists if level > number.level]:
            closed = lists.pop(deeper)
            if number.level == 0 and number.value == 1:
                around[deeper] = closed  # 一、 around 第一部分: the list goes on after the last part
        known = lists.setdefault(number.level, [])
        follows = [one.value == number.value - 1 for one in known]
        if not any(follows) and any(one.value == number.value - 1 for one in around.get(number.level, ())):
            known[:] = around.pop(number.level)
        if number.value == 1 or not known:
            unjudged[id(number)] = paragraph
            known.append(number)
            continue
        before = known[-1]
        interrupted = next((at for at in range(len(known) - 1, -1, -1) if known[at].value == number.value - 1), None)
        if interrupted is None:
            known[-1] = number
        else:
            del known[interrupted + 1 :]
            known[interrupted] = number
        if number.value == before.value == 2 and id(before) in unjudged:
            yield unjudged[id(before)], before, number, False  # the list begins with 2 twice: the first should be 1
            continue
        yield paragraph, number, before, interrupted is not None


def check_item_numbers(query: Query) -> Iterator[Instance]:
    """Numbered paragraphs of one list count up by one, on each level of numbers.

    A number of an outer level, and every return to 1, starts the lists of the inner levels anew.
    """
    for filing in read_texts(query):
        for paragraph, number, before, holds in _judged(filing.body):
            says = "重复" if number.value == before.value else "不连续"
            yield filing.at(
                paragraph,
                0,
                len(number.text),
                "exact" if holds else "violated",
                None if holds else f"编号{says}：上一项是“{before.text}”，这一项是“{number.text}”",
                detail_en=None if holds else f"“{before.text}” is followed by “{number.text}”",
            )


def check_number_widths(query: Query) -> Iterator[Instance]:
    """The brackets of one level of numbers have one width throughout a filing."""
    for filing in read_texts(query):
        for level in (2, 4):
            found = [
                (paragraph, number)
                for paragraph in filing.body
                if (number := read_number(paragraph.text)) is not None and number.level == level
            ]
            wide = sum(number.text[0] == "（" for _, number in found)
            if len(found) < 2:
                continue
            mixed = 0 < wide < len(found)
            usual = "（" if wide * 2 >= len(found) else "("
            paragraph, number = next(((one, number) for one, number in found if number.text[0] != usual), found[0])
            yield filing.at(
                paragraph,
                0,
                len(number.text),
                "violated" if mixed else "exact",
                f"全文 {len(found)} 处同级编号中，{min(wide, len(found) - wide)} 处的括号与其余全半角不同"
                if mixed
                else None,
                detail_en=f"{min(wide, len(found) - wide)} of {len(found)} numbers have brackets of another width"
                if mixed
                else None,
            )
