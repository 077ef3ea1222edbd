"""Great Expectations over a real database file: failures are seen, exceptions are failures, the site stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
import sqlalchemy

from expectations.compile_sql import apply_rules
from expectations.duckdb_dialect import DRIVER, register_dialect
from expectations.examples import make_tables
from expectations.rule import Rule, load_rules
from expectations.suite import find_exception, run_suites
from tests.expectations.warehouse import create_warehouse, fill_warehouse

RULE = load_rules()["EXP-ROW-TOTAL"]
pytestmark = pytest.mark.filterwarnings("ignore::Warning:great_expectations", "ignore::DeprecationWarning")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with create_warehouse(str(path)) as database:
        fill_warehouse(database, make_tables(RULE.examples[4]))
        apply_rules(database, [RULE])
    return path


def test_cursors_keep_their_rows_when_a_connection_is_released(warehouse: Path) -> None:
    register_dialect()
    engine = sqlalchemy.create_engine(f"{DRIVER}:///{warehouse}")
    with engine.connect() as connection:
        cursor = connection.execute(sqlalchemy.text("SELECT * FROM range(5000)"))
        assert cursor.fetchone() == (0,)
        connection.connection.dbapi_connection.rollback()  # type: ignore[union-attr]
        assert len(cursor.fetchall()) == 4999
    engine.dispose()


def test_failing_expectations_are_seen_and_the_site_stands_alone(warehouse: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    result = run_suites(warehouse, ("filings", "line_items", "rule_instances"), [RULE], docs, "1GB")
    assert result.exceptions == ()
    assert result.broken_invariants == ()
    assert dict(result.violations) == {RULE.id: 1}
    assert result.met == result.evaluated - 1
    pages = {page: page.read_text(encoding="utf-8") for page in docs.rglob("*.html")}
    assert docs / "index.html" in pages
    assert any(RULE.says in html for page, html in pages.items() if "validations" in page.parts)
    foreign = re.compile(r"(?:src|<link[^>]*href)=[\"']https?://", re.IGNORECASE)
    assert not [page for page, html in pages.items() if foreign.search(html)]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE line_items SET value_text = NULL", "value_text"),
        ("UPDATE line_items SET statement_id = 'nowhere'", "belongs to a statement"),
        ("UPDATE line_items SET amount_yuan = amount_yuan + 1", "times its unit"),
        ("UPDATE line_items SET row_level = 9", "row_level"),
        ("ALTER TABLE line_items ALTER value TYPE DOUBLE", "declared types"),
        ("DELETE FROM line_items WHERE measure = 'basic'", "line items are all there"),
        ("INSERT INTO line_items SELECT * FROM line_items", "line_item_id"),
    ],
)
def test_damage_to_the_warehouse_is_seen(warehouse: Path, tmp_path: Path, damage: str, words: str) -> None:
    with duckdb.connect(str(warehouse)) as database:
        database.execute(damage)
    result = run_suites(warehouse, ("filings", "line_items"), [RULE], tmp_path / "docs", "1GB")
    assert result.exceptions == ()
    assert any(words in broken for broken in result.broken_invariants), result.broken_invariants


def test_exception_inside_great_expectations_is_reported(warehouse: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(warehouse)) as database:
        database.execute("ALTER TABLE rule_instances DROP COLUMN allowance")
    result = run_suites(warehouse, ("filings",), [RULE], tmp_path / "docs", "1GB")
    assert len(result.exceptions) == 1
    assert "allowance" in result.exceptions[0]
    assert dict(result.violations) == {}


def test_exception_info_is_understood_in_both_shapes() -> None:
    quiet = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
    loud = {"raised_exception": True, "exception_message": "no such column", "exception_traceback": "..."}
    assert find_exception(quiet) is None
    assert find_exception({}) is None
    assert find_exception(loud) == "no such column"
    assert find_exception({"metric a": quiet, "metric b": loud}) == "no such column"


def test_every_rule_becomes_one_expectation() -> None:
    from expectations.suite import rule_expectation

    made = {rule.id: rule_expectation(rule) for rule in load_rules().values()}
    assert {one.meta["rule_id"] for one in made.values()} == set(load_rules())
    assert all(_described(rule, made[rule.id].description) for rule in load_rules().values())


def _described(rule: Rule, description: str) -> bool:
    return rule.says in description
