"""How does one machine run the whole thing by itself: server, UI, schedule and the runs?

What is served is the deployment of ``deployments/prefect.yaml``: the same flow, schedule and limits that a work pool
would run.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast

import yaml

from tasks.data_dir import DataDir
from tasks.durable_files import write_durably
from tasks.sources import find_registry, read_registry
from yusuan.prefect_setup import LocalServer, find_serving, prepare, serving_file
from yusuan.terminal import out

DEPLOYMENTS = Path(__file__).resolve().parents[1] / "deployments" / "prefect.yaml"
"""Where the deployment is declared."""


class PortTakenError(RuntimeError):
    """Another program listens on the port."""


def run_serve(data: DataDir, port: int) -> int:
    """Serve until interrupted.

    Args:
        data: The data folder of all runs.
        port: Of the UI; 0 for any that is free.

    Raises:
        PortTakenError: Another program listens there, or another `yusuan serve` serves this folder.
        NoServerError: The server did not start.
    """
    if serving := find_serving(data):
        raise PortTakenError(f"{data.root} is served already at {serving.removesuffix('/api')}")
    prepare(data, is_verbose=True)
    os.environ.pop("PREFECT_API_URL", None)
    os.environ["YUSUAN_DATA"] = str(data.root)
    try:
        server = LocalServer(port, has_ui=True)
    except OSError as error:
        raise PortTakenError(f"port {port}: {error.strerror}; choose another with --port") from error
    out.print("Starting Prefect's server and UI …")
    try:
        os.environ["PREFECT_API_URL"] = server.api_url
        import prefect.main  # noqa: F401 - in the time that the server takes to start

        server.wait_until_ready()
        write_durably(serving_file(data), json.dumps({"api_url": server.api_url}).encode())
        _serve_deployment(server.address, data)
    finally:
        serving_file(data).unlink(missing_ok=True)
        server.stop()
    return 0


def read_deployment() -> dict[str, Any]:
    """The declaration of the ingest deployment."""
    declared = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))
    deployment: dict[str, Any] = next(item for item in declared["deployments"] if item["name"] == "daily")
    return deployment


def _serve_deployment(address: str, data: DataDir) -> None:
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    from flows.ingest import ingest

    declared = read_deployment()
    schedules = [
        Cron(item["cron"], timezone=item["timezone"], slug=item["slug"], parameters={"scheduled": True})
        for item in declared["schedules"]
    ]
    own = {source.name: source.schedule for source in read_registry(find_registry()).values() if source.enabled}
    for name, schedule in own.items():
        if schedule is not None:
            parameters = {"sources": [name], "scheduled": False}
            schedules.append(Cron(schedule.cron, timezone=schedule.timezone, slug=name, parameters=parameters))
    deployment = cast(
        RunnerDeployment,
        ingest.to_deployment(  # a coroutine in an event loop only
            name=declared["name"],
            description=declared["description"],
            tags=declared["tags"],
            parameters=declared["parameters"] | {"data": str(data.root)},
            schedules=schedules,
            concurrency_limit=declared["concurrency_limit"]["limit"],
        ),
    )
    out.print(f"Prefect UI:   {address}")
    out.print(f"Data folder:  {data.root}")
    for item in declared["schedules"]:
        out.print(f"Schedule:     {item['cron']} ({item['timezone']})")
    for name, schedule in own.items():
        if schedule is not None:
            out.print(f"              {schedule.cron} ({schedule.timezone}): source {name}")
    out.print("`yusuan ingest` on the same data folder shows up there. Ctrl-C ends all.")
    serve(deployment, pause_on_shutdown=False, print_starting_message=False)
