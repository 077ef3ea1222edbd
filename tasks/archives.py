"""Which filings came out of this archive (压缩包中的文件)? Kept beside the originals, so that it is opened once.

Each document in an archive becomes an original and a filing of its own; the archive itself stays in the store and is
no filing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from filings.records import FilingId, Sha256
from tasks.data_dir import DataDir
from tasks.durable_files import write_durably
from tasks.parquet import find_filing


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """What became of one document in an archive.

    Args:
        source_uri: The archive's URI and, after ``#``, the document's name in it.
        sha256: Of the document.
        reason_code: Why it could not be used, or None if it is a filing.
        reason: The same in words.
    """

    source_uri: str
    sha256: Sha256
    reason_code: str | None = None
    reason: str | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether it became a filing."""
        return self.reason_code is None


def write_members(archive: FilingId, extractor_version: str, members: Sequence[ArchiveMember], data: DataDir) -> None:
    """Keep what an extractor made of an archive."""
    content = {"extractor_version": extractor_version, "members": [asdict(member) for member in members]}
    path = data.root / "archives" / f"{archive}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def read_members(archive: FilingId, extractor_version: str, data: DataDir) -> tuple[ArchiveMember, ...]:
    """What that version of the extractor made of an archive; empty if it has not opened it."""
    path = data.root / "archives" / f"{archive}.json"
    if not path.is_file():
        return ()
    content = json.loads(path.read_bytes())
    if content["extractor_version"] != extractor_version:
        return ()
    return tuple(ArchiveMember(**member) for member in content["members"])


def is_extracted(original: FilingId, extractor_version: str, data: DataDir) -> bool:
    """Whether an original's extraction is complete on disk, be it a document or an archive of several."""
    if find_filing(original, extractor_version, data):
        return True
    members = read_members(original, extractor_version, data)
    return bool(members) and all(
        find_filing(FilingId(member.sha256[:16]), extractor_version, data) for member in members if member.is_loaded
    )
