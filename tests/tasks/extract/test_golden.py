"""The samples and, where they are at hand, real filings, cell for cell against what a careful person reads in them.

Real filings are looked for in the folder that `YUSUAN_SHARED` names, by default ``../shared`` beside the repository.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from filings.errors import UnusableInput
from filings.forms import UNRECOGNISED
from filings.records import FilingRecords
from tasks.extract import extract_document
from tasks.extract.readers import read_document

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "samples" / "expected").glob("*_cells.csv"))
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared"))
TRUTHS = sorted((SHARED / "truth").glob("*_cells.csv"))
FILINGS = sorted(path for path in (SHARED / "filings").glob("*") if path.name != "README.md")
NEEDS_SHARED = pytest.mark.skipif(
    not FILINGS, reason=f"no real filings in {SHARED}: set YUSUAN_SHARED to a folder with filings/ and truth/"
)
FIELDS = ("statement_type", "row_no", "side", "code", "name", "unit_code", "column_label", "value", "value_unit")


@cache
def extract_file(path: Path) -> FilingRecords:
    return extract_document(read_document(path.read_bytes(), path.name), path.name)


def _filing_of(cells: Path, folder: Path) -> Path:
    stem = cells.name.removesuffix("_cells.csv")
    found = [path for path in folder.glob(f"{stem}.*") if path.suffix in {".pdf", ".md", ".txt"}]
    assert len(found) == 1, f"{stem} has no filing in {folder}"
    return found[0]


def _expected(cells: Path, with_page: bool) -> Counter[tuple[object, ...]]:
    with cells.open(encoding="utf-8", newline="") as file:  # a filing without per-unit rows has no column unit_code
        return Counter(
            (
                *(_typed(name, row.get(name, "")) for name in FIELDS),
                int(row["page"]) if with_page and row["page"] else None,
            )
            for row in csv.DictReader(file)
        )


def _typed(name: str, text: str) -> object:
    if name == "row_no":
        return int(text)
    return Decimal(text) if name == "value" else text or None


def _read(path: Path, with_page: bool) -> Counter[tuple[object, ...]]:
    return Counter(
        (*(getattr(item, name) for name in FIELDS), item.page if with_page else None)
        for item in extract_file(path).line_items
    )


def _difference(cells: Path, filing: Path, with_page: bool) -> str:
    expected, found = _expected(cells, with_page), _read(filing, with_page)
    assert expected.total() > 50
    missing, invented = expected - found, found - expected
    lines = [f"missing {missing.total()}, invented {invented.total()} of {expected.total()}"]
    lines += [f"- {row}" for row in list(missing)[:10]] + [f"+ {row}" for row in list(invented)[:10]]
    return "\n".join(lines) if missing or invented else ""


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 5


@pytest.mark.parametrize("cells", SAMPLES, ids=lambda path: path.stem.removesuffix("_cells"))
def test_sample_is_read_cell_for_cell(cells: Path) -> None:
    assert _difference(cells, _filing_of(cells, ROOT / "samples" / "filings"), with_page=True) == ""


@NEEDS_SHARED
@pytest.mark.parametrize("cells", TRUTHS, ids=lambda path: path.stem.removesuffix("_cells"))
def test_real_filing_is_read_cell_for_cell(cells: Path) -> None:
    assert _difference(cells, _filing_of(cells, SHARED / "filings"), with_page=False) == ""


@NEEDS_SHARED
@pytest.mark.parametrize("path", FILINGS, ids=lambda path: path.name)
def test_real_filing_loads_and_no_table_in_it_is_unknown(path: Path) -> None:
    records = extract_file(path)
    assert len(records.statements) >= 8
    assert [statement.title for statement in records.statements if statement.statement_type == UNRECOGNISED] == []
    assert records.identity.issuer is not None
    assert records.identity.fiscal_year is not None
    assert {item.value_unit for item in records.line_items} <= {"yuan", "wan_yuan", "percent"}
    for item in records.line_items:
        assert item.measure is not None, (item.statement_type, item.column_label)


@NEEDS_SHARED
def test_what_is_no_filing_is_refused() -> None:
    readme = SHARED / "filings" / "README.md"
    with pytest.raises(UnusableInput) as refused:
        extract_file(readme)
    assert refused.value.reason_code == "no_statement"
