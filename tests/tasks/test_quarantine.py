from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from filings.errors import TryAgain, UnusableInput
from filings.records import Sha256
from tasks.data_dir import DataDir
from tasks.quarantine import (
    find_standing_refusal,
    put_in_quarantine,
    read_quarantine,
    refusal_of,
    release_from_quarantine,
)

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 2, 1, tzinfo=UTC)
BAD = UnusableInput("damaged_pdf", "损坏 of some kind")
SHA = Sha256("ab" * 32)


def test_what_is_put_in_is_read_back(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    row = put_in_quarantine("file:///b", BAD, data, seen=FIRST, sha256=SHA, extractor_version="1")
    other = put_in_quarantine("file:///a", TryAgain("unreachable", "later"), data, seen=FIRST)
    assert read_quarantine(data) == [other, row]
    assert (row.reason_code, row.reason, row.attempts, row.is_transient) == (
        "damaged_pdf",
        "损坏 of some kind",
        1,
        False,
    )
    assert other.is_transient


def test_another_attempt_is_counted(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    put_in_quarantine("file:///a", TryAgain("unreachable", "later"), data, seen=FIRST)
    put_in_quarantine("file:///a", BAD, data, seen=LATER, sha256=SHA)
    (row,) = read_quarantine(data)
    assert (row.first_seen, row.last_seen, row.attempts, row.reason_code) == (FIRST, LATER, 2, "damaged_pdf")


def test_what_can_be_used_is_released(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    put_in_quarantine("file:///a", BAD, data, seen=FIRST)
    assert release_from_quarantine("file:///a", data)
    assert read_quarantine(data) == []
    assert not release_from_quarantine("file:///a", data)


def test_a_refusal_stands_for_the_same_bytes_and_the_same_extractor_only(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    put_in_quarantine("file:///a", BAD, data, seen=FIRST, sha256=SHA, extractor_version="1")
    assert find_standing_refusal("file:///a", SHA, "1", data) is not None
    assert find_standing_refusal("file:///a", SHA, "2", data) is None
    assert find_standing_refusal("file:///a", Sha256("cd" * 32), "1", data) is None
    assert find_standing_refusal("file:///b", SHA, "1", data) is None


def test_a_refusal_that_may_pass_never_stands(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    put_in_quarantine("file:///a", TryAgain("x", "y"), data, seen=FIRST, sha256=SHA, extractor_version="1")
    assert find_standing_refusal("file:///a", SHA, "1", data) is None


def test_a_fault_of_the_program_is_tried_again_and_a_full_disk_stops_the_run() -> None:
    assert refusal_of(BAD) is BAD
    fault = refusal_of(ValueError("what"))
    assert isinstance(fault, TryAgain)
    assert fault.reason_code == "internal_error"
    with pytest.raises(OSError, match="full"):
        refusal_of(OSError(errno.ENOSPC, "full"))
