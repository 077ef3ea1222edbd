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

from expectations.instances import Instance, Query, judge_difference
from expectations.rule import Verdict
from expectations.text.stated import Stated, read_stated

_OF_CHART = re.compile(r"[（(][类款项][）)]")
_FEWEST = 2
"""Parts that make a list."""


@dataclass(frozen=True, slots=True)
class _List:
    whole: Stated
    parts: Sequence[Stated]

    @property
    def excess(self) -> Decimal:
        """How much the parts are more than the whole, in yuan."""
        return sum((one.yuan for one in self.parts), Decimal(0)) - self.whole.yuan

    @property
    def verdict(self) -> Verdict:
        """What is to be said of it if the list is complete."""
        return judge_difference(self.excess, sum((one.half for one in (self.whole, *self.parts)), Decimal(0)))


def check_list_sums(query: Query) -> Iterator[Instance]:
    """The parts of a list are together the whole, or at least not more."""
    for claims in read_stated(query):
        lists = list(_lists([one for one in claims if one.role == "level"]))
        complete = sum(one.verdict != "violated" for one in lists)
        for one in lists:
            yield _judge(one, others_complete=complete > len(lists) // 2)


def _lists(amounts: Sequence[Stated]) -> Iterator[_List]:
    of_whole: dict[int, list[Stated]] = defaultdict(list)
    for amount in amounts:
        if amount.whole_no is not None:
            of_whole[amount.whole_no].append(amount)
    for whole in amounts:
        parts = of_whole[whole.claim_no]
        if any(part.subject_key == "project_total" for part in parts):
            continue
        parts = [part for part in parts if part.fiscal_year == whole.fiscal_year]
        named = [part for part in parts if _is_named(part)]
        if len(named) >= _FEWEST and len(named) == len(parts):
            yield _List(whole, named)


def _is_named(part: Stated) -> bool:
    """Whether a part is a thing with a name of its own, neither a code's nor one of the forms'."""
    return part.subject_key is None and part.code is None and not _OF_CHART.search(part.subject or "")


def _judge(one: _List, *, others_complete: bool) -> Instance:
    whole, apart = one.whole, one.excess
    words = " ＋ ".join(part.text for part in one.parts)
    broken = one.verdict == "violated"
    unknown = broken and apart < 0 and not others_complete
    total = (whole.yuan + apart) / 10000
    return Instance(
        whole.filing_id,
        f"{whole.document_id}|{whole.claim_no}",
        f"文中“{whole.subject or ''}”",
        "not_evaluable" if unknown else one.verdict,
        reason="unknown" if unknown else None,
        quote=whole.quote,
        page=whole.page,
        bbox=whole.bbox,
        locator=whole.locator,
        detail=f"所列各项 {words} = {total:.2f} 万元，总数是 {whole.text}" if broken else None,
        detail_en=f"the parts {words} add up to {total:.2f}, the whole is {whole.text}" if broken else None,
        doubt="所列各项可能不全" if broken and apart < 0 else None,
        doubt_en="the list may not be complete" if broken and apart < 0 else None,
        related=tuple(part.number for part in one.parts if broken),
    )
