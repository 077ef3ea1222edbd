"""How much of a filing survives scanning? Every page as an image at 200 dpi, recognised, against the original.

Run: ``.venv/bin/python -m benchmarks.scan [--worn] PDF_OR_FOLDER …``. Compared are the line items: statement, row, side,
code, name, column and value. With ``--worn`` the pages lie askew, with noise, and are compressed as JPEG.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from filings.errors import UnusableInput
from filings.records import LineItem
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.draw_scan import draw_scan, wear_page

Place = tuple[str, int, str | None, str | None, str]
"""Statement, row, side, unit and column of a line item."""


@dataclass(frozen=True)
class Reading:
    """What was read of one document."""

    items: tuple[LineItem, ...]
    pages: int
    seconds: float


def read(content: bytes, name: str) -> Reading:
    """Bytes to line items, with the processor's time."""
    start = time.process_time()
    document = read_document(content, name)
    records = extract_document(document, name)
    return Reading(tuple(records.line_items), len(document.pages), time.process_time() - start)


def find_place(item: LineItem) -> Place:
    """Where in its statement the item stands."""
    return (item.statement_type, item.row_no, item.side, item.unit_code, item.column_label)


def compare(printed: Reading, scanned: Reading) -> Counter[str]:
    """How many items are the same, and what is wrong with the others."""
    verdicts: Counter[str] = Counter()
    theirs: dict[Place, list[LineItem]] = {}
    for item in scanned.items:
        theirs.setdefault(find_place(item), []).append(item)
    for item in printed.items:
        found = theirs.get(find_place(item), [])
        verdicts[judge(item, found.pop(0) if found else None)] += 1
    verdicts["invented"] = sum(map(len, theirs.values()))
    return verdicts


def judge(item: LineItem, found: LineItem | None) -> str:
    """In what a scanned item differs from the printed one at the same place."""
    if found is None:
        return "missing"
    if found.value != item.value:
        return "digits"
    if found.code != item.code:
        return "code"
    return "same" if found.name == item.name else "name"


def explain(printed: Reading, scanned: Reading) -> list[str]:
    """The items that differ, one a line."""

    def show(item: LineItem) -> tuple[str, int, str | None, str | None, str | None, str, Decimal]:
        return (item.statement_type, item.row_no, item.side, item.code, item.name, item.column_label, item.value)

    ours, theirs = Counter(map(show, printed.items)), Counter(map(show, scanned.items))
    return [f"  - {row}" for row in (ours - theirs)] + [f"  + {row}" for row in (theirs - ours)]


def main(arguments: list[str]) -> int:
    """Print a line per file, what differs, and the totals."""
    wear, quality = (wear_page, 60) if "--worn" in arguments else (None, 92)
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    files = sorted(file for path in paths for file in (path.glob("*.pdf") if path.is_dir() else [path]))
    if not files:
        sys.stderr.write("usage: scan.py [--worn] PDF_OR_FOLDER …\n")
        return 2
    totals: Counter[str] = Counter()
    seconds, pages = 0.0, 0
    for file in files:
        try:
            printed = read(file.read_bytes(), file.name)
            scanned = read(draw_scan(file.read_bytes(), wear, quality), file.name)
        except UnusableInput as unusable:
            sys.stdout.write(f"{file.name}: {unusable}\n")
            continue
        verdicts = compare(printed, scanned)
        write_line(file.name, verdicts, scanned.seconds / scanned.pages)
        sys.stdout.write("".join(f"{line}\n" for line in explain(printed, scanned)))
        sys.stdout.flush()
        totals += verdicts
        seconds, pages = seconds + scanned.seconds, pages + scanned.pages
    write_line(f"all {pages} pages", totals, seconds / max(pages, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:.0f} MiB\n")
    return 0


def write_line(name: str, verdicts: Counter[str], seconds_per_page: float) -> None:
    """One line of the report."""
    total = sum(count for verdict, count in verdicts.items() if verdict != "invented")
    others = ", ".join(
        f"{count} {verdict}" for verdict, count in sorted(verdicts.items()) if verdict != "same" and count
    )
    share = 100 * verdicts["same"] / max(total, 1)
    sys.stdout.write(f"{name}: {verdicts['same']} of {total} the same ({share:.2f}%); {others or 'no other'}; ")
    sys.stdout.write(f"{seconds_per_page:.2f} s/page\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
