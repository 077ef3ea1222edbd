from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from filings.errors import UnusableInput
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.fetch import fetch

NOW = datetime.now(UTC) + timedelta(days=1)


def candidate(path: Path) -> Candidate:
    return Candidate(path.as_uri(), path.name, str(path))


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_same_again_reads_nothing_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "a b 预算.txt"
    document.write_bytes(b"text")
    data = DataDir(tmp_path / "data")
    first = fetch(candidate(document), data, NOW)
    assert (data.root / first.path).read_bytes() == b"text"
    before = files(data.root)
    monkeypatch.setattr("tasks.fetch.file.store_bytes", None)  # to read it again would fail
    assert fetch(candidate(document), data, NOW + timedelta(days=1)) == first
    assert files(data.root) == before


def test_a_file_just_written_is_not_trusted(tmp_path: Path) -> None:
    """Same size, same time, other bytes: what a copy within one tick of the clock gives."""
    document = tmp_path / "a.txt"
    document.write_bytes(b"old")
    now = datetime.fromtimestamp(document.stat().st_mtime, UTC)
    data = DataDir(tmp_path / "data")
    first = fetch(candidate(document), data, now)
    times = (document.stat().st_atime_ns, document.stat().st_mtime_ns)
    document.write_bytes(b"new")
    os.utime(document, ns=times)
    assert fetch(candidate(document), data, now).sha256 != first.sha256


def test_a_changed_file_is_another_original_and_the_old_one_stays(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_bytes(b"one")
    data = DataDir(tmp_path / "data")
    first = fetch(candidate(document), data, NOW)
    document.write_bytes(b"two")
    second = fetch(candidate(document), data, NOW + timedelta(days=1))
    assert (data.root / first.path).read_bytes() == b"one"
    assert (data.root / second.path).read_bytes() == b"two"


def test_equal_bytes_under_two_names_are_stored_once(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "data")
    paths = []
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_bytes(b"same")
        paths.append(fetch(candidate(tmp_path / name), data, NOW).path)
    assert paths[0] == paths[1]
    assert len([path for path in data.raw.rglob("*") if path.is_file()]) == 1


def test_an_original_lost_from_the_store_is_fetched_again(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_bytes(b"text")
    data = DataDir(tmp_path / "data")
    first = fetch(candidate(document), data, NOW)
    (data.root / first.path).unlink()
    assert fetch(candidate(document), data, NOW) == first
    assert (data.root / first.path).read_bytes() == b"text"


def test_a_vanished_file(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="not_found"):
        fetch(candidate(tmp_path / "gone.pdf"), DataDir(tmp_path / "data"), NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_bytes(b"text")
    document.chmod(0)
    with pytest.raises(UnusableInput, match="forbidden"):
        fetch(candidate(document), DataDir(tmp_path / "data"), NOW)
