"""What does a source show, and which of it is wanted?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from w3lib.url import canonicalize_url

from tasks.sources.registration import Patterns, Selection

_YEAR_WORD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_YEAR_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")

_SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)
"""What Java servers put into addresses of visitors without cookies; another one for each."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that a page leads to.

    Args:
        url: Absolute, encoded as browsers do.
        title: Its title or text; None where the page tells none.
        date: As printed.
    """

    url: str
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a source shows: the link to it, and the page where it stands."""

    link: Link
    listed_on: str

    @property
    def year(self) -> int | None:
        """The year that it is about, if title or file name tell."""
        return find_year(self.link.title, file_name_of(self.link.url))


def address_key(url: str) -> str:
    """What two spellings of one address have in common."""
    return canonicalize_url(_SESSION.sub("", url), keep_blank_values=True)


def clean_address(url: str) -> str:
    """The address without the visitor's session and without the place in the page."""
    return urlsplit(_SESSION.sub("", url))._replace(fragment="").geturl()


def file_name_of(url: str) -> str:
    """The document's name, told by its address; the host's where the path is empty."""
    parts = urlsplit(url)
    name = unquote(parts.path, errors="strict") if _is_utf8(parts.path) else unquote(parts.path, encoding="gb18030")
    return name.rstrip("/").rpartition("/")[2] or parts.hostname or url


def _is_utf8(path: str) -> bool:
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def find_year(*texts: str | None) -> int | None:
    """The first year that one of the texts names; one that 年 follows goes before a bare number of the same text."""
    for text in texts:
        if found := _YEAR_WORD.search(text or "") or _YEAR_NUMBER.search(text or ""):
            return int(found[1])
    return None


def matches(patterns: Patterns, title: str | None, url: str) -> bool:
    """Whether each list of patterns that is not empty has one that is found."""
    return _any(patterns.title, title or "") and _any(patterns.link, unquote(url))


def is_excluded(patterns: Patterns, title: str | None, url: str) -> bool:
    """Whether any pattern is found."""
    return (bool(patterns.title) and _any(patterns.title, title or "")) or (
        bool(patterns.link) and _any(patterns.link, unquote(url))
    )


def is_wanted(selection: Selection, found: Found) -> bool:
    """Whether the registration wants a document."""
    if selection.first_year is not None and found.year is not None and found.year < selection.first_year:
        return False
    title, url = found.link.title, found.link.url
    return matches(selection.include, title, url) and not is_excluded(selection.exclude, title, url)


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return not patterns or any(re.search(pattern, text) for pattern in patterns)
