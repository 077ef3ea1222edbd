"""What does one registered source on the web offer, and what of it may have changed since the last run?"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import Candidate, Manners, Secret
from tasks.data_dir import DataDir
from tasks.discover.found import Found, Link, address_key, file_name_of, is_wanted
from tasks.discover.pages import PageStore
from tasks.discover.site import Site
from tasks.fetch.ledger import FetchRecord, Ledger, Registered, Sighting, use_ledger
from tasks.fetch.partial import remove_old_partials
from tasks.quarantine import find_in_quarantine
from tasks.sources import Source, WrongSourceError
from tasks.sources.registration import FolderEntry, UrlEntry, UrlsEntry


@dataclass(frozen=True, slots=True)
class Looked:
    """What a source showed.

    Args:
        candidates: Its documents, those shown before and not any more included.
        warnings: What the operator must know.
        failures: Pages that could not be read, and why.
        read: Pages that were in quarantine and could be read now.
        counts: Pages sent and unchanged, requests tried again.
    """

    candidates: tuple[Candidate, ...]
    warnings: tuple[str, ...]
    failures: Mapping[str, UnusableInput | TryAgain]
    read: tuple[str, ...]
    counts: Mapping[str, int]


def look_at(source: Source, data: DataDir | None, *, is_full: bool, now: datetime) -> Looked:
    """Look at a source's pages and keep what they show in its ledger.

    Args:
        source: The registration.
        data: The data folder; None forgets all afterwards.
        is_full: Read every page and ask for every document.
        now: The time that counts as the run's (UTC).
    """
    if data is None:
        with tempfile.TemporaryDirectory() as folder:
            return look_at(source, DataDir(Path(folder)), is_full=is_full, now=now)
    manners = manners_of(source)
    remove_old_partials(data, now)
    with use_ledger(source.name, data) as ledger:
        pages = PageStore(manners, ledger, data, now, is_full)
        site = Site(source, pages)
        shown: dict[str, Found] = {}
        for found in _documents(source, site):
            if is_wanted(source.select, found):
                shown.setdefault(address_key(found.link.url), found)
        candidates = [_candidate(found, source, manners, ledger, is_full=is_full, now=now) for found in shown.values()]
        candidates += _no_longer_shown(source, manners, ledger, shown, now, is_complete=not site.failures)
        ledger.put(_registered(source, now))
        warnings = [*site.warnings, *_shortfalls(source, shown.values(), now)]
    failing = [f"source {source.name}: {url}: {error.reason}" for url, error in site.failures.items()]
    counts = {"pages_read": pages.read, "pages_unchanged": pages.unchanged, "retries": pages.retries}
    mended = tuple(url for url in site.good if find_in_quarantine(url, data) is not None)
    return Looked(tuple(candidates), (*failing, *warnings), site.failures, mended, counts)


def manners_of(source: Source) -> Manners:
    """How a registered source's sites are asked."""
    addresses = [
        str(value)
        for entry in source.entry_points
        for name, value in entry
        if name in ("listing", "sitemap", "feed", "api", "url", "bucket") and value is not None
    ]
    return Manners(
        requests_per_second=source.politeness.requests_per_second,
        concurrency=source.politeness.concurrency,
        obeys_robots=True,
        recheck_days=source.politeness.recheck_days,
        secrets=tuple(Secret(known.environment, known.header, known.query) for known in source.credentials),
        secret_hosts=frozenset(urlsplit(address).netloc.lower() for address in addresses),
    )


def _documents(source: Source, site: Site) -> Iterator[Found]:
    for entry in source.entry_points:
        if isinstance(entry, UrlEntry):
            yield Found(Link(str(entry.url), entry.title), "")
        elif isinstance(entry, UrlsEntry):
            yield from (Found(link, "") for link in _listed(source, entry))
        elif not isinstance(entry, FolderEntry):
            yield from site.documents(entry)


def _listed(source: Source, entry: UrlsEntry) -> Iterator[Link]:
    if not isinstance(entry.urls, Path):
        yield from (Link(str(url)) for url in entry.urls)
        return
    try:
        lines = entry.urls.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSourceError(f"source {source.name}: its list {entry.urls} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        url, *title = line.split(maxsplit=1)
        if urlsplit(url).scheme not in ("http", "https"):
            raise WrongSourceError(f"{entry.urls}:{number}: {url} is no http(s) address")
        yield Link(safe_url_string(url), title[0].strip() if title else None)


def _candidate(
    found: Found, source: Source, manners: Manners, ledger: Ledger, *, is_full: bool, now: datetime
) -> Candidate:
    link = found.link
    seen = ledger.find(Sighting, link.url)
    sighting = Sighting(
        uri=link.url,
        title=link.title,
        listed_on=found.listed_on or None,
        date=link.date,
        year=found.year,
        first_seen=seen.first_seen if seen else now,
    )
    ledger.put(sighting)
    is_changed = seen is None or (seen.title, seen.date) != (link.title, link.date) or seen.unlisted_at is not None
    is_due = is_changed or is_full or _is_due(link.url, manners, ledger, now)
    return Candidate(link.url, file_name_of(link.url), source.name, source.name, manners, is_due)


def _is_due(url: str, manners: Manners, ledger: Ledger, now: datetime) -> bool:
    """Whether a document was last asked for so long ago that it may have changed unannounced.

    Spread by address over the second half of the time, so that a site is not asked for all of them on one day.
    """
    record = ledger.find(FetchRecord, url)
    if record is None or record.checked_at is None:
        return False  # never had: quarantine knows whether to ask for it
    share = int(hashlib.sha256(url.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return now - record.checked_at >= timedelta(days=manners.recheck_days * (0.5 + share / 2))


def _no_longer_shown(
    source: Source, manners: Manners, ledger: Ledger, shown: Mapping[str, Found], now: datetime, *, is_complete: bool
) -> Iterator[Candidate]:
    """Documents of earlier runs: asked for once more when the source shows them no longer, then only when due.

    Where a page could not be read, what it showed before counts as shown.
    """
    present = {found.link.url for found in shown.values()}
    for sighting in ledger.every(Sighting):
        if sighting.uri in present:
            continue
        is_new_absence = is_complete and sighting.unlisted_at is None
        if is_new_absence:
            ledger.put(replace(sighting, unlisted_at=now))
        is_due = is_new_absence or ledger.find(FetchRecord, sighting.uri) is None
        yield Candidate(sighting.uri, file_name_of(sighting.uri), source.name, source.name, manners, is_due)


def _registered(source: Source, now: datetime) -> Registered:
    years = {year: [expected.min, expected.max] for year, expected in source.expectations.by_year(now.date()).items()}
    return Registered(
        uri=source.name,
        publisher=source.publisher,
        region=source.region,
        level=source.level,
        expected=json.dumps(years),
    )


def _shortfalls(source: Source, shown: Iterable[Found], now: datetime) -> list[str]:
    by_year = Counter(found.year for found in shown)
    told = []
    for year, expected in source.expectations.by_year(now.date()).items():
        number = by_year[year]
        if number < expected.min:
            told.append(
                f"source {source.name}: {number} documents of {year} found, at least {expected.min} expected: look "
                "whether the site has changed"
            )
        elif expected.max is not None and number > expected.max:
            told.append(f"source {source.name}: {number} documents of {year} found, at most {expected.max} expected")
    return told
