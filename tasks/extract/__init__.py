"""From a document to the records of its filing (抽取): statements, line items, targets, identity.

`extract_document` is pure; the task that reads bytes and writes Parquet is in `flows` and `tasks.parquet`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from filings.documents import Document, enclose
from filings.errors import UnusableInput
from filings.records import (
    FilingRecords,
    LineItem,
    PerformanceTarget,
    Statement,
    StatementColumn,
    TextLine,
    UnreadCell,
)
from filings.text import squeeze
from tasks.extract.drafts import Draft, Found
from tasks.extract.identity import read_identity
from tasks.extract.judge.items import FilingFacts
from tasks.extract.judge.repair import judge_readings
from tasks.extract.judge.tables import judge_tables
from tasks.extract.narrative import read_claims
from tasks.extract.reading import Circumstances, Reading, read_statement
from tasks.extract.records import find_family, finish_statement
from tasks.extract.statements import find_statements
from tasks.extract.targets import Sheet, parse_target
from tasks.extract.unrecognised import is_unrecognised
from tasks.extract.version import extractor_version

EXTRACTOR_VERSION = extractor_version()
"""Version of the code and of the form data that read a document: a change reads every document anew."""


def extract_document(document: Document, file_name: str) -> FilingRecords:
    """Read everything that a document says about its budget (抽取一份文件).

    Args:
        document: As a reader yields it.
        file_name: Its name, looked at last and only for the year.

    Raises:
        UnusableInput: ``no_statement`` if it has neither a statement nor a contents page that lists statements.
    """
    found = find_statements(document)
    if all(is_unrecognised(draft.form) for draft in found.drafts) and not found.listed:
        raise UnusableInput(
            "no_statement",
            "The document was read, but no budget or final-account statement was found in it. Check that it is the filing "
            "itself (部门预算公开), not its cover letter; if it is one, its form may be new: see the forms in filings/forms.",
        )
    identity = replace(read_identity(document, found, file_name), form_family=find_family(found.drafts))
    around = Circumstances.of(identity.fiscal_year, found.drafts, document)
    facts = FilingFacts.of(identity)
    readings = judge_tables(document, found, facts, lambda drafts: _read_all(drafts, around))
    found = replace(found, drafts=[reading.draft for reading in readings])
    readings = judge_readings(facts, readings, lambda draft, number: read_statement(draft, number, around))
    statements: list[Statement] = []
    columns: list[StatementColumn] = []
    line_items: list[LineItem] = []
    unread: list[UnreadCell] = []
    targets: list[PerformanceTarget] = []
    for number, reading in enumerate(readings, start=1):
        if reading.sheet is not None:
            targets.extend(_targets(reading.sheet, number, len(targets)))
        statements.append(finish_statement(_statement(reading, number), reading.items))
        columns.extend(reading.column_records(number, identity.fiscal_year))
        line_items.extend(reading.items)
        unread.extend(reading.unread)
    statements.extend(_missing(found, len(statements)))
    claims, text_lines = read_claims(document, identity, line_items)
    text_lines += _goals(readings, text_lines)
    page_numbers = [page.number for page in document.pages if page.number is not None]
    return FilingRecords(
        identity=identity,
        media_type=document.media_type,
        pages=len(document.pages) if page_numbers else None,
        unread_pictures=document.unread_pictures,
        statements=tuple(statements),
        columns=tuple(columns),
        line_items=tuple(line_items),
        unread_cells=tuple(unread),
        performance_targets=tuple(targets),
        claims=claims,
        text_lines=text_lines,
    )


def _read_all(drafts: Sequence[Draft], around: Circumstances) -> list[Reading]:
    """All statements as they stand, the sheets of goals numbered among themselves."""
    readings: list[Reading] = []
    sheets = 0
    for number, draft in enumerate(drafts, start=1):
        readings.append(read_statement(draft, number, around, sheets))
        sheets += readings[-1].sheet is not None
    return readings


def _statement(reading: Reading, number: int) -> Statement:
    draft, table, (unit, told_by) = reading.draft, reading.table, reading.unit
    pages = [part.page for part in draft.parts if part.page is not None]
    pages += [cell.page for part in draft.parts for cell in part.grid.cells if cell.page is not None]
    notes = [*table.notes, *draft.notes]
    return Statement(
        statement_no=number,
        statement_type=draft.form.statement_type,
        title=draft.title.text or None,
        unit=unit,
        unit_told_by=told_by,
        page_first=min(pages, default=None),
        page_last=max(pages, default=None),
        locator=draft.place.locator,
        row_count=table.row_count,
        column_count=sum(1 for column in draft.header.columns if column.label or column.role != "unknown"),
        state="filled",
        note=" ".join(note.text for note in notes) or None,
        reading="; ".join(draft.readings) or None,
        doubt=reading.doubt,
        title_page=draft.place.page,
        title_box=draft.place.box,
        note_page=notes[0].page if notes else None,
        note_box=enclose(note.box for note in notes if note.page == notes[0].page),
        note_locator=notes[0].locator if notes else None,
    )


def _missing(found: Found, count: int) -> list[Statement]:
    """Statements that the contents page lists and the document lacks (目录有而正文无)."""
    present = {draft.form.statement_type for draft in found.drafts}
    missing: list[Statement] = []
    for title, place in found.listed:
        if title.form.statement_type in present:
            continue
        present.add(title.form.statement_type)
        missing.append(
            Statement(
                statement_no=count + len(missing) + 1,
                statement_type=title.form.statement_type,
                title=title.text,
                unit=None,
                unit_told_by=None,
                page_first=place.page,
                page_last=place.page,
                locator=place.locator,
                row_count=0,
                column_count=0,
                state="missing",
                note=None,
                reading="listed in the contents, no table found",
                title_page=place.page,
                title_box=place.box,
            )
        )
    return missing


def _goals(readings: Sequence[Reading], before: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """What the sheets of goals say in sentences, as lines after those of the running text, each a paragraph of its own.

    They stand under the sheet's title, and under its project where the title does not name it.
    """
    line_no = max((line.line_no for line in before), default=0)
    paragraph_no = max((line.paragraph_no or 0 for line in before), default=0)
    stated = [
        (_head_sheet(reading.draft.title.text, reading.sheet.project), goal)
        for reading in readings
        if reading.sheet is not None
        for goal in reading.sheet.goals
    ]
    return tuple(
        TextLine(
            line_no + ordinal,
            head,
            goal.text.replace("\n", ""),
            goal.page,
            goal.cell.box,
            goal.cell.locator,
            paragraph_no + ordinal,
        )
        for ordinal, (head, goal) in enumerate(stated, start=1)
    )


def _head_sheet(title: str, project: str | None) -> str | None:
    named = squeeze(project or "").replace("/", "／")
    return "/".join(filter(None, (squeeze(title), "" if named in squeeze(title) else named))) or None


def _targets(sheet: Sheet, statement_no: int, before: int) -> list[PerformanceTarget]:
    records: list[PerformanceTarget] = []
    for indicator in sheet.indicators:
        operator, value, unit = parse_target(indicator.target_text) if indicator.target_text else (None, None, None)
        records.append(
            PerformanceTarget(
                target_no=before + len(records) + 1,
                statement_no=statement_no,
                project=sheet.project,
                level1=indicator.level1,
                level2=indicator.level2,
                level3=indicator.level3,
                operator=operator,
                target_value=value,
                target_unit=unit,
                target_text=indicator.target_text,
                score=indicator.score,
                page=indicator.page,
                box=indicator.cell.box,
                locator=indicator.cell.locator,
            )
        )
    return records
