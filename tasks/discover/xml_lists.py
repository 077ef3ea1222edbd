"""What do a sitemap, a feed and the listing of an object store lead to?

Three small XML formats, read with lxml without entities; feedparser would bring an HTML sanitiser and date guessing
that nobody here asks for.
"""

from __future__ import annotations

import zlib
from urllib.parse import quote, urljoin

from lxml import etree

from filings.errors import UnusableInput
from tasks.discover.found import Link

_LARGEST_SITEMAP_BYTES = 52_428_800
"""sitemaps.org: at most 50 MB uncompressed."""


def _parse(content: bytes, where: str) -> etree._Element:
    if content.startswith(b"\x1f\x8b"):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        content = decoder.decompress(content, _LARGEST_SITEMAP_BYTES)
        if decoder.unconsumed_tail:
            raise UnusableInput("decompression_bomb", f"{where} decompresses to more than a sitemap may have")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    root = etree.fromstring(content.lstrip(), parser) if content.strip() else None
    if root is None:
        raise UnusableInput("not_xml", f"{where} is not XML; look at the address in a browser")
    return root


def _text(element: etree._Element, *names: str) -> str | None:
    for name in names:
        for found in element.xpath("./*[local-name() = $name]", name=name):
            if found.text and found.text.strip():
                return str(found.text.strip())
    return None


def read_sitemap(content: bytes, url: str) -> tuple[list[str], list[Link]]:
    """The sitemaps that an index names, and the pages that a sitemap names.

    Raises:
        UnusableInput: ``not_xml`` or ``decompression_bomb``.
    """
    root = _parse(content, url)
    indexes = [_text(entry, "loc") for entry in root.xpath("//*[local-name() = 'sitemap']")]
    pages = [(_text(entry, "loc"), _text(entry, "lastmod")) for entry in root.xpath("//*[local-name() = 'url']")]
    return (
        [urljoin(url, index) for index in indexes if index],
        [Link(urljoin(url, page), None, date) for page, date in pages if page],
    )


def read_feed(content: bytes, url: str) -> list[Link]:
    """The entries of an RSS or Atom feed; the documents enclosed in one go before its page.

    Raises:
        UnusableInput: ``not_xml``.
    """
    links = []
    for entry in _parse(content, url).xpath("//*[local-name() = 'item' or local-name() = 'entry']"):
        title = _text(entry, "title")
        date = _text(entry, "updated", "pubDate", "published", "date")
        enclosed = entry.xpath("./*[local-name() = 'enclosure']/@url")
        enclosed += entry.xpath("./*[local-name() = 'link' and @rel = 'enclosure']/@href")
        pages = entry.xpath("./*[local-name() = 'link' and (not(@rel) or @rel = 'alternate')]/@href")
        told = enclosed or pages or [_text(entry, "link", "guid")]
        links += [Link(urljoin(url, str(address)), title, date) for address in told if address]
    return links


def read_bucket(content: bytes, bucket: str) -> tuple[str | None, list[Link]]:
    """The token of the next page, and the objects of this one (ListObjectsV2).

    Raises:
        UnusableInput: ``not_xml``.
    """
    root = _parse(content, bucket)
    links = []
    for entry in root.xpath("//*[local-name() = 'Contents']"):
        key = _text(entry, "Key")
        if key and not key.endswith("/"):
            version = " ".join(filter(None, (_text(entry, "LastModified"), _text(entry, "ETag"))))
            links.append(Link(bucket.rstrip("/") + "/" + quote(key), key.rpartition("/")[2], version or None))
    return _text(root, "NextContinuationToken"), links
