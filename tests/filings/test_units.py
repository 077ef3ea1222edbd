"""Units of money as printed over tables, in cells and in header brackets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.units import YUAN_PER_UNIT, find_bracketed_unit, find_unit, yuan_of


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "wan_yuan"),
        ("单位:元", "yuan"),
        ("金额单位：万元", "wan_yuan"),
        ("单位： 人民币万元", "wan_yuan"),
        ("（单位：万元）", "wan_yuan"),
        ("单　位：亿元", "yi_yuan"),
        ("单位：千元", "qian_yuan"),
        ("单位：百万元", "million_yuan"),
        ("编制部门：某某局 单位：元", "yuan"),
        ("部门公开表1 单位：万元", "wan_yuan"),
        ("单位：万", "wan_yuan"),
        ("单位：万元 页码", None),
        ("单位：某某局", None),
        ("单位：元宝山区财政局", None),
        ("预算单位", None),
        ("万元", None),
        ("", None),
    ],
)
def test_stated_unit(text: str, unit: str | None) -> None:
    assert find_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("预算数（万元）", "wan_yuan"),
        ("金额(元)", "yuan"),
        ("资金总额（单位：万元）", "wan_yuan"),
        ("增减（%）", None),
        ("因公出国（境）费", None),
        ("万元", None),
    ],
)
def test_unit_in_brackets(text: str, unit: str | None) -> None:
    assert find_bracketed_unit(text) == unit


@pytest.mark.parametrize("unit", YUAN_PER_UNIT)
def test_every_unit_is_read_from_its_name(unit: str) -> None:
    names = {"yuan": "元", "qian_yuan": "千元", "wan_yuan": "万元", "million_yuan": "百万元", "yi_yuan": "亿元"}
    assert find_unit(f"单位：{names[unit]}") == unit
    assert find_bracketed_unit(f"预算数（{names[unit]}）") == unit


def test_conversion_to_yuan() -> None:
    assert yuan_of(Decimal("12.34"), "wan_yuan") == Decimal("123400")
    assert yuan_of(Decimal("0.01"), "yi_yuan") == Decimal("1000000")
    with pytest.raises(KeyError):
        yuan_of(Decimal(1), "percent")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6), st.sampled_from(sorted(YUAN_PER_UNIT)))
def test_conversion_is_exact(value: Decimal, unit: str) -> None:
    assert yuan_of(value, unit) / YUAN_PER_UNIT[unit] == value
