"""How does validation grow with the number of filings, and how much of it is Great Expectations?

Makes filings as Parquet out of the samples: all forms, with their narratives and claims, every amount of a filing multiplied
by a number of its own, so that what held goes on to hold, and one amount in every hundredth filing doubled, so that there is
something to find. Loads them, validates them in a process of its own, makes the summaries, and prints seconds by part, growth
and peak memory; then what a day costs on which one filing has changed.

    python -m benchmarks.validation 100 1000 10000
    python -m benchmarks.validation --profile 300

With ``--profile``: the statements of one batch and the Python rules, by processor time.
"""

from __future__ import annotations

import multiprocessing
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from benchmarks.warehouse import timed
from expectations.compile_sql import declare_rules, judge_filings
from expectations.rule import load_rules
from expectations.working_tables import SIZES as QUERY_SIZES
from expectations.working_tables import cut_batches
from filings.records import RawFile, Sha256
from filings.schema import load_extraction_tables
from samples.build import SAMPLES_FOLDER
from tasks.data_dir import DataDir
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tasks.load import create_tables
from tasks.load.database import open_database
from tasks.load.ddl import warehouse_tables
from tasks.parquet import write_filing
from tasks.publish.summaries import create_summaries

T = TypeVar("T")

SIZES = (100, 1_000, 10_000)
"""Numbers of filings by default; the last is what issue 4 asks for."""

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""When the made filings were fetched and read."""

FACTORS = 97
"""Amounts are multiplied by 1 to this, and so still fit their columns."""

FILINGS_PER_REGION = 400
"""Filings of one region: a district has about a hundred bodies, with several years and kinds of filings."""

SCALED = frozenset({"value", "amount_yuan"})
"""Columns whose money is multiplied; percentages and counts are not money and stay."""


@dataclass(frozen=True)
class Measured:
    """What validating one warehouse took.

    Args:
        filings: How many.
        reused: Of how many the results were taken over.
        line_items: How many.
        seconds: By part, as `ValidationReport` has them.
        processor: Processor seconds of all processes.
        instances: Rule instances.
        findings: Findings.
        peak_megabytes: The most memory that the validating process held.
        peak_worker_megabytes: The most memory that one of the processes held that judge batches.
        gate: Whether the gate passed.
    """

    filings: int
    reused: int
    line_items: int
    seconds: dict[str, float]
    processor: float
    instances: int
    findings: int
    peak_megabytes: int
    peak_worker_megabytes: int
    gate: bool


def main() -> None:
    """Measure every size given on the command line."""
    is_profile = "--profile" in sys.argv
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder) / "samples")
        write_samples(data)
        if is_profile:
            print_profile(make_warehouse(sizes[0], data, Path(folder) / "profile"))
            return
        print_line(
            "filings   amounts  instances  findings    load   rules  ms/filing      GX  GX share  summaries  processor  "
            "peak MB  worker MB  summaries MB  gate"
        )
        before: Measured | None = None
        for size in sizes:
            loading, candidate = timed(lambda size=size: make_warehouse(size, data, Path(folder) / str(size)))
            tomorrow = candidate.with_name("tomorrow.duckdb")
            shutil.copy(candidate, tomorrow)
            measured = Measured(**apart(_measure, candidate, None))
            summaries = apart(_summarise, candidate)
            print_line(describe(measured, loading, summaries, before))
            change_one_filing(tomorrow)
            print_line("  a day later: " + describe_day(Measured(**apart(_measure, tomorrow, candidate))))
            before = measured
            shutil.rmtree(candidate.parent)


def print_line(text: str) -> None:
    """Print at once: the largest size takes minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def describe(measured: Measured, loading: float, summaries: tuple[float, int], before: Measured | None) -> str:
    """One line of the table."""
    rules, gx = measured.seconds["rules"], measured.seconds["great_expectations"]
    growth = ""
    if before is not None:
        more = measured.filings / before.filings
        growth = (
            f"  {measured.processor / before.processor:.1f} times the processor time for {more:.1f} times the filings"
        )
    return (
        f"{measured.filings:7d}  {measured.line_items:8d}  {measured.instances:9d}  {measured.findings:8d}  {loading:5.1f}s  "
        f"{rules:5.1f}s  {1000 * rules / measured.filings:9.1f}  {gx:5.1f}s  {gx / (rules + gx):8.1%}  {summaries[0]:8.1f}s  "
        f"{measured.processor:8.1f}s  {measured.peak_megabytes:7d}  {measured.peak_worker_megabytes:9d}  {summaries[1]:12d}  "
        f"{'passed' if measured.gate else 'CLOSED'}{growth}"
    )


def describe_day(measured: Measured) -> str:
    """What validation takes when one filing has changed."""
    return (
        f"{measured.reused} of {measured.filings} taken over, rules {measured.seconds['rules']:.1f} s, "
        f"Great Expectations {measured.seconds['great_expectations']:.1f} s, processor {measured.processor:.1f} s"
    )


def _summarise(candidate: Path) -> tuple[float, int]:
    """Make the summary tables, as publishing does: seconds, and the most memory held in megabytes."""
    began = time.perf_counter()
    with open_database(candidate) as database:
        create_summaries(database)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def change_one_filing(candidate: Path) -> None:
    """Let one filing be another than yesterday."""
    with duckdb.connect(str(candidate)) as database:
        database.execute(
            "UPDATE filings SET file_name = 'other' WHERE filing_id = (SELECT min(filing_id) FROM filings)"
        )


def print_profile(candidate: Path) -> None:
    """Judge one batch in this process and print what took longest, by processor time."""
    spent: Counter[str] = Counter()

    class Watched:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def execute(self, query: str, parameters: object = None) -> duckdb.DuckDBPyConnection:
            began = time.process_time()
            try:
                return self._connection.execute(query, parameters)
            finally:
                rule = re.search(r"INSERT INTO w_\w+.*?SELECT (\d+), 0,", query, re.DOTALL)
                spent[rules[int(rule[1])].id if rule else " ".join(query.split())[:70]] += time.process_time() - began

    rules = tuple(load_rules().values())
    with duckdb.connect(str(candidate), config={"threads": 1}) as connection:
        database = Watched(connection)
        declare_rules(database, rules)
        filings = next(cut_batches(connection.execute(QUERY_SIZES).fetchall()))
        began = time.process_time()
        judge_filings(database, rules, filings)
        whole = time.process_time() - began
    print_line(f"{len(filings)} filings in {whole:.1f} s, of which Python rules {whole - sum(spent.values()):.1f} s")
    for name, seconds in spent.most_common(30):
        print_line(f"{seconds:7.2f} s  {name}")


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
        elif column == "region":
            value = f"CAST(copy.n // {FILINGS_PER_REGION} AS VARCHAR)"
        elif column == "issuer":
            value = "t.issuer || '（' || copy.n || '）'"
        elif column in SCALED and "value_unit" in table.columns:
            changed = "t.line_item_id LIKE '%-01-0007' AND copy.n % 100 = 7" if name == "line_items" else "false"
            factor = f"copy.factor * CASE WHEN {changed} THEN 2 ELSE 1 END"
            money = "t.value_unit IN ('yuan', 'wan_yuan', 'yi_yuan', 'qian_yuan', 'million_yuan')"
            value = f"CAST(CASE WHEN {money} THEN t.{column} * {factor} ELSE t.{column} END AS {about.type})"
        yield f"{value} AS {column}"


def apart(work: Callable[..., T], *args: object) -> T:
    """Work in a new process, so that its peak memory is the work's own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def _measure(candidate: Path, earlier: Path | None) -> dict[str, Any]:
    from tasks.validate import validate_warehouse

    report = validate_warehouse(candidate, candidate.parent / f"{candidate.stem}-docs", earlier)
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    for failure in report.failures[:5]:
        print_line(f"  gate: {failure}")
    measured = Measured(
        filings=report.filings,
        reused=report.reused,
        line_items=report.line_items,
        seconds=dict(report.seconds),
        processor=sum(used.ru_utime + used.ru_stime for used in (own, workers)),
        instances=sum(report.verdicts.values()),
        findings=sum(report.findings.values()),
        peak_megabytes=own.ru_maxrss // 1024,
        peak_worker_megabytes=workers.ru_maxrss // 1024,
        gate=report.gate_passed,
    )
    return asdict(measured)  # the class has another module name in a spawned process


if __name__ == "__main__":
    main()
