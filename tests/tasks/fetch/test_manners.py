"""Turns, pauses, robots.txt, decompression and broken downloads, one by one."""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import Candidate, Manners
from tasks.data_dir import DataDir
from tasks.fetch import fetch
from tasks.fetch.ask import retry_after_seconds
from tasks.fetch.decoding import decode_body
from tasks.fetch.partial import remove_old_partials
from tasks.fetch.robots import find_robots
from tasks.fetch.turns import pause_host, take_turn
from tests.tasks.fetch.site import Answer, Site, open_site

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES", "loopback")
    with open_site() as opened:
        yield opened


def candidate(site: Site, path: str, **manners: object) -> Candidate:
    polite = Manners(**{"requests_per_second": 1000.0, **manners})  # type: ignore[arg-type]
    return Candidate(site.url(path), path.rpartition("/")[2], "s", manners=polite)


def test_turns_keep_rate_and_concurrency_over_threads(tmp_path: Path) -> None:
    data, manners = DataDir(tmp_path), Manners(requests_per_second=100.0, concurrency=2)
    moments: list[float] = []
    under_way = most = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal under_way, most
        for _ in range(5):
            with take_turn("host", manners, data):
                with lock:
                    moments.append(time.monotonic())
                    under_way += 1
                    most = max(most, under_way)
                time.sleep(0.002)
                with lock:
                    under_way -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2
    assert max(moments) - min(moments) >= 29 / 100 * 0.9  # a turn may start late, never early; the first one too


def test_the_slowest_pace_binds_all(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    slow, quick = Manners(requests_per_second=5.0), Manners(requests_per_second=1000.0)
    started = time.monotonic()
    for manners in (slow, quick, quick):
        with take_turn("host", manners, data):
            pass
    assert time.monotonic() - started >= 0.4


def test_a_host_that_wants_to_be_left_alone_is(tmp_path: Path) -> None:
    data, manners = DataDir(tmp_path), Manners(requests_per_second=1000.0)
    started = time.monotonic()
    pause_host("host", 0.3, data)
    with take_turn("host", manners, data):
        assert time.monotonic() - started >= 0.3
    with take_turn("another", manners, data):
        pass
    pause_host("host", 3600, data)
    with pytest.raises(TryAgain, match="host_pauses"), take_turn("host", manners, data):
        pass


def test_retry_after_in_seconds_and_as_a_date() -> None:
    assert retry_after_seconds("120") == 120
    date = retry_after_seconds(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert date is not None
    assert 50 < date <= 60
    assert retry_after_seconds("Thu, 01 Jan 2015 00:00:00 GMT") == 0
    assert retry_after_seconds("soon") is None
    assert retry_after_seconds(None) is None


def test_robots_are_obeyed_kept_for_a_day_and_replaced_by_an_older_copy_only(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    answers: list[str | None] = ["User-agent: *\nDisallow: /x\nCrawl-delay: 2\n"]

    def read(_address: str) -> str | None:
        if not answers:
            raise TryAgain("unreachable", "down")
        return answers.pop()

    robots = find_robots("https://e.org", read, data)
    assert (robots.allows("https://e.org/x/1"), robots.allows("https://e.org/y"), robots.delay_seconds) == (
        False,
        True,
        2.0,
    )
    assert find_robots("https://e.org", read, data) == robots
    (kept,) = (data.politeness / "robots").iterdir()
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"read_at": time.time() - 25 * 3600}))
    assert find_robots("https://e.org", read, data) == robots
    with pytest.raises(TryAgain):
        find_robots("https://other.org", read, data)


def test_what_robots_forbid_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /no/\n")
    site.answers["/no/a.pdf"] = Answer(body=PDF)
    site.answers["/b.pdf"] = Answer(302, headers={"Location": "/no/a.pdf"})
    for path in ("/no/a.pdf", "/b.pdf"):
        with pytest.raises(UnusableInput, match="robots_forbid"):
            fetch(candidate(site, path, obeys_robots=True), DataDir(tmp_path), NOW)
    assert site.requests == {"/robots.txt": 1, "/b.pdf": 1}


def test_what_broke_off_long_ago_is_removed(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.partial.mkdir()
    for name, days in (("old.part", 31), ("new.part", 29)):
        (data.partial / name).write_bytes(b"x")
        os.utime(data.partial / name, ((NOW - timedelta(days=days)).timestamp(),) * 2)
    remove_old_partials(data, NOW)
    assert [path.name for path in data.partial.iterdir()] == ["new.part"]


@pytest.mark.parametrize("validator", [{"ETag": '"1"'}, {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}])
def test_a_broken_download_goes_on_where_it_ended(site: Site, tmp_path: Path, validator: dict[str, str]) -> None:
    data = DataDir(tmp_path)
    rest = {"Content-Range": f"bytes 1000-{len(PDF) - 1}/{len(PDF)}", **validator}
    site.answers["/a.pdf"] = lambda number: (
        Answer(body=PDF, headers=validator, cut_after=1000) if number == 1 else Answer(206, PDF[1000:], rest)
    )
    with pytest.raises(TryAgain):
        fetch(candidate(site, "/a.pdf"), data, NOW)
    (partial,) = data.partial.glob("*.part")
    assert partial.read_bytes() == PDF[:1000]
    original = fetch(candidate(site, "/a.pdf"), data, NOW)
    assert (data.root / original.path).read_bytes() == PDF
    assert (site.headers[1]["Range"], site.headers[1]["If-Range"]) == ("bytes=1000-", *validator.values())
    assert not list(data.partial.iterdir())


def test_the_rest_of_another_version_is_not_joined(site: Site, tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    site.answers["/a.pdf"] = lambda number: (
        Answer(body=PDF, headers={"ETag": '"1"'}, cut_after=1000)
        if number == 1
        else Answer(body=PDF + b"2", headers={"ETag": '"2"'})
    )
    with pytest.raises(TryAgain):
        fetch(candidate(site, "/a.pdf"), data, NOW)
    assert (data.root / fetch(candidate(site, "/a.pdf"), data, NOW).path).read_bytes() == PDF + b"2"


def test_a_range_that_cannot_be_satisfied_begins_anew(site: Site, tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    answers = {1: Answer(body=PDF, headers={"ETag": '"1"'}, cut_after=1000), 2: Answer(416)}
    site.answers["/a.pdf"] = lambda number: answers.get(number, Answer(body=PDF, headers={"ETag": '"1"'}))
    with pytest.raises(TryAgain):
        fetch(candidate(site, "/a.pdf"), data, NOW)
    assert (data.root / fetch(candidate(site, "/a.pdf"), data, NOW).path).read_bytes() == PDF


def test_bodies_are_decoded_within_bounds() -> None:
    text = b"budget " * 1000
    assert b"".join(decode_body([gzip.compress(text)], "gzip", 10_000, "u")) == text
    with pytest.raises(UnusableInput, match="too_large"):
        list(decode_body([gzip.compress(text)], "gzip", 5_000, "u"))
    with pytest.raises(UnusableInput, match="decompression_bomb"):
        list(decode_body([gzip.compress(bytes(1 << 24))], "gzip", 1 << 30, "u"))
    with pytest.raises(TryAgain):
        list(decode_body([gzip.compress(text)[:-20]], "gzip", 10_000, "u"))
    with pytest.raises(UnusableInput, match="refused"):
        list(decode_body([text], "br", 10_000, "u"))


def test_a_document_that_vanished_keeps_what_was_fetched(site: Site, tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    page = Answer(body="<html><title>页面不存在</title></html>".encode())
    answers = {1: Answer(body=PDF), 2: Answer(404), 3: page, 4: Answer(body=PDF)}
    site.answers["/a.pdf"] = lambda number: answers[number]
    originals = {fetch(candidate(site, "/a.pdf"), data, NOW).sha256 for _ in range(4)}
    assert len(originals) == 1


def test_a_page_that_leads_on_is_followed(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = Answer(body=b"<html><meta http-equiv=refresh content='0;url=/real.pdf'></html>")
    site.answers["/real.pdf"] = Answer(body=PDF)
    data = DataDir(tmp_path)
    assert (data.root / fetch(candidate(site, "/a.pdf"), data, NOW).path).read_bytes() == PDF
    site.answers["/b.pdf"] = Answer(body=b"<html><meta http-equiv=refresh content='0;url=/c.pdf'></html>")
    site.answers["/c.pdf"] = Answer(body=b"<html><meta http-equiv=refresh content='0;url=/b.pdf'></html>")
    with pytest.raises(UnusableInput, match="too_many_redirects"):
        fetch(candidate(site, "/b.pdf"), data, NOW)
