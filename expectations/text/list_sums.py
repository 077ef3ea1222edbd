"""Do the named things that a sentence lists add up to the amount before them (具体包括、主要包括各项之和)?

A list need not be complete (主要包括), so that too little says nothing by itself; but a part is never more than the whole, and a
filing whose other lists are complete has left nothing out of this one either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.instances import Instance, Place, Query

_CLAIMS = (
    "SELECT filing_id, document_id, claim_no, whole_claim_no, subject, fiscal_year, amount_yuan, coalesce(half_place_yuan, 0), "
    "subject_key IS NULL AND code IS NULL, coalesce(subject_key = 'project_total', false), quote, value_text, page, bbox, locator "
    "FROM claims SEMI JOIN w_filings USING (filing_id) WHERE role = 'level' AND amount_yuan IS NOT NULL ORDER BY 2, 3"
)
_OF_CHART = re.compile(r"[（(][类款项][）)]")
_FEWEST = 2
"""Parts that make a list."""


@dataclass(frozen=True, slots=True)
class _Amount:
    filing_id: str
    document_id: str
    claim_no: int
    whole_no: int | None
    subject: str | None
    fiscal_year: int | None
    yuan: Decimal
    half: Decimal
    is_named: bool
    is_closing_total: bool
    quote: str
    text: str
    page: int | None
    bbox: Any
    locator: str | None


@dataclass(frozen=True, slots=True)
class _List:
    whole: _Amount
    parts: Sequence[_Amount]

    @property
    def excess(self) -> Decimal:
        """How much the parts are more than the whole, in yuan."""
        return sum((one.yuan for one in self.parts), Decimal(0)) - self.whole.yuan

    @property
    def allowance(self) -> Decimal:
        """What rounding may have made of it."""
        return sum((one.half for one in (self.whole, *self.parts)), Decimal(0))


def check_list_sums(query: Query) -> Iterator[Instance]:
    """The parts of a list are together the whole, or at least not more."""
    documents: dict[str, list[_Amount]] = defaultdict(list)
    for row in query(_CLAIMS):
        documents[row[1]].append(_Amount(*row))
    for amounts in documents.values():
        lists = list(_lists(amounts))
        complete = sum(abs(one.excess) <= one.allowance for one in lists)
        for one in lists:
            yield _judge(one, others_complete=complete > len(lists) // 2)


def _lists(amounts: Sequence[_Amount]) -> Iterator[_List]:
    of_whole: dict[int, list[_Amount]] = defaultdict(list)
    for amount in amounts:
        if amount.whole_no is not None:
            of_whole[amount.whole_no].append(amount)
    for whole in amounts:
        parts = of_whole[whole.claim_no]
        if any(part.is_closing_total for part in parts):
            continue
        parts = [part for part in parts if part.fiscal_year == whole.fiscal_year]
        named = [part for part in parts if part.is_named and not _OF_CHART.search(part.subject or "")]
        if len(named) >= _FEWEST and len(named) == len(parts):
            yield _List(whole, named)


def _judge(one: _List, *, others_complete: bool) -> Instance:
    whole, apart = one.whole, one.excess
    words = " ＋ ".join(part.text for part in one.parts)
    broken = abs(apart) > one.allowance
    unknown = broken and apart < 0 and not others_complete
    total = (whole.yuan + apart) / 10000
    return Instance(
        whole.filing_id,
        f"{whole.document_id}|{whole.claim_no}",
        f"文中“{whole.subject or ''}”",
        "not_evaluable" if unknown else "violated" if broken else "rounding" if apart else "exact",
        reason="unknown" if unknown else None,
        quote=whole.quote,
        page=whole.page,
        bbox=whole.bbox,
        locator=whole.locator,
        detail=f"所列各项 {words} = {total:.2f} 万元，总数是 {whole.text}" if broken else None,
        detail_en=f"the parts {words} add up to {total:.2f}, the whole is {whole.text}" if broken else None,
        doubt="所列各项可能不全" if broken and apart < 0 else None,
        doubt_en="the list may not be complete" if broken and apart < 0 else None,
        related=tuple(Place(part.text, part.page, part.bbox, part.locator) for part in one.parts if broken),
    )
