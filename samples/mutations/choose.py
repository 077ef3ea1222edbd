"""Which mutations are there of one sample, and a seeded choice that has some of every kind."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from samples.build import build_filing
from samples.facts import read_facts
from samples.mutations.mutation import Mutation
from samples.mutations.prose import mutate_prose
from samples.mutations.tables import mutate_tables, names_beside


def list_mutations(sample: str) -> list[Mutation]:
    """All mutations of the faultless twin of a sample, in reading order of their kinds."""
    filing, facts = build_filing(sample, faultless=True), read_facts(sample)
    short = str(facts.data.get("short_name", facts.issuer))
    return [*mutate_tables(filing, facts.year), *mutate_prose(filing, short, names_beside(filing))]


def choose_mutations(mutations: list[Mutation], count: int, seed: int) -> list[Mutation]:
    """A choice that gives every kind its turn, so that rare kinds are tried as well.

    Args:
        mutations: Of any samples.
        count: How many; all if there are not more.
        seed: The same seed chooses the same.
    """
    chance = Random(seed)
    by_kind: dict[str, list[Mutation]] = defaultdict(list)
    for mutation in mutations:
        by_kind[mutation.kind].append(mutation)
    for waiting in by_kind.values():
        chance.shuffle(waiting)
    chosen: list[Mutation] = []
    while len(chosen) < min(count, len(mutations)):
        for kind in sorted(by_kind):
            if by_kind[kind] and len(chosen) < count:
                chosen.append(by_kind[kind].pop())
    return chosen
