"""Four kinds of sites with over 300 filings and faults of every kind; a real server, real connections."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from tasks.data_dir import DataDir
from tasks.discover import pages
from tasks.fetch.ledger import FetchRecord, Sighting, read_ledger
from tests.tasks.discover.conftest import ROOT, RunningSites, open_sites
from tests.tasks.discover.gather import Gathered, gather
from tests.tasks.discover.government_sites import BROKEN_PAGES, KINDS, filing

PER_SITE = 76
RATE = 100
CONCURRENCY = 4


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BACKOFF_SECONDS", 0.02)


def busiest_second(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(index + 1 - bisect_left(moments, moment - 1.0) for index, moment in enumerate(moments))


def check_politeness(told: dict[str, Any]) -> None:
    by_site = defaultdict(list)
    for kind, path, moment, _ in told["log"]:
        by_site[kind].append(moment)
        assert not path.startswith("/private/"), "robots.txt forbids it"
    for kind, moments in by_site.items():
        # What was under way may have been held up on its way and arrive together with what follows.
        assert busiest_second(moments) <= RATE + CONCURRENCY, kind
        assert told["most_under_way"][kind] <= CONCURRENCY, kind


def expected_hashes(reissued: dict[tuple[str, int], int] | None = None) -> Counter[str]:
    return Counter(
        hashlib.sha256(filing(kind, number, (reissued or {}).get((kind, number), 1))).hexdigest()
        for kind in KINDS
        for number in range(PER_SITE)
    )


def test_every_filing_arrives_exactly_once_whatever_the_sites_do(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    with open_sites(20261121, faults=True, per_site=PER_SITE) as sites:
        sites.register(registry, rate=RATE, concurrency=CONCURRENCY)
        started = time.monotonic()
        first = gather(list(KINDS), data, registry)
        first_seconds = time.monotonic() - started
        told = sites.told()
        assert Counter(first.sha256s.values()) == expected_hashes()
        check_refused(first, sites)
        assert not first.discovery.failures
        check_politeness(told)
        delivered = {(kind, number): times for kind, number, times in told["delivered"]}
        assert not {key: times for key, times in delivered.items() if times != 1}
        assert len(delivered) == PER_SITE * len(KINDS) >= 300
        injected = told["injected"]
        assert min(injected[fault] for fault in ("503", "reset", "slow", "loop", "private", "bomb")) > 0
        assert told["resumed"] > 0
        assert not list(data.partial.glob("*"))
        assert {path.stem for path in data.raw.rglob("*.pdf")} == set(expected_hashes())

        # The same again: conditions only, no document sent
        sites.do("reset")
        started = time.monotonic()
        again = gather(list(KINDS), data, registry)
        again_seconds = time.monotonic() - started
        told = sites.told()
        assert again.sha256s == first.sha256s
        assert not told["delivered"]
        unconditional = {(kind, path) for kind, path, _, is_conditional in told["log"] if not is_conditional}
        assert {path for kind, path in unconditional if kind != "api"} <= {
            f"/broken/{name}.pdf" for name in BROKEN_PAGES
        } | {"/broken/loop2.pdf"}
        assert {path for kind, path in unconditional if kind == "api"} == {
            "/query"
        }  # what is sent by POST has no validator

        # Re-issued under the same address, and taken down
        sites.do("reset")
        sites.do("reissue", "pages", 3)
        sites.do("reissue", "bucket", 5)
        sites.do("remove", "api", 7)
        third = gather(list(KINDS), data, registry)
        told = sites.told()
        assert Counter(third.sha256s.values()) == expected_hashes({("pages", 3): 2, ("bucket", 5): 2})
        assert {(kind, number) for kind, number, _ in told["delivered"]} == {("pages", "3"), ("bucket", "5")}
        records = {kind: read_ledger(kind, data).every(FetchRecord) for kind in KINDS}
        changed = [record for kind in KINDS for record in records[kind] if record.versions > 1]
        assert {record.previous_sha256 for record in changed} == {
            hashlib.sha256(filing("pages", 3)).hexdigest(),
            hashlib.sha256(filing("bucket", 5)).hexdigest(),
        }
        assert all((data.root / record.path).exists() and record.changed_at for record in changed)
        (vanished,) = [record for record in records["api"] if record.vanished_at]
        assert "id=7&" in vanished.uri
    print(  # noqa: T201 - read by whoever wants the numbers (pytest -s)
        f"{sum(injected.values())} faults {injected}, {sum(first.retries.values())} document and "
        f"{sum(counts['retries'] for counts in first.discovery.counts.values())} page retries; "
        f"{first_seconds:.1f} s, again {again_seconds:.1f} s"
    )


def check_refused(gathered: Gathered, sites: RunningSites) -> None:
    assert gathered.refused == {
        sites.url("pages", "/broken/loop.pdf"): "too_many_redirects",
        sites.url("pages", "/broken/private.pdf"): "private_address",
        sites.url("pages", "/broken/bomb.pdf"): "decompression_bomb",
        sites.url("pages", "/broken/error.pdf"): "html_error_page",
        sites.url("pages", "/broken/login.pdf"): "login_page",
        sites.url("pages", "/private/a.pdf"): "robots_forbid",
    }


def test_a_run_touches_only_what_may_have_changed(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    with open_sites(1, faults=False, per_site=20) as sites:
        sites.register(registry, recheck_days=14, rate=1000)
        gather(["pages"], data, registry)
        sites.do("reset")
        again = gather(["pages"], data, registry)
        asked = Counter(path for _, path, _, _ in sites.told()["log"])
        assert all(path.startswith("/ysgk/index") for path in asked if "/broken/" not in path), asked
        assert sum(not candidate.is_news for candidate in again.discovery.candidates) == 20 + 6
        sites.do("reset")
        gather(["pages"], data, registry, is_full=True)
        asked = Counter(path for _, path, _, _ in sites.told()["log"])
        assert sum(path.startswith("/ysgk/t") for path in asked) == 20
        assert sum(path.startswith("/ysgk/P") for path in asked) == 20
        assert not sites.told()["delivered"]


def test_a_document_that_is_no_longer_listed_is_recorded(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    registry.mkdir()
    with open_sites(1, faults=False, per_site=5) as sites:
        first, second = (sites.url("bucket", f"/ys/2024%E5%B9%B4/{number}.pdf") for number in (1, 2))
        text = "name: few\npublisher: P\npoliteness: {requests_per_second: 1000}\nentry_points:\n"
        (registry / "few.yml").write_text(f"{text}- url: {first}\n- url: {second}\n")
        assert len(gather(["few"], data, registry).sha256s) == 2
        (registry / "few.yml").write_text(f"{text}- url: {first}\n")
        gather(["few"], data, registry)
        sightings = {sighting.uri: sighting for sighting in read_ledger("few", data).every(Sighting)}
        assert sightings[second].unlisted_at is not None
        assert sightings[first].unlisted_at is None


def run_apart(names: str, data: DataDir, registry: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.tasks.discover.gather", names, str(data.root), str(registry)], cwd=ROOT
    )


def test_a_killed_run_goes_on_without_fetching_again_what_it_had(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    with open_sites(2, faults=False, per_site=60) as sites:
        sites.register(registry, rate=60, concurrency=2)
        for share in (0.25, 0.7):
            run = run_apart("pages", data, registry)
            while len(sites.told()["delivered"]) < share * 60:
                assert run.poll() is None
                time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
            run.wait()
        assert list((data.sources / "pages").glob("journal-*.jsonl"))
        finished = gather(["pages"], data, registry)
        assert len(finished.discovery.candidates) == 60 + 6
        delivered = {number: times for _, number, times in sites.told()["delivered"]}
        assert len(delivered) == 60
        assert sum(delivered.values()) - 60 <= 2 * 2  # two kills, each with two under way
        assert {path.stem for path in data.raw.rglob("*.pdf")} == {
            hashlib.sha256(filing("pages", number)).hexdigest() for number in range(60)
        }
        assert not list((data.sources / "pages").glob("journal-*.jsonl"))


def test_two_sources_at_once_in_two_processes(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    with open_sites(3, faults=False, per_site=40) as sites:
        sites.register(registry, rate=RATE, concurrency=CONCURRENCY)
        runs = [run_apart(name, data, registry) for name in ("api", "bucket")]
        assert [run.wait(60) for run in runs] == [0, 0]
        told = sites.told()
        assert {kind for kind, *_ in told["log"]} == {"api", "bucket"}
        check_politeness(told)
        assert {tuple(row) for row in told["delivered"]} == {
            (kind, str(number), 1) for kind in ("api", "bucket") for number in range(40)
        }
        first, last = ([moment for kind, _, moment, _ in told["log"] if kind == name] for name in ("api", "bucket"))
        assert max(min(first), min(last)) < min(max(first), max(last)), "they did not overlap"


def test_one_host_is_not_asked_faster_by_two_processes(tmp_path: Path) -> None:
    data, registry = DataDir(tmp_path / "data"), tmp_path / "registry"
    with open_sites(4, faults=False, per_site=30) as sites:
        sites.register(registry, rate=20, concurrency=2)
        text = (registry / "bucket.yml").read_text(encoding="utf-8")
        (registry / "other.yml").write_text(text.replace("name: bucket", "name: other"), encoding="utf-8")
        runs = [run_apart(name, data, registry) for name in ("bucket", "other")]
        assert [run.wait(60) for run in runs] == [0, 0]
        told = sites.told()
        assert busiest_second([moment for _, _, moment, _ in told["log"]]) <= 20 + 2
        assert told["most_under_way"]["bucket"] <= 2
        assert len(told["log"]) >= 60
