"""The terms of every identity: one row per rule, place and printed number.

A term says in which identity (`k_*`, the keys that its rule groups by) a line item stands, and as what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.rule import Alternative, Condition, Rule, Selector
from expectations.working_tables import quote, quote_list

CREATE_TERMS = """
CREATE OR REPLACE TEMP TABLE w_terms (
    rule_no INTEGER, alternative INTEGER, filing_id VARCHAR, k_statement VARCHAR, k_row INTEGER, k_side VARCHAR,
    k_code VARCHAR, k_item VARCHAR, k_measure VARCHAR, k_year INTEGER, k_unit VARCHAR,
    role VARCHAR, term_no INTEGER, sign INTEGER, required BOOLEAN, preference INTEGER, preferred BOOLEAN,
    unit_key VARCHAR, position BIGINT, line_item_id VARCHAR, statement_id VARCHAR, statement_type VARCHAR,
    label VARCHAR, place VARCHAR,
    value DECIMAL(24,6), value_unit VARCHAR, amount_yuan DECIMAL(20,2), half_place DECIMAL(24,8),
    half_place_yuan DECIMAL(24,6), value_text VARCHAR, page INTEGER, bbox DOUBLE[], locator VARCHAR
)
"""
"""Emptied with every batch."""

_KEY_COLUMNS = {
    "statement": ("k_statement", "i.statement_id", "VARCHAR"),
    "row": ("k_row", "i.row_no", "INTEGER"),
    "side": ("k_side", "i.side", "VARCHAR"),
    "code": ("k_code", "i.code_key", "VARCHAR"),
    "item": ("k_item", "i.item_key", "VARCHAR"),
    "measure": ("k_measure", "i.measure", "VARCHAR"),
    "year": ("k_year", "i.year", "INTEGER"),
    "unit": ("k_unit", "i.unit_key", "VARCHAR"),
}

KEYS = tuple(column for column, _, _ in _KEY_COLUMNS.values())
"""The key columns of a term."""

_UNITS = {
    "any": "true",
    "none": "NOT i.is_hidden",
    "plain": "i.unit_key = ''",
    "each": "i.unit_key <> ''",
    "repeat": "i.unit_repeat",
    "totals": "i.is_outer_total",
}


def _matches(selector: Selector, statements: Sequence[str], per: Sequence[str] = ()) -> str:
    units = selector.units or ("any" if "row" in per else "none")
    conditions = [f"i.statement_type IN ({quote_list(statements)})", _UNITS[units]]
    if "measure" in per and not selector.measure:
        conditions.append("i.measure IS NOT NULL AND i.value_unit IS DISTINCT FROM 'percent'")
    if selector.measure:
        conditions.append(f"i.measure IN ({quote_list(selector.measure)})")
    if selector.item:
        conditions.append(f"i.item_key IN ({quote_list(selector.item)})")
    if selector.item_prefix:
        conditions.append(f"starts_with(i.item_key, {quote(selector.item_prefix)})")
    if selector.item_blank:
        conditions.append("i.item_key IS NULL")
    if selector.side is not None:
        conditions.append(f"i.side = {quote(selector.side)}")
    if selector.level is not None:
        conditions.append(f"i.level = {selector.level}")
    if selector.code:
        conditions.append(f"i.code_key IN ({quote_list(selector.code)})")
    if selector.name is not None:
        conditions.append(f"regexp_matches(i.name, {quote(selector.name)})")
    if selector.year is not None:
        conditions.append(f"i.year_offset = {selector.year}")
    if selector.top:
        conditions.append("i.is_top")
    if selector.parent:
        conditions.append("i.is_parent AND NOT i.unit_repeat")
    if selector.key == "parent_code":
        conditions.append("i.parent_code <> '' AND NOT i.unit_repeat")
    return " AND ".join(conditions)


def _in_scope(rule: Rule) -> list[str]:
    conditions = ["true"]
    if rule.scope.families:
        conditions.append(f"family IN ({quote_list(rule.scope.families)})")
    if rule.scope.reports:
        conditions.append(f"report IN ({quote_list(rule.scope.reports)})")
    if rule.scope.scopes:
        conditions.append(f"scope IN ({quote_list(rule.scope.scopes)})")
    if rule.scope.first_year is not None:
        conditions.append(f"filing_year >= {rule.scope.first_year}")
    return conditions + [_holds(condition, rule) for condition in rule.when]


def _item_in_scope(rule: Rule) -> str:
    return " AND ".join(_in_scope(rule))


def filings_in_scope(rule: Rule) -> str:
    """A query for the ids of the filings of the batch to which a rule applies."""
    return f"SELECT filing_id FROM w_filings WHERE {' AND '.join(_in_scope(rule))}"


def _holds(condition: Condition, rule: Rule) -> str:
    statements = rule.statements_of(condition.where)
    printed = f"SELECT filing_id FROM w_items AS i WHERE i.value <> 0 AND {_matches(condition.where, statements)}"
    if condition.holds == "nonzero":
        return f"filing_id IN ({printed})"
    known = f"SELECT filing_id FROM w_types WHERE filled + blank > 0 AND statement_type IN ({quote_list(statements)})"
    return f"filing_id IN ({known}) AND filing_id NOT IN ({printed})"


def _preference(selector: Selector) -> str:
    orders = []
    for column, wanted in (("i.item_key", selector.item), ("i.measure", selector.measure)):
        if len(wanted) > 1:
            cases = " ".join(f"WHEN {quote(word)} THEN {order}" for order, word in enumerate(wanted))
            orders.append(f"CASE {column} {cases} END")
    if not orders:
        return "0"
    return orders[0] if len(orders) == 1 else f"{orders[0]} * 100 + {orders[1]}"


def _label(rule: Rule) -> str:
    """Words for one term: whatever its rule does not hold fixed."""
    pieces = []
    if "statement" not in rule.per:
        pieces.append("'《' || i.statement_label || '》'")
    if "row" not in rule.per:
        pieces.append("nullif(concat_ws(' ', i.code_key, i.name), '')")
    measures = {measure for selector in rule.selectors() for measure in selector.measure}
    if "measure" not in rule.per and (len(measures) != 1 or "row" in rule.per):
        pieces.append("i.measure_label")
    return f"concat_ws(' ', {', '.join(pieces)})" if pieces else "i.value_text"


_PLACE = """concat_ws(' ', '《' || i.statement_label || '》', i.code_key, i.name,
           CASE WHEN i.unit_key <> '' AND i.unit_name IS DISTINCT FROM i.name THEN i.unit_name END,
           CASE WHEN i.year_offset <> 0 THEN i.year || '年' END, i.measure_label)"""
"""Where a number stands, in words."""


def _keys(rule: Rule, selector: Selector) -> str:
    expressions = []
    for key, (column, source, kind) in _KEY_COLUMNS.items():
        wanted = key in rule.per or ("row" in rule.per and key in ("side", "code", "unit"))
        expression = f"i.{selector.key}" if key == "code" and selector.key != "code" else source
        expressions.append(f"{expression} AS {column}" if wanted else f"CAST(NULL AS {kind}) AS {column}")
    return ", ".join(expressions)


def _room(rule: Rule, alternative: Alternative) -> str:
    """Within a row, a rule applies only where the statement has the columns of its total and of some part.

    Of several alternatives one counts only where the statement has a column that tells it from the others, unless it
    has none of any: what is left of an alternative whose columns are not there holds by accident (合计 = 项目支出).
    """
    if "row" not in rule.per:
        return "true"
    wanted = [
        {m for s in rule.total for m in s.measure},
        {m for one in rule.alternatives() for s in one.parts for m in s.measure},
    ]
    conditions = [_has_column(measures) for measures in wanted if measures]
    parts = [{m for s in one.parts for m in s.measure} for one in rule.alternatives()]
    telling = parts[0].union(*parts) - parts[0].intersection(*parts)
    own = telling & {m for s in alternative.parts for m in s.measure}
    if own and own != telling:
        conditions.append(f"({_has_column(own)} OR NOT {_has_column(telling)})")
    return " AND ".join(conditions) or "true"


def _has_column(measures: set[str]) -> str:
    return f"(i.statement_id, i.side) IN (SELECT (statement_id, side) FROM w_measures WHERE measure IN ({quote_list(sorted(measures))}))"


def insert_terms(rule_no: int, rule: Rule) -> Iterator[str]:
    """The statements that write the terms of one rule into `w_terms`.

    Args:
        rule_no: The rule's number in `w_rules`.
        rule: An identity or a percentage.

    Yields:
        SQL, one statement for each term of the declaration.
    """
    for alternative_no, alternative in enumerate(rule.alternatives()):
        roles = [("total", rule.total), ("part", alternative.parts), ("base", rule.base)]
        for role_no, (role, selectors) in enumerate(roles):
            for term_no, selector in enumerate(selectors):
                preference = _preference(selector)
                yield f"""
INSERT INTO w_terms
SELECT {rule_no}, {alternative_no}, i.filing_id, {_keys(rule, selector)},
       {quote(role)}, {term_no}, {selector.sign}, {selector.required}, {preference}, {preference != "0"}, i.unit_key,
       {role_no * 20 + term_no}::BIGINT * 10000000000 + i.row_no * 1000 + i.column_no,
       i.line_item_id, i.statement_id, i.statement_type, {_label(rule)}, {_PLACE},
       i.value, i.value_unit, i.amount_yuan, i.half_place, i.half_place_yuan, i.value_text, i.page, i.bbox, i.locator
FROM w_items AS i
WHERE {_matches(selector, rule.statements_of(selector), rule.per)} AND {_room(rule, alternative)}
  AND {_item_in_scope(rule)}
"""
