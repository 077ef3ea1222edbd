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


def insert_record_instances(rule_no: int, rule: Rule, record: Record) -> str:
    """The statement that writes the instances of a record rule into `w_instances`."""
    place, statement, statement_type = _KEYS[record.table]
    wanted = (
        f"r.statement_type IN ({quote_list(rule.scope.statements)})"
        if rule.scope.statements and record.table != "filings"
        else "true"
    )
    if record.table == "line_items":
        item, text, bbox, locator = "r.line_item_id", "r.value_text", "r.bbox", "r.locator"
    else:
        item, text = "NULL", record.quote
        bbox = "r.bbox" if record.table in ("statement_columns", "unread_cells") else "NULL"
        locator = "NULL" if record.table == "filings" else "r.locator"
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
FROM {record.table} AS r
WHERE r.filing_id IN ({filings_in_scope(rule_no)}) AND {wanted} AND ({record.where})
"""
