"""Which of several readings closes more identities? (取勾稽更合者)

A candidate is taken only if it closes more identities than the reading it replaces, breaks none more, and no other candidate
that reads the numbers otherwise does as well: what the identities do not tell stays as it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from tasks.extract.drafts import Draft
from tasks.extract.judge.candidates import Candidate
from tasks.extract.judge.items import FilingFacts, StatementItems, enrich
from tasks.extract.judge.scorer import Judged, Score, count, judge_filing
from tasks.extract.reading import Reading

MOST_CANDIDATES = 64
"""How many readings of one statement are tried at most: a form's layouts times its columns stay below, and the work of a hostile
document stays bounded."""

Reread = Callable[[Draft, int], Reading]
"""Reads a draft anew as the statement of that number."""


def see_reading(facts: FilingFacts, statement_no: int, reading: Reading) -> StatementItems:
    """What rules see of a reading."""
    columns = ((column.side, column.measure) for column in reading.columns if column.role == "value")
    statement_type = reading.draft.form.statement_type
    return enrich(statement_no, statement_type, reading.state, reading.items, columns, facts.fiscal_year)


def see_readings(facts: FilingFacts, readings: Sequence[Reading]) -> list[StatementItems]:
    """What rules see of all statements of a filing."""
    return [see_reading(facts, number, reading) for number, reading in enumerate(readings, start=1)]


@dataclass
class Bench:
    """The statements of a filing as they are read now, with what rules see of them once that is asked for.

    Args:
        facts: What rules ask of the filing.
        readings: The statements.
        reread: Reads a draft anew.
    """

    facts: FilingFacts
    readings: list[Reading]
    reread: Reread

    @cached_property
    def seen(self) -> list[StatementItems]:
        """What rules see of the statements."""
        return see_readings(self.facts, self.readings)

    def judge(self) -> list[Judged]:
        """All identities of the filing."""
        return judge_filing(self.facts, self.seen)

    def judge_with(self, at: int, reading: Reading) -> list[Judged]:
        """The identities that a statement touches, if it is read so."""
        seen = list(self.seen)
        seen[at] = see_reading(self.facts, at + 1, reading)
        return judge_filing(self.facts, seen, frozenset({seen[at].statement_type}))

    def take(self, at: int, reading: Reading) -> None:
        """Read a statement so from now on."""
        self.readings[at] = reading
        self.seen[at] = see_reading(self.facts, at + 1, reading)


def take_best(bench: Bench, at: int, candidates: Iterable[Candidate], row_no: int | None = None) -> bool:
    """Replace the reading of a statement by the candidate that closes more identities, if there is one.

    Args:
        bench: The filing.
        at: Position of the statement.
        candidates: Its other readings.
        row_no: The row that they read otherwise, if it is one: no identity that it stands in may stay broken.

    Returns:
        Whether it was replaced; the choice is in the draft's readings then.
    """
    now = bench.readings[at]
    before = count(bench.judge_with(at, now))
    tried = []
    for candidate in islice(candidates, MOST_CANDIDATES):
        reading = bench.reread(candidate.draft, at + 1)
        judged = bench.judge_with(at, reading)
        if row_no is not None and any(_is_broken_in(one, at + 1, row_no) for one in judged):
            continue
        score = count(judged)
        if is_better(score, before):
            tried.append((score, candidate, reading))
    if not tried:
        return False
    best = max(score.balance for score, _, _ in tried)
    first = [one for one in tried if one[0].balance == best]
    if len({_numbers(reading) for _, _, reading in first}) > 1:
        return False
    score, candidate, reading = min(first, key=lambda one: one[1].contradicts)
    words = f"{candidate.words} ({score.closed} identities close and {score.broken} do not, before {before.closed} and {before.broken})"
    draft = replace(candidate.draft, readings=[*candidate.draft.readings, words])
    bench.take(at, replace(reading, draft=draft))
    return True


def is_better(score: Score, before: Score) -> bool:
    """Whether a reading closes more identities and breaks no more."""
    return score.closed > before.closed and score.broken <= before.broken


def _is_broken_in(one: Judged, statement_no: int, row_no: int) -> bool:
    at_row = (statement_no, row_no)
    return one.verdict == "violated" and any((p.item.statement_no, p.item.row_no) == at_row for p in one.terms)


def _numbers(reading: Reading) -> tuple[object, ...]:
    """The numbers of a reading with what they are read as."""
    return tuple(
        (i.row_no, i.side, i.code, i.code_inferred, i.unit_code, i.item, i.measure, i.fiscal_year, i.value)
        for i in reading.items
    )
