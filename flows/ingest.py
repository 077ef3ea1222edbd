"""The main flow: discover → fetch → extract → load → validate → publish."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar, cast

from prefect import Flow, flow, runtime, unmapped
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectException
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from filings.records import RawFile, Sha256
from flows.data_folder import resolve_data_dir
from flows.progress import announce
from flows.promote import GateClosedError, promote
from flows.steps import discover_task, is_current_task
from tasks.artifacts import artifacts_task
from tasks.candidate import Candidate
from tasks.data_dir import DataDir
from tasks.discover import Discovery, ledger_names, wanted_sources
from tasks.extract import EXTRACTOR_VERSION
from tasks.extract_filing import extract_task_for
from tasks.fetch.ledger import hold_ledgers
from tasks.fetch.shared_limits import prefect_turn
from tasks.fetch.turns import share_turns
from tasks.fetch_filing import fetch_task
from tasks.news import News
from tasks.quarantine import (
    find_standing_refusal,
    put_in_quarantine,
    refusal_of,
    refuse_members,
    release_from_quarantine,
)
from tasks.run_lock import hold_promotion_lock
from tasks.run_record import RunRecord, mark_run_failed, new_run_id, write_run
from tasks.sources import find_registry

WORKERS_SETTING = "YUSUAN_WORKERS"
"""Environment variable: how many documents are fetched or extracted at once; without it, one per core."""

OWN_SERVER_SETTING = "YUSUAN_OWN_SERVER"
"""Environment variable: ``1`` where the Prefect server is this command's own, so that no other worker asks it."""

_AT_ONCE = 256
"""Inputs that are under way together: the next ones wait, so that memory does not grow with their number."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Input:
    """A candidate and, once it is fetched, its original."""

    candidate: Candidate
    original: RawFile | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How many inputs were fetched and are in quarantine; how many contents were read now, and how many before."""

    fetched: int = 0
    extracted: int = 0
    reused: int = 0
    quarantined: int = 0

    def __add__(self, other: _Outcome) -> _Outcome:
        return _Outcome(
            self.fetched + other.fetched,
            self.extracted + other.extracted,
            self.reused + other.reused,
            self.quarantined + other.quarantined,
        )


def _run_name() -> str:
    return f"ingest {' '.join(runtime.flow_run.parameters.get('sources') or ['all sources'])}"


def _mark_failed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A run that ends by an exception says so in its record, if it came far enough to have one."""
    mark_run_failed(str(flow_run.id), state.message or "failed", resolve_data_dir(flow_run.parameters.get("data")))


_WORKERS = int(os.environ.get(WORKERS_SETTING, os.cpu_count() or 1))
"""Threads that wait for the network and for worker processes."""


@flow(
    name="ingest",
    flow_run_name=_run_name,
    task_runner=cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=_WORKERS)),
    on_failure=[_mark_failed],
    on_crashed=[_mark_failed],
    persist_result=False,
)
def ingest(
    sources: list[str] | None = None, data: str | None = None, full: bool = False, scheduled: bool = False
) -> RunRecord:
    """Bring filings from their sources into the warehouse.

    Args:
        sources: Files, folders, URLs or names of registered sources; none: all registered sources that are enabled.
        data: The data folder; without it the setting YUSUAN_DATA, else ./data.
        full: Look at every page and ask for every document of the sources, whether it may have changed or not.
        scheduled: Leave out sources with a schedule of their own, where none is named.

    Returns:
        What happened.
    """
    folder = resolve_data_dir(data, has_home=runtime.deployment.id is None)
    started_at = datetime.now(UTC)
    run_id = new_run_id(started_at, str(runtime.flow_run.id))
    registry = find_registry()
    wanted = wanted_sources(sources or [], registry, is_scheduled=scheduled)
    with ExitStack() as held:
        held.enter_context(hold_ledgers(ledger_names(wanted, registry), folder))
        if os.environ.get(OWN_SERVER_SETTING) != "1":
            held.enter_context(share_turns(prefect_turn))
        announce("discover")
        discovery = (
            discover_task(wanted, registry, folder, is_full=full, now=started_at) if wanted else Discovery((), (), ())
        )
        _tell_discovery(discovery)
        outcome = _quarantine_pages(discovery, folder) + _fetch_and_extract(discovery.candidates, folder)
    with hold_promotion_lock(folder):
        record = RunRecord(
            run_id=run_id,
            started_at=started_at,
            ended_at=datetime.now(UTC),
            state="quarantined_some" if outcome.quarantined else "completed",
            inputs=len(discovery.candidates) + len(discovery.failures),
            fetched=outcome.fetched,
            extracted=outcome.extracted,
            reused=outcome.reused,
            quarantined=outcome.quarantined,
            extractor_version=EXTRACTOR_VERSION,
            changed=not is_current_task(folder),
            warnings=discovery.warnings,
        )
        write_run(record, folder)  # before the load, which makes table runs of it
        if record.changed:
            failures = promote(folder, run_id)
            if failures:
                record = replace(record, state="failed", failure="; ".join(failures))
                write_run(record, folder)
        else:
            get_run_logger().info("nothing is new; %s is left as it is", folder.warehouse)
        announce("summarise")
        artifacts_task(record, folder)
    if record.failure:
        raise GateClosedError(record.failure)
    return record


def _tell_discovery(discovery: Discovery) -> None:
    logger = get_run_logger()
    logger.info("%d documents to look at", len(discovery.candidates))
    if discovery.skipped:
        shown = ", ".join(discovery.skipped[:20])
        logger.info("%d files are no documents and were skipped: %s", len(discovery.skipped), shown)
    for source, counts in discovery.counts.items():
        logger.info("source %s: %s", source, ", ".join(f"{name} {number}" for name, number in counts.items()))
    for warning in discovery.warnings:
        logger.warning("%s", warning)


def _quarantine_pages(discovery: Discovery, data: DataDir) -> _Outcome:
    """Pages that could not be read are inputs like others: what they lead to may be missing."""
    for url, error in discovery.failures.items():
        put_in_quarantine(url, error, data, seen=datetime.now(UTC))
    for url in discovery.read:
        release_from_quarantine(url, data)
    return _Outcome(quarantined=len(discovery.failures))


def _fetch_and_extract(candidates: Sequence[Candidate], data: DataDir) -> _Outcome:
    """Fetch and extract what is news, a number at a time; the rest is counted as what it is."""
    news = News(data)
    outcome = _Outcome()
    done = 0
    waiting = iter(candidates)
    while batch := list(islice(waiting, _AT_ONCE)):
        to_do = []
        for candidate in batch:
            verdict = news.verdict(candidate)
            if verdict is None:
                to_do.append(candidate)
            outcome += _Outcome(
                reused=verdict == "loaded", quarantined=verdict == "refused", fetched=verdict is not None
            )
        outcome += _fetch_and_extract_batch(to_do, data, done + len(batch) - len(to_do), len(candidates))
        done += len(batch)
    return outcome


def _fetch_and_extract_batch(candidates: Sequence[Candidate], data: DataDir, before: int, total: int) -> _Outcome:
    """Fetch every candidate, extract each content once, and settle every input by what became of its content.

    The inputs are gone through in their own order, whichever is fetched first, so that the first of several equal
    documents is always the one that the filing names as its source.
    """
    fetches = fetch_task.map(candidates, unmapped(data))
    extractions: dict[Sha256, PrefectFuture[Any]] = {}
    to_settle: list[tuple[_Input, PrefectFuture[Any]]] = []
    fetched = quarantined = 0
    for done, (candidate, fetch) in enumerate(zip(candidates, fetches, strict=True)):
        announce("fetch", before + done, total)
        original = _result_or_quarantine(_Input(candidate), fetch, data)
        fetched += original is not None
        if original is None or _is_refused_still(_Input(candidate, original), data):
            quarantined += 1
            continue
        if original.sha256 not in extractions:
            extractions[original.sha256] = extract_task_for(original, data).submit(original, data)
        to_settle.append((_Input(candidate, original), extractions[original.sha256]))
    for done, (item, extraction) in enumerate(to_settle):
        announce("extract", done, len(to_settle))
        report = _result_or_quarantine(item, extraction, data)
        if report is None:
            quarantined += 1
        else:
            release_from_quarantine(item.candidate.uri, data)
            quarantined += refuse_members(report.refused, EXTRACTOR_VERSION, data, seen=datetime.now(UTC))
    completed = [future for future in extractions.values() if future.state.is_completed()]
    reused = sum(future.state.name == "Cached" for future in completed)
    return _Outcome(fetched=fetched, extracted=len(completed) - reused, reused=reused, quarantined=quarantined)


def _is_refused_still(item: _Input, data: DataDir) -> bool:
    if item.original is None:
        return False
    refusal = find_standing_refusal(item.candidate.uri, item.original.sha256, EXTRACTOR_VERSION, data)
    if refusal is not None:
        get_run_logger().warning(
            "%s stays in quarantine: %s: %s", refusal.source_uri, refusal.reason_code, refusal.reason
        )
    return refusal is not None


def _result_or_quarantine(item: _Input, future: PrefectFuture[_Result], data: DataDir) -> _Result | None:
    """The boundary between one filing and the others: whatever goes wrong with it ends here, with its reason."""
    try:
        return future.result()
    except PrefectException:
        raise  # Prefect itself is in trouble, not the filing
    except Exception as error:
        row = put_in_quarantine(
            item.candidate.uri,
            refusal_of(error),
            data,
            seen=datetime.now(UTC),
            sha256=item.original.sha256 if item.original else None,
            extractor_version=EXTRACTOR_VERSION if item.original else None,
        )
        get_run_logger().warning("%s is in quarantine: %s: %s", row.source_uri, row.reason_code, row.reason)
        return None
