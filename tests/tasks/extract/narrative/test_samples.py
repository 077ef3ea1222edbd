"""The samples' narratives: every amount is a claim, and what is linked agrees unless a mistake was planted there."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from filings.records import Claim, FilingRecords, LineItem
from tasks.extract import extract_document
from tasks.extract.readers import read_document

SAMPLES = Path(__file__).parents[4] / "samples"
FILES = sorted(path for path in (SAMPLES / "filings").iterdir() if path.suffix in {".pdf", ".md", ".txt"})
MISTAKES = tomllib.loads((SAMPLES / "mistakes.toml").read_text(encoding="utf-8"))
MONEY = {"yuan", "wan_yuan", "yi_yuan", "qian_yuan", "million_yuan"}


@cache
def extract(path: Path) -> FilingRecords:
    return extract_document(read_document(path.read_bytes(), path.name), path.name)


def linked(records: FilingRecords) -> list[tuple[Claim, LineItem]]:
    items = {(item.statement_no, item.item_no): item for item in records.line_items}
    return [
        (claim, items[claim.statement_no, claim.item_no])
        for claim in records.claims
        if claim.statement_no is not None and claim.item_no is not None
    ]


def agrees(claim: Claim, item: LineItem) -> bool:
    """Whether a number agrees with its cell within what rounding hides; a change is printed without its sign."""
    if item.amount_yuan is None or claim.amount_yuan is None:
        return abs(abs(item.value) - claim.value) <= item.half_place + claim.half_place
    assert item.half_place_yuan is not None
    assert claim.half_place_yuan is not None
    return abs(abs(item.amount_yuan) - claim.amount_yuan) <= item.half_place_yuan + claim.half_place_yuan


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_amount_of_the_text_is_a_claim(path: Path) -> None:
    records = extract(path)
    text = "".join(re.sub(r"\s", "", line.text) for line in records.text_lines if not line.text.strip("- \n").isdigit())
    printed = [match.replace("，", ",") for match in re.findall(r"[\d,，.]*\d(?:亿元|万元|元)", text)]
    claimed = [claim.value_text for claim in records.claims if claim.value_unit in MONEY]
    assert printed
    assert claimed == printed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_linked_number_agrees_with_its_cell_unless_a_mistake_was_planted(path: Path) -> None:
    pairs = linked(extract(path))
    assert len(pairs) > 20
    planted = "".join(
        edit["printed"] + edit["right"] for mistake in MISTAKES.get(path.stem, []) for edit in mistake["edits"]
    )
    for claim, item in pairs:
        if not agrees(claim, item):
            number = re.sub(r"[^\d.,%]", "", claim.value_text)
            assert number in planted or item.value_text in planted, (claim.quote, claim.value_text, item.value_text)


def test_planted_misstatements_are_linked_to_the_cells_that_they_misstate() -> None:
    wrong = [(c.value_text, i.value_text) for path in FILES for c, i in linked(extract(path)) if not agrees(c, i)]
    assert ("187.46万元", "178.46") in wrong
    assert ("1,093.95万元", "1,039.95") in wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_claims_point_to_earlier_claims_and_existing_lines(path: Path) -> None:
    records = extract(path)
    lines = {line.line_no: line for line in records.text_lines}
    for claim in records.claims:
        for other in (claim.of_claim_no, claim.whole_claim_no, claim.base_claim_no):
            assert other is None or 1 <= other < claim.claim_no
        line = lines[claim.line_no]
        assert (claim.page, claim.box, claim.locator) == (line.page, line.box, line.locator)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_running_text_knows_its_section(path: Path) -> None:
    sections = {line.section for line in extract(path).text_lines}
    assert len(sections - {None}) >= 8
