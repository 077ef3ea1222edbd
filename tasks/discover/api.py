"""What does the JSON API of a disclosure platform lead to?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

import jmespath
from w3lib.url import safe_url_string

from filings.errors import UnusableInput
from tasks.discover.found import Link, clean_address
from tasks.discover.page_links import Page
from tasks.fetch.charset import decode_page
from tasks.sources.registration import ApiEntry

_JSONP = re.compile(r"^\s*[\w.$]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)


def read_items(page: Page, entry: ApiEntry) -> tuple[int, list[Link]]:
    """How many entries an answer holds, and what they lead to.

    Raises:
        UnusableInput: ``not_json``, or ``bad_items`` where there is no list at the registered place.
    """
    text = decode_page(page.content, page.content_type)[0]
    wrapped = _JSONP.match(text)
    try:
        answer = json.loads(wrapped[1] if wrapped else text)
    except ValueError as error:
        raise UnusableInput("not_json", f"{page.url} does not answer in JSON ({error}); look at the address") from error
    items = jmespath.search(entry.items, answer)
    if items is None:
        items = []
    if not isinstance(items, list):
        raise UnusableInput(
            "bad_items", f"{page.url} has no list at {entry.items!r}; correct `items` in the registration"
        )
    links: list[Link] = []
    for item in items:
        title = _text(jmespath.search(entry.title, item))
        date = _text(jmespath.search(entry.date, item)) if entry.date else None
        for address in _addresses(item, entry):
            links.append(Link(clean_address(safe_url_string(urljoin(page.url, address))), title, date))
    return len(items), links


def _addresses(item: Any, entry: ApiEntry) -> list[str]:  # noqa: ANN401
    if entry.link_template is not None:
        fields = {name: quote(str(value)) for name, value in item.items()} if isinstance(item, Mapping) else {}
        try:
            return [entry.link_template.format_map(fields)]
        except (KeyError, IndexError, ValueError):
            return []
    told = jmespath.search(entry.link, item)
    return [address for address in (told if isinstance(told, list) else [told]) if isinstance(address, str) and address]


def _text(value: Any) -> str | None:  # noqa: ANN401
    if value is None:
        return None
    return re.sub(r"<[^>]+>", "", str(value)).strip() or None  # search platforms mark the words that were found
