from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest

from flows import steps
from flows.ingest import ingest
from flows.promote import GateClosedError
from flows.rebuild import rebuild
from tasks.candidate import TYPED
from tasks.data_dir import DataDir
from tasks.fetch_filing import fetch_task
from tasks.quarantine import read_quarantine
from tasks.run_lock import AnotherRunError, hold_source_lock
from tasks.run_record import RunRecord
from tests.flows.bad_inputs import GOOD, SAMPLES, write_bad_inputs
from tests.tasks.fetch.site import Answer, open_site

pytestmark = [
    pytest.mark.usefixtures("prefect_server"),
    pytest.mark.filterwarnings("default"),  # Prefect's and Great Expectations' own
]

State = dict[str, tuple[int, int, bytes]]


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_task, "retry_delay_seconds", [0.01] * fetch_task.retries)
    monkeypatch.setattr(fetch_task, "retry_jitter_factor", None)
    monkeypatch.setenv("YUSUAN_ALLOW_PRIVATE_ADDRESSES", "1")
    monkeypatch.setenv("YUSUAN_REQUESTS_PER_SECOND", "100")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, prefect_server: None) -> tuple[Path, DataDir, RunRecord]:
    """A folder with one good filing, and the data folder it was ingested into."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copy(GOOD, folder)
    os.utime(folder / GOOD.name, (1.7e9, 1.7e9))
    data = DataDir(tmp_path_factory.mktemp("data"))
    return folder, data, ingest([str(folder)], str(data.root))


def state_of(*paths: Path) -> State:
    found: State = {}
    for path in paths:
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.is_file():
                status = file.stat()
                found[str(file)] = (status.st_ino, status.st_mtime_ns, file.read_bytes())
    return found


def rows(data: DataDir, sql: str) -> list[Any]:
    with duckdb.connect(data.warehouse, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_filing_arrives_in_the_warehouse(loaded: tuple[Path, DataDir, RunRecord]) -> None:
    _, data, record = loaded
    assert (record.state, record.inputs, record.extracted, record.reused, record.quarantined) == (
        "completed",
        1,
        1,
        0,
        0,
    )
    ((file_name, line_items),) = rows(data, "SELECT file_name, line_item_count FROM filings")
    assert file_name == GOOD.name
    assert line_items == rows(data, "SELECT count(*) FROM line_items")[0][0] > 0
    assert rows(data, "SELECT run_id FROM runs") == [(record.run_id,)]
    assert (data.published_current / "index.html").exists()
    assert not list(data.runs.glob("*-data-docs"))


def test_the_same_again_changes_nothing(loaded: tuple[Path, DataDir, RunRecord]) -> None:
    folder, data, _ = loaded
    watched = (data.parquet, data.warehouse, data.raw, data.published)
    before = state_of(*watched)
    record = ingest([str(folder)], str(data.root))
    assert (record.extracted, record.reused, record.changed) == (0, 1, False)
    assert state_of(*watched) == before


def test_a_kept_result_without_its_parquet_is_not_believed(loaded: tuple[Path, DataDir, RunRecord]) -> None:
    folder, data, _ = loaded
    (lost,) = (data.parquet / "filings").glob("*.parquet")
    lost.unlink()
    record = ingest([str(folder)], str(data.root))
    assert (record.extracted, record.reused) == (1, 0)
    assert lost.exists()
    assert rows(data, "SELECT count(*) FROM filings") == [(1,)]


def test_a_closed_gate_leaves_the_last_good_warehouse(
    loaded: tuple[Path, DataDir, RunRecord], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, data, _ = loaded
    shutil.copy(SAMPLES / "central_customs_2025.pdf", tmp_path)
    before = state_of(data.warehouse, data.published)
    validate = steps.validate_task

    def find_fault(candidate: Path, docs: Path, earlier: Path | None) -> object:
        return replace(validate(candidate, docs, earlier), failures=("schema: a column is gone",))

    monkeypatch.setattr("flows.promote.validate_task", find_fault)
    with pytest.raises(GateClosedError, match="a column is gone"):
        ingest([str(tmp_path)], str(data.root))
    assert state_of(data.warehouse, data.published) == before
    assert not list(data.root.glob("warehouse.candidate-*"))
    last = json.loads(max(data.runs.glob("*.json")).read_text())
    assert (last["state"], "a column is gone" in last["failure"]) == ("failed", True)
    (docs,) = data.runs.glob("*-data-docs")
    assert (docs / "index.html").exists()


def test_a_rebuild_gives_the_same_rows(loaded: tuple[Path, DataDir, RunRecord]) -> None:
    _, data, _ = loaded
    rebuild(str(data.root))
    before = rows(data, "SELECT * FROM line_items ORDER BY ALL")
    assert before
    rebuild(str(data.root))
    assert rows(data, "SELECT * FROM line_items ORDER BY ALL") == before


def test_two_runs_never_share_a_data_folder(tmp_path: Path) -> None:
    with hold_source_lock(TYPED, DataDir(tmp_path)), pytest.raises(AnotherRunError, match=f"process {os.getpid()}"):
        ingest([str(GOOD)], str(tmp_path))


@pytest.fixture
def unused_address() -> Iterator[str]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}/a.pdf"


def test_each_bad_input_gets_its_own_reason_and_the_others_load(tmp_path: Path, unused_address: str) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    expected = write_bad_inputs(folder)
    shutil.copy(SAMPLES / "central_customs_2025.pdf", folder)
    (folder / "gb18030.md").write_bytes(GOOD.read_text(encoding="utf-8").encode("gb18030"))
    for file in folder.iterdir():
        os.utime(file, (1.7e9, 1.7e9))
    data = DataDir(tmp_path / "data")
    with open_site() as site:
        page = "<!DOCTYPE html><html><head><title>出错了</title></head><body>您访问的页面不存在</body></html>".encode()
        site.answers["/error.pdf"] = Answer(body=page, headers={"Content-Type": "application/pdf"})
        site.answers["/busy.md"] = lambda number: (
            Answer(503) if number < 3 else Answer(body=GOOD.read_bytes(), headers={"ETag": '"1"'})
        )
        urls = {site.url("/gone.pdf"): "not_found", site.url("/error.pdf"): "html_error_page"}
        sources = [str(folder), *urls, unused_address, site.url("/busy.md")]
        record = ingest(sources, str(data.root))
        assert site.requests["/busy.md"] == 3
        assert site.requests["/gone.pdf"] == 1
        found = {row.source_uri: row.reason_code for row in read_quarantine(data)}
        by_name = {unquote(uri.rpartition("/")[2]): code for uri, code in found.items() if uri.startswith("file:")}
        assert by_name == expected
        assert {uri: code for uri, code in found.items() if uri.startswith("http:")} == {
            **urls,
            unused_address: "unreachable",
        }
        assert len(set(found.values())) == len(found) == 8
        assert all(len(row.reason) > 40 for row in read_quarantine(data))
        assert (record.state, record.inputs, record.quarantined, record.extracted) == ("quarantined_some", 11, 8, 3)
        assert {row[0] for row in rows(data, "SELECT reason_code FROM quarantine")} == set(found.values())
        loaded = {row[0] for row in rows(data, "SELECT file_name FROM filings")}
        assert loaded == {"central_customs_2025.pdf", "gb18030.md", "busy.md"}

        before = state_of(data.parquet, data.warehouse)
        again = ingest(sources, str(data.root))
        assert (again.state, again.quarantined, again.changed) == ("quarantined_some", 8, False)
        assert state_of(data.parquet, data.warehouse) == before
        attempts = {row.reason_code: row.attempts for row in read_quarantine(data)}
        assert attempts["unreachable"] == 2
        assert attempts["damaged_pdf"] == 1

        shutil.copy(SAMPLES / "shanghai_unit_2024.pdf", folder / "junk.pdf")
        mended = ingest([str(folder / "junk.pdf")], str(data.root))
        assert (mended.state, mended.extracted) == ("completed", 1)
        assert "not_a_pdf" not in {row[0] for row in rows(data, "SELECT reason_code FROM quarantine")}
