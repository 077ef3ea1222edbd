"""The verdicts in memory are those of the SQL: on every example of every rule, and on the samples."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.compile_sql import apply_rules
from expectations.examples import make_tables
from expectations.rule import VERDICTS, Rule, load_rules
from filings.records import FilingRecords, LineItem, RawFile, Sha256
from tasks.extract import extract_document
from tasks.extract.judge.items import FilingFacts, StatementItems, enrich
from tasks.extract.judge.scorer import judge_filing
from tasks.extract.judge.terms import identities_of, load_identities
from tasks.extract.readers import read_document
from tasks.parquet import filing_rows
from tests.expectations.warehouse import create_warehouse, fill_warehouse

SAMPLES = sorted((Path(__file__).parents[4] / "samples" / "filings").iterdir())
RULES = [rule for rule in load_rules().values() if rule.kind in ("identity", "percentage")]
RAW = RawFile(Sha256("0" * 64), "raw/00/0.pdf", "0.pdf", "0.pdf", datetime(2026, 1, 1, tzinfo=UTC))


def line_item(row: dict[str, Any], statement_no: int) -> LineItem:
    values: dict[str, Any] = {name.name: row.get(name.name) for name in fields(LineItem)}
    values |= {"statement_no": statement_no, "item_no": int(row["line_item_id"][-4:])}
    return LineItem(**values)


def statements_of(tables: dict[str, list[dict[str, Any]]], fiscal_year: int | None) -> list[StatementItems]:
    found = []
    for number, statement in enumerate(tables["statements"], start=1):
        own = [row for row in tables["line_items"] if row["statement_id"] == statement["statement_id"]]
        columns = [row for row in tables["statement_columns"] if row["statement_id"] == statement["statement_id"]]
        found.append(
            enrich(
                number,
                statement["statement_type"],
                statement["state"],
                [line_item(row, number) for row in own],
                [(row.get("side"), row.get("measure")) for row in columns],
                fiscal_year,
            )
        )
    return found


def verdicts_of_sql(database: duckdb.DuckDBPyConnection, filing_id: str) -> Counter[tuple[str, str, str]]:
    rows = database.execute(
        "SELECT rule_id, verdict, CASE WHEN verdict = 'violated' AND rule_id NOT LIKE '%PERCENT%' THEN difference END "
        "FROM rule_instances WHERE filing_id = ?",
        [filing_id],
    ).fetchall()
    return Counter(
        (rule, verdict, "" if difference is None else f"{difference:.2f}") for rule, verdict, difference in rows
    )


def facts_of(filing: dict[str, Any]) -> FilingFacts:
    return FilingFacts(
        filing.get("fiscal_year"), filing.get("form_family"), filing.get("report_type") or "unknown",
        filing.get("scope") or "unknown",
    )  # fmt: skip


def verdicts_in_memory(
    facts: FilingFacts, statements: list[StatementItems], rules: list[Rule]
) -> Counter[tuple[str, str, str]]:
    identities = [identity for rule in rules for identity in identities_of(rule)]
    return Counter(
        (
            one.rule_id,
            one.verdict,
            f"{one.difference:.2f}" if one.verdict == "violated" and "PERCENT" not in one.rule_id else "",
        )
        for one in judge_filing(facts, statements, identities=identities)
    )


def test_every_example_is_judged_as_by_the_sql_by_every_rule() -> None:
    database = create_warehouse()
    examples: dict[str, tuple[FilingFacts, list[StatementItems]]] = {}
    for number, example in enumerate(example for rule in RULES for example in rule.examples):
        made = make_tables(example)
        filing_id = f"{number:016d}"
        own = made["filings"][0]["filing_id"]
        tables = {
            name: [
                {
                    column: value.replace(own, filing_id) if isinstance(value, str) else value
                    for column, value in row.items()
                }
                for row in rows
            ]
            for name, rows in made.items()
            if name in ("filings", "statements", "statement_columns", "line_items")
        }
        fill_warehouse(database, tables)
        filing: dict[str, Any] = dict(tables["filings"][0])
        examples[filing_id] = facts_of(filing), statements_of(tables, filing["fiscal_year"])
    apply_rules(database, RULES)
    expected: dict[str, Counter[tuple[str, str, str]]] = {
        filing_id: verdicts_of_sql(database, filing_id) for filing_id in examples
    }
    judged = {filing_id: verdicts_in_memory(*example, RULES) for filing_id, example in examples.items()}
    assert judged == expected
    assert {verdict for some in judged.values() for _, verdict, _ in some} == set(VERDICTS)


def records_tables(records: FilingRecords) -> dict[str, list[dict[str, Any]]]:
    rows = filing_rows(records, RAW, "test", datetime(2026, 1, 1, tzinfo=UTC))
    return {name: [dict(row) for row in some] for name, some in rows.items()}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_judged_as_by_the_sql(path: Path) -> None:
    records = extract_document(read_document(path.read_bytes(), path.name), path.name)
    tables = records_tables(records)
    database = create_warehouse()
    fill_warehouse(database, tables)
    apply_rules(database, RULES)
    filing = tables["filings"][0]
    judged = verdicts_in_memory(facts_of(filing), statements_of(tables, filing["fiscal_year"]), RULES)
    assert judged == verdicts_of_sql(database, filing["filing_id"])
    assert sum(judged.values()) > 20


def test_only_what_a_statement_touches_is_judged_anew() -> None:
    path = next(path for path in SAMPLES if path.name == "central_customs_2025.pdf")
    records = extract_document(read_document(path.read_bytes(), path.name), path.name)
    facts = FilingFacts.of(records.identity)
    statements = statements_of(records_tables(records), records.identity.fiscal_year)
    whole = judge_filing(facts, statements)
    touched = judge_filing(facts, statements, frozenset({"revenue"}))
    own = {identity.rule.id for identity in load_identities() if "revenue" in identity.statements}
    assert {one.rule_id for one in touched} <= own
    for one in touched:
        assert any(
            same.rule_id == one.rule_id and same.key == one.key and same.verdict == one.verdict for same in whole
        )
    assert 0 < len(touched) < len(whole)


@pytest.mark.parametrize(("confidence", "category"), [(None, "arithmetic"), ("0.5", "extraction")])
def test_a_finding_on_a_number_that_was_hardly_recognised_is_one_of_extraction(
    confidence: str | None, category: str
) -> None:
    rule = load_rules()["EXP-ROW-TOTAL"]
    example = next(one for one in rule.examples if one.verdict == "violated")
    tables = {name: [dict(row) for row in rows] for name, rows in make_tables(example).items()}
    if confidence is not None:
        for row in tables["line_items"]:
            row["confidence"] = "0.99"
        tables["line_items"][0]["confidence"] = confidence
    database = create_warehouse()
    fill_warehouse(database, tables)
    apply_rules(database, [rule])
    assert database.execute("SELECT DISTINCT category FROM findings").fetchall() == [(category,)]
