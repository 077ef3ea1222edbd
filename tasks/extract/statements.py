"""Which grids of a document make up which statement? (哪些表格是哪张预算表，跨页如何相接)

Walks the document once: a grid under a statement's title begins a statement, a grid that lines up with the one before and
follows it at once continues it, any other grid is no statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from filings.amounts import parse_number
from filings.documents import Document, Grid, Line, Page
from filings.forms import Form
from filings.text import match_key, squeeze
from filings.units import find_bracketed_unit, find_unit
from tasks.extract.columns import as_final_accounts
from tasks.extract.furniture import find_running_heads, is_page_furniture
from tasks.extract.header import Column, Header, count_header_rows, read_header
from tasks.extract.matrix import Matrix, align_columns, to_matrix
from tasks.extract.titles import Title, find_title, find_wrapped_title, is_table_number, looks_like_title
from tasks.extract.unrecognised import find_unrecognised, is_unrecognised

TITLE_REACH = 8
"""How many lines above a table its title may stand: table number, title, two lines of a wrapped title, body, unit, and a
page's header and footer were all seen between the last prose line and a table."""

CONTENTS_TITLES = 3
"""How many forms a stretch of text must name to be a contents page: prose was seen to name two, contents eight or more."""

_STATED_BODY = re.compile(
    r"^(?P<label>(?:编制|填报|预算)?(?:部门|单位))(?:名称|\(公章\)|\(盖章\))?[:](?P<body>[^:]{2,60}?)(?:(?:金额)?单位[:].*)?$"
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注)\d?[:：.、]|^[(（]?(?:本表|此表|本部门|本单位).{0,30}(?:空表|无数据|无发生额|无此项|不涉及)|^注"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One grid of a statement with the number of its leading rows that are not data."""

    matrix: Matrix
    grid: Grid
    page: int | None
    skip_rows: int


@dataclass(slots=True)
class Draft:
    """A statement being put together from its parts (一张表的各页).

    Args:
        form: Its form.
        title: As printed.
        header: Its columns.
        parts: Its grids in order, all on the columns of the first.
        unit: Unit of money stated at the table, if any.
        unit_text: The text that states it.
        bodies: Names of the body printed at the table, each with its label (编制部门).
        notes: Notes under it.
        readings: Choices made.
        corrections: What recognised numbers are read as instead, by part, grid row and grid column.
    """

    form: Form
    title: Title
    header: Header
    parts: list[Part]
    locator: str | None
    unit: str | None = None
    unit_text: str | None = None
    bodies: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    corrections: dict[tuple[int, int, int], str] = field(default_factory=dict)

    @property
    def base(self) -> Grid:
        """The first grid, whose columns all parts share."""
        return self.parts[0].grid


@dataclass(slots=True)
class Found:
    """What walking the document found.

    Args:
        drafts: Statements in order.
        listed: Titles that stand without a table, with their pages (the contents page).
        others: Grids that belong to no statement.
        headless: Statements under a title whose header is not printed, each with how many statements stand before it.
    """

    drafts: list[Draft] = field(default_factory=list)
    listed: list[tuple[Title, int | None]] = field(default_factory=list)
    others: list[tuple[Page, Grid]] = field(default_factory=list)
    headless: list[tuple[int, Draft]] = field(default_factory=list)


def find_body(text: str) -> tuple[str, str] | None:
    """Find the body named by ``编制部门：…``, ``部门名称：…`` and the like.

    Returns:
        The label (编制部门, 单位, …) and the body as printed, or None.
    """
    match = _STATED_BODY.match(match_key(text))
    if match is None or find_unit("单位:" + match["body"]):
        return None
    rest = re.split(r"[:：]", squeeze(text), maxsplit=1)[1]
    body = re.split(r"(?:金额)?单位[:：]", rest)[0]
    return (match["label"], body) if body else None


def find_statements(document: Document) -> Found:
    """Find all statements of a document with their parts, header and notes."""
    found = Found()
    pending: list[tuple[int | None, Line]] = []
    current: Draft | None = None
    heads = find_running_heads(document)
    for page, block in document.blocks():
        if isinstance(block, Line):
            if squeeze(block.text) not in heads or _says_something(block.text):
                pending.append((page.number, block))
            continue
        if block.col_count < 2 or _is_framed_text(block) or _is_contents_frame(block):
            pending.extend((page.number, line) for line in _lines_of(block))
            continue
        draft = _begin(block, page, pending)
        headless = _begin_headless(block, page, pending) if draft is None else None
        if headless is not None and not (current is not None and current.title.key == headless.title.key):
            if current is not None:
                _take_notes(current, pending)
            _list_titles(found, pending, headless)
            pending.clear()
            found.headless.append((len(found.drafts), headless))
            current = headless
            continue
        again = draft or _begin_same_unrecognised(current, block, page, pending)
        if current is not None and _continues(current, again, block, page, pending):
            pending.clear()
            continue
        if current is not None:
            _take_notes(current, pending)
        _list_titles(found, pending, draft)
        if draft is None:
            draft = _begin_unrecognised(block, page, pending)
        pending.clear()
        current = draft
        if draft is None:
            found.others.append((page, block))
        else:
            found.drafts.append(draft)
    if current is not None:
        _take_notes(current, pending)
    _list_titles(found, pending, None)
    return found


def _says_something(text: str) -> bool:
    """Whether a line belongs to the table near it, though it stands at the head or foot of many pages."""
    return _is_preamble(text) or find_title(text) is not None or _NOTE.match(squeeze(text)) is not None


def _continues(
    current: Draft, draft: Draft | None, grid: Grid, page: Page, pending: list[tuple[int | None, Line]]
) -> bool:
    """Add a grid to the current statement if it continues it (续表)."""
    if draft is None:
        return _follows(current, page, pending) and _continue(current, grid, page, 0)
    if not _is_same_again(current, draft, pending) or not _continue(current, grid, page, _preamble_rows(grid)[1]):
        return False
    place = f"page {page.number}" if page.number is not None else draft.locator
    current.readings.append(f"{place}: title repeated, read as one statement")
    return True


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
    numbers = [number for cell in grid.cells if (number := parse_number(cell.text))]
    return len(forms) >= CONTENTS_TITLES and not any(number.places for number in numbers)


def _lines_of(grid: Grid) -> list[Line]:
    return [
        Line(text, cell.box, cell.locator) for cell in grid.cells if cell.text.strip() for text in cell.text.split("\n")
    ]


def _preamble_rows(grid: Grid) -> tuple[list[Line], int]:
    """Leading rows of a grid that hold its title, number, body and unit (表名、单位印在表框之内).

    Whatever stands above a title inside the table belongs to the preamble too.
    """
    matrix = to_matrix(grid, None)
    rows = [_row_lines(matrix, row) for row in range(len(matrix.rows))]
    titled = [
        at
        for at, lines in enumerate(rows[:TITLE_REACH])
        if len(lines) <= 2 and any(find_title(line.text) for line in lines)
    ]
    end = titled[-1] + 1 if titled else 0
    while end < len(rows) and all(_is_preamble(line.text) for line in rows[end]):
        end += 1
    return [line for lines in rows[:end] for line in lines], end


def _row_lines(matrix: Matrix, row: int) -> list[Line]:
    return [
        Line(text, cell.box, cell.locator)
        for cell in matrix.texts(row)
        for text in cell.text.split("\n")
        if text.strip()
    ]


def _is_preamble(text: str) -> bool:
    return bool(
        is_table_number(text)
        or (find_title(text) and not match_key(text).startswith(("项目", "其中")))
        or (find_unit(text) and parse_number(text) is None)
        or find_body(text)
        or is_page_furniture(text)
    )


def _begin(grid: Grid, page: Page, pending: list[tuple[int | None, Line]]) -> Draft | None:
    """Begin a statement if a title stands over or inside the grid and the grid's header fits its form."""
    inside, skip = _preamble_rows(grid)
    nearby = [line for _, line in pending if not is_page_furniture(line.text)][-TITLE_REACH:]
    lines = nearby + inside
    titled = _nearest_title(lines)
    if titled is None:
        return None
    title, at = titled
    matrix = to_matrix(grid, page.number)
    header = read_header(rebased(Matrix(matrix.rows[skip:], page.number), skip), title.form, grid.has_spans)
    if title.form.kind not in {"targets", "tasks"} and not header.is_plausible:
        return None
    part = Part(matrix, grid, page.number, skip + header.row_count)
    return _new_draft(title, header, part, lines, at)


def _begin_headless(grid: Grid, page: Page, pending: list[tuple[int | None, Line]]) -> Draft | None:
    """Begin a statement whose title is printed right over rows of data: its header is lost, and what it is the identities tell."""
    inside, skip = _preamble_rows(grid)
    lines = [line for _, line in pending if not is_page_furniture(line.text)][-TITLE_REACH:] + inside
    titled = _nearest_title(lines)
    matrix = to_matrix(grid, page.number)
    body = rebased(Matrix(matrix.rows[skip:], page.number), skip)
    if titled is None or titled[0].form.kind in {"targets", "tasks"} or count_header_rows(body) > 0 or not body.rows:
        return None
    columns = tuple(Column(index, "", "unknown") for index in range(body.width))
    part = Part(matrix, grid, page.number, skip)
    return _new_draft(titled[0], Header(columns, 0), part, lines, titled[1])


def _begin_unrecognised(grid: Grid, page: Page, pending: list[tuple[int | None, Line]]) -> Draft | None:
    """Begin a statement of no known form if the grid looks like one."""
    inside, skip = _preamble_rows(grid)
    lines = _lines_over(pending) + inside
    matrix = to_matrix(grid, page.number)
    if not (found := find_unrecognised(rebased(Matrix(matrix.rows[skip:], page.number), skip), lines, grid.has_spans)):
        return None
    title, at, header = found
    return _new_draft(title, header, Part(matrix, grid, page.number, skip + header.row_count), lines, at)


def _begin_same_unrecognised(
    current: Draft | None, grid: Grid, page: Page, pending: list[tuple[int | None, Line]]
) -> Draft | None:
    """Begin a statement of no known form under the very title of the current one."""
    if current is None or not is_unrecognised(current.form) or not current.title.key:
        return None
    again = _begin_unrecognised(grid, page, pending)
    return again if again is not None and again.title.key == current.title.key else None


def _lines_over(pending: list[tuple[int | None, Line]]) -> list[Line]:
    """The lines between a table and the running text above it."""
    lines: list[Line] = []
    for _, line in reversed(pending):
        if is_page_furniture(line.text):
            continue
        if len(lines) >= TITLE_REACH or not (_is_preamble(line.text) or looks_like_title(line.text)):
            break
        lines.insert(0, line)
    return lines


def _new_draft(title: Title, header: Header, part: Part, lines: list[Line], at: int) -> Draft:
    if "决算" in title.key:
        header = as_final_accounts(header)
    draft = Draft(form=title.form, title=title, header=header, parts=[part], locator=lines[at].locator)
    if header.reading:
        draft.readings.append(header.reading)
    _take_unit_and_body(draft, lines, at)
    return draft


def rebased(matrix: Matrix, skipped: int) -> Matrix:
    """Shift cells up so that a matrix without its preamble begins at row 0."""
    if skipped == 0:
        return matrix
    moved = {
        id(cell): replace(cell, row=cell.row - skipped)
        for row in matrix.rows
        for cell in row
        if cell is not None and cell.row >= skipped
    }
    return Matrix(
        tuple(tuple(moved.get(id(cell)) if cell is not None else None for cell in row) for row in matrix.rows),
        matrix.page,
    )


def _nearest_title(lines: list[Line]) -> tuple[Title, int] | None:
    for at in range(len(lines) - 1, -1, -1):
        title = find_title(lines[at].text)
        if at > 0:
            above = lines[at - 1].text
            title = find_wrapped_title(above, lines[at].text) or title
            if title is None and not find_title(above):
                title = find_title(above.strip() + lines[at].text.strip())
        if title is not None:
            return title, at
    return None


def _take_unit_and_body(draft: Draft, lines: list[Line], at: int) -> None:
    for line in [*lines[at + 1 :], lines[at], *reversed(lines[max(0, at - 2) : at])]:
        unit = find_unit(line.text) or (find_bracketed_unit(line.text) if line is lines[at] else None)
        if unit and draft.unit is None:
            draft.unit, draft.unit_text = unit, line.text.strip()
        body = find_body(line.text)
        if body:
            draft.bodies.append(body)


def _is_same_again(current: Draft, draft: Draft, pending: list[tuple[int | None, Line]]) -> bool:
    """Whether a new table only repeats title and header of the current one on a further page (每页重复表头)."""
    if current.title.key != draft.title.key or current.form.kind in {"targets", "tasks"}:
        return False
    if [c.label for c in current.header.columns] != [c.label for c in draft.header.columns]:
        return False
    return not any(_NOTE.match(squeeze(line.text)) for _, line in pending) and not _prose(pending, draft)


def _prose(pending: list[tuple[int | None, Line]], draft: Draft) -> bool:
    return any(
        not _is_preamble(line.text) and find_title(line.text) is None and len(squeeze(line.text)) > 30
        for _, line in pending
    )


def _follows(current: Draft, page: Page, pending: list[tuple[int | None, Line]]) -> bool:
    """Whether a grid may continue the current statement: at once, on the same or the next page, without text between."""
    last = current.parts[-1].page
    if page.number is not None and last is not None and page.number - last > 1:
        return False
    return all(_is_preamble(line.text) for _, line in pending)


def _continue(current: Draft, grid: Grid, page: Page, skip: int) -> bool:
    """Add a grid as a further part if its columns line up; rows that repeat the header are skipped."""
    aligned = align_columns(grid, current.base.col_edges_points, current.base.col_count)
    if aligned is None and current.form.kind in {"targets", "tasks"} and _heads_indicators(grid):
        aligned = grid
    if aligned is None:
        return False
    matrix = to_matrix(aligned, page.number)
    body = rebased(Matrix(matrix.rows[skip:], page.number), skip)
    repeated = repeated_header_rows(current, body)
    if repeated is None:
        return False
    current.parts.append(Part(matrix, aligned, page.number, skip + repeated))
    return True


def _heads_indicators(grid: Grid) -> bool:
    """Whether a part of a performance sheet brings its own header of indicators, so that its columns may be other ones."""
    return any(match_key(cell.text) == "一级指标" for cell in grid.cells)


def repeated_header_rows(current: Draft, body: Matrix) -> int | None:
    """Rows of a further part that repeat the header, or None if they are the header of another table."""
    if current.form.kind in {"targets", "tasks"}:
        return 0
    first = current.parts[0]
    known = {squeeze(cell.text) for row in range(first.skip_rows) for cell in first.matrix.texts(row)}
    rows = count_header_rows(body)
    value_columns = {c.index for c in current.header.columns if c.role in {"value", "unknown"}}
    if rows == len(body.rows) or rows == 0:
        return 0
    texts = [squeeze(cell.text) for row in range(rows) for cell in body.texts(row)]
    repeated = sum(text in known for text in texts)
    if texts and repeated * 2 > len(texts):
        return rows
    labelled = all(cell.col not in value_columns for row in range(rows) for cell in body.texts(row))
    return 0 if labelled else None


def preamble_rows(grid: Grid) -> int:
    """How many leading rows of a grid hold no table but its title, number, body and unit."""
    return _preamble_rows(grid)[1]


def _take_notes(current: Draft, pending: list[tuple[int | None, Line]]) -> None:
    """Take the note under a statement: the first line that begins one, with its wrapped rest."""
    lines = [line.text.strip() for _, line in pending if not is_page_furniture(line.text)]
    for at, text in enumerate(lines[:3]):
        if not _NOTE.match(squeeze(text)):
            continue
        note = text
        for further in lines[at + 1 : at + 6]:
            if note.endswith(("。", ".")) and not _NOTE.match(squeeze(further)):
                break
            if (
                find_title(further)
                or is_table_number(further)
                or looks_like_title(further)
                or re.match(r"第.部分", further)
            ):
                break
            note += further
        current.notes.append(note)
        return


def _list_titles(found: Found, pending: list[tuple[int | None, Line]], draft: Draft | None) -> None:
    """Take the titles of a contents page: a stretch of text that names at least three forms (目录).

    Prose mentions a statement or two; the shortest set of forms known has eight.
    """
    titles = [(title, number) for number, line in pending if (title := find_title(line.text)) is not None]
    own = [at for at, (title, _) in enumerate(titles) if draft is not None and title == draft.title]
    if own:
        del titles[own[-1]]
    if len({title.form.statement_type for title, _ in titles}) >= CONTENTS_TITLES:
        found.listed.extend(titles)
