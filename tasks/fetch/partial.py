"""How does a download that broke off go on where it ended?

The bytes that came lie under ``DATA/partial/`` with the validator that the server gave for them. The next try asks for
the rest on condition that the document is still the same (Range and If-Range, RFC 9110). Without a strong validator
nothing is kept: the rest of another version would make a document that never was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from filings.errors import UnusableInput
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.durable_files import write_durably
from tasks.fetch.store import StoredBytes, adopt_file, max_document_bytes, too_large

_CHUNK_BYTES = 1 << 20

_KEPT_FOR = timedelta(days=30)
"""A source that is run monthly still finds its broken download."""


@dataclass(frozen=True, slots=True)
class Partial:
    """The beginning of a document.

    Args:
        path: Of the bytes; the validator lies beside them.
        validator: Strong ETag or Last-Modified; None where nothing has come yet.
        size: Bytes that are there.
    """

    path: Path
    validator: str | None
    size: int

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the rest."""
        if not self.validator or not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def goes_on_with(self, response: httpx.Response) -> bool:
        """True if the answer is the rest of these bytes."""
        told = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        return response.status_code == httpx.codes.PARTIAL_CONTENT and told is not None and int(told[1]) == self.size

    def discard(self) -> None:
        """Begin anew the next time."""
        _validator_file(self.path).unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def receive(
        self, chunks: Iterable[bytes], response: httpx.Response, file_name: str, data: DataDir, *, goes_on: bool
    ) -> StoredBytes:
        """Take in the bytes and put the whole document into the store.

        Args:
            chunks: The body, decoded.
            response: Its headers.
            file_name: Gives the suffix where the content does not.
            data: The data folder.
            goes_on: The body is the rest of what is there.

        Raises:
            UnusableInput: ``too_large``; nothing is kept.
            Whatever reading the body raises: what came is kept if the server gave a strong validator.
        """
        validator = _strong_validator(response)
        if not goes_on:
            self.discard()
            if validator is not None:
                write_durably(_validator_file(self.path), json.dumps({"validator": validator}).encode())
        self.path.parent.mkdir(parents=True, exist_ok=True)
        limit = max_document_bytes()
        digest = hashlib.sha256()
        size = 0
        try:
            with self.path.open("ab+") as file:
                file.seek(0)
                while piece := file.read(_CHUNK_BYTES):
                    digest.update(piece)
                    size += len(piece)
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise too_large(limit)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except UnusableInput:
            self.discard()
            raise
        except Exception:
            if validator is None and not goes_on:
                self.discard()
            raise
        stored = adopt_file(self.path, digest.hexdigest(), size, file_name, data)
        self.discard()
        return stored


def find_partial(candidate: Candidate, data: DataDir) -> Partial:
    """What is there of a document; nothing, if no try broke off."""
    name = hashlib.sha256(f"{candidate.ledger} {candidate.uri}".encode()).hexdigest()[:32]
    path = data.partial / f"{name}.part"
    try:
        validator = json.loads(_validator_file(path).read_bytes())["validator"]
        return Partial(path, validator, path.stat().st_size)
    except (FileNotFoundError, ValueError, KeyError):
        return Partial(path, None, 0)


def remove_old_partials(data: DataDir, now: datetime) -> None:
    """Remove what broke off so long ago that nobody will go on with it."""
    oldest = (now - _KEPT_FOR).timestamp()
    for path in data.partial.glob("*.*") if data.partial.is_dir() else ():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # another run was faster


def _validator_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _strong_validator(response: httpx.Response) -> str | None:
    """What If-Range may name (RFC 9110, 13.1.5); None where the rest cannot be asked for."""
    if response.headers.get("Content-Encoding") or response.headers.get("Accept-Ranges", "").lower() == "none":
        return None
    etag = response.headers.get("ETag")
    if etag and not etag.startswith("W/"):
        return str(etag)
    return None if etag else response.headers.get("Last-Modified")
