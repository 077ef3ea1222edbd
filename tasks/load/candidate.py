"""Where is a warehouse built before it is put in place, and whose is a file that was left there?

A candidate has a name of its own beside the warehouse (the same file system, so that a rename puts it in place) and
a lock that its builder's process holds until the candidate is promoted or given up. A candidate whose lock is free
belongs to a run that died.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from tasks.data_dir import DataDir
from tasks.durable_files import hold_lock, is_locked, open_locked

_PREFIX = "warehouse.candidate-"
"""Candidates are ``warehouse.candidate-<random>.duckdb`` under DATA, with DuckDB's own ``.wal`` and ``.tmp`` beside."""

_UNFINISHED_PREFIX = ".unfinished-"
"""A candidate's publication is written into ``published/.unfinished-<name of the candidate>`` before it gets its name."""

_held: dict[Path, int] = {}
"""The open descriptors of the locks of this process's candidates."""


def new_candidate(data: DataDir) -> Path:
    """Name a new candidate and lock it; what died runs left is removed first."""
    data.root.mkdir(parents=True, exist_ok=True)
    remove_stale_candidates(data)
    candidate = data.root / f"{_PREFIX}{secrets.token_hex(8)}.duckdb"
    with hold_lock(data.locks / "candidates.lock"):
        _held[candidate] = open_locked(_lock_path(candidate, data))
    return candidate


def remove_candidate(candidate: Path, data: DataDir) -> None:
    """Give up a candidate: its files, if they are still there, and its lock."""
    with hold_lock(data.locks / "candidates.lock"):
        _remove_files(candidate, data)
        _lock_path(candidate, data).unlink(missing_ok=True)
        if (descriptor := _held.pop(candidate, None)) is not None:
            os.close(descriptor)


def remove_stale_candidates(data: DataDir) -> list[Path]:
    """Remove the candidates of runs that died.

    Returns:
        The candidates removed.
    """
    with hold_lock(data.locks / "candidates.lock"):
        names = [path.name for path in data.root.glob(f"{_PREFIX}*")]
        names += [path.name.removeprefix(_UNFINISHED_PREFIX) for path in data.published.glob(f"{_UNFINISHED_PREFIX}*")]
        left = {data.root / f"{name.split('.duckdb')[0]}.duckdb" for name in names}
        stale = sorted(path for path in left if not is_locked(_lock_path(path, data)))
        for candidate in stale:
            _remove_files(candidate, data)
        for lock in data.locks.glob(f"{_PREFIX}*.lock"):
            if not is_locked(lock):
                lock.unlink(missing_ok=True)
    return stale


def unfinished_publication(candidate: Path, data: DataDir) -> Path:
    """The folder that a candidate's publication is written into; removed with the candidate."""
    return data.published / f"{_UNFINISHED_PREFIX}{candidate.name}"


def _lock_path(candidate: Path, data: DataDir) -> Path:
    return data.locks / f"{candidate.name}.lock"


def _remove_files(candidate: Path, data: DataDir) -> None:
    for path in (*candidate.parent.glob(f"{candidate.name}*"), unfinished_publication(candidate, data)):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
