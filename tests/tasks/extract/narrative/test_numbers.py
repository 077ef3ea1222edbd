"""Amounts, percentages and counts are found exactly; years, dates and citations are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.narrative.numbers import find_mentions
from tasks.extract.narrative.paragraphs import fold_text


@given(
    cents=st.integers(0, 10**13),
    places=st.integers(0, 4),
    grouped=st.booleans(),
    unit=st.sampled_from([("万元", "wan_yuan"), ("元", "yuan"), ("亿元", "yi_yuan"), ("%", "percent")]),
    wide=st.booleans(),
)
def test_a_printed_number_is_read_exactly(
    cents: int, places: int, grouped: bool, unit: tuple[str, str], wide: bool
) -> None:
    value = Decimal(cents).scaleb(-places)
    printed = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
    text = f"安排{printed}{unit[0]}。"
    if wide:
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.%"})
    (mention,) = find_mentions(fold_text(text)[0])
    assert (mention.value, mention.places, mention.unit) == (value, places, unit[1])


@pytest.mark.parametrize(
    "text",
    [
        "2031年度部门预算",
        "截至2030年12月31日",
        "根据某财〔2030〕12号文件",
        "根据《关于安排5万元以下项目的通知》",
        "第3条和附件2",
        "用地面积约4000.6平方米，高29.8米",
        "联系电话021-55550000",
        "见表1.2",
        "完成率≥95%",
        "年度资金总额：149.00",
        "使用1.0000000001",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_mentions(fold_text(text)[0]) == []


def test_words_that_begin_like_a_unit_are_none() -> None:
    assert find_mentions("本街道有3万人，另有万里路2条") == []


def test_a_forgotten_unit_is_still_a_number() -> None:
    mentions = find_mentions("接待费25.25万元21.55，比2030年15预算数减少0.01万元，增长13.95。")
    assert [(mention.text, mention.kind) for mention in mentions] == [
        ("25.25万元", "money"),
        ("21.55", "none"),
        ("15", "none"),
        ("0.01万元", "money"),
        ("13.95", "none"),
    ]


def test_a_dash_between_words_is_no_sign() -> None:
    (mention,) = find_mentions("合计-12.50万元")
    assert mention.value == Decimal("12.50")
