"""Text transcription with one table row per line, cells parted by tabs, in Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from filings.documents import Block, Cell, Grid, Line

HEADING = re.compile(r"#{1,6}\s+(?=\S)")
PARAGRAPH_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p(?:\s[^<>]*)?>", re.IGNORECASE)
MARKUP = re.compile(r"</?(?:b|p|strong|i|em|u|span|sup|sub|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
BOLD = re.compile(r"\*\*(.*?)\*\*")


def is_row_line(line: str) -> bool:
    """Whether the line is a table row: a tab stands after its first character."""
    return "\t" in line[1:]


def find_blocks_of_row_lines(lines: Sequence[str]) -> tuple[Block, ...]:
    """Lines and grids in order; consecutive row lines are one grid, ragged rows end in blanks."""
    blocks: list[Block] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if is_row_line(line):
            rows.append((number, [remove_markup(cell) for cell in line.split("\t")]))
            continue
        if rows:
            blocks.append(_build_grid(rows))
            rows = []
        heading = HEADING.match(line.lstrip())
        text = remove_markup(line.lstrip()[heading.end() :] if heading else line)
        if text:
            blocks.append(Line(text, locator=f"line {number}", is_heading=heading is not None))
    return tuple(blocks)


def remove_markup(text: str) -> str:
    """The text as a person sees it: bold and paragraph marks gone, ``<br>`` a line break, entities resolved."""
    text = PARAGRAPH_BREAK.sub("\n", text)
    text = BOLD.sub(r"\1", MARKUP.sub("", text))
    return html.unescape(text).strip()


def _build_grid(rows: list[tuple[int, list[str]]]) -> Grid:
    cells = tuple(
        Cell(row, col, text, locator=f"line {number} cell {col + 1}")
        for row, (number, texts) in enumerate(rows)
        for col, text in enumerate(texts)
    )
    return Grid(len(rows), max(len(texts) for _, texts in rows), cells, has_spans=False)
