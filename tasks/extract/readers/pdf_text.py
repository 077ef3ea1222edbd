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


def _find_middle(character: Character) -> tuple[float, float]:
    return (character.top + character.bottom) / 2, character.left


def find_visual_lines(characters: Iterable[Character]) -> list[list[Character]]:
    """Group characters into visual lines, top to bottom, each from left to right."""
    rows: list[list[Character]] = []
    spans: list[tuple[float, float]] = []
    for character in sorted(characters, key=_find_middle):
        top, bottom = character.top, character.bottom
        if spans and spans[-1] == (top, bottom) and top <= bottom:  # as most are: spares the arithmetic
            rows[-1].append(character)
            continue
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            row_top, row_bottom = spans[index]
            overlap = (row_bottom if row_bottom < bottom else bottom) - (row_top if row_top > top else top)
            if overlap >= SAME_LINE_OVERLAP * min(row_bottom - row_top, bottom - top):
                rows[index].append(character)
                break
        else:
            rows.append([character])
            spans.append((top, bottom))
    for row in rows:
        row.sort(key=_FROM_LEFT_TO_RIGHT)
    return rows


def join_characters(row: Sequence[Character]) -> str:
    """The text of one visual line: its characters, and one space for every printed space or visible gap."""
    pieces: list[str] = []
    last_right = last_size = 0.0
    follows_print = False
    for text, left, _, right, _, size, _ in row:
        is_print = not text.isspace()
        if follows_print and is_print and left - last_right > GAP_EM * (size if size > last_size else last_size):
            pieces.append(" ")
        pieces.append(text)
        last_right, last_size, follows_print = right, size, is_print
    return " ".join("".join(pieces).split())


def find_box(characters: Iterable[Character]) -> Box | None:
    """The box around the characters that show something, or None where all are spaces."""
    shown = [c for c in characters if not c.text.isspace()]
    if not shown:
        return None
    _, lefts, tops, rights, bottoms, _, _ = zip(*shown, strict=True)
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


def find_text_lines(characters: Iterable[Character]) -> list[Line]:
    """The lines of running text, top to bottom."""
    lines: list[Line] = []
    for row in find_visual_lines(characters):
        text, box = join_characters(row), find_box(row)
        if text and box is not None:
            sizes = sorted([c.size_points for c in row if not c.text.isspace()])
            lines.append(Line(text=text, box=box, height_points=round(sizes[len(sizes) // 2], 2)))
    return lines
