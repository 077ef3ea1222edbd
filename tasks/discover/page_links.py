"""What does a web page lead to?

Anchors, frames and viewers, and links by script as far as they can be read without running it: addresses that stand
as text in ``onclick``, ``javascript:``, ``data-`` attributes and scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from parsel import Selector
from w3lib.html import get_base_url
from w3lib.url import safe_url_string

from tasks.discover.found import Link, address_key, clean_address, is_excluded, matches
from tasks.fetch.charset import decode_page
from tasks.fetch.page_instead import suffix_of
from tasks.sources.registration import DOCUMENT_SUFFIXES, Articles, Css, ListingEntry, Place

_QUOTED = re.compile(r"""["']((?:https?:)?/{0,2}[^"'<>\s]+)["']""")
"""A string in a script without blanks."""

_PAGE_SUFFIXES = ("html", "htm", "shtml", "jhtml", "jsp", "php", "aspx", "asp", "do")

_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")

_TITLE_PLACES = ("//h1", "//*[contains(@class, 'title')]", "//title")
"""Where an article says what it is, the first that has words."""

_SCRIPTED = "//*[@onclick or @data-url or @data-href or @data-src or starts-with(@href, 'javascript:')]"

_FRAMED = "//iframe/@src | //frame/@src | //embed/@src | //object/@data"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text.

    Args:
        url: Who answered.
        content: Its bytes.
        content_type: The header of that name.
    """

    url: str
    content: bytes
    content_type: str | None


class PageReader:
    """One page, parsed.

    Args:
        page: The page.
    """

    def __init__(self, page: Page) -> None:
        self.text, self._encoding = decode_page(page.content, page.content_type)
        self._base = get_base_url(self.text, page.url)
        self.root = Selector(self.text or "<html/>", type="html")

    def listing(self, entry: ListingEntry) -> list[Link]:
        """The entries of a listing page."""
        if entry.items is None:
            return _once(self._links(self.root))
        found: list[Link] = []
        for item in select(self.root, entry.items):
            link = next(self._links(item), None)
            if link is None:
                continue
            title = _text(select(item, entry.title)) if entry.title else link.title
            told = _text(select(item, entry.date)) if entry.date else " ".join(item.xpath(".//text()").getall())
            date = _DATE.search(told or "")
            found.append(Link(link.url, title or link.title, date[0] if date else (told if entry.date else None)))
        return _once(found)

    def next_pages(self, place: Place) -> list[str]:
        """The addresses of further pages."""
        found = []
        for node in select(self.root, place):
            value = node.get()
            if isinstance(node.root, str):
                found.append(self._resolve(value))
            else:
                found.extend(link.url for link in self._links(node))
        return [url for url in found if url is not None]

    def attachments(self, articles: Articles) -> list[Link]:
        """The documents that an article leads to."""
        parts = select(self.root, articles.within) if articles.within else [self.root]
        found = []
        for part in parts:
            for link in [*self._links(part), *self._framed(part), *self._in_scripts(part)]:
                suffix = suffix_of(link.url)
                is_marked = any(mark in (link.title or "") for mark in articles.marks)
                if (suffix in articles.suffixes or (is_marked and suffix not in _PAGE_SUFFIXES)) and (
                    matches(articles.include, link.title, link.url)
                    and not is_excluded(articles.exclude, link.title, link.url)
                ):
                    found.append(link)
        return _once(found)

    def title(self) -> str | None:
        """What the article says it is."""
        metas = self.root.xpath("//meta[@name='ArticleTitle']/@content").getall()
        texts = (_text([*self.root.xpath(place)][:1]) for place in _TITLE_PLACES)
        return next((text for text in (*metas, *texts) if text and text.strip()), None)

    def _links(self, part: Selector) -> Iterator[Link]:
        anchors = part.xpath("descendant-or-self::a[@href]")
        for anchor in anchors:
            href = anchor.attrib["href"].strip()
            title = _title(anchor)
            if href.lower().startswith("javascript:") or href in ("", "#"):
                continue
            if (url := self._resolve(href)) is not None:
                yield Link(url, title)
        for element in part.xpath("." + _SCRIPTED.replace("//*", "/descendant-or-self::*")):
            for name in ("onclick", "href", "data-url", "data-href", "data-src"):
                value = element.attrib.get(name, "")
                told = (
                    [value]
                    if name.startswith("data-")
                    else (_QUOTED.findall(value) if "(" in value or "=" in value else [])
                )
                for address in told:
                    if _looks_like_address(address) and (url := self._resolve(address)) is not None:
                        yield Link(url, _title(element))

    def _framed(self, part: Selector) -> Iterator[Link]:
        for address in part.xpath(_FRAMED.replace("//", ".//")).getall():
            query = parse_qs(urlsplit(address).query)
            inner = [value for name in ("file", "url", "src") for value in query.get(name, [])]
            for told in inner or [address]:  # a viewer names the document that it shows
                if (url := self._resolve(unquote(told) if inner else told)) is not None:
                    yield Link(url, self.title())

    def _in_scripts(self, part: Selector) -> Iterator[Link]:
        for script in part.xpath(".//script/text()").getall():
            for address in _QUOTED.findall(script.replace("\\/", "/")):
                if suffix_of(address) in DOCUMENT_SUFFIXES and (url := self._resolve(address)) is not None:
                    yield Link(url, self.title())

    def _resolve(self, address: str) -> str | None:
        try:
            joined = urljoin(self._base, address.strip())
            if urlsplit(joined).scheme not in ("http", "https"):
                return None
            # As browsers do: the path in UTF-8, the query in the page's own charset.
            return clean_address(safe_url_string(joined, encoding=self._encoding))
        except ValueError:
            return None  # no address at all, such as http://[


def select(part: Selector, place: Place) -> list[Selector]:
    """What stands at a place of a part of a page."""
    return list(part.css(place.css) if isinstance(place, Css) else part.xpath(place.xpath))


def _title(element: Selector) -> str | None:
    own = element.attrib.get("title", "").strip()
    return own or _text([element]) or element.attrib.get("download", "").strip() or None


def _text(nodes: list[Selector]) -> str | None:
    words: list[str] = []
    for node in nodes:
        words += [node.root] if isinstance(node.root, str) else node.xpath(".//text()").getall()
    return " ".join(" ".join(words).split()) or None


def _looks_like_address(text: str) -> bool:
    return "/" in text or suffix_of(text) in (*DOCUMENT_SUFFIXES, *_PAGE_SUFFIXES)


def _once(links: Iterator[Link] | list[Link]) -> list[Link]:
    """Each address once, with the first title that says something."""
    found: dict[str, Link] = {}
    for link in links:
        key = address_key(link.url)
        earlier = found.get(key)
        if earlier is None or (earlier.title is None and link.title is not None):
            found[key] = link
    return list(found.values())
