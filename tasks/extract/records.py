"""From read statements to records: years, units, exact amounts in yuan, and what rounding may hide (形成记录)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from filings.amounts import PrintedNumber, half_place
from filings.forms import all_families
from filings.records import LineItem, Statement, StatementColumn, UnreadCell
from filings.units import find_bracketed_unit, yuan_of
from tasks.extract.columns import Column
from tasks.extract.drafts import Draft
from tasks.extract.rows import ReadCell, ReadTable
from tasks.extract.unrecognised import is_unrecognised


def majority_unit(drafts: list[Draft]) -> str | None:
    """The unit of money that most statements of the filing state (多数表的金额单位)."""
    units = Counter(draft.unit for draft in drafts if draft.unit)
    return units.most_common(1)[0][0] if units else None


def statement_unit(draft: Draft, fallback: str | None, fallback_told_by: str | None) -> tuple[str | None, str | None]:
    """The unit of a statement and how it was told; the fallback where the statement prints none."""
    if draft.unit:
        return draft.unit, f"printed: {draft.unit_text}"
    for column in draft.header.columns:
        if unit := find_bracketed_unit(column.label):
            return unit, f"header: {column.label}"
    return fallback, fallback_told_by


def build_columns(
    draft: Draft, columns: Iterable[Column], statement_no: int, fiscal_year: int | None
) -> list[StatementColumn]:
    """Records of a statement's columns."""
    return [
        StatementColumn(
            statement_no=statement_no,
            column_no=column.index + 1,
            statement_type=draft.form.statement_type,
            side=column.side,
            role=column.role,
            measure=column.measure,
            fiscal_year=_year(column.year, column.year_offset, fiscal_year) if column.role == "value" else None,
            column_label=column.label,
            page=column.page or draft.parts[0].page,
            box=column.box,
            locator=column.locator,
            header_box=column.path_box if column.page is None else column.box,
        )
        for column in columns
        if column.label or column.role != "unknown"
    ]


def _year(printed: int | None, offset: int, fiscal_year: int | None) -> int | None:
    if printed is not None:
        return printed
    return fiscal_year + offset if fiscal_year is not None else None


def build_line_items(
    draft: Draft, table: ReadTable, statement_no: int, unit: str | None, fiscal_year: int | None
) -> tuple[list[LineItem], list[UnreadCell]]:
    """Records of a statement's numbers, and of its cells that hold none where one belongs."""
    cells = [replace(cell, number=None) if _is_misread(cell, unit) else cell for cell in table.cells]
    places = _printed_places(cells)
    items: list[LineItem] = []
    unread: list[UnreadCell] = []
    for cell in cells:
        if cell.number is None:
            unread.append(_unread(draft, cell, statement_no))
            continue
        value_unit = _value_unit(cell, cell.number, unit)
        is_percent = value_unit == "percent"
        half = half_place(places[cell.key.side, cell.column.index])
        amount = half_yuan = None
        if value_unit is not None and not is_percent:
            amount = yuan_of(cell.number.value, value_unit)
            half_yuan = yuan_of(half, value_unit)
        items.append(
            LineItem(
                statement_no=statement_no,
                item_no=len(items) + 1,
                statement_type=draft.form.statement_type,
                row_no=cell.key.row_no,
                column_no=cell.column.index + 1,
                side=cell.key.side,
                code=cell.key.code,
                code_inferred=cell.key.code_inferred,
                name=cell.key.name,
                row_level=cell.key.row_level,
                item=cell.key.item or _period_item(cell, fiscal_year),
                unit_code=cell.key.unit_code,
                unit_name=cell.key.unit_name,
                measure=cell.column.measure,
                column_label=cell.column.label,
                fiscal_year=_item_year(cell, fiscal_year),
                value=cell.number.value,
                value_unit=value_unit,
                amount_yuan=amount,
                half_place=half,
                half_place_yuan=half_yuan,
                value_text=cell.text,
                page=cell.page,
                box=cell.box,
                locator=cell.locator,
                confidence=_confidence(cell),
                label_box=cell.key.box,
                label_locator=cell.key.locator,
            )
        )
    return items, unread


def _value_unit(cell: ReadCell, number: PrintedNumber, unit: str | None) -> str | None:
    is_percent = number.is_percent or (cell.column.measure or "").startswith("change_percent")
    return "percent" if is_percent else (find_bracketed_unit(cell.column.label) or unit)


def _is_misread(cell: ReadCell, unit: str | None) -> bool:
    """Whether a recognised number prints parts of the smallest coin: a comma is taken for a point."""
    if cell.confidence is None or cell.number is None:
        return False
    value_unit = _value_unit(cell, cell.number, unit)
    return value_unit not in (None, "percent") and yuan_of(half_place(cell.number.places), value_unit) < half_place(2)


def _item_year(cell: ReadCell, fiscal_year: int | None) -> int | None:
    if cell.key.year is not None:
        return cell.key.year
    return _year(cell.column.year, cell.column.year_offset, fiscal_year)


def _period_item(cell: ReadCell, fiscal_year: int | None) -> str | None:
    """A row of the 三公 table that is about one year: the budget year or the one before."""
    if cell.key.year is None or fiscal_year is None:
        return None
    return {fiscal_year: "budget_year", fiscal_year - 1: "prior_year"}.get(cell.key.year)


def _printed_places(cells: list[ReadCell]) -> dict[tuple[str | None, int], int]:
    """Decimal places printed in each column; a column with a single number takes the statement's.

    The printed precision is that of the column, not of the cell: 12 among 12.34 and 5.00 means 12.00.
    """
    columns: dict[tuple[str | None, int], list[int]] = defaultdict(list)
    statement: dict[bool, int] = defaultdict(int)
    for cell in cells:
        if cell.number is not None:
            columns[cell.key.side, cell.column.index].append(cell.number.places)
            percent = cell.number.is_percent
            statement[percent] = max(statement[percent], cell.number.places)
    percents = {(c.key.side, c.column.index): c.number.is_percent for c in cells if c.number is not None}
    return {key: max(places) if len(places) > 1 else statement[percents[key]] for key, places in columns.items()}


def _confidence(cell: ReadCell) -> Decimal | None:
    return None if cell.confidence is None else Decimal(f"{cell.confidence:.4f}")


def _unread(draft: Draft, cell: ReadCell, statement_no: int) -> UnreadCell:
    return UnreadCell(
        statement_no=statement_no,
        row_no=cell.key.row_no,
        column_no=cell.column.index + 1,
        statement_type=draft.form.statement_type,
        name=cell.key.name,
        column_label=cell.column.label,
        text=cell.text,
        page=cell.page,
        box=cell.box,
        locator=cell.locator,
    )


def find_family(drafts: list[Draft]) -> str | None:
    """Tell which family of forms the statements follow (中央、上海、深圳、江苏、决算)."""
    drafts = [draft for draft in drafts if not is_unrecognised(draft.form)]
    keys = [draft.title.key for draft in drafts]
    columns = {(d.form.statement_type, c.measure) for d in drafts for c in d.header.columns}
    for family in all_families():
        if any(title in key for title in family.titles for key in keys):
            return family.family
        if any(column in columns for column in family.columns):
            return family.family
    return None


def finish_statement(statement: Statement, items: Sequence[LineItem]) -> Statement:
    """Tell a statement's state from its amounts and its note (填报、空表)."""
    filled = any(item.value != Decimal(0) for item in items)
    declared = bool(statement.note) and _says_empty(statement.note or "")
    state = "filled" if filled else ("declared_empty" if declared else ("filled" if items else "empty"))
    return replace(statement, state=state)


def _says_empty(note: str) -> bool:
    words = (
        "空表",
        "无数据",
        "无发生额",
        "没有",
        "不涉及",
        "无此",
        "无该",
        "无相关",
        "未安排",
        "也无",
        "年无",
        "本表为空",
        "无政府性",
        "无国有",
    )
    return any(word in note for word in words)
