"""The deliberate mistakes: a list of edits to a faultless filing, each with what is right and why it is wrong.

Every edit must find exactly what it says it changes; an edit that finds nothing, or more than one place, is an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from samples.amounts import print_amount
from samples.grid import fold_label
from samples.layout import Block, Contents, Cover, Figure, Filing, Heading, Paragraph, Table, TableCell

MISTAKES_FILE = Path(__file__).parent / "mistakes.toml"
"""Sample → list of mistakes."""

EDIT_KINDS = ("figure", "label", "code", "note", "title", "prose", "contents", "drop_row")
"""What an edit can change."""


class EditMisfitError(ValueError):
    """An edit does not find exactly one place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a filing.

    Args:
        kind: One of `EDIT_KINDS`.
        printed: What is printed after the change (a value, a label, a sentence part; empty for a dropped row).
        right: What was there before, and is right.
        statement: The statement type of the table, for all kinds but prose and contents.
        where: Further fields of the figure that must match: side, code, name, unit_code, column_label, row_no.
    """

    kind: str
    printed: str
    right: str
    statement: str = ""
    where: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.kind not in EDIT_KINDS:
            raise ValueError(f"unknown kind of edit: {self.kind}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A deliberate mistake: the edits that make it, and what a careful inspector would say of it.

    Args:
        category: A finding category of the public contract.
        severity: error, warning or info.
        subject: The row, column or sentence at fault, in words.
        explanation: The identity that breaks, with its numbers.
        edits: The changes; the first is the place at fault.
    """

    category: str
    severity: str
    subject: str
    explanation: str
    edits: tuple[Edit, ...]


def read_mistakes(sample: str) -> tuple[Mistake, ...]:
    """The documented mistakes of a sample; none for a faultless one."""
    data = tomllib.loads(MISTAKES_FILE.read_text(encoding="utf-8"))
    return tuple(_parse_mistake(entry) for entry in data.get(sample, []))


def _parse_mistake(entry: Mapping[str, Any]) -> Mistake:
    edits = tuple(Edit(**edit) for edit in entry["edits"])
    return Mistake(**{key: value for key, value in entry.items() if key != "edits"}, edits=edits)


def apply_edits(filing: Filing, edits: Sequence[Edit]) -> Filing:
    """The filing with the edits made, in their order.

    Raises:
        EditMisfitError: An edit does not find exactly one place.
    """
    for edit in edits:
        filing = _apply(filing, edit)
    return filing


def apply_mistakes(filing: Filing, mistakes: Sequence[Mistake]) -> Filing:
    """The filing with its documented mistakes made."""
    return apply_edits(filing, [edit for mistake in mistakes for edit in mistake.edits])


def _apply(filing: Filing, edit: Edit) -> Filing:
    change = _change_text if edit.kind in ("prose", "contents") else _change_table
    blocks: list[Block] = []
    places = 0
    for block in filing.blocks:
        variants = change(block, edit)
        places += len(variants)
        blocks.append(variants[0] if len(variants) == 1 else block)
    if places != 1:
        raise EditMisfitError(f"{filing.name}: {edit} fits {places} places")
    return replace(filing, blocks=tuple(blocks))


def _change_text(block: Block, edit: Edit) -> list[Block]:
    """The block with the text replaced, once for each place where it fits."""
    if edit.kind == "contents":
        if not isinstance(block, Contents):
            return []
        hits = [entry for entry in block.entries if entry[1] == edit.right]
        kept = [(depth, edit.printed if text == edit.right else text) for depth, text in block.entries]
        return [replace(block, entries=tuple(entry for entry in kept if entry[1])) for _ in hits]
    if isinstance(block, Paragraph | Heading):
        changed = block.text.replace(edit.right, edit.printed)
        return [replace(block, text=changed)] * block.text.count(edit.right)
    if isinstance(block, Cover):
        lines = tuple(line.replace(edit.right, edit.printed) for line in block.lines)
        return [replace(block, lines=lines)] * sum(line.count(edit.right) for line in block.lines)
    return []


def _change_table(block: Block, edit: Edit) -> list[Block]:
    if not isinstance(block, Table) or block.statement_type != edit.statement:
        return []
    if edit.kind == "note":
        if edit.right:
            notes = tuple(edit.printed if note == edit.right else note for note in block.notes)
            return [replace(block, notes=tuple(note for note in notes if note))] * block.notes.count(edit.right)
        return [replace(block, notes=(*block.notes, edit.printed))]
    if edit.kind == "title":
        return [replace(block, title=edit.printed)] if block.title == edit.right else []
    if edit.kind == "drop_row":
        rows = {cell.row for cell in block.cells if _fits(cell, edit)}
        return [drop_row(block, row) for row in sorted(rows)]
    changed = [cell for cell in block.cells if _is_place(block, cell, edit)]
    return [replace(block, cells=_replace_cell(block, cell, edit)) for cell in changed]


def _fits(cell: TableCell, edit: Edit) -> bool:
    return cell.figure is not None and all(
        str(getattr(cell.figure, key)) == str(value) for key, value in (edit.where or {}).items()
    )


def _is_place(table: Table, cell: TableCell, edit: Edit) -> bool:
    if edit.kind == "figure":
        return _fits(cell, edit) and cell.text == edit.right
    same_row = any(other.row == cell.row and _fits(other, edit) for other in table.cells)
    return cell.row >= table.header_rows and cell.figure is None and cell.text == edit.right and same_row


def _replace_cell(table: Table, place: TableCell, edit: Edit) -> tuple[TableCell, ...]:
    if edit.kind == "figure":
        if place.figure is None:
            raise EditMisfitError(f"{edit} is at a cell without a figure")
        value = Decimal(edit.printed.replace(",", "").rstrip("%"))
        if print_amount(value) != edit.printed.rstrip("%"):
            raise EditMisfitError(f"{edit.printed} is not how {value} is printed")
        changed = replace(place, text=edit.printed, figure=replace(place.figure, value=value))
        return tuple(changed if cell is place else cell for cell in table.cells)
    cells = []
    for cell in table.cells:
        if cell is place:
            cells.append(replace(cell, text=edit.printed))
        elif cell.row == place.row and cell.figure and _fits(cell, edit):
            cells.append(replace(cell, figure=_relabel(cell.figure, edit)))
        else:
            cells.append(cell)
    return tuple(cells)


def _relabel(figure: Figure, edit: Edit) -> Figure:
    """The figure under the changed label or code of its row."""
    if edit.kind == "label":
        return replace(figure, name=figure.name.replace(fold_label(edit.right), fold_label(edit.printed), 1))
    return replace(figure, code=figure.code.replace(edit.right, edit.printed, 1))


def drop_row(table: Table, row: int) -> Table:
    """The table without that grid row; only a row of single cells can be dropped."""
    if any(cell.row_span > 1 and cell.row < row < cell.row + cell.row_span for cell in table.cells):
        raise EditMisfitError("the row is covered by a merged cell")
    cells = []
    for cell in table.cells:
        if cell.row == row:
            continue
        if cell.row > row:
            figure = cell.figure and replace(cell.figure, row_no=cell.figure.row_no - 1)
            cells.append(replace(cell, row=cell.row - 1, figure=figure))
        else:
            cells.append(cell)
    return replace(table, cells=tuple(cells), row_count=table.row_count - 1)
