"""How is a document fetched from a web server?

With validators so that an unchanged document is not sent again, from where a broken download ended, and never
mistaking a page of words for the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote

import httpx

from filings.errors import UnusableInput
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.fetch.ask import MAX_REDIRECTS, Opened, Question, ask
from tasks.fetch.ledger import FetchRecord
from tasks.fetch.page_instead import LARGEST_PAGE_BYTES, expects_file, find_refresh, is_page, refuse_page
from tasks.fetch.partial import Partial, find_partial
from tasks.fetch.secrets import hide_secrets
from tasks.fetch.store import StoredBytes, max_document_bytes

_KEPT_HEADERS = ("Date", "Server", "Content-Length", "Content-Disposition", "Content-Encoding", "Cache-Control", "Age")
"""What is kept of an answer besides validators and type: nothing that may hold a secret."""

_ANSWERS = frozenset(
    {httpx.codes.NOT_MODIFIED, httpx.codes.PARTIAL_CONTENT, httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE}
)


class _LeadsOn(Exception):
    """The answer is a page that sends its readers elsewhere at once."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.target = target


def fetch_url(candidate: Candidate, earlier: FetchRecord | None, data: DataDir, now: datetime) -> FetchRecord:
    """Fetch an ``http(s)`` address; an unchanged document is not sent again if the server can tell.

    Raises:
        UnusableInput: ``html_error_page``, ``login_page``, ``too_large``, or a code of `ask`.
        TryAgain: As `ask`; what came of the document is kept for the next try.
    """
    url = candidate.uri
    hops: list[str] = []
    while True:
        try:
            return _fetch(url, candidate, earlier, hops, data, now)
        except _LeadsOn as page:
            if len(hops) >= MAX_REDIRECTS or page.target in (candidate.uri, *hops):
                raise UnusableInput(
                    "too_many_redirects", f"{hide_secrets(candidate.uri)} leads on and on; open it in a browser"
                ) from page
            url = page.target
            hops.append(url)


def _fetch(
    url: str, candidate: Candidate, earlier: FetchRecord | None, hops: list[str], data: DataDir, now: datetime
) -> FetchRecord:
    partial = find_partial(candidate, data)
    conditions = partial.conditions() or _conditions(earlier)
    # Ranges count the bytes that are sent, so nothing is asked to be compressed on the way.
    headers = {"Accept-Encoding": "identity", **conditions}
    with ask(Question(url, candidate.manners, headers, accepts=_ANSWERS), data, len(hops)) as opened:
        response = opened.response
        if response.status_code == httpx.codes.NOT_MODIFIED and earlier is not None:
            return replace(earlier, checked_at=now, vanished_at=None)
        goes_on = partial.goes_on_with(response)
        if response.status_code != httpx.codes.OK and not goes_on:
            partial.discard()  # the rest of something else
            is_again = response.status_code in _ANSWERS
        else:
            is_again = False
            name = file_name_told_by(response) or candidate.file_name
            stored = _receive(opened, candidate, earlier, partial, name, data, goes_on=goes_on)
    if is_again:
        if not conditions:
            raise UnusableInput(
                "refused", f"{hide_secrets(url)} answered {response.status_code} without being asked to"
            )
        return _fetch(url, candidate, None if earlier is None else _unmarked(earlier), hops, data, now)
    return _record(candidate, earlier, opened, stored, name, [*map(hide_secrets, hops), *opened.chain], now)


def _unmarked(earlier: FetchRecord) -> FetchRecord:
    return replace(earlier, etag=None, last_modified=None)


def _receive(
    opened: Opened,
    candidate: Candidate,
    earlier: FetchRecord | None,
    partial: Partial,
    name: str,
    data: DataDir,
    *,
    goes_on: bool,
) -> StoredBytes:
    chunks = opened.chunks(max_document_bytes())
    if goes_on:
        return partial.receive(chunks, opened.response, name, data, goes_on=True)
    head = next(chunks, b"")
    if is_page(head) and (_expects_file(candidate, earlier, name) or b"http-equiv" in head.lower()):
        content = head
        for chunk in chunks:
            content += chunk
            if len(content) > LARGEST_PAGE_BYTES:
                break
        content_type = opened.response.headers.get("Content-Type")
        if target := find_refresh(content, opened.url, content_type):
            raise _LeadsOn(target)
        if _expects_file(candidate, earlier, name) and len(content) <= LARGEST_PAGE_BYTES:
            if b"<table" in content.lower() and earlier is None:
                return partial.receive([content], opened.response, name, data, goes_on=False)
            raise refuse_page(content, hide_secrets(opened.url), content_type)
        return partial.receive(_rejoin(content, chunks), opened.response, name, data, goes_on=False)
    return partial.receive(_rejoin(head, chunks), opened.response, name, data, goes_on=False)


def _rejoin(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _expects_file(candidate: Candidate, earlier: FetchRecord | None, name: str) -> bool:
    return (
        expects_file(candidate.uri)
        or expects_file(name)
        or (earlier is not None and not earlier.path.endswith((".html", ".htm", ".shtml", ".bin")))
    )


def _record(
    candidate: Candidate,
    earlier: FetchRecord | None,
    opened: Opened,
    stored: StoredBytes,
    name: str,
    chain: list[str],
    now: datetime,
) -> FetchRecord:
    response = opened.response
    kept = {header: response.headers[header] for header in _KEPT_HEADERS if header in response.headers}
    fetched = FetchRecord(
        uri=candidate.uri,
        file_name=name,
        sha256=stored.sha256,
        path=stored.path,
        size=stored.size,
        fetched_at=now,
        checked_at=now,
        uri_chain=tuple(chain),
        media_type=response.headers.get("Content-Type"),
        headers=json.dumps({**kept, "status": response.status_code}, ensure_ascii=False),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )
    return fetched.after(earlier, now)


def file_name_told_by(response: httpx.Response) -> str | None:
    """The file name that the server tells (RFC 6266), without any path; None if it tells none.

    ``filename*`` says its charset; a plain ``filename`` with bytes beyond ASCII is UTF-8 or GB18030, percent-encoded or
    not, as servers of government sites send it.
    """
    parameters = _parameters(response.headers)
    charset, mark, quoted = parameters.get("filename*", "").partition("''")
    if mark:
        try:
            return _base_name(unquote(quoted, encoding=charset or "utf-8", errors="strict"))
        except (LookupError, UnicodeDecodeError):
            return None
    plain = parameters.get("filename", "")
    if "%" in plain:
        try:
            plain = unquote(plain, errors="strict")
        except UnicodeDecodeError:
            return None
    return _base_name(plain)


def _parameters(headers: httpx.Headers) -> Mapping[str, str]:
    raw = next((value for name, value in headers.raw if name.lower() == b"content-disposition"), b"")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    pairs = (part.strip().partition("=") for part in text.split(";")[1:])
    return {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}


def _base_name(name: str) -> str | None:
    return name.replace("\\", "/").rpartition("/")[2].strip() or None


def _conditions(earlier: FetchRecord | None) -> dict[str, str]:
    if earlier is None:
        return {}
    conditions = {"If-None-Match": earlier.etag, "If-Modified-Since": earlier.last_modified}
    return {name: value for name, value in conditions.items() if value}
