"""The text of a filing in one file and its tables in another: its claims restate the same cells as if it were one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from filings.documents import Document, Grid, Page
from tasks.data_dir import DataDir
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.load import build_warehouse
from tests.tasks.made_filings import store

SAMPLES = Path(__file__).parents[3] / "samples" / "filings"
LINKS = """
SELECT c.claim_no, l.statement_type, l.side, l.row_no, l.column_no, l.value, c.statement_type, c.measure, c.sought
FROM claims AS c LEFT JOIN line_items AS l USING (line_item_id) ORDER BY c.claim_no
"""


def has_tables(page: Page) -> bool:
    return any(isinstance(block, Grid) and block.col_count > 2 for block in page.blocks)


def part(document: Document, keeps: Callable[[Page], bool]) -> Document:
    return replace(document, pages=tuple(page for page in document.pages if keeps(page)))


def links(data: DataDir) -> dict[object, tuple[object, ...]]:
    with duckdb.connect(str(build_warehouse(data)), read_only=True) as connection:
        return {row[0]: row[1:] for row in connection.execute(LINKS).fetchall()}


@pytest.mark.parametrize("name", ["jiangsu_2019.pdf", "central_customs_2026.pdf"])
def test_claims_are_linked_to_the_other_file_as_within_one(name: str, tmp_path: Path) -> None:
    document = read_document((SAMPLES / name).read_bytes(), name)
    one, two = DataDir(tmp_path / "one"), DataDir(tmp_path / "two")
    store("whole", extract_document(document, name), one)
    text = extract_document(part(document, lambda page: not has_tables(page)), name)
    assert not text.line_items
    store("text", text, two)
    store("tables", extract_document(part(document, has_tables), name), two)

    expected, found = links(one), links(two)
    linked = {claim for claim, link in expected.items() if link[0] is not None}
    assert {claim: found[claim][:5] for claim in linked} == {claim: expected[claim][:5] for claim in linked}
    assert {claim for claim, link in found.items() if link[0] is not None} == linked
    assert len(linked) > len(expected) / 3
    assert all(found[claim][5:] == (found[claim][0], expected[claim][6], None) for claim in linked)
    assert any(found[claim][7] for claim in found.keys() - linked)
