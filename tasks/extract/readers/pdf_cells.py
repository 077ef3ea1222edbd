"""Edges -> cells, as pdfplumber's table finder sees them, only faster.

pdfplumber compares every edge with every other and every crossing with every other; a page of a spreadsheet program
has a thousand crossings. Here each is compared with those of its own row and column. The cells are the same, which a
test holds against pdfplumber's own two functions (``edges_to_intersections`` and ``intersections_to_cells``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

CellBox = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Point = tuple[float, float]


class Crossing(NamedTuple):
    """The edges that meet at one point; edges with the same box are one."""

    verticals: set[CellBox]
    horizontals: set[CellBox]


def find_cells(edges: Sequence[dict[str, Any]], tolerance: float) -> list[CellBox]:
    """The smallest boxes whose corners are crossings and whose sides are edges.

    Args:
        edges: Edges as pdfplumber's ``merge_edges`` gives them.
        tolerance: Edges that miss each other by no more than this still cross.
    """
    crossings = _find_crossings(edges, tolerance)
    points = sorted(crossings)
    columns: dict[float, list[Point]] = defaultdict(list)
    rows: dict[float, list[Point]] = defaultdict(list)
    for point in points:
        columns[point[0]].append(point)
        rows[point[1]].append(point)
    cells: list[CellBox] = []
    passed: dict[float, int] = defaultdict(int)
    for column in columns.values():
        for place, point in enumerate(column, start=1):
            row = rows[point[1]]
            passed[point[1]] += 1
            corner = _find_corner(crossings, point, column[place:], row[passed[point[1]] :])
            if corner is not None:
                cells.append((*point, *corner))
    return cells


def _find_corner(
    crossings: dict[Point, Crossing], point: Point, below: Sequence[Point], right: Sequence[Point]
) -> Point | None:
    """The lower right corner of the smallest cell whose upper left corner is the point."""
    here = crossings[point]
    for under in below:
        under_crossing = crossings[under]
        if here.verticals.isdisjoint(under_crossing.verticals):
            continue
        for beside in right:
            beside_crossing = crossings[beside]
            if here.horizontals.isdisjoint(beside_crossing.horizontals):
                continue
            corner = (beside[0], under[1])
            opposite = crossings.get(corner)
            if (
                opposite is not None
                and not opposite.verticals.isdisjoint(beside_crossing.verticals)
                and not opposite.horizontals.isdisjoint(under_crossing.horizontals)
            ):
                return corner
    return None


def _find_crossings(edges: Sequence[dict[str, Any]], tolerance: float) -> dict[Point, Crossing]:
    """The points at which a vertical and a horizontal edge meet."""
    boxes = {"v": set[CellBox](), "h": set[CellBox]()}
    for edge in edges:
        boxes[edge["orientation"]].add((edge["x0"], edge["top"], edge["x1"], edge["bottom"]))
    horizontals = sorted(boxes["h"], key=lambda box: box[1])
    lowest = [box[1] + tolerance for box in horizontals]
    highest = [box[1] - tolerance for box in horizontals]
    crossings: dict[Point, Crossing] = {}
    for vertical in boxes["v"]:
        x, top, _, bottom = vertical
        for horizontal in horizontals[bisect_left(lowest, top) : bisect_right(highest, bottom)]:
            left, y, right, _ = horizontal
            if left - tolerance <= x <= right + tolerance:
                crossing = crossings.get((x, y))
                if crossing is None:
                    crossing = crossings[x, y] = Crossing(set(), set())
                crossing.verticals.add(vertical)
                crossing.horizontals.add(horizontal)
    return crossings
