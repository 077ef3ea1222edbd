"""Packs files into a zip archive as Chinese Windows does, and packs Office files anew without the time of day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

DATE = (2024, 1, 1, 0, 0, 0)
"""When every member of every archive was written, so that the same content gives the same bytes."""

UTF8_FLAG = 0x800
"""General purpose bit 11 of a member: its name is in UTF-8."""


class _GbkEntry(zipfile.ZipInfo):
    """A member whose name stands in GBK without a word of it, as Chinese Windows writes them."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - overrides the one place that encodes names
        return self.filename.encode("gbk"), self.flag_bits & ~UTF8_FLAG


def repack(content: bytes, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same archive with fixed dates, its members changed by the function if one is given."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return pack({name: change(name, data) if change else data for name, data in members.items()})


def pack(members: Mapping[str, bytes], *, as_gbk: bool = False) -> bytes:
    """An archive of the members.

    Args:
        members: Name → bytes.
        as_gbk: Whether their names stand in GBK.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            entry = (_GbkEntry if as_gbk else zipfile.ZipInfo)(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return stream.getvalue()
