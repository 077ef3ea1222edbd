"""Writes what a right reading of a sample finds: every figure, and every deliberate mistake, as CSV.

Both come from the format-neutral filing, never from a reader.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from samples.layout import Filing
from samples.mistakes import Edit, Mistake

FindPage = Callable[[str], int | None]
"""Running text → the page on which it begins."""

CELL_COLUMNS = (
    "statement_type",
    "page",
    "row_no",
    "side",
    "code",
    "name",
    "unit_code",
    "column_label",
    "value",
    "value_unit",
)
"""Columns of the expected cells."""

FINDING_COLUMNS = (
    "category",
    "severity",
    "statement_type",
    "page",
    "row_no",
    "side",
    "code",
    "name",
    "column_label",
    "subject",
    "printed",
    "right",
    "explanation",
)
"""Columns of the expected findings; the place is that of the first edit."""


def list_cells(filing: Filing, cell_pages: Mapping[tuple[int, int], int]) -> list[dict[str, Any]]:
    """Every figure with its page; the page is None in a format without pages."""
    rows = []
    for table_no, table in enumerate(filing.tables()):
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
            if cell.figure:
                figure = {key: getattr(cell.figure, key) for key in CELL_COLUMNS[2:]}
                page = cell_pages.get((table_no, cell.row))
                rows.append({"statement_type": table.statement_type, "page": page, **figure})
    return rows


def write_cells_csv(filing: Filing, cell_pages: Mapping[tuple[int, int], int]) -> str:
    """The expected cells as CSV."""
    return _write_csv(CELL_COLUMNS, list_cells(filing, cell_pages))


def write_findings_csv(
    mistakes: Sequence[Mistake], filing: Filing, cell_pages: Mapping[tuple[int, int], int], find_page: FindPage
) -> str:
    """The expected findings as CSV.

    Args:
        mistakes: The documented mistakes of the filing.
        filing: The filing with the mistakes made.
        cell_pages: (ordinal of the table, grid row) → page; empty in a format without pages.
        find_page: Tells the page on which a piece of running text begins.
    """
    cells = list_cells(filing, cell_pages)
    table_pages = {
        table.statement_type: cell_pages.get((table_no, table.row_count - 1))
        for table_no, table in enumerate(filing.tables())
    }
    rows = []
    for mistake in mistakes:
        edit = mistake.edits[0]
        place: Mapping[str, Any] = {"page": table_pages.get(edit.statement) or find_page(edit.printed)}
        if edit.kind == "figure":
            place = _find_cell(edit, cells)
        rows.append(
            {
                **{key: place.get(key, "") for key in ("page", "row_no", "side", "code", "name", "column_label")},
                "category": mistake.category,
                "severity": mistake.severity,
                "statement_type": edit.statement,
                "subject": mistake.subject,
                "printed": edit.printed,
                "right": edit.right,
                "explanation": mistake.explanation,
            }
        )
    return _write_csv(FINDING_COLUMNS, rows)


def _find_cell(edit: Edit, cells: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    wanted = {"statement_type": edit.statement, **(edit.where or {})}
    return next(cell for cell in cells if all(str(cell[key]) == str(wanted[key]) for key in wanted))


def _write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
