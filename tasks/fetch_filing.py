"""How is one candidate fetched as a step of a run? With retries where waiting may help, and only there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect import task
from prefect.client.schemas.objects import State, TaskRun
from prefect.logging import get_run_logger
from prefect.tasks import Task, exponential_backoff

from filings.errors import TryAgain
from filings.records import RawFile
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.fetch import fetch

FETCH_RETRIES = 3
"""With the back-off below the last try comes after some 14 s: longer outages are for the next run."""

BACKOFF_SECONDS = 2.0
"""Factor of the exponential back-off: 2, 4, 8 s, each with jitter of up to half of it."""


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Prefect's question whether to retry: only what may pass by itself."""
    return isinstance(state.data, TryAgain)


@task(
    name="fetch",
    task_run_name="fetch {candidate.file_name}",
    retries=FETCH_RETRIES,
    retry_delay_seconds=exponential_backoff(BACKOFF_SECONDS),
    retry_jitter_factor=0.5,
    retry_condition_fn=is_transient,
    persist_result=False,
)
def fetch_task(candidate: Candidate, data: DataDir) -> RawFile:
    """`fetch`, as a step of a run."""
    original = fetch(candidate, data, datetime.now(UTC))
    get_run_logger().info("%s is %s", candidate.uri, original.path)
    return original
