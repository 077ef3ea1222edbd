"""Filings made by hand for the tests of storing, loading and publishing: facts in, records out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from filings.documents import Box
from filings.records import FilingRecords, Identity, LineItem, RawFile, Sha256, Statement, StatementColumn
from tasks.data_dir import DataDir
from tasks.parquet import write_filing

EXTRACTOR = "0.0-test"
FETCHED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOADED = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
YEAR = 2026

IDENTITY = Identity(
    title="某市某局2026年部门预算",
    issuer="某市某局",
    issuer_told_by="title",
    fiscal_year=YEAR,
    report_type="budget",
    scope="department",
    form_family="central",
)


@dataclass(frozen=True)
class Cell:
    """One amount of a made statement, in 万元 unless ``unit`` says otherwise."""

    measure: str
    value: str
    side: str | None = None
    code: str | None = None
    item: str | None = None
    level: int | None = None
    name: str | None = None
    year: int = YEAR
    unit: str | None = None
    label: str | None = None
    column: int | None = None


def statement(number: int, statement_type: str, *, state: str = "filled", rows: int = 0) -> Statement:
    """A statement of a made filing."""
    return Statement(
        statement_no=number,
        statement_type=statement_type,
        title=statement_type,
        unit="wan_yuan",
        unit_told_by="printed",
        page_first=number,
        page_last=number,
        locator=None,
        row_count=rows,
        column_count=4,
        state=state,
        note=None,
        reading=None,
    )


def line_items(number: int, statement_type: str, cells: Sequence[Cell]) -> tuple[LineItem, ...]:
    """The cells of one statement as line items, one row each."""
    return tuple(
        LineItem(
            statement_no=number,
            item_no=position,
            statement_type=statement_type,
            row_no=position,
            column_no=cell.column or 3,
            side=cell.side,
            code=cell.code,
            code_inferred=None,
            name=cell.name,
            row_level=cell.level,
            item=cell.item,
            unit_code=None,
            unit_name=cell.unit,
            measure=cell.measure,
            column_label=cell.label or cell.measure,
            fiscal_year=cell.year,
            value=Decimal(cell.value),
            value_unit="wan_yuan",
            amount_yuan=Decimal(cell.value) * 10_000,
            half_place=Decimal("0.005"),
            half_place_yuan=Decimal(50),
            value_text=cell.value,
            page=number,
            box=Box(10.5, 20.25, 30.0, 40.125),
            locator=None,
        )
        for position, cell in enumerate(cells, start=1)
    )


def columns(number: int, statement_type: str, measures: Sequence[str]) -> tuple[StatementColumn, ...]:
    """Value columns of a statement."""
    return tuple(
        StatementColumn(number, position, statement_type, None, "value", measure, YEAR, measure, number, None, None)
        for position, measure in enumerate(measures, start=1)
    )


def records(
    statements: Sequence[tuple[str, Sequence[Cell]]], identity: Identity = IDENTITY, **changes: object
) -> FilingRecords:
    """A filing of filled statements."""
    numbered = [(number, kind, cells) for number, (kind, cells) in enumerate(statements, start=1)]
    made = FilingRecords(
        identity=identity,
        media_type="application/pdf",
        pages=9,
        statements=tuple(statement(number, kind, rows=len(cells)) for number, kind, cells in numbered),
        columns=tuple(
            column
            for number, kind, cells in numbered
            for column in columns(number, kind, list(dict.fromkeys(cell.measure for cell in cells)))
        ),
        line_items=tuple(item for number, kind, cells in numbered for item in line_items(number, kind, cells)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def raw_file(content: str, fetched_at: datetime = FETCHED) -> RawFile:
    """The original of a made filing; other content is another version."""
    sha256 = Sha256(hashlib.sha256(content.encode()).hexdigest())
    return RawFile(
        sha256, f"raw/{sha256[:2]}/{sha256}.pdf", f"file:///made/{content}.pdf", f"{content}.pdf", fetched_at
    )


def store(content: str, made: FilingRecords, data: DataDir, fetched_at: datetime = FETCHED) -> RawFile:
    """Write a made filing to Parquet."""
    raw = raw_file(content, fetched_at)
    write_filing(made, raw, EXTRACTOR, LOADED, data)
    return raw


SMALL = (
    (
        "expenditure",
        (
            Cell("total", "12.34", code="201", level=1, name="一般公共服务支出"),
            Cell("total", "12.34", level=0, item="total", name="合计"),
        ),
    ),
)
"""A statement of two amounts."""
