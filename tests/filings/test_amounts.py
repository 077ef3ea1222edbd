"""Printed numbers come back exactly, and what is not one number is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.amounts import PrintedNumber, half_place, is_blank, parse_number

FULL_WIDTH = str.maketrans("0123456789.,-()%", "０１２３４５６７８９．，－（）％")
NEGATIVES = ("-{}", "－{}", "−{}", "–{}", "({})", "（{}）", "- {}", "( {} )")


@given(
    digits=st.integers(min_value=0, max_value=10**17),
    places=st.integers(min_value=0, max_value=6),
    grouped=st.booleans(),
    full_width=st.booleans(),
    negative=st.sampled_from((None, *NEGATIVES)),
    percent=st.booleans(),
    spaces=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(" \n\u3000\u00a0\t")), max_size=4),
)
def test_a_rendered_number_is_read_back_exactly(
    digits: int,
    places: int,
    grouped: bool,
    full_width: bool,
    negative: str | None,
    percent: bool,
    spaces: list[tuple[int, str]],
) -> None:
    value = Decimal(digits).scaleb(-places)
    text = f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"
    text += "%" if percent else ""
    if negative is not None:
        text, value = negative.format(text), -value
    if full_width:
        text = text.translate(FULL_WIDTH)
    for at, space in spaces:
        text = text[:at] + space + text[at:]
    number = parse_number(text)
    assert number == PrintedNumber(value, places, percent)
    assert number is not None
    assert -number.value.as_tuple().exponent == places  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("1,234.50", "1234.50", 2),
        ("12、345.00", "12345.00", 2),
        ("1 234 567.8", "1234567.8", 1),
        ("(9.35)%", "-9.35", 2),
        ("（9.35%）", "-9.35", 2),
        ("+3.5", "3.5", 1),
        ("￥1,000.00", "1000.00", 2),
        ("¥12", "12", 0),
        ("-9.35%", "-9.35", 2),
        ("0", "0", 0),
        ("0.00", "0.00", 2),
        ("-0.01", "-0.01", 2),
        ("007", "7", 0),
    ],
)
def test_ways_of_printing(text: str, value: str, places: int) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.places) == (Decimal(value), places)


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from((" ", "\n", "")),
)
def test_two_numbers_side_by_side_are_not_one(left: Decimal, right: Decimal, between: str) -> None:
    assert parse_number(f"{left:.2f}{between}{right:.2f}") is None


@pytest.mark.parametrize(
    "text",
    [
        "1,23", "12,34,567", "1,234 5,678", "1.2.3", "1,2345.00", ",123", "12%%", "(12", "12)", "((12))", "(12))", "12万元", "一百", "12-13", "--1",
        "1e5", "20805人", "2024年", "1/2", "12:30", "≥95%", "NaN", "Infinity", "½", "²", "٣",
    ],
)  # fmt: skip
def test_what_is_not_one_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    number = parse_number(text)
    if number is not None:
        assert number.value.is_finite()
        assert not is_blank(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "-", "—", "——", "－", "–", "/", "\\", "…", "*", "- ", "\u3000", "\u200b", "．", "--", "· ·"]
)
def test_nothing_is_printed(text: str) -> None:
    assert is_blank(text)
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["0", "0.00", "无", "-1", "空", "x", "-0", "+"])
def test_something_is_printed(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(("places", "half"), [(0, "0.5"), (1, "0.05"), (2, "0.005"), (6, "0.0000005")])
def test_half_place(places: int, half: str) -> None:
    assert half_place(places) == Decimal(half)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 5))
def test_rounding_to_a_place_moves_a_value_by_at_most_half_of_it(value: Decimal, places: int) -> None:
    assert abs(round(value, places) - value) <= half_place(places)
