"""Characters into printed text: which characters form a visual line, in which order, with which spaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter

from filings.documents import Box, Line
from tasks.extract.readers.pdf_marks import Character

GAP_EM = 0.5
"""A gap wider than this part of the character size is a space that a person sees, though none was set."""

SAME_LINE_OVERLAP = 0.5
"""Two characters share a visual line where they overlap by at least this part of the lower one's height."""


_FROM_LEFT_TO_RIGHT = itemgetter(Character._fields.index("left"), Character._fields.index("right"))


def find_visual_lines(characters: Iterable[Character]) -> list[list[Character]]:
    """Group characters into visual lines, top to bottom, each from left to right."""
    level: dict[tuple[float, float], list[Character]] = {}
    for character in characters:
        span = (character[2], character[4])
        if span in level:
            level[span].append(character)
        else:
            level[span] = [character]
    rows: list[list[Character]] = []
    spans: list[tuple[float, float]] = []
    for (top, bottom), alike in sorted(level.items(), key=_find_middle):
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            row_top, row_bottom = spans[index]
            overlap = min(row_bottom, bottom) - max(row_top, top)
            if overlap >= SAME_LINE_OVERLAP * min(row_bottom - row_top, bottom - top):
                rows[index] += alike
                break
        else:
            rows.append(alike)
            spans.append((top, bottom))
    for row in rows:
        row.sort(key=_FROM_LEFT_TO_RIGHT)
    return rows


def _find_middle(level: tuple[tuple[float, float], list[Character]]) -> float:
    (top, bottom), _ = level
    return top + bottom


def join_characters(row: Sequence[Character]) -> str:
    """The text of one visual line: its characters, and one space for every printed space or visible gap."""
    pieces: list[str] = []
    last_right = last_size = 0.0
    for text, left, _, right, _, size, _ in row:
        if left - last_right > GAP_EM * (size if size > last_size else last_size):
            pieces.append(" ")
        pieces.append(text)
        last_right, last_size = right, size
    return " ".join("".join(pieces).split())


def find_box(characters: Sequence[Character]) -> Box | None:
    """The box around the characters that show something, or None where all are spaces."""
    if not characters:
        return None
    texts, lefts, tops, rights, bottoms, _, _ = zip(*characters, strict=True)
    if any(map(str.isspace, texts)):
        return find_box([c for c in characters if not c.text.isspace()])
    return Box(round(min(lefts), 2), round(min(tops), 2), round(max(rights), 2), round(max(bottoms), 2))


def find_confidence(characters: Sequence[Character]) -> float | None:
    """How sure the recogniser is of the least certain of the characters, or None where none was recognised."""
    if not characters or characters[0].confidence is None:
        return None
    return min((c.confidence for c in characters if c.confidence is not None and not c.text.isspace()), default=None)


def join_cell_text(characters: Sequence[Character]) -> str:
    """The text of a cell: its visual lines joined by line breaks; lines that show nothing are left out."""
    lines = (join_characters(row) for row in find_visual_lines(characters))
    return "\n".join(line for line in lines if line)


def find_text_lines(rows: Iterable[Sequence[Character]]) -> list[Line]:
    """The visual lines as lines of running text, top to bottom."""
    lines: list[Line] = []
    for row in rows:
        text, box = join_characters(row), find_box(row)
        if text and box is not None:
            sizes = sorted([c.size_points for c in row if not c.text.isspace()])
            lines.append(Line(text=text, box=box, height_points=round(sizes[len(sizes) // 2], 2)))
    return lines
