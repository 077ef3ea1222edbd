"""Killed runs, readers during the swap, and two runs at once: with real processes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from filings.schema import load_tables
from tasks.data_dir import DataDir
from tasks.load import build_warehouse, is_current, read_build
from tasks.load.candidate import remove_stale_candidates
from tasks.publish import promote, publish_warehouse
from tasks.publish.promotion import new_publication_folder
from tasks.publish.summaries import load_summaries
from tests.tasks.made_filings import SMALL, records, store
from tests.tasks.publish.steps_in_a_process import run_once

KILLS = 10
"""How often the run is killed; each kill falls somewhere else."""


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def publish(data: DataDir) -> None:
    publish_warehouse(build_warehouse(data), data.root / "no-docs", data)


def start(data: DataDir, rounds: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.tasks.publish.steps_in_a_process", str(data.root), str(rounds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def snapshot(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row that a run decides; not when it ran."""
    excluded = {"filings": ("fetched_at", "loaded_at")}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {
            name: connection.execute(
                f"SELECT * {'EXCLUDE (' + ', '.join(excluded[name]) + ')' if name in excluded else ''} FROM {name}"
            ).fetchall()
            for name in (*load_tables(), *load_summaries())
            if name != "runs"
        }


def assert_whole(data: DataDir) -> None:
    """What an analyst sees is whole: a warehouse that opens, and a publication that belongs together."""
    if data.warehouse.exists():
        seen = snapshot(data.warehouse)
        assert {row[0] for row in seen["summary_quality"]} <= {row[0] for row in seen["filings"]}
        assert len(seen["filings"]) in (0, 2, 3)
    if data.published_current.exists():
        folder = data.published_current.resolve()
        names = {path.stem for path in (folder / "parquet").iterdir()}
        assert names == {path.stem for path in (folder / "csv").iterdir()} >= set(load_summaries())
        assert (folder / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
        assert folder.name in (folder / "index.html").read_text(encoding="utf-8")


def test_killed_at_any_moment_and_finished_gives_the_undisturbed_warehouse(tmp_path: Path) -> None:
    undisturbed, killed = DataDir(tmp_path / "undisturbed"), DataDir(tmp_path / "killed")
    run_once(undisturbed)
    chance = random.Random(20261121)
    for _ in range(KILLS):
        process = start(killed, 0)
        time.sleep(chance.uniform(0, 1.2))
        assert process.poll() is None, "the run ended by itself"
        process.kill()
        process.communicate()
        assert_whole(killed)
    run_once(killed)
    assert is_current(killed)
    assert snapshot(killed.warehouse) == snapshot(undisturbed.warehouse)
    assert len(snapshot(killed.warehouse)["filings"]) == 3
    for path in undisturbed.parquet.rglob("*.parquet"):
        assert (killed.root / path.relative_to(undisturbed.root)).read_bytes() == path.read_bytes()
    remove_stale_candidates(killed)
    left = {path.name for path in killed.root.iterdir()}
    assert left == {"locks", "parquet", "published", "warehouse.duckdb"}
    assert len([path for path in killed.published.iterdir() if path.name.startswith(".")]) == 0


def test_a_reader_reads_on_while_the_warehouse_is_replaced(data: DataDir) -> None:
    store("a", records(SMALL), data)
    publish(data)
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            f"connection = duckdb.connect({str(data.warehouse)!r}, read_only=True)\n"
            "for _ in sys.stdin:\n"
            "    print(connection.execute('SELECT count(*) FROM line_items').fetchone()[0], flush=True)\n",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None
    assert reader.stdout is not None

    def ask() -> int:
        print("?", file=reader.stdin, flush=True)
        return int(reader.stdout.readline())  # type: ignore[union-attr]

    assert ask() == 2
    held = (data.published_current / "csv" / "summary_quality.csv").open(encoding="utf-8-sig")
    store("b", records(SMALL), data)
    publish(data)
    assert ask() == 2
    with held:
        assert len(held.readlines()) == 2
    reader.communicate(timeout=30)
    assert reader.returncode == 0
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM line_items").fetchone() == (4,)


def test_two_runs_at_once_leave_one_whole_warehouse(data: DataDir) -> None:
    processes = [start(data, 3) for _ in range(2)]
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert_whole(data)
    run_once(data)
    assert is_current(data)
    assert read_build(data.warehouse) is not None


def test_a_candidate_that_is_behind_does_not_replace_what_is_current(data: DataDir) -> None:
    store("a", records(SMALL), data)
    behind = build_warehouse(data)
    store("b", records(SMALL), data)
    publish(data)
    current = read_build(data.warehouse)
    report = publish_warehouse(behind, data.root / "no-docs", data)
    assert not report.promoted
    assert read_build(data.warehouse) == current
    assert is_current(data)
    assert not list(data.root.glob("warehouse.candidate-*"))


def test_rebuilding_what_is_current_puts_the_new_one_in_place(data: DataDir) -> None:
    store("a", records(SMALL), data)
    publish(data)
    first = read_build(data.warehouse)
    publish(data)
    second = read_build(data.warehouse)
    assert first is not None
    assert second is not None
    assert first.build_id != second.build_id
    assert first.fingerprint == second.fingerprint
    assert is_current(data)


def test_a_log_left_beside_the_old_warehouse_is_not_replayed_into_the_new(data: DataDir) -> None:
    publish(data)
    script = (
        "import duckdb, os\n"
        f"connection = duckdb.connect({str(data.warehouse)!r})\n"
        "connection.execute('CREATE TABLE meddled AS SELECT 1')\n"
        "os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert data.warehouse.with_name("warehouse.duckdb.wal").exists()
    store("a", records(SMALL), data)
    publish(data)
    assert "meddled" not in duckdb_tables(data)


def duckdb_tables(data: DataDir) -> set[str]:
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def test_old_publications_go_and_the_last_two_stay(data: DataDir) -> None:
    published = []
    for _ in range(4):
        publish(data)
        published.append(data.published_current.readlink().name)
    kept = {path.name for path in data.published.iterdir() if not path.is_symlink()}
    assert kept == set(published[-2:])


def test_only_a_warehouse_is_promoted(data: DataDir) -> None:
    data.root.mkdir()
    junk = data.root / "warehouse.candidate-1.duckdb"
    junk.write_bytes(b"junk")
    with pytest.raises(ValueError, match="not a warehouse"):
        promote(junk, new_publication_folder(junk, data), data)
    assert not data.warehouse.exists()
