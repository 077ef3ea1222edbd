"""How many identities of a filing close, as it is read? The rules' verdicts in memory (以勾稽关系评判读法).

Pure and fast: the rules are those declared in `expectations/rules`, evaluated over the numbers of one filing, or over the few
statements that a changed reading touches. What may differ follows from what is printed, as in `expectations.verdict_sql`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.rule import Verdict
from tasks.extract.judge.items import FilingFacts, Item, StatementItems
from tasks.extract.judge.terms import Identity, Term, applies, load_identities

_RANK: dict[Verdict, int] = {"exact": 0, "rounding": 1, "violated": 2, "not_evaluable": 3}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A number as a term of one identity."""

    term: Term
    item: Item


@dataclass(frozen=True, slots=True)
class Judged:
    """One identity at one place, as it turned out.

    Args:
        rule_id: The rule.
        key: The place.
        verdict: How it turned out.
        difference: Printed total less the sum of the parts; in percent points for a percentage.
        says_something: False if all its terms are zero, so that it would hold under nearly every reading.
        terms: The numbers in it.
    """

    rule_id: str
    key: tuple[object, ...]
    verdict: Verdict
    difference: Decimal
    says_something: bool
    terms: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How many identities that say something close, and how many are broken."""

    closed: int
    broken: int

    @property
    def balance(self) -> int:
        """Closed less broken."""
        return self.closed - self.broken


def count(judged: Iterable[Judged]) -> Score:
    """Count the identities that close, exactly or within rounding, and those that are broken."""
    closed = broken = 0
    for one in judged:
        if one.verdict == "violated":
            broken += 1
        elif one.verdict != "not_evaluable" and one.says_something:
            closed += 1
    return Score(closed, broken)


def judge_filing(
    facts: FilingFacts,
    statements: Sequence[StatementItems],
    types: frozenset[str] | None = None,
    identities: Sequence[Identity] | None = None,
) -> list[Judged]:
    """Evaluate the declared identities over a filing.

    Args:
        facts: What rules ask of the filing.
        statements: Its statements.
        types: Only identities in which a statement of these types stands; those within one statement only for these.
        identities: Instead of all declared ones.
    """
    by_type: dict[str, list[StatementItems]] = defaultdict(list)
    for statement in statements:
        by_type[statement.statement_type].append(statement)
    judged: dict[tuple[str, tuple[object, ...]], tuple[tuple[int, Decimal, int], Judged]] = {}
    scope: dict[str, bool] = {}
    for identity in load_identities() if identities is None else identities:
        rule = identity.rule
        touched = identity.statements & by_type.keys()
        if types is not None:
            within = "statement" in rule.per
            if not touched & types:
                continue
            touched = touched & types if within else touched
        if not touched:
            continue
        if rule.id not in scope:
            scope[rule.id] = applies(rule, facts, statements)
        if not scope[rule.id]:
            continue
        for one in _evaluate(identity, by_type, touched):
            order = (_RANK[one.verdict], abs(one.difference), identity.alternative)
            known = judged.get((one.rule_id, one.key))
            if known is None or order < known[0]:
                judged[one.rule_id, one.key] = (order, one)
    return [one for _, one in judged.values()]


def _evaluate(
    identity: Identity, by_type: dict[str, list[StatementItems]], touched: frozenset[str]
) -> Iterator[Judged]:
    obstacle = _is_obstructed(identity, by_type)
    groups: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for term in identity.terms:
        for statement in (one for name in term.statements if name in touched for one in by_type[name]):
            sides = _sides_with_room(identity, statement)
            for item in _likely(term, statement):
                if (sides is None or item.side in sides) and term.chooses(item):
                    groups[term.key(item)].append(Placed(term, item))
    for key, placed in groups.items():
        judged = _judge(identity, key, _keep_preferred(placed), obstructed=obstacle)
        if judged is not None:
            yield judged


def _likely(term: Term, statement: StatementItems) -> Iterable[Item]:
    selector = term.selector
    if selector.item:
        return (item for word in selector.item for item in statement.by_item.get(word, ()))
    if selector.measure:
        return (item for word in selector.measure for item in statement.by_measure.get(word, ()))
    return statement.items


def _sides_with_room(identity: Identity, statement: StatementItems) -> frozenset[str] | None:
    """The lists of a statement that have the columns of a rule within a row; None where a rule asks for none."""
    if not identity.room:
        return None
    return frozenset(side for side, measures in statement.measures_by_side.items() if identity.has_room(measures))


def _is_obstructed(identity: Identity, by_type: dict[str, list[StatementItems]]) -> bool:
    """Whether a statement that the rule ties is absent, or printed more than once."""
    if "statement" in identity.rule.per:
        return False
    terms = [term for term in identity.terms if term.role != "base"]
    for name in {name for term in terms for name in term.statements}:
        printed = by_type.get(name, [])
        filled = sum(one.state == "filled" for one in printed)
        if filled == 0 and not (identity.rule.empty_is_zero and printed):
            return True
        if filled > 1 and not all(term.selector.many for term in terms if name in term.statements):
            return True
    return False


def _keep_preferred(placed: list[Placed]) -> list[Placed]:
    """Of several names that may stand for a term, the first that is printed at the place counts."""
    first: dict[tuple[str, int], int] = {}
    for one in placed:
        if one.term.orders:
            key = (one.term.role, one.term.number)
            first[key] = min(one.term.preference(one.item), first.get(key, 10_000))
    if not first:
        return placed
    return [
        one
        for one in placed
        if not one.term.orders or one.term.preference(one.item) == first[one.term.role, one.term.number]
    ]


@dataclass(slots=True)
class _Side:
    """The sum of the terms of one role, and what rounding may hide in it."""

    count: int = 0
    amount: Decimal = ZERO
    halves: Decimal = ZERO


def _judge(identity: Identity, key: tuple[object, ...], placed: list[Placed], *, obstructed: bool) -> Judged | None:
    rule = identity.rule
    known = all(one.item.amount_yuan is not None or one.item.value_unit == "percent" for one in placed)
    sides = {"total": _Side(), "part": _Side(), "base": _Side()}
    in_yuan = known and any(one.item.value_unit != "percent" for one in placed)
    for one in placed:
        item, side = one.item, sides[one.term.role]
        amount = item.amount_yuan if in_yuan else item.value
        half = item.half_place_yuan if in_yuan else item.half_place
        side.count += 1
        side.amount += (amount or ZERO) * one.term.selector.sign
        side.halves += half or ZERO
    total, parts, base = sides["total"], sides["part"], sides["base"]
    if total.count == 0 and parts.amount == 0:
        return None
    evaluable = not (
        obstructed
        or (total.count > len(rule.total) and not any(s.many for s in rule.total) and _is_one_unit(placed))
        or (total.count == 0 and (rule.blank_total == "not_evaluable" or rule.kind == "percentage"))
        or _lacks_required(identity, placed)
        or (parts.count == 0 and rule.blank_parts == "not_evaluable")
        or not (known or _is_in_print(placed))
        or (rule.kind == "percentage" and base.amount <= 0)
    )
    verdict: Verdict = "not_evaluable"
    difference = ZERO
    if evaluable and rule.kind == "percentage":
        verdict, difference = _percentage(placed, parts, base)
    elif evaluable:
        difference = total.amount - parts.amount
        halves = total.halves + parts.halves + base.halves
        verdict = "rounding" if abs(difference) <= halves else "violated"
        if difference == 0 or (rule.relation == "<=" and difference < 0):
            verdict = "exact"
    says = any(one.item.value != 0 for one in placed) and len(placed) > 1 and total.amount != 0
    return Judged(rule.id, key, verdict, difference, says, tuple(placed))


def _is_one_unit(placed: list[Placed]) -> bool:
    return len({one.item.unit for one in placed if one.term.role == "total"}) <= 1


def _is_in_print(placed: list[Placed]) -> bool:
    """Whether amounts whose unit is not known may be compared as printed: all stand in one statement."""
    return all(one.item.value_unit is None for one in placed) and len({one.item.statement_no for one in placed}) == 1


def _lacks_required(identity: Identity, placed: list[Placed]) -> bool:
    required = sum(term.selector.required for term in identity.terms if term.role == "part")
    return sum(one.term.selector.required for one in placed if one.term.role == "part") < required


def _percentage(placed: list[Placed], parts: _Side, base: _Side) -> tuple[Verdict, Decimal]:
    """Interval arithmetic, multiplied out: p·b must meet 100·a within what their places hide."""
    totals = [one for one in placed if one.term.role == "total"]
    printed = sum((one.item.value * one.term.selector.sign for one in totals), ZERO)
    half = sum((one.item.half_place for one in totals), ZERO)
    apart = abs(printed * base.amount - 100 * parts.amount)
    difference = printed - 100 * parts.amount / base.amount
    if apart <= half * base.amount:
        return "exact", difference
    widest = half * base.amount + abs(printed) * base.halves + 100 * parts.halves + half * base.halves
    return ("rounding" if apart <= widest else "violated"), difference
