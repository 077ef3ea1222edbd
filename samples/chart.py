"""Sums leaves up the classification: 类 = Σ款 = Σ项, depth first, with the names of the sample's own chart."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

ZERO = Decimal(0)

Amounts = Mapping[str, Decimal]

CHINESE_DIGITS = "一二三四五六七八九"


def number_chinese(ordinal: int) -> str:
    """The ordinal in Chinese numerals (1 → 一, 12 → 十二, 25 → 二十五), for 1 to 99."""
    tens, ones = divmod(ordinal, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else CHINESE_DIGITS[tens - 1] + "十")
    return head + (CHINESE_DIGITS[ones - 1] if ones else "")


@cache
def read_chart(path: Path) -> Mapping[str, str]:
    """The chart (code → name) that the samples use, function and economic classification together."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream)}


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One row of a classified table: its code, name, level (1 类, 2 款, 3 项) and its amounts."""

    code: str
    name: str
    level: int
    amounts: Amounts

    def get(self, measure: str) -> Decimal:
        """The amount of that measure; zero where no leaf below has it."""
        return self.amounts.get(measure, ZERO)


def sum_amounts(leaves: Iterable[Amounts]) -> dict[str, Decimal]:
    """The sum of each measure over the leaves."""
    sums: dict[str, Decimal] = {}
    for leaf in leaves:
        for measure, amount in leaf.items():
            sums[measure] = sums.get(measure, ZERO) + amount
    return sums


def spread_rows(leaves: Mapping[str, Amounts], names: Mapping[str, str]) -> list[ChartRow]:
    """All rows from 类 down to the leaves, depth first in the order of the codes.

    Args:
        leaves: Code of the lowest level → amounts; 7 digits for functions, 5 for economic classes.
        names: Code → name, for every level.
    """
    rows: dict[str, ChartRow] = {}
    for code in sorted(leaves):
        for width in range(3, len(code) + 1, 2):
            head = code[:width]
            below = [amounts for leaf, amounts in leaves.items() if leaf.startswith(head)]
            rows.setdefault(head, ChartRow(head, names[head], (width - 1) // 2, sum_amounts(below)))
    return [rows[code] for code in sorted(rows)]
