"""How does a new warehouse with its publication take the place of the old one?

Renames only, under a lock. A reader that holds the old file open reads on; one that opens anew sees the new whole.
Between the two renames (database, link) a kill leaves a warehouse whose publication is missing: `is_current` says so,
and the next run builds and publishes again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tasks.data_dir import DataDir
from tasks.durable_files import hold_lock, sync_file, sync_folder
from tasks.load.candidate import remove_candidate, unfinished_publication
from tasks.load.fingerprint import is_current, read_build

_KEPT_PUBLICATIONS = 2
"""The current publication and the one before it, whose readers may still be at it."""

_NEW_LINK = ".new-link"
"""The link before it becomes ``current``; made and renamed under the lock."""


def new_publication_folder(candidate: Path, data: DataDir) -> Path:
    """A fresh folder under ``published/`` to write a candidate's publication into, before it gets its name."""
    folder = unfinished_publication(candidate, data)
    if folder.exists():  # an earlier attempt at the same candidate failed
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def promote(candidate: Path, publication: Path, data: DataDir) -> bool:
    """Put a candidate and its publication in place, both or neither as far as a reader can tell.

    Args:
        candidate: The new warehouse, closed.
        publication: Its publication, written by `publish_warehouse` into a folder of `new_publication_folder`.
        data: The data folder.

    Returns:
        False if another run has meanwhile published what is current while this candidate is not: it is given up.

    Raises:
        ValueError: The candidate is not a warehouse.
    """
    build = read_build(candidate)
    if build is None:
        raise ValueError(f"{candidate} is not a warehouse built by build_warehouse; build it again")
    _sync_tree(publication)
    sync_file(candidate)
    with hold_lock(data.locks / "promote.lock"):
        in_place = read_build(data.warehouse)
        if in_place and in_place.fingerprint != build.fingerprint and is_current(data):
            remove_candidate(candidate, data)
            return False
        named = data.published / build.build_id
        if named.exists():  # an earlier attempt at promoting this very build was interrupted
            shutil.rmtree(named)
        publication.rename(named)
        sync_folder(data.published)
        # DuckDB would replay a log that someone's writing session left beside the old file into the new one.
        data.warehouse.with_name(f"{data.warehouse.name}.wal").unlink(missing_ok=True)
        candidate.replace(data.warehouse)
        sync_folder(data.root)
        link = data.published / _NEW_LINK
        link.unlink(missing_ok=True)
        link.symlink_to(build.build_id, target_is_directory=True)
        link.replace(data.published_current)
        sync_folder(data.published)
        _remove_old_publications(data, build.build_id)
    remove_candidate(candidate, data)
    return True


def _remove_old_publications(data: DataDir, current: str) -> None:
    """Remove what no reader can be at any more."""
    older = sorted(
        (
            path
            for path in data.published.iterdir()
            if path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and path.name != current
        ),
        key=lambda path: path.stat().st_mtime_ns,  # two builds of one second are told apart by chance only
    )
    for path in older[: max(0, len(older) - _KEPT_PUBLICATIONS + 1)]:
        shutil.rmtree(path, ignore_errors=True)


def _sync_tree(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        for name in files:
            sync_file(Path(root) / name)
        sync_folder(Path(root))
