"""Ruling lines and characters into grids: which cells a table has, which are merged, what is printed in each.

The cells come from pdfplumber's table finder (edges -> intersections -> cells -> tables). What is ours: a grid
whose nearly equal edges are one edge, whose merged cells are known as such, and which loses no character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import float_info

from pdfplumber import table as plumber

from filings.documents import Box, Cell, Grid
from tasks.extract.readers.pdf_cells import CellBox, find_cells
from tasks.extract.readers.pdf_marks import Character, Rule
from tasks.extract.readers.pdf_text import find_box, find_confidence, join_cell_text

SAME_EDGE_POINTS = 3.0
"""Edges nearer than this are one edge: Word draws each cell's border anew, up to 2 pt off its neighbour's; a column
or row that could hold a character is wider."""

SHORTEST_RULE_POINTS = 3.0
"""A ruling line shorter than this after joining is a corner mark or a speck."""


Span = tuple[int, int, int, int]
"""First row, first column, row span, column span of a cell."""


@dataclass
class Frame:
    """The ruled skeleton of one table: clustered edges and the cells as spans of them (nothing printed yet)."""

    col_edges: list[float]
    row_edges: list[float]
    spans: list[Span]
    characters: list[Character] = field(default_factory=list)

    @property
    def outline(self) -> Box:
        """The outline, exactly."""
        return Box(self.col_edges[0], self.row_edges[0], self.col_edges[-1], self.row_edges[-1])

    @property
    def box(self) -> Box:
        """The outline as it is published."""
        return Box(*(round(edge, 2) for edge in self.outline))


def cluster_edges(values: Iterable[float]) -> list[float]:
    """Nearly equal coordinates as one each (their mean), ascending."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] < SAME_EDGE_POINTS and value - clusters[-1][0] < 2 * SAME_EDGE_POINTS:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def find_frames(rules: Sequence[Rule]) -> list[Frame]:
    """The tables that the ruling lines draw, top to bottom."""
    edges = plumber.merge_edges(
        [_as_edge(rule) for rule in join_collinear(rules)],
        snap_x_tolerance=SAME_EDGE_POINTS,
        snap_y_tolerance=SAME_EDGE_POINTS,
        join_x_tolerance=SAME_EDGE_POINTS,
        join_y_tolerance=SAME_EDGE_POINTS,
    )
    edges = [e for e in edges if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) >= SHORTEST_RULE_POINTS]
    tables: list[list[CellBox]] = plumber.cells_to_tables(find_cells(edges, SAME_EDGE_POINTS))
    tables = [cells for cells in tables if len(cells) > 1]  # one cell alone is a frame around text, not a table
    return [frame for frame in (_build_frame(cells) for cells in _join_touching(tables)) if frame is not None]


def join_collinear(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that go on from each other on the same line as one: Word rules every cell's sides by themselves."""
    lanes: dict[tuple[bool, float], list[tuple[float, float]]] = {}
    for left, top, right, bottom in rules:
        if left == right:
            lanes.setdefault((True, round(left, 1)), []).append((top, bottom))
        else:
            lanes.setdefault((False, round(top, 1)), []).append((left, right))
    joined: list[Rule] = []
    for (is_vertical, place), stretches in sorted(lanes.items()):
        stretches.sort()
        start, end = stretches[0]
        for first, last in [*stretches[1:], (float_info.max, float_info.max)]:
            if first - end <= SAME_EDGE_POINTS:
                end = max(end, last)
                continue
            joined.append(Rule(place, start, place, end) if is_vertical else Rule(start, place, end, place))
            start, end = first, last
    return joined


def fill_frame(frame: Frame) -> Grid:
    """The grid with what is printed in its cells; characters at a place without a ruled cell get a cell there."""
    inner_rows, inner_cols = frame.row_edges[1:-1], frame.col_edges[1:-1]
    printed: dict[Span, list[Character]] = {span: [] for span in frame.spans}
    owners = {position: printed[span] for span in frame.spans for position in _positions(*span)}
    for character in frame.characters:
        text, left, top, right, bottom, _, _ = character
        position = (bisect_right(inner_rows, (top + bottom) / 2), bisect_right(inner_cols, (left + right) / 2))
        if position not in owners:
            if text.isspace():
                continue
            owners[position] = printed[(*position, 1, 1)] = []
        owners[position].append(character)
    xs, ys = ([round(edge, 2) for edge in edges] for edges in (frame.col_edges, frame.row_edges))
    cells = []
    for (row, col, row_span, col_span), characters in sorted(printed.items()):
        box = find_box(characters) or Box(xs[col], ys[row], xs[col + col_span], ys[row + row_span])
        text, confidence = join_cell_text(characters), find_confidence(characters)
        cells.append(Cell(row, col, text, row_span, col_span, box, confidence=confidence))
    return Grid(len(ys) - 1, len(xs) - 1, tuple(cells), frame.box, tuple(xs))


def _as_edge(rule: Rule) -> dict[str, object]:
    """The rule in the words of pdfplumber's table finder."""
    vertical = rule.left == rule.right
    return {
        "x0": rule.left,
        "x1": rule.right,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.right - rule.left,
        "height": rule.bottom - rule.top,
        "orientation": "v" if vertical else "h",
    }


def _join_touching(tables: list[list[CellBox]]) -> list[list[CellBox]]:
    """Tables whose outlines touch or overlap as one: the finder cuts a table where a corner is drawn a little off."""
    joined: list[list[CellBox]] = []
    for cells in sorted(tables, key=lambda cells: (min(c[1] for c in cells), min(c[0] for c in cells))):
        parts = [other for other in joined if _touch(other, cells)]
        merged = [cell for part in parts for cell in part] + list(cells)
        joined = [other for other in joined if all(other is not part for part in parts)] + [merged]
    return sorted(joined, key=lambda cells: (min(c[1] for c in cells), min(c[0] for c in cells)))


def _touch(one: list[CellBox], other: list[CellBox]) -> bool:
    """Whether two outlines overlap or lie within one edge of each other along a shared side."""
    left = max(min(c[0] for c in one), min(c[0] for c in other))
    top = max(min(c[1] for c in one), min(c[1] for c in other))
    right = min(max(c[2] for c in one), max(c[2] for c in other))
    bottom = min(max(c[3] for c in one), max(c[3] for c in other))
    return (
        right - left > -SAME_EDGE_POINTS
        and bottom - top > -SAME_EDGE_POINTS
        and max(right - left, bottom - top) > SAME_EDGE_POINTS
    )


def _build_frame(cells: list[CellBox]) -> Frame | None:
    """Cells as spans of clustered edges; slivers and cells that overlap a smaller one are dropped."""
    col_edges = cluster_edges(x for cell in cells for x in (cell[0], cell[2]))
    row_edges = cluster_edges(y for cell in cells for y in (cell[1], cell[3]))
    if len(col_edges) < 2 or len(row_edges) < 2:
        return None
    spans: list[Span] = []
    taken: set[tuple[int, int]] = set()
    cols = {x: _nearest(col_edges, x) for x in {x for left, _, right, _ in cells for x in (left, right)}}
    rows = {y: _nearest(row_edges, y) for y in {y for _, top, _, bottom in cells for y in (top, bottom)}}
    for left, top, right, bottom in sorted(cells, key=lambda c: ((c[2] - c[0]) * (c[3] - c[1]), c)):
        col, col_end, row, row_end = cols[left], cols[right], rows[top], rows[bottom]
        positions = _positions(row, col, row_end - row, col_end - col)
        if not positions or not taken.isdisjoint(positions):
            continue
        taken.update(positions)
        spans.append((row, col, row_end - row, col_end - col))
    return Frame(col_edges, row_edges, sorted(spans)) if spans else None


def _nearest(edges: list[float], value: float) -> int:
    right = bisect_right(edges, value)
    if right in (0, len(edges)):
        return min(right, len(edges) - 1)
    return right if edges[right] - value < value - edges[right - 1] else right - 1


def _positions(row: int, col: int, row_span: int, col_span: int) -> list[tuple[int, int]]:
    return [(r, c) for r in range(row, row + row_span) for c in range(col, col + col_span)]
