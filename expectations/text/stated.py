"""What amounts and changes does a narrative state (文字说明中的金额与增减额), document by document?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from expectations.instances import Place, Query

_CLAIMS = (
    "SELECT filing_id, document_id, claim_no, role, subject, subject_key, code, fiscal_year, amount_yuan, coalesce(half_place_yuan, 0), "
    "direction, of_claim_no, whole_claim_no, base_year, base_stage, quote, value_text, page, bbox, locator FROM claims "
    "SEMI JOIN w_filings USING (filing_id) WHERE role IN ('level', 'change_amount') AND amount_yuan IS NOT NULL ORDER BY 2, 3"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount or a change as stated; columns as in table ``claims``, ``yuan`` and ``half`` (of its last place) in yuan."""

    filing_id: str
    document_id: str
    claim_no: int
    role: str
    subject: str | None
    subject_key: str | None
    code: str | None
    fiscal_year: int | None
    yuan: Decimal
    half: Decimal
    direction: str | None
    of_no: int | None
    whole_no: int | None
    base_year: int | None
    base_stage: str | None
    quote: str
    text: str
    page: int | None
    bbox: Any
    locator: str | None

    @property
    def sentence(self) -> Place:
        """The sentence that states it, and where."""
        return Place(self.quote, self.page, self.bbox, self.locator)

    @property
    def number(self) -> Place:
        """The number itself, and where."""
        return Place(self.text, self.page, self.bbox, self.locator)


def read_stated(query: Query) -> Iterator[Sequence[Stated]]:
    """The amounts and changes of each document of the batch, in their order."""
    for _, rows in groupby(query(_CLAIMS), key=lambda row: row[1]):
        yield [Stated(*row) for row in rows]
