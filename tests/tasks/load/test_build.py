"""A warehouse built from Parquet: complete, described, in order, and only its inputs decide what is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from filings.errors import TryAgain, UnusableInput
from filings.records import Identity, RawFile, TextLine
from filings.schema import load_extraction_tables, load_tables
from tasks.data_dir import DataDir
from tasks.load import build_warehouse, is_current, read_build, remove_candidate
from tasks.load.candidate import new_candidate, remove_stale_candidates, unfinished_publication
from tasks.load.ddl import warehouse_tables
from tasks.load.fingerprint import inputs_fingerprint
from tasks.parquet import remove_filing
from tasks.publish import publish_warehouse
from tasks.quarantine import put_in_quarantine, release_from_quarantine
from tests.tasks.made_filings import FETCHED, IDENTITY, SMALL, records, store


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def publish(data: DataDir) -> None:
    publish_warehouse(build_warehouse(data), data.root / "no-docs", data)


def write_run_record(data: DataDir, run_id: str, **more: object) -> None:
    data.runs.mkdir(parents=True, exist_ok=True)
    record = {"run_id": run_id, "started_at": "2026-01-01T08:00:00+08:00", "state": "completed", "inputs": 1}
    (data.runs / f"{run_id}.json").write_text(json.dumps(record | more))


def test_every_table_and_column_is_there_with_its_type_and_comment(data: DataDir) -> None:
    candidate = build_warehouse(data)
    tables = dict(rows(candidate, "SELECT table_name, comment FROM duckdb_tables()"))
    columns = {
        (table, column): (kind, comment)
        for table, column, kind, comment in rows(
            candidate, "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        )
    }
    assert tables == {table.name: table.comment for table in warehouse_tables()}
    for table in warehouse_tables():
        for name, column in table.columns.items():
            kind, comment = columns.pop((table.name, name))
            assert comment == column.comment
            assert kind.replace('"', "") == column.type
    assert not columns


def test_amounts_arrive_exactly_and_in_order(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    candidate = build_warehouse(data)
    assert rows(candidate, "SELECT line_item_id, value, amount_yuan, bbox FROM line_items") == [
        (f"{raw.filing_id}-01-0001", Decimal("12.340000"), Decimal("123400.00"), [10.5, 20.25, 30.0, 40.125]),
        (f"{raw.filing_id}-01-0002", Decimal("12.340000"), Decimal("123400.00"), [10.5, 20.25, 30.0, 40.125]),
    ]


def test_a_folder_named_like_a_partition_changes_nothing(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "region=310000" / "fiscal_year=1999")
    store("a", records(SMALL), data)
    candidate = build_warehouse(data)
    assert rows(candidate, "SELECT region, fiscal_year FROM filings") == [(None, 2026)]


def test_rows_are_the_same_in_every_build(data: DataDir) -> None:
    for name in "cab":
        store(name, records(SMALL), data)
    first, second = build_warehouse(data), build_warehouse(data)
    for table in load_tables():
        assert rows(first, f"SELECT * FROM {table}") == rows(second, f"SELECT * FROM {table}")
    assert rows(first, "SELECT count(*) FROM line_items") == [(6,)]


def test_rows_come_in_order_of_their_keys(data: DataDir) -> None:
    for number in range(40):
        store(str(number), records(SMALL, text_lines=(TextLine(1, None, "正文", 1, None, None),)), data)
    candidate = build_warehouse(data)
    filled = 0
    for table in load_extraction_tables().values():
        keys = rows(candidate, f"SELECT {', '.join(table.key)} FROM {table.name}")
        assert keys == sorted(keys)
        filled += bool(keys)
    assert filled >= 5


def test_files_of_a_filing_whose_writing_was_cut_off_stay_out(data: DataDir) -> None:
    store("a", records(SMALL), data)
    half = store("b", records(SMALL), data)
    data.parquet_path("filings", half.filing_id).unlink()
    candidate = build_warehouse(data)
    assert rows(candidate, "SELECT count(*), count(DISTINCT filing_id) FROM line_items") == [(2, 1)]


def rewrite(raw: RawFile, select: str, data: DataDir) -> None:
    path = data.parquet_path("line_items", raw.filing_id)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {select} FROM '{path}') TO '{path}.new' (FORMAT parquet)")
    path.with_name(f"{path.name}.new").replace(path)


def test_what_an_earlier_version_did_not_know_is_null(data: DataDir) -> None:
    older, newer = store("a", records(SMALL), data), store("b", records(SMALL), data)
    rewrite(older, "* EXCLUDE (confidence, bbox), 1 AS given_up", data)
    found = rows(build_warehouse(data), "SELECT filing_id, bbox IS NULL, value::VARCHAR FROM line_items ORDER BY 1, 2")
    assert sorted(found) == sorted(
        [(older.filing_id, True, "12.340000")] * 2 + [(newer.filing_id, False, "12.340000")] * 2
    )


def test_files_that_lack_what_is_needed_are_named(data: DataDir) -> None:
    rewrite(store("a", records(SMALL), data), "* EXCLUDE (value_text)", data)
    with pytest.raises(ValueError, match=r"1 Parquet files of table line_items lack .* run `yusuan ingest`"):
        build_warehouse(data)
    assert not list(data.root.glob("warehouse.candidate-*"))


def test_code_lists_come_with_their_years(data: DataDir) -> None:
    candidate = build_warehouse(data)
    assert rows(candidate, "SELECT DISTINCT name FROM function_classification WHERE code = '201'") == [
        ("一般公共服务支出",)
    ]
    years = rows(candidate, "SELECT valid_from, valid_to FROM economic_classification WHERE code = '301' ORDER BY ALL")
    assert years == [(2018, None), (None, 2017)]


def test_quarantine_and_runs_are_loaded(data: DataDir) -> None:
    put_in_quarantine("file:///x.pdf", UnusableInput("encrypted_pdf", "It is locked."), data, seen=FETCHED)
    write_run_record(data, "r1", versions={"duckdb": "1"})
    write_run_record(data, "r2", changed=False)
    (data.runs / "r3.json").write_text("{half")
    (data.runs / "r4.json").write_text("[]")
    candidate = build_warehouse(data)
    assert rows(candidate, "SELECT source_uri, reason_code, first_seen, attempts FROM quarantine") == [
        ("file:///x.pdf", "encrypted_pdf", FETCHED.replace(tzinfo=None), 1)
    ]
    assert rows(candidate, "SELECT run_id, started_at, inputs, versions FROM runs") == [
        ("r1", datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), 1, '{"duckdb": "1"}')
    ]


def test_is_current_until_an_input_changes(data: DataDir) -> None:
    assert not is_current(data)
    store("a", records(SMALL), data)
    publish(data)
    assert is_current(data)
    write_run_record(data, "later")
    assert is_current(data)
    other = store("b", records(SMALL), data)
    assert not is_current(data)
    remove_filing(other.filing_id, data)
    assert is_current(data)
    put_in_quarantine("http://x.test/", TryAgain("unreachable", "No answer."), data, seen=FETCHED)
    assert not is_current(data)
    publish(data)
    put_in_quarantine("http://x.test/", TryAgain("unreachable", "No answer."), data, seen=FETCHED + timedelta(days=1))
    assert is_current(data)
    release_from_quarantine("http://x.test/", data)
    assert not is_current(data)


def test_is_not_current_without_its_publication(data: DataDir) -> None:
    publish(data)
    data.published_current.unlink()
    assert not is_current(data)


def test_is_not_current_under_other_code(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(data)
    monkeypatch.setattr("tasks.load.fingerprint.code_fingerprint", lambda: "other")
    assert not is_current(data)


def test_fingerprint_sees_a_new_extraction_of_the_same_size(data: DataDir) -> None:
    store("a", records(SMALL), data)
    before = inputs_fingerprint(data)
    changed = replace(IDENTITY, issuer="某市某厅")
    store("a", records(SMALL, identity=changed), data)
    assert inputs_fingerprint(data) != before


def test_a_file_that_is_no_warehouse_is_not_read(data: DataDir) -> None:
    data.root.mkdir()
    data.warehouse.write_bytes(b"junk")
    assert read_build(data.warehouse) is None
    assert not is_current(data)


@pytest.mark.parametrize(
    ("identity", "other_type", "superseded"),
    [
        (IDENTITY, "expenditure", True),
        (IDENTITY, "revenue", False),
        (replace(IDENTITY, issuer="某市另一局"), "expenditure", False),
        (replace(IDENTITY, fiscal_year=2025), "expenditure", False),
        (replace(IDENTITY, scope="unit"), "expenditure", False),
        (replace(IDENTITY, report_type="final_accounts"), "expenditure", False),
    ],
)
def test_a_later_version_supersedes_only_its_like(
    data: DataDir, identity: Identity, other_type: str, superseded: bool
) -> None:
    old = store("old", records(SMALL), data)
    new = store("new", records(((other_type, SMALL[0][1]),), identity=identity), data, FETCHED + timedelta(days=1))
    candidate = build_warehouse(data)
    found = dict(rows(candidate, "SELECT filing_id, (status, superseded_by) FROM filings"))
    expected = ("superseded", new.filing_id) if superseded else ("loaded", None)
    assert tuple(found[old.filing_id].values() if isinstance(found[old.filing_id], dict) else found[old.filing_id]) == (
        expected
    )
    assert rows(candidate, f"SELECT status FROM filings WHERE filing_id = '{new.filing_id}'") == [("loaded",)]


def test_unknown_issuers_never_supersede_each_other(data: DataDir) -> None:
    nobody = replace(IDENTITY, issuer=None)
    store("old", records(SMALL, identity=nobody), data)
    store("new", records(SMALL, identity=nobody), data, FETCHED + timedelta(days=1))
    assert rows(build_warehouse(data), "SELECT DISTINCT status FROM filings") == [("loaded",)]


def test_a_chain_of_versions_points_from_each_to_the_next(data: DataDir) -> None:
    ids = [store(name, records(SMALL), data, FETCHED + timedelta(days=day)).filing_id for day, name in enumerate("xyz")]
    found = dict(rows(build_warehouse(data), "SELECT filing_id, superseded_by FROM filings"))
    assert [found[filing_id] for filing_id in ids] == [ids[1], ids[2], None]


def test_candidates_of_the_living_stay_and_of_the_dead_go(data: DataDir) -> None:
    mine = new_candidate(data)
    mine.write_bytes(b"mine")
    dead = data.root / "warehouse.candidate-00ff.duckdb"
    dead.write_bytes(b"dead")
    dead.with_name(dead.name + ".wal").write_bytes(b"dead too")
    half_published = data.root / "warehouse.candidate-00fe.duckdb"
    unfinished_publication(half_published, data).mkdir(parents=True)
    unfinished_publication(mine, data).mkdir()
    assert remove_stale_candidates(data) == [half_published, dead]
    assert list(data.published.iterdir()) == [unfinished_publication(mine, data)]
    assert [path.name for path in data.root.glob("warehouse.*")] == [mine.name]
    remove_candidate(mine, data)
    assert not list(data.root.glob("warehouse.*"))
    assert not list(data.locks.glob("warehouse.*"))
