"""Which Prefect server does a command use, and how does Prefect behave in it?

The server that PREFECT_API_URL names; else the one of a `yusuan serve` on the same data folder; else one of our own
that lives as long as the command. It is started before Prefect is imported, so that both start at the same time.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tasks.data_dir import DataDir

_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "GX_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
"""Nothing is reported to anyone, and the terminal shows our own progress; whoever sets another value keeps it."""

_SERVICES = (
    "SCHEDULER",
    "LATE_RUNS",
    "CANCELLATION_CLEANUP",
    "PAUSE_EXPIRATIONS",
    "FOREMAN",
    "REPOSSESSOR",
    "TRIGGERS",
)
"""Services that a server for one run does not need."""

_START_SECONDS = 90.0
"""How long a server may take to start; about 6 s on two cores, more while its database is made."""


class NoServerError(RuntimeError):
    """The local Prefect server did not start."""


def prepare(data: DataDir, *, is_verbose: bool = False) -> None:
    """Set Prefect's settings for this process, where the operator has not; before Prefect is imported."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if is_verbose:
        os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    if not os.environ.get("PREFECT_API_URL"):
        # Runs of this folder are seen in the UI of this folder, and nobody else's Prefect is touched.
        os.environ.setdefault("PREFECT_HOME", str(data.root / "prefect"))
        Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


def find_serving(data: DataDir) -> str | None:
    """The API address of a `yusuan serve` on the same data folder, if one answers."""
    try:
        api_url: str = json.loads(serving_file(data).read_bytes())["api_url"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return api_url if _is_healthy(api_url) else None


def serving_file(data: DataDir) -> Path:
    """Where `yusuan serve` says at which address it is."""
    return data.root / "prefect" / "serving.json"


class LocalServer:
    """A Prefect server of our own on a port of 127.0.0.1; it ends with this process, however that ends.

    Args:
        port: 0 for any that is free.
        has_ui: Whether it shows the UI and runs the services of schedules.

    Raises:
        OSError: The port is taken.
    """

    def __init__(self, port: int = 0, *, has_ui: bool = False) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        with listener:
            listener.listen(128)
            self.port: int = listener.getsockname()[1]
            self.address = f"http://127.0.0.1:{self.port}"
            self.api_url = f"{self.address}/api"
            environment = os.environ | {
                "PREFECT_SERVER_API_HOST": "127.0.0.1",
                "PREFECT_SERVER_API_PORT": str(self.port),
                "PREFECT_UI_ENABLED": str(has_ui).lower(),
            }
            if not has_ui:
                environment |= {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _SERVICES}
            self._log = Path(os.environ["PREFECT_HOME"]) / "server.log"
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "yusuan.local_server", str(listener.fileno())],
                    pass_fds=[listener.fileno()],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=environment,
                )

    def wait_until_ready(self) -> None:
        """Wait for the first answer.

        Raises:
            NoServerError: It ended, or gave no answer in time.
        """
        deadline = time.monotonic() + _START_SECONDS
        while not _is_healthy(self.api_url):
            if self._process.poll() is not None:
                raise NoServerError(f"the local Prefect server ended at its start; why is at the end of {self._log}")
            if time.monotonic() > deadline:
                raise NoServerError(
                    f"the local Prefect server gave no answer in {_START_SECONDS:.0f} s; see {self._log}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and wait for its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def needs_own_server(data: DataDir) -> bool:
    """True if `prefect_server` will have to start one."""
    return not os.environ.get("PREFECT_API_URL") and find_serving(data) is None


@contextmanager
def prefect_server(data: DataDir) -> Iterator[str | None]:
    """Give this process a Prefect server while the block runs; Prefect may be imported inside only.

    Yields:
        The address of its UI, or None where it has none or it is not known.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield os.environ.get("PREFECT_UI_URL") or os.environ["PREFECT_API_URL"].removesuffix("/api")
    elif serving := find_serving(data):
        os.environ["PREFECT_API_URL"] = serving
        yield serving.removesuffix("/api")
    else:
        server = LocalServer()
        # At the exit, not here: Prefect sends its last logs then. Registered before Prefect's own, it is called after.
        atexit.register(server.stop)
        os.environ["PREFECT_API_URL"] = server.api_url
        os.environ["YUSUAN_OWN_SERVER"] = "1"  # nobody else asks it: limits that it would share are not needed
        import prefect.main  # noqa: F401 - in the time that the server takes to start

        server.wait_until_ready()
        yield None


def _is_healthy(api_url: str) -> bool:
    try:
        with urlopen(f"{api_url}/health", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False
