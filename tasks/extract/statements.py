"""Which grids of a document make up which statement? (哪些表格是哪张预算表，跨页如何相接)

Walks the document once: a grid under a statement's title begins a statement, a grid that lines up with the one before and
follows it at once continues it, any other grid is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from filings.amounts import parse_number
from filings.documents import Block, Document, Grid, Line, Page, Printed, enclose
from filings.text import squeeze
from filings.units import find_bracketed_unit, find_unit, find_unit_for_all
from tasks.extract.columns import Column, Header, as_final_accounts
from tasks.extract.continuation import NOTE, continue_statement
from tasks.extract.drafts import SHEET_KINDS, Draft, Found, Part
from tasks.extract.furniture import find_running_heads, is_page_furniture
from tasks.extract.header import count_header_rows, read_header
from tasks.extract.preamble import (
    LaidTable,
    Pending,
    find_body,
    find_nearest_title,
    is_preamble,
    lay_out_table,
    lines_below_prose,
    lines_over,
)
from tasks.extract.several import part_tables
from tasks.extract.titles import Title, find_title, is_table_number, looks_like_title
from tasks.extract.torn import UpperPart, complete_header, ends_with_header
from tasks.extract.torn_names import join_torn_names
from tasks.extract.unrecognised import find_unrecognised, is_unrecognised
from tasks.extract.widened import widen_statement

LINES_BELOW = 3
"""How many lines under a table are looked at for its unit: a note, its second line and the unit."""

CONTENTS_TITLES = 3
"""How many forms a stretch of text must name to be a contents page: prose was seen to name two, contents eight or more."""


def find_statements(document: Document) -> Found:
    """Find all statements of a document with their parts, header and notes."""
    found = Found()
    pending: list[tuple[int | None, Line]] = []
    current: Draft | None = None
    torn: UpperPart | None = None
    heads = find_running_heads(document)
    for page, block in _part_blocks(document):
        if isinstance(block, Line):
            if squeeze(block.text) not in heads or _says_something(block.text):
                pending.append((page.number, block))
            continue
        if block.col_count < 2 or _is_framed_text(block) or _is_contents_frame(block):
            pending.extend((page.number, line) for line in _lines_of(block))
            continue
        if current is not None and current.unit is None:
            _take_unit_below(current, pending)
        table = lay_out_table(block, page.number)
        if torn is not None and (joined := _begin_torn(torn, table, pending)) is not None:
            if current is not None and current.base is torn.table.grid:
                found.drafts.remove(current)
            found.drafts.append(joined)
            current, torn = joined, None
            pending.clear()
            continue
        torn = UpperPart(table, lines_over(pending)) if ends_with_header(table) else None
        draft = _begin(table, pending)
        headless = _begin_headless(table, pending) if draft is None else None
        if headless is not None and not (current is not None and current.title.key == headless.title.key):
            if current is not None:
                _take_notes(current, pending)
            _list_titles(found, pending, headless)
            pending.clear()
            found.headless.append((len(found.drafts), headless))
            current = headless
            continue
        again = draft or _begin_same_unrecognised(current, table, pending)
        if current is not None and (
            continue_statement(current, again, table, pending) or widen_statement(current, again, table, pending)
        ):
            pending.clear()
            continue
        if current is not None:
            _take_notes(current, pending)
        _list_titles(found, pending, draft)
        if draft is None:
            draft = _begin_unrecognised(table, pending)
        pending.clear()
        current = draft
        if draft is None:
            found.others.append((page, block))
        else:
            found.drafts.append(draft)
    if current is not None:
        if current.unit is None:
            _take_unit_below(current, pending)
        _take_notes(current, pending)
    _list_titles(found, pending, None)
    for draft in found.drafts:
        join_torn_names(draft)
    return found


def _part_blocks(document: Document) -> Iterator[tuple[Page, Block]]:
    """All blocks in reading order, the tables that stand in one grid as one each."""
    for page, block in document.blocks():
        if isinstance(block, Line) or _is_contents_frame(block):
            yield page, block
        else:
            yield from ((page, table) for table in part_tables(block))


def _says_something(text: str) -> bool:
    """Whether a line belongs to the table near it, though it stands at the head or foot of many pages."""
    return is_preamble(text) or find_title(text) is not None or NOTE.match(squeeze(text)) is not None


def _is_framed_text(grid: Grid) -> bool:
    """Whether a grid is running text in a frame: several columns but never two printed cells in a row."""
    rows: dict[int, int] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows[cell.row] = rows.get(cell.row, 0) + 1
    return max(rows.values(), default=0) < 2


def _is_contents_frame(grid: Grid) -> bool:
    """Whether a grid is a contents page in a frame: it names several forms and prints no amount."""
    forms = {title.form.statement_type for cell in grid.cells if (title := find_title(cell.text))}
    if len(forms) < CONTENTS_TITLES:
        return False
    numbers = [number for cell in grid.cells if (number := parse_number(cell.text))]
    return not any(number.places for number in numbers)


def _lines_of(grid: Grid) -> list[Line]:
    return [
        Line(text, cell.box, cell.locator) for cell in grid.cells if cell.text.strip() for text in cell.text.split("\n")
    ]


def _begin(table: LaidTable, pending: Pending) -> Draft | None:
    """Begin a statement if a title stands over or inside the table and the table's header fits its form."""
    lines = lines_over(pending) + table.head
    titled = find_nearest_title(lines)
    if titled is None:
        return None
    title, at = titled
    header = read_header(table.body, title.form, table.grid.has_spans)
    if title.form.kind not in SHEET_KINDS and not header.is_plausible:
        return None
    return _new_draft(title, header, table, _place_title(title, lines, at, table, pending), lines, at)


def _begin_torn(torn: UpperPart, table: LaidTable, pending: Pending) -> Draft | None:
    """Begin a statement whose header a page end runs through."""
    whole = complete_header(torn, table, pending)
    lines = torn.lines + torn.table.head
    titled = find_nearest_title(lines)
    if whole is None or titled is None or titled[0].form.kind in SHEET_KINDS:
        return None
    title, at = titled
    header, rows_below = whole.read(title.form)
    if not header.is_plausible:
        return None
    draft = _new_draft(title, header, whole.upper, _place_title(title, lines, at, whole.upper, ()), lines, at)
    upper, lower = whole.upper, whole.lower
    draft.parts = [
        Part(upper.matrix, upper.grid, upper.page, len(upper.matrix.rows)),
        Part(lower.matrix, lower.grid, lower.page, rows_below),
    ]
    draft.readings.append(f"page {lower.page}: header goes on from the page before, read as one")
    return draft


def _begin_headless(table: LaidTable, pending: Pending) -> Draft | None:
    """Begin a statement whose title is printed right over rows of data: its header is lost, and what it is the identities tell."""
    lines = lines_over(pending) + table.head
    titled = find_nearest_title(lines)
    if titled is None or titled[0].form.kind in SHEET_KINDS:
        return None
    body = table.body
    if count_header_rows(body) > 0 or not body.rows:
        return None
    columns = tuple(Column(index, "", "unknown") for index in range(body.width))
    title, at = titled
    return _new_draft(title, Header(columns, 0), table, _place_title(title, lines, at, table, pending), lines, at)


def _begin_unrecognised(table: LaidTable, pending: Pending) -> Draft | None:
    """Begin a statement of no known form if the table looks like one."""
    lines = (lines_below_prose(pending) + table.head) or [Line("", table.grid.box, table.grid.cells[0].locator)]
    found = find_unrecognised(table.body, lines, table.grid.has_spans)
    if found is None:
        return None
    title, at, header = found
    return _new_draft(title, header, table, _place_title(title, lines, at, table, pending), lines, at)


def _begin_same_unrecognised(current: Draft | None, table: LaidTable, pending: Pending) -> Draft | None:
    """Begin a statement of no known form under the very title of the current one."""
    if current is None or not is_unrecognised(current.form) or not current.title.key:
        return None
    again = _begin_unrecognised(table, pending)
    return again if again is not None and again.title.key == current.title.key else None


def _place_title(title: Title, lines: Sequence[Line], at: int, table: LaidTable, pending: Pending) -> Printed:
    """Where a title is printed that ends on a line: over the table or at its head, on one line or on two."""
    last = lines[at]
    page = next((number for number, line in reversed(pending) if line is last), table.page)
    wrapped = at > 0 and squeeze(title.text) == squeeze(lines[at - 1].text + last.text)
    printed = lines[at - 1 : at + 1] if wrapped else [last]
    return Printed(title.text, page, enclose(line.box for line in printed), last.locator)


def _new_draft(title: Title, header: Header, table: LaidTable, place: Printed, lines: Sequence[Line], at: int) -> Draft:
    if "决算" in title.key:
        header = as_final_accounts(header)
    part = Part(table.matrix, table.grid, table.page, table.head_rows + header.row_count)
    draft = Draft(form=title.form, title=title, header=header, parts=[part], place=place)
    if header.reading:
        draft.readings.append(header.reading)
    _take_unit_and_body(draft, lines, at)
    return draft


def _take_unit_and_body(draft: Draft, lines: Sequence[Line], at: int) -> None:
    for line in [*lines[at + 1 :], lines[at], *reversed(lines[max(0, at - 2) : at])]:
        unit = find_unit(line.text) or (find_bracketed_unit(line.text) if line is lines[at] else None)
        if unit and draft.unit is None:
            draft.unit, draft.unit_text = unit, line.text.strip()
        body = find_body(line.text)
        if body:
            draft.bodies.append(body)


def _take_unit_below(current: Draft, pending: list[tuple[int | None, Line]]) -> None:
    """Take the unit that is printed under a table which states none over it (单位印在表下); the next table does not see it then."""
    page, matrix = current.parts[-1].page, current.parts[-1].matrix
    for row in range(len(matrix.rows) - 1, max(len(matrix.rows) - LINES_BELOW, current.parts[-1].skip_rows) - 1, -1):
        stated = [cell.text for cell in matrix.texts(row) if find_unit(cell.text) or find_unit_for_all(cell.text)]
        if stated and all(parse_number(cell.text) is None for cell in matrix.texts(row)):
            current.unit, current.unit_text = find_unit(stated[0]) or find_unit_for_all(stated[0]), stated[0].strip()
            return
    for at, (line_page, line) in enumerate(pending[:LINES_BELOW]):
        if line_page != page or find_title(line.text) or looks_like_title(line.text):
            return
        if unit := find_unit(line.text) or find_unit_for_all(line.text):
            current.unit, current.unit_text = unit, line.text.strip()
            if find_unit(line.text):
                del pending[at]
            return


def _take_notes(current: Draft, pending: Pending) -> None:
    """Take the note under a statement: the first line that begins one, with its wrapped rest."""
    lines = [(page, line) for page, line in pending if not is_page_furniture(line.text)]
    for at, (page, line) in enumerate(lines[:3]):
        if not NOTE.match(squeeze(line.text)):
            continue
        note, printed = line.text.strip(), [line]
        for further_page, further_line in lines[at + 1 : at + 6]:
            further = further_line.text.strip()
            if note.endswith(("。", ".")) and not NOTE.match(squeeze(further)):
                break
            if (
                find_title(further)
                or is_table_number(further)
                or looks_like_title(further)
                or re.match(r"第.部分", further)
            ):
                break
            note += further
            if further_page == page:
                printed.append(further_line)
        current.notes.append(Printed(note, page, enclose(line.box for line in printed), line.locator))
        return


def _list_titles(found: Found, pending: Pending, draft: Draft | None) -> None:
    """Take the titles of a contents page: a stretch of text that names at least three forms (目录).

    Prose mentions a statement or two; the shortest set of forms known has eight.
    """
    titles = [
        (title, Printed(title.text, number, line.box, line.locator))
        for number, line in pending
        if (title := find_title(line.text)) is not None
    ]
    own = [at for at, (title, _) in enumerate(titles) if draft is not None and title == draft.title]
    if own:
        del titles[own[-1]]
    if len({title.form.statement_type for title, _ in titles}) >= CONTENTS_TITLES:
        found.listed.extend(titles)
