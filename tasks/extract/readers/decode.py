"""Bytes -> text, if they are text: UTF-8, UTF-16 or GB18030, in this order, and nothing else."""

from __future__ import annotations

import codecs
import unicodedata

USUAL_CONTROLS = frozenset("\t\n\r\f\v")

COMMON_SHARE = 0.8
"""At least this share of the characters beyond ASCII must be in GB2312's 7,445 common ones if bytes are taken for
GB18030: prose has over 0.98, random bytes that happen to decode under 0.4."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def find_text(content: bytes) -> str | None:
    """The text that the bytes encode, or None where they are not text.

    A strict order instead of statistics: a Chinese text is never valid UTF-8 by chance, so what decodes as UTF-8 is
    UTF-8; what is left is GB18030 (with GBK and GB2312 as its subsets) if the result reads like Chinese.
    """
    for bom, encoding in BOMS:
        if content.startswith(bom):
            text = _decode(content[len(bom) :], encoding)
            return text if text is not None and _is_printable(text) else None
    text = _decode(content, "utf-8")
    if text is not None and _is_printable(text):
        return text
    candidates = (
        [_decode(content, encoding) for encoding in ("utf-16-le", "utf-16-be")]
        if b"\x00" in content
        else [_decode(content, "gb18030")]
    )
    return next((t for t in candidates if t is not None and _is_printable(t) and _is_common(t)), None)


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_printable(text: str) -> bool:
    """Whether no character is a control, a surrogate or unassigned (private use occurs in real texts)."""
    return all(
        character in USUAL_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs", "Cn")
        for character in set(text)
    )


def _is_common(text: str) -> bool:
    beyond_ascii = [character for character in text if character > "\x7f"]
    common = sum(_decode_back(character) for character in beyond_ascii)
    return common >= COMMON_SHARE * len(beyond_ascii)


def _decode_back(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
