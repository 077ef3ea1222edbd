"""Numbers as a spreadsheet shows them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.readers.number_format import BUILT_IN, format_number, format_text

ACCOUNTING = BUILT_IN[43]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("1234.5", "General", "1234.5"),
        ("0.1000000000000000055", "General", "0.1"),
        ("7055.429999999999836", "General", "7055.43"),
        ("86730271", "General", "86730271"),
        ("1E+3", "General", "1000"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("0.5", "#,##0.00", "0.50"),
        ("0.5", "#,###.00", ".50"),
        ("999.999", "#,##0.00", "1,000.00"),
        ("-1234.5", "#,##0.00", "-1,234.50"),
        ("-0.001", "#,##0.00", "0.00"),
        ("1234", "#,##0.00_);(#,##0.00)", "1,234.00"),
        ("-1234", "#,##0.00_);(#,##0.00)", "(1,234.00)"),
        ("-1234", "#,##0.00;[Red]-#,##0.00", "-1,234.00"),
        ("0.1234", "0.00%", "12.34%"),
        ("0.125", "0%", "13%"),
        ("-0.055", "0.0%", "-5.5%"),
        ("1.005", "0.00", "1.01"),
        ("2.5", "0", "3"),
        ("1234.56", "0", "1235"),
        ("1234567", "#,##0,", "1,235"),
        ("12345678", '0.00,,"百万"', "12.35百万"),
        ("12345678", "0!.0000", "1234.5678"),
        ("12345678", "0!.0,", "1234.6"),
        ("201", "000", "201"),
        ("5", "000", "005"),
        ("1234", "00,000", "01,234"),
        ("1234567890", "000-0000-0000", "012-3456-7890"),
        ("0", ACCOUNTING, "-"),
        ("1234.5", ACCOUNTING, "1,234.50"),
        ("-1234.5", ACCOUNTING, "-1,234.50"),
        ("12", '#,##0.00"万元"', "12.00万元"),
        ("12", "[$¥-804]#,##0.00", "¥12.00"),
        ("0", "#,##0.00;-#,##0.00;", ""),
        ("0", "#,###", ""),
        ("0", "#.##", "."),
        ("3", "0.##", "3."),
        ("3.1", "0.0#", "3.1"),
        ("3.14", "0.0#", "3.14"),
        ("5", ";;;", ""),
        ("5", '[>100]"many";[<=100]"few"', "few"),
        ("123456", "0.00E+00", "1.23E+05"),
        ("0.00123", "0.0E+00", "1.2E-03"),
        ("9.996", "0.00E+00", "1.00E+01"),
        ("208", "@", "208"),
        ("45292", "yyyy-mm-dd", "2024-01-01"),
        ("45292", BUILT_IN[31], "2024年1月1日"),
        ("45292.75", "yyyy/m/d h:mm", "2024/1/1 18:00"),
        ("45292.75", "h:mm AM/PM", "6:00 PM"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("1.5", "[h]:mm", "36:00"),
    ],
)
def test_shown(value: str, code: str, shown: str) -> None:
    assert format_number(Decimal(value), code) == shown


def test_years_counted_from_1904() -> None:
    assert format_number(Decimal(43830), "yyyy-mm-dd", is_1904=True) == "2024-01-01"


def test_stored_text() -> None:
    assert format_text("1,234.00", "#,##0.00") == "1,234.00"
    assert format_text("合计", '0;0;0;"【"@"】"') == "【合计】"
    assert format_text("合计", "@") == "合计"


@given(st.decimals(-(10**12), 10**12, places=2))
def test_money_is_shown_to_the_cent(value: Decimal) -> None:
    shown = format_number(value, "#,##0.00")
    assert Decimal(shown.replace(",", "")) == value
    assert shown.lstrip("-") == f"{abs(value):,.2f}"


@given(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.text(alphabet='0#?.,%;[]<>=-_*"\\@EeyYmMdDhHsS/GgAaPp $¥年万', max_size=40),
)
def test_any_number_in_any_format_is_shown_somehow(value: Decimal, code: str) -> None:
    assert len(format_number(value, code)) < 2000
    assert isinstance(format_text("x", code), str)
