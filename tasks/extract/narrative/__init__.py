"""What does the running text state about the filing's money, and which cells of its tables does that restate (文字说明)?"""

from __future__ import annotations

from collections.abc import Sequence

from filings.documents import Document
from filings.records import Claim, Identity, LineItem, TextLine
from tasks.extract.narrative.codes import FilingCodes
from tasks.extract.narrative.lines import read_lines
from tasks.extract.narrative.links import Tables
from tasks.extract.narrative.memory import Memory
from tasks.extract.narrative.paragraphs import read_paragraphs
from tasks.extract.narrative.reading import NarrativeReader


def read_claims(
    document: Document, identity: Identity, line_items: Sequence[LineItem]
) -> tuple[tuple[Claim, ...], tuple[TextLine, ...]]:
    """Read every number that the narrative states (文字说明中的数字), and the text lines with their sections.

    Args:
        document: The document.
        identity: Its identity: the fiscal year decides what 上年 means.
        line_items: The numbers of its tables, to which claims are linked.
    """
    rows = read_lines(document)
    paragraphs = read_paragraphs(rows)
    tables = Tables(line_items, identity.fiscal_year, identity.report_type)
    memory = Memory(tables, FilingCodes(line_items), identity.fiscal_year)
    reader = NarrativeReader(memory)
    places: dict[int, tuple[str | None, int]] = {}
    for paragraph_no, paragraph in enumerate(paragraphs, start=1):
        reader.read(paragraph)
        for row in paragraph.rows:
            places[row.line_no] = "/".join(paragraph.section) or None, paragraph_no
    lines = tuple(
        TextLine(row.line_no, section, row.raw, row.page, row.box, row.locator, paragraph_no)
        for row in rows
        for section, paragraph_no in (places.get(row.line_no, (None, None)),)
    )
    return tuple(claim.finish() for claim in memory.claims), lines
