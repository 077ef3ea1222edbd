"""How does building and publishing the warehouse grow with the number of filings?

Makes filings of one statement of 300 amounts each, writes, loads and publishes them, and prints seconds and ratios: what
a filing costs at each size, and what "nothing is new" costs against a build. Not a test: machines differ.

    python -m benchmarks.warehouse 100 1000
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from filings.documents import Box
from filings.records import FilingRecords, Identity, LineItem, RawFile, Sha256, Statement
from tasks.data_dir import DataDir
from tasks.load import build_warehouse, is_current
from tasks.parquet import write_filing
from tasks.publish import publish_warehouse

AMOUNTS = 300
"""Amounts per filing: about the median of real filings."""

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""When the made filings were fetched and read."""

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Seconds:
    """What each step took."""

    write: float
    build: float
    publish: float
    compare: float
    bytes_stored: int


def main() -> None:
    """Measure every size given on the command line."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [100, 1000]
    print("filings  write/filing  build  build/filing  publish  nothing new  of a build  MB parquet")  # noqa: T201
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            took = measure(size, DataDir(Path(folder)))
        print(  # noqa: T201
            f"{size:7d}  {1000 * took.write / size:9.1f} ms  {took.build:4.1f} s  {1000 * took.build / size:9.2f} ms"
            f"  {took.publish:5.1f} s  {1000 * took.compare:8.0f} ms  {took.compare / took.build:9.1%}"
            f"  {took.bytes_stored / 1e6:10.1f}"
        )


def measure(size: int, data: DataDir) -> Seconds:
    """Write, build, publish and compare that many filings."""
    made = [(made_filing(number), raw_file(number)) for number in range(size)]

    def write() -> None:
        for records, raw in made:
            write_filing(records, raw, "benchmark", DATE, data)

    writing, _ = timed(write)
    building, candidate = timed(lambda: build_warehouse(data))
    publishing, _ = timed(lambda: publish_warehouse(candidate, data.root / "no-docs", data))
    comparing, current = timed(lambda: is_current(data))
    if not current:
        raise RuntimeError("what was just published is not current")
    stored = sum(path.stat().st_size for path in data.parquet.rglob("*.parquet"))
    return Seconds(writing, building, publishing, comparing, stored)


def timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """Seconds that the work took, and what it gave."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def made_filing(number: int) -> FilingRecords:
    """A filing with one expenditure statement of random amounts."""
    chance = random.Random(number)
    amounts = [Decimal(chance.randrange(10**8)).scaleb(-2) for _ in range(AMOUNTS)]
    items = tuple(
        LineItem(
            statement_no=1,
            item_no=position,
            statement_type="expenditure",
            row_no=position,
            column_no=3,
            side=None,
            code=f"2{chance.randrange(10**6):06d}",
            code_inferred=None,
            name="行政运行",
            row_level=3,
            item=None,
            unit_code=None,
            unit_name=None,
            measure="total",
            column_label="合计",
            fiscal_year=2026,
            value=amount,
            value_unit="wan_yuan",
            amount_yuan=amount * 10_000,
            half_place=Decimal("0.005"),
            half_place_yuan=Decimal(50),
            value_text=f"{amount:,}",
            page=1,
            box=Box(100.0, 10.0 * position, 150.0, 10.0 * position + 9),
            locator=None,
        )
        for position, amount in enumerate(amounts, start=1)
    )
    identity = Identity(issuer=f"第{number}单位", fiscal_year=2026, report_type="budget", scope="unit")
    statement = Statement(
        1, "expenditure", "支出总表", "wan_yuan", "printed", 1, 9, None, AMOUNTS, 4, "filled", None, None
    )
    return FilingRecords(identity, "application/pdf", 9, (statement,), (), items)


def raw_file(number: int) -> RawFile:
    """The original that a made filing claims to come from."""
    sha256 = Sha256(hashlib.sha256(str(number).encode()).hexdigest())
    return RawFile(sha256, f"raw/{sha256[:2]}/{sha256}.pdf", f"file:///made/{number}.pdf", f"{number}.pdf", DATE)


if __name__ == "__main__":
    main()
