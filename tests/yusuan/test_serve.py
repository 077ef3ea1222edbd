"""`yusuan serve`, and the deployment of deployments/prefect.yaml run by a worker; with real servers and processes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import duckdb
import psutil
import pytest
import yaml

from tests.yusuan.conftest import ROOT, command, environment

SAMPLE = ROOT / "samples" / "filings" / "central_customs_2024.md"
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


@pytest.mark.timeout(400)
def test_serve_runs_the_deployment_shows_its_ui_and_ends_whole(tmp_path: Path) -> None:
    serving = subprocess.Popen(
        command("serve", "--data", tmp_path, "--port", "0"),
        env=environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert serving.stdout is not None
    try:
        address = None
        for line in serving.stdout:
            if found := re.match(r"Prefect UI: +(\S+)", line):
                address = found[1]
            if line.startswith("`yusuan ingest`"):
                break
        assert address is not None
        with urlopen(address, timeout=30) as page:
            assert b"<html" in page.read()
        api = f"{address}/api"
        deadline = time.monotonic() + 60
        while not (deployments := call(api, "/deployments/filter", {})):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        (deployment,) = deployments
        (schedule,) = deployment["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 6 * * *", "Asia/Shanghai")
        assert deployment["global_concurrency_limit"]["limit"] == 4
        run = call(
            api,
            f"/deployments/{deployment['id']}/create_flow_run",
            {"parameters": {"sources": [str(SAMPLE)], "data": str(tmp_path)}, "state": {"type": "SCHEDULED"}},
        )
        assert wait_for_run(api, run["id"]) == "COMPLETED"
        assert count_filings(tmp_path) == 1
        names = {task["name"] for task in call(api, "/task_runs/filter", {})}
        assert {f"fetch {SAMPLE.name}", f"extract {SAMPLE.name}", "load", "validate", "publish"} <= names
        keys = {artifact["key"] for artifact in call(api, "/artifacts/filter", {})}
        assert {"run-summary", "filings"} <= keys

        ran = subprocess.run(
            command("ingest", SAMPLE, "--data", tmp_path, "--json"),
            env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        assert json.loads(ran.stdout)["ui"] == address  # it used the server that serves this folder
        assert len(call(api, "/flow_runs/filter", {"flows": {"name": {"any_": ["ingest"]}}})) >= 2
    finally:
        family = psutil.Process(serving.pid).children(recursive=True)
        serving.send_signal(signal.SIGINT)
        try:
            serving.wait(30)
        finally:
            serving.kill()
            serving.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    assert not (tmp_path / "prefect" / "serving.json").exists()


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
