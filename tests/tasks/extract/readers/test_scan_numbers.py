"""What may be a number, and what is shaped like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.readers.scan_numbers import ALIKE, is_number_shaped, may_be_number, mend_commas


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_every_amount_is_shaped_like_a_number(value: Decimal) -> None:
    assert is_number_shaped(f"{value:.2f}")
    assert is_number_shaped(f"{value:,.2f}")
    assert may_be_number(f"{value:,.2f}")


@pytest.mark.parametrize("text", ["", "-", "1,23.4", "1.2.3", "12,3456", ",123", "1,234,", "--1", "1-2", "%"])
def test_what_is_shaped_otherwise(text: str) -> None:
    assert not is_number_shaped(text)


@pytest.mark.parametrize(
    ("recognised", "printed"),
    [("10.070.48", "10,070.48"), ("-1.234,567.5%", "-1,234,567.5%"), ("8.821.310", "8,821,310")],
)
def test_points_before_the_last_are_commas(recognised: str, printed: str) -> None:
    assert mend_commas(recognised) == printed


@pytest.mark.parametrize("text", ["467.544", "1,234.50", "1234.50", "0.125", "1.2.3", "12.3456", "2.345.1.2"])
def test_other_points_stay(text: str) -> None:
    assert mend_commas(text) == text


@pytest.mark.parametrize("text", ["1O5.20", "l,234", "１２３", "1，234。5", "—5.0", "30l02", "2 345"])
def test_numbers_with_letters_taken_for_signs_may_be_numbers(text: str) -> None:
    assert may_be_number(text)


@pytest.mark.parametrize("text", ["", "一", "—", "O", "二、1", "2024年", "lO", "1一一一", "A4", "(一)1"])
def test_words_are_no_numbers(text: str) -> None:
    assert not may_be_number(text)


def test_no_letter_stands_for_two_signs() -> None:
    letters = "".join(ALIKE.values())
    assert len(set(letters)) == len(letters)
    assert all(sign in alike for sign, alike in ALIKE.items())
