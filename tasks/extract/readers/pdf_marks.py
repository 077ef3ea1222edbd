"""What stands on a page of a PDF: characters and ruling lines, in points as a person sees the page.

Neither tables nor lines of text are known here; they are found from these marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Tile = tuple[float, float]
"""Column and row of a square of the page."""


class Character(NamedTuple):
    """One printed character; the box spans its advance width and the font's height.

    Where it was recognised from an image, the confidence says how sure the recogniser is, from 0 to 1.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size_points: float
    confidence: float | None = None


class Rule(NamedTuple):
    """A ruling line, as its centre line: horizontal where ``top == bottom``, vertical where ``left == right``."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageMarks:
    """All marks of one page that matter to a reader of tables.

    Args:
        width_points: Page width after rotation.
        height_points: Page height after rotation.
        characters: Visible characters, each once.
        rules: Ruling lines in drawing order.
        has_pictures: True where the page shows an image or a drawing (a page with these only is a scan).
        largest_picture_part: The part of the page's area that its largest picture takes.
    """

    width_points: float
    height_points: float
    characters: tuple[Character, ...]
    rules: tuple[Rule, ...]
    has_pictures: bool
    largest_picture_part: float = 0.0


THICKEST_RULE_POINTS = 3.0
"""A filled rectangle no thicker than this is a ruling line. Word draws 0.5 pt, spreadsheets up to 2.3 pt; the
narrowest column or lowest row that could hold a character is wider."""

OVERPRINT_EM = 0.15
"""The same character again within this part of its size is bold by overprinting: printers shift by 0.02 to 0.05 of
the size, and no font sets two equal characters closer than 0.2."""

TILE_POINTS = 6.0
"""Side of the tiles in which overprints are looked up, and so the farthest shift: 0.15 of 40 pt."""


def find_rules_of_rectangle(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    """The ruling lines that a rectangle shows: its centre line where it is thin, else its four sides."""
    width, height = right - left, bottom - top
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    if height <= THICKEST_RULE_POINTS and width <= THICKEST_RULE_POINTS:
        return [Rule(left, middle_y, right, middle_y), Rule(middle_x, top, middle_x, bottom)]
    if height <= THICKEST_RULE_POINTS:
        return [Rule(left, middle_y, right, middle_y)]
    if width <= THICKEST_RULE_POINTS:
        return [Rule(middle_x, top, middle_x, bottom)]
    return [
        Rule(left, top, right, top),
        Rule(left, bottom, right, bottom),
        Rule(left, top, left, bottom),
        Rule(right, top, right, bottom),
    ]


def drop_overprints(characters: Iterable[Character]) -> tuple[Character, ...]:
    """The characters with each one that is printed over itself (bold by overprinting) kept once."""
    kept: list[Character] = []
    seen: dict[str, dict[Tile, list[Character]]] = {}
    for character in characters:
        text, left, top, _, _, size, _ = character
        tiles = seen.get(text)
        if tiles is None:
            tiles = seen[text] = {}
        elif _is_among(tiles, left, top, min(OVERPRINT_EM * size, TILE_POINTS)):
            continue
        tile = (left // TILE_POINTS, top // TILE_POINTS)
        if tile in tiles:
            tiles[tile].append(character)
        else:
            tiles[tile] = [character]
        kept.append(character)
    return tuple(kept)


def _is_among(tiles: dict[Tile, list[Character]], left: float, top: float, shift: float) -> bool:
    """Whether a character was seen within the shift; it may lie in a neighbouring tile."""
    col, last_col = (left - shift) // TILE_POINTS, (left + shift) // TILE_POINTS
    first_row, last_row = (top - shift) // TILE_POINTS, (top + shift) // TILE_POINTS
    while col <= last_col:
        row = first_row
        while row <= last_row:
            for other in tiles.get((col, row), ()):
                if abs(other.left - left) < shift and abs(other.top - top) < shift:
                    return True
            row += 1.0
        col += 1.0
    return False
