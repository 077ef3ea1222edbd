"""Tables that stand beside each other: which text belongs to which, and in which order are they read (左右并排之表)?

A person reads one table with its title and notes, then the next. Lines of text over and under such tables are parted
between them, up to the first line that reaches over the gap: it belongs to all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from filings.documents import Box
from tasks.extract.readers.pdf_grids import Frame
from tasks.extract.readers.pdf_marks import Character

SHARED_HEIGHT = 0.5
"""Tables stand beside each other where they share more than this part of the lower one's height."""


@dataclass(slots=True)
class Band:
    """A stretch of the page that is read column by column.

    Args:
        top: Its upper edge in points.
        bottom: Its lower edge.
        gaps: Left and right edge of each gap between its columns, left to right.
    """

    top: float
    bottom: float
    gaps: list[tuple[float, float]]

    def place(self, box: Box) -> int:
        """The column in which something stands."""
        return bisect_right([left for left, _ in self.gaps], (box.left + box.right) / 2)

    def part(self, row: Sequence[Character]) -> list[list[Character]] | None:
        """A visual line by columns, or None where it reaches into a gap."""
        parts: list[list[Character]] = [[] for _ in range(len(self.gaps) + 1)]
        for character in row:
            if character.text.isspace():
                continue
            column = bisect_right([left for left, _ in self.gaps], character.left)
            if column and character.left < self.gaps[column - 1][1]:
                return None
            if column < len(self.gaps) and character.right > self.gaps[column][0]:
                return None
            parts[column].append(character)
        return [part for part in parts if part]


def find_bands(frames: Sequence[Frame]) -> list[Band]:
    """The stretches of a page on which tables stand beside each other, top to bottom."""
    bands: list[Band] = []
    outlines = sorted((frame.outline for frame in frames), key=lambda box: box.top)
    while outlines:
        group = [outlines.pop(0)]
        while beside := [box for box in outlines if any(_are_beside(box, other) for other in group)]:
            group += beside
            outlines = [box for box in outlines if box not in beside]
        if gaps := _find_gaps(group):
            bands.append(Band(min(box.top for box in group), max(box.bottom for box in group), gaps))
    return bands


def _are_beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SHARED_HEIGHT * min(one.bottom - one.top, other.bottom - other.top)


def _find_gaps(group: Sequence[Box]) -> list[tuple[float, float]]:
    stretches: list[tuple[float, float]] = []
    for box in sorted(group, key=lambda box: box.left):
        if stretches and box.left <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], box.right))
        else:
            stretches.append((box.left, box.right))
    return [(left[1], right[0]) for left, right in pairwise(stretches)]


def part_rows(
    rows: Sequence[Sequence[Character]], bands: Sequence[Band], frames: Sequence[Frame]
) -> list[Sequence[Character]]:
    """The visual lines, those over, between and under tables that stand beside each other parted between them.

    Each band grows over the lines that are parted for it.

    Args:
        rows: The visual lines outside all tables, top to bottom.
        bands: Where tables stand beside each other.
        frames: All tables of the page.
    """
    parted: dict[int, list[list[Character]]] = {}
    spans = [(min(c.top for c in row), max(c.bottom for c in row)) for row in rows]
    for band in bands:
        ceiling = max((frame.outline.bottom for frame in frames if frame.outline.bottom <= band.top), default=0.0)
        floor = min((frame.outline.top for frame in frames if frame.outline.top >= band.bottom), default=inf)
        first = sum(bottom <= band.top for _, bottom in spans)
        for order in (range(first - 1, -1, -1), range(first, len(rows))):
            for at in order:
                top, bottom = spans[at]
                parts = band.part(rows[at])
                if parts is None or at in parted or top < ceiling or bottom > floor:
                    break
                parted[at] = parts
                band.top, band.bottom = min(band.top, top), max(band.bottom, bottom)
    return [part for at, row in enumerate(rows) for part in parted.get(at, [row])]
