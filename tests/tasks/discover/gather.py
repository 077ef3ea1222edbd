"""Looks at a source and fetches what it shows, as a run does, but without Prefect and without reading the documents.

``python -m tests.tasks.discover.gather NAME DATA REGISTRY`` does so as a process of its own.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.discover import Discovery, discover
from tasks.fetch import fetch, find_fetched
from tasks.fetch.ledger import hold_ledgers, read_ledger

TRIES = 4


@dataclass
class Gathered:
    discovery: Discovery
    sha256s: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    retries: Counter[str] = field(default_factory=Counter)


def gather(names: list[str], data: DataDir, registry: Path, *, is_full: bool = False, threads: int = 8) -> Gathered:
    """What came, and what did not and why."""
    with hold_ledgers(names, data):
        gathered = Gathered(discover(names, registry, data, is_full=is_full))

        def get(candidate: Candidate) -> None:
            if not candidate.is_news and find_fetched(candidate.uri, read_ledger(candidate.ledger, data), data):
                return
            for attempt in range(TRIES):
                try:
                    gathered.sha256s[candidate.uri] = fetch(candidate, data, datetime.now(UTC)).sha256
                    return
                except UnusableInput as error:
                    gathered.refused[candidate.uri] = error.reason_code
                    return
                except TryAgain as error:
                    gathered.retries[candidate.uri] += 1
                    gathered.refused[candidate.uri] = error.reason_code
                    time.sleep(0.05 * 2**attempt)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(get, gathered.discovery.candidates))
    for uri in gathered.sha256s:
        gathered.refused.pop(uri, None)
    return gathered


if __name__ == "__main__":
    gather(sys.argv[1].split(","), DataDir(Path(sys.argv[2])), Path(sys.argv[3]))
