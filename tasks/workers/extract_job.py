"""What a worker process does with one original: read it, understand it, write its Parquet files.

Imported by the worker, so it names neither Prefect nor DuckDB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from filings.errors import UnusableInput
from filings.records import RawFile
from tasks.archives import ArchiveMember, write_members
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION, extract_document
from tasks.extract.readers import list_archived, read_document
from tasks.extract.readers.archive import Member
from tasks.fetch.store import store_bytes
from tasks.parquet import write_filing


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """What one filing gave; small enough to be kept as a task's result.

    Args:
        filing_id: The filing.
        issuer: Who published it, if it says so.
        fiscal_year: Its year, if it says so.
        statements: Statements found, those printed but empty included.
        line_items: Printed amounts and percentages.
        refused: Of an archive of several documents: those that could not be used.
    """

    filing_id: str
    issuer: str | None
    fiscal_year: int | None
    statements: int
    line_items: int
    refused: tuple[ArchiveMember, ...] = ()


def extract_job(raw: RawFile, root: Path, loaded_at: datetime) -> ExtractReport:
    """Extract one original and write what it holds.

    Raises:
        UnusableInput: The document cannot be used.
    """
    data = DataDir(root)
    content = (root / raw.path).read_bytes()
    documents = list_archived(content, raw.file_name)
    if documents:
        return _extract_archive(raw, documents, data, loaded_at)
    return _extract(content, raw, data, loaded_at)


def _extract(content: bytes, raw: RawFile, data: DataDir, loaded_at: datetime) -> ExtractReport:
    records = extract_document(read_document(content, raw.file_name), raw.file_name)
    write_filing(records, raw, EXTRACTOR_VERSION, loaded_at, data)
    return ExtractReport(
        filing_id=raw.filing_id,
        issuer=records.identity.issuer,
        fiscal_year=records.identity.fiscal_year,
        statements=sum(statement.state != "missing" for statement in records.statements),
        line_items=len(records.line_items),
    )


def _extract_archive(
    archive: RawFile, documents: Sequence[Member], data: DataDir, loaded_at: datetime
) -> ExtractReport:
    """Make a filing of each document; one that cannot be used does not stop the others."""
    reports: list[ExtractReport] = []
    members: list[ArchiveMember] = []
    for name, content in documents:
        stored = store_bytes([content], name, data)
        uri = f"{archive.source_uri}#{quote(name)}"
        raw = RawFile(stored.sha256, stored.path, uri, PurePosixPath(name).name, archive.fetched_at)
        try:
            reports.append(_extract(content, raw, data, loaded_at))
            members.append(ArchiveMember(uri, stored.sha256))
        except UnusableInput as refusal:
            members.append(ArchiveMember(uri, stored.sha256, refusal.reason_code, refusal.reason))
    write_members(archive.filing_id, EXTRACTOR_VERSION, members, data)
    issuers = {report.issuer for report in reports}
    years = {report.fiscal_year for report in reports}
    return ExtractReport(
        filing_id=archive.filing_id,
        issuer=f"archive of {len(documents)} documents" if len(issuers) != 1 else issuers.pop(),
        fiscal_year=years.pop() if len(years) == 1 else None,
        statements=sum(report.statements for report in reports),
        line_items=sum(report.line_items for report in reports),
        refused=tuple(member for member in members if not member.is_loaded),
    )
