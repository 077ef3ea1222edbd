"""How is it made sure that two runs do not get in each other's way?

Each source is worked on by one run at a time; different sources by different runs at once. Putting a new warehouse
in place is one run's business at a time: the others wait for their turn.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tasks.data_dir import DataDir
from tasks.durable_files import hold_lock


class AnotherRunError(RuntimeError):
    """Another run works on the same source of the same data folder; wait for its end."""


@contextmanager
def hold_source_lock(name: str, data: DataDir) -> Iterator[None]:
    """Hold one source for one run; the system lets go of it when the process dies, however it dies.

    Args:
        name: Of the source's ledger.
        data: The data folder.

    Raises:
        AnotherRunError: Another run holds it.
    """
    data.locks.mkdir(parents=True, exist_ok=True)
    path = data.locks / f"source-{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            what = "inputs that were named one by one" if name.startswith("_") else f"source {name}"
            raise AnotherRunError(
                f"another run (process {holder or 'unknown'}) works on {what} in {data.root}; start this one when it "
                "has ended"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def hold_promotion_lock(data: DataDir) -> Iterator[None]:
    """Wait until no other run builds a warehouse from this data folder, and keep others waiting."""
    with hold_lock(data.locks / "promotion.lock"):
        yield
