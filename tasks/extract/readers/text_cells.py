"""Text transcription with one table cell per line: a cell begins with a tab, a row ends at an empty line."""

from __future__ import annotations

from collections.abc import Sequence

from filings.documents import Block, Cell, Grid, Line

CellText = tuple[int, str]
"""A cell's first line in the file and its text."""


def is_cell_line(line: str) -> bool:
    """Whether the line begins a table cell: a tab, and no further one."""
    return line.startswith("\t") and "\t" not in line[1:]


def find_blocks_of_cell_lines(lines: Sequence[str]) -> tuple[Block, ...]:
    """Lines and grids in order.

    A line without a tab right after a cell's line goes on with that cell. Rows parted by one empty line are one
    grid; an ordinary line or a second empty line ends it.
    """
    blocks: list[Block] = []
    rows: list[list[CellText]] = []
    in_row, empty_lines = False, 0
    for number, line in enumerate(lines, start=1):
        if line.startswith("\t"):
            if not in_row:
                rows.append([])
            rows[-1].append((number, line[1:].strip()))
            in_row, empty_lines = True, 0
        elif in_row and line.strip():
            first, text = rows[-1][-1]
            rows[-1][-1] = (first, f"{text}\n{line.strip()}".strip())
        else:
            in_row = False
            empty_lines += 1
            if rows and (line.strip() or empty_lines > 1):
                blocks.append(_build_grid(rows))
                rows = []
            if line.strip():
                blocks.append(Line(line.strip(), locator=f"line {number}"))
    if rows:
        blocks.append(_build_grid(rows))
    return tuple(blocks)


def _build_grid(rows: list[list[CellText]]) -> Grid:
    cells = tuple(
        Cell(row, col, text, locator=f"line {number} cell {col + 1}")
        for row, texts in enumerate(rows)
        for col, (number, text) in enumerate(texts)
    )
    return Grid(len(rows), max(len(texts) for texts in rows), cells, has_spans=False)
