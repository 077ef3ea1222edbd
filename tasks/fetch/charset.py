"""In what charset is a web page written?

What the page says of itself and what the server says are often both wrong on government sites: gb2312 stands for
GBK and GB18030, and servers declare UTF-8 for everything.
"""

from __future__ import annotations

import codecs

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "hz", "euc_cn"})
"""All read as GB18030, which holds them."""


def decode_page(content: bytes, content_type: str | None) -> tuple[str, str]:
    """The text of a page, and the encoding in which its links are meant.

    Args:
        content: The page.
        content_type: The header of that name.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, errors="replace"), "utf-8"
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(content[:8192])]
    encodings = [_name(encoding) for encoding in declared if encoding]
    # Neither declaration is trusted: the first under which every byte has a meaning is the one.
    for encoding in dict.fromkeys([*encodings, "utf-8", "gb18030"]):
        try:
            return content.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    encoding = encodings[0] if encodings else "utf-8"
    return content.decode(encoding, errors="replace"), encoding


def _name(encoding: str) -> str:
    name = (resolve_encoding(encoding) or encoding).lower()
    if name in _CHINESE:
        return "gb18030"
    # Browsers read latin-1 as cp1252, in which every byte has a meaning: as a declaration it says nothing.
    return "utf-8" if name in ("cp1252", "iso8859-1", "latin-1", "ascii") else name
