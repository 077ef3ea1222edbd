"""Which statement is a table whose title is lost (缺表名之表)?

Its header fits several forms: those of a filing by function, for one, all look alike. Only forms that the filing does not
print otherwise are tried, and that one is taken with which more identities close than with any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from filings.forms import Form, all_forms
from filings.text import match_key
from tasks.extract.columns import Header
from tasks.extract.drafts import SHEET_KINDS, Draft, Part
from tasks.extract.header import read_header
from tasks.extract.preamble import lay_out_table
from tasks.extract.titles import Title
from tasks.extract.unrecognised import is_unrecognised

LABEL_ROLES = frozenset({"code", "name", "unit_code", "unit_name"})
"""Roles of columns that tell which row it is."""


def retitle(drafts: Sequence[Draft], at: int) -> Iterator[list[Draft]]:
    """What the statements are if one of no known form, or the rest of one, is another that lost its title.

    Args:
        drafts: The statements of the filing.
        at: Position of the statement in question.

    Yields:
        All statements, the choice in the readings of the one with the new title.
    """
    draft = drafts[at]
    if is_unrecognised(draft.form):
        begin, before = 0, []
    else:
        begin = next((n for n in range(1, len(draft.parts)) if _may_be_another(draft, n)), 0)
        before = [replace(draft, parts=draft.parts[:begin])]
        if begin == 0:
            return
    first, *rest = draft.parts[begin:]
    skip = lay_out_table(first.grid, first.page).head_rows
    body = first.matrix.below(skip)
    for form in _absent_forms(drafts):
        header = read_header(body, form, first.grid.has_spans)
        if not header.is_plausible or any(column.role == "unknown" for column in header.columns):
            continue
        parts = [replace(first, skip_rows=skip + header.row_count), *rest]
        yield [*drafts[:at], *before, _as_form(draft, form, header, parts), *drafts[at + 1 :]]


def _as_form(draft: Draft, form: Form, header: Header, parts: list[Part]) -> Draft:
    text = draft.title.text if is_unrecognised(draft.form) else ""
    page = parts[0].page
    words = (
        f"{'' if page is None else f'page {page}: '}title lost, read as {form.zh}, because its identities close with it"
    )
    return Draft(
        form=form,
        title=Title(text, form, ""),
        header=header,
        parts=parts,
        place=draft.place,
        unit=draft.unit,
        unit_text=draft.unit_text,
        bodies=draft.bodies,
        notes=draft.notes,
        readings=[words],
    )


def _may_be_another(draft: Draft, at: int) -> bool:
    """Whether a part with a header of its own may be no part: its header is not the first one's, or most rows repeat earlier ones."""
    part = draft.parts[at]
    if part.skip_rows == 0:
        return False
    here, there = _header_texts(part), _header_texts(draft.parts[0])
    if here - there and there - here:  # a header that only lost a label is the same one
        return True
    own = _row_labels(draft, part)
    before = {label for other in draft.parts[:at] for label in _row_labels(draft, other)}
    return len(own) > 1 and 2 * len(own & before) > len(own)


def _header_texts(part: Part) -> set[str]:
    begin = lay_out_table(part.grid, part.page).head_rows
    return {match_key(cell.text) for row in range(begin, part.skip_rows) for cell in part.matrix.texts(row)}


def _row_labels(draft: Draft, part: Part) -> set[tuple[str, ...]]:
    columns = [column.index for column in draft.header.columns if column.role in LABEL_ROLES]
    rows = part.matrix.rows[part.skip_rows :]
    labels = {tuple(match_key(cell.text) if (cell := row[at]) else "" for at in columns) for row in rows}
    return {label for label in labels if any(label)}


def _absent_forms(drafts: Sequence[Draft]) -> Iterator[Form]:
    present = {draft.form.statement_type for draft in drafts}
    yield from (f for f in all_forms() if f.statement_type not in present and f.kind not in SHEET_KINDS)
