"""The cells found must be those that pdfplumber's own functions find, whatever the edges."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pdfplumber import table as plumber

from tasks.extract.readers.pdf_cells import find_cells

TOLERANCE = 3.0

COORDINATES = st.integers(0, 12).map(lambda step: step * 4.0) | st.integers(0, 48).map(float)
"""On a grid, where cells close, and near it, where edges cross within the tolerance or just miss each other."""


def edge(is_vertical: bool, place: float, start: float, end: float) -> dict[str, Any]:
    """A ruling line in pdfplumber's words."""
    start, end = min(start, end), max(start, end)
    x0, top, x1, bottom = (place, start, place, end) if is_vertical else (start, place, end, place)
    orientation = "v" if is_vertical else "h"
    return {"x0": x0, "top": top, "x1": x1, "bottom": bottom, "orientation": orientation}


EDGES = st.lists(st.builds(edge, st.booleans(), COORDINATES, COORDINATES, COORDINATES), max_size=24)

FULL_GRID = [edge(vertical, place * 4.0, 0.0, 12.0) for vertical in (True, False) for place in range(4)]


@given(EDGES)
@example(FULL_GRID)
@example([*FULL_GRID, *FULL_GRID])
def test_cells_are_those_of_pdfplumber(edges: list[dict[str, Any]]) -> None:
    crossings = plumber.edges_to_intersections(edges, TOLERANCE, TOLERANCE)
    assert find_cells(edges, TOLERANCE) == plumber.intersections_to_cells(crossings)


def test_a_full_grid_has_all_its_cells() -> None:
    assert len(find_cells(FULL_GRID, TOLERANCE)) == 9


@given(st.lists(st.tuples(COORDINATES, COORDINATES), max_size=10), st.lists(st.tuples(COORDINATES, COORDINATES)))
def test_cells_of_cut_grids_are_those_of_pdfplumber(
    verticals: list[tuple[float, float]], horizontals: list[tuple[float, float]]
) -> None:
    edges = list(FULL_GRID)
    edges += [edge(True, x, 0.0, y) for x, y in verticals]
    edges += [edge(False, y, 0.0, x) for x, y in horizontals]
    crossings = plumber.edges_to_intersections(edges, TOLERANCE, TOLERANCE)
    assert find_cells(edges, TOLERANCE) == plumber.intersections_to_cells(crossings)
