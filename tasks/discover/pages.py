"""How are the pages read that lead to documents?

Each page is kept in the source's ledger as what it led to, with its validators: an unchanged page is not sent again. A
page that was read under other rules, or of which the server cannot tell whether it changed, is read again.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from filings.errors import TryAgain, UnusableInput
from tasks.candidate import Manners
from tasks.data_dir import DataDir
from tasks.discover.page_links import Page
from tasks.fetch.ask import MAX_REDIRECTS, Question, ask
from tasks.fetch.ledger import Ledger, PageRecord
from tasks.fetch.page_instead import find_refresh, is_document, is_page

MAX_PAGE_BYTES = 16 * 1024 * 1024
"""The longest listing seen in the wild has two thousand entries in 1 MB; sitemaps may have 50 MB uncompressed."""

TRIES = 5
"""With the back-off below the last one comes after some 30 s."""

BACKOFF_SECONDS = 2.0
"""2, 4, 8, 16 s, each with jitter of up to half of it; a Retry-After of the host is waited for besides."""

PAGE_FORMAT = "1"
"""Raised when the same page would be read otherwise, so that pages are read again."""

Parse = Callable[[Page], Any]
"""Page -> what it says, as JSON can hold it."""


@dataclass(slots=True)
class PageStore:
    """Reads the pages of one source.

    Args:
        manners: Of the source.
        ledger: Of the source.
        data: The data folder.
        now: The time that counts as the run's (UTC).
        is_full: True to read every page anew.
        read: Pages that were sent.
        unchanged: Pages of which the server said that they are as they were.
        retries: Requests that were tried again.
        backoff_seconds: Factor of the back-off.
    """

    manners: Manners
    ledger: Ledger
    data: DataDir
    now: datetime
    is_full: bool = False
    read: int = 0
    unchanged: int = 0
    retries: int = 0
    backoff_seconds: float = field(default_factory=lambda: BACKOFF_SECONDS)

    def kept(self, key: str, rules: Any) -> PageRecord | None:  # noqa: ANN401
        """The page as it was last read under these rules."""
        record = self.ledger.find(PageRecord, key)
        return record if record is not None and record.rules == hash_rules(rules) else None

    def get(self, question: Question, rules: Any, parse: Parse) -> Any:  # noqa: ANN401
        """What a page says, from the server or as it was.

        Args:
            question: The request.
            rules: What decides how the page is read.
            parse: Reads it.

        Raises:
            UnusableInput: The page cannot be had or read.
            TryAgain: It cannot be had now, after several tries.
        """
        key = page_key(question)
        kept = None if self.is_full or question.method != "GET" else self.kept(key, rules)
        conditions = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified} if kept else {}
        headers = {**question.headers, **{name: value for name, value in conditions.items() if value}}
        page, etag, modified = self._patiently(question, headers)
        if page is None and kept is not None:
            self.unchanged += 1
            return json.loads(kept.found)
        if page is None:
            raise UnusableInput("refused", f"{question.url} says that it did not change, but was never read")
        self.read += 1
        found = parse(page)
        text = json.dumps(found, ensure_ascii=False)
        self.ledger.put(PageRecord(key, hash_rules(rules), text, etag, modified, self.now))
        return json.loads(text)

    def _patiently(self, question: Question, headers: dict[str, str]) -> tuple[Page | None, str | None, str | None]:
        for attempt in range(TRIES):
            try:
                return self._once(question, headers)
            except TryAgain as error:
                if attempt + 1 == TRIES or error.reason_code == "host_pauses":
                    raise
                self.retries += 1
                time.sleep(self.backoff_seconds * 2**attempt * random.uniform(1.0, 1.5))
        raise AssertionError("the last try returns or raises")

    def _once(self, question: Question, headers: dict[str, str]) -> tuple[Page | None, str | None, str | None]:
        url = question.url
        for hops in range(MAX_REDIRECTS):
            asked = Question(
                url,
                question.manners,
                headers,  # the validators of the page that a refresh led to; they mean nothing to the one before
                question.method if not hops else "GET",
                question.json if not hops else None,
                question.form if not hops else None,
                frozenset({httpx.codes.NOT_MODIFIED}),
            )
            with ask(asked, self.data, hops) as opened:
                if opened.response.status_code == httpx.codes.NOT_MODIFIED:
                    return None, None, None
                chunks = opened.chunks(MAX_PAGE_BYTES)
                content = next(chunks, b"")
                if not is_document(content):  # else the rest is not for us: it is fetched as a document
                    content += b"".join(chunks)
            told = opened.response.headers
            page = Page(opened.url, content, told.get("Content-Type"))
            refresh = find_refresh(content, opened.url, page.content_type) if is_page(content[:4096]) else None
            if refresh is None:
                return page, told.get("ETag"), told.get("Last-Modified")
            url = refresh
        raise UnusableInput("too_many_redirects", f"{question.url} leads on and on; open it in a browser")


def page_key(question: Question) -> str:
    """What a page is called in the ledger: its address, and a hash of what is sent to it."""
    if question.method == "GET":
        return question.url
    return f"{question.url}#{hash_rules([question.json, question.form])}"


def hash_rules(rules: Any) -> str:  # noqa: ANN401
    """A short hash of something that JSON can hold."""
    text = json.dumps([PAGE_FORMAT, rules], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
