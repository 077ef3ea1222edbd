"""From a statement's rows to its line items (表内每一行、每一个数字).

Knows the columns' roles; does not know what the amounts should add up to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from filings.amounts import PrintedNumber, is_blank, parse_number
from filings.documents import Box, Cell, Printed, enclose
from filings.forms import known_words
from filings.text import match_key, squeeze
from filings.units import find_unit
from tasks.extract.columns import Column
from tasks.extract.drafts import Draft
from tasks.extract.header import is_column_numbers
from tasks.extract.items import ClassReader, ItemReader, find_item, parse_label
from tasks.extract.matrix import Matrix

_CODE_THEN_NAME = re.compile(r"^[\[(（【]?(\d{3}|\d{5}|\d{7})[\])）】]?[-—_.、:：]?([^\d\])）】\-—_.、:：].*)$")
_PARTED_CODE = re.compile(r"^(\d{3})[-—_.·](\d{2})(?:[-—_.·](\d{2}))?[-—_.·]?$")
_BRACKETS = re.compile(r"^[\[(【](\d+)[\])】]$")
_BY_ROW = {"budget", "final", "total", "three_public_total"}
"""Measures of columns that say only which figure stands in them where the rows say what it is about (“三公”经费各项为行)."""
_LABELS = frozenset({"code", "name", "unit_name", "unit_code", "period", "label"})
"""Roles of columns that say what a row is about."""
_NOTE_ROW = re.compile(r"^(注|备注|说明)[:：\d]")
_DEEPEST = 3
"""Levels that nested labels have at most."""
_SUBTOTAL = re.compile(r"(合计|总计|小计)")


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is about: table columns ``code`` … ``unit_name`` of line items, and its side."""

    row_no: int
    side: str | None = None
    code: str | None = None
    code_inferred: str | None = None
    name: str | None = None
    row_level: int | None = None
    item: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    year: int | None = None
    measure: str | None = None
    """What the row's label names, where the columns are years or stages."""
    box: Box | None = None
    """Of the printed label: code and name."""
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class ReadCell:
    """One value cell of a row: a number, or a text where a number belongs."""

    key: RowKey
    column: Column
    text: str
    number: PrintedNumber | None
    page: int | None
    box: Box | None
    locator: str | None
    confidence: float | None = None
    place: tuple[int, int, int] = (0, 0, 0)
    """Part, grid row and grid column."""


@dataclass(slots=True)
class ReadTable:
    """All rows of a statement as read.

    Args:
        row_count: Data rows, those without an amount included.
        cells: Value cells in printed order.
        places: Part and grid row of each data row.
        notes: Notes printed inside the table.
    """

    row_count: int = 0
    cells: list[ReadCell] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    notes: list[Printed] = field(default_factory=list)


@dataclass(slots=True)
class _Context:
    """What earlier rows say about later ones."""

    items: dict[str | None, ItemReader] = field(default_factory=dict)
    classes: dict[str | None, ClassReader] = field(default_factory=dict)
    unit_name: str | None = None
    units_by_code: dict[str, str] = field(default_factory=dict)
    last_code: str | None = None
    code_parts: list[str] = field(default_factory=list)
    group: dict[int, str] = field(default_factory=dict)


def read_rows(draft: Draft) -> ReadTable:
    """Read all data rows of a statement of kind coded, lists, periods, labelled (逐行读取)."""
    table = ReadTable()
    context = _Context()
    ends: dict[int, int | None] = {}
    panels = _panels(draft)
    for matrix, row in _data_rows(draft, table):
        table.row_count += 1
        for side, columns in panels:
            key = _placed(_read_key(draft, matrix, row, columns, side, table.row_count, context), matrix, row, columns)
            columns = [_measured_by_row(column, key, draft) for column in columns]
            table.cells.extend(_read_values(draft, matrix, table.places[-1], columns, key))
        if draft.form.nested_labels:
            ends[table.row_count] = _last_label(matrix, row, draft.header.columns)
    table.cells = [replace(cell, key=_nested(cell.key, ends)) for cell in table.cells] if ends else table.cells
    return table


def _last_label(matrix: Matrix, row: int, columns: Sequence[Column]) -> int | None:
    """The innermost label column in which a row prints something of its own."""
    labels = [column.index for column in columns if column.role in {"label", "name"}]
    printed = [
        index for index in labels if (cell := matrix.anchored(row, index)) is not None and not is_blank(cell.text)
    ]
    return max(printed, default=None)


def _nested(key: RowKey, ends: Mapping[int, int | None]) -> RowKey:
    """The key with the level of its row, where rows end in different label columns (逐级列示)."""
    columns = sorted({end for end in ends.values() if end is not None})
    end = ends[key.row_no]
    if key.row_level is not None or key.code is not None or end is None or not 1 < len(columns) <= _DEEPEST:
        return key
    return replace(key, row_level=columns.index(end) + 1)


def _panels(draft: Draft) -> list[tuple[str | None, list[Column]]]:
    """Split the columns into the lists that stand side by side, each with its own row labels.

    Lists are told by their heading (收入, 支出, 支出用途); in a coded table a code or name column after a value column begins
    a further panel (the two-panel economic table of final accounts).
    """
    columns = draft.header.columns
    if draft.form.kind == "lists":
        sides = list(dict.fromkeys(column.side for column in columns if column.role == "value"))
        return [
            (side, [c for c in columns if c.side == side or (c.side is None and c.role != "value")]) for side in sides
        ]
    panels: list[list[Column]] = [[]]
    for column in columns:
        before = panels[-1][-1] if panels[-1] else None
        if before is not None and before.role in {"value", "unknown"} and column.role in {"code", "name"}:
            panels.append([])
        panels[-1].append(column)
    return [(None, panel) for panel in panels]


def _data_rows(draft: Draft, table: ReadTable) -> Iterator[tuple[Matrix, int]]:
    for part_no, part in enumerate(draft.parts):
        for row in range(part.skip_rows, len(part.matrix.rows)):
            cells = part.matrix.texts(row)
            if not cells or is_column_numbers(cells) or all(_states_unit(cell) for cell in cells):
                continue
            if _NOTE_ROW.match(squeeze(cells[0].text)) and all(parse_number(cell.text) is None for cell in cells):
                text, box = " ".join(cell.text.strip() for cell in cells), enclose(cell.box for cell in cells)
                table.notes.append(Printed(text, part.matrix.page, box, cells[0].locator))
                continue
            table.places.append((part_no, row))
            yield _unshifted(part.matrix, row, draft) if not part.grid.has_spans else part.matrix, row


def _states_unit(cell: Cell) -> bool:
    """Whether a cell says the unit of money and nothing else (单位：元 in the last row)."""
    return find_unit(cell.text) is not None and parse_number(cell.text) is None


def _unshifted(matrix: Matrix, row: int, draft: Draft) -> Matrix:
    """Put back a row that stands too far left because its label was merged over several columns (合计行左移).

    Where a transcription has lost merged cells, the label of a total row takes one cell and every number moves left by the cells that
    are missing at the row's end. A number in a column of names shows it.
    """
    cells = matrix.rows[row]
    printed = [cell for cell in cells if cell is not None]
    missing = len(cells) - len(printed)
    names = [column.index for column in draft.header.columns if column.role in {"name", "unit_name"}]
    first = printed[0] if printed else None
    shifted = any(
        (cell := cells[index]) is not None and cell is not first and parse_number(cell.text) is not None
        for index in names
    )
    if first is None or missing == 0 or not shifted or parse_number(first.text) is not None:
        return matrix
    moved: list[Cell | None] = [first] * (missing + 1)
    moved.extend(replace(cell, col=cell.col + missing) for cell in printed[1:])
    rows = list(matrix.rows)
    rows[row] = tuple(moved)
    return Matrix(tuple(rows), matrix.page)


def _read_values(
    draft: Draft, matrix: Matrix, at: tuple[int, int], columns: list[Column], key: RowKey
) -> Iterator[ReadCell]:
    part_no, row = at
    for column in columns:
        if column.role in _LABELS or column.role == "text":
            continue
        cell = matrix.anchored(row, column.index)
        if cell is None or is_blank(cell.text) or _is_label_cell(cell, columns):
            continue
        place = (part_no, row, column.index)
        number = parse_number(draft.corrections.get(place, cell.text))
        if number is None and column.role == "unknown":
            continue
        page = cell.page or matrix.page
        yield ReadCell(key, column, cell.text, number, page, cell.box, cell.locator, cell.confidence, place)


def _measured_by_row(column: Column, key: RowKey, draft: Draft) -> Column:
    """A column of a table whose rows are the measures: 2025年预算数 beside 公务接待费."""
    if key.measure is None or column.measure not in _BY_ROW:
        return column
    stands_beside_final = any(other.measure == "final" for other in draft.header.columns)
    measure = f"{key.measure}_budget" if column.measure == "budget" and stands_beside_final else key.measure
    return replace(column, measure=measure if measure in known_words("measures") else column.measure)


def _is_label_cell(cell: Cell, columns: list[Column]) -> bool:
    """Whether a cell also covers a label column: a row label merged over value columns."""
    covered = range(cell.col, cell.col + cell.col_span)
    return any(column.index in covered and column.role in {"name", "code", "label"} for column in columns)


def _read_key(
    draft: Draft,
    matrix: Matrix,
    row: int,
    columns: list[Column],
    side: str | None,
    row_no: int,
    context: _Context,
) -> RowKey:
    if draft.form.kind == "lists":
        return _read_list_key(matrix, row, columns, side, row_no, context)
    if draft.form.kind == "periods":
        return _read_period_key(draft, matrix, row, columns, row_no, context)
    if draft.form.kind == "labelled" and any(column.role == "label" for column in columns):
        return _read_labelled_key(matrix, row, columns, row_no, context)
    return _read_coded_key(matrix, row, columns, row_no, context)


def _placed(key: RowKey, matrix: Matrix, row: int, columns: list[Column]) -> RowKey:
    """The key with the place of its printed label; of a label merged down from above, where that begins."""
    covering = [matrix.rows[row][column.index] for column in columns if column.role in _LABELS]
    cells = [cell for cell in covering if cell is not None and not is_blank(cell.text)]
    own = [cell for cell in cells if cell.row == row + matrix.first_row] or cells
    if not own:
        return key
    return replace(key, box=enclose(cell.box for cell in own), locator=own[0].locator)


def _text(matrix: Matrix, row: int, column: Column) -> str:
    cell = matrix.rows[row][column.index]
    return squeeze(cell.text) if cell is not None and not is_blank(cell.text) else ""


def _role_text(matrix: Matrix, row: int, columns: list[Column], role: str) -> str:
    return next((text for c in columns if c.role == role and (text := _text(matrix, row, c))), "")


def _read_list_key(
    matrix: Matrix, row: int, columns: list[Column], side: str | None, row_no: int, context: _Context
) -> RowKey:
    name = _joined_names(matrix, row, columns, context) or None
    item = code = None
    if name is not None:
        reader = context.items.setdefault(side, ItemReader())
        item = reader.read(name)
        if side == "expenditure" and item is None:
            code = context.classes.setdefault(side, ClassReader()).read(name)
    return RowKey(
        row_no=row_no,
        side=side,
        code_inferred=code,
        name=name,
        row_level=level_of_code(code) if code else (0 if item == "total" else None),
        item=item,
    )


def _joined_names(matrix: Matrix, row: int, columns: list[Column], context: _Context) -> str:
    """A row label; where label columns stand side by side, group label and label joined by ``/`` (分组/项目)."""
    names = [c for c in columns if c.role == "name"]
    texts: list[str] = []
    for column in names:
        cell = matrix.rows[row][column.index]
        text = _text(matrix, row, column)
        if cell is not None and text and cell.row < row and cell.row_span > 1:
            text = squeeze(cell.text)
        if not text and column is not names[-1] and _text(matrix, row, names[-1]):
            text = context.group.get(column.index, "")
        if text and column is not names[-1]:
            context.group[column.index] = text
        if text and (not texts or text != texts[-1]):
            texts.append(text)
    return "/".join(texts)


def _read_period_key(
    draft: Draft, matrix: Matrix, row: int, columns: list[Column], row_no: int, context: _Context
) -> RowKey:
    unit = _role_text(matrix, row, columns, "unit_name") or context.unit_name
    context.unit_name = unit
    label = _joined_names(matrix, row, columns, context)
    named = draft.form.find_column(parse_label(label).key) if label else None
    period = _role_text(matrix, row, columns, "period")
    match = re.search(r"(?:19|20)\d{2}", period)
    year = int(match[0]) if match else None
    return RowKey(
        row_no=row_no,
        name=period or label or None,
        item=find_item(match_key(period)) if period else None,
        unit_code=match_key(_role_text(matrix, row, columns, "unit_code")) or None,
        unit_name=unit,
        year=year,
        measure=named.measure if named is not None else None,
    )


def _read_labelled_key(matrix: Matrix, row: int, columns: list[Column], row_no: int, context: _Context) -> RowKey:
    texts = [
        squeeze(cell.text)
        for column in columns
        if column.role in {"label", "name", "unit_name"}
        and (cell := matrix.anchored(row, column.index)) is not None
        and not is_blank(cell.text)
    ]
    name = "/".join(texts) or None
    reader = context.items.setdefault(None, ItemReader())
    labels_total = bool(texts) and match_key(texts[0]) in {"合计", "总计"}
    item = reader.read(texts[0]) if len(texts) == 1 or labels_total else None
    return RowKey(row_no=row_no, name=name, row_level=0 if item == "total" else None, item=item)


def _read_coded_key(matrix: Matrix, row: int, columns: list[Column], row_no: int, context: _Context) -> RowKey:
    parts = [(column, _text(matrix, row, column)) for column in columns if column.role == "code"]
    parts = [(column, _as_digits(match_key(text)) if text else "") for column, text in parts]
    digits = [text for _, text in parts if text.isdigit()]
    name = _joined_names(matrix, row, columns, context)
    words = [text for _, text in parts if text and not text.isdigit()]
    if words and words[0] not in name:
        name = words[0] + name
    unit_code = match_key(_role_text(matrix, row, columns, "unit_code")) or None
    unit_name = _role_text(matrix, row, columns, "unit_name") or None
    code = "".join(digits) or None
    if code is None and (both := _CODE_THEN_NAME.match(name)):
        code, name = both[1], both[2]
    inferred = _infer_code(_inherit([text for _, text in parts], context), code)
    if code and unit_name and not any(column.role == "name" for column in columns):
        name, unit_name = unit_name, None  # 单位名称（科目）: bodies and accounts in one column
    if unit_name and _SUBTOTAL.fullmatch(match_key(unit_name)):
        name, unit_name = unit_name, None
    elif unit_code:
        if name and (code is None or code == context.last_code):
            context.units_by_code[unit_code] = name
        if unit_name:
            context.units_by_code[unit_code] = unit_name
        unit_name = unit_name or context.units_by_code.get(unit_code)
    elif any(column.role == "unit_name" for column in columns):
        context.unit_name = unit_name or context.unit_name
        unit_name = context.unit_name
    names_unit = (
        code is None and not name and unit_name is not None and bool(_role_text(matrix, row, columns, "unit_name"))
    )
    if names_unit:
        name = unit_name or ""
    unlabelled = not any(column.role in {"code", "name", "unit_name", "unit_code"} for column in columns)
    item = "total" if names_unit or unlabelled or (unit_code and code is None) else None
    if code is None and item is None and name:
        item = context.items.setdefault(None, ItemReader()).read(name)
    context.last_code = code
    level = level_of_code(inferred or code) if code else (0 if item == "total" else None)
    return RowKey(
        row_no=row_no,
        code=code,
        code_inferred=inferred,
        name=name or None,
        row_level=level,
        item=item,
        unit_code=unit_code,
        unit_name=unit_name,
    )


def _as_digits(code: str) -> str:
    """A code without brackets around it and without marks between its levels (``213.02.01``)."""
    parted = _PARTED_CODE.fullmatch(code)
    return "".join(filter(None, parted.groups())) if parted else _BRACKETS.sub(r"\1", code)


def _inherit(parts: list[str], context: _Context) -> list[str]:
    """The levels of a code in columns of their own; those left blank are those of the rows above (类、款只印一次)."""
    first = next((at for at, part in enumerate(parts) if part.isdigit()), None)
    if first is None:
        return parts
    above = context.code_parts[:first]
    if first and len(above) == first and all(above) and not any(parts[:first]):
        parts = [*above, *parts[first:]]
    context.code_parts = parts
    return parts


def _infer_code(parts: list[str], code: str | None) -> str | None:
    """Pad 款 and 项 to two digits where they are printed short in columns of their own (``301 | 2`` is 30102)."""
    used = [part for part in parts if part.isdigit()]
    if code is None or len(used) < 2:
        return None
    padded = used[0] + "".join(part.zfill(2) for part in used[1:])
    return padded if padded != code else None


def level_of_code(code: str | None) -> int | None:
    """Level of a function or economic code by its digits: 3 类, 5 款, 7 项."""
    return {3: 1, 5: 2, 7: 3}.get(len(code)) if code else None
