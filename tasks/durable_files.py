"""How is a file put in place so that a kill or a power cut never leaves half of it under its name?

Written under a temporary name in the same folder, synced, renamed; the folder synced after. And the locks that keep
two processes from doing the same thing to the same files at once.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TEMPORARY_SUFFIX = ".tmp"
"""Temporary files are named ``.<name>.<random>.tmp``: hidden, and no pattern for data files matches them."""


def write_temporary(path: Path, content: bytes) -> Path:
    """Write ``content``, synced, beside ``path`` under a temporary name.

    Returns:
        The temporary file, to be renamed to ``path``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def write_durably(path: Path, content: bytes) -> None:
    """Put ``content`` under ``path``: afterwards the file is there whole, or it is as it was before."""
    write_temporary(path, content).replace(path)
    sync_folder(path.parent)


def remove_temporaries(path: Path) -> None:
    """Remove what interrupted writers of ``path`` left; the caller holds the lock under which ``path`` is written."""
    for temporary in path.parent.glob(f".{path.name}.*{_TEMPORARY_SUFFIX}"):
        temporary.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock, waiting for it; the system releases it when the process dies, however it dies.

    Args:
        path: The lock file; made if absent, and left there (to delete it would let two processes lock two files).
    """
    descriptor = open_locked(path)
    try:
        yield
    finally:
        os.close(descriptor)


def open_locked(path: Path) -> int:
    """Lock ``path`` exclusively, waiting for it; the lock lives as long as the returned descriptor is open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def is_locked(path: Path) -> bool:
    """True if some process holds the lock of ``path`` at this moment."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
