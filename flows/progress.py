"""How does whoever started a run see it advance?

A listener of this process is told of each step; without one, nothing happens. Flows announce, the terminal listens.
"""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str, int, int], None]
"""Called with the step's name, how many of its parts are done, and how many there are."""

listeners: list[Listener] = []
"""Who is told."""


def announce(step: str, done: int = 0, total: int = 1) -> None:
    """Tell all listeners how far a step is."""
    for listener in listeners:
        listener(step, done, total)
