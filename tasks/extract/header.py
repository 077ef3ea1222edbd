"""Which rows of a table are its header, and what does each column hold? (表头 → 列含义)

From the printed header alone: a label that no form knows stays without a measure. Where a transcription has lost merged
cells, the spans are inferred, and known layouts of the form fill what is not printed, in [brackets].
"""

from __future__ import annotations

import re
from dataclasses import replace

from filings.amounts import parse_number
from filings.documents import Cell, enclose
from filings.forms import ColumnPattern, Form
from filings.text import match_key, squeeze
from filings.units import without_unit
from tasks.extract.columns import (
    LABEL_OF_COLUMN,
    Column,
    Header,
    keep_one_of_each,
    place_beside_names,
    side_by_rows,
    tell_budget_from_final,
    tell_by_content,
)
from tasks.extract.matrix import Matrix

MAX_HEADER_ROWS = 6
"""The deepest header in the catalogue of forms has four levels; two more for rows of column numbers and the like."""

_HEADER_WORD = re.compile(
    r"^(类|款|项|项目|科目|名称|编码|代码|栏次|行次|小计|金额|年度|单位(名称|代码)?|预算单位|(部门预算)?(支出)?(功能|经济)分类.*|"
    r".*科目(名称|编码|代码)?(\(.*\))?|.*(项目|任务)名称|部门经济.*名称|其中:?.*)$"
)
_ROLE_WORD = re.compile(
    r"(名称|编码|代码|科目|项目|^类|^款|^项|年度|预算单位|功能分类|任务名称|品目.*|支出用途)(\(.*\))?$"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_ANY_YEAR = re.compile(r"(?:(?:19|20)\d{2}|[YZ])年?")
_COLUMN_NUMBERS = {"栏次", "行次", "栏目"}
_COLUMN_LETTERS = set("甲乙丙丁类款项")
_MISREAD_NUMBER = re.compile("(?=.*(?:[0-9].*[0-9]|\N{REPLACEMENT CHARACTER}))[-0-9.,%OoIl|\N{REPLACEMENT CHARACTER}]+")
_COLUMN_NUMBER = re.compile(r"^(\d{1,2})(?:=[\d+-]+)?$")
_FOOTNOTE = re.compile("[①-⑳⁰¹²³⁴-⁹*※]")
_SAYS_NOTHING = re.compile(r"^(?:[-—–/]+|无)$")
_SIDES = (
    ("expenditure_government", re.compile(r"/[^/]*政府(预算)?(支出)?经济")),
    ("expenditure_economic", re.compile(r"/[^/]*(?<!政府)(预算)?(支出)?经济(分类|科目)")),
    ("expenditure_use", re.compile(r"(^|/)[^/]*支出(用途|性质|类别)")),
    ("revenue", re.compile(r"^(本年)?(财政拨款)?收入|^收入")),
    ("expenditure", re.compile(r"^(本年)?(财政拨款)?支出|^支出")),
)


def count_header_rows(matrix: Matrix) -> int:
    """Count the rows before the first data row (表头行数)."""
    label_columns: set[int] = set()
    limit = min(len(matrix.rows), MAX_HEADER_ROWS + 1)
    for row in range(limit):
        cells = matrix.texts(row)
        if row > 0 and (not cells or is_data_row(matrix, row, label_columns)):
            return row
        if row == 0 and any(_is_value(cell) for cell in cells):
            return 0
        for cell in cells:
            if _ROLE_WORD.search(match_key(cell.text)):
                label_columns.update(range(cell.col, cell.col + cell.col_span))
    return limit


def is_data_row(matrix: Matrix, row: int, label_columns: set[int]) -> bool:
    """Whether a row holds data: a number, or a row label under a heading of row labels."""
    cells = matrix.texts(row)
    if is_column_numbers(cells):
        return False
    if any(_is_value(cell) or _SAYS_NOTHING.match(match_key(cell.text)) for cell in cells):
        return True
    labels = [cell for cell in cells if cell.col in label_columns]
    if len(labels) < len(cells):
        return False
    return all(not _HEADER_WORD.match(match_key(cell.text)) for cell in labels)


def is_column_numbers(cells: list[Cell]) -> bool:
    """Whether a row only numbers the columns (栏次 1 2 3 …)."""
    marked = False
    numbers: list[int] = []
    for cell in cells:
        text = match_key(cell.text)
        if text in _COLUMN_NUMBERS:
            marked = True
        elif text not in _COLUMN_LETTERS:
            match = _COLUMN_NUMBER.match(text)
            if match is None:
                return False
            numbers.append(int(match[1]))
    return len(numbers) >= (1 if marked else 3) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_value(cell: Cell) -> bool:
    """Whether a number stands in the cell, or what a recogniser made of one."""
    if parse_number(cell.text) is not None:
        return True
    return cell.confidence is not None and _MISREAD_NUMBER.fullmatch(match_key(cell.text)) is not None


def read_header(matrix: Matrix, form: Form, has_spans: bool) -> Header:
    """Read a table's header (表头识别).

    Args:
        matrix: The table from its first header row on.
        form: The form that its title names.
        has_spans: Whether merged cells are known; if not they are inferred from blanks.
    """
    rows = count_header_rows(matrix)
    levels = _levels_with_spans(matrix, rows) if has_spans else _levels_from_blanks(matrix, rows)
    columns = [_column(form, index, path, matrix, rows) for index, path in enumerate(levels)]
    columns = _without_shared_labels(columns, levels, matrix, rows) if has_spans else columns
    columns = tell_by_content(_extend_names(columns, form), matrix, rows)
    if form.kind == "lists" and not any(column.side for column in columns):
        columns = [replace(column, side=side_by_rows(matrix, rows, column)) for column in columns]
    placed = place_beside_names(columns)
    is_moved = placed != columns and not has_spans  # without spans a misplaced heading is a lost one
    header = Header(tuple(keep_one_of_each(tell_budget_from_final(placed))), rows)
    if all(column.role != "unknown" for column in header.columns) and not is_moved and not _is_doubtful(header, form):
        return header
    return _filled_by_layout(header, matrix, form) or header


def _levels_with_spans(matrix: Matrix, rows: int) -> list[list[Cell]]:
    paths: list[list[Cell]] = []
    label_rows = _label_rows(matrix, rows)
    for col in range(matrix.width):
        path: list[Cell] = []
        for row in label_rows:
            cell = matrix.rows[row][col]
            if cell is not None and cell.text.strip() and cell not in path:
                path.append(cell)
        paths.append(path)
    return paths


def _label_rows(matrix: Matrix, rows: int) -> list[int]:
    """The header rows that hold labels, those that only number the columns left out."""
    return [row for row in range(rows) if not is_column_numbers(matrix.texts(row))]


def _levels_from_blanks(matrix: Matrix, rows: int) -> list[list[Cell]]:
    """Infer merged header cells of a transcription from its blanks.

    A blank in the first level continues the label to its left. Further down it does so only below the same upper label and
    only where a level still further down is printed under it; otherwise the label above reaches down to it.
    """
    paths: list[list[Cell]] = [[] for _ in range(matrix.width)]
    for row in _label_rows(matrix, rows):
        previous: Cell | None = None
        before = [list(path) for path in paths]
        for col in range(matrix.width):
            cell = matrix.rows[row][col]
            if cell is not None and cell.text.strip():
                previous = cell
            elif previous is not None and not _continues(previous, matrix, rows, row, col, before):
                previous = None
            if previous is not None:
                paths[col].append(previous)
    return paths


def _continues(previous: Cell, matrix: Matrix, rows: int, row: int, col: int, before: list[list[Cell]]) -> bool:
    if before[col] != before[col - 1] or LABEL_OF_COLUMN.search(match_key(previous.text)):
        return False
    return any(_has_text(matrix.rows[lower][col]) for lower in _label_rows(matrix, rows) if lower > row)


def _has_text(cell: Cell | None) -> bool:
    return cell is not None and bool(cell.text.strip())


def _column(form: Form, index: int, path: list[Cell], matrix: Matrix, rows: int) -> Column:
    column = classify(form, index, "/".join(squeeze(cell.text) for cell in path))
    if len(path) > 1 and match_key(path[-1].text) in {"合计", "总计"}:
        # the label of an empty total row may share a line with the lowest header cells
        above = classify(form, index, "/".join(squeeze(cell.text) for cell in path[:-1]))
        if above.role not in {"value", "unknown"}:
            column, path = above, path[:-1]
    lowest = path[-1] if path else None
    return replace(
        column,
        box=lowest.box if lowest else None,
        locator=lowest.locator if lowest else None,
        path_box=enclose(cell.box for cell in path),
    )


def classify(form: Form, index: int, label: str) -> Column:
    """Tell role, measure, side and year of a column by its header path."""
    plain = _FOOTNOTE.sub("", label.replace("[", "").replace("]", ""))
    key = "/".join(without_unit(level) for level in plain.split("/"))
    pattern: ColumnPattern | None = form.find_column(key) if key else None
    years = _YEAR.findall(key)
    side = None
    if form.kind == "lists":
        side = next((name for name, side_pattern in _SIDES if side_pattern.search(key)), None)
    return Column(
        index=index,
        label=label,
        role=pattern.role if pattern else "unknown",
        measure=pattern.measure if pattern else None,
        side=side,
        year=int(years[0]) if years else None,
        year_offset=pattern.year if pattern else 0,
    )


def _without_shared_labels(columns: list[Column], levels: list[list[Cell]], matrix: Matrix, rows: int) -> list[Column]:
    """A label that stands alone over several columns of numbers names none of them: their own labels were lost or run together."""
    filled: dict[int, list[int]] = {}
    for column, path in zip(columns, levels, strict=True):
        cells = (matrix.anchored(row, column.index) for row in range(rows, len(matrix.rows)))
        if column.role == "value" and any(cell is not None and parse_number(cell.text) is not None for cell in cells):
            filled.setdefault(id(path[-1]), []).append(column.index)
    shared = {index for indexes in filled.values() if len(indexes) > 1 for index in indexes}
    return [replace(c, role="unknown", measure=None) if c.index in shared else c for c in columns]


def _extend_names(columns: list[Column], form: Form) -> list[Column]:
    """A column without any label right of a name column is more of the name (a group label and its rows)."""
    extended: list[Column] = []
    for column in columns:
        left = extended[-1] if extended else None
        if not column.label and left is not None and left.role in {"name", "label"}:
            column = replace(column, role=left.role, side=left.side, label=left.label)
        extended.append(column)
    return extended


def _is_doubtful(header: Header, form: Form) -> bool:
    """Whether the reading shows that header cells were lost.

    Two value columns are read as the same thing, or a column of side-by-side lists belongs to none of them.
    """
    if form.kind == "lists" and any(column.side is None for column in header.of_role("value")):
        return True
    keys = [(c.side, c.measure, c.year, c.year_offset) for c in header.columns if c.role == "value"]
    return len(keys) != len(set(keys))


def _filled_by_layout(header: Header, matrix: Matrix, form: Form) -> Header | None:
    """Fill lost header cells from a known layout of the form that contradicts nothing that is printed."""
    for layout in form.layouts:
        if len(layout.columns) != _used_width(matrix):
            continue
        filled = _fill(header, matrix, form, [path.split("/") for path in layout.columns])
        if filled is not None:
            return filled
    return None


def _used_width(matrix: Matrix) -> int:
    used = [col for row in matrix.rows for col, cell in enumerate(row) if cell is not None and cell.text.strip()]
    return max(used, default=-1) + 1


def _fill(header: Header, matrix: Matrix, form: Form, layout: list[list[str]]) -> Header | None:
    labels = _labels_by_position(header, matrix, layout) or _labels_by_order(header, matrix, layout)
    if labels is None:
        return None
    columns = [
        replace(classify(form, index, label), box=old.box, locator=old.locator, path_box=old.path_box)
        for index, (label, old) in enumerate(zip(labels, header.columns, strict=False))
    ]
    if any(column.role == "unknown" for column in columns):
        return None
    filled = Header(tuple(columns), header.row_count, "lost header cells read from the form's known layout")
    return None if _is_doubtful(filled, form) else filled


def _labels_by_position(header: Header, matrix: Matrix, layout: list[list[str]]) -> list[str] | None:
    """Labels where every printed header cell stands in its column: lost levels are put in [brackets]."""
    labels: list[str] = []
    for col, path in enumerate(layout):
        printed = [
            squeeze(cell.text)
            for row in range(header.row_count)
            if (cell := matrix.rows[row][col]) is not None and cell.text.strip()
        ]
        label: list[str] = []
        remaining = list(printed)
        for level in path:
            if remaining and _same_label(remaining[0], level):
                label.append(remaining.pop(0))
            else:
                label.append(_lost(level))
        if remaining:
            return None
        labels.append("/".join(label))
    return labels


def _labels_by_order(header: Header, matrix: Matrix, layout: list[list[str]]) -> list[str] | None:
    """Labels where merged cells are lost altogether: each row's printed cells, taken in the order of the layout's."""
    printed_levels: dict[tuple[str, ...], str] = {}
    for row in range(header.row_count):
        texts = [squeeze(cell.text) for cell in matrix.rows[row] if cell is not None and cell.text.strip()]
        groups = list(dict.fromkeys(tuple(path[: row + 1]) for path in layout if len(path) > row))
        if len(groups) != len(texts):
            return None
        if not all(_same_label(text, group[-1]) for text, group in zip(texts, groups, strict=True)):
            return None
        printed_levels.update(zip(groups, texts, strict=True))
    return [
        "/".join(printed_levels.get(tuple(path[: depth + 1]), _lost(level)) for depth, level in enumerate(path))
        for path in layout
    ]


def _lost(level: str) -> str:
    """A header level that is not printed, as read from the layout."""
    return f"[{level.split('|')[0]}]"


def _same_label(printed: str, expected: str) -> bool:
    """Whether a printed header cell is the layout's, in one of the wordings it allows (``a|b``)."""
    return any(_wording(printed) == _wording(allowed) for allowed in expected.split("|"))


def _wording(text: str) -> str:
    return _ANY_YEAR.sub("", match_key(text)).replace("其中:", "")
