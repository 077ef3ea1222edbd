"""How do tables leave the warehouse as files?

Parquet for programs, CSV for everything (UTF-8 with the mark by which Excel knows Chinese), both under the column
names of the warehouse and in its row order, so that the same rows give the same bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import duckdb

from filings.schema import Table, load_tables
from tasks.publish.summaries import load_summaries

_UTF8_MARK = b"\xef\xbb\xbf"
"""Without it Excel reads a CSV in the code page of the machine, and Chinese comes out as garbage."""


@cache
def exported_tables() -> Mapping[str, Table]:
    """The tables that are published as files: all summaries, and the findings and checks behind them; all labelled."""
    labels = tomllib.loads(resources.files("tasks.publish").joinpath("labels.toml").read_text(encoding="utf-8"))
    labelled = {name: _label(load_tables()[name], **given) for name, given in labels.items()}
    return MappingProxyType(dict(load_summaries()) | labelled)


def _label(table: Table, label: str, columns: dict[str, str]) -> Table:
    """The same table with headings.

    Raises:
        KeyError: A column has none; add it to `labels.toml`.
    """
    described = {name: column.model_copy(update={"label": columns[name]}) for name, column in table.columns.items()}
    return table.model_copy(update={"label": label, "columns": described})


def write_parquet_exports(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every exported table as ``<table>.parquet``."""
    folder.mkdir(parents=True)
    for name, table in exported_tables().items():
        connection.execute(
            f"COPY ({select_rows(table)}) TO '{_quoted(folder / f'{name}.parquet')}' (FORMAT parquet, COMPRESSION zstd)"
        )


def write_csv_exports(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every exported table as ``<table>.csv``; a list of structures becomes JSON text."""
    folder.mkdir(parents=True)
    for name, table in exported_tables().items():
        path = folder / f"{name}.csv"
        connection.execute(
            f"COPY ({select_rows(table, nested_as_json=True)}) TO '{_quoted(path)}' (FORMAT csv, HEADER)"
        )
        path.write_bytes(_UTF8_MARK + path.read_bytes())


def select_rows(table: Table, *, nested_as_json: bool = False) -> str:
    """The query for a table's rows in published order.

    A summary is stored in the order in which a person reads it, the others are sorted by key.
    """
    columns = ", ".join(
        f"to_json({name})::VARCHAR AS {name}" if nested_as_json and column.type.endswith("[]") else name
        for name, column in table.columns.items()
    )
    order = "rowid" if table.name in load_summaries() else ", ".join(table.sort_columns)
    return f"SELECT {columns} FROM main.{table.name} ORDER BY {order}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
