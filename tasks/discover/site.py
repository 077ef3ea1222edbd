"""What documents does a registered site show?

Goes through its entry points: lists of links page by page, then the articles that are new or may have changed. What
cannot be read is told and holds up nothing else; what was seen before stays known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode, urljoin

from filings.errors import TryAgain, UnusableInput
from tasks.discover.api import read_items
from tasks.discover.found import Found, Link, address_key, is_excluded, matches
from tasks.discover.page_links import Page, PageReader
from tasks.discover.pages import PageStore
from tasks.discover.xml_lists import read_bucket, read_feed, read_sitemap
from tasks.fetch.ask import Question
from tasks.fetch.page_instead import expects_file, is_document
from tasks.sources.registration import (
    ApiEntry,
    Articles,
    BucketEntry,
    FeedEntry,
    ListingEntry,
    SitemapEntry,
    Source,
)

_BATCH = 256
"""Articles that are looked at before the next ones are begun."""

_MAX_OBJECTS_PAGES = 10_000
"""A thousand keys each."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Site:
    """One site, looked at once.

    Args:
        source: Its registration.
        pages: Reads its pages.
        failures: Pages that could not be read, and why.
        good: Pages that could be read.
        warnings: What else the operator should know.
    """

    source: Source
    pages: PageStore
    failures: dict[str, UnusableInput | TryAgain] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    good: set[str] = field(default_factory=set)

    def documents(self, entry: ListingEntry | SitemapEntry | FeedEntry | ApiEntry | BucketEntry) -> Iterator[Found]:
        """The documents of an entry point, each where it is first shown."""
        if isinstance(entry, BucketEntry):
            yield from self._bucket(entry)
            return
        kinds: dict[type, Callable[[Any], Iterator[Found]]] = {
            ListingEntry: self._listing,
            SitemapEntry: self._sitemap,
            FeedEntry: self._feed,
            ApiEntry: self._api,
        }
        yield from self._resolve(kinds[type(entry)](entry), entry.articles)

    # Lists of links

    def _listing(self, entry: ListingEntry) -> Iterator[Found]:
        rules = entry.model_dump(mode="json", exclude={"articles"})
        waiting, seen = [str(entry.listing)], {str(entry.listing)}
        seen_links: set[str] = set()
        paging = entry.paging
        last = None  # what the site says; else the pattern goes on until a page says nothing new
        number = 0
        while waiting:
            url = waiting.pop(0)
            is_guess = number > 0 and paging is not None and paging.pattern is not None and last is None
            number += 1
            found = self._read(Question(url, self.pages.manners), rules, _listing_of(entry), is_optional=is_guess)
            if found is None:
                continue
            links = [Link(*link) for link in found["links"]]
            new = {address_key(link.url) for link in links} - seen_links
            seen_links |= new
            for link in links:
                yield Found(link, url)
            if paging is None:
                continue
            if number >= paging.max_pages:
                self.warnings.append(
                    f"source {self.source.name}: {entry.listing} has more than {paging.max_pages} pages, the rest was "
                    "not looked at; raise paging.max_pages"
                )
                return
            further = list(found["next"])
            if paging.pattern is not None:
                if number == 1 and found["count"] is not None:
                    last = found["count"]
                    further += [
                        _page(entry, paging.first + index) for index in range(min(last, paging.max_pages + 1) - 1)
                    ]
                elif last is None and new:
                    further.append(_page(entry, paging.first + number - 1))
            waiting += [address for address in dict.fromkeys(further) if address not in seen]
            seen.update(further)

    def _sitemap(self, entry: SitemapEntry) -> Iterator[Found]:
        waiting, seen = [str(entry.sitemap)], {str(entry.sitemap)}
        while waiting:
            url = waiting.pop(0)
            found = self._read(Question(url, self.pages.manners), "sitemap", _sitemap_of)
            if found is None:
                continue
            yield from (Found(Link(*link), url) for link in found["links"])
            waiting += [index for index in found["indexes"] if index not in seen]
            seen.update(found["indexes"])

    def _feed(self, entry: FeedEntry) -> Iterator[Found]:
        url = str(entry.feed)
        found = self._read(Question(url, self.pages.manners), "feed", _feed_of)
        yield from (Found(Link(*link), url) for link in found or ())

    def _api(self, entry: ApiEntry) -> Iterator[Found]:
        rules = entry.model_dump(mode="json", exclude={"articles", "paging"})
        seen: set[str] = set()
        for number in range(entry.paging.max_pages if entry.paging else 1):
            question = _api_question(entry, number, self.pages.manners)
            found = self._read(question, rules, lambda page: _items_of(page, entry))
            if found is None:
                return
            count, links = found
            new = {address_key(link[0]) for link in links} - seen
            yield from (Found(Link(*link), question.url) for link in links)
            seen |= new
            if not count or not new:
                return
        if entry.paging:
            self.warnings.append(
                f"source {self.source.name}: {entry.api} has more than {entry.paging.max_pages} pages, the rest was not "
                "looked at; raise paging.max_pages"
            )

    def _bucket(self, entry: BucketEntry) -> Iterator[Found]:
        token: str | None = None
        for _ in range(_MAX_OBJECTS_PAGES):
            query = {"list-type": "2", "prefix": entry.prefix} | ({"continuation-token": token} if token else {})
            question = Question(_with_query(str(entry.bucket), query), self.pages.manners)
            found = self._read(question, "bucket", lambda page: _objects_of(page, entry))
            if found is None:
                return
            token, links = found
            yield from (Found(Link(*link), str(entry.bucket)) for link in links)
            if not token:
                return

    # From links to documents

    def _resolve(self, shown: Iterator[Found], articles: Articles | None) -> Iterator[Found]:
        """Links that are documents as they are, and the attachments of those that are articles."""
        seen: set[str] = set()
        with ThreadPoolExecutor(self.pages.manners.concurrency, thread_name_prefix="articles") as pool:
            while batch := list(islice(shown, _BATCH)):
                new = []
                for found in batch:
                    key = address_key(found.link.url)
                    if key not in seen:
                        seen.add(key)
                        new.append(found)
                for documents in pool.map(lambda found: self._documents_of(found, articles), new):
                    yield from documents

    def _documents_of(self, found: Found, articles: Articles | None) -> list[Found]:
        link = found.link
        if expects_file(link.url):
            return [found]
        if articles is None:
            return []
        select = self.source.select
        if link.title is not None and not self._may_be_wanted(link):
            return []
        if is_excluded(select.exclude, link.title, link.url):
            return []
        said = self._article(found, articles)
        if said is None:
            return []
        if said["is_document"]:
            return [found]
        title = link.title or said["title"]
        documents = [
            Found(Link(url, _joined(title, text), link.date), link.url) for url, text, _ in said["attachments"]
        ]
        if articles.page == "always" or (articles.page == "without_attachments" and not documents):
            documents.append(Found(Link(link.url, title, link.date), found.listed_on))
        return documents

    def _may_be_wanted(self, link: Link) -> bool:
        """Whether the title alone rules the article out; patterns of links are for the documents."""
        include = self.source.select.include.model_copy(update={"link": ()})
        return matches(include, link.title, link.url)

    def _article(self, found: Found, articles: Articles) -> Any:  # noqa: ANN401
        link = found.link
        rules = [articles.model_dump(mode="json"), link.date]  # another date in the list: another article
        kept = self.pages.kept(link.url, rules)
        if kept is not None and not self.pages.is_full:
            age = self.pages.now - kept.read_at
            if age < timedelta(days=self.pages.manners.recheck_days):
                return json.loads(kept.found)
        return self._read(Question(link.url, self.pages.manners), rules, lambda page: _article_of(page, articles))

    def _read(self, question: Question, rules: Any, parse: Callable[[Page], Any], *, is_optional: bool = False) -> Any:  # noqa: ANN401
        """What a page says; None, with the failure noted, where it cannot be read."""
        try:
            said = self.pages.get(question, rules, parse)
        except (UnusableInput, TryAgain) as error:
            if not (is_optional and error.reason_code == "not_found"):
                self.failures[question.url] = error
            return None
        self.good.add(question.url)
        return said


def _page(entry: ListingEntry, number: int) -> str:
    pattern = entry.paging.pattern if entry.paging else None
    return urljoin(str(entry.listing), (pattern or "").replace("{page}", str(number)))


def _listing_of(entry: ListingEntry) -> Callable[[Page], Any]:
    def parse(page: Page) -> Any:  # noqa: ANN401
        reader = PageReader(page)
        paging = entry.paging
        told = re.search(paging.count, reader.text) if paging and paging.count else None
        return {
            "links": _rows(reader.listing(entry)),
            "next": reader.next_pages(paging.next) if paging and paging.next else [],
            "count": int(told[1]) if told and told[1].isdigit() else None,
        }

    return parse


def _sitemap_of(page: Page) -> Any:  # noqa: ANN401
    indexes, links = read_sitemap(page.content, page.url)
    return {"indexes": indexes, "links": _rows(links)}


def _feed_of(page: Page) -> Any:  # noqa: ANN401
    return _rows(read_feed(page.content, page.url))


def _items_of(page: Page, entry: ApiEntry) -> Any:  # noqa: ANN401
    count, links = read_items(page, entry)
    return [count, _rows(links)]


def _objects_of(page: Page, entry: BucketEntry) -> Any:  # noqa: ANN401
    token, links = read_bucket(page.content, str(entry.bucket))
    return [token, _rows(links)]


def _article_of(page: Page, articles: Articles) -> Any:  # noqa: ANN401
    if is_document(page.content):
        return {"is_document": True}
    reader = PageReader(page)
    return {"is_document": False, "title": reader.title(), "attachments": _rows(reader.attachments(articles))}


def _rows(links: Iterable[Link]) -> list[list[str | None]]:
    return [[link.url, link.title, link.date] for link in links]


def _api_question(entry: ApiEntry, number: int, manners: Any) -> Question:  # noqa: ANN401
    page = {entry.paging.parameter: entry.paging.first + number * entry.paging.step} if entry.paging else {}
    if entry.body is not None:
        return Question(_with_query(str(entry.api), entry.query), manners, method="POST", json={**entry.body, **page})
    if entry.form is not None:
        return Question(_with_query(str(entry.api), entry.query), manners, method="POST", form={**entry.form, **page})
    return Question(_with_query(str(entry.api), {**entry.query, **page}), manners)


def _with_query(url: str, query: Any) -> str:  # noqa: ANN401
    return url + ("&" if "?" in url else "?") + urlencode(query) if query else url


def _joined(title: str | None, text: str | None) -> str | None:
    """The article's title and the attachment's, unless one says all that the other says."""
    if not title or not text:
        return title or text
    if title in text:
        return text
    return title if text in title else f"{title} / {text}"
