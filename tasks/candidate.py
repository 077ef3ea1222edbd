"""What is a document that may be a filing, before it is fetched, and how may its site be asked?"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

TYPED = "_typed"
"""Ledger of the inputs that were typed at the command line; no registered source can be called so."""

RATE_SETTING = "YUSUAN_REQUESTS_PER_SECOND"
"""Environment variable: requests per second and host for addresses that were typed."""

_TYPED_REQUESTS_PER_SECOND = 2.0
"""About what a person clicking through a list of downloads does."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A header or a parameter of the address whose value is in the environment."""

    environment: str
    header: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site is asked.

    Args:
        requests_per_second: At most, for each host, over all workers.
        concurrency: Requests under way at once, for each host, over all workers.
        obeys_robots: True for whatever is found by a program. A person who types one address is no robot.
        recheck_days: After how many days a known document is asked for again; 0: in every run.
        secrets: What the site wants to know of us; goes to the hosts of `secret_hosts` only.
        secret_hosts: Hosts of the registration's own entry points.
    """

    requests_per_second: float = field(default_factory=lambda: typed_requests_per_second())
    concurrency: int = 2
    obeys_robots: bool = False
    recheck_days: float = 0.0
    secrets: tuple[Secret, ...] = ()
    secret_hosts: frozenset[str] = frozenset()


def typed_requests_per_second() -> float:
    """The rate for addresses that were typed."""
    return float(os.environ.get(RATE_SETTING, _TYPED_REQUESTS_PER_SECOND))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may be a filing (待取文件).

    Args:
        uri: Where it is: ``file:`` or ``http(s):``; without credentials.
        file_name: Its name there, for logs and for the run's task names.
        source: The registered name or the SOURCE as typed.
        ledger: In which ledger its fetches are kept: the registered name, or `TYPED`.
        manners: How its site is asked.
        is_news: True if its listing shows it for the first time, or otherwise than before.
    """

    uri: str
    file_name: str
    source: str
    ledger: str = TYPED
    manners: Manners = field(default_factory=Manners)
    is_news: bool = True
