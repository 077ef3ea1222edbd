"""What happened in a run? One JSON file per run under ``DATA/runs/``, from which table ``runs`` is loaded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version

from tasks.data_dir import DataDir
from tasks.durable_files import write_durably

_PACKAGES = ("yusuan", "prefect", "duckdb", "polars", "pdfplumber", "pypdfium2", "great-expectations")
"""The packages that decide what a run yields."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; the columns of table ``runs``, and ``changed``.

    Args:
        run_id: Start and Prefect's id, so that names sort by time.
        started_at: UTC.
        ended_at: End of extraction (UTC).
        state: ``completed``, ``quarantined_some`` or ``failed``.
        inputs: Documents offered by the sources.
        fetched: Of these, in the store.
        extracted: Read in this run.
        reused: Read in an earlier run.
        quarantined: Of the inputs, in quarantine after the run.
        extractor_version: Of the extractor and its form data.
        changed: False if the warehouse in place already held all this.
        failure: Why the run failed, if it did.
        warnings: What the operator must know of the sources.
        versions: Of the packages that matter.
    """

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    inputs: int
    fetched: int
    extracted: int
    reused: int
    quarantined: int
    extractor_version: str
    changed: bool
    failure: str | None = None
    warnings: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=lambda: {name: version(name) for name in _PACKAGES})


def write_run(record: RunRecord, data: DataDir) -> None:
    """Keep the record, replacing the run's earlier one."""
    ended_at = record.ended_at.isoformat() if record.ended_at else None
    content = asdict(record) | {"started_at": record.started_at.isoformat(), "ended_at": ended_at}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_durably(data.runs / f"{record.run_id}.json", text.encode())


def new_run_id(started_at: datetime, prefect_id: str) -> str:
    """A name for a run that sorts by time and leads to its page in Prefect: ``20261121T060000Z-1a2b3c4d``."""
    return f"{started_at:%Y%m%dT%H%M%SZ}-{prefect_id[:8]}"


def mark_run_failed(prefect_id: str, failure: str, data: DataDir) -> None:
    """Say in a run's record that it failed, if it has one that does not say so yet."""
    for path in data.runs.glob(f"*-{prefect_id[:8]}.json"):
        content = json.loads(path.read_bytes())
        if content["state"] != "failed":
            content |= {"state": "failed", "failure": failure}
            write_durably(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
