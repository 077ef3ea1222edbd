"""Reports of samples with deliberate mistakes: what they say, show and cost; and of a document that does harm."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import duckdb
import openpyxl
import pytest
from PIL import Image

from expectations.compile_sql import apply_rules
from expectations.rule import load_rules
from filings.records import RawFile, Sha256
from tasks.data_dir import DataDir
from tasks.extract import EXTRACTOR_VERSION, extract_document
from tasks.extract.readers import read_document
from tasks.load import build_warehouse
from tasks.parquet import write_filing
from tasks.report import crops, write_report, write_reports
from tasks.report.facts import Facts, list_filings, read_facts
from tasks.report.page import render_report, show_number
from tasks.workers.outcome import Limits

SAMPLES = Path(__file__).parents[3] / "samples" / "filings"
MISTAKEN, FAULTLESS = "central_customs_2025.pdf", "central_customs_2024.md"
CATEGORIES = ("arithmetic", "cross_statement", "structure")
"""Enough for findings of every shape: sums with a root and consequences, ties, notes without a number."""

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def ingest(path: Path, data: DataDir) -> None:
    content = path.read_bytes()
    sha256 = Sha256(hashlib.sha256(content).hexdigest())
    original = data.raw_path(sha256, path.suffix)
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(content)
    raw = RawFile(sha256, str(original.relative_to(data.root)), path.as_uri(), path.name, WHEN)
    write_filing(extract_document(read_document(content, path.name), path.name), raw, EXTRACTOR_VERSION, WHEN, data)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    data = DataDir(tmp_path_factory.mktemp("reports") / "data")
    for name in (MISTAKEN, FAULTLESS):
        ingest(SAMPLES / name, data)
    return data


@pytest.fixture(scope="module")
def warehouse(data: DataDir) -> Iterator[duckdb.DuckDBPyConnection]:
    candidate = build_warehouse(data)
    with duckdb.connect(str(candidate)) as connection:
        apply_rules(connection, [rule for rule in load_rules().values() if rule.category in CATEGORIES])
        yield connection


@pytest.fixture(scope="module")
def published(warehouse: duckdb.DuckDBPyConnection, data: DataDir) -> Path:
    made = write_reports(warehouse, data.root / "first", data)
    assert (made.written, made.reused) == (2, 0)
    return data.root / "first"


@pytest.fixture(scope="module")
def mistaken(warehouse: duckdb.DuckDBPyConnection) -> Facts:
    return facts_of(MISTAKEN, warehouse)


def facts_of(name: str, warehouse: duckdb.DuckDBPyConnection) -> Facts:
    return next(one for one in read_facts(warehouse, list_filings(warehouse)) if one.file_names == (name,))


class Page(HTMLParser):
    """What a page holds: texts, pictures, links to elsewhere, and elements left open."""

    VOID = frozenset({"meta", "img", "br"})
    IMPLIED = frozenset({"tr", "td", "th", "li", "p", "thead", "tbody"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert [tag for tag in self._open if tag not in self.IMPLIED] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID | self.IMPLIED:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.IMPLIED:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_finding_is_in_the_page_with_rule_place_and_picture(published: Path, mistaken: Facts) -> None:
    page = Page((published / f"{mistaken.filing_id}.html").read_text(encoding="utf-8"))
    assert len(mistaken.findings) > len(mistaken.causes) > 3
    for one in mistaken.findings:
        assert one.finding_id in page.ids
        assert one.words in page.text
        assert one.words in one.message
        assert one.root_finding_id or one.words_en in page.text
        assert one.rule_id in page.text
        assert f"第 {one.page} 页" in page.text
    for statement in mistaken.statements:
        assert statement.title is None or statement.title in page.text
    for check in mistaken.checks:
        assert check.says in page.text
    pictures = [source for source in page.sources if source.startswith("data:image/png;base64,")]
    assert len(pictures) == sum(crops.find_crop(cause) is not None for cause in mistaken.causes) > 2
    assert set(page.sources) == set(pictures), "the page must need nothing else"
    assert "script" not in page.tags
    for picture in pictures:
        with Image.open(io.BytesIO(base64.b64decode(picture.split(",")[1]))) as image:
            assert image.format == "PNG"
            assert 400 < image.width < 2500
            assert 60 < image.height < 1000


def test_the_fault_of_the_first_documented_mistake_is_told_with_its_correction(
    published: Path, mistaken: Facts
) -> None:
    (cause,) = [one for one in mistaken.causes if one.fault_text == "242.05"]
    assert cause.corrected_value == Decimal("224.05")
    assert [one.rule_id for one in mistaken.consequences(cause)] == ["CODE-TREE"]
    text = Page((published / f"{mistaken.filing_id}.html").read_text(encoding="utf-8")).text
    assert re.search(r"242\.05\s*→\s*应为\s*224\.05", text)


def test_the_checklist_has_a_row_for_each_rule_and_its_answer(published: Path, mistaken: Facts) -> None:
    book = openpyxl.load_workbook(published / f"{mistaken.filing_id}.xlsx")
    sheet, listed = book["检查表"], book["问题清单"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    assert sorted(str(row[1]) for row in rows) == sorted(check.says for check in mistaken.checks)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    by_words = {check.says: check for check in mistaken.checks}
    for _, says, _, evaluated, answer, problems in rows:
        check = by_words[str(says)]
        assert evaluated == check.evaluated
        assert answer == ("否" if check.violated else "是" if check.evaluated else "无法核对")
        found = [one for one in mistaken.findings if one.rule_id == check.rule_id]
        assert all(one.words in str(problems) for one in found)
        if answer != "是":
            assert problems
    assert {row[4] for row in rows} == {"是", "否", "无法核对"}
    assert listed.max_row == len(mistaken.findings) + 1
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$4"


def test_a_filing_without_findings_has_a_report_too(published: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    facts = facts_of(FAULTLESS, warehouse)
    text = Page((published / f"{facts.filing_id}.html").read_text(encoding="utf-8")).text
    assert [one for one in facts.findings if one.severity == "error"] == []
    assert facts.issuer is not None
    assert facts.issuer in text
    index = Page((published / "index.html").read_text(encoding="utf-8"))
    assert {source for source in index.sources if source.endswith(".html")} == {
        f"{filing_id}.html" for filing_id in list_filings(warehouse)
    }
    assert all((published / source).is_file() for source in index.sources)


def test_unchanged_reports_are_linked_and_changed_ones_written(
    warehouse: duckdb.DuckDBPyConnection, published: Path, data: DataDir, mistaken: Facts
) -> None:
    made = write_reports(warehouse, data.root / "second", data, published)
    assert (made.written, made.reused) == (0, 2)
    for path in published.glob("*.xlsx"):
        assert (data.root / "second" / path.name).stat().st_ino == path.stat().st_ino
    before = (published / f"{mistaken.filing_id}.html").read_bytes()
    warehouse.execute("BEGIN")
    warehouse.execute("UPDATE findings SET message = message || '。' WHERE filing_id = $1", [mistaken.filing_id])
    made = write_reports(warehouse, data.root / "third", data, data.root / "second")
    warehouse.execute("ROLLBACK")
    assert (made.written, made.reused) == (1, 1)
    assert (published / f"{mistaken.filing_id}.html").read_bytes() == before, (
        "a publication in place is never written to"
    )
    (data.root / "third" / f"{mistaken.filing_id}.xlsx").unlink()
    assert write_reports(warehouse, data.root / "fourth", data, data.root / "third").written == 1


def test_the_same_facts_give_the_same_bytes_and_crops_are_kept(
    warehouse: duckdb.DuckDBPyConnection,
    published: Path,
    data: DataDir,
    mistaken: Facts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("nothing should be drawn again")

    monkeypatch.setattr(crops, "_draw", refuse)
    page = write_report(warehouse, mistaken.filing_id, data.root / "alone", data)
    assert page.read_bytes() == (published / page.name).read_bytes()
    assert page.with_suffix(".xlsx").read_bytes() == (published / page.name).with_suffix(".xlsx").read_bytes()


def test_a_document_that_cannot_be_drawn_in_time_leaves_a_report_without_pictures(
    warehouse: duckdb.DuckDBPyConnection, data: DataDir, mistaken: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(crops.crop_folder(mistaken.sha256, data), data.root / "aside")
    monkeypatch.setattr(crops, "read_limits", lambda: Limits(0.0001, None))
    page = Page(write_report(warehouse, mistaken.filing_id, data.root / "late", data).read_text(encoding="utf-8"))
    assert "took_too_long" in page.text
    assert page.sources == []
    assert all(one.words in page.text for one in mistaken.findings)
    assert not list(crops.crop_folder(mistaken.sha256, data).iterdir())
    monkeypatch.undo()
    page = Page(write_report(warehouse, mistaken.filing_id, data.root / "late", data).read_text(encoding="utf-8"))
    assert page.sources


def test_what_a_filing_prints_is_never_markup_nor_formula(mistaken: Facts, tmp_path: Path) -> None:
    from dataclasses import replace

    from tasks.report.workbook import write_checklist

    evil = "=HYPERLINK(\"http://x\")<script>alert('x')</script><img src=http://x>"
    finding = replace(mistaken.causes[0], subject=evil, message=evil, quote=evil, doubt=evil, fault=evil)
    facts = replace(mistaken, findings=(finding,), issuer=evil, title=evil, file_names=(evil,), source_uri=evil)
    page = Page(render_report(facts, crops.Crops({}, {})))
    assert evil in page.text
    assert page.sources == []
    assert "script" not in page.tags
    write_checklist(facts, tmp_path / "evil.xlsx")
    with ZipFile(tmp_path / "evil.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(book.read(name)).iter()}
                assert "f" not in tags
                assert "hyperlink" not in tags


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("40162.320000", "40,162.32"),
        ("12988060.000000", "12,988,060"),
        ("15.310000", "15.31"),
        ("-0.500000", "-0.50"),
        ("0E-6", "0"),
    ],
)
def test_numbers_are_shown_as_they_are_printed(value: str, shown: str) -> None:
    assert show_number(Decimal(value)) == shown
