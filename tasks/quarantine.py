"""What inputs could not be used, why, and what is to be done about each?

One small JSON file per input under ``DATA/quarantine/``, named by a hash of its URI; the bytes, where there are any,
stay in the store of originals. An input leaves quarantine when a later run can use it.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filings.errors import TryAgain, UnusableInput
from filings.records import Sha256
from tasks.archives import ArchiveMember
from tasks.data_dir import DataDir
from tasks.durable_files import sync_folder, write_durably


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One input in quarantine; the columns of table ``quarantine``, then what decides on another attempt.

    Args:
        source_uri: The input.
        sha256: Of its bytes, where there are any.
        reason_code: Stable code of the reason.
        reason: What was found and what to do.
        first_seen: When it was first tried (UTC).
        last_seen: When it was last tried (UTC).
        attempts: How often it was tried.
        extractor_version: The extractor that refused the bytes; None where there were none to read.
        is_transient: True where the reason may pass by itself, so that every run tries again.
    """

    source_uri: str
    sha256: Sha256 | None
    reason_code: str
    reason: str
    first_seen: datetime
    last_seen: datetime
    attempts: int
    extractor_version: str | None = None
    is_transient: bool = False


def put_in_quarantine(
    source_uri: str,
    error: UnusableInput | TryAgain,
    data: DataDir,
    *,
    seen: datetime,
    sha256: Sha256 | None = None,
    extractor_version: str | None = None,
) -> QuarantineRow:
    """Record that an input could not be used; a further attempt on it is counted.

    Args:
        source_uri: The input.
        error: Why.
        data: The data folder.
        seen: When it was tried (UTC).
        sha256: Of its bytes, where it could be fetched.
        extractor_version: Of the extractor that refused the bytes.
    """
    earlier = find_in_quarantine(source_uri, data)
    row = QuarantineRow(
        source_uri=source_uri,
        sha256=sha256,
        reason_code=error.reason_code,
        reason=error.reason,
        first_seen=earlier.first_seen if earlier else seen,
        last_seen=seen,
        attempts=earlier.attempts + 1 if earlier else 1,
        extractor_version=extractor_version,
        is_transient=isinstance(error, TryAgain),
    )
    content = asdict(row) | {"first_seen": row.first_seen.isoformat(), "last_seen": row.last_seen.isoformat()}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_durably(_path(source_uri, data), text.encode())
    return row


def refuse_members(refused: Sequence[ArchiveMember], extractor_version: str, data: DataDir, *, seen: datetime) -> int:
    """Record the documents of an archive that could not be used, once for each extractor; returns how many they are."""
    for member in refused:
        if find_standing_refusal(member.source_uri, member.sha256, extractor_version, data) is None:
            put_in_quarantine(
                member.source_uri,
                UnusableInput(member.reason_code or "", member.reason or ""),
                data,
                seen=seen,
                sha256=member.sha256,
                extractor_version=extractor_version,
            )
    return len(refused)


def release_from_quarantine(source_uri: str, data: DataDir) -> bool:
    """Take an input out of quarantine because it could be used.

    Returns:
        True if it was in quarantine.
    """
    path = _path(source_uri, data)
    if not path.exists():
        return False
    path.unlink()
    sync_folder(path.parent)
    return True


def find_in_quarantine(source_uri: str, data: DataDir) -> QuarantineRow | None:
    """The row of one input, if it is in quarantine."""
    path = _path(source_uri, data)
    return _read(path) if path.exists() else None


def find_standing_refusal(
    source_uri: str, sha256: Sha256, extractor_version: str, data: DataDir
) -> QuarantineRow | None:
    """The row of an input whose very bytes this very extractor has refused for good: to try again is pointless."""
    row = find_in_quarantine(source_uri, data)
    if row is None or row.is_transient or (row.sha256, row.extractor_version) != (sha256, extractor_version):
        return None
    return row


def read_quarantine(data: DataDir) -> list[QuarantineRow]:
    """All inputs in quarantine, in order of their URIs."""
    return sorted((_read(path) for path in data.quarantine.glob("[0-9a-f]*.json")), key=lambda row: row.source_uri)


def _path(source_uri: str, data: DataDir) -> Path:
    return data.quarantine / f"{hashlib.sha256(source_uri.encode()).hexdigest()[:32]}.json"


def _read(path: Path) -> QuarantineRow:
    content = json.loads(path.read_bytes())
    times = {name: datetime.fromisoformat(content[name]) for name in ("first_seen", "last_seen")}
    return QuarantineRow(**(content | times))


def refusal_of(error: Exception) -> UnusableInput | TryAgain:
    """What to put into quarantine for whatever went wrong with one input.

    Args:
        error: As it came out of a step.

    Raises:
        Exception: The error itself, where it is not the input's: a full disk stops the whole run.
    """
    if isinstance(error, UnusableInput | TryAgain):
        return error
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        raise error
    return TryAgain(
        "internal_error",
        f"the program failed on it ({type(error).__name__}); every run tries again; "
        "report it with the traceback in the run's log",
    )


_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})
"""A full or read-only disk, or too many open files: the next input would fare no better."""
