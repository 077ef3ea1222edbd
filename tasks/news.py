"""Of which inputs is there nothing to be learnt, so that nothing need be started for them?

Answered from the file system alone: a file that is unchanged, or a document of the web that its source shows
unchanged and that is not due to be asked for, which is loaded or refused for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from tasks.archives import is_extracted
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION
from tasks.fetch import find_fetched
from tasks.fetch.file import is_unchanged
from tasks.fetch.ledger import Ledger, read_ledger
from tasks.load import is_current
from tasks.quarantine import QuarantineRow, find_in_quarantine


@dataclass(frozen=True, slots=True)
class Settled:
    """Inputs of which nothing is to be learnt: how many are loaded, how many refused for good."""

    loaded: int
    refused: int


@dataclass(slots=True)
class News:
    """Tells inputs that need work from those that do not.

    Args:
        data: The data folder.
    """

    data: DataDir
    _ledgers: dict[str, Ledger] = field(default_factory=dict)

    def verdict(self, candidate: Candidate) -> Literal["loaded", "refused"] | None:
        """What became of an input, or None where work is needed to tell."""
        ledger = self._ledgers.get(candidate.ledger)
        if ledger is None:
            ledger = self._ledgers[candidate.ledger] = read_ledger(candidate.ledger, self.data)
        is_file = urlsplit(candidate.uri).scheme == "file"
        if not is_file and candidate.is_news:
            return None
        refusal = find_in_quarantine(candidate.uri, self.data)
        record = find_fetched(candidate.uri, ledger, self.data)
        if record is None:
            return "refused" if refusal and not is_file and _stands(refusal, candidate) else None
        if is_file and not is_unchanged(candidate.uri, record):
            return None
        if refusal is not None:
            is_same = (refusal.sha256, refusal.extractor_version) == (record.sha256, EXTRACTOR_VERSION)
            return "refused" if is_same and not refusal.is_transient else None
        return "loaded" if is_extracted(record.raw_file().filing_id, EXTRACTOR_VERSION, self.data) else None


def _stands(refusal: QuarantineRow, candidate: Candidate) -> bool:
    """Whether a document that could not be had is left alone this time."""
    age = datetime.now(UTC) - refusal.last_seen
    return not refusal.is_transient and age < timedelta(days=candidate.manners.recheck_days)


def find_settled(candidates: Sequence[Candidate], data: DataDir) -> Settled | None:
    """What a run over these candidates would come to, if it would change nothing.

    Args:
        candidates: The inputs.
        data: The data folder.

    Returns:
        The counts, or None where a run is needed to tell.
    """
    news = News(data)
    loaded = refused = 0
    for candidate in candidates:
        verdict = news.verdict(candidate)
        if verdict is None:
            return None
        loaded += verdict == "loaded"
        refused += verdict == "refused"
    return Settled(loaded, refused) if is_current(data) else None
