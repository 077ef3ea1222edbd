"""A claim while its sentence is being read, and the record it becomes (未定稿的一条)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from filings.amounts import half_place
from filings.narrative import Target
from filings.records import Claim, LineItem
from filings.units import YUAN_PER_UNIT, yuan_of
from tasks.extract.narrative.links import CellKey, Tables
from tasks.extract.narrative.numbers import Mention
from tasks.extract.narrative.paragraphs import Paragraph

AMOUNT_LIMIT = Decimal(10) ** 18
"""Amounts in yuan from here on do not fit column ``amount_yuan``; the gross domestic product is a ten-thousandth of it."""


@dataclass(slots=True)
class DraftClaim:
    """One number of the narrative with what has been told of it so far; fields as in table ``claims``."""

    claim_no: int
    paragraph: Paragraph
    mention: Mention
    quote: str
    sentence_no: int
    number_no: int
    role: str = "level"
    subject_key: str | None = None
    subject: str | None = None
    code: str | None = None
    statement_type: str | None = None
    measure: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None
    direction: str | None = None
    base_year: int | None = None
    base_stage: str | None = None
    percent_of: str | None = None
    ordinal: str | None = None
    reason: str | None = None
    listed: str | None = None
    excludes_capital: bool = False
    targets: tuple[Target, ...] = ()
    row_name: str | None = None
    of_claim: DraftClaim | None = None
    whole_claim: DraftClaim | None = None
    base_claim: DraftClaim | None = None
    item: LineItem | None = None
    sought: tuple[CellKey, ...] = ()

    def link(self, tables: Tables, keys: tuple[CellKey, ...], name: str | None = None) -> None:
        """Link the number to the cell that it restates, unless it is linked; remember where it was looked for.

        Args:
            tables: The filing's cells.
            keys: Where to look, in order of preference.
            name: Name of the row's subject, by which a row is found whose code is misprinted.
        """
        if self.item is None:
            self.sought += keys
            self.item = tables.find(keys, name)

    @property
    def is_level(self) -> bool:
        """Whether it states an amount or count itself, not a change or a share of one."""
        return self.role == "level"

    def same_subject(self, other: DraftClaim) -> bool:
        """Whether another claim is about the same thing."""
        if self.code or other.code:
            return self.code == other.code and self.subject_key == other.subject_key
        if self.subject_key or other.subject_key:
            return self.subject_key == other.subject_key
        return self.subject is not None and self.subject == other.subject

    def finish(self) -> Claim:
        """The record."""
        mention = self.mention
        scale = YUAN_PER_UNIT.get(mention.unit or "")
        amount = yuan_of(mention.value, mention.unit) if mention.unit and scale else None
        if amount is not None and (amount != amount.quantize(Decimal("0.01")) or abs(amount) >= AMOUNT_LIMIT):
            amount = None
        half = half_place(mention.places)
        row = self.paragraph.row_at(mention.start)
        return Claim(
            claim_no=self.claim_no,
            section="/".join(self.paragraph.section) or None,
            subject=self.subject,
            code=self.code,
            statement_type=self.item.statement_type if self.item else self.statement_type,
            measure=self.item.measure if self.item else self.measure,
            fiscal_year=self.fiscal_year,
            value=mention.value,
            value_unit=mention.unit,
            amount_yuan=amount.quantize(Decimal("0.01")) if amount is not None else None,
            half_place=half,
            half_place_yuan=half * scale if scale and amount is not None else None,
            direction=self.direction,
            base_year=self.base_year,
            quote=self.quote,
            page=row.page,
            box=row.box,
            locator=row.locator,
            statement_no=self.item.statement_no if self.item else None,
            item_no=self.item.item_no if self.item else None,
            sentence_no=self.sentence_no,
            number_no=self.number_no,
            line_no=row.line_no,
            value_text=mention.text,
            role=self.role,
            subject_key=self.subject_key,
            stage=self.stage,
            base_stage=self.base_stage,
            percent_of=self.percent_of,
            ordinal=self.ordinal,
            of_claim_no=self.of_claim.claim_no if self.of_claim else None,
            whole_claim_no=self.whole_claim.claim_no if self.whole_claim else None,
            base_claim_no=self.base_claim.claim_no if self.base_claim else None,
            reason=self.reason,
            listed=self.listed,
            sought=";".join(map(str, self.sought)) or None if self.item is None else None,
        )
