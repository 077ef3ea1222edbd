"""What a right reading of a sample's PDF yields, made without drawing and reading one: its pages as a `Document`.

A hundred times as fast as a PDF, for tests that need thousands of slightly different filings. A test holds both
against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from filings.documents import Block, Box, Cell, Document, Grid, Line, Page
from samples.font import measure_text
from samples.layout import Align, Filing, TableCell
from samples.pages import PageWriter, SetPages, set_pages


@dataclass(frozen=True)
class SetDocument:
    """The document and the place of every table cell.

    Args:
        document: As a PDF reader would yield it.
        places: ``id`` of a `TableCell` of the filing → its page and the box of its text.
        pages: The pages of rows and texts.
    """

    document: Document
    places: Mapping[int, tuple[int, Box]]
    pages: SetPages


@dataclass
class DocumentWriter(PageWriter):
    """Keeps what is put on a page as lines and grids."""

    pages: list[Page] = field(default_factory=list)
    places: dict[int, tuple[int, Box]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    edges: Sequence[float] = ()
    cells: list[tuple[TableCell, list[Line]]] | None = None
    grid_top: float = 0.0

    def open_sheet(self, landscape: bool) -> None:
        """Begin with nothing on the page."""
        self.blocks = []

    def close_sheet(self) -> None:
        """The page as it was filled."""
        self.pages.append(Page(self.page, tuple(self.blocks), self.width, self.height))

    def put_text(self, text: str, x: float, baseline: float, size: float, align: Align, bold: bool = False) -> None:
        """Keep one line: of the cell that was begun, or of running text."""
        if not text:
            return
        width = measure_text(text, size)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width
        box = Box(left, baseline - 0.88 * size, left + width, baseline + 0.12 * size)
        line = Line(text.replace("\u3000", " ").strip(), box, None, size)
        if self.cells is not None:
            self.cells[-1][1].append(line)
        elif self.blocks and isinstance(before := self.blocks[-1], Line) and _is_beside(before, box):
            self.blocks[-1] = _join_lines(before, line)
        else:
            self.blocks.append(line)

    def put_rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A document has cells instead of rules."""

    def begin_grid(self, rows: Sequence[int], edges: Sequence[float]) -> None:
        """The next cells belong to one grid."""
        self.rows = {row: number for number, row in enumerate(rows)}
        self.edges, self.cells, self.grid_top = edges, [], self.top

    def begin_cell(self, cell: TableCell) -> None:
        """The next lines belong to that cell."""
        if self.cells is None:
            raise ValueError("a cell outside every table")
        self.cells.append((cell, []))

    def end_grid(self) -> None:
        """Put the grid on the page."""
        grid_cells = [self._make_cell(cell, lines) for cell, lines in self.cells or []]
        grid = Grid(
            len(self.rows),
            len(self.edges) - 1,
            tuple(sorted(grid_cells, key=lambda cell: (cell.row, cell.col))),
            Box(self.edges[0], self.grid_top, self.edges[-1], self.top),
            tuple(self.edges),
        )
        self.blocks.append(grid)
        self.cells = None

    def _make_cell(self, cell: TableCell, lines: Sequence[Line]) -> Cell:
        row = self.rows[cell.row]
        last = max(number for grid_row, number in self.rows.items() if cell.row <= grid_row < cell.row + cell.row_span)
        box = Box(self.edges[cell.col], self.grid_top, self.edges[cell.col + cell.col_span], self.top)
        boxes = [line.box for line in lines if line.box]
        if boxes:
            box = _span_boxes(boxes)
        self.places.setdefault(id(cell), (self.page, box))
        text = "\n".join(line.text for line in lines)
        return Cell(row, cell.col, text, last - row + 1, cell.col_span, box)


def _is_beside(line: Line, box: Box) -> bool:
    """Whether the box goes on to the right of the line, as 编制部门 and 单位：万元 above a table do."""
    return line.box is not None and abs(line.box.bottom - box.bottom) < 1 and line.box.right <= box.left


def _join_lines(first: Line, second: Line) -> Line:
    boxes = [line.box for line in (first, second) if line.box]
    return replace(first, text=f"{first.text} {second.text}", box=_span_boxes(boxes))


def _span_boxes(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def set_document(filing: Filing) -> SetDocument:
    """The document that a PDF of the filing is read as."""
    writer = DocumentWriter(replace(filing.style, rotated=False))
    pages = set_pages(filing, writer)
    return SetDocument(Document("application/pdf", tuple(writer.pages), "pdf"), writer.places, pages)
