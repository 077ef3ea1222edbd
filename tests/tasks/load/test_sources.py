"""What sources showed and what re-issued filings changed, as rows of the warehouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from filings.errors import UnusableInput
from filings.records import RawFile
from tasks.data_dir import DataDir
from tasks.fetch.ledger import FetchRecord, Registered, Sighting, use_ledger
from tasks.load import build_warehouse, is_current
from tasks.load.fingerprint import inputs_fingerprint
from tasks.publish import publish_warehouse
from tasks.quarantine import put_in_quarantine
from tests.tasks.made_filings import FETCHED, IDENTITY, YEAR, Cell, records, store


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def rows(data: DataDir, sql: str) -> list[tuple[Any, ...]]:
    publish_warehouse(build_warehouse(data), data.root / "no-docs", data)
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def cells(*amounts: tuple[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell("total", value, code=code, level=1, name=f"class {code}") for code, value in amounts)


def test_the_changes_of_a_reissued_filing_are_listed(data: DataDir) -> None:
    old = store("old", records((("expenditure", cells(("201", "10.00"), ("205", "3.00"), ("208", "1.00"))),)), data)
    new = store(
        "new",
        records((("expenditure", cells(("201", "12.50"), ("208", "1.00"), ("210", "7.00"))),)),
        data,
        FETCHED + timedelta(days=1),
    )
    found = rows(
        data,
        "SELECT filing_id, previous_filing_id, change, code, value_text_before, value_text_after, difference_yuan "
        "FROM version_changes ORDER BY change_no",
    )
    assert found == [
        (new.filing_id, old.filing_id, "changed", "201", "10.00", "12.50", Decimal("25000.00")),
        (new.filing_id, old.filing_id, "removed", "205", "3.00", None, Decimal("-30000.00")),
        (new.filing_id, old.filing_id, "added", "210", None, "7.00", Decimal("70000.00")),
    ]


def test_equal_rows_are_matched_in_their_order(data: DataDir) -> None:
    store("old", records((("expenditure", cells(("201", "1.00"), ("201", "2.00"))),)), data)
    store(
        "new", records((("expenditure", cells(("201", "1.00"), ("201", "5.00"))),)), data, FETCHED + timedelta(days=1)
    )
    assert rows(data, "SELECT value_text_before, value_text_after FROM version_changes") == [("2.00", "5.00")]


def test_a_document_reissued_under_its_address_is_a_version_even_if_it_does_not_tell_who_issued_it(
    data: DataDir,
) -> None:
    nobody = replace(IDENTITY, issuer=None)
    made = records((("expenditure", cells(("201", "1.00"))),))
    old = store("old", replace(made, identity=nobody), data)
    new = store("new", made, data, FETCHED + timedelta(days=1))
    assert rows(data, "SELECT filing_id FROM filings WHERE status = 'superseded'") == []
    same_place(old, new, data)
    assert rows(data, "SELECT filing_id, superseded_by FROM filings WHERE status = 'superseded'") == [
        (old.filing_id, new.filing_id)
    ]


def same_place(old: RawFile, new: RawFile, data: DataDir) -> None:
    import polars as pl

    for raw in (old, new):
        path = data.parquet_path("filings", raw.filing_id)
        pl.read_parquet(path).with_columns(source_uri=pl.lit("https://example.org/latest.pdf")).write_parquet(path)


def test_coverage_by_source_and_year(data: DataDir) -> None:
    loaded = store("a", records((("expenditure", cells(("201", "1.00"))),)), data)
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    with use_ledger("city", data) as ledger:
        ledger.put(Registered("city", "某市财政局", "320500", "city", f'{{"{YEAR}": [3, null], "{YEAR - 1}": [2, 5]}}'))
        fetched = FetchRecord("https://e.org/1.pdf", "1.pdf", loaded.sha256, loaded.path, 3, seen, checked_at=seen)
        ledger.put(fetched)
        for number, title in enumerate((f"{YEAR}年部门预算", f"{YEAR}年单位预算", "无年份"), start=1):
            ledger.put(Sighting(f"https://e.org/{number}.pdf", title, None, None, YEAR if number < 3 else None, seen))
        ledger.put(replace(ledger.every(Sighting)[2], unlisted_at=seen))
    put_in_quarantine("https://e.org/2.pdf", UnusableInput("not_found", "gone"), data, seen=seen)
    found = rows(
        data,
        "SELECT source, fiscal_year, expected_least, found, loaded, quarantined, waiting, missing, unlisted "
        "FROM summary_coverage",
    )
    assert found == [
        ("city", YEAR - 1, 2, 0, 0, 0, 0, 2, 0),
        ("city", YEAR, 3, 2, 1, 1, 0, 2, 0),
        ("city", None, None, 1, 0, 0, 1, None, 1),
    ]
    assert is_current(data)
    before = inputs_fingerprint(data)
    with use_ledger("city", data) as ledger:
        ledger.put(replace(fetched, checked_at=seen + timedelta(days=9)))
    assert inputs_fingerprint(data) == before  # that nothing has changed is no news
    with use_ledger("city", data) as ledger:
        ledger.put(replace(fetched, vanished_at=seen))
    assert inputs_fingerprint(data) != before
