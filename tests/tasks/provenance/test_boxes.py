"""Every number, label, title and note of every PDF stands where we say it stands: an independent library reads the text inside each box.

pdfminer (through pdfplumber) shares no code with pdfium, which the reader uses: neither for fonts nor for geometry.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from filings.documents import Box
from filings.text import match_key
from tasks.extract import extract_document
from tasks.extract.readers import read_document

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared"))
SAMPLES = sorted((ROOT / "samples" / "filings").glob("*.pdf"))
REAL = sorted((SHARED / "filings").glob("*.pdf"))

SAME_LINE_POINTS = 3.0
"""Characters whose middles differ by less stand on one line: less than half of the smallest print."""


def read_inside(characters: Sequence[dict[str, Any]], box: Box) -> str:
    """The characters whose middle lies inside the box, line by line, without white space."""
    inside = [
        (float(one["top"] + one["bottom"]) / 2, float(one["x0"]), str(one["text"]))
        for one in characters
        if box.left <= (one["x0"] + one["x1"]) / 2 <= box.right
        and box.top <= (one["top"] + one["bottom"]) / 2 <= box.bottom
    ]
    inside.sort(key=lambda one: (round(one[0] / SAME_LINE_POINTS), one[1]))
    return "".join("".join(text for _, _, text in inside).split())


def check(path: Path) -> tuple[int, list[str]]:
    """How many line items the file has, and the numbers, row labels, titles and notes whose box holds another text than was read."""
    content = path.read_bytes()
    records = extract_document(read_document(content, path.name), path.name)
    wrong: list[str] = []
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        characters: dict[int, Sequence[dict[str, Any]]] = {}

        def look(page: int | None, box: Box | None) -> str:
            if page is None or box is None:
                return ""
            if page not in characters:
                characters[page] = pdf.pages[page - 1].dedupe_chars().chars
            return read_inside(characters[page], box)

        for item in records.line_items:
            seen = look(item.page, item.box)
            if seen != "".join(item.value_text.split()):
                wrong.append(f"page {item.page} {item.box}: read {item.value_text!r}, in the box {seen!r}")
            label = f"{item.code or ''}{(item.name or '').split('/')[-1]}"
            if label and item.statement_type not in SHEETS and not holds(look(item.page, item.label_box), label):
                wrong.append(f"page {item.page} {item.label_box}: {label!r} is not in the box of the label")
        for one in records.statements:
            if one.title and not holds(look(one.title_page, one.title_box), one.title):
                wrong.append(f"page {one.title_page} {one.title_box}: {one.title!r} is not in the box of the title")
            if one.note and not holds(look(one.note_page, one.note_box), one.note):
                wrong.append(f"page {one.note_page} {one.note_box}: {one.note!r} is not in the box of the note")
    return len(records.line_items), wrong


SHEETS = ("performance_target", "unit_performance")
"""Sheets of goals, whose amounts are about a project that is named in another place of the sheet."""


def holds(seen: str, text: str) -> bool:
    """Whether every character of a text is seen; of a wrapped one the lines may be seen in another order."""
    return not Counter(match_key(text)) - Counter(match_key(seen))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_number_of_the_samples_stands_in_its_box(path: Path) -> None:
    count, wrong = check(path)
    assert count > 100
    assert wrong == []


@pytest.mark.skipif(len(REAL) < 3, reason=f"fewer than three PDFs in {SHARED / 'filings'}: set YUSUAN_SHARED")
def test_every_number_of_real_filings_stands_in_its_box() -> None:
    """A file without tables (its tables are another file) has no numbers; at least three must have many."""
    checked = {path.name: check(path) for path in REAL}
    assert sorted(count for count, _ in checked.values())[-3] > 100
    assert {name: wrong for name, (_, wrong) in checked.items() if wrong} == {}


def test_a_box_elsewhere_is_noticed() -> None:
    content = SAMPLES[0].read_bytes()
    item = extract_document(read_document(content, "sample.pdf"), "sample.pdf").line_items[0]
    assert item.page is not None
    assert item.box is not None
    left, top, right, bottom = item.box
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        characters = pdf.pages[item.page - 1].chars
        assert read_inside(characters, item.box) == item.value_text
        for shift in (-4, 4):
            assert read_inside(characters, Box(left + shift, top, right + shift, bottom)) != item.value_text
        assert read_inside(characters, Box(left, top, (left + right) / 2, bottom)) != item.value_text
        assert read_inside(characters, Box(left, top + 20, right, bottom + 20)) != item.value_text
