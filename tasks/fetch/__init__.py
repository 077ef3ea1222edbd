"""How do a candidate's original bytes get into the store?

Knows where candidates can be and what may go wrong on the way; knows nothing of what the bytes hold.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from filings.errors import UnusableInput
from filings.records import RawFile
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.fetch.file import fetch_file
from tasks.fetch.ledger import FetchRecord, Ledger, use_ledger

logger = logging.getLogger(__name__)


def fetch(candidate: Candidate, data: DataDir, now: datetime) -> RawFile:
    """Bring a candidate's bytes into the store of originals, unless they are there.

    A document that was fetched before and is gone from the web now is recorded as vanished; what was fetched stays.

    Args:
        candidate: Where the document is.
        data: The data folder.
        now: The time that counts as the fetch's (UTC).

    Returns:
        The original.

    Raises:
        UnusableInput: The document cannot be had.
        TryAgain: It cannot be had now.
    """
    with use_ledger(candidate.ledger, data) as ledger:
        earlier = find_fetched(candidate.uri, ledger, data)
        if urlsplit(candidate.uri).scheme == "file":
            record = fetch_file(candidate, earlier, data, now)
        else:
            record = _fetch_from_web(candidate, earlier, data, now)
        ledger.put(record, is_durable=earlier is None or earlier.sha256 != record.sha256)
    return record.raw_file()


def _fetch_from_web(candidate: Candidate, earlier: FetchRecord | None, data: DataDir, now: datetime) -> FetchRecord:
    from tasks.fetch.http import fetch_url  # httpx takes longer to import than a run without news takes

    try:
        return fetch_url(candidate, earlier, data, now)
    except UnusableInput as error:
        if earlier is None or error.reason_code not in _GONE_CODES:
            raise
        logger.warning("%s was fetched before and cannot be had any more: %s", candidate.uri, error.reason)
        return replace(earlier, checked_at=now, vanished_at=earlier.vanished_at or now)


_GONE_CODES = frozenset({"not_found", "html_error_page", "login_page"})
"""What a document that was there before gets when it was taken down; some sites answer with a page instead of 404."""


def find_fetched(uri: str, ledger: Ledger, data: DataDir) -> FetchRecord | None:
    """The record of a document whose bytes are in the store, or None."""
    record = ledger.find(FetchRecord, uri)
    if record is None:
        return None
    original = data.root / record.path
    return record if original.is_file() and original.stat().st_size == record.size else None
