"""Builds one ruled table: header tree from the columns' paths, rows from values, figures from both.

It knows what a column is for (`Column.role`) and derives row numbers, row names and column labels by the conventions
of the expected cells, independently of any extractor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from samples.amounts import print_amount, round_half_up
from samples.layout import Align, Figure, Table, TableCell, TableStyle

Role = Literal["code", "name", "group", "unit", "unit_code", "text", "amount", "percent"]
Value = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Args:
        path: Header texts from the top level down, as printed; equal neighbours are merged.
        role: What the column holds; several ``name`` columns of one side are joined by ``/``.
        side: Which of the lists that stand side by side, or empty.
        decimals: Printed decimals of an amount or percentage.
        width: Relative width.
    """

    path: tuple[str, ...]
    role: Role = "amount"
    side: str = ""
    decimals: int = 2
    width: float = 10.0


def fold_label(text: str) -> str:
    """A label without any whitespace, as the expected cells have it."""
    return re.sub(r"\s+", "", text)


@dataclass
class GridBuilder:
    """Collects the rows of one table; `build` makes the table.

    Args:
        columns: The columns from left to right.
        value_unit: Unit of the amounts: ``yuan`` or ``wan_yuan``.
        zero: How an amount of zero is printed: ``0`` with the column's decimals, or blank.
    """

    columns: Sequence[Column]
    value_unit: str
    zero: Literal["zero", "blank"] = "blank"
    cells: list[TableCell] = field(default_factory=list)
    row_no: int = 0
    grid_row: int = 0
    header_rows: int = 0

    def __post_init__(self) -> None:
        self._add_header()

    def _add_header(self) -> None:
        depth = max(len(column.path) for column in self.columns)
        for level in range(depth):
            col = 0
            while col < len(self.columns):
                path = self.columns[col].path
                if level >= len(path):
                    col += 1
                    continue
                end = col + 1
                while end < len(self.columns) and self.columns[end].path[: level + 1] == path[: level + 1]:
                    end += 1
                is_leaf = level == len(path) - 1
                if is_leaf:
                    # two columns of one and the same path stand under one header cell
                    end = col + 1
                    while end < len(self.columns) and self.columns[end].path == path:
                        end += 1
                row_span = depth - level if is_leaf else 1
                self.cells.append(TableCell(level, col, path[level], row_span, end - col, "center", bold=True))
                col = end
        self.header_rows = self.grid_row = depth

    def add_row(
        self,
        values: Sequence[Value],
        *,
        bold: bool = False,
        merge: Sequence[tuple[int, int]] = (),
        spans: dict[int, int] | None = None,
        group: str = "",
        align: dict[int, Align] | None = None,
    ) -> None:
        """Add a data row.

        Args:
            values: One value per column: text, an amount, or None for a blank.
            bold: Whether it is printed bold.
            merge: Pairs of first and last column that are one cell in this row.
            spans: Column → rows covered by its cell (a group label, a unit's name).
            group: The group label in force where its cell was printed in an earlier row.
            align: Column → alignment where it differs from the column's.
        """
        self.row_no += 1
        covered = {col for first, last in merge for col in range(first + 1, last + 1)}
        labels = self._spread_labels(values, merge)
        for col, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            if col in covered or (value is None and spans and spans.get(col) == 0):
                continue
            text, figure = self._print(column, value, labels, group)
            span = next((last - first + 1 for first, last in merge if first == col), 1)
            default: Align = "right" if column.role in ("amount", "percent") else "left"
            if column.role in ("code", "unit_code", "group") or (span > 1):
                default = "center"
            self.cells.append(
                TableCell(
                    self.grid_row,
                    col,
                    text,
                    max(1, (spans or {}).get(col, 1)),
                    span,
                    (align or {}).get(col, default),
                    bold,
                    figure,
                )
            )
        self.grid_row += 1

    def _spread_labels(self, values: Sequence[Value], merge: Sequence[tuple[int, int]]) -> list[Value]:
        """The values with a label that is printed over several lists standing in each of them."""
        labels = list(values)
        for first, last in merge:
            for col in range(first + 1, last + 1):
                if self.columns[col].role == "name" and self.columns[col].side != self.columns[first].side:
                    labels[col] = values[first]
        return labels

    def add_blank(self, rows: int = 1) -> None:
        """Add blank filler rows, which are no data rows."""
        for _ in range(rows):
            self.cells.extend(TableCell(self.grid_row, col, "") for col in range(len(self.columns)))
            self.grid_row += 1

    def _print(self, column: Column, value: Value, values: Sequence[Value], group: str) -> tuple[str, Figure | None]:
        if not isinstance(value, Decimal):
            return value or "", None
        if column.role not in ("amount", "percent"):
            raise ValueError(f"an amount in column {column.path} of role {column.role}")
        exact = round_half_up(value, column.decimals)
        if exact != value:
            raise ValueError(f"{value} has more decimals than column {column.path} prints")
        if not exact and self.zero == "blank":
            return "", None
        figure = Figure(
            row_no=self.row_no,
            side=column.side,
            code="".join(text for text in self._texts(values, "code", column.side) if text.isdigit()),
            name=self._name(values, column.side, group),
            unit_code="".join(self._texts(values, "unit_code", column.side)),
            column_label="/".join(fold_label(part) for part in column.path),
            value=exact,
            value_unit="percent" if column.role == "percent" else self.value_unit,
        )
        return print_amount(exact) + ("%" if column.role == "percent" else ""), figure

    def _texts(self, values: Sequence[Value], role: Role, side: str) -> list[str]:
        return [
            fold_label(value)
            for column, value in zip(self.columns, values, strict=True)
            if column.role == role and column.side == side and isinstance(value, str) and value
        ]

    def _name(self, values: Sequence[Value], side: str, group: str) -> str:
        # a total's label is printed over the code and the name column, so it stands where a code would
        labels = [text for text in self._texts(values, "code", side) if not text.isdigit()]
        names = labels + self._texts(values, "name", side)
        groups = self._texts(values, "group", side) or ([fold_label(group)] if group else [])
        if not names and not groups:
            names = self._texts(values, "unit", side)
        return "/".join([*groups, *names])

    def build(
        self,
        statement_type: str | None,
        title: str,
        *,
        tag: str = "",
        head_left: str = "",
        head_right: str = "",
        notes: Sequence[str] = (),
        style: TableStyle | None = None,
    ) -> Table:
        """The table with the rows added so far."""
        return Table(
            statement_type,
            title,
            tag,
            head_left,
            head_right,
            self.header_rows,
            self.grid_row,
            tuple(column.width for column in self.columns),
            tuple(self.cells),
            tuple(notes),
            style or TableStyle(),
        )
