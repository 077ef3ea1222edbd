"""A scan of a sample, read by character recognition, gives the line items of its PDF."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samples.build import build_filing
from samples.layout import Cover, PageBreak, Table
from samples.pdf import draw_pdf
from tasks.extract.readers.scan_pages import is_recogniser_installed
from tests.samples.test_formats import facts, read

TABLES = ("收支预算总表", "“三公”经费、会议费、培训费支出预算表")
"""Tables that are scanned: recognition takes seconds a page, and the others are of the same making."""


@pytest.mark.timeout(900)
@pytest.mark.skipif(not is_recogniser_installed(), reason="recognition is an extra: ocr")
def test_that_a_scan_gives_the_line_items_of_the_pdf() -> None:
    from samples.scan import WORN_QUALITY, draw_scan, wear_page  # needs what the extra installs

    filing = build_filing("jiangsu_2019")
    kept = tuple(
        block
        for block in filing.blocks
        if isinstance(block, Cover | PageBreak) or (isinstance(block, Table) and block.title in TABLES)
    )
    part = replace(filing, blocks=kept)
    drawn = read(draw_pdf(part).content, "jiangsu_2019.pdf")
    scanned = read(draw_scan(draw_pdf(part).content, wear_page, WORN_QUALITY), "jiangsu_2019.pdf")
    assert len({item.statement_no for item in drawn.line_items}) == len(TABLES)
    assert facts(scanned.line_items) == facts(drawn.line_items)


@pytest.mark.skipif(not is_recogniser_installed(), reason="recognition is an extra: ocr")
def test_that_pages_wear_alike_each_time_and_each_by_itself() -> None:
    from PIL import Image

    from samples.scan import WEARS

    page = Image.new("RGB", (400, 500), "white")
    for wear in WEARS.values():
        worn = wear(page, 3)
        assert worn.size == page.size
        assert worn.tobytes() == wear(page, 3).tobytes()
        assert worn.tobytes() != wear(page, 4).tobytes()
