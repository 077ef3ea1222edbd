"""How are the rules run over many filings: on all cores, in bounded memory, and only where something changed?

What a rule says of a filing depends on the code, on the rows of that filing and on those of the filings that it is compared
with. A fingerprint of these is kept in the warehouse; where it is the same in the warehouse in place, the results are taken over
from there. The other filings are judged in batches, each in a process of its own that reads the candidate.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.compile_sql import RESULTS, create_results, declare_rules, finish_results, judge_filings
from expectations.rule import load_rules
from expectations.seen_sql import write_seen
from expectations.working_tables import SIZES, cut_batches
from tasks.load.database import open_database
from tasks.load.fingerprint import code_fingerprint
from tasks.workers import Workers
from tasks.workers.outcome import Limits

WORKERS_SETTING = "YUSUAN_WORKERS"
"""Environment variable: how many batches are judged at once; without it, one per core."""

_RULES = tuple(load_rules().values())
"""Read when the module is imported, which a worker does once for all of its batches."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many filings were judged, and of how many the results of the warehouse in place were taken over."""

    judged: int
    reused: int


def judge_warehouse(candidate: Path, earlier: Path | None = None) -> Judged:
    """Write `rule_instances`, `findings`, `checks` and `rules` of a candidate.

    Args:
        candidate: The database file; nobody in this process may hold it open.
        earlier: The warehouse in place, whose results are taken over where nothing has changed; None: judge all anew.

    Raises:
        duckdb.Error: The candidate lacks a table that rules read; build it again.
        ProgramFaultError: A rule failed; carries its traceback.
    """
    folder = candidate.with_name(f"{candidate.name}.judged")  # removed with the candidate, whatever happens
    folder.mkdir()
    try:
        with open_database(candidate) as database:
            create_results(database, _RULES)
            database.execute(
                f"INSERT INTO judged_filings SELECT filing_id, concat_ws('-', $1, $2, seen) FROM ({write_seen(_RULES)})",
                [code_fingerprint(), duckdb.__version__],
            )
            reused = _find_unchanged(database, earlier)
            sizes = database.execute(SIZES).fetchall()
        _judge_apart(candidate, [one for one in sizes if one[0] not in reused], folder)
        with open_database(candidate) as database:
            if earlier is not None and reused:
                _attach(database, earlier)
                database.execute(
                    "CREATE TEMP TABLE reused AS SELECT unnest($1::VARCHAR[]) AS filing_id", [sorted(reused)]
                )
            for filings in cut_batches(sizes):
                _collect(database, filings, folder, has_reused=bool(reused))
            finish_results(database)
            database.execute("CHECKPOINT")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Judged(len(sizes) - len(reused), len(reused))


def _attach(database: duckdb.DuckDBPyConnection, earlier: Path) -> None:
    path = str(earlier).replace("'", "''")
    database.execute(f"ATTACH '{path}' AS earlier (READ_ONLY)")


def _find_unchanged(database: duckdb.DuckDBPyConnection, earlier: Path | None) -> frozenset[str]:
    if earlier is None or not earlier.is_file():
        return frozenset()
    try:
        _attach(database, earlier)
        found = database.execute(
            "SELECT n.filing_id FROM judged_filings AS n JOIN earlier.judged_filings AS e USING (filing_id, fingerprint)"
        ).fetchall()
    except duckdb.Error:  # damaged, or of a version that did not keep them: everything is judged anew
        return frozenset()
    return frozenset(filing_id for (filing_id,) in found)


def _judge_apart(candidate: Path, sizes: Sequence[tuple[str, int]], folder: Path) -> None:
    workers = Workers("tasks.validate_filings:judge_batch")
    at_once = int(os.environ.get(WORKERS_SETTING, os.cpu_count() or 1))
    jobs = [(candidate, filings, folder / f"{number:06d}") for number, filings in enumerate(cut_batches(sizes))]
    try:
        with ThreadPoolExecutor(at_once) as pool:
            for _ in pool.map(lambda job: workers.run(job, Limits()), jobs):
                pass
    finally:
        workers.stop()


def judge_batch(candidate: Path, filing_ids: Sequence[str], target: Path) -> None:
    """Judge some filings and write the results as Parquet.

    Args:
        candidate: The database file; only read.
        filing_ids: The filings.
        target: Beginning of the names of the files, one for each of `RESULTS`.
    """
    with open_database(candidate, read_only=True) as database:
        database.execute("SET threads = 1")
        # Processes that read one file would write over each other's temporary files, were they to share DuckDB's usual folder.
        database.execute(f"SET temp_directory = '{_literal(target)}.tmp'")
        declare_rules(database, _RULES)
        judge_filings(database, _RULES, filing_ids)
        for name, query in RESULTS.items():
            database.execute(f"COPY ({query}) TO '{_literal(target)}.{name}.parquet' (FORMAT parquet)")


def _collect(database: duckdb.DuckDBPyConnection, filing_ids: Sequence[str], folder: Path, *, has_reused: bool) -> None:
    """Insert the results of a range of filings, judged now or taken over, in their order."""
    first, last = filing_ids[0], filing_ids[-1]
    for name, key in (("rule_instances", "instance_id"), ("findings", "finding_id")):
        sources = []
        if any(folder.glob(f"*.{name}.parquet")):
            sources.append(
                f"SELECT * FROM read_parquet('{_literal(folder)}/*.{name}.parquet') WHERE filing_id BETWEEN $1 AND $2"
            )
        if has_reused:
            sources.append(
                f"SELECT * FROM earlier.{name} SEMI JOIN reused USING (filing_id) WHERE filing_id BETWEEN $1 AND $2"
            )
        if sources:
            query = " UNION ALL ".join(sources)
            database.execute(f"INSERT INTO {name} SELECT * FROM ({query}) ORDER BY filing_id, {key}", [first, last])


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
