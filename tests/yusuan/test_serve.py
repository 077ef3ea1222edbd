"""`yusuan serve`, and the deployment of deployments/prefect.yaml run by a worker; with real servers and processes."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import duckdb
import psutil
import pytest
import yaml

from tests.yusuan.conftest import ROOT, command, environment

SAMPLE = ROOT / "samples" / "filings" / "central_customs_2024.md"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_RUN_SECONDS = 150.0


def call(api: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
    request = Request(api + path, headers={"Content-Type": "application/json"})
    with urlopen(request, None if body is None else json.dumps(body).encode(), timeout=30) as response:
        return json.load(response)


def wait_for_run(api: str, run_id: str) -> str:
    deadline = time.monotonic() + _RUN_SECONDS
    while time.monotonic() < deadline:
        state: str = call(api, f"/flow_runs/{run_id}")["state"]["type"]
        if state in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return state
        time.sleep(0.5)
    return "TOO LATE"


def count_filings(data: Path) -> int:
    with duckdb.connect(data / "warehouse.duckdb", read_only=True) as connection:
        (row,) = connection.execute("SELECT count(*) FROM filings").fetchall()
    return int(row[0])


@dataclass(frozen=True)
class Serving:
    """`yusuan serve` as a process of its own."""

    process: subprocess.Popen[str]
    address: str
    data: Path

    @property
    def api(self) -> str:
        return f"{self.address}/api"

    def deployment(self) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while not (deployments := call(self.api, "/deployments/filter", {})):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        (deployment,) = deployments
        assert isinstance(deployment, dict)
        return deployment


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    data, registry = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("registry")
    text = f"name: {{name}}\npublisher: P\nentry_points:\n- folder: {SAMPLE.parent}\n"
    (registry / "own.yml").write_text(text.format(name="own") + "schedule: {cron: '30 7 * * 1', timezone: UTC}\n")
    (registry / "daily.yml").write_text(text.format(name="daily"))
    process = subprocess.Popen(
        command("serve", "--data", data, "--port", "0"),
        env=environment(YUSUAN_SOURCES=str(registry)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = None
    try:
        for line in process.stdout:
            if found := re.match(r"Prefect UI: +(\S+)", line):
                address = found[1]
            if line.startswith("`yusuan ingest`"):
                break
        assert address is not None
        yield Serving(process, address, data)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def served_run(serving: Serving) -> str:
    """The id of a run of the deployment, ended."""
    run = call(
        serving.api,
        f"/deployments/{serving.deployment()['id']}/create_flow_run",
        {"parameters": {"sources": [str(SAMPLE)], "data": str(serving.data)}, "state": {"type": "SCHEDULED"}},
    )
    assert wait_for_run(serving.api, run["id"]) == "COMPLETED"
    return str(run["id"])


def test_serve_has_the_daily_schedule_and_those_of_the_sources(serving: Serving) -> None:
    deployment = serving.deployment()
    found = {
        schedule["slug"]: (schedule["schedule"]["cron"], schedule["schedule"]["timezone"], schedule["parameters"])
        for schedule in deployment["schedules"]
    }
    assert sorted(found.values()) == [
        ("0 6 * * *", "Asia/Shanghai", {"scheduled": True}),
        ("30 7 * * 1", "UTC", {"sources": ["own"], "scheduled": False}),
    ]
    assert "own" in found
    assert deployment["global_concurrency_limit"]["limit"] == 4


@pytest.mark.timeout(400)
def test_a_served_run_is_told_by_its_tasks_and_artifacts(serving: Serving, served_run: str) -> None:
    assert count_filings(serving.data) == 1
    names = {task["name"] for task in call(serving.api, "/task_runs/filter", {})}
    assert {f"fetch {SAMPLE.name}", f"extract {SAMPLE.name}", "load", "validate", "publish"} <= names
    keys = {artifact["key"] for artifact in call(serving.api, "/artifacts/filter", {})}
    assert {"run-summary", "filings"} <= keys

    ran = subprocess.run(
        command("ingest", SAMPLE, "--data", serving.data, "--json"),
        env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(ran.stdout)["ui"] == serving.address  # it used the server that serves this folder
    assert len(call(serving.api, "/flow_runs/filter", {"flows": {"name": {"any_": ["ingest"]}}})) >= 2


@pytest.mark.timeout(400)
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH to open the UI in")
def test_the_ui_shows_the_run_its_filings_logs_and_summary(serving: Serving, served_run: str, tmp_path: Path) -> None:
    def see(path: str, *words: str) -> None:
        for _ in range(5):
            page = open_in_browser(f"{serving.address}{path}", tmp_path)
            if all(word in page for word in words):
                return
        raise AssertionError(f"{path} does not show {[word for word in words if word not in page]}")

    see("/runs", "ingest", "Completed")
    see(f"/runs/flow-run/{served_run}", "Completed", SAMPLE.name, "statements, ")
    see(f"/runs/flow-run/{served_run}?tab=Task%20Runs", f"extract {SAMPLE.name}", f"fetch {SAMPLE.name}", "validate")
    see("/artifacts", "run-summary", "filings")


def open_in_browser(address: str, profile: Path) -> str:
    """The page as it stands after its scripts have run."""
    assert CHROMIUM is not None
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --window-size=1400,2000 --virtual-time-budget=20000 --dump-dom"
    )
    ran = subprocess.run(
        [CHROMIUM, *flags.split(), f"--user-data-dir={profile}", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return ran.stdout


def test_serve_ends_whole(serving: Serving, served_run: str) -> None:
    """The last of these tests: it interrupts what the others used."""
    family = psutil.Process(serving.process.pid).children(recursive=True)
    serving.process.send_signal(signal.SIGINT)
    serving.process.wait(30)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    assert not (serving.data / "prefect" / "serving.json").exists()


@pytest.mark.timeout(400)
def test_a_worker_runs_the_deployment_of_prefect_yaml(server: str, tmp_path: Path) -> None:
    variables = environment(
        PREFECT_API_URL=server, PREFECT_HOME=str(tmp_path / "home"), YUSUAN_DATA=str(tmp_path / "d")
    )
    declared = yaml.safe_load((ROOT / "deployments" / "prefect.yaml").read_text())["deployments"][0]

    def prefect(*arguments: str) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "prefect", *arguments],
            env=variables, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr

    pool = declared["work_pool"]["name"]
    prefect("work-pool", "create", "--type", "process", pool)
    prefect("--no-prompt", "deploy", "--prefect-file", "deployments/prefect.yaml", "--all")
    deployment = call(server, f"/deployments/name/ingest/{declared['name']}")
    (schedule,) = deployment["schedules"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 6 * * *", "Asia/Shanghai")
    assert deployment["work_pool_name"] == pool
    run = call(server, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"sources": [str(SAMPLE)]}})
    prefect("worker", "start", "--pool", pool, "--run-once", "--install-policy", "never")
    assert wait_for_run(server, run["id"]) == "COMPLETED"
    assert count_filings(tmp_path / "d") == 1
