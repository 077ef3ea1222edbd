"""Every sample in every other format gives the line items of its PDF; what is committed is what the generator makes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from filings.records import FilingRecords, LineItem
from samples.build import SAMPLES_FOLDER, build_filing
from samples.facts import list_samples
from samples.formats import OTHER_FORMATS
from samples.layout import Filing
from samples.pair import draw_pair, draw_single_archive
from samples.pdf import draw_pdf
from samples.webpage import draw_webpage
from samples.word import draw_word
from samples.workbook import draw_crowded_workbook, draw_workbook
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.extract.readers.archive import list_members

Facts = list[tuple[object, ...]]

DRAWERS: dict[str, tuple[str, Callable[[Filing], bytes]]] = {
    "word": ("docx", draw_word),
    "workbook": ("xlsx", draw_workbook),
    "crowded workbook": ("xlsx", draw_crowded_workbook),
    "web page": ("html", draw_webpage),
    "archive": ("zip", draw_single_archive),
}


def read(content: bytes, file_name: str) -> FilingRecords:
    return extract_document(read_document(content, file_name), file_name)


@cache
def read_pdf(name: str) -> FilingRecords:
    return read(draw_pdf(build_filing(name)).content, f"{name}.pdf")


def facts(items: tuple[LineItem, ...]) -> Facts:
    """What a line item says, without where it stands in its file."""
    return [
        (
            item.statement_type, item.row_no, item.side, item.code, item.name, item.unit_code, item.column_label,
            item.measure, item.item, item.fiscal_year, item.value, item.value_unit, item.amount_yuan,
        )
        for item in items
    ]  # fmt: skip


@pytest.mark.parametrize("drawer", DRAWERS)
@pytest.mark.parametrize("name", list_samples())
def test_that_a_format_gives_the_line_items_of_the_pdf(name: str, drawer: str) -> None:
    suffix, draw = DRAWERS[drawer]
    records = read(draw(build_filing(name)), f"{name}.{suffix}")
    expected = read_pdf(name)
    assert facts(records.line_items) == facts(expected.line_items)
    assert [one.state for one in records.statements] == [one.state for one in expected.statements]
    assert len(records.claims) == len(expected.claims)


@pytest.mark.parametrize("drawer", DRAWERS)
def test_that_the_same_filing_gives_the_same_bytes(drawer: str) -> None:
    _, draw = DRAWERS[drawer]
    filing = build_filing("central_research_2025")
    assert draw(filing) == draw(filing)


def test_that_the_tables_of_a_pair_are_those_of_the_pdf() -> None:
    for name in ("jiangsu_2019", "central_customs_2026"):
        text, tables = draw_pair(build_filing(name)).items()
        assert facts(read(tables[1], tables[0]).line_items) == facts(read_pdf(name).line_items)
        assert read(text[1], text[0]).line_items == ()


def test_that_names_in_an_archive_are_chinese_without_saying_so() -> None:
    content = draw_single_archive(build_filing("jiangsu_2019"))
    ((name, _),) = list_members(content)
    assert name.endswith("部门预算公开.docx")
    assert "部门预算公开.docx".encode("gbk") in content


@pytest.mark.parametrize("file_name", OTHER_FORMATS)
def test_that_the_committed_file_is_what_the_generator_makes(file_name: str) -> None:
    name, draw = OTHER_FORMATS[file_name]
    content = (SAMPLES_FOLDER / "other_formats" / file_name).read_bytes()
    assert content == draw(build_filing(name))
    assert len(content) < 300_000


def test_that_nothing_else_is_committed() -> None:
    assert {path.name for path in (SAMPLES_FOLDER / "other_formats").iterdir()} == set(OTHER_FORMATS)
