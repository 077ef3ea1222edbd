"""Which summary tables are there, and how are they filled?

Each is declared in `summaries.toml` and filled by the query of its name beside this file; the queries share
`prelude.sql`, which decides what counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import duckdb

from filings.schema import Table, parse_tables
from tasks.load.ddl import create_tables


@cache
def load_summaries() -> Mapping[str, Table]:
    """The summary tables by name, as declared."""
    return parse_tables(_resource("summaries.toml"))


def create_summaries(connection: duckdb.DuckDBPyConnection) -> None:
    """Create and fill every summary table in a candidate, replacing earlier ones."""
    connection.execute(_resource("prelude.sql"))
    for name, table in load_summaries().items():
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        create_tables(connection, [table])
        connection.execute(f"INSERT INTO {name} BY NAME {_resource(f'{name}.sql')}")


def _resource(name: str) -> str:
    return resources.files("tasks.publish").joinpath(name).read_text(encoding="utf-8")
