"""How do original bytes get into the content-addressed store, once and for ever?

Bytes are streamed under a temporary name while their SHA-256 is computed, then renamed to it. A document that is in
the store is never written again, whatever its name this time.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from filings.errors import UnusableInput
from filings.records import Sha256
from tasks.data_dir import DataDir
from tasks.durable_files import sync_folder

MAX_BYTES_SETTING = "YUSUAN_MAX_DOCUMENT_BYTES"
"""Environment variable that sets another size limit."""

_DEFAULT_MAX_BYTES = 256 * 1024 * 1024
"""No filing comes near; the largest province-wide volumes have some 60 MB."""

_SUFFIXES_BY_CONTENT = ((b"%PDF-", ".pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".ole"))
"""First bytes -> suffix; only for whoever opens the store by hand, no reader trusts it."""


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A document in the store: its hash, its path relative to the data folder, its size in bytes."""

    sha256: Sha256
    path: str
    size: int


def max_document_bytes() -> int:
    """The size above which a document is refused."""
    return int(os.environ.get(MAX_BYTES_SETTING, _DEFAULT_MAX_BYTES))


def store_bytes(chunks: Iterable[bytes], file_name: str, data: DataDir) -> StoredBytes:
    """Put a document into the store.

    Args:
        chunks: Its bytes.
        file_name: Gives the suffix where the content does not.
        data: The data folder.

    Raises:
        UnusableInput: ``too_large``.
    """
    data.raw.mkdir(parents=True, exist_ok=True)
    temporary = data.raw / f".{secrets.token_hex(8)}.tmp"
    limit = max_document_bytes()
    digest = hashlib.sha256()
    size = 0
    head = b""
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                head = head or chunk[:1024]
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return _put_in_place(temporary, Sha256(digest.hexdigest()), size, _suffix(head, file_name), data)
    finally:
        temporary.unlink(missing_ok=True)


def adopt_file(file: Path, sha256: str, size: int, file_name: str, data: DataDir) -> StoredBytes:
    """Move a file that is on the disk whole into the store.

    Args:
        file: Under the data folder; gone afterwards, unless the store had these bytes.
        sha256: Of its bytes.
        size: In bytes.
        file_name: Gives the suffix where the content does not.
        data: The data folder.
    """
    with file.open("rb") as opened:
        head = opened.read(1024)
    return _put_in_place(file, Sha256(sha256), size, _suffix(head, file_name), data)


def too_large(limit: int) -> UnusableInput:
    """The refusal of a document that is larger than ``limit`` bytes."""
    return UnusableInput(
        "too_large", f"the document is larger than {limit} bytes; if it is a filing, raise {MAX_BYTES_SETTING}"
    )


def _put_in_place(file: Path, sha256: Sha256, size: int, suffix: str, data: DataDir) -> StoredBytes:
    path = _find_stored(sha256, data) or data.raw_path(sha256, suffix)
    if not (path.exists() and path.stat().st_size == size):
        path.parent.mkdir(parents=True, exist_ok=True)
        file.replace(path)
        sync_folder(path.parent)
    return StoredBytes(sha256, path.relative_to(data.root).as_posix(), size)


def _find_stored(sha256: Sha256, data: DataDir) -> Path | None:
    folder = data.raw_path(sha256, "").parent
    return min(folder.glob(f"{sha256}*"), default=None) if folder.is_dir() else None


def _suffix(head: bytes, file_name: str) -> str:
    for magic, suffix in _SUFFIXES_BY_CONTENT:
        if head.startswith(magic):
            return suffix
    named = Path(file_name).suffix.lower()
    return named if re.fullmatch(r"\.[a-z0-9]{1,8}", named) else ".bin"
