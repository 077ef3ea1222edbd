"""The shape in which a Python rule says what it found at a place; what such a rule reads through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.rule import Verdict


def judge_difference(apart: Decimal, allowance: Decimal) -> Verdict:
    """The verdict on a difference: nothing, no more than rounding may have made of it, or more."""
    return "exact" if not apart else "rounding" if abs(apart) <= allowance else "violated"


Query = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a query over the batch (`w_filings` holds its filings) and returns all rows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Another place that a finding rests on: its text, page and box."""

    text: str
    page: int | None = None
    bbox: Sequence[float] | None = None
    locator: str | None = None
    line_item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """One place that a Python rule looked at.

    Args:
        filing_id: The filing.
        place: What identifies the place in the filing, stable from run to run.
        subject: The place in words.
        verdict: What was found.
        reason: Why it was not evaluable.
        quote: The printed text.
        page: Its page.
        bbox: Its box in PDF points.
        locator: Where the format has no page.
        detail: What is wrong, in words, for the finding.
        detail_en: The same in English.
        cause: The place (`place`) of the instance whose cause explains this one too.
        doubt: Why it may be right after all, where that is so.
        doubt_en: The same in English.
        related: Other places that belong to it.
        line_item_id: A number of the row, where the quoted text is its label.
    """

    filing_id: str
    place: str
    subject: str
    verdict: Verdict
    reason: str | None = None
    quote: str | None = None
    page: int | None = None
    bbox: Sequence[float] | None = None
    locator: str | None = None
    detail: str | None = None
    detail_en: str | None = None
    cause: str | None = None
    doubt: str | None = None
    doubt_en: str | None = None
    related: tuple[Place, ...] = ()
    line_item_id: str | None = None
