"""One statement as read: its draft with everything that reading its rows yields (一张表的一种读法)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from filings.documents import Document, Line
from filings.records import LineItem, StatementColumn, UnreadCell
from filings.text import squeeze
from filings.units import find_unit_for_all
from tasks.extract.columns import Column
from tasks.extract.drafts import SHEET_KINDS, Draft
from tasks.extract.records import build_columns, build_line_items, majority_unit, statement_unit
from tasks.extract.rows import ReadTable, read_rows
from tasks.extract.targets import Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a statement takes from the filing around it.

    Args:
        fiscal_year: The filing's year.
        unit: The unit of money of statements that print none.
        unit_told_by: How that was told.
    """

    fiscal_year: int | None
    unit: str | None
    unit_told_by: str | None = None

    @staticmethod
    def of(fiscal_year: int | None, drafts: list[Draft], document: Document) -> Circumstances:
        """What a filing tells each of its statements."""
        if unit := majority_unit(drafts):
            return Circumstances(fiscal_year, unit, "not printed; unit of the filing's other statements")
        lines = (block.text for _, block in document.blocks() if isinstance(block, Line))
        stated = next(((unit, text) for text in lines if (unit := find_unit_for_all(text))), None)
        if stated is None:
            return Circumstances(fiscal_year, None)
        return Circumstances(fiscal_year, stated[0], f"stated for all tables: {squeeze(stated[1])}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement as read.

    Args:
        draft: Its form, header and parts.
        table: Its rows.
        columns: Its columns.
        items: Its numbers.
        unread: Cells that hold none where one belongs.
        unit: Its unit of money and how it was told.
        sheet: The sheet of goals, where it is one.
        doubt: Why it may have been misread, in words.
    """

    draft: Draft
    table: ReadTable
    columns: Sequence[Column]
    items: Sequence[LineItem]
    unread: Sequence[UnreadCell]
    unit: tuple[str | None, str | None]
    sheet: Sheet | None = field(default=None)
    doubt: str | None = None

    @property
    def state(self) -> str:
        """Whether amounts are printed: filled, else empty."""
        return "filled" if any(item.value for item in self.items) else "empty"

    def column_records(self, statement_no: int, fiscal_year: int | None) -> list[StatementColumn]:
        """The records of its columns."""
        return build_columns(self.draft, self.columns, statement_no, fiscal_year)


def read_statement(draft: Draft, statement_no: int, around: Circumstances, sheets_before: int = 0) -> Reading:
    """Read the rows of a statement (读一张表).

    Args:
        draft: As put together from the document's tables.
        statement_no: Its number in the filing.
        around: What it takes from the filing.
        sheets_before: Sheets of goals that stand before it.
    """
    unit, told_by = statement_unit(draft, around.unit, around.unit_told_by)
    sheet: Sheet | None = None
    table: ReadTable
    columns: Sequence[Column]
    if draft.form.kind in SHEET_KINDS:
        sheet = read_sheet(draft, sheets_before + 1)
        unit, told_by = (sheet.unit, "printed in the sheet") if sheet.unit else (unit, told_by)
        table, columns = ReadTable(row_count=sheet.row_count, cells=sheet.cells), sheet.columns
    else:
        table, columns = read_rows(draft), draft.header.columns
    items, unread = build_line_items(draft, table, statement_no, unit, around.fiscal_year)
    return Reading(draft, table, columns, items, unread, (unit, told_by), sheet)
