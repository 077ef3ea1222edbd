"""Which planted mistakes do the rules find, by kind and by rule?

Plants every mistake of `samples.mutations` by itself, or a seeded choice of them, and prints for each kind how many
are found, how many findings point at the place, and how many are missed, with reasons where there is one.

    python -m benchmarks.mutations [--count 2000] [--seed 1] [--sample NAME] [--kind KIND] [--missed FILE]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from samples.facts import list_samples
from samples.mutations import KINDS, Mutation, choose_mutations, list_mutations
from tests.expectations.mutation_trial import Outcome, try_mutations

CHUNK = 150
"""Mutants judged together: their warehouse takes a few hundred megabytes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the trial that the command line asks for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, help="how many mutations; all if not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", choices=list_samples(), action="append")
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--missed", type=Path, help="file for the mutations that were not found or not named")
    given = parser.parse_args(arguments)
    mutations = [m for sample in given.sample or list_samples() for m in list_mutations(sample)]
    mutations = [mutation for mutation in mutations if not given.kind or mutation.kind in given.kind]
    chosen = choose_mutations(mutations, given.count or len(mutations), given.seed)
    began = time.perf_counter()
    outcomes = list(try_all(chosen, given.workers))
    report = "\n".join(write_report(outcomes))
    took = time.perf_counter() - began
    sys.stdout.write(f"{report}\n{len(outcomes)} of {len(mutations)} mutations in {took:.0f} s\n")
    if given.missed:
        given.missed.write_text(f"{report}\n\n" + "\n".join(list_missed(outcomes)) + "\n", encoding="utf-8")


def try_all(mutations: Sequence[Mutation], workers: int) -> Iterator[Outcome]:
    """Try all mutations, chunk by chunk, in processes of their own."""
    chunks = [mutations[start : start + CHUNK] for start in range(0, len(mutations), CHUNK)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for outcomes in pool.map(_try_chunk, chunks):
            yield from outcomes


def _try_chunk(mutations: Sequence[Mutation]) -> list[Outcome]:
    return try_mutations(mutations, threads=1)


def write_report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The tables by kind and by rule."""
    yield f"{'kind':20}{'tried':>7}{'found':>7}{'named':>7}{'excused':>9}{'missed':>7}{'found %':>9}{'named %':>9}"
    total: list[Outcome] = []
    for kind in KINDS:
        of_kind = [outcome for outcome in outcomes if outcome.mutation.kind == kind]
        if of_kind:
            yield _line(kind, of_kind)
            total += of_kind
    yield _line("all", total)
    yield ""
    yield f"{'excuse':60}{'mutations':>10}"
    excuses = Counter(outcome.excuse for outcome in outcomes if not outcome.is_found and outcome.excuse)
    yield from (f"{excuse:60}{count:>10}" for excuse, count in excuses.most_common())
    yield ""
    yield f"{'rule':30}{'finds':>8}{'names':>8}{'alone':>8}"
    rules = [{finding.rule_id for finding in outcome.findings} for outcome in outcomes]
    finds = Counter(rule for of_one in rules for rule in of_one)
    names = Counter(rule for outcome in outcomes for rule in {finding.rule_id for finding in outcome.naming})
    alone = Counter(rule for of_one in rules if len(of_one) == 1 for rule in of_one)
    yield from (f"{rule:30}{count:>8}{names[rule]:>8}{alone[rule]:>8}" for rule, count in finds.most_common())


def _line(kind: str, outcomes: Sequence[Outcome]) -> str:
    found = sum(outcome.is_found for outcome in outcomes)
    named = sum(outcome.is_named for outcome in outcomes)
    excused = sum(not outcome.is_found and outcome.excuse is not None for outcome in outcomes)
    fair = len(outcomes) - excused
    shares = [f"{count / fair:9.1%}" if fair else f"{'':9}" for count in (found, named)]
    return f"{kind:20}{len(outcomes):>7}{found:>7}{named:>7}{excused:>9}{fair - found:>7}{''.join(shares)}"


def list_missed(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Every mutation that was not found, then those that were found elsewhere."""
    for outcome in outcomes:
        if not outcome.is_found:
            yield f"MISSED   {outcome.mutation}" + (f"  ({outcome.excuse})" if outcome.excuse else "")
    for outcome in outcomes:
        if outcome.is_found and not outcome.is_named:
            rules = sorted({finding.rule_id for finding in outcome.findings})
            yield f"UNNAMED  {outcome.mutation}  {outcome.unusable or rules}"


if __name__ == "__main__":
    main()
