"""What is known of the pages and documents of one source since the last runs (取件台账)?

``DATA/sources/<name>/`` holds one Parquet file per kind of record. While a run works, what it learns is appended to a
journal beside them, a line each; at its end the Parquet files are written anew and the journal goes. A run that was
killed leaves its journal, and the next one begins by taking it in: to take one in twice changes nothing, and a line
that was cut off is the last one. So nothing learnt is lost, writing is a line and not a file, and the folder does not
grow with the number of runs.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from filings.records import RawFile, Sha256
from tasks.data_dir import DataDir
from tasks.durable_files import sync_folder, write_durably
from tasks.run_lock import hold_source_lock

if TYPE_CHECKING:
    import polars as pl  # what only reads the records of a source that has none does without it

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Marks:
    """By what an unchanged document is known.

    Args:
        mtime_ns: Modification time of a file, in nanoseconds since the epoch.
        ctime_ns: Time of its last change of status; differs where a file was replaced under its old time.
        etag: Validator of a web server.
        last_modified: Validator of a web server, as it was sent.
    """

    mtime_ns: int | None = None
    ctime_ns: int | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """The last fetch of one document.

    Args:
        uri: The document.
        file_name: Its name there.
        sha256: Of its bytes.
        path: Of its bytes in the store, relative to the data folder.
        size: In bytes.
        fetched_at: When these bytes were first fetched from there (UTC).
        checked_at: When it was last asked for (UTC).
        uri_chain: Where redirects led, the last one answered; empty for files.
        media_type: As the server declared it; never trusted, kept for the reader of the record.
        headers: The answer's other headers of interest, as JSON.
        mtime_ns, ctime_ns, etag, last_modified: See `Marks`.
        versions: How many different contents were fetched from there.
        previous_sha256: Of the content before this one.
        changed_at: When this content replaced another (UTC).
        vanished_at: When the document was found to be gone (UTC); None while it is there.
    """

    kind: ClassVar[str] = "fetches"

    uri: str
    file_name: str
    sha256: Sha256
    path: str
    size: int
    fetched_at: datetime
    checked_at: datetime | None = None
    uri_chain: tuple[str, ...] = ()
    media_type: str | None = None
    headers: str | None = None
    mtime_ns: int | None = None
    ctime_ns: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    versions: int = 1
    previous_sha256: str | None = None
    changed_at: datetime | None = None
    vanished_at: datetime | None = None

    @property
    def marks(self) -> Marks:
        """By what an unchanged document is known."""
        return Marks(self.mtime_ns, self.ctime_ns, self.etag, self.last_modified)

    def after(self, earlier: FetchRecord | None, now: datetime) -> FetchRecord:
        """This record with what is known from before: same bytes keep their date, others are a new version."""
        if earlier is None:
            return self
        if earlier.sha256 == self.sha256:
            return replace(
                self,
                fetched_at=earlier.fetched_at,
                versions=earlier.versions,
                previous_sha256=earlier.previous_sha256,
                changed_at=earlier.changed_at,
            )
        return replace(self, versions=earlier.versions + 1, previous_sha256=earlier.sha256, changed_at=now)

    def raw_file(self) -> RawFile:
        """The original that the later steps work on."""
        return RawFile(
            sha256=self.sha256,
            path=self.path,
            source_uri=self.uri,
            file_name=self.file_name,
            fetched_at=self.fetched_at,
        )


@dataclass(frozen=True, slots=True)
class Sighting:
    """A document as its source shows it.

    Args:
        uri: The document.
        title: Of the link or the article.
        listed_on: The page that led to it.
        date: As the listing prints it.
        year: The year it is about, told from title, file name or address.
        first_seen: UTC.
        unlisted_at: When the source was found to show it no longer (UTC); None while it does.
    """

    kind: ClassVar[str] = "sightings"

    uri: str
    title: str | None
    listed_on: str | None
    date: str | None
    year: int | None
    first_seen: datetime
    unlisted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page that leads to documents, as it was last read.

    Args:
        uri: The page, with what distinguishes a request by POST.
        rules: Hash of what says how it is read; under other rules it is read again.
        found: What it holds, as JSON.
        etag: Validator.
        last_modified: Validator.
        read_at: When it was last read (UTC).
    """

    kind: ClassVar[str] = "pages"

    uri: str
    rules: str
    found: str
    etag: str | None
    last_modified: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registration says of the source, for those who read the records without it.

    Args:
        uri: The source's name.
        publisher: The body that publishes there.
        region: Administrative division code.
        level: Level of government.
        expected: Year -> least and greatest number of filings by now, as JSON.
    """

    kind: ClassVar[str] = "registered"

    uri: str
    publisher: str
    region: str | None
    level: str | None
    expected: str


Entry = FetchRecord | Sighting | PageRecord | Registered
"""Whatever a ledger keeps."""

_KINDS: Mapping[str, type[Entry]] = MappingProxyType(
    {kind.kind: kind for kind in (FetchRecord, Sighting, PageRecord, Registered)}
)

_Kind = TypeVar("_Kind", FetchRecord, Sighting, PageRecord, Registered)


class Ledger:
    """The records of one source; safe for many threads of the process that holds the source's lock.

    Args:
        folder: Where they are kept; need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        self._touched: set[str] = set()
        self._lock = threading.Lock()
        self._journal: Any = None
        for kind in _KINDS:
            self._entries[kind] = {entry.uri: entry for entry in _read_parquet(self._path(kind), _KINDS[kind])}
        for journal in self._journals():
            for entry in _read_journal(journal):
                self._entries[entry.kind][entry.uri] = entry
                self._touched.add(entry.kind)

    def find(self, kind: type[_Kind], uri: str) -> _Kind | None:
        """The record of a page or document, or None."""
        found: _Kind | None = self._entries[kind.kind].get(uri)
        return found

    def every(self, kind: type[_Kind]) -> list[_Kind]:
        """All records of a kind, in order of address."""
        with self._lock:
            return [entry for _, entry in sorted(self._entries[kind.kind].items())]

    def put(self, entry: Entry, *, is_durable: bool = False) -> None:
        """Keep a record, replacing the earlier one; an equal one costs nothing.

        Args:
            entry: The record.
            is_durable: Wait until it is on the disk: what was costly to get is not to be got twice.
        """
        with self._lock:
            if self._entries[entry.kind].get(entry.uri) == entry:
                return
            self._entries[entry.kind][entry.uri] = entry
            self._touched.add(entry.kind)
            if self._journal is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                name = f"journal-{time.time_ns():020d}-{os.getpid()}.jsonl"
                self._journal = (self._folder / name).open("x", encoding="utf-8")
                sync_folder(self._folder)
            line = {"kind": entry.kind} | asdict(entry)
            self._journal.write(json.dumps(line, ensure_ascii=False, default=datetime.isoformat) + "\n")
            self._journal.flush()
            if is_durable:
                os.fsync(self._journal.fileno())

    def close(self) -> None:
        """Write what was learnt to Parquet and remove the journals."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
                self._journal = None
            for kind in sorted(self._touched):
                entries = [entry for _, entry in sorted(self._entries[kind].items())]
                write_durably(self._path(kind), _encode(entries, _KINDS[kind]))
            self._touched.clear()
            for journal in self._journals():
                journal.unlink()

    def _path(self, kind: str) -> Path:
        return self._folder / f"{kind}.parquet"

    def _journals(self) -> list[Path]:
        return sorted(self._folder.glob("journal-*.jsonl"))


def _schema(kind: type[Entry]) -> dict[str, pl.DataType]:
    import polars as pl

    types: Mapping[str, pl.DataType] = {
        "str": pl.String(),
        "Sha256": pl.String(),
        "int": pl.Int64(),
        "datetime": pl.Datetime("us", "UTC"),
        "tuple[str, ...]": pl.List(pl.String()),
    }
    return {field.name: types[str(field.type).removesuffix(" | None")] for field in fields(kind)}


def _encode(entries: Sequence[Entry], kind: type[Entry]) -> bytes:
    import polars as pl

    columns = {
        name: pl.Series(name, [getattr(entry, name) for entry in entries], dtype=dtype, strict=False)
        for name, dtype in _schema(kind).items()
    }
    buffer = BytesIO()
    pl.DataFrame(columns).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _read_parquet(path: Path, kind: type[Entry]) -> Iterator[Entry]:
    if not path.exists():
        return
    import polars as pl

    frame = pl.read_parquet(path)
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    known = {field.name for field in fields(kind)}  # a column of a later or an earlier version is left out
    for row in frame.iter_rows(named=True):
        for name in lists:
            row[name] = tuple(row[name] or ())
        yield kind(**{name: value for name, value in row.items() if name in known})


def _read_journal(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return  # cut off by a kill
            try:
                row: dict[str, Any] = json.loads(line)
            except ValueError:
                logger.warning("%s: a damaged line is left out; what it told will be learnt again", path)
                continue
            kind = _KINDS[row.pop("kind")]
            for field in fields(kind):
                if "datetime" in str(field.type) and row.get(field.name):
                    row[field.name] = datetime.fromisoformat(row[field.name])
                elif str(field.type).startswith("tuple"):
                    row[field.name] = tuple(row[field.name])
            yield kind(**row)


_held: dict[Path, Ledger] = {}
"""The ledgers that this process holds, by folder."""


@contextmanager
def hold_ledgers(names: Iterable[str], data: DataDir) -> Iterator[None]:
    """Hold the ledgers of some sources for a run: no other run works on these sources meanwhile.

    Raises:
        AnotherRunError: Another run holds one of them.
    """
    with ExitStack() as stack:
        for name in sorted(set(names)):
            stack.enter_context(use_ledger(name, data))
        yield


@contextmanager
def use_ledger(name: str, data: DataDir) -> Iterator[Ledger]:
    """The ledger of a source: the one that this process holds, or held for the time of the block.

    Raises:
        AnotherRunError: Another run holds it.
    """
    folder = data.sources / name
    if (held := _held.get(folder)) is not None:
        yield held
        return
    with hold_source_lock(name, data):
        ledger = _held[folder] = Ledger(folder)
        try:
            yield ledger
        finally:
            del _held[folder]
            ledger.close()


def read_ledger(name: str, data: DataDir) -> Ledger:
    """The ledger of a source as it is now, to look things up in."""
    return _held.get(data.sources / name) or Ledger(data.sources / name)
