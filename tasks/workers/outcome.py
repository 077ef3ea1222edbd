"""What comes back from a worker process, and under what limits did it work?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from filings.errors import TryAgain, UnusableInput

SECONDS_SETTING = "YUSUAN_EXTRACT_SECONDS"
"""Environment variable: how long one filing may take, in seconds."""

MEMORY_SETTING = "YUSUAN_EXTRACT_MEMORY_BYTES"
"""Environment variable: how much address space one filing may take, in bytes."""

_DEFAULT_SECONDS = 600.0
"""A hundredfold of what the largest known filing with a text layer takes."""

_BYTES_PER_SECOND = 20_000
"""One second more for so many bytes."""

_SECONDS_PER_PICTURE = 15.0
"""What recognising a scanned page may take: 1.2 to 3.2 seconds of one core were measured, and 5 on a machine that others use."""

_BYTES_OF_PICTURE = 8_000
"""No page of print is scanned to less: black and white at 200 dpi, Group 4, gave 13,000 to 56,000 bytes."""

_DEFAULT_MEMORY_BYTES = 6 * 1024**3
"""Address space, not resident memory: the libraries alone reserve about 1 GiB of it without using it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use: wall-clock seconds and bytes of address space; None: as much as there is."""

    seconds: float | None = None
    memory_bytes: int | None = None


def read_limits(size_bytes: int = 0, pictures: int = 0) -> Limits:
    """The limits as the operator set them, or the defaults.

    Unless the operator set how long a filing may take, a large one may take longer, and one of many scanned pages longer still.

    Args:
        size_bytes: Of the filing.
        pictures: How many pictures it holds, each of which may be a page to recognise.
    """
    scanned = min(pictures, size_bytes // _BYTES_OF_PICTURE)
    seconds = _DEFAULT_SECONDS + size_bytes / _BYTES_PER_SECOND + scanned * _SECONDS_PER_PICTURE
    return Limits(
        seconds=float(os.environ.get(SECONDS_SETTING, seconds)),
        memory_bytes=int(os.environ.get(MEMORY_SETTING, _DEFAULT_MEMORY_BYTES)),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended.

    Args:
        value: What the function returned, if it did.
        error: What it raised, if it is one of the two kinds of error that say what to do.
        traceback: What it raised otherwise, as text: a fault of the program.
        messages: Warnings that the libraries logged meanwhile.
    """

    value: Any = None
    error: UnusableInput | TryAgain | None = None
    traceback: str | None = None
    messages: tuple[str, ...] = ()


class ProgramFaultError(Exception):
    """A worker raised something that no input should cause; carries the worker's traceback as text."""
