"""A warehouse in memory with the schema of `filings/tables.toml`, for tests to fill by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from expectations.compile_sql import apply_rules
from expectations.examples import Tables, columns_of, make_tables
from expectations.rule import Example, Rule
from filings.schema import load_tables


def create_warehouse(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(path)
    for name, table in load_tables().items():
        columns = ", ".join(f"{column} {about.type}" for column, about in table.columns.items())
        database.execute(f"CREATE TABLE {name} ({columns})")
    return database


def fill_warehouse(database: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    for name, rows in tables.items():
        columns = columns_of(name)
        marks = ", ".join("?" for _ in columns)
        for row in rows:
            assert not row.keys() - set(columns), row.keys() - set(columns)
        if rows:
            values = [[row.get(column) for column in columns] for row in rows]
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", values)


def judge_together(rules: Sequence[Rule], examples: Mapping[str, Example]) -> duckdb.DuckDBPyConnection:
    """Every rule over every example at once; each example's filing has the id that it is given here."""
    together: dict[str, list[dict[str, Any]]] = {}
    for filing_id, example in examples.items():
        for name, rows in make_tables(example).items():
            together.setdefault(name, []).extend(_of_filing(filing_id, row) for row in rows)
    database = create_warehouse()
    fill_warehouse(database, together)
    apply_rules(database, rules)
    return database


def _of_filing(filing_id: str, row: Mapping[str, Any]) -> dict[str, Any]:
    own = row["filing_id"]
    return {name: value.replace(own, filing_id) if isinstance(value, str) else value for name, value in row.items()}


def judge(rules: Sequence[Rule], example: Example) -> duckdb.DuckDBPyConnection:
    database = create_warehouse()
    fill_warehouse(database, make_tables(example))
    apply_rules(database, rules)
    return database
