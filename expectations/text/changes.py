"""Do the changes of the parts add up to the change of the whole (各项增减额之和)?

A part's change is stated as an amount (比上年增加), or is nothing (与上年持平). Only wholes with the fixed parts of the forms
(三公, the three appropriations) are judged, where all parts are stated and add up: then their changes against the same base must
add up too. Codes are no such parts: the year before may have had one that is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.instances import Instance, Place, Query

_CLAIMS = (
    "SELECT filing_id, document_id, claim_no, role, subject, subject_key, fiscal_year, amount_yuan, half_place_yuan, direction, "
    "of_claim_no, whole_claim_no, base_year, base_stage, quote, value_text, page, bbox, locator FROM claims "
    "SEMI JOIN w_filings USING (filing_id) WHERE role IN ('level', 'change_amount') AND amount_yuan IS NOT NULL ORDER BY 2, 3"
)
_DETAILS = frozenset({"vehicle_purchase", "vehicle_operation"})
"""Parts of a part: 公务用车购置费 and 运行费 beside 公务用车购置及运行费."""


_BALANCED = {"fiscal_appropriation": "fiscal_spending_total", "income_total": "expenditure_total"}
"""Income and the expenditure that balances it in every year's budget."""


@dataclass(frozen=True, slots=True)
class _Claim:
    filing_id: str
    document_id: str
    claim_no: int
    role: str
    subject: str | None
    subject_key: str | None
    fiscal_year: int | None
    amount: Decimal
    half: Decimal | None
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


@dataclass(frozen=True, slots=True)
class _Change:
    """A change with its sign, what it rounds away, and where it is stated."""

    amount: Decimal
    half: Decimal
    stated: _Claim


def check_change_sums(query: Query) -> Iterator[Instance]:
    """The change of a whole is the sum of the changes of its parts."""
    documents: dict[str, list[_Claim]] = defaultdict(list)
    for row in query(_CLAIMS):
        documents[row[1]].append(_Claim(*row))
    for claims in documents.values():
        changes = _changes(claims)
        parts: dict[int, list[_Claim]] = defaultdict(list)
        for claim in claims:
            if claim.role == "level" and claim.whole_no is not None:
                parts[claim.whole_no].append(claim)
        for whole in claims:
            for base, change in changes.get(whole.claim_no, {}).items():
                of_parts = [_change_of(part, base, changes) for part in _split(whole, parts[whole.claim_no])]
                known = [one for one in of_parts if one is not None]
                if known and len(known) == len(of_parts):
                    yield _judge(whole, change, known)
                    continue
                balance = _balance(whole, claims, changes, base)
                if balance is not None:
                    yield _judge(whole, change, [balance])


def _changes(claims: Sequence[_Claim]) -> dict[int, dict[tuple[int | None, str | None], _Change]]:
    """The change of each level against each base that the text names."""
    found: dict[int, dict[tuple[int | None, str | None], _Change]] = defaultdict(dict)
    for claim in claims:
        base = (claim.base_year, claim.base_stage)
        if claim.base_year is None:
            continue
        if claim.role == "change_amount" and claim.of_no is not None and claim.direction in ("increase", "decrease"):
            amount = -claim.amount if claim.direction == "decrease" else claim.amount
            found[claim.of_no][base] = _Change(amount, claim.half or Decimal(0), claim)
        elif claim.role == "level" and claim.direction == "unchanged":
            found[claim.claim_no].setdefault(base, _Change(Decimal(0), claim.half or Decimal(0), claim))
    return found


def _change_of(
    part: _Claim,
    base: tuple[int | None, str | None],
    changes: Mapping[int, Mapping[tuple[int | None, str | None], _Change]],
) -> _Change | None:
    """The change of a part against a base; what is nothing and was nothing has not changed, whatever base is named."""
    of_part = changes.get(part.claim_no, {})
    unchanged = (one for one in of_part.values() if not one.amount and not part.amount)
    return of_part.get(base) or next(unchanged, None)


def _split(whole: _Claim, parts: Sequence[_Claim]) -> Sequence[_Claim]:
    """The parts that together are the whole; none if what is stated does not add up to it."""
    parts = [part for part in parts if part.fiscal_year == whole.fiscal_year]
    for chosen in (parts, [part for part in parts if part.subject_key not in _DETAILS]):
        halves = sum((one.half or Decimal(0) for one in (whole, *chosen)), Decimal(0))
        if (
            len(chosen) > 1
            and all(part.subject_key for part in chosen)
            and abs(sum((part.amount for part in chosen), Decimal(0)) - whole.amount) <= halves
        ):
            return chosen
    return ()


def _balance(
    whole: _Claim,
    claims: Sequence[_Claim],
    changes: Mapping[int, Mapping[tuple[int | None, str | None], _Change]],
    base: tuple[int | None, str | None],
) -> _Change | None:
    """The change of the other side of the balance (收入、支出), which is as large every year."""
    other = _BALANCED.get(whole.subject_key or "")
    for claim in claims:
        if (
            other
            and claim.subject_key == other
            and claim.fiscal_year == whole.fiscal_year
            and claim.amount == whole.amount
        ):
            change = changes.get(claim.claim_no, {}).get(base)
            if change is not None:
                return change
    return None


def _judge(whole: _Claim, change: _Change, parts: Sequence[_Change]) -> Instance:
    total = sum((part.amount for part in parts), Decimal(0))
    apart = abs(total - change.amount)
    allowance = change.half + sum((part.half for part in parts), Decimal(0))
    words = " ＋ ".join(f"（{part.amount / 10000:.2f}）" for part in parts)
    broken = apart > allowance
    return Instance(
        whole.filing_id,
        f"{whole.document_id}|{whole.claim_no}|{change.stated.claim_no}",
        whole.subject or "",
        "violated" if broken else "exact" if not apart else "rounding",
        quote=change.stated.quote,
        page=change.stated.page,
        bbox=change.stated.bbox,
        locator=change.stated.locator,
        detail=f"各项增减 {words} = {total / 10000:.2f} 万元，总数的增减是 {change.amount / 10000:.2f} 万元"
        if broken
        else None,
        detail_en=f"the changes {words} add up to {total / 10000:.2f}, that of the whole is {change.amount / 10000:.2f}"
        if broken
        else None,
        related=tuple(
            Place(part.stated.quote, part.stated.page, part.stated.bbox, part.stated.locator)
            for part in parts
            if broken
        ),
    )
