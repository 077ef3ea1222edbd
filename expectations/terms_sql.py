"""The terms of every identity: one row per rule, place and printed number.

A term says in which identity (`k_place`, made of the keys that its rule groups by) a line item stands, and as what.
"""

from __future__ import annotations

from collections.abc import Iterator

CREATE_TERMS = """
CREATE OR REPLACE TEMP TABLE w_terms (
    rule_no INTEGER, alternative INTEGER, filing_id VARCHAR, k_place VARCHAR,
    role VARCHAR, term_no INTEGER, sign INTEGER, required BOOLEAN, preference INTEGER, preferred BOOLEAN,
    unit_key VARCHAR, position BIGINT, line_item_id VARCHAR, statement_id VARCHAR, statement_type VARCHAR,
    label VARCHAR, place VARCHAR,
    value DECIMAL(24,6), value_unit VARCHAR, amount_yuan DECIMAL(20,2), half_place DECIMAL(24,8),
    half_place_yuan DECIMAL(24,6), value_text VARCHAR, page INTEGER, bbox DOUBLE[], locator VARCHAR
)
"""
"""Emptied with every batch."""

TABLES = ("w_terms", "w_conditions", "w_scopes", "w_rooms")
"""The working tables that are made here."""


def place_key(**keys: str) -> str:
    """SQL for what identifies the place of an identity in a filing; a key that its rule does not group by stays blank."""
    order = ("statement", "row", "side", "code", "item", "measure", "year", "unit")
    blank = {"row": "-1", "year": "-1"}
    cells = [
        f"coalesce({keys[key]}, {blank.get(key, _EMPTY)})" if key in keys else blank.get(key, _EMPTY) for key in order
    ]
    return f"concat_ws('|', {', '.join(cells)})"


_EMPTY = "''"

_PLACE_KEY = place_key(
    statement="CASE WHEN s.by_statement THEN i.statement_id END",
    row="CASE WHEN s.by_row THEN i.row_no END",
    side="CASE WHEN s.by_side THEN i.side END",
    code="CASE s.by_code WHEN 'code' THEN i.code_key WHEN 'parent_code' THEN i.parent_code WHEN 'class_code' THEN i.class_code END",
    item="CASE WHEN s.by_item THEN i.item_key END",
    measure="CASE WHEN s.by_measure THEN i.measure END",
    year="CASE WHEN s.by_year THEN i.year END",
    unit="CASE WHEN s.by_unit THEN i.unit_key END",
)

_LABEL = """CASE WHEN s.says_statement OR s.says_row OR s.says_measure THEN concat_ws(' ',
           CASE WHEN s.says_statement THEN '《' || i.statement_label || '》' END,
           CASE WHEN s.says_row THEN nullif(concat_ws(' ', i.code_key, i.name), '') END,
           CASE WHEN s.says_measure THEN i.measure_label END) ELSE i.value_text END"""
"""Words for one term."""

_PLACE = """concat_ws(' ', '《' || i.statement_label || '》', i.code_key, i.name,
           CASE WHEN i.unit_key <> '' AND i.unit_name IS DISTINCT FROM i.name THEN i.unit_name END,
           CASE WHEN i.year_offset <> 0 THEN i.year || '年' END, i.measure_label)"""
"""Where a number stands, in words."""

_FITS = """
    (s.codes = [] OR list_contains(s.codes, i.code_key))
AND (s.item_prefix IS NULL OR starts_with(i.item_key, s.item_prefix))
AND (NOT s.item_blank OR i.item_key IS NULL)
AND (s.side IS NULL OR i.side = s.side)
AND (s.level IS NULL OR i.level = s.level)
AND (s.year IS NULL OR i.year_offset = s.year)
AND (NOT s.top OR i.is_top)
AND (NOT s.parent OR (i.is_parent AND NOT i.unit_repeat))
AND (NOT s.child OR (i.parent_code <> '' AND NOT i.unit_repeat))
AND (NOT s.any_money OR (i.measure IS NOT NULL AND i.value_unit IS DISTINCT FROM 'percent'))
AND CASE s.units WHEN 'any' THEN true WHEN 'none' THEN NOT i.is_hidden WHEN 'plain' THEN i.unit_key = ''
                 WHEN 'each' THEN i.unit_key <> '' WHEN 'repeat' THEN i.unit_repeat WHEN 'totals' THEN i.is_outer_total END
AND (s.name IS NULL OR regexp_matches(i.name, s.name))
"""
"""Whether a line item of the wanted statement, measure and item is what a selector means."""


def _matches(columns: str, selectors: str, joins: str = "", where: str = "true") -> str:
    """A query over all pairs of a selector ``s`` and a line item ``i`` that it means.

    Selectors with and without a measure and an item are joined apart: each by equal keys.
    """
    return "\nUNION ALL\n".join(
        f"SELECT {columns}\nFROM w_items AS i JOIN (FROM w_selectors WHERE {selectors} AND measure IS {measure} AND item IS {item}) AS s\n"
        f"ON s.statement_type = i.statement_type{' AND s.measure = i.measure' if measure == 'NOT NULL' else ''}"
        f"{' AND s.item = i.item_key' if item == 'NOT NULL' else ''}\n{joins}WHERE {where} AND {_FITS}"
        for measure in ("NOT NULL", "NULL")
        for item in ("NOT NULL", "NULL")
    )


def filings_in_scope(rule_no: int) -> str:
    """A query for the ids of the filings of the batch to which a rule applies."""
    return f"SELECT filing_id FROM w_scopes WHERE rule_no = {rule_no}"


def insert_terms() -> Iterator[str]:
    """The statements that write the terms of all rules over line items into `w_terms`.

    Yields:
        SQL; `w_scopes` says, from then on, which rules (`rule_no`) apply to which filings of the batch.
    """
    yield f"""
CREATE OR REPLACE TEMP TABLE w_conditions AS
WITH printed AS (
    SELECT DISTINCT rule_no, term_no, filing_id FROM ({_matches("s.rule_no, s.term_no, i.filing_id, i.value", "role = 'when'")})
    WHERE value <> 0
), known AS (
    SELECT DISTINCT s.rule_no, s.term_no, t.filing_id FROM w_selectors AS s JOIN w_types AS t ON t.statement_type = s.statement_type
    WHERE s.role = 'when' AND s.holds = 'zero' AND t.filled + t.blank > 0
)
SELECT p.* FROM printed AS p JOIN w_declared_selectors AS s
  ON s.rule_no = p.rule_no AND s.term_no = p.term_no AND s.role = 'when' AND s.holds = 'nonzero'
UNION ALL
SELECT k.* FROM known AS k ANTI JOIN printed AS p ON p.rule_no = k.rule_no AND p.term_no = k.term_no AND p.filing_id = k.filing_id
"""
    yield """
CREATE OR REPLACE TEMP TABLE w_scopes AS
SELECT r.rule_no, f.filing_id
FROM w_declared_scopes AS r CROSS JOIN w_filings AS f
LEFT JOIN (SELECT rule_no, filing_id, count(*) AS met FROM w_conditions GROUP BY ALL) AS c
  ON c.rule_no = r.rule_no AND c.filing_id = f.filing_id
WHERE (r.families = [] OR list_contains(r.families, f.family)) AND (r.reports = [] OR list_contains(r.reports, f.report))
  AND (r.scopes = [] OR list_contains(r.scopes, f.scope)) AND (r.first_year IS NULL OR f.filing_year >= r.first_year)
  AND coalesce(c.met, 0) = r.conditions
"""
    yield """
CREATE OR REPLACE TEMP TABLE w_rooms AS
SELECT r.rule_no, r.alternative, m.statement_id, m.side
FROM w_declared_rooms AS r
CROSS JOIN (SELECT statement_id, side, list(measure) AS printed FROM w_measures GROUP BY ALL) AS m
WHERE (r.total = [] OR list_has_any(m.printed, r.total)) AND (r.parts = [] OR list_has_any(m.printed, r.parts))
  AND (r.own = [] OR list_has_any(m.printed, r.own) OR NOT list_has_any(m.printed, r.telling))
"""
    columns = f"""s.rule_no, s.alternative, i.filing_id, {_PLACE_KEY},
       s.role, s.term_no, s.sign, s.required, s.preference, s.preferred, i.unit_key,
       (s.role_no * 20 + s.term_no)::BIGINT * 10000000000 + i.row_no * 1000 + i.column_no,
       i.line_item_id, i.statement_id, i.statement_type, {_LABEL}, {_PLACE},
       i.value, i.value_unit, i.amount_yuan, i.half_place, i.half_place_yuan, i.value_text, i.page, i.bbox, i.locator"""
    applies = """SEMI JOIN w_scopes AS f ON f.rule_no = s.rule_no AND f.filing_id = i.filing_id
LEFT JOIN w_rooms AS q ON q.rule_no = s.rule_no AND q.alternative = s.alternative AND q.statement_id = i.statement_id AND q.side = i.side
"""
    matched = _matches(columns, "role <> 'when'", applies, "(NOT s.needs_room OR q.rule_no IS NOT NULL)")
    yield f"INSERT INTO w_terms\n{matched}"
