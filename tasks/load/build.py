"""How does a warehouse come out of the Parquet files?

Set-wise: one INSERT … SELECT per table over all filings, in order of id, so that the same inputs give the same rows in
the same order.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from filings.records import FilingId
from filings.schema import load_extraction_tables, load_tables
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION
from tasks.load.candidate import new_candidate, remove_candidate
from tasks.load.database import open_database
from tasks.load.ddl import create_tables, warehouse_tables
from tasks.load.fingerprint import inputs_fingerprint
from tasks.load.recorded import Row, read_quarantine_rows, read_run_rows, read_source_rows
from tasks.parquet import list_filings

_CODE_LISTS: dict[str, tuple[tuple[str, int | None, int | None], ...]] = {
    "function_classification": (("function_classification.csv", None, None),),
    "economic_classification": (
        ("economic_classification_department_until_2017.csv", None, 2017),
        ("economic_classification_department.csv", 2018, None),
    ),
}
"""Table -> bundled lists, each with the first and last budget year it holds for where the list itself is silent.

The economic classification was revised from the 2018 budget on (财政部 支出经济分类科目改革, 财预〔2017〕98号).
"""


def build_warehouse(data: DataDir) -> Path:
    """Build a candidate for the warehouse beside the one in place.

    Args:
        data: The data folder.

    Returns:
        The candidate, closed. It is this process's until it is published or removed.

    Raises:
        FileNotFoundError: A filing's Parquet files are not all there; ingest its original again.
        ValueError: Parquet files were written under another schema; ingest their originals again.
    """
    candidate = new_candidate(data)
    try:
        _fill(candidate, data)
    except BaseException:
        remove_candidate(candidate, data)
        raise
    return candidate


def _fill(candidate: Path, data: DataDir) -> None:
    built_at = datetime.now(UTC).replace(tzinfo=None)
    fingerprint = inputs_fingerprint(data)  # before anything is read: what changes later makes the build not current
    filing_ids = list_filings(data)
    with open_database(candidate) as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute("BEGIN")
        create_tables(connection, warehouse_tables())
        are_current = _are_of_this_version(connection, filing_ids, data)
        for table in load_extraction_tables():
            _load_extraction_table(connection, table, filing_ids, are_current, data)
        _join_files(connection)
        connection.execute(_sql("versions.sql"))
        _insert_rows(connection, "quarantine", read_quarantine_rows(data))
        _insert_rows(connection, "runs", read_run_rows(data))
        for table, rows in read_source_rows(data).items():
            _insert_rows(connection, table, rows)
        connection.execute(_sql("version_changes.sql"))
        for table, lists in _CODE_LISTS.items():
            _insert_rows(connection, table, [row for list_ in lists for row in _read_code_list(*list_)])
        build_id = f"{built_at:%Y-%m-%dT%H%M%S}Z-{fingerprint[:12]}-{candidate.stem.rpartition('-')[2][:6]}"
        connection.execute(
            "INSERT INTO warehouse_build VALUES (?, ?, ?, ?)", [build_id, fingerprint, built_at, duckdb.__version__]
        )
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _join_files(connection: duckdb.DuckDBPyConnection) -> None:
    """Make one filing of the files that belong together (正文与附表分开的文件)."""
    connection.execute(_sql("companions.sql"))
    for table in load_extraction_tables():
        if table != "filings":
            connection.execute(
                f"UPDATE {table} SET filing_id = companion.main_id FROM companion WHERE {table}.filing_id = part_id"
            )
    connection.execute(_sql("joined_claims.sql"))
    connection.execute("DROP TABLE companion")


def _sql(name: str) -> str:
    return resources.files("tasks.load").joinpath(name).read_text(encoding="utf-8")


def _are_of_this_version(connection: duckdb.DuckDBPyConnection, filing_ids: Sequence[FilingId], data: DataDir) -> bool:
    files = [str(data.parquet_path("filings", filing_id)) for filing_id in filing_ids]
    if not files:
        return True
    _refuse_incomplete(connection, "filings", files)
    versions = "SELECT DISTINCT extractor_version FROM read_parquet(?, hive_partitioning=false, union_by_name=true)"
    return connection.execute(versions, [files]).fetchall() == [(EXTRACTOR_VERSION,)]


def _load_extraction_table(
    connection: duckdb.DuckDBPyConnection, table: str, filing_ids: Sequence[FilingId], are_current: bool, data: DataDir
) -> None:
    if not filing_ids:
        return
    columns = load_extraction_tables()[table].columns
    files = [str(data.parquet_path(table, filing_id)) for filing_id in filing_ids]
    if are_current:
        selected, by_name = ", ".join(columns), False
    else:  # what an earlier version did not know is NULL
        _refuse_incomplete(connection, table, files)
        selected, by_name = f"COLUMNS(name -> list_contains({list(columns)}, name))", True
    # Every file is sorted, every key begins with the filing's id, and the files come in order of it: so do the rows.
    # Without hive_partitioning=false a folder such as a=310000 above DATA would become a column.
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT {selected} FROM read_parquet(?, hive_partitioning=false, union_by_name=?)",
        [files, by_name],
    )


def _refuse_incomplete(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[str]) -> None:
    needed = [name for name, column in load_extraction_tables()[table].columns.items() if column.is_required]
    lacking = connection.execute(
        "SELECT file_name FROM parquet_schema(?) GROUP BY file_name "
        "HAVING count(*) FILTER (list_contains(?, name)) < ? ORDER BY file_name",
        [files, needed, len(needed)],
    ).fetchall()
    if lacking:
        raise ValueError(
            f"{len(lacking)} Parquet files of table {table} lack columns that this version needs; "
            f"run `yusuan ingest` on their originals again; the first is {lacking[0][0]}"
        )


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Insert all rows at once, a list per column: a statement per row takes a thousand times as long."""
    columns = load_tables()[table].columns
    lists = ", ".join(f"unnest(?::{column.type}[]) AS {name}" for name, column in columns.items())
    connection.execute(f"INSERT INTO {table} BY NAME SELECT {lists}", [[row[name] for row in rows] for name in columns])


def _read_code_list(file_name: str, valid_from: int | None, valid_to: int | None) -> list[Row]:
    text = resources.files("filings.codes").joinpath(file_name).read_text(encoding="utf-8")
    return [
        {
            "code": entry["code"],
            "name": entry["name"],
            "level": int(entry["level"]),
            "valid_from": _year(entry.get("valid_from"), valid_from),
            "valid_to": _year(entry.get("valid_to"), valid_to),
            "source": entry["source"],
        }
        for entry in csv.DictReader(text.splitlines())
    ]


def _year(printed: Any, default: int | None) -> int | None:  # noqa: ANN401
    return int(printed) if printed else default
