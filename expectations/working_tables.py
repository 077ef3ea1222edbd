"""The line items of one batch of filings, enriched with what rules select and group by.

Rules run batch by batch, so that memory stays bounded however many filings there are; inside a batch everything is
set-based. The batch is cut by the number of line items, at the borders of filings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType

from expectations.rule import Rule

LINE_ITEMS_PER_BATCH = 60_000
"""Where a batch is cut: its process then holds about 1.4 gigabytes (measured)."""

SIZES = "SELECT filing_id, line_item_count FROM filings ORDER BY filing_id"
"""A query for the filings in their order, each with the number of its line items."""


def cut_batches(sizes: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Cut filings into batches that are judged together; a filing is never divided.

    Args:
        sizes: As `SIZES` gives them.

    Yields:
        The filings of a batch.
    """
    batch: list[str] = []
    held = 0
    for filing_id, line_items in sizes:
        if batch and held + line_items > LINE_ITEMS_PER_BATCH:
            yield batch
            batch, held = [], 0
        batch.append(filing_id)
        held += line_items
    if batch:
        yield batch


@cache
def load_words() -> Mapping[str, str]:
    """Chinese words of statement types (prefix ``statement:``), measures (``measure:``) and items (``item:``)."""
    words: dict[str, str] = {}
    forms = tomllib.loads(resources.files("filings").joinpath("forms/forms.toml").read_text(encoding="utf-8"))
    words |= {f"statement:{name}": str(form["zh"]) for name, form in forms.items() if "zh" in form}
    vocabulary = tomllib.loads(resources.files("filings").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    for kind in ("measure", "item"):
        words |= {f"{kind}:{name}": str(entry["zh"]) for name, entry in vocabulary[f"{kind}s"].items()}
    return MappingProxyType(words)


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


Literal = str | int | bool | tuple[str, ...] | None
"""What can stand in a VALUES clause."""


def rows_of_values(rows: Iterable[Iterable[Literal]]) -> str:
    """Rows as the body of a VALUES clause: one statement instead of one for each row."""
    return ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _literal(cell: Literal) -> str:
    match cell:
        case None:
            return "NULL"
        case str():
            return quote(cell)
        case tuple():
            return f"[{quote_list(cell)}]"
    return str(cell)


def quote_list(texts: Iterable[str]) -> str:
    """Texts as a list of SQL literals for IN (...)."""
    return ", ".join(quote(text) for text in texts)


def named_families(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The form families that any rule names; every other one is `other` to the rules."""
    return tuple(sorted({family for rule in rules for family in rule.scope.families} - {"other"}))


def working_tables(filing_ids: Sequence[str], families: tuple[str, ...]) -> Iterator[str]:
    """The statements that make the working tables of a batch.

    Args:
        filing_ids: The filings of the batch.
        families: The form families that rules name.

    Yields:
        SQL; after the last one `w_filings`, `w_statements`, `w_types`, `w_items` and `w_measures` are there.
    """
    family = f"CASE WHEN form_family IN ({quote_list(families) or 'NULL'}) THEN form_family ELSE 'other' END"
    yield f"""
CREATE OR REPLACE TEMP TABLE w_filings AS
SELECT f.filing_id, fiscal_year, fiscal_year AS filing_year, {family} AS family,
       coalesce(report_type, 'unknown') AS report, coalesce(scope, 'unknown') AS scope
FROM filings AS f WHERE f.filing_id IN (SELECT unnest([{quote_list(filing_ids)}]))
"""
    yield """
CREATE OR REPLACE TEMP TABLE w_statements AS
SELECT s.*, coalesce(s.title, w.zh, s.statement_type) AS label
FROM statements AS s SEMI JOIN w_filings AS f ON f.filing_id = s.filing_id
LEFT JOIN w_words AS w ON w.kind = 'statement' AND w.name = s.statement_type
"""
    yield """
CREATE OR REPLACE TEMP TABLE w_types AS
SELECT filing_id, statement_type, count(*) FILTER (state = 'filled') AS filled,
       count(*) FILTER (state IN ('empty', 'declared_empty')) AS blank
FROM w_statements GROUP BY ALL
"""
    yield _RAW
    yield _ITEMS
    yield """
CREATE OR REPLACE TEMP TABLE w_measures AS
SELECT DISTINCT c.statement_id, coalesce(c.side, '') AS side, c.measure FROM statement_columns AS c
SEMI JOIN w_filings AS f ON f.filing_id = c.filing_id WHERE c.measure IS NOT NULL
UNION SELECT DISTINCT statement_id, side, measure FROM w_items WHERE measure IS NOT NULL
"""


_RAW = """
CREATE OR REPLACE TEMP TABLE w_raw AS
SELECT l.line_item_id, l.filing_id, l.statement_id, l.statement_type, l.row_no, l.column_no,
       coalesce(l.side, '') AS side, coalesce(l.code, l.code_inferred) AS code_key, l.name, l.item,
       coalesce(l.row_level, CASE length(coalesce(l.code, l.code_inferred)) WHEN 3 THEN 1 WHEN 5 THEN 2 WHEN 7 THEN 3 END)
           AS level,
       coalesce(l.unit_code, l.unit_name, '') AS unit_key, l.unit_name, l.measure,
       coalesce(l.fiscal_year, f.fiscal_year) AS year, coalesce(l.fiscal_year - f.fiscal_year, 0) AS year_offset,
       coalesce(w.zh, l.column_label) AS measure_label, s.label AS statement_label, f.filing_year, f.family, f.report, f.scope,
       l.value, l.value_unit, l.amount_yuan, l.half_place, l.half_place_yuan, l.value_text, l.page, l.bbox, l.locator
FROM line_items AS l JOIN w_filings AS f ON f.filing_id = l.filing_id
JOIN w_statements AS s ON s.statement_id = l.statement_id
LEFT JOIN w_words AS w ON w.kind = 'measure' AND w.name = l.measure
"""

_ITEMS = """
CREATE OR REPLACE TEMP TABLE w_items AS
WITH plain_codes AS (
    SELECT DISTINCT statement_id, side, code_key FROM w_raw WHERE code_key IS NOT NULL AND unit_key = ''
), repeats AS (
    SELECT r.*, r.unit_key <> '' AND p.code_key IS NOT NULL AS unit_repeat,
           r.unit_key <> '' AND r.code_key IS NULL AND coalesce(r.item, 'total') = 'total'
           AND (r.item IS NOT NULL OR r.level IS NOT NULL OR r.name IS NOT DISTINCT FROM r.unit_name) AS unit_total,
           CASE WHEN r.unit_key = '' OR p.code_key IS NULL THEN r.code_key END AS tree_key
    FROM w_raw AS r
    LEFT JOIN plain_codes AS p ON p.statement_id = r.statement_id AND p.side = r.side AND p.code_key = r.code_key
), tree AS (
    SELECT DISTINCT statement_id, side, unit_key, code_key, level
    FROM repeats WHERE code_key IS NOT NULL AND NOT unit_repeat
), codes AS (
    SELECT DISTINCT statement_id, side, unit_key, code_key FROM tree
), parents AS (
    SELECT statement_id, side, unit_key, code_key, max(parent_code) AS parent_code
    FROM (
        SELECT t.*, p.code_key AS parent_code FROM codes AS t JOIN codes AS p
          ON p.statement_id = t.statement_id AND p.side = t.side AND p.unit_key = t.unit_key AND p.code_key = t.code_key[:3]
        WHERE length(t.code_key) > 3
        UNION ALL
        SELECT t.*, p.code_key AS parent_code FROM codes AS t JOIN codes AS p
          ON p.statement_id = t.statement_id AND p.side = t.side AND p.unit_key = t.unit_key AND p.code_key = t.code_key[:5]
        WHERE length(t.code_key) > 5
    )
    GROUP BY ALL
), heads AS (
    SELECT DISTINCT statement_id, side, unit_key, parent_code FROM parents
), tops AS (
    SELECT statement_id, side, min(level) AS top_level FROM tree WHERE level >= 1 GROUP BY ALL
), outer_units AS (
    SELECT u.statement_id, u.unit_key
    FROM (SELECT DISTINCT statement_id, unit_key FROM repeats WHERE unit_total) AS u
    LEFT JOIN (SELECT DISTINCT statement_id, unit_key FROM repeats WHERE unit_total) AS o
      ON o.statement_id = u.statement_id AND o.unit_key <> u.unit_key AND starts_with(u.unit_key, o.unit_key)
    WHERE o.unit_key IS NULL
), plain_totals AS (
    SELECT DISTINCT statement_id, side FROM repeats WHERE unit_key = '' AND (item = 'total' OR (level = 0 AND item IS NULL))
)
SELECT r.* EXCLUDE (item),
       coalesce(r.item, CASE WHEN r.unit_total OR (r.level = 0 AND r.code_key IS NULL) THEN 'total' END) AS item_key,
       r.code_key[:3] AS class_code, coalesce(p.parent_code, '') AS parent_code, h.parent_code IS NOT NULL AS is_parent,
       coalesce(r.code_key IS NOT NULL AND NOT r.unit_repeat AND r.level = t.top_level, false) AS is_top,
       o.unit_key IS NOT NULL AND r.unit_total AS is_outer_total,
       r.unit_repeat OR (r.unit_total AND (o.unit_key IS NULL OR g.statement_id IS NOT NULL)) AS is_hidden
FROM repeats AS r
LEFT JOIN parents AS p ON p.statement_id = r.statement_id AND p.side = r.side AND p.unit_key = r.unit_key
    AND p.code_key = r.tree_key
LEFT JOIN heads AS h ON h.statement_id = r.statement_id AND h.side = r.side AND h.unit_key = r.unit_key
    AND h.parent_code = r.tree_key
LEFT JOIN tops AS t ON t.statement_id = r.statement_id AND t.side = r.side
LEFT JOIN outer_units AS o ON o.statement_id = r.statement_id AND o.unit_key = r.unit_key
LEFT JOIN plain_totals AS g ON g.statement_id = r.statement_id AND g.side = r.side
"""
"""Codes form a tree within each statement, side and unit. A row that repeats a code for a unit (单位代码) stands
outside that tree; a unit's total row counts as the statement's total only where no total over all units is printed."""
