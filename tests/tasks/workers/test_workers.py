from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import samples
from filings.errors import TryAgain, UnusableInput
from samples.scan import draw_scan
from tasks.extract_filing import count_pictures
from tasks.workers import Workers
from tasks.workers.outcome import Limits, ProgramFaultError, read_limits
from tests.tasks.extract.readers.drawn import draw_small_pdf

ENOUGH = Limits(seconds=30.0, memory_bytes=2 * 1024**3)


def behave(how: str) -> object:
    """What documents make readers do."""
    if how == "unusable":
        raise UnusableInput("damaged_pdf", "说明")
    if how == "transient":
        raise TryAgain("disk_full", "later")
    if how == "fault":
        raise ZeroDivisionError("mine")
    if how == "loop":
        time.sleep(60)
    if how == "swell":
        return len(bytearray(8 * 1024**3))
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "exit":
        sys.exit(0)
    if how == "warn":
        for number in range(1000):
            logging.getLogger("pdf").warning("damaged object %d", number)
    return os.getpid()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    started = Workers(f"{__name__}:behave")
    yield started
    started.stop()


def test_each_job_has_a_process_of_its_own(workers: Workers) -> None:
    pids = {workers.run(("work",), ENOUGH).value for _ in range(3)}
    assert len(pids) == 3
    assert os.getpid() not in pids
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_errors_that_say_what_to_do_come_back_whole(workers: Workers) -> None:
    with pytest.raises(UnusableInput) as refused:
        workers.run(("unusable",), ENOUGH)
    assert (refused.value.reason_code, refused.value.reason) == ("damaged_pdf", "说明")
    with pytest.raises(TryAgain, match="disk_full"):
        workers.run(("transient",), ENOUGH)


def test_a_fault_of_the_program_keeps_its_traceback(workers: Workers) -> None:
    with pytest.raises(ProgramFaultError, match=r"(?s)in behave.*ZeroDivisionError: mine"):
        workers.run(("fault",), ENOUGH)


@pytest.mark.parametrize(
    ("how", "reason_code"),
    [
        ("loop", "took_too_long"),
        ("swell", "too_much_memory"),
        ("crash", "reader_crashed"),
    ],
)
def test_a_hostile_document_kills_only_itself(workers: Workers, how: str, reason_code: str) -> None:
    limits = Limits(seconds=0.5 if how == "loop" else 30.0, memory_bytes=ENOUGH.memory_bytes)
    with pytest.raises(UnusableInput) as refused:
        workers.run((how,), limits)
    assert refused.value.reason_code == reason_code
    assert isinstance(workers.run(("work",), ENOUGH).value, int)


def test_even_an_exit_is_a_fault_and_not_a_result(workers: Workers) -> None:
    with pytest.raises(ProgramFaultError, match="SystemExit"):
        workers.run(("exit",), ENOUGH)


def test_the_first_warnings_come_back(workers: Workers) -> None:
    messages = workers.run(("warn",), ENOUGH).messages
    assert messages[0] == "pdf: damaged object 0"
    assert len(messages) == 20


def test_threads_share_the_processes(workers: Workers) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: workers.run(("work",), ENOUGH).value, range(20)))
    assert len(set(outcomes)) == 20


def test_a_process_is_cheap_once_the_first_has_started(workers: Workers) -> None:
    workers.run(("work",), ENOUGH)
    started = time.monotonic()
    for _ in range(20):
        workers.run(("work",), ENOUGH)
    assert (time.monotonic() - started) / 20 < 0.25


def test_no_process_outlives_a_killed_run(tmp_path: Path) -> None:
    program = (
        "import sys, threading, time; from tasks.workers import Workers; from tasks.workers.outcome import Limits\n"
        f"workers = Workers('{__name__}:behave')\n"
        "threading.Thread(target=workers.run, args=(('loop',), Limits()), daemon=True).start()\n"
        "time.sleep(60)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[3])
    try:
        deadline = time.monotonic() + 30
        while len(children := psutil.Process(run.pid).children(recursive=True)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        run.kill()
        run.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_a_large_filing_may_take_longer_unless_the_operator_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUSUAN_EXTRACT_SECONDS", raising=False)
    small, large = read_limits(10_000), read_limits(100_000_000)
    assert small.seconds is not None
    assert large.seconds is not None
    assert small.seconds < 700 < 5000 < large.seconds
    monkeypatch.setenv("YUSUAN_EXTRACT_SECONDS", "30")
    assert read_limits(100_000_000).seconds == 30


def test_a_scan_has_time_for_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUSUAN_EXTRACT_SECONDS", raising=False)
    plain, scanned, hostile = (read_limits(size, 1_000).seconds for size in (1_000, 14_000_000, 80_000))
    assert plain is not None
    assert scanned is not None
    assert hostile is not None
    assert plain < 700 < hostile < 1000  # a thousand pictures in so few bytes are no pages
    assert scanned > 1_000 * 5


def test_pictures_are_counted_without_opening_the_file(tmp_path: Path) -> None:
    counted = {}
    for name in ("filings/jiangsu_2019.pdf", "other_formats/jiangsu_2019.docx"):
        counted[name] = count_pictures(Path(samples.__file__).parent / name)
    (tmp_path / "scan.pdf").write_bytes(draw_scan(draw_small_pdf()))
    (tmp_path / "empty.pdf").write_bytes(b"")
    assert counted == dict.fromkeys(counted, 0)
    assert count_pictures(tmp_path / "scan.pdf") == 1
    assert count_pictures(tmp_path / "empty.pdf") == 0
