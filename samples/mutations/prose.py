"""Everything that can be wrong in the running text of a filing, its headings, cover and contents page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from samples.chart import CHINESE_DIGITS, number_chinese
from samples.layout import Block, Contents, Filing, Heading, Paragraph
from samples.mutations.mutation import Mutation
from samples.mutations.numbers import change_digit, shift_decimals, swap_digits

AMOUNT = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?=(?:万|亿|千)?元)")
PERCENT = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?=%)")
COUNT = re.compile(r"(?<![\d.,])\d+(?=[个辆台家人套项批间])")
YEAR = re.compile(r"20\d\d(?=年)")
ITEM = re.compile(r"^(第)?([（(]?)([一二三四五六七八九十]{1,3}|\d{1,2})([）)]|、|\.|部分)")

TURNS = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}
"""Words of direction and their opposites."""

EVEN = re.compile(r"(?:增加|减少)[\d,.]+万元(?:，(?:增长|下降)[\d.]+%)?")
"""A change as it is stated."""

_Change = tuple[str, int, int, str]
"""Kind, where the change begins and ends in the text, and what stands there instead."""


def mutate_prose(filing: Filing, issuer: str, names: Mapping[str, str]) -> Iterator[Mutation]:
    """All mutations of the filing's running text, in reading order.

    Args:
        filing: The faultless filing.
        issuer: The body's name.
        names: Name of a code → the name of a neighbour.
    """
    for block_no, block in enumerate(filing.blocks):
        if isinstance(block, Contents):
            for place, (_, entry) in enumerate(block.entries):
                kept = (*block.entries[:place], *block.entries[place + 1 :])
                changed: Block = replace(block, entries=kept)
                yield Mutation(filing.name, "contents", block_no, changed, entry, "", "目录", "text")
        elif isinstance(block, Paragraph | Heading):
            for kind, start, end, after in _mutate_text(block.text, issuer, names):
                before = block.text[start:end]
                if after != before:
                    changed = replace(block, text=block.text[:start] + after + block.text[end:])
                    where = block.text[max(0, start - 12) : end + 8]
                    yield Mutation(filing.name, kind, block_no, changed, before, after, where, "text")


def _mutate_text(text: str, issuer: str, names: Mapping[str, str]) -> Iterator[_Change]:
    yield from _mutate_amounts(text)
    yield from _change_words(text, issuer, names)
    yield from _change_marks(text)
    item = ITEM.match(text)
    if item:
        yield "numbering", item.start(3), item.end(3), _next_number(item[3])


def _mutate_amounts(text: str) -> Iterator[_Change]:
    ways: Sequence[tuple[str, Callable[[str, Random], str | None]]] = (
        ("prose_digit_swap", swap_digits),
        ("prose_digit_change", change_digit),
        ("prose_decimal_shift", shift_decimals),
    )
    before: str | None = None
    for match in AMOUNT.finditer(text):
        for kind, way in ways:
            changed = way(match[0], Random(f"{text}/{match.start()}/{kind}"))
            if changed is not None:
                yield kind, match.start(), match.end(), changed
        if before is not None and before != match[0]:
            yield "prose_neighbour", match.start(), match.end(), before
        before = match[0]
        unit = text[match.end() :]
        if not match[0].strip("0.,"):
            continue  # nothing is nothing in every unit
        if unit.startswith("万元"):
            yield "prose_unit", match.end(), match.end() + 2, "元"
        elif unit.startswith("元"):
            yield "prose_unit", match.end(), match.end() + 1, "万元"
    for pattern, kind in ((PERCENT, "prose_percent"), (COUNT, "prose_count")):
        for match in pattern.finditer(text):
            changed = change_digit(match[0], Random(f"{text}/{match.start()}/{kind}"))
            if changed is not None:
                yield kind, match.start(), match.end(), changed


def _change_words(text: str, issuer: str, names: Mapping[str, str]) -> Iterator[_Change]:
    for match in YEAR.finditer(text):
        step = Random(f"{text}/{match.start()}").choice((-1, 1))
        yield "prose_year", match.start(), match.end(), str(int(match[0]) + step)
    for match in re.finditer("增加|减少|增长|下降", text):
        if re.match(r"[\d,.]+(?:万元|%)", text[match.end() :]):
            yield "prose_direction", match.start(), match.end(), TURNS[match[0]]
            if match[0] in ("增加", "减少"):
                yield "residue", match.start(), match.end(), "增加（减少）"
    for match in EVEN.finditer(text):
        if text[: match.start()].endswith(("执行数", "预算", "上年")) and "比" in text[: match.start()][-12:]:
            start = text.rindex("比", 0, match.start())
            yield "prose_even", start, match.end(), "与" + text[start + 1 : match.start()] + "持平"
    for match in re.finditer(r"(?P<name>[^，。；、（）“”：\d.]{2,30})（[类款项]）", text):
        if match["name"] in names:
            yield "prose_name", match.start("name"), match.end("name"), names[match["name"]]
    place = text.find(issuer)
    if place >= 0 and len(issuer) > 3:
        at = Random(text).randrange(1, len(issuer) - 1)
        yield "body_name", place, place + len(issuer), issuer[:at] + issuer[at + 1 :]


def _change_marks(text: str) -> Iterator[_Change]:
    chance = Random(f"{text}/marks")
    commas = [match.start() for match in re.finditer("，", text)]
    if commas:
        at = chance.choice(commas)
        yield "punctuation", at, at + 1, "，，"
    brackets = [match.start() for match in re.finditer("）", text) if match.start() > 4]
    if brackets:
        at = chance.choice(brackets)
        yield "bracket", at, at + 1, ""
    reason = re.search(r"主要(?:原因)?是(?:：)?([^。]{3,})(?=。)", text)
    if reason:
        yield "broken_off", reason.start(1), reason.end(1), ""


def _next_number(printed: str) -> str:
    if printed.isdigit():
        return str(int(printed) + 1)
    tens, ten, ones = printed.rpartition("十")
    number = (10 * (CHINESE_DIGITS.find(tens) + 1 if tens else 1) if ten else 0) + (
        CHINESE_DIGITS.index(ones) + 1 if ones else 0
    )
    return number_chinese(number + 1)
