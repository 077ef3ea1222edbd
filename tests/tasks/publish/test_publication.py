"""What is published: files that say the same as the warehouse, in every format, and the same bytes from the same data."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from tasks.data_dir import DataDir
from tasks.load import build_warehouse
from tasks.load.ddl import warehouse_tables
from tasks.publish import publish_warehouse
from tasks.publish.exports import exported_tables
from tasks.publish.summaries import load_summaries
from tests.tasks.made_filings import SMALL, Cell, records, store

FINDING = {
    "finding_id": "R1-x",
    "filing_id": "x",
    "rule_id": "R1",
    "category": "arithmetic",
    "severity": "error",
    "subject": "=SUM(A1)",
    "message": "合计，与\n明细“不符”",
    "expected": "123456789012345678.12",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    data = DataDir(tmp_path_factory.mktemp("published") / "data")
    docs = data.root / "docs"
    docs.mkdir(parents=True)
    (docs / "index.html").write_text("<p>docs</p>")
    many = [Cell("total", "1.23", code=str(code), level=1, name="名") for code in range(201, 230)]
    store("a", records((*SMALL, ("general_budget_expenditure", many))), data)
    candidate = build_warehouse(data)
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(
            f"INSERT INTO findings ({', '.join(FINDING)}) VALUES ({', '.join('?' for _ in FINDING)})",
            list(FINDING.values()),
        )
        connection.execute(
            "UPDATE findings SET evidence = [{line_item_id: 'i', role: 'part', page: 1, bbox: [1.5, 2, 3, 4], "
            "locator: NULL, text: '1.23'}]"
        )
        connection.execute("CREATE OR REPLACE TABLE checks AS FROM checks")  # as a step may: the comments are lost
    report = publish_warehouse(candidate, docs, data)
    assert report.promoted
    return data


def warehouse_rows(data: DataDir, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        return connection.execute(f"FROM {table}").fetchall()


def test_every_exported_column_has_a_heading_in_chinese() -> None:
    for table in exported_tables().values():
        for label in (table.label, *(column.label for column in table.columns.values())):
            assert label
            assert any("\u4e00" <= character <= "\u9fff" for character in label)


@pytest.mark.parametrize("name", exported_tables())
def test_parquet_and_csv_hold_the_rows_of_the_warehouse(data: DataDir, name: str) -> None:
    rows = warehouse_rows(data, name)
    frame = pl.read_parquet(data.published_current / "parquet" / f"{name}.parquet")
    assert frame.columns == list(exported_tables()[name].columns)
    assert frame.rows() == rows
    content = (data.published_current / "csv" / f"{name}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0] == list(exported_tables()[name].columns)
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        for text, value in zip(line, row, strict=True):
            if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
                assert text == str(value)


def test_nested_evidence_is_json_in_the_csv(data: DataDir) -> None:
    content = (data.published_current / "csv" / "findings.csv").read_text(encoding="utf-8-sig")
    (finding,) = csv.DictReader(io.StringIO(content))
    assert json.loads(finding["evidence"])[0]["bbox"] == [1.5, 2.0, 3.0, 4.0]
    assert finding["message"] == FINDING["message"]
    assert finding["expected"] == "123456789012345678.120000"


def test_the_workbook_explains_and_holds_numbers(data: DataDir) -> None:
    book = openpyxl.load_workbook(data.published_current / "summaries.xlsx")
    tables = exported_tables()
    assert book.sheetnames == ["说明", *(table.label or table.name for table in tables.values())]
    explained = [row[1] for row in book["说明"].iter_rows(values_only=True)]
    for name, table in tables.items():
        assert name in explained
        plain = [column for column, described in table.columns.items() if not described.type.endswith("[]")]
        assert set(plain) <= set(explained)
        sheet = book[table.label or name]
        labels = [table.columns[column].label or column for column in plain]
        assert [cell.value for cell in sheet[1]] == labels
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("2")
        assert sheet.max_row == len(warehouse_rows(data, name)) + 1
    sheet = book["功能分类（类）"]
    amount = sheet.cell(2, [cell.value for cell in sheet[1]].index("合计（元）") + 1)
    assert amount.value == 123400
    assert amount.number_format == "#,##0.00"
    subject = book["问题清单"].cell(2, list(tables["findings"].columns).index("subject") + 1)
    assert (subject.value, subject.data_type) == ("=SUM(A1)", "s")  # text, whatever a filing prints


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attrs if tag == "a" and name == "href" and value]


def test_the_index_pages_lead_to_every_file(data: DataDir) -> None:
    reached = {"index.html"}
    for index in ("index.html", "reports/index.html"):
        page = data.published_current / index
        links = _Links()
        links.feed(page.read_text(encoding="utf-8"))
        assert links.targets
        reached |= {str((page.parent / target).relative_to(data.published_current)) for target in links.targets}
    for target in reached:
        assert (data.published_current / target).is_file(), target
    published = {str(path.relative_to(data.published_current)) for path in data.published_current.rglob("*.*")}
    assert published <= reached | {"data_docs", "reports/manifest.json"}
    page_of_all = (data.published_current / "index.html").read_text(encoding="utf-8")
    for name in exported_tables():
        assert name in page_of_all


def test_every_table_of_the_published_warehouse_is_described(data: DataDir) -> None:
    described = {table.name: table for table in (*warehouse_tables(), *load_summaries().values())}
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        tables = connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
        columns = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
        assert {name for name, _ in tables} == set(described)
        assert all(comment for _, comment in tables)
        assert all(comment for _, _, comment in columns.fetchall())


def test_the_same_data_give_the_same_files(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        data = DataDir(tmp_path / name)
        store("a", records(SMALL), data)
        publish_warehouse(build_warehouse(data), tmp_path / "no-docs", data)
        files = {
            str(path.relative_to(data.published_current)): path.read_bytes()
            for path in data.published_current.rglob("*.*")
            if path.suffix in (".csv", ".parquet")
        }
        book = openpyxl.load_workbook(data.published_current / "summaries.xlsx")
        cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
        cells["说明"] = [row for row in cells["说明"] if not str(row[0]).startswith("数据版本")]
        found.append((files, cells, book.properties.created))
    assert found[0] == found[1]
    assert len(found[0][0]) == 2 * len(exported_tables())


def test_a_failed_publication_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = DataDir(tmp_path / "data")
    store("a", records(SMALL), data)
    publish_warehouse(build_warehouse(data), tmp_path / "no-docs", data)
    before = (data.warehouse.read_bytes(), data.published_current.readlink())

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tasks.publish.publication.write_workbook", fail)
    store("b", records(SMALL), data)
    with pytest.raises(OSError, match="disk full"):
        publish_warehouse(build_warehouse(data), tmp_path / "no-docs", data)
    assert (data.warehouse.read_bytes(), data.published_current.readlink()) == before
    assert sorted(path.name for path in data.published.iterdir()) == sorted(("current", before[1].name))
    assert not list(data.root.glob("warehouse.candidate-*"))
