from __future__ import annotations

import hashlib
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import TYPED, Candidate
from tasks.data_dir import DataDir
from tasks.fetch import fetch
from tasks.fetch.ledger import FetchRecord, read_ledger
from tests.tasks.fetch.site import Answer, Site, open_site

PDF = b"%PDF-1.7\n" + b"x" * 5000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES", "1")
    monkeypatch.setenv("YUSUAN_REQUESTS_PER_SECOND", "1000")
    with open_site() as opened:
        yield opened


def candidate(url: str, name: str = "a.pdf") -> Candidate:
    return Candidate(url, name, url)


def files(data: DataDir) -> dict[str, bytes]:
    kept = [path for folder in (data.raw, data.partial) for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(data.root)): path.read_bytes() for path in kept}


def test_bytes_arrive_once_under_their_hash(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = Answer(body=PDF)
    data = DataDir(tmp_path)
    original = fetch(candidate(site.url("/a.pdf")), data, FIRST)
    assert original.sha256 == hashlib.sha256(PDF).hexdigest()
    assert original.path == f"raw/{original.sha256[:2]}/{original.sha256}.pdf"
    assert (tmp_path / original.path).read_bytes() == PDF
    assert original.fetched_at == FIRST
    assert site.headers[0]["User-Agent"].startswith("Yusuan/")


@pytest.mark.parametrize("header", [{"ETag": '"v1"'}, {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}])
def test_an_unchanged_document_is_not_sent_again(site: Site, tmp_path: Path, header: dict[str, str]) -> None:
    sent: list[int] = []

    def answer(number: int) -> Answer:
        sent.append(number)
        return Answer(body=PDF, headers=header)

    site.answers["/a.pdf"] = answer
    data = DataDir(tmp_path)
    first = fetch(candidate(site.url("/a.pdf")), data, FIRST)
    before = files(data)
    assert fetch(candidate(site.url("/a.pdf")), data, LATER) == first
    assert files(data) == before
    asked = site.headers[1]
    assert asked.get("If-None-Match") == header.get("ETag")
    assert asked.get("If-Modified-Since") == header.get("Last-Modified")


def test_a_server_without_validators_changes_no_byte_either(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = Answer(body=PDF)
    data = DataDir(tmp_path)
    first = fetch(candidate(site.url("/a.pdf")), data, FIRST)
    before = files(data)
    assert fetch(candidate(site.url("/a.pdf")), data, LATER) == first
    assert files(data) == before


def test_a_reissued_document_is_another_original(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = lambda number: Answer(body=PDF + bytes(number), headers={"ETag": f'"{number}"'})
    data = DataDir(tmp_path)
    first = fetch(candidate(site.url("/a.pdf")), data, FIRST)
    second = fetch(candidate(site.url("/a.pdf")), data, LATER)
    assert first.sha256 != second.sha256
    assert second.fetched_at == LATER
    assert (tmp_path / first.path).exists()
    assert (tmp_path / second.path).exists()


@pytest.mark.parametrize(
    ("status", "reason_code"),
    [
        (404, "not_found"),
        (410, "not_found"),
        (401, "forbidden"),
        (403, "forbidden"),
        (400, "refused"),
        (204, "refused"),
    ],
)
def test_final_refusals(site: Site, tmp_path: Path, status: int, reason_code: str) -> None:
    site.answers["/a.pdf"] = Answer(status, b"no")
    with pytest.raises(UnusableInput) as refused:
        fetch(candidate(site.url("/a.pdf")), DataDir(tmp_path), FIRST)
    assert refused.value.reason_code == reason_code
    assert str(status) in refused.value.reason


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_refusals_that_may_pass(site: Site, tmp_path: Path, status: int) -> None:
    site.answers["/a.pdf"] = Answer(status)
    with pytest.raises(TryAgain) as refused:
        fetch(candidate(site.url("/a.pdf")), DataDir(tmp_path), FIRST)
    assert refused.value.reason_code == "unreachable"


def test_no_one_listens(site: Site, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/a.pdf"
        with pytest.raises(TryAgain, match="unreachable"):
            fetch(candidate(url), DataDir(tmp_path), FIRST)


def test_a_body_that_breaks_off_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.answers["/a.pdf"] = Answer(body=PDF, cut_after=100)
    with pytest.raises(TryAgain, match="unreachable"):
        fetch(candidate(site.url("/a.pdf")), DataDir(tmp_path), FIRST)
    assert files(DataDir(tmp_path)) == {}


def test_redirects_are_followed_and_recorded(site: Site, tmp_path: Path) -> None:
    site.answers["/old"] = Answer(302, headers={"Location": "/new/a.pdf"})
    site.answers["/new/a.pdf"] = Answer(body=PDF)
    data = DataDir(tmp_path)
    original = fetch(candidate(site.url("/old")), data, FIRST)
    assert original.source_uri == site.url("/old")
    record = read_ledger(TYPED, data).find(FetchRecord, site.url("/old"))
    assert record is not None
    assert record.uri_chain == (site.url("/new/a.pdf"),)


def test_a_circle_of_redirects_ends(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = Answer(302, headers={"Location": "/b"})
    site.answers["/b"] = Answer(302, headers={"Location": "/a"})
    with pytest.raises(UnusableInput, match="too_many_redirects"):
        fetch(candidate(site.url("/a")), DataDir(tmp_path), FIRST)
    assert sum(site.requests.values()) == 2


def test_an_endless_chain_of_redirects_ends(site: Site, tmp_path: Path) -> None:
    for number in range(100):
        site.answers[f"/{number}"] = Answer(302, headers={"Location": f"/{number + 1}"})
    with pytest.raises(UnusableInput, match="too_many_redirects"):
        fetch(candidate(site.url("/0")), DataDir(tmp_path), FIRST)
    assert sum(site.requests.values()) == 11


def test_a_redirect_out_of_the_web_is_refused(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = Answer(302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(UnusableInput, match="bad_redirect"):
        fetch(candidate(site.url("/a")), DataDir(tmp_path), FIRST)


def test_too_large_a_document_is_refused_and_leaves_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUSUAN_MAX_DOCUMENT_BYTES", "1000")
    site.answers["/a.pdf"] = Answer(body=PDF)
    with pytest.raises(UnusableInput, match="too_large"):
        fetch(candidate(site.url("/a.pdf")), DataDir(tmp_path), FIRST)
    assert files(DataDir(tmp_path)) == {}


def test_the_file_name_told_by_the_server(site: Site, tmp_path: Path) -> None:
    told = "attachment; filename=x.pdf; filename*=UTF-8''%E9%A2%84%E7%AE%97.pdf"
    site.answers["/download?id=7"] = Answer(body=PDF, headers={"Content-Disposition": told})
    original = fetch(candidate(site.url("/download?id=7"), "download"), DataDir(tmp_path), FIRST)
    assert original.file_name == "预算.pdf"


def test_private_addresses_are_refused_before_anyone_is_asked(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES")
    port = site.address.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]"):
        with pytest.raises(UnusableInput, match="private_address"):
            fetch(candidate(f"http://{host}:{port}/a.pdf"), DataDir(tmp_path), FIRST)
    assert not site.requests


@pytest.fixture
def names(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that resolve as a test says, and a public address that leads to the site, whoever asks it."""
    monkeypatch.delenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES")
    port = int(site.address.rpartition(":")[2])
    known: dict[str, list[str]] = {}
    asked: Counter[str] = Counter()
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolve_name(host: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if host not in known:
            return resolve(host, *arguments, **options)
        answers = known[host]
        answer = answers[min(asked[host], len(answers) - 1)]
        asked[host] += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    def connect_to(address: tuple[str, int], *arguments: Any, **options: Any) -> socket.socket:  # noqa: ANN401
        assert address[0] == PUBLIC, address
        return connect(("127.0.0.1", port), *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_name)
    monkeypatch.setattr(socket, "create_connection", connect_to)
    return known


PUBLIC = "93.184.216.34"


def test_a_redirect_to_a_private_address_is_refused(site: Site, tmp_path: Path, names: dict[str, list[str]]) -> None:
    names["public.example"] = [PUBLIC]
    site.answers["/a.pdf"] = Answer(302, headers={"Location": site.url("/secret.pdf")})
    with pytest.raises(UnusableInput, match="private_address"):
        fetch(candidate(f"http://public.example:{site.address.rpartition(':')[2]}/a.pdf"), DataDir(tmp_path), FIRST)
    assert set(site.requests) == {"/a.pdf"}


def test_the_connection_goes_to_the_address_that_was_looked_at(
    site: Site, tmp_path: Path, names: dict[str, list[str]]
) -> None:
    """Rebinding: public when looked at, loopback a moment later; the name is resolved once for a connection."""
    site.answers["/a.pdf"] = Answer(body=PDF)
    names["rebind.example"] = [PUBLIC, "127.0.0.1"]
    url = f"http://rebind.example:{site.address.rpartition(':')[2]}/a.pdf"
    assert fetch(candidate(url), DataDir(tmp_path), FIRST).sha256 == hashlib.sha256(PDF).hexdigest()
    names["again.example"] = ["127.0.0.1"]
    with pytest.raises(UnusableInput, match="private_address"):
        fetch(candidate(url.replace("rebind", "again")), DataDir(tmp_path), FIRST)
