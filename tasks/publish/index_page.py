"""What does a person see who opens the published folder?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from filings.schema import Table

_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#1b1b1b}h1{font-size:1.6rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}.s{color:#555;font-size:.9rem}a{color:#0b57a4}
"""
"""Small enough to stand in the page: the folder must read well from a disk, without a server."""


def render_index(
    tables: Mapping[str, Table], row_counts: Mapping[str, int], build_id: str, as_of: datetime, *, has_data_docs: bool
) -> str:
    """Render the page that lists everything in a publication.

    Args:
        tables: The exported tables.
        row_counts: Rows of each.
        build_id: Of the warehouse.
        as_of: When the newest filing in it was loaded (UTC).
        has_data_docs: True if the data documentation lies beside.
    """
    rows = "\n".join(
        f"<tr><td><strong>{escape(table.label or name)}</strong><br><code>{name}</code></td>"
        f"<td>{escape(table.comment)}</td><td class=n>{row_counts[name]:,}</td>"
        f'<td><a href="csv/{name}.csv">CSV</a> · <a href="parquet/{name}.parquet">Parquet</a></td></tr>'
        for name, table in tables.items()
    )
    docs = (
        '<p><a href="data_docs/index.html">数据质量文档 · Data Docs</a> — 每次运行对数据库的全部校验结果 '
        "(every expectation checked in this run).</p>"
        if has_data_docs
        else ""
    )
    return f"""<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>预算公开数据 · Yusuan</title><style>{_STYLE}</style></head>
<body>
<h1>预算公开数据 <span class=s>Published government budgets</span></h1>
<p class=s>数据版本 build {escape(build_id)} · 数据截至 as of {as_of:%Y-%m-%d %H:%M} UTC</p>
<p><a href="summaries.xlsx">Excel 工作簿 · workbook</a> — 含下列各表与字段说明 (all tables below, with an explanation of
every column). 金额单位均为元 (all money in yuan); 仅含现行版本 (current versions only).</p>
<p><a href="reports/index.html">检查报告 · Inspection reports</a> — 每份文件一份：问题、原文、页面截图与检查表 (one for each
filing: findings with cuts of the pages, and a checklist).</p>
{docs}
<table>
<thead><tr><th>表 Table</th><th>内容 What it holds</th><th>行数 Rows</th><th>下载 Download</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class=s>全部明细在 <code>warehouse.duckdb</code>：每个数字都注明页码与位置。
Every number with its page and place is in <code>warehouse.duckdb</code>.</p>
</body>
</html>
"""
