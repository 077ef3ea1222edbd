"""Which printed lines of a table without ruling lines are one row (无框线表格中折行的单元格)?

A label that is wrapped stands on several lines, its amounts beside them: on the first, in the middle or on the last. Lines of one
row stand closer than rows do; where lines are ruled between the rows, these tell. Where neither tells, lines stay rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.extract.readers.pdf_loose_rows import NUMBER, Word
from tasks.extract.readers.pdf_marks import Rule

ROOM_LINES = 3.0
"""Lines of one table stand no further apart than this many line heights."""

CLOSER = 0.93
"""Lines of one row stand closer than this part of the distance between rows: makers pad a row by a tenth of its height or more,
and lines of different characters are centred up to a thirtieth off."""

SAME_LEVEL = 0.5
"""Labels of one level of a header stand no further off each other's middle than this part of the line height."""

_AMOUNT = re.compile(r"[.．,，]")


@dataclass(frozen=True, slots=True)
class Band:
    """One printed line of a table, or all lines of one row: its words and its upper and lower edge."""

    words: list[Word]
    top: float
    bottom: float

    @property
    def has_amounts(self) -> bool:
        """Whether amounts stand beside a label or each other."""
        return len(self.words) > 1 and any(is_amount(word) for word in self.words)

    @property
    def has_sentence(self) -> bool:
        """Whether a sentence ends in it."""
        return any("。" in word.text or "；" in word.text for word in self.words)

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2


def is_amount(word: Word) -> bool:
    """Whether a word is a number with decimal places or separated thousands."""
    return NUMBER.fullmatch(word.text) is not None and _AMOUNT.search(word.text) is not None


def as_band(words: list[Word]) -> Band:
    """The line, or the row, that words make."""
    return Band(words, min(word.top for word in words), max(word.bottom for word in words))


def is_near(upper: Band, lower: Band) -> bool:
    """Whether two lines may belong to one table."""
    return lower.top - upper.bottom <= ROOM_LINES * (upper.bottom - upper.top)


def join_wrapped(bands: Sequence[Band], rules: Sequence[Rule]) -> list[Band]:
    """The lines with those of one row as one.

    Args:
        bands: The printed lines, top to bottom.
        rules: The ruling lines of the page.
    """
    joined: list[Band] = []
    for stretch in _part_into_stretches(bands):
        distance = find_row_distance(stretch)
        if distance is None:
            joined += stretch
            continue
        heights = _heights_between_rows(stretch, rules)
        rows: list[list[Band]] = []
        for band in stretch:
            if rows and _are_one_row(rows[-1][-1], band, heights, distance):
                rows[-1].append(band)
            else:
                rows.append([band])
        places = find_amount_places(stretch)
        for row in rows:
            joined += [as_band([word for band in row for word in band.words])] if _is_row(row, places) else row
    return joined


def _part_into_stretches(bands: Sequence[Band]) -> list[list[Band]]:
    stretches: list[list[Band]] = []
    for band in bands:
        if stretches and is_near(stretches[-1][-1], band):
            stretches[-1].append(band)
        else:
            stretches.append([band])
    return stretches


def find_row_distance(bands: Sequence[Band]) -> float | None:
    """The distance between lines of different rows, that of the closer ones: between two rows of amounts, the widest step is one."""
    at = [number for number, band in enumerate(bands) if band.has_amounts]
    steps = sorted(
        max(lower.middle - upper.middle for upper, lower in pairwise(bands[first : last + 1]))
        for first, last in pairwise(at)
    )
    return steps[len(steps) // 4] if steps else None


def _heights_between_rows(bands: Sequence[Band], rules: Sequence[Rule]) -> list[float]:
    """The heights of the horizontal lines, if they part all rows of amounts; else none."""
    left, right = min(w.left for b in bands for w in b.words), max(w.right for b in bands for w in b.words)
    top, bottom = bands[0].top, bands[-1].bottom
    heights = sorted(
        rule.top
        for rule in rules
        if rule.top == rule.bottom and top <= rule.top <= bottom and rule.right - rule.left > (right - left) / 2
    )
    rows = [band.middle for band in bands if band.has_amounts]
    parted = all(any(upper < height < lower for height in heights) for upper, lower in pairwise(rows))
    return heights if parted else []


def _are_one_row(upper: Band, lower: Band, heights: Sequence[float], distance: float) -> bool:
    if heights:
        return not any(upper.middle < height < lower.middle for height in heights)
    return lower.middle - upper.middle < CLOSER * distance


def _is_row(bands: Sequence[Band], places: Sequence[tuple[float, float]]) -> bool:
    """Whether lines that stand close are one row: amounts on one of them, and on the others only what stands under no amount."""
    if sum(band.has_amounts for band in bands) != 1:
        return False
    return all(band.has_amounts or (stands_beside(band, places) and not band.has_sentence) for band in bands)


def find_amount_places(bands: Sequence[Band]) -> list[tuple[float, float]]:
    """Left and right edge of each amount that lines print."""
    return [(word.left, word.right) for band in bands for word in band.words if is_amount(word)]


def stands_beside(band: Band, places: Sequence[tuple[float, float]]) -> bool:
    """Whether a line prints nothing where amounts stand."""
    return not any(word.left < right and word.right > left for word in band.words for left, right in places)


def stack_labels(header: Sequence[Band], distance: float) -> list[Band]:
    """The lines of a header with the lines of each wrapped label as one word; labels of one height are one line then.

    Args:
        header: Its printed lines, top to bottom.
        distance: The least distance between lines of different rows.
    """
    stacks: list[list[Word]] = []
    for band in header:
        above = [word for stack in stacks for word in stack]
        over = {id(word): _find_stack(word, stacks, distance) for word in band.words}
        for at, word in enumerate(band.words):
            stack = over[id(word)]
            beside = [*band.words[max(0, at - 1) : at], *band.words[at + 1 : at + 2]]
            # a label beside it that has none above it belongs to the same label over both
            is_part = any(not any(_overlap(other, upper) > 0 for upper in above) for other in beside)
            if stack is not None and not is_part and sum(other is stack for other in over.values()) == 1:
                stack.append(word)
            else:
                stacks.append([word])
    labels = sorted((join_words(words) for words in stacks), key=lambda word: word.top + word.bottom)
    levels: list[list[Word]] = []
    for label in labels:
        height = min(character.bottom - character.top for character in label.characters)
        first = levels[-1][0] if levels else None
        if first and (label.top + label.bottom - first.top - first.bottom) / 2 < SAME_LEVEL * height:
            levels[-1].append(label)
        else:
            levels.append([label])
    return [as_band(sorted(level, key=lambda word: word.left)) for level in levels]


def _find_stack(word: Word, stacks: Sequence[list[Word]], distance: float) -> list[Word] | None:
    """The label of which a word is the next line."""
    near = [
        stack
        for stack in stacks
        if 0 < (word.top + word.bottom - stack[-1].top - stack[-1].bottom) / 2 < CLOSER * distance
        and _overlap(word, stack[-1]) > min(word.right - word.left, stack[-1].right - stack[-1].left) / 2
    ]
    return near[0] if len(near) == 1 else None


def _overlap(one: Word, other: Word) -> float:
    """How far two words stand above each other, in points; below nought where they do not."""
    return min(one.right, other.right) - max(one.left, other.left)


def join_words(words: Sequence[Word]) -> Word:
    """Several words as one label."""
    return Word(
        "".join(word.text for word in words),
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
        tuple(character for word in words for character in word.characters),
    )
