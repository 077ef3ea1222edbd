"""Results are taken over where nothing has changed, and then they are what judging anew would give."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

import expectations.working_tables
from expectations.examples import make_tables
from expectations.rule import load_rules
from filings.schema import load_extraction_tables
from tasks.load.ddl import create_tables, own_tables
from tasks.validate_filings import Judged, judge_warehouse
from tests.expectations.warehouse import create_warehouse, fill_warehouse

EXAMPLE = load_rules()["EXP-ROW-TOTAL"].examples[4]
BODIES = {
    "a": ("甲局", "unit"),
    "b": ("甲局", "unit"),
    "c": ("乙局", "unit"),
    "d": ("丙局", "department"),
    "e": ("丁局", "department"),
}
"""Filings, each with the same mistake; the department 丙局 is of their region, 丁局 of another."""


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    path = tmp_path / "candidate.duckdb"
    with create_warehouse(str(path)) as database:
        create_tables(database, own_tables())
        fill_warehouse(database, make_tables(EXAMPLE))
        (first,) = database.execute("SELECT filing_id FROM filings").fetchone() or ("",)
        for table, about in load_extraction_tables().items():
            ids = [
                name for name in about.columns if name in ("filing_id", "statement_id", "line_item_id", "document_id")
            ]
            for letter in BODIES:
                changed = ", ".join(f"'{letter}' || {name} AS {name}" for name in ids)
                database.execute(
                    f"INSERT INTO {table} SELECT * REPLACE ({changed}) FROM {table} WHERE filing_id = $1", [first]
                )
            database.execute(f"DELETE FROM {table} WHERE filing_id = $1", [first])
        for letter, (body, scope) in BODIES.items():
            region = "530000" if letter == "e" else "310000"
            database.execute(
                "UPDATE filings SET issuer = $1, scope = $2, region = $3 WHERE filing_id[1] = $4",
                [body, scope, region, letter],
            )
    return path


def results(path: Path) -> list[list[tuple[Any, ...]]]:
    with duckdb.connect(str(path), read_only=True) as database:
        return [
            database.execute(f"FROM {name}").fetchall() for name in ("rule_instances", "findings", "checks", "rules")
        ]


def test_only_what_changed_is_judged_anew(candidate: Path, tmp_path: Path) -> None:
    again, earlier = tmp_path / "again.duckdb", tmp_path / "earlier.duckdb"
    shutil.copy(candidate, again)
    assert judge_warehouse(candidate) == Judged(judged=5, reused=0)
    shutil.copy(candidate, earlier)
    assert len(results(earlier)[1]) == 5

    with duckdb.connect(str(again)) as database:
        database.execute(
            "UPDATE line_items SET value = value + 1, amount_yuan = amount_yuan + 10000 WHERE filing_id[1] = 'b'"
        )
    anew = tmp_path / "anew.duckdb"
    shutil.copy(again, anew)
    assert judge_warehouse(anew) == Judged(judged=5, reused=0)
    assert judge_warehouse(again, earlier) == Judged(judged=3, reused=2), (
        "b changed, a is of its body and d of its region"
    )
    assert results(again) == results(anew) != results(earlier)


def test_a_warehouse_in_place_that_cannot_be_read_is_no_hindrance(candidate: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.duckdb"
    earlier.write_bytes(b"not a database")
    assert judge_warehouse(candidate, earlier) == Judged(judged=5, reused=0)


def test_batches_do_not_show(candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tmp_path / "whole.duckdb"
    shutil.copy(candidate, whole)
    judge_warehouse(whole)
    monkeypatch.setattr(expectations.working_tables, "LINE_ITEMS_PER_BATCH", 1)
    judge_warehouse(candidate)
    assert results(candidate) == results(whole)
