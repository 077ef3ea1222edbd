"""How does validation grow with the number of filings, and how much of it is Great Expectations?

Makes filings as Parquet out of the samples: every amount of a filing multiplied by a number of its own, so that what held
goes on to hold, and one amount in every hundredth filing doubled, so that there is something to find. Loads them, validates
them in a process of its own, and prints seconds by part, growth and peak memory.

    python -m benchmarks.validation 100 1000 10000
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from filings.records import RawFile, Sha256
from filings.schema import load_extraction_tables
from samples.build import SAMPLES_FOLDER
from tasks.data_dir import DataDir
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.load import create_tables
from tasks.load.ddl import warehouse_tables
from tasks.parquet import write_filing

SIZES = (100, 1_000, 10_000)
"""Numbers of filings by default; the last is what issue 4 asks for."""

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""When the made filings were fetched and read."""

FACTORS = 97
"""Amounts are multiplied by 1 to this, and so still fit their columns."""

SCALED = frozenset({"value", "amount_yuan"})
"""Columns whose money is multiplied; percentages and counts are not money and stay."""


@dataclass(frozen=True)
class Measured:
    """What validating one warehouse took.

    Args:
        filings: How many.
        line_items: How many.
        seconds: By part, as `ValidationReport` has them.
        instances: Rule instances.
        findings: Findings.
        peak_megabytes: The most memory that the process held.
        gate: Whether the gate passed.
    """

    filings: int
    line_items: int
    seconds: dict[str, float]
    instances: int
    findings: int
    peak_megabytes: int
    gate: bool


def main() -> None:
    """Measure every size given on the command line."""
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder) / "samples")
        write_samples(data)
        print_line(
            "filings  amounts    instances  findings  make    rules   ms/filing  import  GX      GX share  peak MB  gate"
        )
        before: Measured | None = None
        for size in sizes:
            began = time.perf_counter()
            candidate = make_warehouse(size, data, Path(folder) / str(size))
            making = time.perf_counter() - began
            measured = measure_apart(candidate)
            print_line(describe(measured, making, before))
            before = measured
            candidate.unlink()


def print_line(text: str) -> None:
    """Print at once: the largest size takes minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def describe(measured: Measured, making: float, before: Measured | None) -> str:
    """One line of the table."""
    rules, gx = measured.seconds["rules"], measured.seconds["great_expectations"]
    imported = measured.seconds["import_great_expectations"]
    growth = ""
    if before is not None:
        more = measured.filings / before.filings
        growth = f"  {rules / before.seconds['rules']:.1f} times the time for {more:.1f} times the filings"
    return (
        f"{measured.filings:7d}  {measured.line_items:9d}  {measured.instances:9d}  {measured.findings:8d}  "
        f"{making:5.1f}s  {rules:6.1f}s  {1000 * rules / measured.filings:7.1f}    {imported:5.1f}s  {gx:5.1f}s  "
        f"{gx / (rules + gx):7.1%}   {measured.peak_megabytes:6d}  {'passed' if measured.gate else 'CLOSED'}{growth}"
    )


def write_samples(data: DataDir) -> None:
    """Extract the bundled samples, the ones that all others are made from."""
    for number, path in enumerate(sorted((SAMPLES_FOLDER / "filings").iterdir())):
        records = extract_document(read_document(path.read_bytes(), path.name), path.name)
        sha256 = Sha256(f"{number:064x}"[::-1])
        raw = RawFile(sha256, f"raw/{path.name}", path.as_uri(), path.name, DATE)
        write_filing(records, raw, "benchmark", DATE, data)


def make_warehouse(size: int, data: DataDir, folder: Path) -> Path:
    """Write that many filings as Parquet, one file a table, and load them into a warehouse.

    Args:
        size: Number of filings.
        data: Where the samples' Parquet files are.
        folder: For the new files.
    """
    folder.mkdir()
    candidate = folder / "warehouse.duckdb"
    with duckdb.connect(str(candidate)) as database:
        database.execute("SET enable_progress_bar = false")
        create_tables(database, warehouse_tables())
        database.execute(
            "CREATE TEMP TABLE source AS SELECT filing_id, row_number() OVER (ORDER BY filing_id) - 1 AS place "
            f"FROM read_parquet('{data.parquet}/filings/*.parquet')"
        )
        (sources,) = database.execute("SELECT count(*) FROM source").fetchone() or (0,)
        database.execute(
            f"CREATE TEMP TABLE copy AS SELECT n, printf('%016x', n * 2654435761) AS new_id, source.filing_id AS old_id, "
            f"1 + n % {FACTORS} AS factor FROM range({size}) AS made(n) JOIN source ON source.place = n % {sources}"
        )
        for name in load_extraction_tables():
            target = folder / f"{name}.parquet"
            database.execute(f"COPY ({_copy_rows(name, data)}) TO '{target}' (FORMAT parquet)")
            database.execute(f"INSERT INTO {name} BY NAME SELECT * FROM read_parquet('{target}') ORDER BY ALL")
            target.unlink()
        database.execute("CHECKPOINT")
    return candidate


def _copy_rows(name: str, data: DataDir) -> str:
    """The rows of a table for all copies: new ids in every column that holds one, money multiplied."""
    columns = ", ".join(_copy_columns(name))
    return f"SELECT {columns} FROM read_parquet('{data.parquet}/{name}/*.parquet') AS t JOIN copy ON copy.old_id = t.filing_id"


def _copy_columns(name: str) -> Iterator[str]:
    table = load_extraction_tables()[name]
    for column, about in table.columns.items():
        value = f"t.{column}"
        if column in ("filing_id", "document_id"):
            value = "copy.new_id"
        elif column in ("statement_id", "line_item_id"):
            value = f"copy.new_id || substr(t.{column}, 17)"
        elif column == "sha256":
            value = "rpad(copy.new_id, 64, '0')"
        elif column == "issuer":
            value = "t.issuer || '（' || copy.n || '）'"
        elif column in SCALED and "value_unit" in table.columns:
            changed = "t.line_item_id LIKE '%-01-0007' AND copy.n % 100 = 7" if name == "line_items" else "false"
            factor = f"copy.factor * CASE WHEN {changed} THEN 2 ELSE 1 END"
            money = "t.value_unit IN ('yuan', 'wan_yuan', 'yi_yuan', 'qian_yuan', 'million_yuan')"
            value = f"CAST(CASE WHEN {money} THEN t.{column} * {factor} ELSE t.{column} END AS {about.type})"
        yield f"{value} AS {column}"


def measure_apart(candidate: Path) -> Measured:
    """Validate in a new process, so that its peak memory is validation's own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return Measured(**json.loads(pool.submit(_measure, candidate).result()))


def _measure(candidate: Path) -> str:
    from tasks.validate import validate_warehouse

    report = validate_warehouse(candidate, candidate.parent / "docs")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for failure in report.failures[:5]:
        print_line(f"  gate: {failure}")
    measured = Measured(
        report.filings,
        report.line_items,
        dict(report.seconds),
        sum(report.verdicts.values()),
        sum(report.findings.values()),
        peak,
        report.gate_passed,
    )
    return json.dumps(asdict(measured))


if __name__ == "__main__":
    main()
