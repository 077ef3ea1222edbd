"""Rows of a table that lie outside its ruling lines: above the first line or below the last.

Some makers leave the outer line away where a table goes on over a page break, so that a row stands there without
a border. It is the table's row if its words stand in the table's columns and a number is among them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tasks.extract.readers.pdf_grids import Frame
from tasks.extract.readers.pdf_marks import Character
from tasks.extract.readers.pdf_text import GAP_EM, find_visual_lines

NUMBER = re.compile(r"[(（]?[-－−+＋]?[\d０-９]{1,3}(?:[,，]?[\d０-９]{3})*(?:[.．][\d０-９]+)?[%％]?[)）]?")
"""A word that is a number by itself."""

_AMOUNT = re.compile(r"[.．,，]")
_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}")

ROOM_EM = 2.0
"""A loose row lies no further from the next ruling line than this many character heights: rows are padded by up to
half of their height, and further off stands other text."""

WRAP_EM = 0.8
"""Lines of one wrapped cell stand closer than this part of the character height."""

CROSSING_POINTS = 1.5
"""A word may overhang a column border by this much: the advance width of its last character is wider than its ink."""


class Word(NamedTuple):
    """Characters without a visible gap between them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    characters: tuple[Character, ...]


def take_loose_rows(frame: Frame, outside: Sequence[Character]) -> list[Character]:
    """Add to the frame the rows that stand right above and below it; returns the characters still outside."""
    left_over = list(outside)
    for above in (True, False):
        while taken := _find_loose_row(frame, left_over, above):
            _add_row(frame, taken, above)
            used = set(map(id, taken))
            left_over = [c for c in left_over if id(c) not in used]
    return left_over


def find_words(characters: Sequence[Character]) -> list[Word]:
    """The words, line by line."""
    return [word for line in find_visual_lines(characters) for word in split_words(line)]


def split_words(line: Sequence[Character]) -> list[Word]:
    """The words of one visual line, left to right."""
    words: list[Word] = []
    word: list[Character] = []
    for character in line:
        gap = character.left - word[-1].right if word else 0.0
        if word and (character.text.isspace() or gap > GAP_EM * character.size_points):
            words.append(_as_word(word))
            word = []
        if not character.text.isspace():
            word.append(character)
    if word:
        words.append(_as_word(word))
    return words


def _as_word(characters: list[Character]) -> Word:
    return Word(
        "".join(c.text for c in characters),
        min(c.left for c in characters),
        min(c.top for c in characters),
        max(c.right for c in characters),
        max(c.bottom for c in characters),
        tuple(characters),
    )


def _find_loose_row(frame: Frame, outside: Sequence[Character], above: bool) -> list[Character]:
    """The characters of the row next to the frame's upper or lower side, or none."""
    edge = frame.row_edges[0] if above else frame.row_edges[-1]
    near = [c for c in outside if not c.text.isspace() and _distance(c.top, c.bottom, edge, above) is not None]
    near = [c for c in near if (_distance(c.top, c.bottom, edge, above) or 0.0) < 3 * ROOM_EM * c.size_points]
    band: list[Word] = []
    limit, room = edge, ROOM_EM
    for _ in range(2):
        band_now = _next_band(find_words(near), band, limit, room, above)
        if not band_now:
            return []
        band += band_now
        columns = [_find_column(frame, word) for word in band]
        if any(column is None for column in columns):
            return []
        if len(set(columns)) > 1 and _prints_amount(band):
            return [c for word in band for c in word.characters]
        limit = min(w.top for w in band) if above else max(w.bottom for w in band)
        room = WRAP_EM
    return []


def _prints_amount(band: Sequence[Word]) -> bool:
    """Whether words are a row of a table: an amount with decimal places or thousands parted, or a code and a number.

    A page number or a year beside a name is none, nor is a date after its label.
    """
    numbers = [word.text for word in band if NUMBER.fullmatch(word.text)]
    if any(word.text.endswith((":", "：")) for word in band):
        return False
    return any(_AMOUNT.search(number) for number in numbers) or (
        len(numbers) > 1 and any(map(_CODE.fullmatch, numbers))
    )


def _distance(top: float, bottom: float, edge: float, above: bool) -> float | None:
    """How far something lies above (below) the edge, or None where it lies on the other side."""
    distance = edge - bottom if above else top - edge
    return distance if distance > -0.5 * (bottom - top) else None


def _next_band(words: list[Word], taken: list[Word], limit: float, room: float, above: bool) -> list[Word]:
    """The words next to the limit together with all that overlap them vertically, or none within the room."""
    used = set(map(id, (c for word in taken for c in word.characters)))
    free = [w for w in words if id(w.characters[0]) not in used]
    free.sort(key=lambda w: -w.bottom if above else w.top)
    if not free:
        return []
    first = free[0]
    distance = limit - first.bottom if above else first.top - limit
    if distance > room * first.characters[0].size_points:
        return []
    band, top, bottom = [first], first.top, first.bottom
    grown = True
    while grown:
        grown = False
        for word in free:
            overlap = min(bottom, word.bottom) - max(top, word.top)
            if all(word is not other for other in band) and overlap > 0.25 * (word.bottom - word.top):
                band.append(word)
                top, bottom, grown = min(top, word.top), max(bottom, word.bottom), True
    return band


def _find_column(frame: Frame, word: Word) -> int | None:
    """The column that holds the whole word, or None."""
    column = bisect_right(frame.col_edges, (word.left + word.right) / 2) - 1
    if not 0 <= column < len(frame.col_edges) - 1:
        return None
    inside = (
        word.left >= frame.col_edges[column] - CROSSING_POINTS
        and word.right <= frame.col_edges[column + 1] + CROSSING_POINTS
    )
    return column if inside else None


def _add_row(frame: Frame, characters: list[Character], above: bool) -> None:
    """A row of unmerged cells around the characters."""
    columns = len(frame.col_edges) - 1
    if above:
        frame.row_edges.insert(0, min(c.top for c in characters) - 1.0)
        frame.spans = [(row + 1, col, row_span, col_span) for row, col, row_span, col_span in frame.spans]
        frame.spans += [(0, col, 1, 1) for col in range(columns)]
    else:
        frame.row_edges.append(max(c.bottom for c in characters) + 1.0)
        frame.spans += [(len(frame.row_edges) - 2, col, 1, 1) for col in range(columns)]
    frame.characters.extend(characters)
