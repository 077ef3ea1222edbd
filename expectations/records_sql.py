"""Rules over single rows of a table: completeness, recognition, structure."""

from __future__ import annotations

from expectations.rule import Record, Rule
from expectations.terms_sql import filings_in_scope
from expectations.working_tables import quote, quote_list

_KEYS = {
    "filings": ("''", "NULL", "NULL"),
    "statements": ("r.statement_id", "r.statement_id", "r.statement_type"),
    "statement_columns": ("r.statement_id || '|' || r.column_no", "r.statement_id", "r.statement_type"),
    "unread_cells": ("concat_ws('|', r.statement_id, r.row_no, r.column_no)", "r.statement_id", "r.statement_type"),
    "line_items": ("r.line_item_id", "r.statement_id", "r.statement_type"),
}
"""For each table: the place that an instance is about, its statement and its statement's type."""


_BOXES = {"statements": "r.title_bbox", "statement_columns": "coalesce(r.header_bbox, r.bbox)"}
"""The box of what is printed, where it is not the row's only one."""

_FIRST_PRINTED = """(
    SELECT f.*, coalesce(t.text, s.title) AS first_text, coalesce(t.page, s.title_page) AS first_page,
           CASE WHEN t.text IS NULL THEN s.title_bbox ELSE t.bbox END AS bbox,
           CASE WHEN t.text IS NULL THEN s.locator ELSE t.locator END AS locator
    FROM filings AS f LEFT JOIN text_lines AS t ON t.document_id = f.filing_id AND t.line_no = 1
    LEFT JOIN statements AS s ON s.document_id = f.filing_id AND s.statement_no = 1
)"""
"""A filing that fails to say something is shown by what it prints first."""


def insert_record_instances(rule_no: int, rule: Rule, record: Record) -> str:
    """The statement that writes the instances of a record rule into `w_instances`.

    Where every row is a fault, each filled statement without one is an instance that holds.
    """
    place, statement, statement_type = _KEYS[record.table]
    wanted = (
        f"r.statement_type IN ({quote_list(rule.scope.statements)})"
        if rule.scope.statements and record.table != "filings"
        else "true"
    )
    item, text = "NULL", record.quote
    if record.table == "line_items":
        item, text = "r.line_item_id", record.quote if record.bbox else "r.value_text"
    bbox = record.bbox or _BOXES.get(record.table, "r.bbox")
    locator = record.locator or "r.locator"
    evidence = f"""CASE WHEN ({text}) IS NULL THEN [] ELSE [{{
        'line_item_id': CAST({item} AS VARCHAR), 'role': 'total', 'page': CAST(({record.page}) AS INTEGER),
        'bbox': CAST({bbox} AS DOUBLE[]), 'locator': CAST({locator} AS VARCHAR), 'text': CAST(({text}) AS VARCHAR)}}] END"""
    return f"""
INSERT INTO w_instances
SELECT {rule_no}, 0, NULL,
       {quote(rule.id)} || '-' || r.filing_id || '-' || left(md5({place}), 12), {quote(rule.id)}, r.filing_id,
       {statement}, {statement_type}, coalesce({record.subject}, ''), NULL, NULL, NULL, NULL,
       CASE WHEN ({record.holds}) IS NULL THEN 'not_evaluable' WHEN ({record.holds}) THEN 'exact' ELSE 'violated' END,
       CASE WHEN ({record.holds}) IS NULL THEN 'unknown' END,
       {record.page}, {record.quote}, {evidence}, {record.detail}, {record.detail_en}, NULL, NULL, NULL
FROM {_FIRST_PRINTED if record.table == "filings" else record.table} AS r
WHERE r.filing_id IN ({filings_in_scope(rule_no)}) AND {wanted} AND ({record.where})
{_clean_statements(rule_no, rule, record) if record.one_per_statement else ""}"""


def _clean_statements(rule_no: int, rule: Rule, record: Record) -> str:
    return f"""UNION ALL
SELECT {rule_no}, 0, NULL, {quote(rule.id)} || '-' || s.filing_id || '-' || left(md5(s.statement_id), 12), {quote(rule.id)},
       s.filing_id, s.statement_id, s.statement_type, s.label, NULL, NULL, NULL, NULL, 'exact', NULL, s.page_first, NULL, [],
       NULL, NULL, NULL, NULL, NULL
FROM w_statements AS s ANTI JOIN {record.table} AS r ON r.statement_id = s.statement_id
WHERE s.state = 'filled' AND s.filing_id IN ({filings_in_scope(rule_no)})
"""
