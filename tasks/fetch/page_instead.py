"""Is this a web page where a document should be: an error, a login, or a page that leads on (refresh)?

Servers answer 200 with a page of words where a file is gone or a login is wanted. Told by the first bytes, never by
the declared type.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from w3lib.html import get_meta_refresh

from filings.errors import UnusableInput
from tasks.fetch.charset import decode_page
from tasks.sources import DOCUMENT_SUFFIXES

LARGEST_PAGE_BYTES = 1 << 20
"""Error, login and refresh pages are small; what is larger is left to extraction."""

_LOOKS_LIKE_PAGE = re.compile(rb"^(\xef\xbb\xbf)?\s*(<!--.{0,2000}?-->\s*)?(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|meta|script)\b",
                              re.IGNORECASE | re.DOTALL)  # fmt: skip
"""How pages begin."""

_ASKS_FOR_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)


def is_page(head: bytes) -> bool:
    """True if bytes that begin so are a web page."""
    return _LOOKS_LIKE_PAGE.match(head) is not None


def expects_file(name_or_url: str) -> bool:
    """True if a name or an address promises a file that is no web page."""
    return suffix_of(name_or_url) in DOCUMENT_SUFFIXES


def suffix_of(name_or_url: str) -> str:
    """The suffix, in lower case and without the dot, that a name or an address promises; empty if none.

    In an address a parameter may promise it: ``download.jsp?file=a.pdf``.
    """
    if "/" not in name_or_url:
        return Path(name_or_url).suffix.lower().lstrip(".")
    parts = urlsplit(name_or_url)
    path = unquote(parts.path, errors="replace").rpartition("/")[2]
    for name in (path, *(value for _, value in parse_qsl(parts.query))):
        stem, dot, suffix = name.rpartition(".")
        if dot and stem and suffix.lower() in DOCUMENT_SUFFIXES:
            return suffix.lower()
    return path.rpartition(".")[2].lower() if "." in path else ""


_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")
"""How documents begin that are no web pages."""


def is_document(head: bytes) -> bool:
    """True if bytes that begin so are a document and no web page."""
    return head.startswith(_BINARY)


def find_refresh(content: bytes, url: str, content_type: str | None) -> str | None:
    """Where a page sends its readers at once, if it does."""
    seconds, target = get_meta_refresh(decode_page(content, content_type)[0], url)
    return target if target and target != url and seconds is not None and seconds <= 30 else None


def refuse_page(content: bytes, url: str, content_type: str | None) -> UnusableInput:
    """The refusal of a page that came in place of a document."""
    text = decode_page(content, content_type)[0]
    if _ASKS_FOR_PASSWORD.search(text):
        return UnusableInput(
            "login_page", f"{url} answered with a page that asks for a password; fetch it by hand and ingest the file"
        )
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    shown = " ".join(title[1].split())[:60] if title else "a page without a title"
    return UnusableInput(
        "html_error_page",
        f"{url} answered with a web page ({shown!r}) in place of the document; open the address in a browser and "
        "look for the document's new address",
    )
