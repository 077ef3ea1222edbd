"""A compound file (OLE2) with given streams, as small as the format allows.

Source: [MS-CFB]. Streams are padded to 4,096 bytes, so that all of them lie in ordinary sectors.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

SECTOR = 512
FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
CUTOFF = 4096


def write_compound(streams: Mapping[str, bytes]) -> bytes:
    padded = {
        name: data + bytes(-len(data) % CUTOFF if len(data) % CUTOFF or not data else 0)
        for name, data in streams.items()
    }
    entries = [("Root Entry", 5, END, 0), *((name, 2, 0, len(data)) for name, data in padded.items())]
    entries += [("", 0, 0, 0)] * (-len(entries) % 4)
    directory_sectors = len(entries) // 4
    # sector 0 is the allocation table, then the directory, then the streams
    table = [FAT, *range(2, 1 + directory_sectors), END]
    at = 1 + directory_sectors
    starts = {}
    for name, data in padded.items():
        count = len(data) // SECTOR
        starts[name] = at
        table += [*range(at + 1, at + count), END]
        at += count
    assert len(table) <= SECTOR // 4, "one sector of allocation table"
    table += [FREE] * (SECTOR // 4 - len(table))
    directory = b""
    for index, (name, kind, start, size) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\x00\x00" if name else b""
        # the entries hang on each other's right side as one long tree
        right = index + 1 if 0 < index < len(streams) else NONE
        child = 1 if index == 0 and streams else NONE
        directory += text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, NONE, right, child)
        directory += bytes(36) + struct.pack("<IQ", starts.get(name, start), size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, CUTOFF, END, 0, END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    return header + struct.pack(f"<{len(table)}I", *table) + directory + b"".join(padded.values())
