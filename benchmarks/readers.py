"""How fast are the tables of PDFs read, and how rightly, against pdfplumber, other peers and the floor, in one run?

Run: ``make bench``, or ``.venv/bin/python -m benchmarks.readers [--truth FOLDER] PDF_OR_FOLDER …``. Every contestant has
a process of its own, by which its memory is measured, and each file is read by all in turn, one at a time, so that what
else the machine does meets them alike; the ratios of processor seconds are what counts. Scans are not recognised here,
for only one contestant can: ``benchmarks.scan`` measures that.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pypdfium2 as pdfium2

from benchmarks.contestants import CONTESTANTS, PEERS, Table, read_items
from benchmarks.rightness import count_right, read_expected

SLOW = ("pymupdf", "camelot lattice", "tabula lattice")
"""Contestants that take minutes: where the truth is known of some files, they read those only."""

SLOW_SECONDS = 5.0
"""What is read in less is read twice, and the quicker reading counts: the first one also pays for imports."""

PLAIN, OURS, FLOOR = "pdfplumber", "yusuan items", "pdfium floor"
"""What the ratios compare."""

FILINGS_AT_ONCE = 24
"""How many filings the measurement with all cores reads: some for each of many cores."""

PAGE_COUNTS = (100, 1000)
"""Lengths of the documents by which the growth of memory is measured."""


@dataclass(frozen=True)
class Reading:
    """What one contestant made of one file: processor seconds, those of its child processes too, and its tables."""

    seconds: float
    tables: list[Table]
    peak_mib: float
    failure: str | None = None


def read_once(name: str, file: Path) -> Reading:
    """Let a contestant read a file, in its own process."""
    if str(PEERS) not in sys.path:
        sys.path.append(str(PEERS))  # after what we depend on, so that a peer's choice of versions changes nothing
    before = _processor_seconds()
    try:
        tables, failure = CONTESTANTS[name](file), None
    except Exception as error:  # a peer may fail in any way; the benchmark says so and goes on
        tables, failure = [], f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return Reading(_processor_seconds() - before, tables, _peak_mib(), failure)


def measure_time_and_rightness(files: list[Path], truth: Path | None) -> None:
    """Print seconds by file and contestant, ratios, amounts right and peak memory."""
    names = list(CONTESTANTS)
    pools = {name: ProcessPoolExecutor(1, mp_context=get_context("spawn")) for name in names}
    totals, peaks, right = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
    plain = dict.fromkeys(names, 0.0)
    failures: dict[str, str] = {}
    expected_count = 0
    _write_row("processor seconds", names)
    for file in files:
        answers = truth / f"{file.stem}_cells.csv" if truth else None
        expected = read_expected(answers) if answers and answers.exists() else []
        expected_count += len(expected)
        seconds: dict[str, float] = {}
        for name in names:
            if name in failures or (name in SLOW and truth and not expected):
                continue
            readings = [pools[name].submit(read_once, name, file).result()]
            if readings[0].seconds < SLOW_SECONDS:
                readings.append(pools[name].submit(read_once, name, file).result())
            if readings[-1].failure:
                failures[name] = readings[-1].failure
                continue
            seconds[name] = min(reading.seconds for reading in readings)
            totals[name] += seconds[name]
            plain[name] += seconds[PLAIN]
            peaks[name] = max(peaks[name], readings[-1].peak_mib)
            right[name] += count_right(expected, readings[-1].tables)
        _write_row(file.name, [f"{seconds[name]:.2f}" if name in seconds else "-" for name in names])
    for pool in pools.values():
        pool.shutdown()
    known = [name for name in names if name not in failures]

    def row(title: str, texts: dict[str, str]) -> None:
        _write_row(title, [texts.get(name, "-") for name in names])

    row("all", {name: f"{totals[name]:.2f}" for name in known})
    row("times as fast as pdfplumber", {name: f"{plain[name] / totals[name]:.1f}x" for name in known})
    row("peak memory of the process, MiB", {name: f"{peaks[name]:.0f}" for name in known})
    if expected_count:
        readers = [name for name in known if name not in (OURS, FLOOR)]
        row(f"right of {expected_count} amounts", {name: f"{right[name] / expected_count:.1%}" for name in readers})
    for name, failure in failures.items():
        sys.stdout.write(f"{name} is left out: {failure}\n")
    sys.stdout.write(
        f"Bytes to line items: {totals[PLAIN] / totals[OURS]:.1f} times as fast as pdfplumber extract_tables(); "
        f"the floor is {totals[PLAIN] / totals[FLOOR]:.1f} times, so {totals[OURS] / totals[FLOOR]:.1f} times the floor.\n"
    )


def measure_all_cores(files: list[Path]) -> None:
    """Print how many filings a minute one and all cores read, bytes to line items."""
    cores = len(os.sched_getaffinity(0))
    filings = [files[number % len(files)] for number in range(FILINGS_AT_ONCE)]
    rates = []
    for workers in sorted({1, cores}):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(read_items, files[:workers] * 2))  # the workers have started and imported
            start = time.perf_counter()
            list(pool.map(read_items, filings))
            rates.append(60 * len(filings) / (time.perf_counter() - start))
            sys.stdout.write(f"{workers} worker(s): {rates[-1]:.0f} filings a minute\n")
    if len(rates) > 1:
        sys.stdout.write(f"{cores} cores: {rates[-1] / rates[0]:.2f} times one\n")


def measure_long_documents(file: Path) -> None:
    """Print time and peak memory of documents made by repeating a file's pages, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for pages in PAGE_COUNTS:
            long = Path(folder) / f"{pages}.pdf"
            long.write_bytes(repeat_pages(file.read_bytes(), pages))
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                idle = pool.submit(_peak_mib).result()
                reading = pool.submit(read_once, "yusuan document", long).result()
            sys.stdout.write(
                f"{pages} pages of {file.name}: {reading.failure or ''}{reading.seconds:.1f} s, "
                f"{1000 * reading.seconds / pages:.1f} ms a page; peak memory {reading.peak_mib:.0f} MiB "
                f"({idle:.0f} MiB before)\n"
            )


def repeat_pages(content: bytes, count: int) -> bytes:
    """A document of that many pages: those of the given one again and again."""
    given, long = pdfium2.PdfDocument(content), pdfium2.PdfDocument.new()
    while len(long) < count:
        long.import_pages(given, list(range(min(len(given), count - len(long)))))
    buffer = io.BytesIO()
    long.save(buffer)
    return buffer.getvalue()


def main(arguments: list[str]) -> int:
    """Print everything."""
    parser = argparse.ArgumentParser(prog="benchmarks.readers")
    parser.add_argument("--truth", type=Path, help="folder of <file>_cells.csv")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PDF_OR_FOLDER")
    given = parser.parse_args(arguments)
    files = sorted(file for path in given.paths for file in (path.glob("*.pdf") if path.is_dir() else [path]))
    if not files:
        sys.stderr.write("no PDF there\n")
        return 2
    measure_time_and_rightness(files, given.truth)
    measure_all_cores(files)
    measure_long_documents(max(files, key=lambda file: file.stat().st_size))
    return 0


def _processor_seconds() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak_mib() -> float:
    """Of the largest process: this one or a child that has ended."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _write_row(title: str, texts: Iterable[str]) -> None:
    sys.stdout.write(f"{title[:42]:42}" + "".join(f"{text:>16}" for text in texts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
