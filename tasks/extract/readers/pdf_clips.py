"""What the clips of a page's objects let through.

Spreadsheet programs draw every character as an object of its own, clipped to its cell inside a clip of the page, so
there are as many clips as characters. But pdfium keeps each path of a clip once and hands out the same segments for
all objects that it clips: one call per path tells whether it is known.
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

Key = tuple[object, ...]
"""The form's matrix and the first segment of each path of a clip."""


class ClipReader:
    """Reads the clips of one page, which stays open meanwhile; remembers the boxes of those it has met."""

    def __init__(self) -> None:
        self._boxes: dict[Key, Extent] = {}

    def read(
        self, items: Sequence[Handle], form: pdfium.FS_MATRIX | None, outer: Extent | None
    ) -> Sequence[Extent | None]:
        """The box that each object's clip lets through, or None where nothing clips.

        Args:
            items: Objects that stand in the same form, or on the page itself.
            form: Where the form's space lies on the page.
            outer: What the form's own clip lets through.
        """
        clips = list(map(calls.get_clip_path, items))
        counts = list(map(calls.count_clip_paths, clips))
        boxes: list[Extent | None] = [outer] * len(items)
        place = () if form is None else (form.a, form.b, form.c, form.d, form.e, form.f)
        for path_count in sorted(set(counts)):
            if path_count <= 0:
                continue
            alike = [index for index, count in enumerate(counts) if count == path_count]
            asked = [clips[index] for index in alike]
            firsts = [map(calls.get_clip_segment, asked, repeat(path), repeat(0)) for path in range(path_count)]
            for index, *key in zip(alike, *firsts, strict=True):
                known = (*place, path_count, *key)
                box = self._boxes.get(known)
                if box is None:
                    box = self._boxes[known] = _read_box(clips[index], path_count, form)
                boxes[index] = box if outer is None else outer.intersect(box)
        return boxes


def _read_box(clip: Handle, path_count: int, form: pdfium.FS_MATRIX | None) -> Extent:
    result = EVERYWHERE
    for path in range(path_count):
        count = calls.count_clip_segments(clip, path)
        if 0 < count <= MOST_SEGMENTS:
            segments = [calls.get_clip_segment(clip, path, index) for index in range(count)]
            box = bound(calls.read_points(segments))
            result = result.intersect(box if form is None else map_extent(form, box))
    return result
