"""What does the command line say of registered sources?

Imports neither Prefect nor Great Expectations. A check reads the pages of a site with its own manners, but downloads no
document and leaves nothing in the records of the data folder.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tasks.data_dir import DataDir
from tasks.discover import discover
from tasks.discover.found import find_year
from tasks.fetch.ledger import Sighting, read_ledger
from tasks.sources import WrongSourceError, find_registry, read_registry
from yusuan.terminal import err, out, print_json, print_table

_MAX_SHOWN = 100
"""Documents shown to a person; ``--json`` gives all."""


def show_sources(*, as_json: bool) -> int:
    """Print what is registered."""
    registry = find_registry()
    sources = read_registry(registry).values()
    if as_json:
        print_json([source.model_dump(mode="json") for source in sources])
        return 0
    rows = [
        [
            source.name,
            source.publisher,
            source.region,
            source.level,
            "yes" if source.enabled else "no",
            f"{source.schedule.cron} {source.schedule.timezone}" if source.schedule else "daily",
            ", ".join(_entry_name(entry) for entry in source.entry_points),
        ]
        for source in sources
    ]
    print_table(("source", "publisher", "region", "level", "enabled", "schedule", "entry points"), rows)
    out.print(f"{len(rows)} sources in {registry}")
    return 0


def _entry_name(entry: Any) -> str:  # noqa: ANN401
    return type(entry).__name__.removesuffix("Entry").lower()


def check_source(name: str, *, as_json: bool) -> int:
    """Print what a source would find, without downloading a document and without keeping anything.

    Returns:
        0, or 3 where pages could not be read or fewer filings were found than are expected.

    Raises:
        WrongSourceError: No source of that name is registered.
    """
    registry = find_registry()
    if name not in read_registry(registry):
        raise WrongSourceError(f"{name}: no source of that name in {registry}; see `yusuan sources list`")
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        discovery = discover([name], registry, data)
        sightings = {sighting.uri: sighting for sighting in read_ledger(name, data).every(Sighting)}
    found = [
        {
            "uri": candidate.uri,
            "file_name": candidate.file_name,
            "title": seen.title if (seen := sightings.get(candidate.uri)) else None,
            "date": seen.date if seen else None,
            "year": seen.year if seen else find_year(candidate.file_name),
            "listed_on": seen.listed_on if seen else None,
        }
        for candidate in discovery.candidates
    ]
    status = 3 if discovery.warnings else 0
    counts = discovery.counts.get(name, {})
    if as_json:
        print_json({"documents": found, "warnings": list(discovery.warnings), "counts": dict(counts)})
        return status
    shown = [[row["year"], row["date"], row["title"] or row["file_name"], row["uri"]] for row in found[:_MAX_SHOWN]]
    print_table(("year", "date", "title", "address"), shown)
    if len(found) > _MAX_SHOWN:
        out.print(f"… {len(found) - _MAX_SHOWN} more: yusuan sources check {name} --json")
    years = Counter(row["year"] for row in found)
    by_year = ", ".join(f"{year or 'unknown'}: {years[year]}" for year in sorted(years, key=lambda year: year or 0))
    out.print(f"\n{len(found)} documents ({by_year or 'none'}); {counts.get('pages_read', 0)} pages read")
    for warning in discovery.warnings:
        err.print(f"warning: {warning}", markup=False)
    return status
