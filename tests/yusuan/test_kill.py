"""What a killed run leaves, and what a reader sees meanwhile; all with real processes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.yusuan.conftest import ROOT, Yusuan, command, environment

SAMPLES = ROOT / "samples" / "filings"
INPUTS = (SAMPLES / "central_customs_2024.md", SAMPLES / "shanghai_unit_2024.pdf")

_DIFFERENT_EACH_TIME = {"fetched_at", "loaded_at", "first_seen", "last_seen"}
_TABLES_OF_RUNS = {"runs", "warehouse_build"}


def read_everything(warehouse: Path) -> dict[str, list[Any]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        everything = {}
        for table in set(tables) - _TABLES_OF_RUNS:
            columns = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = $1", [table])
            kept = ", ".join(f'"{row[0]}"' for row in columns.fetchall() if row[0] not in _DIFFERENT_EACH_TIME)
            everything[table] = connection.execute(f'SELECT {kept} FROM "{table}" ORDER BY ALL').fetchall()
    return everything


@pytest.mark.timeout(600)
def test_a_killed_run_leaves_nothing_half_done_and_the_next_one_finishes(
    yusuan: Yusuan, server: str, tmp_path: Path
) -> None:
    started = time.monotonic()
    undisturbed = yusuan("ingest", *INPUTS, "--data", tmp_path / "undisturbed")
    duration = time.monotonic() - started
    assert undisturbed.returncode == 0, undisturbed.stderr
    expected = read_everything(tmp_path / "undisturbed" / "warehouse.duckdb")
    assert expected["line_items"]
    assert expected["rule_instances"]

    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown by pytest if it fails
    chance = random.Random(seed)
    data = tmp_path / "killed"
    was_killed = 0
    for share in (0.3, 0.6, 0.85):  # in each part of the run, where it is by chance
        run = subprocess.Popen(
            command("ingest", *INPUTS, "--data", data),
            env=environment(PREFECT_API_URL=server),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            run.wait(duration * chance.uniform(share - 0.15, share + 0.15))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            was_killed += 1
        run.wait()
        if (data / "warehouse.duckdb").exists():  # only ever a whole one
            assert read_everything(data / "warehouse.duckdb") == expected
    assert was_killed

    finished = yusuan("ingest", *INPUTS, "--data", data)
    assert finished.returncode == 0, finished.stderr
    assert read_everything(data / "warehouse.duckdb") == expected
    assert not list(data.glob("warehouse.candidate-*"))
    assert not list(data.rglob("raw/*.tmp"))


def test_a_reader_of_the_old_warehouse_reads_on(loaded: Path, yusuan: Yusuan) -> None:
    """The reader is a process of its own that holds the warehouse open while a run replaces it."""
    program = (
        "import duckdb, sys\n"
        f"connection = duckdb.connect({str(loaded / 'warehouse.duckdb')!r}, read_only=True)\n"
        "count = lambda: connection.execute('SELECT count(*), sum(amount_yuan) FROM line_items').fetchall()\n"
        "first = count()\nprint('open', flush=True)\nsys.stdin.readline()\n"
        "assert count() == first, (count(), first)\nprint('same', flush=True)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    try:
        assert reader.stdout.readline() == "open\n"
        ran = yusuan("ingest", SAMPLES / "central_customs_2025.pdf", "--data", loaded)
        assert ran.returncode == 0, ran.stderr
        with duckdb.connect(loaded / "warehouse.duckdb", read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM filings").fetchall() == [(3,)]
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "same\n"
    finally:
        reader.kill()
        reader.wait()
        reader.stdin.close()
        reader.stdout.close()
