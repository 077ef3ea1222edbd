"""Which reports are written, and when?

At publication one for every filing. A report whose facts and program are those of the publication before is linked, not
written again, so that a run pays only for filings whose findings are new; the cuts of pages are kept besides.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from pathlib import Path

import duckdb

from tasks.data_dir import DataDir
from tasks.report.crops import make_crops
from tasks.report.facts import Facts, list_filings, read_facts
from tasks.report.page import render_report
from tasks.report.words import word
from tasks.report.workbook import write_checklist

logger = logging.getLogger(__name__)

_BATCH = 50
"""Filings whose facts are in memory at once."""

_MANIFEST = "manifest.json"
"""filing_id -> the key of its report: the hash of everything that is said in it and of the program that says it."""

_CODE = ("tasks/report", "tasks/provenance", "expectations/working_tables.py")
"""What decides how the same facts look."""


@dataclass(frozen=True, slots=True)
class ReportsMade:
    """How many reports were written anew, and how many taken over from the publication before."""

    written: int
    reused: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A filing's line in the index."""

    filing_id: str
    issuer: str | None
    fiscal_year: int | None
    kind: str
    error: int
    warning: int
    info: int
    consequences: int
    key: str


def write_reports(
    connection: duckdb.DuckDBPyConnection, folder: Path, data: DataDir, previous: Path | None = None
) -> ReportsMade:
    """Write the report of every filing, and an index.

    Args:
        connection: To the validated candidate.
        folder: The folder to make: ``<filing_id>.html`` and ``.xlsx``, ``index.html``.
        data: The data folder, where the originals lie and cuts are kept.
        previous: The same folder of the publication before.

    Returns:
        How many were written and how many linked.
    """
    folder.mkdir(parents=True)
    known = _read_manifest(previous)
    entries: list[_Entry] = []
    written = 0
    filing_ids = list_filings(connection)
    for start in range(0, len(filing_ids), _BATCH):
        batch = read_facts(connection, filing_ids[start : start + _BATCH])
        keyed = [(facts, _key(facts)) for facts in batch]
        stale = [
            facts
            for facts, key in keyed
            if previous is None or known.get(facts.filing_id) != key or not _link(facts.filing_id, previous, folder)
        ]
        _write(stale, folder, data)
        written += len(stale)
        entries.extend(_entry(facts, key) for facts, key in keyed)
    (folder / _MANIFEST).write_text(json.dumps({one.filing_id: one.key for one in entries}, indent=0), encoding="utf-8")
    (folder / "index.html").write_text(_render_index(entries), encoding="utf-8")
    _forget_crops(connection, data)
    return ReportsMade(written, len(entries) - written)


def write_report(connection: duckdb.DuckDBPyConnection, filing_id: str, folder: Path, data: DataDir) -> Path:
    """Write the report of one filing now.

    Args:
        connection: To the warehouse.
        filing_id: A filing that has a report.
        folder: Where to write; made if need be.
        data: The data folder.

    Returns:
        The HTML file; the XLSX lies beside it.

    Raises:
        ValueError: There is no such filing.
    """
    facts = read_facts(connection, [filing_id])
    if not facts:
        raise ValueError(f"there is no filing {filing_id}")
    folder.mkdir(parents=True, exist_ok=True)
    _write(facts, folder, data)
    return folder / f"{filing_id}.html"


def _write(batch: list[Facts], folder: Path, data: DataDir) -> None:
    crops = make_crops(batch, data)
    for sha256, failure in crops.failures.items():
        logger.warning("the pages of %s could not be drawn for its report: %s", sha256, failure)
    for facts in batch:
        (folder / f"{facts.filing_id}.html").write_text(render_report(facts, crops), encoding="utf-8")
        write_checklist(facts, folder / f"{facts.filing_id}.xlsx")


def _link(filing_id: str, previous: Path, folder: Path) -> bool:
    """Take a report over by a hard link, or by copying where the disk cannot link; False if it is gone."""
    for suffix in (".html", ".xlsx"):
        earlier, now = previous / f"{filing_id}{suffix}", folder / f"{filing_id}{suffix}"
        if not earlier.is_file():
            return False
        now.unlink(missing_ok=True)
        try:
            os.link(earlier, now)
        except OSError:
            shutil.copyfile(earlier, now)
    return True


def _read_manifest(previous: Path | None) -> Mapping[str, str]:
    if previous is None or not (previous / _MANIFEST).is_file():
        return {}
    manifest: dict[str, str] = json.loads((previous / _MANIFEST).read_text(encoding="utf-8"))
    return manifest


def _key(facts: Facts) -> str:
    said = json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(f"{_code_hash()}\n{said}".encode()).hexdigest()


@cache
def _code_hash() -> str:
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for place in _CODE:
        path = root / place
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _forget_crops(connection: duckdb.DuckDBPyConnection, data: DataDir) -> None:
    """Remove the cuts of documents that are no longer in the warehouse."""
    kept = {str(sha256) for (sha256,) in connection.execute("SELECT sha256 FROM filings").fetchall()}
    for folder in data.crops.glob("*/*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _entry(facts: Facts, key: str) -> _Entry:
    return _Entry(
        filing_id=facts.filing_id,
        issuer=facts.issuer,
        fiscal_year=facts.fiscal_year,
        kind=f"{word('scopes', facts.scope)}{word('report_types', facts.report_type)}",
        error=facts.count_causes("error"),
        warning=facts.count_causes("warning"),
        info=facts.count_causes("info"),
        consequences=len(facts.findings) - len(facts.causes),
        key=key,
    )


_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ddd}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.s{color:#5c5c5c;font-size:.9rem}a{color:#0b57a4}
"""


def _render_index(entries: list[_Entry]) -> str:
    ordered = sorted(
        entries, key=lambda one: (-one.error, -one.warning, one.issuer or "", one.fiscal_year or 0, one.filing_id)
    )
    return f"""<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>检查报告</title><style>{_STYLE}</style></head>
<body><h1>检查报告 <span class=s lang=en>Inspection reports</span></h1>
<p class=s>同一原因引起的问题只计一次，连带结果另计。One cause counts once; what follows from it is counted apart.</p>
<table><thead><tr><th>发布单位<th>年度<th>种类<th class=n>错误<th class=n>疑点<th class=n>提示<th class=n>连带<th>报告</tr></thead>
<tbody>
{chr(10).join(_rows(ordered))}
</tbody></table></body></html>
"""


def _rows(entries: list[_Entry]) -> Iterator[str]:
    for one in entries:
        yield (
            f"<tr><td>{escape(one.issuer or '不明')}<td>{one.fiscal_year or ''}<td>{one.kind}<td class=n>{one.error}"
            f"<td class=n>{one.warning}<td class=n>{one.info}<td class=n>{one.consequences}"
            f'<td><a href="{one.filing_id}.html">HTML</a> · <a href="{one.filing_id}.xlsx">XLSX</a></tr>'
        )
