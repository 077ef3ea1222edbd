"""The faultless facts satisfy every identity of their form; each planted mistake breaks what it says."""

from __future__ import annotations

import pytest

from samples.build import build_filing
from samples.expected import list_cells
from samples.facts import list_samples, read_facts
from samples.mistakes import Mistake, apply_edits, read_mistakes
from tests.samples.form_identities import check_identities
from tests.samples.identities import Broken

WITH_MISTAKES = [name for name in list_samples() if read_mistakes(name)]
IN_TABLES = [
    pytest.param(name, mistake, id=f"{name}-{number}")
    for name in WITH_MISTAKES
    for number, mistake in enumerate(read_mistakes(name))
    if mistake.edits[0].kind == "figure"
]


def _check(name: str, mistakes: tuple[Mistake, ...] = ()) -> tuple[list[Broken], int]:
    filing = build_filing(name, faultless=True)
    for mistake in mistakes:
        filing = apply_edits(filing, mistake.edits)
    return check_identities(list_cells(filing, {}), read_facts(name).text("form"))


@pytest.mark.parametrize("name", list_samples())
def test_that_the_faultless_facts_satisfy_every_identity(name: str) -> None:
    broken, checked = _check(name)
    assert broken == []
    assert checked >= 90


@pytest.mark.parametrize(("name", "mistake"), IN_TABLES)
def test_that_a_mistake_in_a_table_breaks_what_it_says(name: str, mistake: Mistake) -> None:
    broken, _ = _check(name, (mistake,))
    of_kind = [
        item for item in broken if item.kind == mistake.category and item.statement == mistake.edits[0].statement
    ]
    assert of_kind
    if mistake.category == "cross_statement":
        assert all(item.kind == "cross_statement" for item in broken)


@pytest.mark.parametrize("name", list_samples())
def test_that_the_filing_as_published_breaks_only_what_is_documented(name: str) -> None:
    filing = build_filing(name)
    broken, _ = check_identities(list_cells(filing, {}), read_facts(name).text("form"))
    faulty = {mistake.edits[0].statement for mistake in read_mistakes(name) if mistake.edits[0].kind == "figure"}
    assert {item.statement for item in broken if item.kind == "arithmetic"} <= faulty
    assert bool(broken) == bool(faulty)


def test_that_the_samples_hold_mistakes_of_every_kind_promised() -> None:
    categories = {mistake.category for name in WITH_MISTAKES for mistake in read_mistakes(name)}
    assert len(WITH_MISTAKES) == 2
    assert {"arithmetic", "cross_statement", "narrative_vs_table", "narrative_arithmetic", "structure"} <= categories
