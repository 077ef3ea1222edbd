"""What does a body decode to, if a server has compressed it, and does it stay within bounds?

A few kilobytes can be made to decode to gigabytes. So the decoder never holds more than a piece, and stops where the
output passes the limit or is absurdly larger than the input.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from filings.errors import TryAgain, UnusableInput

MAX_RATIO = 200
"""Deflate can reach 1,032; texts and pages reach 20, blank pages 100."""

_FREE_BYTES = 1 << 20
"""Below this no ratio matters."""

_PIECE_BYTES = 1 << 16


def decode_body(chunks: Iterable[bytes], encoding: str, max_bytes: int, where: str) -> Iterator[bytes]:
    """Decode a body piece by piece.

    Args:
        chunks: As they come over the wire.
        encoding: The Content-Encoding header.
        max_bytes: More is refused, before and after decoding.
        where: The address, for messages.

    Raises:
        UnusableInput: ``too_large``, ``decompression_bomb``, or ``refused`` for an encoding that was not offered.
        TryAgain: ``unreachable``: the compressed body is broken.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        yield from _bounded(chunks, max_bytes, where)
    elif name in ("gzip", "x-gzip", "deflate"):
        yield from _inflate(chunks, name == "deflate", max_bytes, where)
    else:
        raise UnusableInput("refused", f"{where} is sent in the encoding {encoding!r}, which was not asked for")


def _bounded(chunks: Iterable[bytes], max_bytes: int, where: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(where, max_bytes)
        yield chunk


def _inflate(chunks: Iterable[bytes], is_deflate: bool, max_bytes: int, where: str) -> Iterator[bytes]:
    decoder = zlib.decompressobj(zlib.MAX_WBITS if is_deflate else zlib.MAX_WBITS | 16)
    came = went = 0
    for number, chunk in enumerate(_bounded(chunks, max_bytes, where)):
        if number == 0 and is_deflate and (chunk[0] & 0x0F) != 8:
            decoder = zlib.decompressobj(-zlib.MAX_WBITS)  # deflate without its zlib header, as some servers send it
        came += len(chunk)
        rest = chunk
        while rest:
            try:
                piece = decoder.decompress(rest, _PIECE_BYTES)
            except zlib.error as error:
                raise TryAgain("unreachable", f"{where} arrived damaged ({error}); it will be tried again") from error
            rest = decoder.unconsumed_tail
            went += len(piece)
            if went > max_bytes:
                raise _too_large(where, max_bytes)
            if went > _FREE_BYTES and went > MAX_RATIO * came:
                raise UnusableInput(
                    "decompression_bomb",
                    f"{where} decompresses to more than {MAX_RATIO} times its size, as no document does; "
                    "if it is a filing, fetch it by hand and ingest the file",
                )
            yield piece
            if not piece and not rest:
                break
    yield decoder.flush()  # what was held back for the size of a piece, less than a window
    if not decoder.eof:
        raise TryAgain("unreachable", f"{where} broke off within its compressed body; it will be tried again")


def _too_large(where: str, max_bytes: int) -> UnusableInput:
    return UnusableInput("too_large", f"{where} is larger than {max_bytes} bytes; if it is a filing, raise the limit")
