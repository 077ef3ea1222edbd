"""The rules over line items as rows: what SQL must know of a declaration to find the terms of its identities.

`terms_sql` joins these rows with the line items in one statement; so neither its planning nor the number of times that
the items are read grows with the number of rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from expectations.rule import Rule, Selector
from expectations.working_tables import Literal, rows_of_values

_COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "w_declared_selectors": {
            "rule_no": "INTEGER", "alternative": "INTEGER", "role": "VARCHAR", "role_no": "INTEGER", "term_no": "INTEGER",
            "sign": "INTEGER", "required": "BOOLEAN", "holds": "VARCHAR",
            "statements": "VARCHAR[]", "measures": "VARCHAR[]", "items": "VARCHAR[]", "codes": "VARCHAR[]",
            "item_prefix": "VARCHAR", "item_blank": "BOOLEAN", "side": "VARCHAR", "level": "INTEGER", "name": "VARCHAR",
            "year": "INTEGER", "top": "BOOLEAN", "parent": "BOOLEAN", "child": "BOOLEAN", "units": "VARCHAR",
            "any_money": "BOOLEAN",
            "by_code": "VARCHAR", "by_statement": "BOOLEAN", "by_row": "BOOLEAN", "by_side": "BOOLEAN", "by_item": "BOOLEAN",
            "by_measure": "BOOLEAN", "by_year": "BOOLEAN", "by_unit": "BOOLEAN",
            "says_statement": "BOOLEAN", "says_row": "BOOLEAN", "says_measure": "BOOLEAN", "needs_room": "BOOLEAN",
        },
        "w_declared_rooms": {
            "rule_no": "INTEGER", "alternative": "INTEGER", "total": "VARCHAR[]", "parts": "VARCHAR[]", "own": "VARCHAR[]",
            "telling": "VARCHAR[]",
        },
        "w_declared_scopes": {
            "rule_no": "INTEGER", "families": "VARCHAR[]", "reports": "VARCHAR[]", "scopes": "VARCHAR[]",
            "first_year": "INTEGER", "conditions": "INTEGER",
        },
    }
)  # fmt: skip
"""One row for each term of a declaration and for each number that a rule is conditional on (role ``when``); for each rule
over rows, the columns that a statement must have; for each rule in SQL, the filings that it is about."""

TABLES = (*_COLUMNS, "w_selectors")
"""The working tables that `declare_selectors` makes."""

Row = tuple[Literal, ...]
"""One row of a working table."""


def declare_selectors(rules: Sequence[Rule]) -> Iterator[str]:
    """The statements that make the rules into rows, once for all batches.

    Args:
        rules: All rules; a rule's number is its place in the sequence.
    """
    over_items = [(no, rule) for no, rule in enumerate(rules) if rule.kind in ("identity", "percentage")]
    rows = {
        "w_declared_selectors": [row for no, rule in over_items for row in _selector_rows(no, rule)],
        "w_declared_rooms": [row for no, rule in over_items for row in _room_rows(no, rule)],
        "w_declared_scopes": [_scope_row(no, rule) for no, rule in enumerate(rules) if rule.kind != "python"],
    }
    for name, columns in _COLUMNS.items():
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        yield f"CREATE OR REPLACE TEMP TABLE {name} ({listed})"
        if rows[name]:
            yield f"INSERT INTO {name} VALUES {rows_of_values(rows[name])}"
    yield """
CREATE OR REPLACE TEMP TABLE w_selectors AS
SELECT *, len(items) > 1 OR len(measures) > 1 AS preferred,
       CASE WHEN len(items) > 1 AND len(measures) > 1 THEN 100 * list_position(items, item) + list_position(measures, measure)
            WHEN len(items) > 1 THEN list_position(items, item) WHEN len(measures) > 1 THEN list_position(measures, measure)
            ELSE 0 END AS preference
FROM (SELECT *, unnest(CASE WHEN measures = [] THEN [NULL] ELSE measures END) AS measure
      FROM (SELECT *, unnest(CASE WHEN items = [] THEN [NULL] ELSE items END) AS item
            FROM (SELECT *, unnest(statements) AS statement_type FROM w_declared_selectors)))
"""


def _selector_rows(rule_no: int, rule: Rule) -> Iterator[Row]:
    for alternative_no, alternative in enumerate(rule.alternatives()):
        roles = (("total", rule.total), ("part", alternative.parts), ("base", rule.base))
        for role_no, (role, selectors) in enumerate(roles):
            for term_no, selector in enumerate(selectors):
                units = selector.units or ("any" if "row" in rule.per else "none")
                yield (
                    rule_no, alternative_no, role, role_no, term_no, selector.sign, selector.required, None,
                    *_wanted(rule, selector, units), "measure" in rule.per and not selector.measure,
                    *_grouping(rule, selector),
                )  # fmt: skip
    for condition_no, condition in enumerate(rule.when):
        yield (
            rule_no, 0, "when", 0, condition_no, 1, False, condition.holds,
            *_wanted(rule, condition.where, condition.where.units or "none"), False, None, *(False,) * 11,
        )  # fmt: skip


def _wanted(rule: Rule, selector: Selector, units: str) -> Row:
    return (
        _once(rule.statements_of(selector)), _once(selector.measure), _once(selector.item), selector.code,
        selector.item_prefix, selector.item_blank, selector.side, selector.level, selector.name, selector.year, selector.top,
        selector.parent, selector.key == "parent_code", units,
    )  # fmt: skip


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _grouping(rule: Rule, selector: Selector) -> Row:
    """By what terms are brought together; which words a term needs: whatever its rule does not hold fixed."""
    by_row = "row" in rule.per
    measures = {measure for one in rule.selectors() for measure in one.measure}
    return (
        selector.key if by_row or "code" in rule.per else None,
        "statement" in rule.per, by_row, by_row or "side" in rule.per, "item" in rule.per, "measure" in rule.per,
        "year" in rule.per, by_row or "unit" in rule.per,
        "statement" not in rule.per, not by_row, "measure" not in rule.per and (len(measures) != 1 or by_row),
        by_row,
    )  # fmt: skip


def _room_rows(rule_no: int, rule: Rule) -> Iterator[Row]:
    """Within a row, a rule applies only where the statement has the columns of its total and of some part.

    Of several alternatives one counts only where the statement has a column that tells it from the others, unless it
    has none of any: what is left of an alternative whose columns are not there holds by accident (合计 = 项目支出).
    """
    if "row" not in rule.per:
        return
    of_each = [_measures(one.parts) for one in rule.alternatives()]
    telling = set().union(*of_each) - of_each[0].intersection(*of_each)
    for alternative_no, own in enumerate(telling & measures for measures in of_each):
        tells = own != telling and bool(own)
        yield (
            rule_no, alternative_no, _sorted(_measures(rule.total)), _sorted(set().union(*of_each)),
            _sorted(own if tells else ()), _sorted(telling if tells else ()),
        )  # fmt: skip


def _measures(selectors: Sequence[Selector]) -> set[str]:
    return {measure for selector in selectors for measure in selector.measure}


def _sorted(words: set[str] | tuple[()]) -> tuple[str, ...]:
    return tuple(sorted(words))


def _scope_row(rule_no: int, rule: Rule) -> Row:
    scope = rule.scope
    return rule_no, scope.families, scope.reports, scope.scopes, scope.first_year, len(rule.when)
