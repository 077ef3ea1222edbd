"""May a program ask for this address, as far as the site's robots.txt says (RFC 9309)?

Read with protego, kept for a day under ``DATA/politeness/``. A site without one allows everything; one that cannot
give it now is asked again later, and until then an older copy holds if there is one.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from filings.errors import TryAgain, UnusableInput
from tasks.data_dir import DataDir
from tasks.durable_files import write_durably
from tasks.fetch.connect import USER_AGENT

_FRESH_SECONDS = 24 * 3600.0
"""RFC 9309, section 2.4: a copy should not be used for longer than a day."""

MAX_ROBOTS_BYTES = 512 * 1024
"""RFC 9309, section 2.5: at least 500 kibibytes must be read."""

_LONGEST_DELAY_SECONDS = 60.0
"""Some sites forbid all but search engines by a Crawl-delay of days; what a person can wait for is obeyed."""

ReadRobots = Callable[[str], str | None]
"""Address of a robots.txt -> its text, or None if there is none; raises `TryAgain` if it cannot be had now."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says to us."""

    text: str

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        return bool(_parse(self.text).can_fetch(url, USER_AGENT))

    @property
    def delay_seconds(self) -> float:
        """Between two requests."""
        rules = _parse(self.text)
        delay = rules.crawl_delay(USER_AGENT) or 0.0
        rate = rules.request_rate(USER_AGENT)
        if rate is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        return min(float(delay), _LONGEST_DELAY_SECONDS)


@lru_cache(maxsize=256)
def _parse(text: str) -> Protego:
    return Protego.parse(text)


def find_robots(origin: str, read: ReadRobots, data: DataDir) -> Robots:
    """The rules of a site.

    Args:
        origin: ``https://host:port``.
        read: Fetches them.
        data: The data folder, where they are kept.

    Raises:
        TryAgain: They cannot be had now, and no older copy is there.
    """
    path = data.politeness / "robots" / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"
    kept = json.loads(path.read_bytes()) if path.exists() else None
    if kept is not None and 0 <= time.time() - kept["read_at"] < _FRESH_SECONDS:
        return Robots(kept["text"])
    try:
        text = read(f"{origin}/robots.txt") or ""
    except (TryAgain, UnusableInput):
        if kept is None:
            raise
        return Robots(kept["text"])
    content = {"origin": origin, "read_at": time.time(), "text": text}
    write_durably(path, json.dumps(content, ensure_ascii=False).encode())
    return Robots(text)
