"""How do the commands that change the warehouse run their flow?

Prefect is imported inside the functions only, after its settings are made.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape

from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.discover import discover, wanted_sources
from tasks.extract import EXTRACTOR_VERSION
from tasks.fetch.secrets import without_secrets
from tasks.news import find_settled
from tasks.run_record import RunRecord, new_run_id, write_run
from tasks.sources import find_registry, read_registry
from tasks.summary import read_summary
from yusuan.prefect_setup import needs_own_server, prefect_server, prepare
from yusuan.reading import places, show_quarantine, show_summary, summary_as_json
from yusuan.terminal import err, out, print_json, print_pairs, show_progress

QUARANTINED_SOME = 3
"""Exit status of a run that finished but put some of its inputs into quarantine."""


def run_ingest(sources: Sequence[str], data: DataDir, *, is_full: bool = False, as_json: bool, is_verbose: bool) -> int:
    """Run the ingest flow and print what it did.

    Args:
        sources: As typed; checked before anything starts.
        data: The data folder.
        is_full: Look at everything that the sources offer, whether it may have changed or not.
        as_json: Print JSON instead of words.
        is_verbose: Show the run's log on standard error.

    Returns:
        The exit status.

    Raises:
        WrongSourceError: A SOURCE names nothing.
        GateClosedError, AnotherRunError, NoServerError: The run failed; the last good warehouse stays.
    """
    started = time.monotonic()
    registry = find_registry()
    registered = read_registry(registry)
    # Before an address gets into the records of a run, it loses what not everybody should know.
    wanted = [without_secrets(source) for source in wanted_sources(sources, registry)]
    local = [source for source in wanted if source not in registered or not registered[source].is_on_web]
    discovery = discover(local, registry) if local else None  # a mistyped name is told before anything starts
    prepare(data, is_verbose=is_verbose)
    ui: str | None = None
    record = None
    if discovery and local == wanted and not is_full and needs_own_server(data):  # whose start takes the longest
        record = _record_without_news(discovery.candidates, data)
    if record is None:
        with show_progress(), prefect_server(data) as ui:
            from flows.ingest import ingest

            record = ingest(wanted, str(data.root), full=is_full)
    seconds = time.monotonic() - started
    status = QUARANTINED_SOME if record.quarantined else 0
    summary = read_summary(data)
    run: dict[str, Any] = {
        "run_id": record.run_id,
        "state": record.state,
        "changed": record.changed,
        "inputs": record.inputs,
        "extracted": record.extracted,
        "reused": record.reused,
        "quarantined": record.quarantined,
        "warnings": list(record.warnings),
        "seconds": round(seconds, 1),
    }
    if as_json:
        print_json({"run": run, **summary_as_json(summary), **places(data), "ui": ui})
        return status
    equal = record.inputs - record.extracted - record.reused - record.quarantined
    what = f"{record.extracted} read, {record.reused} known already, {record.quarantined} in quarantine"
    what += f", {equal} equal to another" if equal else ""
    out.print(f"\n[bold]{record.inputs} inputs[/]: {what}; {seconds:.0f} s")
    if not record.changed:
        out.print("Nothing is new: the warehouse is as it was.")
    for warning in record.warnings:
        err.print(f"[bold yellow]warning:[/] {escape(warning)}")
    out.print()
    show_summary(summary)
    show_quarantine(summary)
    out.print()
    where = places(data)
    print_pairs(
        {
            "Warehouse": where["warehouse"],
            "Tables": f"{where['published']} (Parquet, CSV, XLSX)",
            "Data Docs": where["data_docs"],
            "Prefect UI": ui or f"start it with `yusuan serve --data {data.root}`",
        }
    )
    return status


def _record_without_news(candidates: Sequence[Candidate], data: DataDir) -> RunRecord | None:
    """The record of a run that has nothing to do; None where there is something."""
    started_at = datetime.now(UTC)
    settled = find_settled(candidates, data)
    if settled is None:
        return None
    record = RunRecord(
        run_id=new_run_id(started_at, secrets.token_hex(4)),
        started_at=started_at,
        ended_at=datetime.now(UTC),
        state="quarantined_some" if settled.refused else "completed",
        inputs=len(candidates),
        fetched=len(candidates),
        extracted=0,
        reused=settled.loaded,
        quarantined=settled.refused,
        extractor_version=EXTRACTOR_VERSION,
        changed=False,
    )
    write_run(record, data)
    return record


def run_rebuild(data: DataDir, *, as_json: bool, is_verbose: bool) -> int:
    """Run the rebuild flow and print what is there now; errors as `run_ingest`."""
    prepare(data, is_verbose=is_verbose)
    with show_progress(), prefect_server(data):
        from flows.rebuild import rebuild

        rebuild(str(data.root))
    summary = read_summary(data)
    if as_json:
        print_json({**summary_as_json(summary), **places(data)})
    else:
        show_summary(summary)
    return 0
