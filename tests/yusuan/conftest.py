from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yusuan.prefect_setup import LocalServer

ROOT = Path(__file__).resolve().parents[2]
Yusuan = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**changes: str) -> dict[str, str]:
    """This environment without anybody's Prefect settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "YUSUAN_"))}
    return clean | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"} | changes


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from yusuan.cli import app; app()", *map(str, arguments)]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server as a process of its own, so that each command need not start one; its API address."""
    home = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        started = LocalServer()
    try:
        started.wait_until_ready()
        yield started.api_url
    finally:
        started.stop()


@pytest.fixture(scope="session")
def yusuan(server: str) -> Yusuan:
    """Runs the command line as a process of its own, against the test's server."""

    def run(*arguments: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            env=environment(**{"PREFECT_API_URL": server, **changes}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def loaded(yusuan: Yusuan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one filing that has no findings and one that has some; and one input in quarantine."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "empty.pdf").write_bytes(b"")
    samples = ROOT / "samples" / "filings"
    data = tmp_path_factory.mktemp("data")
    ran = yusuan(
        "ingest", folder, samples / "central_customs_2024.md", samples / "shanghai_unit_2024.pdf", "--data", data
    )
    assert ran.returncode == 3, ran.stderr
    return data
