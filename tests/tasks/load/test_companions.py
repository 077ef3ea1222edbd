"""A filing whose text and tables are two files is one filing, without double counting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb

from filings.records import FilingRecords
from tasks.data_dir import DataDir
from tasks.load import build_warehouse
from tests.tasks.made_filings import FETCHED, IDENTITY, SMALL, records, statement, store


def text_only(*missing: str) -> FilingRecords:
    """The text of a filing whose contents list statements that it does not print."""
    made = records(())
    return replace(
        made,
        identity=replace(IDENTITY, form_family=None),
        statements=tuple(statement(number, kind, state="missing") for number, kind in enumerate(missing, start=1)),
    )


def rows(data: DataDir, sql: str) -> list[tuple[object, ...]]:
    candidate = build_warehouse(data)
    with duckdb.connect(str(candidate), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_tables_are_joined_to_their_text(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    text = store("text", text_only("expenditure", "revenue"), data)
    tables = store("tables", records(SMALL), data)

    assert rows(data, "SELECT filing_id, status, joined_into FROM filings ORDER BY status") == [
        (tables.filing_id, "joined", text.filing_id),
        (text.filing_id, "loaded", None),
    ]
    assert rows(data, "SELECT DISTINCT filing_id, document_id FROM line_items") == [(text.filing_id, tables.filing_id)]
    assert rows(data, "SELECT statement_type, state FROM statements ORDER BY 1") == [
        ("expenditure", "filled"),
        ("revenue", "missing"),
    ]
    assert rows(data, "SELECT form_family, line_item_count FROM filings WHERE status = 'loaded'") == [("central", 2)]


def test_a_filing_that_prints_what_the_other_prints_is_a_version_not_a_part(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    older = store("older", records(SMALL), data)
    newer = store("newer", records(SMALL), data, FETCHED + timedelta(days=1))

    assert rows(data, "SELECT filing_id, status, superseded_by FROM filings ORDER BY fetched_at") == [
        (older.filing_id, "superseded", newer.filing_id),
        (newer.filing_id, "loaded", None),
    ]


def test_another_year_or_body_is_never_joined(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    store("text", text_only("expenditure"), data)
    store("tables", replace(records(SMALL), identity=replace(IDENTITY, fiscal_year=2025)), data)

    assert rows(data, "SELECT DISTINCT status FROM filings") == [("loaded",)]
