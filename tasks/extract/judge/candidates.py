"""What else could a statement be, where its reading is open? Candidates for one statement (候选读法).

Nothing here knows what closes: each function yields readings that the layout on the page allows, with what they choose in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from filings.amounts import is_blank, parse_number
from filings.documents import Cell
from tasks.extract.columns import Column, Header
from tasks.extract.drafts import Draft, Part
from tasks.extract.header import classify
from tasks.extract.matrix import Matrix

VALUES = frozenset({"value", "unknown"})
"""Roles of columns that hold numbers."""

ALSO_LOST = 1
"""How many columns of a known layout a header may lack to be taken for it: more, and it may be another layout."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another reading of a statement.

    Args:
        draft: The statement so read.
        words: What is chosen, for ``statements.reading``.
        contradicts: Printed header cells that it sets aside.
    """

    draft: Draft
    words: str
    contradicts: int = 0


def has_open_columns(draft: Draft) -> bool:
    """Whether the columns' positions are not certain: a transcription without spans, or a recognised image."""
    return any(
        not part.grid.has_spans or any(cell.confidence is not None for cell in part.grid.cells) for part in draft.parts
    )


def lost_labels(draft: Draft) -> list[Column]:
    """Columns over which no header is printed though numbers stand in them."""
    return [column for column in draft.header.columns if column.role == "unknown" and not column.label]


def name_columns(draft: Draft) -> Iterator[Candidate]:
    """A column without a header is any column of the form that the header lacks (表头缺字)."""
    known = {(c.side, c.measure, c.year_offset) for c in draft.header.columns}
    roles = {c.role for c in draft.header.columns}
    for column in lost_labels(draft):
        side = _side_of(draft, column.index)
        for pattern in draft.form.columns:
            if pattern.role == "value" and (side, pattern.measure, pattern.year) in known:
                continue
            if pattern.role != "value" and (pattern.role not in {"code", "name"} or pattern.role in roles):
                continue
            label = f"[{pattern.measure or pattern.role}]"
            named = replace(
                column, label=label, role=pattern.role, measure=pattern.measure, side=side, year_offset=pattern.year
            )
            yield Candidate(
                _with_columns(draft, [named if c.index == column.index else c for c in draft.header.columns]),
                f"column {column.index + 1} has no header and is read as {label}",
            )


def _side_of(draft: Draft, index: int) -> str | None:
    sides = [column.side for column in draft.header.columns if column.index < index and column.side]
    return sides[-1] if sides else None


def lay_out(draft: Draft) -> Iterator[Candidate]:
    """The header is a known layout of the form of which columns were lost, so that the others moved (表头错列)."""
    printed = draft.header.columns
    width = len(printed)
    for layout in draft.form.layouts:
        labels = [path.split("|")[0] for path in layout.columns]
        if not 0 <= len(labels) - width <= ALSO_LOST or not _is_known_part(draft, labels):
            continue
        for lost in range(len(labels)) if len(labels) > width else [None]:
            kept = [label for at, label in enumerate(labels) if at != lost]
            columns = [_as_laid_out(draft, old, label) for old, label in zip(printed, kept, strict=True)]
            if any(column.role == "unknown" for column in columns):
                continue
            moved = [new.index + 1 for new, old in zip(columns, printed, strict=True) if new is not old]
            if moved:
                yield Candidate(
                    _with_columns(draft, columns),
                    f"header shifted: columns {', '.join(map(str, moved))} read from the form's known layout",
                    contradicts=sum(bool(printed[at - 1].label) for at in moved),
                )


def _is_known_part(draft: Draft, labels: list[str]) -> bool:
    """Whether the printed header is the layout, in its order, with at most a column lost."""
    laid_out = [_meaning(classify(draft.form, at, label)) for at, label in enumerate(labels)]
    printed = [_meaning(column) for column in draft.header.columns if column.role != "unknown"]
    at = 0
    for meaning in laid_out:
        if at < len(printed) and printed[at] == meaning:
            at += 1
    return at == len(printed) and len(labels) - len(printed) <= ALSO_LOST + len(lost_labels(draft))


def _meaning(column: Column) -> tuple[str, str | None, str | None]:
    return column.role, column.measure, column.side


def _as_laid_out(draft: Draft, old: Column, label: str) -> Column:
    new = classify(draft.form, old.index, label)
    if _meaning(new) == _meaning(old):
        return old
    bracketed = "/".join(f"[{level}]" for level in label.split("/"))
    return replace(new, label=bracketed, box=old.box, locator=old.locator, path_box=old.path_box)


def _with_columns(draft: Draft, columns: list[Column]) -> Draft:
    return replace(draft, header=replace(draft.header, columns=tuple(columns)))


def restore_header(draft: Draft, others: Sequence[Draft]) -> Iterator[Candidate]:
    """No header is printed: any layout of the form, or header of the filing's other tables by code, that is as wide (表头缺失)."""
    width = draft.parts[0].grid.col_count
    known = [[path.split("|")[0] for path in layout.columns] for layout in draft.form.layouts]
    known += [
        [column.label for column in other.header.columns]
        for other in others
        if other.form.kind == draft.form.kind == "coded"
    ]
    tried: set[tuple[object, ...]] = set()
    for labels in dict.fromkeys(tuple(labels) for labels in known if len(labels) == width):
        columns = [_restored(draft, at, label) for at, label in enumerate(labels)]
        measured = [(c.side, c.measure, c.year, c.year_offset) for c in columns if c.role == "value"]
        meaning = tuple((*_meaning(column), column.year, column.year_offset) for column in columns)
        if (
            any(column.role == "unknown" for column in columns)
            or len(set(measured)) < len(measured)
            or meaning in tried
        ):
            continue
        tried.add(meaning)
        yield Candidate(
            replace(draft, header=Header(tuple(columns), 0)),
            f"header lost, read as {' '.join(c.label for c in columns)}",
        )


def _restored(draft: Draft, at: int, label: str) -> Column:
    plain = label.replace("[", "").replace("]", "")
    column = classify(draft.form, at, plain)
    return replace(column, label="/".join(f"[{level}]" for level in plain.split("/")))


def move_cells(draft: Draft, rows: frozenset[tuple[int, int]]) -> Iterator[Candidate]:
    """A number of a row stands in the neighbouring column, or the row's end is moved by one (单元格错列).

    Args:
        draft: The statement.
        rows: Part and row of the grid of each row in doubt.
    """
    values = {column.index for column in draft.header.columns if column.role in VALUES}
    for part_no, row in sorted(rows):
        part = draft.parts[part_no]
        cells = part.matrix.rows[row]
        width = len(cells)
        free = {col for col in values if _is_free(cells[col], row, col)}
        for col in sorted(values):
            cell = cells[col]
            if cell is None or cell.row != row or cell.col != col or parse_number(cell.text) is None:
                continue
            for step, words in ((1, "right"), (-1, "left")):
                to = col + step
                if to in free:
                    moved = dict.fromkeys([col]) | {to: cell}
                    yield _moved(draft, part_no, row, moved, f"{cell.text.strip()} read one column to the {words}")
        for col in sorted(values):
            tail = [c for c in range(col, width) if not _is_free(cells[c], row, c)]
            if not tail or cells[col] is None:
                continue
            if tail[-1] + 1 < width and all(c in values for c in range(col, width)):
                shifted = {col: None} | {c + 1: cells[c] for c in range(col, width - 1)}
                yield _moved(draft, part_no, row, shifted, f"from column {col + 1} on, read one column to the right")
            if col - 1 in free and all(c in values for c in range(col - 1, width)):
                shifted = {c - 1: cells[c] for c in range(col, width)} | {width - 1: None}
                yield _moved(draft, part_no, row, shifted, f"from column {col + 1} on, read one column to the left")


def _is_free(cell: Cell | None, row: int, col: int) -> bool:
    return cell is None or ((cell.row, cell.col) == (row, col) and is_blank(cell.text))


def _moved(draft: Draft, part_no: int, row: int, changed: dict[int, Cell | None], words: str) -> Candidate:
    part = draft.parts[part_no]
    rows = [list(cells) for cells in part.matrix.rows]
    for col, cell in changed.items():
        rows[row][col] = replace(cell, col=col, col_span=1) if cell is not None else None
    matrix = Matrix(tuple(tuple(cells) for cells in rows), part.matrix.page)
    place = f"page {part.page} " if part.page is not None else ""
    return Candidate(_with_part(draft, part_no, replace(part, matrix=matrix)), f"{place}row {row + 1}: {words}")


def _with_part(draft: Draft, part_no: int, part: Part) -> Draft:
    parts = list(draft.parts)
    parts[part_no] = part
    return replace(draft, parts=parts)
