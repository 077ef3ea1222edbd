"""Small documents and tables of our own making, to read claims from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from filings.amounts import half_place
from filings.documents import Block, Box, Document, Line, Page
from filings.records import Claim, Identity, LineItem
from filings.units import yuan_of
from tasks.extract.narrative import read_claims

YEAR = 2031
"""The year of every text here."""


def make_item(
    statement: str,
    value: str,
    measure: str,
    *,
    item: str | None = None,
    code: str | None = None,
    name: str | None = None,
    side: str | None = None,
    year: int = YEAR,
    item_no: int = 1,
    unit_name: str | None = None,
) -> LineItem:
    """A cell of a table in 万元, or a percentage."""
    percent = value.endswith("%")
    number = Decimal(value.rstrip("%").replace(",", ""))
    places = len(value.rstrip("%").partition(".")[2])
    return LineItem(
        statement_no=1,
        item_no=item_no,
        statement_type=statement,
        row_no=1,
        column_no=1,
        side=side,
        code=code,
        code_inferred=None,
        name=name,
        row_level=None,
        item=item,
        unit_code=None,
        unit_name=unit_name,
        measure=measure,
        column_label=measure,
        fiscal_year=year,
        value=number,
        value_unit="percent" if percent else "wan_yuan",
        amount_yuan=None if percent else yuan_of(number, "wan_yuan"),
        half_place=half_place(places),
        half_place_yuan=None if percent else yuan_of(half_place(places), "wan_yuan"),
        value_text=value,
        page=1,
        box=None,
        locator=None,
    )


def number_items(items: Sequence[LineItem]) -> list[LineItem]:
    """The cells with ordinals of their own."""
    return [replace(item, item_no=number) for number, item in enumerate(items, start=1)]


def make_text(lines: Sequence[str]) -> Document:
    """A transcription: a paragraph per line."""
    blocks: list[Block] = [Line(line, locator=f"line {number}") for number, line in enumerate(lines, start=1)]
    return Document("text/plain", (Page(None, tuple(blocks)),), "text_rows")


def wrap_pages(paragraphs: Sequence[str], columns: int, rows: int, size: float = 12.0) -> Document:
    """Pages as a word processor sets them: first lines indented by two characters, a page number at the foot of each.

    Args:
        paragraphs: One text each.
        columns: Characters in a line.
        rows: Lines on a page.
        size: Font size in points.
    """
    lines: list[tuple[str, int]] = []
    for paragraph in paragraphs:
        first, rest = paragraph[: columns - 2], paragraph[columns - 2 :]
        lines.append((first, 2))
        lines.extend((rest[at : at + columns], 0) for at in range(0, len(rest), columns))
    pages: list[Page] = []
    for at in range(0, len(lines), rows):
        blocks: list[Block] = []
        for row, (text, indent) in enumerate(lines[at : at + rows]):
            left, top = 60 + indent * size, 60 + row * size * 1.5
            blocks.append(Line(text, Box(left, top, left + len(text) * size, top + size), height_points=size))
        number = len(pages) + 1
        blocks.append(Line(f"- {number} -", Box(280, 780, 310, 792), height_points=9.0))
        pages.append(Page(number, tuple(blocks), 600, 842))
    return Document("application/pdf", tuple(pages), "pdf")


def read_text(lines: Sequence[str], items: Sequence[LineItem] = ()) -> tuple[Claim, ...]:
    """The claims of a transcription."""
    return read_claims(make_text(lines), Identity(fiscal_year=YEAR), number_items(items))[0]
