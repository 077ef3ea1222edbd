"""Which lines belong to one paragraph, across line and page breaks, and under which headings (段落拼接、章节)?

A page gives visual lines, wrapped at the right margin: indentation and short lines tell where a paragraph ends. A
transcription gives a line per paragraph, except where a page break tore one in two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from filings.text import fold_radicals
from tasks.extract.narrative.headings import UNNUMBERED, Numbering, is_heading_text, is_plain_title, read_numbering
from tasks.extract.narrative.lines import TextRow

TORN_MIN = 25
"""Shortest line of a transcription, in characters, that may be one half of a torn paragraph: shorter ones are headings."""

TITLE = -1
"""Depth of a title without a number, told by its size: a numbered 第一部分 ends it."""

GAP_MAX = 40
"""Widest gap inside a line, in characters, across which two digits are still told apart."""

_ENDS = re.compile(r"[。:;!?？！：；…]$")
_PART = re.compile(r"^第[一二三四五六七八九十]{1,3}(?:部分|章)$")
_FOLDS = {"“": '"', "”": '"', "‘": '"', "’": '"', "：": ":", "；": ";", "｜": "|", "〈": "《", "〉": "》"}
_FOLD_TABLE = {point: chr(point - 0xFEE0) for point in range(0xFF02, 0xFF5F) if chr(point) not in "，；？！"} | {
    ord(printed): folded for printed, folded in _FOLDS.items()
}
_WHITE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as joined from its lines.

    Args:
        rows: Its lines.
        printed: Its text, the lines joined.
        folded: The same without white space and with widths folded, character by character.
        origin: For each character of ``folded`` its position in ``printed``.
        starts: For each line where it begins in ``printed``.
        numbering: The number it begins with.
        is_heading: Whether it is a heading.
        section: Headings under which it stands, its own included if it is one, outermost first.
    """

    rows: tuple[TextRow, ...]
    printed: str
    folded: str
    origin: tuple[int, ...]
    starts: tuple[int, ...]
    numbering: Numbering
    is_heading: bool
    section: tuple[str, ...]

    def row_at(self, position: int) -> TextRow:
        """The line on which a character of ``folded`` stands."""
        return self.rows[bisect_right(self.starts, self.origin[position]) - 1]


def fold_text(text: str) -> tuple[str, list[int]]:
    """Fold a text character by character and drop white space; a space between two digits stays.

    Returns:
        The folded text and for each of its characters the position in ``text``.
    """
    folded = text.translate(_FOLD_TABLE)
    if _WHITE.search(text) is None:
        return folded, list(range(len(text)))
    characters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1].isdigit() and text[at : at + GAP_MAX].lstrip()[:1].isdigit():
                characters.append(" ")
                origin.append(at)
            continue
        characters.append(folded[at])
        origin.append(at)
    return "".join(characters), origin


def read_paragraphs(rows: list[TextRow]) -> list[Paragraph]:
    """Join lines into paragraphs, each with its headings (拼接段落)."""
    body_height = _body_height(rows)
    headings: dict[int, str] = {}
    paragraphs: list[Paragraph] = []
    for lines in _joined(rows):
        paragraph = _build(lines, body_height, headings)
        paragraphs.append(paragraph)
    return paragraphs


def _build(lines: list[TextRow], body_height: float | None, headings: dict[int, str]) -> Paragraph:
    printed, starts = _join_text(lines)
    folded, origin = fold_text(printed)
    numbering = read_numbering(folded)
    large = body_height is not None and (lines[0].height_points or 0) > body_height * 1.15
    marked = (all(row.is_heading for row in lines) or large) and is_heading_text(folded)
    plain = numbering.depth == UNNUMBERED and is_plain_title(folded)
    is_heading = marked or plain or (numbering.depth < UNNUMBERED and is_heading_text(folded))
    if is_heading and folded:
        depth = numbering.depth if numbering.depth < UNNUMBERED else TITLE if large or plain else None
        if depth is not None:
            for deeper in [known for known in headings if known >= (depth or TITLE)]:
                del headings[deeper]
            headings[depth] = folded
    section = tuple(headings[depth] for depth in sorted(headings))
    return Paragraph(tuple(lines), printed, folded, tuple(origin), tuple(starts), numbering, is_heading, section)


def _join_text(lines: list[TextRow]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    starts: list[int] = []
    length, last = 0, ""
    for row in lines:
        piece = fold_radicals(row.text)
        if last.isascii() and last.isalpha() and piece[:1].isascii() and piece[:1].isalpha():
            piece = " " + piece
        starts.append(length)
        pieces.append(piece)
        length += len(piece)
        last = piece[-1:] or last
    return "".join(pieces), starts


def _body_height(rows: list[TextRow]) -> float | None:
    heights = [row.height_points for row in rows if row.height_points is not None and len(row.text) > 20]
    return median(heights) if heights else None


def _joined(rows: list[TextRow]) -> Iterator[list[TextRow]]:
    margins = _margins(rows)
    current: list[TextRow] = []
    for row in rows:
        if row.is_furniture:
            continue
        if current and _continues(current, row, margins):
            current.append(row)
            continue
        if current:
            yield current
        current = [row]
    if current:
        yield current


def _continues(current: list[TextRow], row: TextRow, margins: dict[int | None, tuple[float, float]]) -> bool:
    before = current[-1]
    if row.group != before.group:
        return False
    numbered = read_numbering(fold_text(row.text)[0]).depth < UNNUMBERED
    if row.box is None or before.box is None or row.page is None or before.page is None:
        return _is_torn(current, row, numbered)
    if abs((row.height_points or 0) - (before.height_points or 0)) > 0.12 * (before.height_points or 1):
        return False
    em = max(row.height_points or 0, row.box.bottom - row.box.top, 6)
    if numbered and _is_numbered_heading("".join(line.text for line in current)):
        return False  # two lines of a contents page, however far to the right the first one reaches
    left, _ = margins[row.page]
    left_before, right_before = margins[before.page]
    if row.page == before.page and row.box.top - before.box.bottom > 2.5 * em:
        return False
    ended = _ENDS.search(before.text) is not None
    room = right_before - before.box.right
    if room > 0.3 * (right_before - left_before):
        return False
    indented = row.box.left - left > 0.8 * em
    if indented:
        in_block = len(current) > 1 or read_numbering(fold_text(before.text)[0]).depth == UNNUMBERED
        level = row.box.left <= before.box.left + 0.3 * em
        return in_block and level and not ended and not numbered and room < 2 * em
    return not (ended and (numbered or room > 6 * em))


def _is_torn(current: list[TextRow], row: TextRow, numbered: bool) -> bool:
    """Whether a line without a box goes on with the one before: a page break tore the paragraph."""
    before = current[-1]
    if _PART.match(fold_text(before.text)[0]):
        return not numbered
    if row.is_heading or before.is_heading or numbered or _ENDS.search(before.text):
        return False
    if len(current) == 1 and _is_numbered_heading(before.text):
        return False
    return len(fold_text(before.text)[0]) >= TORN_MIN


def _is_numbered_heading(text: str) -> bool:
    folded = fold_text(text)[0]
    return read_numbering(folded).depth < UNNUMBERED and is_heading_text(folded)


def _margins(rows: list[TextRow]) -> dict[int | None, tuple[float, float]]:
    """Left and right margin of the running text of each page: the leftmost edge that several lines share, the rightmost edge."""
    pages: dict[int | None, list[TextRow]] = {}
    for row in rows:
        if row.box is not None and not row.is_furniture:
            pages.setdefault(row.page, []).append(row)
    edges = Counter(
        round(row.box.left) for found in pages.values() for row in found if row.box is not None and len(row.text) > 20
    )
    margins: dict[int | None, tuple[float, float]] = {}
    for page, found in pages.items():
        boxes = [row.box for row in found if row.box is not None]
        lefts = Counter(round(box.left) for box in boxes)
        common = [left for left, count in lefts.items() if count > 1 or edges[left] > 3]
        margins[page] = (min(common or lefts), max(box.right for box in boxes))
    return margins
