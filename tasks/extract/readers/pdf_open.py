"""Tables whose ruling lines are left away, in part or altogether: the lines that a reader draws in the mind (无框线表格).

Numbers that stand below each other line after line make a table. Its columns are parted where no line prints anything, its rows
are its lines; a label that reaches over several columns, or is centred over them, keeps them together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from tasks.extract.readers.pdf_grids import Frame
from tasks.extract.readers.pdf_loose_rows import Word, split_words
from tasks.extract.readers.pdf_marks import Character, Rule
from tasks.extract.readers.pdf_open_rows import (
    Band,
    as_band,
    find_amount_places,
    find_row_distance,
    is_near,
    join_words,
    join_wrapped,
    stack_labels,
    stands_beside,
)

_PROSE = re.compile(r"[。；]|[^\d]，|，[^\d]")

FEWEST_LINES = 3
"""Fewer lines with decimal places may be prose in which numbers stand by chance below each other."""

MOST_HEADER_LINES = 10
"""The deepest header of the forms has four levels, and a label may be wrapped over two or three lines."""

SPREAD_EM = 3.0
"""Characters of one label are set apart by at most this many widths: two or three spaces of Chinese text."""

MOST_SPREAD = 4
"""The longest label that is set so has this many characters."""

MOST_LABEL_LINES = 4
"""Lines without amounts between two with amounts: empty rows, or a wrapped label whose lines stand as far apart as rows."""

NARROWEST_GAP_POINTS = 2.5
"""Columns are parted by at least this: less is the space between two characters."""


def close_sides(rules: Sequence[Rule], frames: Sequence[Frame]) -> list[Rule]:
    """The sides of tables whose outer columns are open: horizontal lines that reach beyond every vertical one (左右不封口)."""
    sides: list[Rule] = []
    for frame in frames:
        left, top, right, bottom = frame.outline
        across = sorted(
            (rule for rule in rules if rule.top == rule.bottom and top - 1 <= rule.top <= bottom + 1),
            key=lambda rule: rule.top,
        )
        for edge, reaches in ((left, -1), (right, 1)):
            ends = [rule.left if reaches < 0 else rule.right for rule in across]
            beyond = [end for end in ends if (end - edge) * reaches > NARROWEST_GAP_POINTS]
            if len(beyond) >= FEWEST_LINES:
                end = min(beyond) if reaches < 0 else max(beyond)
                sides.append(Rule(end, top, end, bottom))
    return sides


def draw_open_tables(lines: Sequence[Sequence[Character]], ruled: Sequence[Rule]) -> list[Rule]:
    """The ruling lines of the tables that text outside all ruled tables makes; none where it makes no table.

    Args:
        lines: The visual lines outside all ruled tables, top to bottom.
        ruled: The ruling lines that the page has all the same.
    """
    if not any(character.text in ".．," for line in lines for character in line):
        return []
    bands = join_wrapped([as_band(words) for line in lines if (words := split_words(line))], ruled)
    rules: list[Rule] = []
    for table in _find_tables(bands):
        rules += _draw(*table)
    return rules


def _find_tables(bands: list[Band]) -> list[tuple[list[Band], list[Band]]]:
    """Header lines and data lines of each table."""
    tables: list[tuple[list[Band], list[Band]]] = []
    at = 0
    while at < len(bands):
        if not bands[at].has_amounts:
            at += 1
            continue
        end = last = at
        while end + 1 < len(bands) and _goes_on(bands, at, last, end):
            end += 1
            last = end if bands[end].has_amounts else last
        data = bands[at : last + 1]
        first = at
        while first > 0 and at - first < MOST_HEADER_LINES and _is_header(bands, first - 1):
            first -= 1
        if sum(band.has_amounts for band in data) >= FEWEST_LINES or _is_small_table(bands[first:at], data):
            tables.append((bands[first:at], data))
        at = last + 1
    return tables


def _is_small_table(header: list[Band], data: list[Band]) -> bool:
    """Whether a row or two of amounts make a table: several amounts in each, labels side by side over them, no prose."""
    words = [word.text for band in (*header, *data) for word in band.words]
    if not any(len(band.words) > 2 for band in header) or any(_PROSE.search(text) for text in words):
        return False
    return all(len(find_amount_places([band])) > 1 for band in data if band.has_amounts)


def _goes_on(bands: list[Band], first: int, last: int, end: int) -> bool:
    """Whether a table goes on below a line, so far without amounts since its last row.

    One odd line may stand between two rows. Several are labels, which stand beside the amounts, and are no sentences; the
    amounts after them stand below those before.
    """
    if end - last >= MOST_LABEL_LINES or not is_near(bands[end], bands[end + 1]):
        return False
    if end - last < 2:
        return True
    places = find_amount_places(bands[first : last + 1])
    if not all(stands_beside(band, places) and not band.has_sentence for band in bands[last + 1 : end + 1]):
        return False
    return not bands[end + 1].has_amounts or not stands_beside(bands[end + 1], places)


def _is_header(bands: list[Band], at: int) -> bool:
    """Whether the line over a table's lines belongs to its header: labels side by side, or one with such a line over it."""
    if not is_near(bands[at], bands[at + 1]):
        return False
    if len(bands[at].words) > 1:
        return True
    if at == 0 or len(bands[at - 1].words) < 2:
        return False
    is_level = len(bands[at - 1].words) > 2 and is_near(bands[at - 1], bands[at])
    return is_level or bands[at].top < bands[at - 1].bottom  # beside wrapped labels


def _draw(header: list[Band], data: list[Band]) -> list[Rule]:
    header = stack_labels(_join_spread(header, _find_edges([], data)), find_row_distance(data) or 0.0)
    edges = _find_edges(header, data)
    if len(edges) < 3:
        return []
    bands = [*header, *data]
    heights = [bands[0].top - 1.0]
    heights += [(upper.bottom + lower.top) / 2 for upper, lower in pairwise(bands)]
    heights.append(bands[-1].bottom + 1.0)
    labels = [word for band in header for word in band.words]
    rules = [
        Rule(left, height, right, height)
        for height in heights
        for left, right in pairwise(edges)
        if not any(w.top < height < w.bottom and w.left < right and w.right > left for w in labels)
    ]
    for number, band in enumerate(bands):
        joined = _joined_edges(edges, header, number) if number < len(header) else set()
        for at, edge in enumerate(edges):
            crossed = any(word.left < edge - 1.0 and word.right > edge + 1.0 for word in band.words)
            if not crossed and at not in joined:
                rules.append(Rule(edge, heights[number], edge, heights[number + 1]))
    return rules


def _join_spread(header: list[Band], edges: list[float]) -> list[Band]:
    """The lines of a header with labels whose characters are set wide apart (项　目) as one word each.

    Single characters may as well be labels of columns of their own (类、款、项): in the lowest line they are where the rows part.
    """
    if len(edges) < 3:
        return header
    joined: list[Band] = []
    for number, band in enumerate(header):
        labels: list[list[Word]] = []
        for word in band.words:
            last = labels[-1][-1] if labels else None
            is_one = last is not None and (
                number < len(header) - 1 or _column_of(edges, last) == _column_of(edges, word)
            )
            if is_one and last is not None and len(labels[-1]) < MOST_SPREAD and _is_spread(last, word):
                labels[-1].append(word)
            else:
                labels.append([word])
        joined.append(as_band([join_words(label) for label in labels]))
    return joined


def _is_spread(left: Word, right: Word) -> bool:
    """Whether two words are single characters that stand near enough to be of one label."""
    if len(left.text) > 1 or len(right.text) > 1 or right.text.isdigit():
        return False
    return right.left - left.right <= SPREAD_EM * (right.right - right.left)


def _find_edges(header: list[Band], data: list[Band]) -> list[float]:
    """The borders of the columns: the middles of what no line with amounts prints on."""
    covered: list[list[float]] = []
    for left, right in sorted((word.left, word.right) for band in data if band.has_amounts for word in band.words):
        if covered and left - covered[-1][1] < NARROWEST_GAP_POINTS:
            covered[-1][1] = max(covered[-1][1], right)
        else:
            covered.append([left, right])
    if len(covered) < 2:
        return []
    if header:
        _take_in(covered, header[-1])
        _widen_to_upper(covered, header)
    words = [word for band in (*header, *data) for word in band.words]
    edges = [min(word.left for word in words) - 2.0]
    edges += [(left[1] + right[0]) / 2 for left, right in pairwise(covered)]
    return [*edges, max(word.right for word in words) + 2.0]


def _take_in(covered: list[list[float]], header: Band) -> None:
    """Widen each column to the label over it; a label over nothing is that of an empty column."""
    free = dict(enumerate(covered))
    apart: list[tuple[float, int, Word]] = []
    for word in header.words:
        over = _columns_under(covered, word)
        for at in over:
            free.pop(at, None)
        if len(over) == 1:
            covered[over[0]][:] = [min(covered[over[0]][0], word.left), max(covered[over[0]][1], word.right)]
        elif not over:
            apart += [(max(left - word.right, word.left - right), at, word) for at, (left, right) in enumerate(covered)]
    placed: set[int] = set()
    for _, at, word in sorted(apart, key=lambda one: one[0]):
        if id(word) not in placed and at in free:
            column = free.pop(at)
            column[:] = [min(column[0], word.left), max(column[1], word.right)]
            placed.add(id(word))
    covered += [[word.left, word.right] for _, at, word in apart if at == 0 and id(word) not in placed]
    covered.sort()


def _widen_to_upper(covered: list[list[float]], header: list[Band]) -> None:
    """Widen each column that has no label in the lowest line to the one over it that is nearest."""
    labelled = {at for word in header[-1].words for at in _columns_under(covered, word)}
    for band in reversed(header[:-1]):
        for word in band.words:
            under = _columns_under(covered, word) or [_nearest_column(covered, word)]
            if len(under) == 1 and under[0] not in labelled:
                column = covered[under[0]]
                column[:] = [min(column[0], word.left), max(column[1], word.right)]
                labelled.add(under[0])


def _columns_under(covered: list[list[float]], word: Word) -> list[int]:
    return [at for at, (left, right) in enumerate(covered) if word.left < right and word.right > left]


def _nearest_column(covered: list[list[float]], word: Word) -> int:
    return min(range(len(covered)), key=lambda at: max(covered[at][0] - word.right, word.left - covered[at][1]))


def _joined_edges(edges: list[float], header: list[Band], number: int) -> set[int]:
    """Borders that a header line does not have, because a label stands over the columns on both sides.

    A column that is labelled in the lowest line only belongs to a label above it; between two such labels the columns are shared
    out so that both stand as near as can be to the middle of theirs.
    """
    if number == len(header) - 1:
        return set()
    lowest = {_column_of(edges, word) for word in header[-1].words}
    middles = {_column_of(edges, word): (word.left + word.right) / 2 for word in header[number].words}
    labels = sorted(label for label in middles.items() if label[0] in lowest)
    joined: set[int] = set()
    first = 0
    for at, (column, middle) in enumerate(labels):
        following = labels[at + 1] if at + 1 < len(labels) else None
        while first < column and not set(range(first, column)) <= lowest:
            first += 1
        beyond = following[0] if following else len(edges) - 1
        ends = [end for end in range(column, beyond) if set(range(column, end + 1)) <= lowest]
        last = (
            min(ends, key=lambda end: _off(edges, first, end, middle) + _rest(edges, end + 1, following))
            if following
            else ends[-1]
        )
        joined |= set(range(first + 1, last + 1))
        first = last + 1
    return joined


def _off(edges: list[float], first: int, last: int, middle: float) -> float:
    return abs(middle - (edges[first] + edges[last + 1]) / 2)


def _rest(edges: list[float], first: int, following: tuple[int, float] | None) -> float:
    """How far the next label is from the middle of the columns that would be left for it."""
    if following is None:
        return 0.0
    column, middle = following
    return min(_off(edges, first, last, middle) for last in range(column, len(edges) - 1))


def _column_of(edges: list[float], word: Word) -> int:
    return min(max(bisect_right(edges, (word.left + word.right) / 2) - 1, 0), len(edges) - 2)
