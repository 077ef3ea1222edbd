"""How fast are the tables of PDFs read, and how rightly, against pdfplumber, other peers and the floor, in one run?

Run: ``make bench``, or ``.venv/bin/python -m benchmarks.readers [--truth FOLDER] PDF_OR_FOLDER …``. Every contestant has
a process of its own, by which its memory is measured, and each file is read by all in turn, one at a time, so that what
else the machine does meets them alike; the ratios of processor seconds are what counts, and several rounds show their
spread. Scans are not recognised here, for only one contestant can: ``benchmarks.scan`` measures that.
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
"""Contestants that take minutes: they read once, and where the truth is known of some files, those only."""

ROUNDS = 3
"""How often the others read all files, each time in new processes; the quickest reading of a file counts."""

WARM_UP = Path(__file__).parent.parent / "samples" / "filings" / "shanghai_unit_2024.pdf"
"""What a process reads first, so that nobody pays for imports, nor gains from having read the same file before."""

PLAIN, DOCUMENT, OURS, FLOOR = "pdfplumber", "yusuan document", "yusuan items", "pdfium floor"
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


def read_in_turn(names: list[str], files: list[Path]) -> dict[str, list[Reading]]:
    """Let each contestant read all files, in a new process that has read another one before: no file is read twice."""
    pools = {name: ProcessPoolExecutor(1, mp_context=get_context("spawn")) for name in names}
    for name, pool in pools.items():
        pool.submit(read_once, name, WARM_UP).result()
    readings: dict[str, list[Reading]] = {name: [] for name in names}
    for file in files:
        for name, pool in pools.items():
            readings[name].append(pool.submit(read_once, name, file).result())
    for pool in pools.values():
        pool.shutdown()
    return readings


def measure_time_and_rightness(files: list[Path], truth: Path | None) -> None:
    """Print seconds by file and contestant, ratios with their spread, amounts right and peak memory."""
    answers = {file: truth / f"{file.stem}_cells.csv" for file in files} if truth else {}
    expected = {file: read_expected(path) for file, path in answers.items() if path.exists()}
    of_slow = list(expected) or files
    fast = [name for name in CONTESTANTS if name not in SLOW]
    rounds = [read_in_turn(fast, files) for _ in range(ROUNDS)]
    slow = read_in_turn(list(SLOW), of_slow)
    places = {
        name: [files.index(file) for file in of_slow] if name in SLOW else range(len(files)) for name in CONTESTANTS
    }
    readings = {name: [slow] if name in SLOW else rounds for name in CONTESTANTS}
    best = {name: _quickest([one[name] for one in readings[name]]) for name in CONTESTANTS}
    failures = {
        name: failed[0] for name in CONTESTANTS if (failed := [one.failure for one in best[name] if one.failure])
    }
    known = [name for name in CONTESTANTS if name not in failures]
    seconds = {name: sum(one.seconds for one in best[name]) for name in known}
    plain = {name: sum(best[PLAIN][place].seconds for place in places[name]) for name in known}
    _write_row("processor seconds", CONTESTANTS)
    for at, file in enumerate(files):
        by_name = {name: dict(zip(places[name], best[name], strict=True)).get(at) for name in known}
        _write_row(file.name, [f"{one.seconds:.2f}" if (one := by_name.get(name)) else "-" for name in CONTESTANTS])

    def row(title: str, texts: dict[str, str]) -> None:
        _write_row(title, [texts.get(name, "-") for name in CONTESTANTS])

    row("all", {name: f"{seconds[name]:.2f}" for name in known})
    row("times as fast as pdfplumber", {name: f"{plain[name] / seconds[name]:.1f}x" for name in known})
    spread = {name: sorted(_total(one[PLAIN]) / _total(one[name]) for one in rounds) for name in known if name in fast}
    row(f"  in each of {ROUNDS} rounds", {name: f"{some[0]:.1f}-{some[-1]:.1f}x" for name, some in spread.items()})
    row("peak memory of the process, MiB", {name: f"{max(r.peak_mib for r in best[name]):.0f}" for name in known})
    if amounts := sum(map(len, expected.values())):
        right = {
            name: sum(
                count_right(expected.get(files[at], []), one.tables)
                for at, one in zip(places[name], best[name], strict=True)
            )
            for name in known
            if name not in (OURS, FLOOR)
        }
        row(f"right of {amounts} amounts", {name: f"{count / amounts:.1%}" for name, count in right.items()})
    for name, failure in failures.items():
        sys.stdout.write(f"{name} is left out: {failure}\n")
    low, *_, high = spread[OURS]
    sys.stdout.write(
        f"Bytes to line items: {plain[OURS] / seconds[OURS]:.1f} times ({low:.1f} to {high:.1f}) as fast as pdfplumber "
        f"extract_tables(); the floor is {plain[FLOOR] / seconds[FLOOR]:.1f} times, so line items take "
        f"{seconds[OURS] / seconds[FLOOR]:.1f} times the floor.\n"
    )


def _quickest(rounds: list[list[Reading]]) -> list[Reading]:
    """Of each file the quickest reading: what else the machine does only adds."""
    return [min(some, key=lambda one: one.seconds) for some in zip(*rounds, strict=True)]


def _total(readings: list[Reading]) -> float:
    return sum(one.seconds for one in readings)


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
            for name in (DOCUMENT, OURS):
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    idle = pool.submit(_peak_mib).result()
                    reading = pool.submit(read_once, name, long).result()
                sys.stdout.write(
                    f"{name}, {pages} pages of {file.name}: {reading.failure or ''}{reading.seconds:.1f} s, "
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
