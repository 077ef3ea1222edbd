"""How much of a filing survives scanning? Every page as an image at 200 dpi, recognised, against the original.

Run: ``python -m benchmarks.scan [--worn | --blurred | --stamped] PDF_OR_FOLDER …``. Compared are the line items: statement,
row, side, code, name, column and value. With ``--worn`` the pages lie askew, with noise, and are compressed as JPEG; with
``--blurred`` and ``--stamped`` they are out of focus, or under red seals, as well. Of the wrong numbers it is said how many
were misrecognised, how many are left after the identities' repairs, and how many of those no finding points at that the
original does not have too.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from filings.amounts import parse_number
from filings.documents import Box, Document
from filings.errors import UnusableInput
from filings.records import FilingRecords, LineItem
from samples.scan import CRISP_QUALITY, WEARS, WORN_QUALITY, draw_scan
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tests.expectations.mutation_trial import Finding, judge_filings

Place = tuple[str, int, str | None, str | None, str]
"""Statement, row, side, unit and column of a line item."""

FILING_ID = "0" * 16
"""Of the only filing in its warehouse."""

COUNTED = ("digits", "missing", "invented", "code", "name")
"""In what a scanned line item may differ; in the order in which they are told."""


@dataclass(frozen=True)
class Difference:
    """A line item that is not the same on the scan.

    Args:
        kind: One of `COUNTED`.
        printed: As printed, if it is.
        scanned: As read from the scan, if it is.
        is_flagged: Whether a finding points at it.
    """

    kind: str
    printed: LineItem | None
    scanned: LineItem | None
    is_flagged: bool


@dataclass(frozen=True)
class Comparison:
    """One filing, printed and scanned.

    Args:
        cells: How many line items are printed.
        misrecognised: How many of them the recogniser read as another number.
        doubted: How many that are right in the end have a finding that they may be misrecognised.
        differences: What is not the same.
    """

    cells: int
    misrecognised: int
    doubted: int
    differences: Sequence[Difference]

    def describe(self) -> str:
        """One line."""
        same = self.cells - sum(one.kind != "invented" for one in self.differences)
        kinds = Counter(one.kind for one in self.differences)
        others = ", ".join(f"{kinds[kind]} {kind}" for kind in COUNTED if kinds[kind])
        unflagged = sum(
            one.kind in ("digits", "missing", "invented") and not one.is_flagged for one in self.differences
        )
        return (
            f"{same} of {self.cells} the same ({100 * same / max(self.cells, 1):.2f}%); {others or 'no other'}; "
            f"misrecognised {self.misrecognised}, wrong after repair {kinds['digits']}, wrong or missing without a finding "
            f"{unflagged}, right but doubted {self.doubted}"
        )


def compare(printed: Document, scanned: Document, name: str) -> Comparison:
    """What extraction and the rules make of the same filing in print and as a scan.

    Args:
        printed: As read from the text layer.
        scanned: As recognised.
        name: The file's name.
    """
    ours, theirs = extract_document(printed, name), extract_document(scanned, name)
    usual = {(one.rule_id, one.subject, one.message) for one in _find_mistakes(ours)}
    new = [one for one in _find_mistakes(theirs) if (one.rule_id, one.subject, one.message) not in usual]
    differences: list[Difference] = []
    misrecognised = doubted = 0
    for item, found in _pair(ours, theirs):
        known = found or item
        is_flagged = known is not None and _is_flagged(known, new)
        if item is not None and found is not None:
            number = parse_number(found.value_text)
            misrecognised += number is None or number.value != item.value
        kind = _judge(item, found)
        if kind is not None:
            differences.append(Difference(kind, item, found, is_flagged))
        elif found is not None and found.doubt is not None:
            doubted += 1
    return Comparison(len(ours.line_items), misrecognised, doubted, differences)


def _find_mistakes(records: FilingRecords) -> list[Finding]:
    findings, _ = judge_filings({FILING_ID: records})
    return findings[FILING_ID]


def _pair(printed: FilingRecords, scanned: FilingRecords) -> list[tuple[LineItem | None, LineItem | None]]:
    """Line items at the same place."""
    theirs: dict[Place, list[LineItem]] = {}
    for item in scanned.line_items:
        theirs.setdefault(_find_place(item), []).append(item)
    pairs: list[tuple[LineItem | None, LineItem | None]] = []
    for item in printed.line_items:
        found = theirs.get(_find_place(item), [])
        pairs.append((item, found.pop(0) if found else None))
    return pairs + [(None, item) for items in theirs.values() for item in items]


def _find_place(item: LineItem) -> Place:
    return (item.statement_type, item.row_no, item.side, item.unit_code, item.column_label)


def _judge(item: LineItem | None, found: LineItem | None) -> str | None:
    """In what a scanned item differs from the printed one at the same place."""
    if item is None:
        return "invented"
    if found is None:
        return "missing"
    if found.value != item.value:
        return "digits"
    if found.code != item.code:
        return "code"
    return "name" if found.name != item.name else None


def _is_flagged(item: LineItem, findings: Sequence[Finding]) -> bool:
    """Whether the evidence of a finding shows the place."""
    return any(
        page == item.page and item.box is not None and len(bbox) == 4 and _overlap(item.box, bbox)
        for finding in findings
        for page, bbox, _ in finding.evidence
    )


def _overlap(box: Box, other: Sequence[float]) -> bool:
    left, top, right, bottom = other
    return box.left < right and left < box.right and box.top < bottom and top < box.bottom


def show(one: Difference) -> str:
    """A difference in words, a line for print and a line for the scan."""

    def words(item: LineItem) -> str:
        value: Decimal | str = item.value
        if item.confidence is not None:
            value = f"{item.value} from {item.value_text!r} ({item.confidence})"
        keys = (item.statement_type, item.row_no, item.side, item.code, item.name, item.column_label)
        return f"page {item.page} {' '.join(str(key) for key in keys if key is not None)}: {value}"

    flag = "" if one.is_flagged else ", no finding"
    lines = [f"  {one.kind}{flag}"]
    lines += [f"    - {words(one.printed)}"] if one.printed else []
    lines += [f"    + {words(one.scanned)}"] if one.scanned else []
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print a line per file, what differs, and the totals."""
    wear = next((WEARS[one[2:]] for one in arguments if one.startswith("--") and one[2:] in WEARS), None)
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    files = sorted(file for path in paths for file in (path.glob("*.pdf") if path.is_dir() else [path]))
    if not files:
        sys.stderr.write("usage: scan.py [--worn | --blurred | --stamped] PDF_OR_FOLDER …\n")
        return 2
    total = Comparison(0, 0, 0, ())
    seconds, pages = 0.0, 0
    for file in files:
        content = file.read_bytes()
        image = draw_scan(content, wear, WORN_QUALITY if wear else CRISP_QUALITY)
        start = time.process_time()
        try:
            scanned = read_document(image, file.name)
            seconds, pages = seconds + time.process_time() - start, pages + len(scanned.pages)
            one = compare(read_document(content, file.name), scanned, file.name)
        except UnusableInput as unusable:
            sys.stdout.write(f"{file.name}: {unusable}\n")
            continue
        sys.stdout.write(f"{file.name}: {one.describe()}\n" + "".join(f"{show(each)}\n" for each in one.differences))
        sys.stdout.flush()
        total = Comparison(
            total.cells + one.cells,
            total.misrecognised + one.misrecognised,
            total.doubted + one.doubted,
            (*total.differences, *one.differences),
        )
    sys.stdout.write(f"all {pages} pages: {total.describe()}; {seconds / max(pages, 1):.2f} s/page\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:.0f} MiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
