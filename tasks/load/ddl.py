"""How does the description of a table become DDL?

No NOT NULL and no PRIMARY KEY: completeness and uniqueness are checked by the expectations in every run, where a
failure closes the gate with a report instead of breaking the load; and an index on every key would double the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import duckdb

from filings.schema import Table, load_tables, parse_tables


@cache
def warehouse_tables() -> tuple[Table, ...]:
    """Every table that a candidate is created with: those of `filings/tables.toml` and the build's own."""
    return (*load_tables().values(), *own_tables())


def own_tables() -> tuple[Table, ...]:
    """What a warehouse says about itself."""
    return tuple(
        parse_tables(resources.files("tasks.load").joinpath("tables.toml").read_text(encoding="utf-8")).values()
    )


def create_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Create the tables, empty, with a comment on each and on every column."""
    for table in tables:
        columns = ", ".join(f"{name} {column.type}" for name, column in table.columns.items())
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
        _comment(connection, "TABLE", table)


def apply_comments(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Put the comments on those of the tables or views that exist: a table that was replaced has lost them."""
    kinds = dict(
        connection.execute(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()
    )
    for table in tables:
        if table.name in kinds:
            _comment(connection, "VIEW" if kinds[table.name] == "VIEW" else "TABLE", table)


def _comment(connection: duckdb.DuckDBPyConnection, kind: str, table: Table) -> None:
    connection.execute(f"COMMENT ON {kind} {table.name} IS {_literal(table.comment)}")
    for name, column in table.columns.items():
        connection.execute(f"COMMENT ON COLUMN {table.name}.{name} IS {_literal(column.comment)}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
