"""What is a column, and what are a header's columns once all of them, and what is printed under them, are seen together (列的判定)?

Each column has been told by its own label before; nothing here knows a form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from filings.documents import Box
from filings.forms import known_words
from filings.text import match_key
from tasks.extract.matrix import Matrix

LABEL_OF_COLUMN = re.compile(r"((科目|单位|项目)?(名称|代码|编码)(\(.*\))?|合计|总计|小计)$")
"""Labels of one column or one row, which no other label stands below or beside."""

_FINAL_LEVEL = re.compile(r"(^|/)(\d{4}年?度?)?(本年)?决算(支出)?数?(/|$)")
_BUDGET_LEVEL = re.compile(r"(^|/)(\d{4}年?度?)?(本年|年初|全年|调整)?预算(支出)?数?(/|$)")
_CODE = re.compile(r"[\[(]?(?:\d{3}|\d{5}|\d{7})[\])]?")
_TOTAL_OF_SIDE = re.compile(r"(收入|支出)(?:合计|总计|总数)")
_SIDE_OF_TOTAL = {"收入": "revenue", "支出": "expenditure"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table as printed and as read.

    Args:
        index: Position from 0.
        label: Header path as printed, levels joined by ``/``; a [level] is a reading.
        role: What it holds; ``unknown`` where no form knows the header.
        measure: Canonical measure of a value column.
        side: The list it belongs to where lists stand side by side.
        year: Year printed in the label.
        year_offset: Years relative to the fiscal year where none is printed.
        box: Box of its lowest header cell.
        locator: The same where the format has no page.
        page: Page of that box, where it is not that of the statement's first part.
        path_box: Box around its whole header path.
    """

    index: int
    label: str
    role: str
    measure: str | None = None
    side: str | None = None
    year: int | None = None
    year_offset: int = 0
    box: Box | None = None
    locator: str | None = None
    page: int | None = None
    path_box: Box | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: its columns, the number of rows it takes and what had to be read into it."""

    columns: tuple[Column, ...]
    row_count: int
    reading: str | None = None

    def of_role(self, role: str) -> list[Column]:
        """Columns of a role, left to right."""
        return [column for column in self.columns if column.role == role]

    @property
    def is_plausible(self) -> bool:
        """Whether at least one column was recognised as holding values."""
        return any(column.role == "value" for column in self.columns)


def place_beside_names(columns: list[Column]) -> list[Column]:
    """A value column belongs to the list whose row labels stand on its left, whatever heading reaches over it (表头合并错位).

    Some filings draw the heading of the third list one column too wide; in others only the row labels tell one list from the
    next (按功能分类, 按部门预算经济分类).
    """
    first_name: dict[str | None, int] = {}
    for column in columns:
        if column.role == "name":
            first_name.setdefault(column.side, column.index)
    placed: list[Column] = []
    name_side: str | None = None
    for column in columns:
        if column.role == "name":
            name_side = column.side
        elif column.role == "value" and name_side:
            stands_too_far_left = first_name.get(column.side, -1) > column.index
            if column.side is None or stands_too_far_left or _is_list_of(name_side, column.side):
                column = replace(column, side=name_side)
        placed.append(column)
    return placed


def _is_list_of(name_side: str, side: str | None) -> bool:
    """Whether a list is one of several under the heading of a side: 按经济分类 under 支出."""
    return side is not None and name_side.startswith(f"{side}_")


def tell_budget_from_final(columns: list[Column]) -> list[Column]:
    """Where 预算数 and 决算数 stand side by side, the budget figure is a measure of its own."""
    if not any(_FINAL_LEVEL.search(column.label) for column in columns):
        return columns
    return [
        replace(column, measure=f"{column.measure}_budget")
        if column.role == "value" and _BUDGET_LEVEL.search(column.label) and _has_budget_measure(column.measure)
        else column
        for column in columns
    ]


def _has_budget_measure(measure: str | None) -> bool:
    """Whether a measure of final accounts has one beside it for its budget figure."""
    return f"{measure}_budget" in known_words("measures")


def as_final_accounts(header: Header) -> Header:
    """The header of a table whose title names final accounts (决算): an amount without further words is the final one."""
    columns = [
        replace(column, measure="final") if column.measure == "budget" and "预算" not in column.label else column
        for column in header.columns
    ]
    return replace(header, columns=tuple(columns))


def tell_by_content(columns: list[Column], matrix: Matrix, rows: int) -> list[Column]:
    """Tell codes that share a header with the names (科目 over 201 and 一般公共服务支出), and a second chart of codes.

    Of two charts in one row (部门预算经济分类, 政府预算经济分类) the first is the row's own; the other explains it.
    """
    told: list[Column] = []
    seen: list[str] = []
    for at, column in enumerate(columns):
        follows = columns[at + 1].role if at + 1 < len(columns) else None
        if column.role == "name" and follows == "name" and _holds_codes(matrix, column.index, rows):
            column = replace(column, role="code")
        if column.role in {"value", "unknown"}:
            seen = []
        elif column.role in {"code", "name"}:
            is_second = seen[-1:] == ["text"] or (column.role == "code" and seen[-1:] == ["name"] and "code" in seen)
            if is_second:
                column = replace(column, role="text")
            seen.append(column.role)
        told.append(column)
    return told


def _holds_codes(matrix: Matrix, index: int, rows: int) -> bool:
    """Whether a column prints codes and nothing else below the header, but for the labels of totals."""
    cells = [cell for row in range(rows, len(matrix.rows)) if (cell := matrix.anchored(row, index)) is not None]
    texts = [key for cell in cells if (key := match_key(cell.text)) and not LABEL_OF_COLUMN.fullmatch(key)]
    return bool(texts) and all(_CODE.fullmatch(text) for text in texts)


def side_by_rows(matrix: Matrix, rows: int, column: Column) -> str | None:
    """The side of a column of row labels by its totals, where no heading names it (收入总计, 支出总计)."""
    if column.role != "name":
        return None
    cells = [cell for row in range(rows, len(matrix.rows)) if (cell := matrix.rows[row][column.index]) is not None]
    totals = [match for cell in cells if (match := _TOTAL_OF_SIDE.fullmatch(match_key(cell.text)))]
    sides = {_SIDE_OF_TOTAL[match[1]] for match in totals}
    return sides.pop() if len(sides) == 1 else None


def keep_one_of_each(columns: list[Column]) -> list[Column]:
    """Of columns in one list that read as the same thing, only the one highest in the header is it: 合计 beside 单位资金/小计.

    The others keep their label and are no known measure.
    """
    depths: dict[tuple[object, ...], list[int]] = {}
    keys: list[tuple[object, ...]] = []
    panel = 0
    for at, column in enumerate(columns):
        panel += column.role in {"code", "name"} and at > 0 and columns[at - 1].role in {"value", "unknown"}
        keys.append((panel, column.side, column.measure, column.year, column.year_offset))
        if column.role == "value":
            depths.setdefault(keys[-1], []).append(column.label.count("/"))
    return [
        replace(column, role="unknown", measure=None)
        if column.role == "value"
        and depths[key].count(min(depths[key])) == 1
        and column.label.count("/") > min(depths[key])
        else column
        for column, key in zip(columns, keys, strict=True)
    ]
