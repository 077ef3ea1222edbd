"""A process that runs each job in a child of its own, so that a hostile document kills only itself.

``python -m tasks.workers.zygote FD MODULE:FUNCTION [MODULE…]`` imports the function, and modules that it will want, once
and forks per job: a fresh process without the cost of the imports. It ends when its parent does, and takes a running child with it.
"""

from __future__ import annotations

import importlib
import logging
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn

from filings.errors import TryAgain, UnusableInput
from tasks.workers.outcome import Limits, Outcome

_MAX_MESSAGES = 20
"""A damaged PDF can log thousands of warnings; the first few tell what is wrong."""


def main(descriptor: int, target: str, preload: Sequence[str]) -> None:
    """Answer jobs until the parent closes its end."""
    parent: Connection[Any, Any] = Connection(descriptor)
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    for wanted in preload:
        importlib.import_module(wanted)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C reaches the whole group: the parent decides, we follow
    while True:
        try:
            arguments, limits = parent.recv()
        except EOFError:
            return
        parent.send(_run_in_child(function, arguments, limits, parent))


def _run_in_child(
    function: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits, parent: Connection[Any, Any]
) -> Outcome:
    receiver, sender = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        receiver.close()
        parent.close()
        _child(function, arguments, limits, sender)
    sender.close()
    try:
        ready = wait([receiver, parent], timeout=limits.seconds)
        if parent in ready:
            raise SystemExit(0)
        if not ready:
            return Outcome(
                error=UnusableInput(
                    "took_too_long",
                    f"reading it was stopped after {limits.seconds:g} s; open it, and if it is a sound filing, "
                    "raise YUSUAN_EXTRACT_SECONDS and report it",
                )
            )
        try:
            outcome: Outcome = receiver.recv()
        except EOFError:
            return Outcome(
                error=UnusableInput(
                    "reader_crashed",
                    "the process that read it died; the file is damaged or made to do harm: print it anew from a "
                    "viewer, or look for another copy",
                )
            )
        return outcome
    finally:
        os.kill(child, signal.SIGKILL)  # not yet waited for, so the number is still the child's
        os.waitpid(child, 0)
        receiver.close()


def _child(
    function: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits, sender: Connection[Any, Any]
) -> NoReturn:
    if limits.memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    messages = _Messages()
    logging.getLogger().addHandler(messages)
    try:
        outcome = Outcome(value=function(*arguments), messages=tuple(messages.texts))
    except (UnusableInput, TryAgain) as error:
        outcome = Outcome(error=error, messages=tuple(messages.texts))
    except MemoryError:
        outcome = Outcome(
            error=UnusableInput(
                "too_much_memory",
                f"reading it needs more than {limits.memory_bytes} bytes; open it, and if it is a sound filing, "
                "raise YUSUAN_EXTRACT_MEMORY_BYTES and report it",
            )
        )
    except BaseException:  # the process ends here whatever it was, and its parent must hear why
        outcome = Outcome(traceback=traceback.format_exc(), messages=tuple(messages.texts))
    sender.send(outcome)
    os._exit(0)


class _Messages(logging.Handler):
    """Keeps the first warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.texts) < _MAX_MESSAGES:
            self.texts.append(f"{record.name}: {record.getMessage()}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
