"""The gate: mistakes of filings pass it, faults of the system close it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import expectations.suite
from expectations.examples import make_tables
from expectations.rule import load_rules
from expectations.suite import SuiteResult
from tasks.load.ddl import create_tables, own_tables
from tasks.validate import validate_warehouse
from tests.expectations.warehouse import create_warehouse, fill_warehouse

RULES = load_rules()


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    path = tmp_path / "candidate.duckdb"
    with create_warehouse(str(path)) as database:
        create_tables(database, own_tables())
        fill_warehouse(database, make_tables(RULES["EXP-ROW-TOTAL"].examples[4]))
    return path


def test_mistake_of_a_filing_is_a_finding_and_passes_the_gate(candidate: Path, tmp_path: Path) -> None:
    report = validate_warehouse(candidate, tmp_path / "docs")
    assert report.failures == ()
    assert report.gate_passed
    assert report.verdicts["violated"] == 1
    assert report.findings == {"error": 1}
    assert report.rules == len(RULES)
    assert (tmp_path / "docs" / "index.html").is_file()
    with duckdb.connect(str(candidate), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM rules").fetchall() == [(len(RULES),)]
        assert database.execute("SELECT rule_id FROM findings").fetchall() == [("EXP-ROW-TOTAL",)]


def test_damaged_warehouse_closes_the_gate(candidate: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(candidate)) as database:
        database.execute("UPDATE line_items SET amount_yuan = 1 WHERE measure = 'total'")
    report = validate_warehouse(candidate, tmp_path / "docs")
    assert not report.gate_passed
    assert any("times its unit" in failure for failure in report.failures)


def test_disagreement_closes_the_gate(candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = SuiteResult(len(RULES), len(RULES), (), (), dict.fromkeys(RULES, 0))
    monkeypatch.setattr(expectations.suite, "run_suites", lambda *_: quiet)
    report = validate_warehouse(candidate, tmp_path / "docs")
    assert not report.gate_passed
    assert [failure for failure in report.failures if "EXP-ROW-TOTAL has 1 violated" in failure]


def test_exception_closes_the_gate(candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = dict.fromkeys(RULES, 0) | {"EXP-ROW-TOTAL": 1}
    broken = SuiteResult(1, 0, (), ("rules: no such column",), counted)
    monkeypatch.setattr(expectations.suite, "run_suites", lambda *_: broken)
    assert validate_warehouse(candidate, tmp_path / "docs").failures == ("great_expectations: rules: no such column",)


def test_the_same_warehouse_gets_the_same_rows(candidate: Path, tmp_path: Path) -> None:
    seen = []
    for number in range(2):
        validate_warehouse(candidate, tmp_path / f"docs{number}")
        with duckdb.connect(str(candidate), read_only=True) as database:
            seen.append(database.execute("SELECT * FROM rule_instances").fetchall())
            seen.append(database.execute("SELECT * FROM findings").fetchall())
    assert seen[:2] == seen[2:]
