"""What documents does a SOURCE offer?

A SOURCE, as typed or registered, becomes candidates in an order that depends on the source only. No document is
downloaded here; of registered sites the pages that lead to documents are read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import TYPED, Candidate, Manners
from tasks.data_dir import DataDir
from tasks.discover.folder import is_document_name, walk
from tasks.fetch.secrets import without_secrets
from tasks.sources import Source, WrongSourceError, read_registry
from tasks.sources.registration import FolderEntry

__all__ = ["Candidate", "Discovery", "discover", "is_document_name", "ledger_names", "wanted_sources"]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the sources offer.

    Args:
        candidates: In the order of the sources, then as each shows them; no address twice.
        skipped: Paths of files that are obviously no documents.
        warnings: What the operator must know, first of all sources that show fewer filings than expected.
        failures: Pages that lead to documents and could not be read, and why.
        read: Pages that were read, of those in quarantine from an earlier run.
        counts: Source -> how many pages were sent, were unchanged, and requests tried again.
    """

    candidates: tuple[Candidate, ...]
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]
    failures: Mapping[str, UnusableInput | TryAgain] = field(default_factory=dict)
    read: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def wanted_sources(sources: Sequence[str], registry: Path, *, is_scheduled: bool = False) -> list[str]:
    """The SOURCEs of a run: as named, or all that are registered and enabled.

    Args:
        sources: As named; may be empty.
        registry: Folder of the registrations.
        is_scheduled: Leave out those with a schedule of their own.

    Raises:
        WrongSourceError: The registry is not sound, or nothing is left to look at.
    """
    if sources:
        return list(sources)
    enabled = [source for source in read_registry(registry).values() if source.enabled]
    if not enabled:
        raise WrongSourceError(f"no SOURCE given, and {registry} registers none that is enabled")
    return [source.name for source in enabled if not (is_scheduled and source.schedule is not None)]


def ledger_names(sources: Sequence[str], registry: Path) -> list[str]:
    """The ledgers that a run over these SOURCEs works with."""
    registered = read_registry(registry)
    return sorted({source if source in registered else TYPED for source in sources})


def discover(
    sources: Sequence[str],
    registry: Path,
    data: DataDir | None = None,
    *,
    is_full: bool = False,
    now: datetime | None = None,
) -> Discovery:
    """Turn SOURCEs into candidates.

    Args:
        sources: Registered names, files, folders, ``http(s)`` or ``file`` URLs; a registered name wins over a folder of
            the same name, which is then written ``./name``. Empty: all enabled registrations.
        registry: Folder of the registrations.
        data: The data folder; needed for registered sites, whose pages are kept there.
        is_full: Look at every page and ask for every document, whether it may have changed or not.
        now: The time that counts as the run's (UTC).

    Raises:
        WrongSourceError: A SOURCE names nothing, or the registry is not sound.
    """
    registered = read_registry(registry)
    found: dict[str, Candidate] = {}
    skipped: list[str] = []
    warnings: list[str] = []
    failures: dict[str, UnusableInput | TryAgain] = {}
    read: list[str] = []
    counts: dict[str, Mapping[str, int]] = {}
    for wanted in wanted_sources(sources, registry):
        registration = registered.get(wanted)
        if registration is None:
            offered: Iterable[Candidate] = _typed(wanted, skipped)
        elif not registration.is_on_web:
            offered = list(_in_folders(registration, skipped))
            warnings += _unexpected_number(registration, len(offered))
        else:
            from tasks.discover.registered import look_at  # what reads pages takes a second to import

            folders = list(_in_folders(registration, skipped))
            looked = look_at(registration, data, is_full=is_full, now=now or datetime.now(UTC))
            offered = [*folders, *looked.candidates]
            warnings += [*looked.warnings, *_unexpected_number(registration, len(offered))]
            failures |= looked.failures
            read += looked.read
            counts[wanted] = looked.counts
        for candidate in offered:
            found.setdefault(candidate.uri, candidate)
    return Discovery(tuple(found.values()), tuple(skipped), tuple(warnings), failures, tuple(read), counts)


def _in_folders(registration: Source, skipped: list[str]) -> Iterator[Candidate]:
    for entry in registration.entry_points:
        if not isinstance(entry, FolderEntry):
            continue
        if not entry.folder.exists():
            raise WrongSourceError(f"source {registration.name}: its folder {entry.folder} does not exist")
        yield from _in_path(entry.folder, registration.name, skipped, registration.name)


def _typed(source: str, skipped: list[str]) -> Iterator[Candidate]:
    if "://" in source:
        yield from _in_url(source, skipped)
    elif Path(source).exists():
        yield from _in_path(Path(source), source, skipped, TYPED)
    else:
        raise WrongSourceError(f"{source}: no such file or folder, not a URL, and no registered source of that name")


def _in_url(url: str, skipped: list[str]) -> Iterator[Candidate]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme == "file" and parts.netloc in ("", "localhost"):
        path = Path(unquote(parts.path))
        if not path.exists():
            raise WrongSourceError(f"{url}: no such file or folder")
        yield from _in_path(path, url, skipped, TYPED)
    elif scheme in ("http", "https") and parts.hostname:
        address = without_secrets(parts._replace(fragment="").geturl())
        name = unquote(parts.path).rstrip("/").rpartition("/")[2]
        yield Candidate(uri=address, file_name=name or parts.hostname, source=address, manners=Manners())
    else:
        raise WrongSourceError(f"{url}: a URL must be http://, https:// or file:///")


def _in_path(path: Path, source: str, skipped: list[str], ledger: str) -> Iterator[Candidate]:
    if path.is_dir():
        for file in walk(path, frozenset()):
            if is_document_name(file.name):
                yield _file_candidate(file, source, ledger)
            else:
                skipped.append(str(file))
    elif path.is_file():
        yield _file_candidate(path, source, ledger)
    else:
        raise WrongSourceError(f"{path}: neither a file nor a folder")


def _file_candidate(file: Path, source: str, ledger: str) -> Candidate:
    absolute = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would name a link's target, not the input
    return Candidate(uri=absolute.as_uri(), file_name=file.name, source=source, ledger=ledger)


def _unexpected_number(source: Source, number: int) -> list[str]:
    expected = source.expectations
    if number < expected.min_filings:
        return [f"source {source.name}: {number} documents found, at least {expected.min_filings} expected"]
    if expected.max_filings is not None and number > expected.max_filings:
        return [f"source {source.name}: {number} documents found, at most {expected.max_filings} expected"]
    return []
