"""How does a run use all cores on documents that it does not trust?

The readers' libraries are not thread-safe, and a document may make them loop, swell or crash. So each document is read
in a process of its own, under limits; `Workers` hands the jobs out and the outcomes back.
"""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tasks.workers.outcome import Limits, Outcome, ProgramFaultError

_STOP_SECONDS = 5.0
"""How long a worker may take to end by itself; a closed connection ends an idle one at once."""


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection[Any, Any]

    def stop(self) -> None:
        self.connection.close()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Workers:
    """Processes that all run the same function; started when needed, kept for the next job, shared by threads.

    Args:
        target: The function, as ``module:name``; its module must be safe to fork after import.
        preload: Modules that the function imports itself and that are slow to import.
    """

    def __init__(self, target: str, preload: Sequence[str] = ()) -> None:
        self._command = [target, *preload]
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        atexit.register(self.stop)

    def run(self, arguments: tuple[Any, ...], limits: Limits) -> Outcome:
        """Run the function in a process of its own and wait for the outcome.

        Raises:
            UnusableInput, TryAgain: As the function, or a limit was reached.
            ProgramFaultError: The function raised anything else.
        """
        with self._borrow() as worker:
            worker.connection.send((arguments, limits))
            outcome: Outcome = worker.connection.recv()
        if outcome.error is not None:
            raise outcome.error
        if outcome.traceback is not None:
            raise ProgramFaultError(outcome.traceback)
        return outcome

    def warm_up(self) -> None:
        """Start a process now, so that its imports are done when the first job comes."""
        worker = self._start()
        with self._lock:
            self._idle.append(worker)

    def stop(self) -> None:
        """End all idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    @contextmanager
    def _borrow(self) -> Iterator[_Worker]:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        worker = worker or self._start()
        try:
            yield worker
        except BaseException:
            worker.process.kill()  # in the midst of a job, or dead already: not to be used again
            worker.stop()
            raise
        with self._lock:
            self._idle.append(worker)

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tasks.workers.zygote", str(theirs.fileno()), *self._command],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        return _Worker(process, Connection(ours.detach()))
