"""Money and percentages as the samples print them: exact decimals, rounded half up to the printed place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

YUAN_PER_WAN_YUAN = Decimal(10000)
"""One 万元 is ten thousand yuan."""


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The value to that many decimals, a half rounded away from zero (四舍五入)."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def compute_percent(part: Decimal, whole: Decimal, decimals: int = 2) -> Decimal:
    """Part of whole in percent, half up; the whole must not be zero."""
    return round_half_up(part * 100 / whole, decimals)


def to_wan_yuan(amount_yuan: Decimal) -> Decimal:
    """An amount in yuan as 万元 with two decimals, half up."""
    return round_half_up(amount_yuan / YUAN_PER_WAN_YUAN, 2)


def print_amount(value: Decimal) -> str:
    """The value with its own decimals and thousands separators."""
    return f"{value:,}"
