"""How is a document fetched from a folder of this machine?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filings.errors import UnusableInput
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.fetch.ledger import FetchRecord, Marks
from tasks.fetch.store import store_bytes

_CHUNK_BYTES = 1 << 20

_CLOCK_GRAIN = timedelta(seconds=2)
"""A file changed within the coarsest file system's clock tick (FAT: 2 s) before it was read may have changed after it
under the same time: its marks are not kept, and the next run reads it again."""


def fetch_file(candidate: Candidate, earlier: FetchRecord | None, data: DataDir, now: datetime) -> FetchRecord:
    """Fetch a ``file:`` URI; an unchanged file is not read again.

    Raises:
        UnusableInput: ``not_found``, ``not_a_file``, ``forbidden`` or ``too_large``.
    """
    path = Path(unquote(urlsplit(candidate.uri).path))
    try:
        status = path.stat()
        if not path.is_file():
            raise UnusableInput("not_a_file", f"{path} is not a regular file; name a document or a folder")
        marks = _marks(status)
        if earlier and earlier.marks == marks and earlier.size == status.st_size:
            return earlier
        stored = store_bytes(_chunks(path), candidate.file_name, data)
    except FileNotFoundError as error:
        raise UnusableInput(
            "not_found", f"{path} has vanished since it was listed; ingest it again if it is back"
        ) from error
    except PermissionError as error:
        raise UnusableInput("forbidden", f"{path} may not be read by this user; grant read permission") from error
    changed_at = max(status.st_mtime, status.st_ctime)
    is_settled = changed_at < (now - _CLOCK_GRAIN).timestamp()
    fetched = FetchRecord(
        uri=candidate.uri,
        file_name=candidate.file_name,
        sha256=stored.sha256,
        path=stored.path,
        size=stored.size,
        fetched_at=now,
        mtime_ns=marks.mtime_ns if is_settled else None,
        ctime_ns=marks.ctime_ns if is_settled else None,
    )
    return fetched.after(earlier, now)


def is_unchanged(uri: str, earlier: FetchRecord) -> bool:
    """True if the file is certainly what it was when it was last fetched."""
    try:
        status = Path(unquote(urlsplit(uri).path)).stat()
    except OSError:
        return False
    return earlier.size == status.st_size and earlier.marks == _marks(status)


def _marks(status: os.stat_result) -> Marks:
    return Marks(mtime_ns=status.st_mtime_ns, ctime_ns=status.st_ctime_ns)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
