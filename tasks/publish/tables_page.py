"""What does every table and column of the warehouse hold? The data dictionary (数据字典) as Markdown.

Generated from the same declarations as the tables themselves; `python -m tasks.publish.tables_page` prints it.
"""

from __future__ import annotations

import sys

from filings.schema import Column, Table, load_tables
from tasks.publish.summaries import load_summaries

_ORIGINS = {
    "extraction": "read from the filing; one Parquet file per filing is the record",
    "run": "written by the ingest",
    "derived": "computed when the warehouse is built",
}


def tables_page() -> str:
    """Render all tables with their columns, types and comments."""
    parts = [
        "# Tables of the warehouse\n",
        "Generated from `filings/tables.toml` and `tasks/publish/summaries.toml`; the same words are COMMENTs in DuckDB.\n",
    ]
    parts.extend(_section(table) for table in load_tables().values())
    parts.append("# Summary tables\n")
    parts.extend(_section(table) for table in load_summaries().values())
    return "\n".join(parts)


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}\n",
        f"{table.comment} ({_ORIGINS[table.origin]})\n",
        "| column | type | meaning |",
        "| --- | --- | --- |",
    ]
    lines.extend(_row(name, column) for name, column in table.columns.items())
    return "\n".join([*lines, ""])


def _row(name: str, column: Column) -> str:
    marks = [mark for mark, holds in (("key", column.key), ("never NULL", column.required)) if holds]
    meaning = column.comment + (f" ({', '.join(marks)})" if marks else "")
    return f"| {name} | {_escape(column.type)} | {_escape(meaning)} |"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(tables_page())
