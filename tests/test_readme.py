"""Every command that the README shows, run as it stands there, in its order, on one data folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line.strip()
]
THIS_RUN = "make test"
"""The command that runs this very test."""
STAYS = ("yusuan serve", "prefect server start", "prefect worker start")
"""Commands that run until they are ended."""
PATIENCE_SECONDS = 240
"""How long a command may take on a machine that is busy with the other tests."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("readme")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "YUSUAN_"))}
    return settings | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHON": sys.executable,
        "YUSUAN_DATA": str(folder / "data"),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


def run(command: str, environment: dict[str, str]) -> None:
    finished = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout[-3000:]}{finished.stderr[-3000:]}"


def test_all_commands_are_known() -> None:
    assert THIS_RUN in COMMANDS
    assert {command.split()[0] for command in COMMANDS} <= {"make", "yusuan", "prefect"}


@pytest.mark.timeout(PATIENCE_SECONDS * 4)
def test_commands_that_end(environment: dict[str, str]) -> None:
    commands = [c for c in COMMANDS if c != THIS_RUN and not c.startswith((*STAYS, "prefect"))]
    assert commands[0] == "make run"
    for command in commands:
        run(command, environment)


@pytest.mark.timeout(PATIENCE_SECONDS * 3)
def test_commands_that_stay(environment: dict[str, str], tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{environment['PREFECT_SERVER_API_PORT']}"
    processes = []
    try:
        processes.append(start("prefect server start", environment, tmp_path / "server.log"))
        wait_for(lambda: answers(f"{url}/api/health"), processes)
        with_server = environment | {"PREFECT_API_URL": f"{url}/api"}
        for command in (c for c in COMMANDS if c.startswith("prefect") and not c.startswith(STAYS)):
            run(command, with_server)
        log = tmp_path / "worker.log"
        processes.append(start("prefect worker start --pool yusuan", with_server, log))
        wait_for(lambda: "started!" in log.read_text(), processes)
    finally:
        for process in reversed(processes):
            stop(process)


@pytest.mark.timeout(PATIENCE_SECONDS * 2)
def test_serve(environment: dict[str, str], tmp_path: Path) -> None:
    process = start(
        f"yusuan serve --port {environment['PREFECT_SERVER_API_PORT']}", environment, tmp_path / "serve.log"
    )
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{environment['PREFECT_SERVER_API_PORT']}/api/health"), [process])
    finally:
        stop(process)


def start(command: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command.split(), cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def wait_for(ready: object, processes: list[subprocess.Popen[bytes]]) -> None:
    assert callable(ready)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        assert all(process.poll() is None for process in processes), "it ended by itself"
        if ready():
            return
        time.sleep(0.5)
    pytest.fail("it did not come up in time")
