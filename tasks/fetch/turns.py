"""When may a host be asked again?

One small file per host under ``DATA/politeness/`` says when its next request may start; whoever wants to ask takes the
next free moment under the file's lock and waits for it. As many slots per host as requests may be under way are lock
files too, let go of by the system when a process dies. So the limits hold over all threads and processes that
share the data folder, with a server or without one; `shared_limits` adds those of a Prefect server for workers that
share nothing else.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filings.errors import TryAgain
from tasks.candidate import Manners
from tasks.data_dir import DataDir

LONGEST_WAIT_SECONDS = 300.0
"""Who is asked to stay away for longer comes back in the next run instead of holding up this one."""

_POLL_SECONDS = 0.01
"""Between two looks for a free slot."""

_FORGET_SECONDS = 3600.0
"""So long the slowest pace that any source keeps with a host binds the others."""

SharedTurn = Callable[[str, Manners], AbstractContextManager[None]]
"""Host and manners -> a turn that workers on other machines respect too."""

_shared: list[SharedTurn] = []


@contextmanager
def share_turns(shared: SharedTurn) -> Iterator[None]:
    """While the block runs, every request of this process waits for this turn as well."""
    _shared.append(shared)
    try:
        yield
    finally:
        _shared.remove(shared)


@contextmanager
def take_turn(host: str, manners: Manners, data: DataDir, delay_seconds: float = 0.0) -> Iterator[None]:
    """Wait until the host may be asked; the request runs inside the block.

    Args:
        host: Name and, where it is not the usual one, port.
        manners: Of the source.
        data: The data folder.
        delay_seconds: The host's own Crawl-delay.

    Raises:
        TryAgain: ``host_pauses``: the host wants to be left alone for longer than a run waits.
    """
    stem = _stem(host, data)
    with _slot(stem, manners.concurrency):
        if _shared:
            with _shared[-1](host, manners):
                _wait(stem, host, manners, delay_seconds)
                yield
        else:
            _wait(stem, host, manners, delay_seconds)
            yield


def _wait(stem: Path, host: str, manners: Manners, delay_seconds: float) -> None:
    while True:
        now = time.time()
        if (pause := _paused_until(stem) - now) > LONGEST_WAIT_SECONDS:
            raise TryAgain(
                "host_pauses", f"{host} asked to be left alone for {pause:.0f} s; the next run asks it again"
            )
        moment = _reserve(stem, max(1.0 / manners.requests_per_second, delay_seconds), max(now, now + pause))
        time.sleep(max(0.0, moment - time.time()))
        if _paused_until(stem) <= time.time():  # nobody was sent away meanwhile
            return


def pause_host(host: str, seconds: float, data: DataDir) -> None:
    """Leave a host alone, whoever wants to ask it, because it said so (Retry-After)."""
    stem = _stem(host, data)
    with _locked(stem.with_suffix(".pause")) as file:
        until = max(_number(file), time.time() + seconds)
        _write(file, f"{until:.6f}")


def _paused_until(stem: Path) -> float:
    try:
        return float(stem.with_suffix(".pause").read_text() or 0)
    except (FileNotFoundError, ValueError):
        return 0.0


def _reserve(stem: Path, interval: float, earliest: float) -> float:
    with _locked(stem.with_suffix(".turn")) as file:
        words = os.pread(file, 100, 0).decode().split()
        free_at, slowest, said_at = map(float, words) if len(words) == 3 else (0.0, 0.0, 0.0)
        if interval >= slowest or earliest - said_at > _FORGET_SECONDS:
            slowest, said_at = interval, earliest
        moment = max(earliest, free_at)
        _write(file, f"{moment + slowest:.6f} {slowest:.6f} {said_at:.6f}")
    return moment


@contextmanager
def _slot(stem: Path, concurrency: int) -> Iterator[None]:
    stem.parent.mkdir(parents=True, exist_ok=True)
    start = threading.get_ident()
    descriptors: list[int] = []
    try:
        while True:
            for number in range(concurrency):
                path = stem.with_suffix(f".slot{(start + number) % concurrency}")
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
                descriptors.append(descriptor)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptors.pop())
                    continue
                yield
                return
            time.sleep(_POLL_SECONDS)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _number(descriptor: int) -> float:
    try:
        return float(os.pread(descriptor, 100, 0).decode() or 0)
    except ValueError:
        return 0.0


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _stem(host: str, data: DataDir) -> Path:
    readable = re.sub(r"[^a-z0-9]+", "_", host.lower())[:60]
    return data.politeness / f"{readable}-{hashlib.sha256(host.lower().encode()).hexdigest()[:8]}"
