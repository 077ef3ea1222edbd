"""The small parts: Chinese numerals, line breaking, rounding, the chart's names."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from samples.amounts import compute_percent, print_amount, to_wan_yuan
from samples.chart import number_chinese, spread_rows
from samples.facts import FACTS_FOLDER
from samples.font import find_font_file, measure_text, register_font
from samples.pages import wrap_text

CODES = Path(__file__).parents[2] / "filings" / "codes"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (30, "三十")]
)
def test_that_numbers_are_written_in_chinese(number: int, text: str) -> None:
    assert number_chinese(number) == text


def test_that_halves_round_up() -> None:
    assert to_wan_yuan(Decimal("12350")) == Decimal("1.24")
    assert compute_percent(Decimal("-0.125"), Decimal(100)) == Decimal("-0.13")
    assert print_amount(Decimal("1234567.50")) == "1,234,567.50"


def test_that_parents_are_the_sums_of_their_leaves() -> None:
    names = {"201": "类", "20101": "款一", "20102": "款二", "2010101": "甲", "2010102": "乙", "2010201": "丙"}
    leaves = {code: {"basic": Decimal(code[-1])} for code in ("2010101", "2010102", "2010201")}
    rows = spread_rows(leaves, names)
    assert [(row.code, row.level, int(row.get("basic"))) for row in rows] == [
        ("201", 1, 4),
        ("20101", 2, 3),
        ("2010101", 3, 1),
        ("2010102", 3, 2),
        ("20102", 2, 1),
        ("2010201", 3, 1),
    ]


@pytest.mark.skipif(find_font_file() is None, reason="the font of the samples is not installed (zhplot)")
@pytest.mark.parametrize("width", [20.0, 33.0, 60.0, 120.0])
def test_that_wrapped_text_stays_whole_and_within_its_room(width: float) -> None:
    register_font()
    text = "漓江海关（本级）2025年收支总预算9,108.46万元，其中：上年结转484.25万元。"
    lines = wrap_text(text, width, 8, hangs=False)
    assert "".join(lines) == text
    assert all(measure_text(line, 8) <= width for line in lines)
    assert not any(line[0] in "，。：）" for line in lines)


def test_that_the_chart_agrees_with_the_code_lists() -> None:
    known: dict[str, set[str]] = {}
    for name in ("function_classification.csv", "economic_classification_department.csv"):
        with (CODES / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                known.setdefault(row["code"], set()).add(row["name"])
    with (FACTS_FOLDER / "chart.csv").open(encoding="utf-8", newline="") as stream:
        chart = {row["code"]: row["name"] for row in csv.DictReader(stream)}
    assert {code: name for code, name in chart.items() if name not in known[code]} == {}
