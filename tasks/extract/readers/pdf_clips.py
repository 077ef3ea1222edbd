"""What the clips of a page's objects let through.

Spreadsheet programs draw every character as an object of its own, clipped to its cell inside a clip of the page, so
there are as many clips as characters. But pdfium keeps each path of a clip once and hands out the same segments for
all objects that it clips. A path is added to those that are in force, so that the last one tells the whole clip: one call
tells whether it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import pypdfium2.raw as pdfium

from tasks.extract.readers import pdf_calls as calls
from tasks.extract.readers.pdf_calls import Handle
from tasks.extract.readers.pdf_extents import EVERYWHERE, Extent, bound, map_extent

MOST_SEGMENTS = 5_000
"""A path with more segments than this is a drawing, not a table's border: a border has at most five."""


def read_clips(items: Sequence[Handle], form: pdfium.FS_MATRIX | None, outer: Extent | None) -> list[Extent | None]:
    """The box that each object's clip lets through, or None where nothing clips.

    Args:
        items: Objects that stand in the same form, or on the page itself.
        form: Where the form's space lies on the page.
        outer: What the form's own clip lets through.
    """
    clips = list(map(calls.get_clip_path, items))
    counts = list(map(calls.count_clip_paths, clips))
    boxes = [outer] * len(items)
    paths: dict[Handle, Extent] = {}
    for path_count in {count for count in counts if count > 0}:
        alike = [index for index, count in enumerate(counts) if count == path_count]
        asked = [clips[index] for index in alike]
        lasts = list(map(calls.get_clip_segment, asked, repeat(path_count - 1), repeat(0)))
        known: dict[Handle, Extent] = {}
        for last, clip in dict(zip(lasts, asked, strict=True)).items():
            box = EVERYWHERE if outer is None else outer
            for path in range(path_count):
                first_segment = calls.get_clip_segment(clip, path, 0)
                if first_segment not in paths:
                    paths[first_segment] = _read_path(clip, path, form)
                box = box.intersect(paths[first_segment])
            known[last] = box
        for index, last in zip(alike, lasts, strict=True):
            boxes[index] = known[last]
    return boxes


def _read_path(clip: Handle, path: int, form: pdfium.FS_MATRIX | None) -> Extent:
    """The box around one path of a clip."""
    count = calls.count_clip_segments(clip, path)
    if not 0 < count <= MOST_SEGMENTS:
        return EVERYWHERE
    segments = [calls.get_clip_segment(clip, path, index) for index in range(count)]
    box = bound(calls.read_points(segments))
    return box if form is None else map_extent(form, box)
