"""Text transcription with one table row per line, in Markdown: cells parted by tabs, or by upright strokes at both ends too."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from filings.documents import Block, Cell, Grid, Line

HEADING = re.compile(r"#{1,6}\s+(?=\S)")
PARAGRAPH_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p(?:\s[^<>]*)?>", re.IGNORECASE)
MARKUP = re.compile(r"</?(?:b|p|strong|i|em|u|span|sup|sub|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
BOLD = re.compile(r"\*\*(.*?)\*\*")


STROKED = re.compile(r"\s*[|│┃║].*[|│┃║]\s*")
STROKE = re.compile(r"(?<!\\)[|│┃║]")
BORDER = re.compile(r"\s*[\u250c-\u254b\u2552-\u256c][\u2500-\u257f\s]*")
"""A line that draws a table's border and begins with a corner: ``├──┼──┤``."""
RULE = re.compile(r"[\s|:+\-=\u2500-\u257f]*")
"""The same between strokes: ``|---|:--:|`` under a Markdown header."""


def is_row_line(line: str) -> bool:
    """Whether the line is a table row: a tab stands after its first character, or strokes part it in two cells or more."""
    if "\t" in line[1:] or BORDER.fullmatch(line):
        return True
    return STROKED.fullmatch(line) is not None and len(STROKE.findall(line)) > 2


def split_cells(line: str) -> list[str]:
    """The cells of a table row as printed; none where the line only draws a border."""
    if "\t" in line[1:]:
        return line.split("\t")
    if RULE.fullmatch(line) or BORDER.fullmatch(line):
        return []
    return [cell.replace("\\|", "|") for cell in STROKE.split(line.strip())[1:-1]]


def find_blocks_of_row_lines(lines: Sequence[str]) -> tuple[Block, ...]:
    """Lines and grids in order; consecutive row lines are one grid, ragged rows end in blanks."""
    blocks: list[Block] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if is_row_line(line):
            if cells := split_cells(line):
                rows.append((number, [remove_markup(cell) for cell in cells]))
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
