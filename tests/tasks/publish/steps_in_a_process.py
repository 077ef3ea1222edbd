"""One process of the tests that kill: stores two versions of a few filings and publishes them, over and over.

Run as ``python -m tests.tasks.publish.steps_in_a_process DATA ROUNDS``; 0 rounds: until killed. Prints a line when it
begins, so that the killer knows.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from tasks.data_dir import DataDir
from tasks.load import build_warehouse, is_current
from tasks.parquet import remove_filing
from tasks.publish import publish_warehouse
from tests.tasks.made_filings import FETCHED, SMALL, Cell, raw_file, records, store


def store_filings(data: DataDir) -> None:
    """What an undisturbed run holds in the end: two filings, one of them in two versions."""
    store("first", records(SMALL), data)
    store("second", records(SMALL), data, FETCHED + timedelta(days=1))
    store("other", records((("revenue", (Cell("total", "7.00", item="total", level=0),)),)), data)


def run_once(data: DataDir) -> None:
    """What a run does: store what is missing, and publish if there is news."""
    store_filings(data)
    if not is_current(data):
        publish_warehouse(build_warehouse(data), data.root / "no-docs", data)


def main(data: DataDir, rounds: int) -> None:
    """Run, and between the runs take something away so that there is always something to do."""
    print("begun", flush=True)  # noqa: T201
    for round_no in range(rounds) if rounds else count():
        run_once(data)
        if not rounds:
            remove_filing(raw_file(("first", "second", "other")[round_no % 3]).filing_id, data)
            publish_warehouse(build_warehouse(data), data.root / "no-docs", data)


if __name__ == "__main__":
    main(DataDir(Path(sys.argv[1])), int(sys.argv[2]))
