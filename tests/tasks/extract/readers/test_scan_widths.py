"""Brackets, commas and colons are full-width where they take the room of a character."""

from __future__ import annotations

import pytest

from tasks.extract.readers.scan_widths import FULL_WIDTH, Sign, settle_widths

CHARACTER = 1.05
"""Room of a Chinese character in parts of its ink's height."""

HALF_INK = {"(": 0.25, ")": 0.25, ",": 0.2, ":": 0.25, ";": 0.2}
FULL_INK = {"（": 0.75, "）": 0.25, "，": 0.25, "：": 0.25, "；": 0.25}


def line_of(text: str) -> tuple[tuple[Sign, ...], float]:
    """The signs as a recogniser says them of a printed text, with their places, and the line's width."""
    half_of = {full: half for half, full in FULL_WIDTH.items()}
    at, middles = 0.0, []
    for letter in text:
        if letter in FULL_INK:
            middles.append(at + FULL_INK[letter])
            at += 1.0
        elif letter.isascii():
            middles.append(at + HALF_INK.get(letter, 0.25))
            at += 0.5
        else:
            middles.append(at + 0.5)
            at += 1.0
    signs = tuple(
        Sign(half_of.get(letter, letter), 0.99, middle / at) for letter, middle in zip(text, middles, strict=True)
    )
    return signs, at * CHARACTER


@pytest.mark.parametrize(
    "text",
    [
        "维修（护）费",
        "维修(护)费",
        "档案修复中心（参公）",
        "台式计算机（20万以下）",
        "因公出国(境)费用",
        "（一）基本支出",
        "(一)基本支出",
        "其中：财政拨款",
        "预算数2万元，比上年减少1万元；",
        "占100%，其余",
        "1,234.50",
        "12:30",
    ],
)
def test_widths_are_as_printed(text: str) -> None:
    signs, width = line_of(text)
    assert "".join(sign.text for sign in settle_widths(signs, width)) == text


def test_where_no_room_tells_it_is_as_chinese_is_written() -> None:
    signs, width = line_of("(境)")
    assert "".join(sign.text for sign in settle_widths(signs, width)) == "（境）"


def test_confidence_and_place_are_kept() -> None:
    signs, width = line_of("维修（护）费")
    assert [(sign.confidence, sign.place) for sign in settle_widths(signs, width)] == [
        (sign.confidence, sign.place) for sign in signs
    ]


def test_nothing_is_nothing() -> None:
    assert settle_widths((), 0.0) == ()
