"""Does a table that no form knows look like a statement all the same? (未识别的表)

Such a table is kept whole, cell by cell, with its labels as printed and without a measure, so that nothing is lost until
its form is added. Lists of bodies, contents pages and framed prose are no statements.
"""

from __future__ import annotations

import re
from dataclasses import replace

from filings.amounts import is_blank, parse_number
from filings.documents import Cell, Line
from filings.forms import Form, unrecognised_form
from filings.text import fold, match_key
from filings.units import find_bracketed_unit, find_unit
from tasks.extract.columns import Column, Header
from tasks.extract.drafts import Draft
from tasks.extract.header import read_header
from tasks.extract.matrix import Matrix
from tasks.extract.titles import Title, looks_like_title, title_key

FEW_AMOUNTS = 3
"""How many amounts make a statement where neither a title nor a unit is printed: lists of bodies print none, the shortest table
of a form (三公经费) has six cells."""

_COUNTING = re.compile(
    r"(序号|行次|栏次|编号|年份|年度|页码|编码|代码|电话|邮编|数量|人数|编制数?|分值|权重|比例|[一二三]级指标|指标值)"
)

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}")


def find_unrecognised(body: Matrix, lines: list[Line], has_spans: bool) -> tuple[Title, int, Header] | None:
    """Find the title and header of a table that looks like a statement and matches no form.

    Args:
        body: The table from its first header row on.
        lines: The lines that stand over it or at its head, nearest last.
        has_spans: Whether merged cells are known.

    Returns:
        Title (its text is empty where none is printed), the position of its line, or of that with the unit, and the header; None
        if the table is no statement: without a title and a unit, only decimal places and separators of thousands tell amounts from counts.
    """
    form = unrecognised_form()
    header = _by_content(read_header(body, form, has_spans), body)
    at = next((at for at in range(len(lines) - 1, -1, -1) if looks_like_title(lines[at].text)), None)
    unit_at = next((at for at in range(len(lines) - 1, -1, -1) if find_unit(lines[at].text)), None)
    is_announced = at is not None or unit_at is not None
    states_unit = unit_at is not None or any(find_bracketed_unit(column.label) for column in header.columns)
    if _count_amounts(header, body, is_announced and states_unit) < (1 if is_announced else FEW_AMOUNTS):
        return None
    if at is None:
        return Title("", form, ""), unit_at or 0, header
    return Title(lines[at].text.strip(" \t-·"), form, title_key(lines[at].text)), at, header


def _by_content(header: Header, body: Matrix) -> Header:
    """Tell the columns that no label tells by what is printed in them.

    Only numbers are values; words left of every value name the row, words right of one explain it.
    """
    columns: list[Column] = []
    for column in header.columns:
        if column.role == "unknown":
            is_first = not any(left.role in {"name", "value"} for left in columns)
            column = replace(column, role=_role_by_content(column, header, body, is_first))
        columns.append(column)
    return replace(header, columns=tuple(columns))


def _role_by_content(column: Column, header: Header, body: Matrix, is_first: bool) -> str:
    printed = [cell.text for cell in _data_cells(column, header, body)]
    numbers = sum(parse_number(text) is not None for text in printed)
    if column.index == 0 and printed and all(_CODE.fullmatch(match_key(text)) for text in printed):
        return "code"
    if numbers == 0:
        return "name" if is_first and printed else "text"
    if _COUNTING.search(match_key(column.label)):
        return "text"
    return "value" if numbers == len(printed) else "unknown"


def _data_cells(column: Column, header: Header, body: Matrix) -> list[Cell]:
    anchored = (body.anchored(row, column.index) for row in range(header.row_count, len(body.rows)))
    return [cell for cell in anchored if cell is not None and not is_blank(cell.text)]


def _count_amounts(header: Header, body: Matrix, states_unit: bool) -> int:
    cells = [
        cell
        for column in header.columns
        if column.role in {"value", "unknown"}
        for cell in _data_cells(column, header, body)
    ]
    numbers = [(cell, number) for cell in cells if (number := parse_number(cell.text)) is not None]
    return sum(states_unit or number.places > 0 or "," in fold(cell.text) for cell, number in numbers)


def keep_whole(headless: Draft) -> Draft | None:
    """A statement whose header is lost and that no identity tells, as one of no known form; None if it prints no number."""
    form = unrecognised_form()
    part = headless.parts[0]
    body = part.matrix.below(part.skip_rows)
    header = _by_content(headless.header, body)
    if not _count_amounts(header, body, states_unit=True):
        return None
    title = Title(headless.title.text, form, headless.title.key)
    return replace(
        headless,
        form=form,
        title=title,
        header=header,
        readings=["no header is printed and nothing tells it: kept as printed"],
    )


def is_unrecognised(form: Form) -> bool:
    """Whether a form is that of tables without a form."""
    return form is unrecognised_form()
