"""The data dictionary in docs/ is what the declarations say."""

from __future__ import annotations

from pathlib import Path

from filings.schema import load_tables
from tasks.publish.summaries import load_summaries
from tasks.publish.tables_page import tables_page


def test_page_is_current() -> None:
    page = Path(__file__).parents[3] / "docs" / "tables.md"
    assert page.read_text(encoding="utf-8") == tables_page(), "run: make docs"


def test_page_has_every_table_and_column() -> None:
    text = tables_page()
    for name, table in {**load_tables(), **load_summaries()}.items():
        section = text.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]
        assert all(f"| {column} |" in section for column in table.columns)
