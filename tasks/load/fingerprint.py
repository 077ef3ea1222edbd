"""From what was a warehouse built, and would it come out the same now?

The fingerprint covers the Parquet files of complete filings, the quarantine, what the sources showed, and the code and data files that decide
what rows there are. Not the runs, whose records grow with every run; not how often an unreachable input was tried.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from filings.schema import load_extraction_tables
from tasks.data_dir import DataDir
from tasks.load.recorded import read_quarantine_rows, read_source_rows

_CODE = (
    ("filings", "**/*"),
    ("expectations", "**/*"),
    ("tasks", "load/**/*"),
    ("tasks", "publish/**/*"),
    ("tasks", "validate*"),
    ("tasks", "validate/**/*"),
)
"""Package and pattern of the files that decide the rows of a warehouse built from given Parquet."""

_CODE_SUFFIXES = frozenset({".py", ".toml", ".csv", ".sql", ".yml"})
"""Kinds of files that are code or its data."""

_NEWS_OF_QUARANTINE = ("source_uri", "sha256", "reason_code", "reason")
"""Columns of table quarantine in which a change is news; another failed attempt at the same address is none."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a warehouse says about itself; the row of table ``warehouse_build``."""

    build_id: str
    fingerprint: str
    built_at: datetime
    duckdb_version: str


def is_current(data: DataDir) -> bool:
    """True if the warehouse and the publication in place were built from exactly these inputs and this code."""
    build = read_build(data.warehouse)
    return (
        build is not None
        and published_build_id(data) == build.build_id
        and build.fingerprint == inputs_fingerprint(data)
    )


def read_build(warehouse: Path) -> Build | None:
    """What the warehouse was built from; None if there is none, or none that can be read."""
    if not warehouse.is_file():
        return None
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            row = connection.execute(
                "SELECT build_id, fingerprint, built_at, duckdb_version FROM warehouse_build"
            ).fetchone()
    except duckdb.Error:
        return None
    return Build(*row) if row else None


def published_build_id(data: DataDir) -> str | None:
    """Id of the build to which ``published/current`` belongs; None if nothing whole is published."""
    current = data.published_current
    return current.readlink().name if current.is_symlink() and current.is_dir() else None


def inputs_fingerprint(data: DataDir) -> str:
    """SHA-256 over everything that decides the rows of the warehouse, as hex digits.

    Of a filing's files the names and sizes count, and the content of its `filings` file, which every extraction
    writes anew and last.
    """
    digest = hashlib.sha256(f"{code_fingerprint()}\n{duckdb.__version__}\n".encode())
    sizes = {name: _sizes(data.parquet / name) for name in load_extraction_tables()}
    for file_name in sorted(sizes["filings"]):
        digest.update((data.parquet / "filings" / file_name).read_bytes())
        digest.update(repr([sizes[name].get(file_name) for name in sizes]).encode())
    news = sorted(json.dumps([row[name] for name in _NEWS_OF_QUARANTINE]) for row in read_quarantine_rows(data))
    digest.update("\n".join(news).encode())
    for rows in read_source_rows(data).values():
        for row in rows:
            digest.update(repr(sorted(row.items())).encode())
    return digest.hexdigest()


@cache
def code_fingerprint() -> str:
    """SHA-256 over the code and data files that decide what the warehouse holds, as hex digits."""
    digest = hashlib.sha256()
    for path, name in sorted(_code_files(), key=lambda found: found[1]):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _code_files() -> Iterator[tuple[Path, str]]:
    for package, pattern in _CODE:
        spec = find_spec(package)  # finds the folder without importing what lies in it
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"package {package} is not installed; run `make install`")
        root = Path(next(iter(spec.submodule_search_locations)))
        for path in root.glob(pattern):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                yield path, f"{package}/{path.relative_to(root)}"


def _sizes(folder: Path) -> dict[str, int]:
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.name.endswith(".parquet")}
