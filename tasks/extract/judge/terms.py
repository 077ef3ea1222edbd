"""Which printed numbers are the terms of a rule? The rules' selectors, applied in memory (勾稽关系的各项).

The same choice that `expectations.terms_sql` compiles to SQL; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expectations.rule import Alternative, Rule, Selector, load_rules
from expectations.working_tables import named_families
from tasks.extract.judge.items import FilingFacts, Item, StatementItems

Test = Callable[[Item], bool]

_KEY_OF: Mapping[str, Callable[[Item], object]] = {
    "statement": lambda i: i.statement_no,
    "row": lambda i: i.row_no,
    "side": lambda i: i.side,
    "code": lambda i: i.code,
    "item": lambda i: i.item,
    "measure": lambda i: i.measure,
    "year": lambda i: i.year,
    "unit": lambda i: i.unit,
}
_UNITS: Mapping[str, Test | None] = {
    "any": None,
    "none": lambda i: not i.is_hidden,
    "plain": lambda i: i.unit == "",
    "each": lambda i: i.unit != "",
    "repeat": lambda i: i.unit_repeat,
    "totals": lambda i: i.is_outer_total,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an alternative of a rule, ready to be looked for.

    Args:
        role: total, part or base.
        number: Its position within the role.
        selector: As declared.
        statements: Statement types in which it is looked for.
        tests: What an item must pass.
        orders: Of several names that may stand for the term, the place in line of each; empty where there is one.
        keys: What makes up the key of the identity in which an item stands.
    """

    role: str
    number: int
    selector: Selector
    statements: tuple[str, ...]
    tests: tuple[Test, ...]
    orders: tuple[tuple[str, Mapping[str, int]], ...]
    keys: tuple[Callable[[Item], object], ...]

    def chooses(self, item: Item) -> bool:
        """Whether a number is this term somewhere."""
        return all(test(item) for test in self.tests)

    def key(self, item: Item) -> tuple[object, ...]:
        """In which identity of the rule the number stands."""
        return tuple(key(item) for key in self.keys)

    def preference(self, item: Item) -> int:
        """Place in line of a number among those that may stand for the term; the first one counts."""
        order = 0
        for name, places in self.orders:
            order = order * 100 + places[getattr(item, name)]
        return order


@dataclass(frozen=True, slots=True)
class Identity:
    """One alternative of a rule, ready to be evaluated."""

    rule: Rule
    alternative: int
    terms: tuple[Term, ...]
    room: tuple[frozenset[str], ...]
    own: frozenset[str]
    telling: frozenset[str]
    statements: frozenset[str]

    def has_room(self, measures: frozenset[str]) -> bool:
        """Whether a list has the columns that the rule compares, and those that tell this alternative from the others."""
        if not all(measures & room for room in self.room):
            return False
        return not self.own or bool(measures & self.own) or not measures & self.telling


@cache
def load_identities() -> tuple[Identity, ...]:
    """All identities and percentages among the declared rules, alternatives apart."""
    return tuple(
        identity
        for rule in load_rules().values()
        if rule.kind in ("identity", "percentage")
        for identity in identities_of(rule)
    )


def identities_of(rule: Rule) -> Iterator[Identity]:
    """The alternatives of one rule."""
    for number, alternative in enumerate(rule.alternatives()):
        roles = (("total", rule.total), ("part", alternative.parts), ("base", rule.base))
        terms = tuple(
            _term(rule, role, position, selector)
            for role, selectors in roles
            for position, selector in enumerate(selectors)
        )
        own, telling = _telling(rule, alternative)
        statements = frozenset(name for term in terms for name in term.statements)
        yield Identity(rule, number, terms, _room(rule), own, telling, statements)


def _term(rule: Rule, role: str, number: int, selector: Selector) -> Term:
    keys = []
    for key, get in _KEY_OF.items():
        if key in rule.per or ("row" in rule.per and key in ("side", "code", "unit")):
            keys.append(_code_key(selector.key) if key == "code" and selector.key != "code" else get)
    orders = tuple(
        (name, {word: at for at, word in enumerate(words)})
        for name, words in (("item", selector.item), ("measure", selector.measure))
        if len(words) > 1
    )
    tests = tuple(_tests(selector, rule.per))
    return Term(role, number, selector, rule.statements_of(selector), tests, orders, tuple(keys))


def _code_key(key: str) -> Callable[[Item], object]:
    return (lambda i: i.parent_code) if key == "parent_code" else (lambda i: i.class_code)


def _tests(selector: Selector, per: Sequence[str]) -> Iterator[Test]:
    if selector.measure:
        measures = frozenset(selector.measure)
        yield lambda i: i.measure in measures
    elif "measure" in per:
        yield lambda i: i.measure is not None and i.value_unit != "percent"
    if selector.item:
        items = frozenset(selector.item)
        yield lambda i: i.item in items
    if (prefix := selector.item_prefix) is not None:
        yield lambda i: i.item is not None and i.item.startswith(prefix)
    if selector.item_blank:
        yield lambda i: i.item is None
    if (side := selector.side) is not None:
        yield lambda i: i.side == side
    if (level := selector.level) is not None:
        yield lambda i: i.level == level
    if selector.code:
        codes = frozenset(selector.code)
        yield lambda i: i.code in codes
    if selector.name is not None:
        pattern = re.compile(selector.name)
        yield lambda i: i.name is not None and pattern.search(i.name) is not None
    if (year := selector.year) is not None:
        yield lambda i: i.year_offset == year
    if selector.top:
        yield lambda i: i.is_top
    if selector.parent:
        yield lambda i: i.is_parent and not i.unit_repeat
    if selector.key == "parent_code":
        yield lambda i: i.parent_code != "" and not i.unit_repeat
    units = _UNITS[selector.units or ("any" if "row" in per else "none")]
    if units is not None:
        yield units


def _room(rule: Rule) -> tuple[frozenset[str], ...]:
    """Within a row a rule applies only where the statement has the columns of its total and of some part."""
    if "row" not in rule.per:
        return ()
    totals = frozenset(m for s in rule.total for m in s.measure)
    parts = frozenset(m for one in rule.alternatives() for s in one.parts for m in s.measure)
    return tuple(measures for measures in (totals, parts) if measures)


def _telling(rule: Rule, alternative: Alternative) -> tuple[frozenset[str], frozenset[str]]:
    """The measures by which an alternative is told from the others within a row, and those by which any is."""
    if "row" not in rule.per:
        return frozenset(), frozenset()
    parts = [frozenset(m for s in one.parts for m in s.measure) for one in rule.alternatives()]
    telling = frozenset.union(*parts) - frozenset.intersection(*parts)
    own = telling & frozenset(m for s in alternative.parts for m in s.measure)
    return (own, telling) if own != telling else (frozenset(), frozenset())


@cache
def _families() -> frozenset[str]:
    return frozenset(named_families(load_rules().values()))


def applies(rule: Rule, facts: FilingFacts, statements: Sequence[StatementItems]) -> bool:
    """Whether a filing lies in the scope of a rule and meets its conditions."""
    scope = rule.scope
    family = facts.family if facts.family in _families() else "other"
    if (
        (scope.families and family not in scope.families)
        or (scope.reports and facts.report not in scope.reports)
        or (scope.scopes and facts.scope not in scope.scopes)
    ):
        return False
    if scope.first_year is not None and (facts.fiscal_year is None or facts.fiscal_year < scope.first_year):
        return False
    for condition in rule.when:
        types = rule.statements_of(condition.where)
        tests = tuple(_tests(condition.where, ()))
        known = [statement for statement in statements if statement.statement_type in types]
        printed = any(i.value != 0 and all(test(i) for test in tests) for one in known for i in one.items)
        if printed != (condition.holds == "nonzero") or not known:
            return False
    return True
