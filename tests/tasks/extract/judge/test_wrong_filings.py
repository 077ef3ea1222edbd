"""A filing that is printed wrong is read as it is printed: no identity talks the reading out of what stands there."""

from __future__ import annotations

import pytest

from filings.amounts import parse_number
from samples.facts import list_samples
from samples.mutations import Mutation, choose_mutations, list_mutations
from tests.expectations.mutation_trial import build_faultless, extract_filing, read_faultless

PLANTED = [mutation for name in list_samples() for mutation in list_mutations(name) if mutation.table is not None]
CHOSEN = choose_mutations(PLANTED, 30, seed=3)
"""Of more than 18,000; every kind of mistake in a table has its turn."""


@pytest.mark.parametrize("mutation", CHOSEN, ids=str)
def test_a_planted_mistake_is_left_as_printed(mutation: Mutation) -> None:
    sound = read_faultless(mutation.sample)
    records, _ = extract_filing(mutation.apply(build_faultless(mutation.sample)))
    assert {s.reading for s in records.statements} <= {s.reading for s in sound.statements}, "nothing was repaired"
    for item in records.line_items:
        printed = parse_number(item.value_text)
        assert printed is not None
        assert item.value == printed.value
    if mutation.target == "cell" and mutation.cell is not None:
        assert any(item.value_text == mutation.after for item in records.line_items)


def test_every_kind_of_mistake_in_a_table_is_among_them() -> None:
    assert {mutation.kind for mutation in CHOSEN} == {mutation.kind for mutation in PLANTED}
    assert len({mutation.sample for mutation in CHOSEN}) > 4
