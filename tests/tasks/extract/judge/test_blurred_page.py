"""One page of a filing printed small, out of focus and scanned: what the recogniser misread, the identities tell."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pypdfium2 as pdfium2
from PIL import Image, ImageFilter

from filings.records import FilingRecords
from samples.scan import draw_scan
from tasks.extract.readers import read_document
from tests.tasks.extract.judge.damage import SAMPLES, read, sample

NAME, PAGE = "shanghai_unit_2024.pdf", 9
SMALLER, OUT_OF_FOCUS, QUALITY = 0.45, 0.8, 40
"""At this wear commas are taken for points; the lines of the table are still seen."""


def blur(image: Image.Image, _: int) -> Image.Image:
    width, height = image.size
    small = image.resize((int(width * SMALLER), int(height * SMALLER)), Image.Resampling.BILINEAR)
    return small.filter(ImageFilter.GaussianBlur(OUT_OF_FOCUS)).resize((width, height), Image.Resampling.BICUBIC)


def one_page() -> bytes:
    source, target = pdfium2.PdfDocument(SAMPLES[0].parent / NAME), pdfium2.PdfDocument.new()
    target.import_pages(source, [PAGE - 1])
    stream = io.BytesIO()
    target.save(stream)
    return stream.getvalue()


def numbers(records: FilingRecords) -> Counter[tuple[object, ...]]:
    return Counter((i.statement_type, i.row_no, i.column_no, i.code, i.value) for i in records.line_items)


def test_what_a_blurred_page_shows_is_read_right_or_in_doubt() -> None:
    document = sample(NAME)
    (scanned,) = read_document(draw_scan(one_page(), blur, quality=QUALITY), "page.pdf").pages
    pages = (replace(scanned, number=PAGE) if page.number == PAGE else page for page in document.pages)
    records = read(replace(document, pages=tuple(pages)))
    expected = numbers(read(document))

    misread = [item for item in records.line_items if item.doubt and "recognised as" in item.doubt]
    assert misread, "the page was worn enough"
    assert all((s.reading or "").count("was recognised, read as") for s in records.statements if s.page_first == PAGE)
    wrong = numbers(records) - expected
    doubtful = {(i.statement_type, i.row_no, i.column_no) for i in records.line_items if i.doubt}
    assert all(place[:3] in doubtful for place in wrong)
    assert sum(expected.values()) - sum(wrong.values()) > 0.99 * sum(expected.values())
