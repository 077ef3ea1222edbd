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

from expectations.instances import Instance, Query, judge_difference
from expectations.text.stated import Stated, read_stated

_DETAILS = frozenset({"vehicle_purchase", "vehicle_operation"})
"""Parts of a part: 公务用车购置费 and 运行费 beside 公务用车购置及运行费."""


_BALANCED = {"fiscal_appropriation": "fiscal_spending_total", "income_total": "expenditure_total"}
"""Income and the expenditure that balances it in every year's budget."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change with its sign, what it rounds away, and where it is stated."""

    amount: Decimal
    half: Decimal
    stated: Stated


def check_change_sums(query: Query) -> Iterator[Instance]:
    """The change of a whole is the sum of the changes of its parts."""
    for claims in read_stated(query):
        changes = _changes(claims)
        parts: dict[int, list[Stated]] = defaultdict(list)
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


def _changes(claims: Sequence[Stated]) -> dict[int, dict[tuple[int | None, str | None], _Change]]:
    """The change of each level against each base that the text names."""
    found: dict[int, dict[tuple[int | None, str | None], _Change]] = defaultdict(dict)
    for claim in claims:
        base = (claim.base_year, claim.base_stage)
        if claim.base_year is None:
            continue
        if claim.role == "change_amount" and claim.of_no is not None and claim.direction in ("increase", "decrease"):
            amount = -claim.yuan if claim.direction == "decrease" else claim.yuan
            found[claim.of_no][base] = _Change(amount, claim.half, claim)
        elif claim.role == "level" and claim.direction == "unchanged":
            found[claim.claim_no].setdefault(base, _Change(Decimal(0), claim.half, claim))
    return found


def _change_of(
    part: Stated,
    base: tuple[int | None, str | None],
    changes: Mapping[int, Mapping[tuple[int | None, str | None], _Change]],
) -> _Change | None:
    """The change of a part against a base; what is nothing and was nothing has not changed, whatever base is named."""
    of_part = changes.get(part.claim_no, {})
    unchanged = (one for one in of_part.values() if not one.amount and not part.yuan)
    return of_part.get(base) or next(unchanged, None)


def _split(whole: Stated, parts: Sequence[Stated]) -> Sequence[Stated]:
    """The parts that together are the whole; none if what is stated does not add up to it."""
    parts = [part for part in parts if part.fiscal_year == whole.fiscal_year]
    for chosen in (parts, [part for part in parts if part.subject_key not in _DETAILS]):
        halves = sum((one.half for one in (whole, *chosen)), Decimal(0))
        if (
            len(chosen) > 1
            and all(part.subject_key for part in chosen)
            and abs(sum((part.yuan for part in chosen), Decimal(0)) - whole.yuan) <= halves
        ):
            return chosen
    return ()


def _balance(
    whole: Stated,
    claims: Sequence[Stated],
    changes: Mapping[int, Mapping[tuple[int | None, str | None], _Change]],
    base: tuple[int | None, str | None],
) -> _Change | None:
    """The change of the other side of the balance (收入、支出), which is as large every year."""
    other = _BALANCED.get(whole.subject_key or "")
    for claim in claims:
        if other and claim.subject_key == other and claim.fiscal_year == whole.fiscal_year and claim.yuan == whole.yuan:
            change = changes.get(claim.claim_no, {}).get(base)
            if change is not None:
                return change
    return None


def _judge(whole: Stated, change: _Change, parts: Sequence[_Change]) -> Instance:
    total = sum((part.amount for part in parts), Decimal(0))
    verdict = judge_difference(total - change.amount, change.half + sum((part.half for part in parts), Decimal(0)))
    words = " ＋ ".join(f"（{part.amount / 10000:.2f}）" for part in parts)
    broken = verdict == "violated"
    return Instance(
        whole.filing_id,
        f"{whole.document_id}|{whole.claim_no}|{change.stated.claim_no}",
        whole.subject or "",
        verdict,
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
        related=tuple(part.stated.sentence for part in parts if broken),
    )
