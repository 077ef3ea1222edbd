"""What is known of a source outlives any kill, and costs a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from filings.records import Sha256
from tasks.data_dir import DataDir
from tasks.fetch.ledger import FetchRecord, Ledger, Sighting, hold_ledgers, read_ledger, use_ledger
from tasks.run_lock import AnotherRunError, hold_source_lock

NOW = datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=UTC)
RECORD = FetchRecord(
    "https://e.org/1.pdf", "预算.pdf", Sha256("ab"), "raw/ab/ab.pdf", 7, NOW, NOW, ("https://e.org/2",), etag='"1"'
)
SEEN = Sighting("https://e.org/1.pdf", "某局", None, None, 2024, NOW)


def test_records_come_back_as_they_were_put(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.put(RECORD)
    ledger.put(SEEN)
    for again in (Ledger(tmp_path), ledger):  # from the journal, as after a kill
        assert (again.find(FetchRecord, RECORD.uri), again.find(Sighting, SEEN.uri)) == (RECORD, SEEN)
    ledger.close()
    assert {path.name for path in tmp_path.iterdir()} == {"fetches.parquet", "sightings.parquet"}
    assert Ledger(tmp_path).every(FetchRecord) == [RECORD]
    assert Ledger(tmp_path).every(Sighting) == [SEEN]


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.put(RECORD)
    ledger.close()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    ledger.put(RECORD)
    ledger.close()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_journal_may_end_anywhere(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "whole")
    later = replace(RECORD, versions=2)
    ledger.put(RECORD)
    ledger.put(later)
    (journal,) = (tmp_path / "whole").glob("*.jsonl")
    content = journal.read_bytes()
    ledger.close()
    first = content.index(b"\n") + 1
    for length in range(0, len(content) + 1, 7):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / journal.name).write_bytes(content[:length])
        expected = later if length == len(content) else RECORD if length >= first else None
        assert Ledger(folder).find(FetchRecord, RECORD.uri) == expected
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / journal.name).write_bytes(content[:first] + b"{damaged\n" + content[first:])
    assert Ledger(damaged).find(FetchRecord, RECORD.uri) == later


def test_a_journal_that_is_already_in_the_parquet_changes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.put(RECORD)
    (journal,) = tmp_path.glob("*.jsonl")
    content = journal.read_bytes()
    ledger.close()
    journal.write_bytes(content)  # killed after the Parquet, before the journal was removed
    again = Ledger(tmp_path)
    assert again.every(FetchRecord) == [RECORD]
    again.close()
    assert not list(tmp_path.glob("*.jsonl"))


def test_one_run_per_source_and_different_sources_at_once(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    with hold_ledgers(["a", "b"], data), use_ledger("a", data) as ledger:
        ledger.put(RECORD)
        assert read_ledger("a", data) is ledger
        with hold_source_lock("c", data):
            pass
        with pytest.raises(AnotherRunError, match="source b"), hold_source_lock("b", data):
            pass
    assert read_ledger("a", data).every(FetchRecord) == [RECORD]
