"""Sentence parts that every form's narrative shares: amounts, changes, shares, lists, as filings word them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from samples.amounts import compute_percent, print_amount
from samples.chart import number_chinese
from samples.layout import Block, Contents, Cover, Heading, PageBreak, Paragraph


def say_change(amount: Decimal, base: Decimal, base_name: str, unit: str = "万元") -> str:
    """How an amount compares with its base, in money and percent (比…增加…，增长…%)."""
    if amount == base:
        return f"与{base_name}持平"
    word, growth = ("增加", "增长") if amount > base else ("减少", "下降")
    difference = f"比{base_name}{word}{print_amount(abs(amount - base))}{unit}"
    return f"{difference}，{growth}{compute_percent(abs(amount - base), base)}%" if base else difference


def say_money(amount: Decimal, unit: str = "万元") -> str:
    """An amount with its unit."""
    return f"{print_amount(amount)}{unit}"


def say_shares(parts: Iterable[tuple[str, Decimal]], whole: Decimal, unit: str = "万元") -> str:
    """Each part with its share of the whole, the parts of zero left out."""
    return "；".join(
        f"{name}{print_amount(amount)}{unit}，占{compute_percent(amount, whole)}%" for name, amount in parts if amount
    )


def write_cover(lines: Iterable[str], under: Iterable[str] = ()) -> list[Block]:
    """The cover page, followed by a new page."""
    return [Cover(tuple(lines), tuple(under)), PageBreak()]


def write_contents(entries: Iterable[tuple[int, str]]) -> list[Block]:
    """The contents page, followed by a new page."""
    return [Contents(tuple(entries)), PageBreak()]


def write_section(heading: str, paragraphs: Iterable[str], level: int = 2) -> list[Block]:
    """A heading and its paragraphs."""
    return [Heading(heading, level), *(Paragraph(text) for text in paragraphs)]


def number_paragraphs(texts: Iterable[str]) -> list[str]:
    """The texts as （一）…, （二）…."""
    return [f"（{number_chinese(number)}）{text}" for number, text in enumerate(texts, start=1)]
