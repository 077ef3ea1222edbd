"""A warehouse in memory with the schema of `filings/tables.toml`, for tests to fill by hand."""

from __future__ import annotations

from collections.abc import Sequence

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
            database.execute(f"INSERT INTO {name} VALUES ({marks})", [row.get(column) for column in columns])


def judge(rules: Sequence[Rule], example: Example) -> duckdb.DuckDBPyConnection:
    database = create_warehouse()
    fill_warehouse(database, make_tables(example))
    apply_rules(database, rules)
    return database
