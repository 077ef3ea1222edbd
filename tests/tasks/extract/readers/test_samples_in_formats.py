"""The bundled samples as Word file, workbook and web page give the same figures as they were drawn from."""

from __future__ import annotations

import copy
import io
from collections import Counter
from collections.abc import Callable

import docx
import pytest
from lxml import etree

from filings.documents import Document
from samples.build import build_filing
from samples.expected import list_cells
from samples.facts import list_samples
from samples.layout import Filing
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.draw_docx import draw_docx, save_docx
from tests.tasks.extract.readers.draw_html import draw_html
from tests.tasks.extract.readers.draw_xls import draw_xls
from tests.tasks.extract.readers.draw_xlsx import draw_xlsx
from tests.tasks.extract.readers.packed import assert_well_formed

DRAWERS: dict[str, Callable[[Filing], bytes]] = {
    "docx": draw_docx,
    "xlsx": draw_xlsx,
    "xls": draw_xls,
    "html": lambda filing: draw_html(filing, "gb2312"),
}


@pytest.mark.parametrize("suffix", DRAWERS)
@pytest.mark.parametrize("name", list_samples())
def test_every_figure_is_read_and_none_invented(name: str, suffix: str) -> None:
    filing = build_filing(name)
    document = read_document(DRAWERS[suffix](filing), f"{name}.{suffix}")
    assert_well_formed(document)
    assert document.reader == suffix
    assert_figures(document, filing)


def assert_figures(document: Document, filing: Filing) -> None:
    """The document gives every printed figure of the filing, and no other."""
    records = extract_document(document, "filing")
    kinds = {statement.statement_no: statement.statement_type for statement in records.statements}
    printed = Counter(
        (
            cell["statement_type"], cell["row_no"], cell["side"], cell["code"], cell["name"], cell["unit_code"],
            cell["column_label"], str(cell["value"]), cell["value_unit"],
        )
        for cell in list_cells(filing, {})
    )  # fmt: skip
    read = Counter(
        (
            kinds[item.statement_no], item.row_no, item.side or "", item.code or "", item.name or "",
            item.unit_code or "", item.column_label, str(item.value), item.value_unit,
        )
        for item in records.line_items
    )  # fmt: skip
    assert printed
    assert read == printed
    assert all(item.locator and item.page is None for item in records.line_items)


@pytest.mark.parametrize("name", list_samples())
def test_numbers_stored_as_text_are_read_alike(name: str) -> None:
    filing = build_filing(name)
    assert_figures(read_document(draw_xls(filing, numbers_as_text=True), "filing.xls"), filing)


@pytest.mark.parametrize("between", ["nothing", "header again", "empty paragraph"])
@pytest.mark.parametrize("name", ["central_customs_2025", "shanghai_department_2024", "shenzhen_2023"])
def test_word_tables_cut_in_two_by_their_author(name: str, between: str) -> None:
    filing = build_filing(name)
    document = docx.Document(io.BytesIO(draw_docx(filing)))
    cuts = 0
    for drawn, table in zip(document.tables, filing.tables(), strict=True):
        cut = table.header_rows + 5
        if table.row_count < cut + 3 or any(cell.row < cut < cell.row + cell.row_span for cell in table.cells):
            continue
        cuts += 1
        first: etree._Element = drawn._tbl
        second = copy.deepcopy(first)
        for row in list(second.iterchildren("{*}tr"))[table.header_rows if between == "header again" else 0 : cut]:
            second.remove(row)
        for row in list(first.iterchildren("{*}tr"))[cut:]:
            first.remove(row)
        first.addnext(second)
        if between == "empty paragraph":
            first.addnext(document.add_paragraph()._p)
    assert cuts > 2
    assert_figures(read_document(save_docx(document), "filing.docx"), filing)
