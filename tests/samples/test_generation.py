"""The committed files are byte for byte what the generator makes, and look as promised."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from samples.build import SAMPLES_FOLDER, Product, build_filing, make_products
from samples.facts import list_samples, read_facts
from samples.font import find_font_file
from samples.layout import Heading, Paragraph
from samples.pdf import draw_pdf

PDFS = [name for name in list_samples() if read_facts(name).data.get("format", "pdf") == "pdf"]
NEEDS_FONT = pytest.mark.skipif(find_font_file() is None, reason="the font of the samples is not installed (zhplot)")


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _read_cells(name: str) -> list[dict[str, str]]:
    text = (SAMPLES_FOLDER / "expected" / f"{name}_cells.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _read_pages(name: str) -> list[str]:
    with pypdfium2.PdfDocument(SAMPLES_FOLDER / "filings" / f"{name}.pdf") as document:
        return [_fold(page.get_textpage().get_text_bounded()) for page in document]


@NEEDS_FONT
@pytest.mark.parametrize("name", list_samples())
def test_that_the_committed_files_are_what_the_generator_makes(name: str) -> None:
    products = make_products(name)
    assert products == make_products(name)
    for product in products:
        assert (SAMPLES_FOLDER / product.path).read_bytes() == product.content, product.path


@NEEDS_FONT
def test_that_no_file_lies_beside_the_products() -> None:
    made = {product.path for name in list_samples() for product in make_products(name)}
    found = {
        f"{folder}/{path.name}" for folder in ("filings", "expected") for path in (SAMPLES_FOLDER / folder).iterdir()
    }
    assert found == made


def test_that_the_products_compare_by_content() -> None:
    assert Product("a", b"1") == Product("a", b"1") != Product("a", b"2")


@pytest.mark.parametrize("path", sorted((SAMPLES_FOLDER / "filings").iterdir()), ids=lambda path: path.name)
def test_that_the_files_are_small(path: Path) -> None:
    assert 0 < path.stat().st_size < 300_000


@pytest.mark.parametrize("name", PDFS)
def test_that_every_expected_cell_is_printed_on_its_page(name: str) -> None:
    pages = _read_pages(name)
    cells = _read_cells(name)
    assert len(cells) > 100
    for cell in cells:
        printed = f"{Decimal(cell['value']):,}" + ("%" if cell["value_unit"] == "percent" else "")
        page = pages[int(cell["page"]) - 1]
        assert printed in page, cell
        assert cell["code"] == "" or cell["code"] in page or cell["code"][:3] in page, cell


@pytest.mark.parametrize("name", PDFS)
def test_that_the_pdf_holds_the_narrative_and_every_title(name: str) -> None:
    text = re.sub(r"-\d+-", "", "".join(_read_pages(name)))
    filing = build_filing(name)
    for block in filing.blocks:
        if isinstance(block, Heading | Paragraph):
            assert _fold(block.text)[:60] in text
    for table in filing.tables():
        assert _fold(table.title) in text


@NEEDS_FONT
def test_that_the_page_of_a_text_is_known() -> None:
    drawn = draw_pdf(build_filing("central_customs_2025"))
    pages = _read_pages("central_customs_2025")
    assert drawn.page_count == len(pages)
    for text in ("七、“三公”经费：用财政拨款安排的因公出国（境）费", "（2）事业单位医疗（项）"):
        page = drawn.find_page(text)
        assert page is not None
        assert _fold(text)[:12] in pages[page - 1]
    assert drawn.find_page("没有这句话") is None


def _open_page(name: str, page: int) -> Any:  # noqa: ANN401
    content = (SAMPLES_FOLDER / "filings" / f"{name}.pdf").read_bytes()
    return pdfplumber.open(io.BytesIO(content)).pages[page - 1]


def _page_of(name: str, statement_type: str, position: int) -> int:
    """The first (0) or last (-1) page of a statement."""
    pages = sorted({int(cell["page"]) for cell in _read_cells(name) if cell["statement_type"] == statement_type})
    return pages[position]


@pytest.mark.parametrize(
    ("name", "statement_type"),
    [
        ("shenzhen_2023", "general_budget_expenditure"),
        ("central_customs_2026", "general_budget_expenditure"),
        ("shanghai_unit_2024", "general_budget_basic"),
    ],
)
def test_that_a_continued_page_begins_above_its_first_rule(name: str, statement_type: str) -> None:
    page = _open_page(name, _page_of(name, statement_type, -1))
    rules = [line for line in (*page.lines, *page.rects) if line["width"] > 100]
    first_text = min(char["top"] for char in page.chars)
    assert first_text < min(rule["top"] for rule in rules) - 5


def test_that_jiangsu_tables_lie_rotated_with_their_title_inside_the_box() -> None:
    page = _open_page("jiangsu_2019", _page_of("jiangsu_2019", "overall_summary", 0))
    assert page.rotation == 90
    assert page.width > page.height
    title_bottom = max(char["bottom"] for char in page.chars if char["text"] in "收支预算总表" and char["size"] > 14)
    assert min(line["top"] for line in page.lines) < title_bottom


def test_that_borders_are_drawn_in_both_ways() -> None:
    kinds = {}
    for name in PDFS:
        page = _open_page(name, _page_of(name, "overall_summary", 0))
        kinds[name] = ("strokes" if len(page.lines) > 10 else "", "rects" if len(page.rects) > 10 else "")
    assert kinds["shanghai_department_2024"] == ("strokes", "")
    assert kinds["shanghai_unit_2024"] == ("", "rects")
    assert kinds["central_customs_2026"] == ("", "rects")


def test_that_continued_statements_come_with_and_without_their_header() -> None:
    name = "shanghai_department_2024"
    with_header = _open_page(name, _page_of(name, "general_budget_expenditure", -1)).extract_text()
    without = _open_page(name, _page_of(name, "revenue", -1)).extract_text()
    assert "功能分类科目名称" in with_header
    assert "功能分类科目名称" not in without


def test_that_the_markdown_separates_cells_by_tabs() -> None:
    text = (SAMPLES_FOLDER / "filings" / "central_customs_2024.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("2010901\t")]
    assert [len(row.split("\t")) for row in rows] == [8, 12]
    assert "<b>20109</b>\t<b>海关事务</b>" in text


def test_that_the_text_prints_one_cell_per_line() -> None:
    lines = (SAMPLES_FOLDER / "filings" / "central_research_2025.txt").read_text(encoding="utf-8").split("\n")
    start = lines.index("\t2010950")
    assert lines[start + 1] == "\t事业运行"
    assert lines[start + 8] == ""
    assert all(line.startswith("\t") for line in lines[start : start + 8])
