"""What stands over a table, or at its head inside its frame: title, number, body and unit (表名、编制部门、金额单位)?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filings.amounts import parse_number
from filings.documents import Grid, Line
from filings.text import match_key, squeeze
from filings.units import find_unit
from tasks.extract.furniture import is_page_furniture
from tasks.extract.matrix import Matrix, to_matrix
from tasks.extract.titles import Title, find_title, find_wrapped_title, is_table_number, looks_like_title

TITLE_REACH = 8
"""How many lines above a table its title may stand: table number, title, two lines of a wrapped title, body, unit, and a
page's header and footer were all seen between the last prose line and a table."""

Pending = Sequence[tuple[int | None, Line]]
"""The lines since the last table, each with its page."""

_STATED_BODY = re.compile(
    r"^(?P<label>(?:编制|填报|预算)?(?:部门|单位))(?:名称|\(公章\)|\(盖章\))?[:](?P<body>[^:]{2,60}?)(?:(?:金额)?单位[:].*)?$"
)


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A grid laid out by position, with what its leading rows hold told apart (表名、单位印在表框之内).

    Args:
        grid: As read.
        matrix: Its cells by position.
        head: The lines of its leading rows that hold its title, number, body and unit; whatever stands above a title
            inside the table belongs to them too.
        head_rows: How many rows these are.
    """

    grid: Grid
    matrix: Matrix
    head: list[Line]
    head_rows: int

    @property
    def page(self) -> int | None:
        """Its page."""
        return self.matrix.page

    @property
    def body(self) -> Matrix:
        """The rows from its header on."""
        return self.matrix.below(self.head_rows)


def lay_out_table(grid: Grid, page: int | None) -> LaidTable:
    """Lay out a grid and tell where its table begins."""
    matrix = to_matrix(grid, page)
    count = len(matrix.rows)
    rows = [_row_lines(matrix, row) for row in range(min(count, TITLE_REACH))]
    titled = [at for at, lines in enumerate(rows) if len(lines) <= 2 and any(find_title(line.text) for line in lines)]
    end = titled[-1] + 1 if titled else 0
    while end < count:
        if end == len(rows):
            rows.append(_row_lines(matrix, end))
        if not all(is_preamble(line.text) for line in rows[end]):
            break
        end += 1
    return LaidTable(grid, matrix, [line for lines in rows[:end] for line in lines], end)


def _row_lines(matrix: Matrix, row: int) -> list[Line]:
    return [
        Line(text, cell.box, cell.locator)
        for cell in matrix.texts(row)
        for text in cell.text.split("\n")
        if text.strip()
    ]


def is_preamble(text: str) -> bool:
    """Whether a line may stand between a statement's title and its table, or between two parts of a table."""
    return bool(
        is_table_number(text)
        or (find_title(text) and not match_key(text).startswith(("项目", "其中")))
        or (find_unit(text) and parse_number(text) is None)
        or find_body(text)
        or is_page_furniture(text)
    )


def find_body(text: str) -> tuple[str, str] | None:
    """Find the body named by ``编制部门：…``, ``部门名称：…`` and the like.

    Returns:
        The label (编制部门, 单位, …) and the body as printed, or None.
    """
    match = _STATED_BODY.match(match_key(text))
    if match is None or find_unit("单位:" + match["body"]):
        return None
    rest = re.split(r"[:：]", squeeze(text), maxsplit=1)[1]
    body = re.split(r"(?:金额)?单位[:：]", rest)[0]
    return (match["label"], body) if body else None


def lines_over(pending: Pending) -> list[Line]:
    """The lines that stand over a table, as far as its title may stand from it."""
    lines: list[Line] = []
    for line in _upwards(pending):
        if len(lines) >= TITLE_REACH:
            break
        lines.append(line)
    return lines[::-1]


def lines_below_prose(pending: Pending) -> list[Line]:
    """Of the lines that stand over a table, those between it and the running text above it."""
    lines: list[Line] = []
    for line in _upwards(pending):
        if len(lines) >= TITLE_REACH or not (is_preamble(line.text) or looks_like_title(line.text)):
            break
        lines.append(line)
    return lines[::-1]


def _upwards(pending: Pending) -> Iterator[Line]:
    return (line for _, line in reversed(pending) if not is_page_furniture(line.text))


def find_nearest_title(lines: Sequence[Line]) -> tuple[Title, int] | None:
    """Find the last title that the lines print, on one line or on two, and the position of its last line."""
    for at in range(len(lines) - 1, -1, -1):
        title = find_title(lines[at].text)
        if at > 0:
            above = lines[at - 1].text
            title = find_wrapped_title(above, lines[at].text) or title
            if title is None and not find_title(above):
                title = find_title(above.strip() + lines[at].text.strip())
        if title is not None:
            return title, at
    return None
