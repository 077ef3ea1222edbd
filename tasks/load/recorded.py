"""What did the runs record besides extractions: the inputs in quarantine, the runs, and what the sources showed?"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from filings.schema import Table, load_tables
from tasks.candidate import TYPED
from tasks.data_dir import DataDir
from tasks.discover.found import find_year
from tasks.fetch.ledger import FetchRecord, Ledger, Registered, Sighting, read_ledger
from tasks.quarantine import read_quarantine

logger = logging.getLogger(__name__)

Row = dict[str, Any]
"""Column -> value."""


def read_quarantine_rows(data: DataDir) -> list[Row]:
    """The rows of table ``quarantine``, in order of address."""
    rows = _typed_rows(load_tables()["quarantine"], map(asdict, read_quarantine(data)))
    return sorted(rows, key=lambda row: (row["source_uri"], row["sha256"] or ""))


def read_run_rows(data: DataDir) -> list[Row]:
    """The rows of table ``runs``: every recorded run, save those whose record says that they changed nothing."""
    records = []
    for path in sorted(data.runs.glob("*.json")) if data.runs.is_dir() else ():
        try:
            record = json.loads(path.read_bytes())
        except ValueError:
            record = None
        if not isinstance(record, dict) or not record.keys() >= {"run_id", "started_at", "state"}:
            logger.warning("%s is no record of a run and is left out of table runs; delete it or repair it", path)
        elif record.get("changed", True):
            records.append(record)
    rows = _typed_rows(load_tables()["runs"], records)
    return sorted(rows, key=lambda row: (row["started_at"], row["run_id"]))


def read_source_rows(data: DataDir) -> dict[str, list[Row]]:
    """The rows of tables ``source_documents`` and ``source_expectations``, in order of their keys."""
    documents: list[dict[str, Any]] = []
    expectations: list[dict[str, Any]] = []
    for folder in sorted(data.sources.iterdir()) if data.sources.is_dir() else ():
        if folder.name == TYPED:
            continue  # what was typed belongs to no source
        ledger = read_ledger(folder.name, data)
        documents += _documents(folder.name, ledger)
        for registered in ledger.every(Registered):
            for year, (least, most) in json.loads(registered.expected).items():
                expectations.append(
                    asdict(registered)
                    | {"source": registered.uri, "administrative_level": registered.level}
                    | {"fiscal_year": int(year), "least": least, "most": most}
                )
    rows = {"source_documents": documents, "source_expectations": expectations}
    return {name: _typed_rows(load_tables()[name], found) for name, found in rows.items()}


def _documents(source: str, ledger: Ledger) -> Iterator[dict[str, Any]]:
    sightings = {sighting.uri: sighting for sighting in ledger.every(Sighting)}
    fetches = {record.uri: record for record in ledger.every(FetchRecord)}
    for uri in sorted(sightings.keys() | fetches.keys()):
        row: dict[str, Any] = {"source": source, "source_uri": uri}
        if (fetched := fetches.get(uri)) is not None:
            row |= asdict(fetched) | {"filing_id": fetched.raw_file().filing_id, "first_seen": fetched.fetched_at}
            row |= {"redirects": list(fetched.uri_chain) or None, "fiscal_year": find_year(fetched.file_name)}
        if (seen := sightings.get(uri)) is not None:
            row |= asdict(seen) | {"listed_date": seen.date, "fiscal_year": seen.year or row.get("fiscal_year")}
        yield row


def _typed_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [{name: _typed(column.type, row.get(name)) for name, column in table.columns.items()} for row in rows]


def _typed(column_type: str, value: Any) -> Any:  # noqa: ANN401
    if value is None:
        return None
    if column_type == "TIMESTAMP":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if column_type == "VARCHAR" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value
