"""What a reader yields: a document as pages of text lines and grids of cells, in reading order.

A `Document` knows nothing of budgets: it says what is printed where. All readers (PDF, Word, workbook, HTML,
scan, text transcription) yield the same shape, and everything after them sees only this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page in PDF points, origin at the top left of the page as a person sees it."""

    left: float
    top: float
    right: float
    bottom: float


def enclose(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around all of some boxes; None if there is none."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class Printed:
    """A text that may take several lines, and where it stands: its box on the page on which it begins."""

    text: str
    page: int | None = None
    box: Box | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of running text outside every grid.

    Args:
        text: The text as printed, spaces kept.
        box: Where it stands, if the format has pages.
        locator: Where it stands in a format without pages, e.g. ``line 120``.
        height_points: The font size, where known: headings are larger.
        is_heading: True where the format itself marks the line as a heading (Markdown ``#``, a Word style).
    """

    text: str
    box: Box | None = None
    locator: str | None = None
    height_points: float | None = None
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    r"""One cell of a grid; a merged cell is one `Cell` with spans greater than one.

    Args:
        row: First grid row it covers, from 0.
        col: First grid column it covers, from 0.
        row_span: Grid rows covered, at least 1.
        col_span: Grid columns covered, at least 1.
        text: The text as printed; printed line breaks inside the cell are ``\n``. Empty if nothing is printed.
        box: The box of the printed text itself (not of the ruled cell), or of the cell where it is empty.
        locator: Where the format has no page: ``line 120 cell 3``.
        confidence: The recogniser's confidence from 0 to 1 where the text was recognised from an image.
        page: Its page where the grid stands on another one: the right half of a table that was too wide.
    """

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1
    box: Box | None = None
    locator: str | None = None
    confidence: float | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed on one page: cells that do not overlap, ordered by row, then column.

    Args:
        row_count: Number of grid rows.
        col_count: Number of grid columns.
        cells: The cells; a position that no cell covers is blank.
        box: The table's outline, if the format has pages.
        col_edges_points: ``col_count + 1`` ascending x-coordinates of the column borders (pages only), by which
            a continued table on the next page is aligned; empty where unknown.
        has_spans: True where the format itself tells merged cells (PDF, Word, HTML); False where a merged cell is
            only seen as blanks to its right or below (tab-separated text), so that spans must be inferred.
    """

    row_count: int
    col_count: int
    cells: tuple[Cell, ...]
    box: Box | None = None
    col_edges_points: tuple[float, ...] = ()
    has_spans: bool = True


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """One page; a format without pages is one page whose number is None.

    Args:
        number: From 1, as in the PDF; None where the format has no pages.
        width_points: Page width as a person sees it (after rotation), or None.
        height_points: Page height as a person sees it, or None.
        blocks: Lines and grids in reading order.
        has_text: False where the page shows something but carries no usable text (a scan).
    """

    number: int | None
    blocks: tuple[Block, ...]
    width_points: float | None = None
    height_points: float | None = None
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read from its bytes.

    Args:
        media_type: Sniffed from the content, e.g. ``application/pdf``.
        pages: At least one.
        reader: The reader's name, e.g. ``pdf``.
        maker: The program that produced the file, where the file says so.
        unread_pictures: Pages or pictures large enough to hold a table or a paragraph whose text nobody has read.
    """

    media_type: str
    pages: tuple[Page, ...]
    reader: str
    maker: str | None = None
    unread_pictures: int = 0

    def blocks(self) -> Iterator[tuple[Page, Block]]:
        """All blocks in reading order, each with its page."""
        for page in self.pages:
            for block in page.blocks:
                yield page, block
