"""Which ink of a page image is ruling lines? Straight, thin, long, and met by other lines at its ends."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tasks.extract.readers.pdf_marks import Rule
from tasks.extract.readers.scan_image import POINTS_PER_PIXEL, Pixels

SHORTEST_ACROSS_PIXELS = 40
"""A horizontal line is at least this long (14 pt): the narrowest column."""

SHORTEST_DOWN_PIXELS = 30
"""A vertical line is at least this long (11 pt): the lowest row."""

LONG_PIXELS = 160
"""A line this long (58 pt) is no stroke of a character, whatever it ends at."""

THICKEST_PIXELS = 7
"""A bar thicker than this (2.5 pt) is shading or the edge of the glass."""

GAP_PIXELS = 3
"""Narrower breaks than this are closed before straight ink is looked for; more would join the strokes of characters
side by side."""

BREAK_PIXELS = 9
"""Straight stretches on one line with a narrower break than this (3 pt) are one line: scanners break thin lines."""

LONGEST_BRIDGE_PIXELS = 70
"""A line that breaks inside a cell goes on within this (25 pt): out of focus, thin lines are lost beside bold print."""

SHORTEST_PARTS = 2
"""Beyond a break, a stretch of this fraction of the shortest line still belongs to a horizontal one. Not to a vertical
one: above the upper end of a column's border stands the text of the header, whose uprights would continue it."""

STEEPEST_SLOPE = 0.01
"""A line may still lie so much askew after the page was turned upright: paper buckles."""

BESIDE_PIXELS = 7
"""How far beside a line other ink is looked for: strokes of a character are nearer to each other."""

FRINGE_PIXELS = 2
"""So far beside a line its own ragged edge reaches."""

SHORTEST_EDGE_PIXELS = 6
"""Shorter ink on a line may be a decimal point that stands on its underline."""

BESIDE_PART = 0.6
"""A ruling line has ink beside it over at most this part of its length: text may stand on it, but has gaps."""

BESIDE_SHORT_PART = 0.3
"""The same for a line that a stroke could be: beside the upright of 科 or 中 its other strokes begin."""

REACH_PIXELS = 2
"""A line meets another where its end is no further off than this; strokes leave more room in the tightest rows."""


@dataclass(frozen=True)
class RuledImage:
    """Ruling lines of a page image: their centre lines in points, and their pixels."""

    rules: tuple[Rule, ...]
    mask: Pixels


def find_rules(ink: Pixels) -> RuledImage:
    """The ruling lines of an upright page image."""
    across = _find_straight(ink, is_vertical=False)
    down = _find_straight(ink, is_vertical=True)
    across = _drop_strokes(across, cv2.bitwise_and(ink, cv2.bitwise_not(down)), is_vertical=False)
    down = _drop_strokes(down, cv2.bitwise_and(ink, cv2.bitwise_not(across)), is_vertical=True)
    kept_across, kept_down = _bridge(across, down), np.ascontiguousarray(_bridge(down.T, across.T).T)
    for _ in range(2):  # a stroke that met only strokes goes in the second round
        kept_across = _keep_met(kept_across, kept_down, is_vertical=False)
        kept_down = _keep_met(kept_down, kept_across, is_vertical=True)
    structures = _find_structures(kept_across, kept_down)
    kept_across = np.asarray(cv2.bitwise_and(kept_across, structures), dtype=np.uint8)
    kept_down = np.asarray(cv2.bitwise_and(kept_down, structures), dtype=np.uint8)
    rules = [*_as_rules(kept_across, is_vertical=False), *_as_rules(kept_down, is_vertical=True)]
    return RuledImage(tuple(rules), _find_line_pixels(kept_across, kept_down, ink))


def _find_straight(ink: Pixels, is_vertical: bool) -> Pixels:
    """The ink that goes on straight for the shortest length of a line, with what continues it beyond a break."""
    shortest = SHORTEST_DOWN_PIXELS if is_vertical else SHORTEST_ACROSS_PIXELS
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(GAP_PIXELS, is_vertical))
    straight = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _bar(shortest, is_vertical))
    parts = cv2.morphologyEx(
        closed, cv2.MORPH_OPEN, _bar(shortest if is_vertical else shortest // SHORTEST_PARTS, is_vertical)
    )
    whole = cv2.morphologyEx(parts, cv2.MORPH_CLOSE, _bar(BREAK_PIXELS, is_vertical))
    count, labels, measures, _ = cv2.connectedComponentsWithStats(whole.astype(np.uint8), connectivity=8)
    kept = np.zeros(count, dtype=np.uint8)
    for index in np.unique(labels[straight > 0]):
        _, _, width, height, area = (int(value) for value in measures[index])
        longest, thickest = (height, width) if is_vertical else (width, height)
        is_thin = area / longest <= THICKEST_PIXELS
        kept[index] = 255 * (is_thin and thickest <= THICKEST_PIXELS + longest * STEEPEST_SLOPE)
    kept[0] = 0
    return np.asarray(kept[labels], dtype=np.uint8)


def _bar(length: int, is_vertical: bool) -> cv2.typing.MatLike:
    """A straight piece one pixel thick, to compare ink with."""
    return cv2.getStructuringElement(cv2.MORPH_RECT, (1, length) if is_vertical else (length, 1))


def _find_line_pixels(across: Pixels, down: Pixels, ink: Pixels) -> Pixels:
    """The pixels of the lines with their ragged edges: what is left beside them would look like strokes."""
    lines = cv2.dilate(cv2.bitwise_or(across, down), cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    count, labels, measures, _ = cv2.connectedComponentsWithStats(
        cv2.bitwise_and(ink, cv2.bitwise_not(lines)), connectivity=8
    )
    reach = 2 * FRINGE_PIXELS + 1
    is_ragged = np.zeros(count, dtype=np.uint8)
    widths, heights = measures[:, cv2.CC_STAT_WIDTH], measures[:, cv2.CC_STAT_HEIGHT]
    for straight, thickness, length, shape in (
        (across, heights, widths, (1, reach)),
        (down, widths, heights, (reach, 1)),
    ):
        beside = cv2.dilate(straight, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
        touching = np.unique(labels[beside > 0])
        is_edge = (thickness[touching] <= FRINGE_PIXELS) & (length[touching] >= SHORTEST_EDGE_PIXELS)
        is_ragged[touching[is_edge]] = 255
    is_ragged[0] = 0
    return np.asarray(cv2.bitwise_or(lines, is_ragged[labels]), dtype=np.uint8)


def _drop_strokes(lines: Pixels, ink: cv2.typing.MatLike, is_vertical: bool) -> Pixels:
    """The lines without those that have ink all along their sides: strokes of characters side by side."""
    count, labels, measures, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    kept = np.zeros(count, dtype=np.uint8)
    for index in range(1, count):
        left, top, width, height, _area = (int(value) for value in measures[index])
        right, bottom = left + width, top + height
        longest = height if is_vertical else width
        if is_vertical:
            before = ink[top:bottom, max(left - BESIDE_PIXELS, 0) : max(left - FRINGE_PIXELS, 0)]
            after = ink[top:bottom, right + FRINGE_PIXELS : right + BESIDE_PIXELS]
        else:
            before = ink[max(top - BESIDE_PIXELS, 0) : max(top - FRINGE_PIXELS, 0), left:right]
            after = ink[bottom + FRINGE_PIXELS : bottom + BESIDE_PIXELS, left:right]
        filled = max(int(np.count_nonzero(side.any(axis=int(is_vertical)))) for side in (before, after))
        part = BESIDE_PART if longest >= LONG_PIXELS else BESIDE_SHORT_PART
        kept[index] = 255 * (filled <= part * longest)
    return np.asarray(kept[labels], dtype=np.uint8)


def _bridge(lines: Pixels, others: Pixels) -> Pixels:
    """Horizontal lines with their breaks closed, but those that end at a line across: there a merged cell begins."""
    count, labels, measures, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(lines), connectivity=8)
    bridged = lines.copy()
    starts: dict[int, list[int]] = {}
    ends: list[tuple[int, int]] = []
    for index in range(1, count):
        left, top, width, height, _area = (int(value) for value in measures[index])
        piece = labels[top : top + height, left : left + width] == index
        starts.setdefault(top + int(np.flatnonzero(piece[:, 0]).mean()), []).append(left)
        ends.append((left + width - 1, top + int(np.flatnonzero(piece[:, -1]).mean())))
    near = BREAK_PIXELS
    for x, y in ends:
        for next_y in range(y - REACH_PIXELS, y + REACH_PIXELS + 1):
            for next_x in starts.get(next_y, ()):
                if (
                    0 < next_x - x <= LONGEST_BRIDGE_PIXELS
                    and not others[
                        max(min(y, next_y) - near, 0) : max(y, next_y) + near + 1, max(x - near, 0) : next_x + near + 1
                    ].any()
                ):
                    cv2.line(bridged, (x, y), (next_x, next_y), 255, 2)
    return bridged


def _keep_met(lines: Pixels, others: Pixels, is_vertical: bool) -> Pixels:
    """The lines that are long, or meet one of the others at both ends."""
    count, labels, measures, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    kept = np.zeros(count, dtype=np.uint8)
    for index in range(1, count):
        left, top, width, height, _area = (int(value) for value in measures[index])
        longest = height if is_vertical else width
        if longest >= LONG_PIXELS:
            kept[index] = 255
            continue
        if is_vertical:
            ends = ((left, top), (left, top + height - 1))
            reach_x, reach_y = width, REACH_PIXELS
        else:
            ends = ((left, top), (left + width - 1, top))
            reach_x, reach_y = REACH_PIXELS, height
        met = [
            others[
                max(y - REACH_PIXELS, 0) : y + (reach_y if not is_vertical else REACH_PIXELS) + 1,
                max(x - REACH_PIXELS, 0) : x + (reach_x if is_vertical else REACH_PIXELS) + 1,
            ].any()
            for x, y in ends
        ]
        kept[index] = 255 * all(met)
    return np.asarray(kept[labels], dtype=np.uint8)


def _find_structures(across: Pixels, down: Pixels) -> cv2.typing.MatLike:
    """Where lines in both directions meet and draw something larger than a character.

    Underlines and strokes side by side go one way only; 门, 目 and 田 in a title look like small tables.
    """
    lines = cv2.bitwise_or(across, down)
    reach = 2 * REACH_PIXELS + 1
    joined = cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    count, labels, measures, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    has_both = np.zeros(count, dtype=np.bool_)
    has_both[np.intersect1d(labels[across > 0], labels[down > 0])] = True
    is_large = measures[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)].max(axis=1) >= LONG_PIXELS
    kept = np.where(has_both & is_large & (np.arange(count) > 0), 255, 0).astype(np.uint8)
    return np.asarray(kept[labels], dtype=np.uint8)


def _as_rules(lines: Pixels, is_vertical: bool) -> list[Rule]:
    count, _, measures, centres = cv2.connectedComponentsWithStats(lines, connectivity=8)
    rules: list[Rule] = []
    for index in range(1, count):
        left, top, width, height, _area = (int(value) * POINTS_PER_PIXEL for value in measures[index])
        x, y = (round((float(value) + 0.5) * POINTS_PER_PIXEL, 2) for value in centres[index])
        if is_vertical:
            rules.append(Rule(x, round(top, 2), x, round(top + height, 2)))
        else:
            rules.append(Rule(round(left, 2), y, round(left + width, 2), y))
    return rules
