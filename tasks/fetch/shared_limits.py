"""How do workers that share a Prefect server, but no disk, keep the limits of a host together?

By two global concurrency limits of the server per host, made when the host is first asked: one of how many requests
are under way, one that frees so many slots per second. They are used strictly: one that someone has deleted stops the
request instead of letting it pass.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate
from prefect.concurrency.sync import concurrency, rate_limit
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from tasks.candidate import Manners

_LEASE_SECONDS = 900.0
"""A worker that died gives its slot back after this; longer than any document may take."""

_made: set[str] = set()
_lock = threading.Lock()


def limit_names(host: str) -> tuple[str, str]:
    """What the two limits of a host are called on the server: requests at once, requests per second."""
    name = re.sub(r"[^a-z0-9.-]+", "-", host.lower())
    return f"yusuan-host-{name}", f"yusuan-rate-{name}"


@contextmanager
def prefect_turn(host: str, manners: Manners) -> Iterator[None]:
    """A turn at a host that all workers of the server respect."""
    at_once, per_second = limit_names(host)
    with _lock:
        if at_once not in _made:
            require_limits(host, manners)
            _made.add(at_once)
    with concurrency(at_once, occupy=1, strict=True, lease_duration=_LEASE_SECONDS):
        rate_limit(per_second, occupy=1, strict=True)
        yield


def require_limits(host: str, manners: Manners) -> None:
    """Make the host's limits on the server, or bring them to what the registration says."""
    at_once, per_second = limit_names(host)
    rate = manners.requests_per_second
    _require(at_once, manners.concurrency, 0.0)
    _require(per_second, max(1, int(rate)), rate)


def _require(name: str, limit: int, decay: float) -> None:
    with get_client(sync_client=True) as client:
        try:
            found = client.read_global_concurrency_limit_by_name(name)
        except ObjectNotFound:
            with suppress(ObjectAlreadyExists):  # another worker was faster
                client.create_global_concurrency_limit(
                    GlobalConcurrencyLimitCreate(name=name, limit=limit, slot_decay_per_second=decay)
                )
            return
        if (found.limit, found.slot_decay_per_second) != (limit, decay):
            client.update_global_concurrency_limit(
                name, GlobalConcurrencyLimitUpdate(limit=limit, slot_decay_per_second=decay)
            )
