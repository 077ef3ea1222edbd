"""What extraction yields and every later step exchanges: one dataclass per extraction table of `tables.toml`.

The field names and their order are those of `tables.toml`, held together by a test. Amounts are `Decimal`; a box is
four floats of geometry, never money.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NewType

from filings.documents import Box

FilingId = NewType("FilingId", str)
Sha256 = NewType("Sha256", str)


@dataclass(frozen=True, slots=True)
class RawFile:
    """An original in the content-addressed store.

    Args:
        sha256: Of the bytes.
        path: Where the bytes lie, relative to the data folder (``raw/ab/abcd….pdf``).
        source_uri: The first place it was fetched from.
        file_name: Its name there.
        fetched_at: When it was first fetched (UTC).
    """

    sha256: Sha256
    path: str
    source_uri: str
    file_name: str
    fetched_at: datetime

    @property
    def filing_id(self) -> FilingId:
        """The stable id of the filing that these bytes are: the first 16 hex digits of their SHA-256."""
        return FilingId(self.sha256[:16])


@dataclass(frozen=True, slots=True)
class Identity:
    """Who published what for which year, each with how it was told (发布单位、年度、预算/决算、部门/单位)."""

    title: str | None = None
    issuer: str | None = None
    issuer_told_by: str | None = None
    issuer_code: str | None = None
    region: str | None = None
    region_name: str | None = None
    region_told_by: str | None = None
    administrative_level: str | None = None
    fiscal_year: int | None = None
    fiscal_year_told_by: str | None = None
    report_type: str | None = None
    report_type_told_by: str | None = None
    scope: str | None = None
    scope_told_by: str | None = None
    form_family: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a filing (一张预算表或决算表); columns as in table ``statements``, without filing_id."""

    statement_no: int
    statement_type: str
    title: str | None
    unit: str | None
    unit_told_by: str | None
    page_first: int | None
    page_last: int | None
    locator: str | None
    row_count: int
    column_count: int
    state: str
    note: str | None
    reading: str | None
    doubt: str | None = None
    title_page: int | None = None
    title_box: Box | None = None
    note_page: int | None = None
    note_box: Box | None = None
    note_locator: str | None = None


@dataclass(frozen=True, slots=True)
class StatementColumn:
    """One column of a statement as printed, with what it was read as; table ``statement_columns``."""

    statement_no: int
    column_no: int
    statement_type: str
    side: str | None
    role: str
    measure: str | None
    fiscal_year: int | None
    column_label: str
    page: int | None
    box: Box | None
    locator: str | None
    header_box: Box | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One printed amount or percentage; table ``line_items``."""

    statement_no: int
    item_no: int
    statement_type: str
    row_no: int
    column_no: int
    side: str | None
    code: str | None
    code_inferred: str | None
    name: str | None
    row_level: int | None
    item: str | None
    unit_code: str | None
    unit_name: str | None
    measure: str | None
    column_label: str
    fiscal_year: int | None
    value: Decimal
    value_unit: str | None
    amount_yuan: Decimal | None
    half_place: Decimal
    half_place_yuan: Decimal | None
    value_text: str
    page: int | None
    box: Box | None
    locator: str | None
    confidence: Decimal | None = None
    doubt: str | None = None
    label_box: Box | None = None
    label_locator: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A printed cell that stands where a number belongs and is none; table ``unread_cells``."""

    statement_no: int
    row_no: int
    column_no: int
    statement_type: str
    name: str | None
    column_label: str
    text: str
    page: int | None
    box: Box | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class PerformanceTarget:
    """One indicator of a performance target table (绩效目标表); table ``performance_targets``."""

    target_no: int
    statement_no: int
    project: str | None
    level1: str | None
    level2: str | None
    level3: str | None
    operator: str | None
    target_value: Decimal | None
    target_unit: str | None
    target_text: str | None
    score: Decimal | None
    page: int | None
    box: Box | None
    locator: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that the narrative states; table ``claims``. ``item_no`` and ``statement_no`` name the line item."""

    claim_no: int
    section: str | None
    subject: str | None
    code: str | None
    statement_type: str | None
    measure: str | None
    fiscal_year: int | None
    value: Decimal
    value_unit: str | None
    amount_yuan: Decimal | None
    half_place: Decimal
    half_place_yuan: Decimal | None
    direction: str | None
    base_year: int | None
    quote: str
    page: int | None
    box: Box | None
    locator: str | None
    statement_no: int | None
    item_no: int | None
    sentence_no: int
    number_no: int
    line_no: int
    value_text: str
    role: str
    subject_key: str | None = None
    stage: str | None = None
    base_stage: str | None = None
    percent_of: str | None = None
    ordinal: str | None = None
    of_claim_no: int | None = None
    whole_claim_no: int | None = None
    base_claim_no: int | None = None
    reason: str | None = None
    listed: str | None = None
    sought: str | None = None


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of running text with its place; table ``text_lines``."""

    line_no: int
    section: str | None
    text: str
    page: int | None
    box: Box | None
    locator: str | None
    paragraph_no: int | None = None
    """Ordinal of the paragraph that the line is a part of; None for page furniture (页眉、页脚、页码)."""


@dataclass(frozen=True, slots=True)
class FilingRecords:
    """Everything extraction reads in one document (一份文件抽取的全部结果)."""

    identity: Identity
    media_type: str
    pages: int | None
    statements: tuple[Statement, ...]
    columns: tuple[StatementColumn, ...]
    line_items: tuple[LineItem, ...]
    unread_cells: tuple[UnreadCell, ...] = field(default=())
    performance_targets: tuple[PerformanceTarget, ...] = field(default=())
    claims: tuple[Claim, ...] = field(default=())
    text_lines: tuple[TextLine, ...] = field(default=())
    unread_pictures: int = 0
