"""Sets a filing on pages: where every line, table row and cell comes to stand, for whatever draws or records them.

`PageWriter` knows the current page and how far down it is filled; what puts the marks on it (`samples.pdf`) or keeps
them as a document (`samples.document`) is a subclass. Coordinates run from the top left of the page as a person sees it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from reportlab.lib.pagesizes import A4

from samples.font import measure_text, register_font
from samples.layout import (
    Align,
    Contents,
    Cover,
    Filing,
    Heading,
    PageBreak,
    PageStyle,
    Paragraph,
    Table,
    TableCell,
)

MARGIN = 56.0
"""Page margin in points, as in the filings (about 2 cm)."""
CELL_PADDING = 2.5
"""Space between a cell's border and its text, in points."""
NO_LINE_START = "，。；：、！？）》」』】”’％%…"
"""Characters that no line of Chinese text begins with."""
NO_LINE_END = "（《「『【“‘"
"""Characters that no line of Chinese text ends with."""


@dataclass
class SetPages:
    """The place of everything that was set.

    Args:
        cell_pages: (ordinal of the table, grid row) → page, from 1.
        text_pages: Ordinal of the text block → its printed lines, each with its page.
        page_count: Number of pages.
    """

    cell_pages: dict[tuple[int, int], int]
    text_pages: dict[int, list[tuple[int, str]]]
    page_count: int

    def find_page(self, text: str) -> int | None:
        """The page on which a piece of running text begins, its line breaks ignored; None if it is nowhere."""
        for lines in self.text_pages.values():
            start = "".join(line for _, line in lines).find(text)
            for page, line in lines if start >= 0 else []:
                start -= len(line)
                if start < 0:
                    return page
        return None


@lru_cache(maxsize=100_000)
def wrap_text(text: str, width: float, size: float, indent: float = 0.0, *, hangs: bool = True) -> tuple[str, ...]:
    """Lines no wider than the width: Chinese breaks anywhere but before closing marks, words and numbers stay whole.

    Args:
        text: The text.
        width: The room of a line, in points.
        size: The size of the font, in points.
        indent: How far the first line is indented, in points.
        hangs: Whether a closing mark may stand beyond the room (running text) or takes the character before it along
            to the next line (a cell, whose border nothing crosses).
    """
    lines: list[str] = []
    line, room = "", width - indent
    for token in re.findall(r"[0-9A-Za-z.,%\-]+|.", text, flags=re.DOTALL):
        fits = measure_text(line + token, size) <= room
        closes = token in NO_LINE_START
        if line and not fits and not (closes and hangs):
            kept = line[:-1] if closes and len(line) > 1 else line
            kept = kept.rstrip(NO_LINE_END) or kept
            moved = line.removeprefix(kept)
            lines.append(kept)
            line, room = moved, width
        while measure_text(token, size) > room and len(token) > 1:
            cut = next(n for n in range(len(token), 0, -1) if n == 1 or measure_text(token[:n], size) <= room)
            lines.append(line + token[:cut])
            line, token, room = "", token[cut:], width
        line += token
    return (*lines, line) if line or not lines else tuple(lines)


@dataclass
class PageWriter(ABC):
    """Puts text and rules on pages; knows the current page's size and how far down it is filled."""

    style: PageStyle
    page: int = 0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    is_open: bool = False
    has_footer: bool = True
    printed: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        register_font()

    @abstractmethod
    def open_sheet(self, landscape: bool) -> None:
        """Take a new sheet of the current size."""

    @abstractmethod
    def close_sheet(self) -> None:
        """Put the sheet away."""

    @abstractmethod
    def put_text(self, text: str, x: float, baseline: float, size: float, align: Align, bold: bool = False) -> None:
        """Print one line of text at a baseline measured from the top."""

    @abstractmethod
    def put_rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a horizontal or vertical rule the way the filing's maker does."""

    @abstractmethod
    def begin_grid(self, rows: Sequence[int], edges: Sequence[float]) -> None:
        """The table's rows of this page follow, their columns between those borders."""

    @abstractmethod
    def begin_cell(self, cell: TableCell) -> None:
        """The text of that cell follows."""

    @abstractmethod
    def end_grid(self) -> None:
        """The table's rows of this page are printed."""

    def begin_page(self, landscape: bool = False, footer: bool = True) -> None:
        """End the current page, if any, and begin another."""
        self.end_page()
        self.page += 1
        self.has_footer = footer
        short, tall = A4
        landscape = landscape or self.style.landscape
        self.width, self.height = (tall, short) if landscape else (short, tall)
        self.open_sheet(landscape)
        self.top, self.is_open = MARGIN, True

    def end_page(self) -> None:
        """Print the page number and close the page."""
        if not self.is_open:
            return
        if self.has_footer:
            self.put_text(f"- {self.page} -", self.width / 2, self.height - MARGIN / 2, 9, "center")
        self.close_sheet()
        self.is_open = False

    @property
    def room(self) -> float:
        """What is left of the page, in points."""
        return self.height - MARGIN - self.top

    def put_lines(
        self, lines: Sequence[str], size: float, align: Align = "left", indent: float = 0.0, bold: bool = False
    ) -> None:
        """Print lines of running text, going on to new pages."""
        leading = size * 1.6
        for number, line in enumerate(lines):
            if self.room < leading:
                self.begin_page(self.width > self.height)
            x = {"left": MARGIN, "center": self.width / 2, "right": self.width - MARGIN}[align]
            self.put_text(line, x + (indent if number == 0 else 0.0), self.top + size * 1.1, size, align, bold)
            self.printed.append((self.page, line))
            self.top += leading


class TableWriter:
    """Draws one table; `cell_pages` tells afterwards which page each grid row is on."""

    def __init__(self, writer: PageWriter, table: Table, is_landscape: bool) -> None:
        self.writer = writer
        self.table = table
        self.style = replace(table.style, landscape=is_landscape)
        self.size = table.style.font_points
        frame = writer.width - 2 * MARGIN
        scale = frame / sum(table.widths)
        self.edges = [MARGIN]
        for width in table.widths:
            self.edges.append(self.edges[-1] + width * scale)
        self.lines = {id(cell): self._wrap(cell) for cell in table.cells}
        self.heights = self._measure_rows()
        self.row_pages: dict[int, int] = {}

    def _wrap(self, cell: TableCell) -> tuple[str, ...]:
        width = self.edges[cell.col + cell.col_span] - self.edges[cell.col] - 2 * CELL_PADDING
        return wrap_text(cell.text, width, self.size, hangs=False)

    def _measure_rows(self) -> list[float]:
        leading = self.size * 1.25
        heights = [leading + 2 * CELL_PADDING] * self.table.row_count
        for cell in sorted(self.table.cells, key=lambda cell: cell.row_span):
            rows = range(cell.row, cell.row + cell.row_span)
            missing = len(self.lines[id(cell)]) * leading + 2 * CELL_PADDING - sum(heights[row] for row in rows)
            if missing > 0:
                heights[rows[-1]] += missing
        return heights

    def draw(self) -> None:
        """Draw the table with its title, notes and continued pages."""
        writer, table = self.writer, self.table
        outline_top = writer.top
        if table.tag:
            writer.put_lines([table.tag], 9)
        if table.title:
            writer.put_lines([table.title], 15, "center", bold=True)
        if table.head_left or table.head_right:
            baseline = writer.top + 10
            writer.put_text(table.head_left, MARGIN + CELL_PADDING, baseline, 9, "left")
            writer.put_text(table.head_right, writer.width - MARGIN - CELL_PADDING, baseline, 9, "right")
            writer.top += 15
        first = 0
        while first < table.row_count:
            is_continued = first > 0
            header = list(range(table.header_rows)) if is_continued and self.style.repeat_header else []
            rows = header + self._rows_of_page(first, sum(self.heights[row] for row in header))
            body_first = rows[len(header)]
            writer.begin_grid(rows, self.edges)
            if is_continued and self.style.row_above_rule and not header:
                rows = self._draw_loose_row(rows)
            self._draw_rows(rows, outline_top if self.style.title_in_box and not is_continued else None)
            writer.end_grid()
            first = max(rows) + 1
            self.row_pages.update(dict.fromkeys(range(body_first, first), writer.page))
            if first < table.row_count:
                writer.begin_page(self.style.landscape)
        for note in table.notes:
            writer.top += 4
            writer.put_lines(wrap_text(note, writer.width - 2 * MARGIN, 9), 9)
        writer.top += 12

    def _rows_of_page(self, first: int, header_height: float) -> list[int]:
        breaks = {self.table.header_rows + row for row in self.style.break_after}
        rows, height = [first], header_height + self.heights[first]
        while rows[-1] + 1 < self.table.row_count and rows[-1] + 1 not in breaks:
            height += self.heights[rows[-1] + 1]
            if height > self.writer.room:
                break
            rows.append(rows[-1] + 1)
        return rows

    def _draw_loose_row(self, rows: list[int]) -> list[int]:
        """The page's first row without any rule above or beside it, as some makers leave it."""
        for cell in self.table.cells:
            if cell.row == rows[0]:
                self._put_cell(cell, self.writer.top, self.heights[rows[0]])
        self.writer.top += self.heights[rows[0]]
        return rows[1:]

    def _draw_rows(self, rows: list[int], outline_top: float | None) -> None:
        writer = self.writer
        tops: dict[int, float] = {}
        bottom = writer.top
        for row in rows:
            tops[row] = bottom
            bottom += self.heights[row]
        horizontal: set[tuple[float, float, float]] = set()
        vertical: set[tuple[float, float, float]] = set()
        for cell in self.table.cells:
            covered = [row for row in range(cell.row, cell.row + cell.row_span) if row in tops]
            if not covered:
                continue
            upper, lower = tops[covered[0]], tops[covered[-1]] + self.heights[covered[-1]]
            left, right = self.edges[cell.col], self.edges[cell.col + cell.col_span]
            horizontal |= {(upper, left, right), (lower, left, right)}
            vertical |= {(left, upper, lower), (right, upper, lower)}
            if covered[0] == cell.row:
                self._put_cell(cell, upper, lower - upper)
        if outline_top is not None:
            left, right = self.edges[0], self.edges[-1]
            horizontal.add((outline_top, left, right))
            vertical |= {(left, outline_top, writer.top), (right, outline_top, writer.top)}
        for y, x0, x1 in join_runs(horizontal):
            writer.put_rule(x0, y, x1, y)
        for x, y0, y1 in join_runs(vertical):
            writer.put_rule(x, y0, x, y1)
        writer.top = bottom

    def _put_cell(self, cell: TableCell, top: float, height: float) -> None:
        self.writer.begin_cell(cell)
        lines = self.lines[id(cell)]
        leading = self.size * 1.25
        left, right = self.edges[cell.col], self.edges[cell.col + cell.col_span]
        x = {"left": left + CELL_PADDING, "center": (left + right) / 2, "right": right - CELL_PADDING}[cell.align]
        baseline = top + (height - len(lines) * leading) / 2 + self.size
        for number, line in enumerate(lines):
            self.writer.put_text(line, x, baseline + number * leading, self.size, cell.align, cell.bold)


def join_runs(segments: set[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Segments (position, from, to) on one line that touch become one."""
    runs: list[tuple[float, float, float]] = []
    for position, start, end in sorted(segments):
        if runs and runs[-1][0] == position and start <= runs[-1][2] + 0.01:
            runs[-1] = (position, runs[-1][1], max(end, runs[-1][2]))
        else:
            runs.append((position, start, end))
    return runs


def set_pages(filing: Filing, writer: PageWriter) -> SetPages:
    """Set all blocks of a filing on pages and close the last one."""
    cell_pages: dict[tuple[int, int], int] = {}
    text_pages: dict[int, list[tuple[int, str]]] = {}
    table_no = -1
    pending_break = True
    for block_no, block in enumerate(filing.blocks):
        if isinstance(block, PageBreak):
            pending_break = True
            continue
        if isinstance(block, Table):
            is_landscape = filing.style.landscape or block.style.landscape
            if pending_break or is_landscape != (writer.width > writer.height):
                writer.begin_page(is_landscape)
            table_no += 1
            drawn = TableWriter(writer, block, is_landscape)
            drawn.draw()
            cell_pages |= {(table_no, row): page for row, page in drawn.row_pages.items()}
        else:
            if pending_break:
                writer.begin_page(footer=not isinstance(block, Cover))
            writer.printed.clear()
            _draw_text(writer, block)
            text_pages[block_no] = list(writer.printed)
        pending_break = False
    writer.end_page()
    return SetPages(cell_pages, text_pages, writer.page)


def _draw_text(writer: PageWriter, block: Cover | Contents | Heading | Paragraph) -> None:
    size = writer.style.font_points
    width = writer.width - 2 * MARGIN
    if isinstance(block, Cover):
        writer.top = writer.height * 0.3
        for line in block.lines:
            writer.put_lines([line], 26, "center", bold=True)
        writer.top += 40
        for line in block.under:
            writer.put_lines([line], 15, "center")
    elif isinstance(block, Contents):
        writer.put_lines(["目　录"], 18, "center", bold=True)
        for depth, entry in block.entries:
            writer.put_lines([entry], size, indent=depth * 2 * size)
    elif isinstance(block, Heading):
        if block.level == 1:
            writer.put_lines([block.text], 17, "center", bold=True)
            writer.top += 6
        else:
            writer.put_lines(wrap_text(block.text, width, size, 2 * size), size, indent=2 * size, bold=True)
    else:
        writer.put_lines(wrap_text(block.text, width, size, 2 * size), size, indent=2 * size)
