"""How is one original extracted as a step of a run?

In a worker process, once per content and extractor: a filing whose extraction is on disk is not read again.
"""

from __future__ import annotations

import mmap
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import task
from prefect.context import TaskRunContext
from prefect.logging import get_run_logger
from prefect.tasks import Task, exponential_backoff

from filings.records import RawFile
from tasks.archives import is_extracted
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION
from tasks.fetch_filing import BACKOFF_SECONDS, is_transient
from tasks.workers import Workers
from tasks.workers.extract_job import ExtractReport
from tasks.workers.outcome import Outcome, read_limits

_REPORT_FORMAT = 2
"""Raised when `ExtractReport` changes, so that a report kept by an older program is not taken for a new one."""

_PICTURE = re.compile(rb"/Subtype\s*/Image\b")

_HEADER_WITHIN = 1024
"""A PDF says so within its first bytes (ISO 32000-1, annex H)."""

_WORKERS = Workers("tasks.workers.extract_job:extract_job")
"""The processes of this run; the task runner's threads bound their number."""


def extract_filing(original: RawFile, data: DataDir, now: datetime) -> Outcome:
    """Extract one original in a process of its own and write what it holds.

    Args:
        original: From the store.
        data: The data folder.
        now: The time that counts as the extraction's (UTC).

    Returns:
        An outcome whose value is an `ExtractReport`.

    Raises:
        UnusableInput: The document cannot be used, or a limit was reached.
        ProgramFaultError: The extractor is at fault.
    """
    path = data.root / original.path
    limits = read_limits(path.stat().st_size, count_pictures(path))
    return _WORKERS.run((original, data.root, now), limits)


def count_pictures(path: Path) -> int:
    """How many pictures a PDF holds, without opening it: their dictionaries are never packed; none in another format."""
    if path.stat().st_size == 0:
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return sum(1 for _ in _PICTURE.finditer(content)) if content.find(b"%PDF-", 0, _HEADER_WITHIN) >= 0 else 0


def cache_key(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """The content and whoever reads it; the extractor's version holds the hash of the form data."""
    return f"extract-{_REPORT_FORMAT}-{parameters['original'].sha256}-{EXTRACTOR_VERSION.replace('+', '-')}"


@task(
    name="extract",
    task_run_name="extract {original.file_name}",
    retries=2,
    retry_delay_seconds=exponential_backoff(BACKOFF_SECONDS),
    retry_jitter_factor=0.5,
    retry_condition_fn=is_transient,
    cache_key_fn=cache_key,
    persist_result=True,
)
def extract_task(original: RawFile, data: DataDir) -> ExtractReport:
    """`extract_filing`, as a step of a run."""
    logger = get_run_logger()
    outcome = extract_filing(original, data, datetime.now(UTC))
    for message in outcome.messages:
        logger.info("%s", message)
    report: ExtractReport = outcome.value
    logger.info(
        "%s is filing %s: %s, %s; %d statements, %d amounts",
        original.file_name,
        report.filing_id,
        report.issuer or "issuer unknown",
        report.fiscal_year or "year unknown",
        report.statements,
        report.line_items,
    )
    return report


def extract_task_for(original: RawFile, data: DataDir) -> Task[[RawFile, DataDir], ExtractReport]:
    """The task that extracts this original: a kept result counts only while the Parquet files it tells of are there."""
    is_on_disk = is_extracted(original.filing_id, EXTRACTOR_VERSION, data)
    return extract_task.with_options(refresh_cache=not is_on_disk)
