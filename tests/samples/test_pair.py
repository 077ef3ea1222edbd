"""A filing that comes as a text and an attachment is one filing in the warehouse, with the line items of its PDF."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from filings.records import RawFile, Sha256
from samples.build import SAMPLES_FOLDER
from tasks.data_dir import DataDir
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.extract.readers.archive import list_members
from tasks.load import build_warehouse
from tasks.parquet import write_filing

DATE = datetime(2024, 1, 1, tzinfo=UTC)

ITEMS = (
    "SELECT statement_type, row_no, side, code, name, unit_code, column_label, measure, item, fiscal_year, value, "
    "value_unit, amount_yuan FROM line_items ORDER BY ALL"
)


def load(documents: list[tuple[str, bytes]], data: DataDir) -> duckdb.DuckDBPyConnection:
    for name, content in documents:
        sha256 = Sha256(hashlib.sha256(content).hexdigest())
        raw = RawFile(sha256, f"raw/{sha256}", f"file:///{name}", name, DATE)
        write_filing(extract_document(read_document(content, name), name), raw, "test", DATE, data)
    return duckdb.connect(str(build_warehouse(data)), read_only=True)


def test_that_text_and_attachment_become_one_filing(tmp_path: Path) -> None:
    pair = list(list_members((SAMPLES_FOLDER / "other_formats" / "jiangsu_2019.zip").read_bytes()))
    assert [name for name, _ in pair] == [
        "江苏省水上运动管理中心2019年度部门预算公开.docx",
        "附件：江苏省水上运动管理中心2019年度部门预算公开表.xlsx",
    ]
    pdf = SAMPLES_FOLDER / "filings" / "jiangsu_2019.pdf"
    with (
        load(pair, DataDir(tmp_path / "pair")) as joined,
        load([(pdf.name, pdf.read_bytes())], DataDir(tmp_path / "pdf")) as single,
    ):
        assert joined.execute("SELECT status FROM filings ORDER BY status").fetchall() == [("joined",), ("loaded",)]
        assert joined.execute("SELECT count(DISTINCT filing_id) FROM line_items").fetchall() == [(1,)]
        items = joined.execute(ITEMS).fetchall()
        assert len(items) > 100
        assert items == single.execute(ITEMS).fetchall()
        states = "SELECT statement_type, state FROM statements ORDER BY ALL"
        assert joined.execute(states).fetchall() == single.execute(states).fetchall()
        linked = "SELECT count(*) FROM claims WHERE line_item_id IS NOT NULL"
        assert single.execute(linked).fetchall() > [(20,)]
