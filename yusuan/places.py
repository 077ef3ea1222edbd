"""Where is a number printed, and what is wrong in a filing? For ``yusuan show`` and ``yusuan report``.

Imports neither Prefect nor Great Expectations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from filings.documents import Box
from filings.errors import UnusableInput
from filings.records import Sha256
from tasks.data_dir import DataDir
from tasks.provenance import Place, render_place
from tasks.report import write_report
from tasks.report.crops import find_crop
from tasks.report.facts import read_facts
from yusuan.reading import open_warehouse
from yusuan.terminal import out, print_json, print_pairs


class NoSuchPlaceError(RuntimeError):
    """An id that names nothing, several things, or something that no page shows."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is printed somewhere: name and value pairs, and the place if the original has pages."""

    words: dict[str, str]
    sha256: str | None
    place: Place | None


def run_show(identifier: str, output: Path | None, data: DataDir, *, as_json: bool) -> int:
    """Say where a number or a finding is printed, and draw the page around it.

    Raises:
        NoWarehouseError: There is no warehouse yet.
        NoSuchPlaceError: The id is unknown, or a picture is wanted where there is no page.
    """
    with open_warehouse(data) as connection:
        shown = _find_line_item(connection, identifier) or _find_finding(connection, identifier)
    if shown is None:
        raise NoSuchPlaceError(
            f"there is neither a line item nor a finding {identifier}; ids are in "
            '`yusuan query "SELECT line_item_id FROM line_items"` and `yusuan findings --json`'
        )
    if output is not None:
        output.write_bytes(_draw(shown, data))
        shown.words["picture"] = str(output)
    if as_json:
        print_json(shown.words)
    else:
        print_pairs(shown.words)
    return 0


def _find_line_item(connection: duckdb.DuckDBPyConnection, identifier: str) -> _Shown | None:
    row = connection.execute(
        """SELECT l.value_text, concat_ws(' ', '《' || coalesce(s.title, s.statement_type) || '》', l.code, l.name, l.column_label),
                  l.page, l.bbox, l.locator, d.sha256, d.file_name, l.filing_id
           FROM line_items AS l JOIN statements AS s ON s.statement_id = l.statement_id
           JOIN filings AS d ON d.filing_id = l.document_id WHERE l.line_item_id = $1""",
        [identifier],
    ).fetchone()
    if row is None:
        return None
    text, label, page, bbox, locator, sha256, file_name, filing_id = row
    place = Place(page, Box(*bbox)) if page is not None and bbox else None
    words = {"printed": text, "place": label, **_where(page, bbox, locator), "file": file_name, "filing": filing_id}
    return _Shown(words, sha256, place)


def _find_finding(connection: duckdb.DuckDBPyConnection, identifier: str) -> _Shown | None:
    row = connection.execute("SELECT filing_id FROM findings WHERE finding_id = $1", [identifier]).fetchone()
    if row is None:
        return None
    (facts,) = read_facts(connection, [row[0]])
    finding = next(one for one in facts.findings if one.finding_id == identifier)
    crop = find_crop(finding)
    first = finding.evidence[0] if finding.evidence else None
    where = (
        _where(crop.place.page, crop.place.box, None)
        if crop
        else _where(finding.page, None, first.locator if first else None)
    )
    words = {
        "finding": finding.message,
        "place": finding.subject,
        **({"printed": finding.quote} if finding.quote else {}),
        **where,
        "rule": f"{finding.rule_id} {finding.says}",
        "file": "、".join(facts.file_names),
        "filing": facts.filing_id,
    }
    return _Shown(words, crop.sha256 if crop else None, crop.place if crop else None)


def _where(page: int | None, box: tuple[float, ...] | list[float] | None, locator: str | None) -> dict[str, str]:
    words = {"page": str(page)} if page is not None else {}
    if box:
        words["box"] = ", ".join(f"{edge:.1f}" for edge in box) + " points from the upper left corner"
    return words if not locator else words | {"locator": locator}


def _draw(shown: _Shown, data: DataDir) -> bytes:
    if shown.sha256 is None or shown.place is None:
        raise NoSuchPlaceError("its file has no pages, so that there is no picture; see its place without -o")
    original = data.raw_path(Sha256(shown.sha256), ".pdf")
    if not original.is_file():
        raise NoSuchPlaceError(
            f"{original} is no PDF in the store, so that there is no picture; see its place without -o"
        )
    try:
        return render_place(original.read_bytes(), shown.place, whole_width=True)
    except (UnusableInput, ValueError) as error:
        raise NoSuchPlaceError(f"the page cannot be drawn: {error}") from error


def run_report(filing: str, folder: Path, data: DataDir, say: Callable[[str], None] = out.print) -> int:
    """Write the inspection report of one filing.

    Raises:
        NoWarehouseError: There is no warehouse yet.
        NoSuchPlaceError: No filing, or more than one, is meant.
    """
    with open_warehouse(data) as connection:
        filings = connection.execute(
            """SELECT filing_id, file_name FROM filings WHERE joined_into IS NULL AND (starts_with(filing_id, $1)
               OR contains(issuer, $1) OR contains(file_name, $1)) ORDER BY filing_id""",
            [filing],
        ).fetchall()
        if len(filings) != 1:
            named = ", ".join(f"{filing_id} ({name})" for filing_id, name in filings[:10])
            raise NoSuchPlaceError(
                f"{filing} means {len(filings)} filings{': ' + named if named else ''}; give the id of one"
            )
        page = write_report(connection, filings[0][0], folder, data)
    say(str(page))
    say(str(page.with_suffix(".xlsx")))
    return 0
