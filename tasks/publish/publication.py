"""What is published with a warehouse: summary tables in it, and a folder of files beside it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from tasks.data_dir import DataDir
from tasks.load.candidate import remove_candidate
from tasks.load.database import open_database
from tasks.load.ddl import apply_comments, warehouse_tables
from tasks.publish.exports import exported_tables, write_csv_exports, write_parquet_exports
from tasks.publish.index_page import render_index
from tasks.publish.promotion import new_publication_folder, promote
from tasks.publish.summaries import create_summaries
from tasks.publish.workbook import write_workbook
from tasks.report import write_reports

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publication came to.

    Args:
        build_id: Of the warehouse.
        promoted: False if another run has meanwhile published newer data, so that this candidate was given up.
        folder: Where the files of the current publication lie.
        row_counts: Rows of each published table.
    """

    build_id: str
    promoted: bool
    folder: Path
    row_counts: Mapping[str, int]


def publish_warehouse(candidate: Path, docs_dir: Path, data: DataDir) -> PublishReport:
    """Add the summary tables to a validated candidate, write its files and put both in place.

    Args:
        candidate: The warehouse from `build_warehouse`, validated, with no connection open to it.
        docs_dir: The Data Docs of its validation; copied. May be absent.
        data: The data folder.

    Returns:
        What was published.
    """
    publication = new_publication_folder(candidate, data)
    try:
        build_id, row_counts = _write_publication(candidate, docs_dir, publication, data)
        promoted = promote(candidate, publication, data)
    except BaseException:
        remove_candidate(candidate, data)
        raise
    if not promoted:
        logger.warning("build %s was given up: another run has meanwhile published newer data", build_id)
    return PublishReport(build_id, promoted, data.published_current, row_counts)


def _write_publication(candidate: Path, docs_dir: Path, folder: Path, data: DataDir) -> tuple[str, dict[str, int]]:
    with open_database(candidate) as connection:
        connection.execute("BEGIN")
        create_summaries(connection)
        apply_comments(connection, warehouse_tables())
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
        build_id, as_of = _build_and_date(connection)
        row_counts = {name: _count(connection, name) for name in exported_tables()}
        write_parquet_exports(connection, folder / "parquet")
        write_csv_exports(connection, folder / "csv")
        write_workbook(connection, folder / "summaries.xlsx", build_id, as_of)
        made = write_reports(connection, folder / "reports", data, _reports_in_place(data))
    logger.info("%d inspection reports written, %d unchanged", made.written, made.reused)
    has_data_docs = (docs_dir / "index.html").is_file()
    if has_data_docs:
        shutil.copytree(docs_dir, folder / "data_docs")
    page = render_index(exported_tables(), row_counts, build_id, as_of, has_data_docs=has_data_docs)
    (folder / "index.html").write_text(page, encoding="utf-8")
    return build_id, row_counts


def _reports_in_place(data: DataDir) -> Path | None:
    """The reports of the current publication; its own folder, as the link may be moved meanwhile."""
    folder = data.published_current.resolve() / "reports"
    return folder if folder.is_dir() else None


def _build_and_date(connection: duckdb.DuckDBPyConnection) -> tuple[str, datetime]:
    row = connection.execute(
        "SELECT build_id, coalesce((SELECT max(loaded_at) FROM filings), built_at) FROM warehouse_build"
    ).fetchone()
    if row is None:
        raise ValueError("the candidate does not say what it was built from; build it with build_warehouse")
    build_id, as_of = row
    return build_id, as_of


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()
    return int(row[0]) if row else 0
