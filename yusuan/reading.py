"""What do the commands that only read the warehouse answer?

Imports neither Prefect nor Great Expectations, so that they answer at once. The warehouse is opened read-only and
closed again, so that a run may replace it meanwhile.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from tasks.data_dir import DataDir
from tasks.summary import Summary, read_summary
from yusuan.terminal import err, out, plain, print_json, print_pairs, print_table

_LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}
"""A query sees the warehouse and nothing else: no files, no network."""

_MAX_SHOWN = 50
"""Rows of findings shown to a person; ``--json`` and ``--csv`` give all."""

Rows = tuple[list[str], list[tuple[Any, ...]]]
"""Column names, and the rows."""


class NoWarehouseError(RuntimeError):
    """There is no warehouse in the data folder yet."""


@contextmanager
def open_warehouse(data: DataDir) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse in place, read-only.

    Raises:
        NoWarehouseError: There is none yet; says what to do.
    """
    if not data.warehouse.exists():
        raise NoWarehouseError(
            f"there is no warehouse in {data.root} yet; make one with `yusuan ingest SOURCE --data {data.root}`"
        )
    with duckdb.connect(data.warehouse, read_only=True, config=_LOCKED_DOWN) as connection:
        yield connection


def read_query(data: DataDir, sql: str, parameters: Sequence[Any] = ()) -> Rows:
    """The rows that a query gives.

    Raises:
        NoWarehouseError: There is no warehouse yet.
        duckdb.Error: The query is wrong, or wants to write.
    """
    with open_warehouse(data) as connection:
        cursor = connection.execute(sql, list(parameters))
        return [column[0] for column in cursor.description or ()], cursor.fetchall()


def read_findings(data: DataDir, filters: dict[str, str | None]) -> Rows:
    """Findings, the gravest first.

    Args:
        data: The data folder.
        filters: ``filing`` (start of an id, or part of an issuer's or a file's name), ``severity``, ``category``,
            ``rule``; None: any.
    """
    conditions = {
        "filing": "(f.filing_id LIKE $1 || '%' OR g.issuer LIKE '%' || $1 || '%' OR g.file_name LIKE '%' || $1 || '%')",
        "severity": "f.severity = $1",
        "category": "f.category = $1",
        "rule": "f.rule_id = $1",
    }
    given = {name: value for name, value in filters.items() if value is not None}
    where = " AND ".join(conditions[name].replace("$1", f"${number}") for number, name in enumerate(given, start=1))
    sql = f"""
        SELECT f.*, g.issuer, g.fiscal_year, g.file_name FROM findings f JOIN filings g USING (filing_id)
        WHERE {where or "true"}
        ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
                 g.issuer, g.fiscal_year, f.filing_id, f.page, f.rule_id, f.finding_id
    """
    return read_query(data, sql, list(given.values()))


def show_findings(rows: Rows, *, as_json: bool, as_csv: bool) -> None:
    """Print findings as a table, JSON or CSV."""
    columns, records = rows
    if as_json or as_csv:
        show_rows(rows, as_json=as_json, as_csv=as_csv)
        return
    index = {name: columns.index(name) for name in columns}
    shown = ("severity", "issuer", "fiscal_year", "page", "rule_id", "message")
    ordered = _causes_first(records, index["finding_id"], index["root_finding_id"])
    table = [
        ["↳ " + record[index[name]] if name == "message" and follows else record[index[name]] for name in shown]
        for record, follows in ordered[:_MAX_SHOWN]
    ]
    print_table(shown, table)
    if len(records) > _MAX_SHOWN:
        err.print(f"… {len(records) - _MAX_SHOWN} more; narrow them with --filing, --severity, --rule, or use --csv")
    followers = sum(follows for _, follows in ordered)
    out.print(f"{len(records)} findings: {len(records) - followers} causes, {followers} that follow from them (↳)")


def _causes_first(records: Sequence[tuple[Any, ...]], own: int, root: int) -> list[tuple[tuple[Any, ...], bool]]:
    """The records, each with whether it follows from another's cause; after their cause where that is among them."""
    places = {record[own]: place for place, record in enumerate(records)}
    ordered = sorted(
        enumerate(records), key=lambda one: (places.get(one[1][root], one[0]), one[1][root] is not None, one[0])
    )
    return [(record, record[root] is not None) for _, record in ordered]


def show_rows(rows: Rows, *, as_json: bool, as_csv: bool = False) -> None:
    """Print the rows of a query as a table, JSON or CSV."""
    columns, records = rows
    if as_json:
        print_json([dict(zip(columns, record, strict=True)) for record in records])
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([plain(value) for value in record] for record in records)
    else:
        print_table(columns, records)


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """The numbers of a summary, for programs."""
    return {
        "filings": summary.filings,
        "statements": summary.statements,
        "line_items": summary.line_items,
        "checks": {
            "evaluated": summary.evaluated,
            "exact": summary.exact,
            "rounding": summary.rounding,
            "violated": summary.violated,
            "not_evaluable": summary.not_evaluable,
        },
        "findings": summary.findings,
        "quarantine": [
            {"source_uri": row.source_uri, "sha256": row.sha256, "reason_code": row.reason_code, "reason": row.reason}
            for row in summary.quarantine
        ],
        "per_filing": list(summary.per_filing),
    }


def places(data: DataDir) -> dict[str, str]:
    """Where what a run made is to be found."""
    return {
        "warehouse": str(data.warehouse),
        "published": str(data.published_current / "index.html"),
        "data_docs": str(data.published_current / "data_docs" / "index.html"),
    }


def show_summary(summary: Summary) -> None:
    """Print what the warehouse holds."""
    print_pairs(
        {
            "Filings": str(summary.filings),
            "Statements": str(summary.statements),
            "Amounts": str(summary.line_items),
            "Checks": f"{summary.evaluated} evaluated: {summary.exact} exact, {summary.rounding} within rounding, "
            f"{summary.violated} violated; {summary.not_evaluable} not evaluable",
            "Findings": ", ".join(f"{number} {severity}" for severity, number in summary.findings.items()) or "none",
        }
    )


def show_quarantine(summary: Summary) -> None:
    """Print what is in quarantine and why."""
    if not summary.quarantine:
        return
    out.print(f"\n[bold]In quarantine[/]: {len(summary.quarantine)} inputs")
    for row in summary.quarantine[:_MAX_SHOWN]:
        out.print(f"  {row.source_uri}", markup=False)
        out.print(f"    {row.reason_code}: {row.reason}", markup=False)


def show_status(data: DataDir, *, as_json: bool) -> None:
    """Print what the data folder holds."""
    with open_warehouse(data) as connection:
        columns, runs = (
            (cursor := connection.execute("SELECT * FROM runs ORDER BY started_at DESC LIMIT 1")).description,
            cursor.fetchall(),
        )
        last_run = dict(zip([column[0] for column in columns or ()], runs[0], strict=True)) if runs else None
    summary = read_summary(data)
    if as_json:
        print_json(summary_as_json(summary) | places(data) | {"last_run": last_run})
        return
    columns_shown = (
        "filing_id",
        "issuer",
        "fiscal_year",
        "report_type",
        "status",
        "statement_count",
        "line_item_count",
    )
    print_table(
        ("filing", "issuer", "year", "type", "status", "statements", "amounts", "evaluated", "violated"),
        [[row[name] for name in (*columns_shown, "evaluated", "violated")] for row in summary.per_filing[:_MAX_SHOWN]],
    )
    if summary.filings > _MAX_SHOWN:
        out.print(f'… {summary.filings - _MAX_SHOWN} more: yusuan query "SELECT * FROM filings"')
    out.print()
    show_summary(summary)
    show_quarantine(summary)
    if last_run is not None:
        out.print(f"\n  Last run that changed something: {last_run['run_id']}, {last_run['state']}")
