"""Folding: radicals and widths vanish, everything else stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.text import fold, fold_radicals, match_key, squeeze

RADICALS = [chr(point) for point in range(0x2E80, 0x2EF4) if unicodedata.category(chr(point)) != "Cn"]


def test_the_block_has_115_assigned_radicals() -> None:
    assert len(RADICALS) == 115


@pytest.mark.parametrize("radical", RADICALS, ids=lambda radical: f"U+{ord(radical):04X}")
def test_every_radical_becomes_an_ideograph(radical: str) -> None:
    for folded in (fold_radicals(radical), fold(radical), squeeze(radical), match_key(radical)):
        assert len(folded) == 1
        assert unicodedata.name(folded).startswith("CJK UNIFIED IDEOGRAPH")


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("⺠政", "民政"),
        ("⻓期", "长期"),
        ("⻋辆", "车辆"),
        ("⻚", "页"),
        ("⼀、⽀出", "一、支出"),
        ("⻰⼭", "龙山"),
        ("⻅习", "见习"),
    ],
)
def test_words_that_pdf_makers_print_with_radicals(printed: str, meant: str) -> None:
    assert fold_radicals(printed) == meant
    assert match_key(printed) == meant


def test_squeeze_keeps_full_width_punctuation() -> None:
    assert squeeze(" 因公出国（境） 费\n用 ") == "因公出国（境）费用"
    assert squeeze("“三公”经费") == "“三公”经费"
    assert squeeze("１２３") == "１２３"


def test_match_key_ignores_width_white_space_and_quotation_marks() -> None:
    for printed in (
        "“三公”经费（万元）",
        "三公经费(万元)",
        "＂三 公＂ 经费（万元）",
        "″三公″经费（万元）",
        "「三公」经\u3000费\u200b（万元）",
    ):
        assert match_key(printed) == "三公经费(万元)"


def test_invisible_characters_are_dropped() -> None:
    assert squeeze("支\u200b出\ufeff总\u00ad表") == "支出总表"
    assert fold("支\u2060出") == "支出"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    for folding in (fold_radicals, squeeze, fold, match_key):
        assert folding(folding(text)) == folding(text)


@given(st.text())
def test_keys_hold_no_white_space(text: str) -> None:
    assert not any(character.isspace() for character in squeeze(text) + match_key(text))
