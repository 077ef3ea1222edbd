"""Where the identities of a filing do not close: is it the reading? (勾稽不合时重审读法)

Only statements that may be read otherwise are judged, and of these only those with a broken identity, or with columns that
could not be read, are looked at again; whatever reads without doubt stays as it is, and a broken identity in it is the filing's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extract.drafts import SHEET_KINDS, Draft
from tasks.extract.judge.candidates import has_open_columns, lay_out, lost_labels, move_cells, name_columns
from tasks.extract.judge.choose import Bench, Reread, take_best
from tasks.extract.judge.digits import correct_digits, regroup_digits
from tasks.extract.judge.doubts import find_broken, say_doubts
from tasks.extract.judge.items import FilingFacts
from tasks.extract.judge.row_candidates import has_open_rows, join_rows, part_rows
from tasks.extract.judge.scorer import Judged
from tasks.extract.reading import Reading
from tasks.extract.unrecognised import is_unrecognised

MOST_ROWS = 40
"""How many rows of one statement are looked at for moved cells: where more are broken, not single rows are misread."""


def judge_readings(facts: FilingFacts, readings: Sequence[Reading], reread: Reread) -> list[Reading]:
    """Let the identities judge the readings of a filing's statements.

    Args:
        facts: What rules ask of the filing.
        readings: The statements in order.
        reread: Reads a draft anew as the statement of a number.

    Returns:
        The statements in the same order, some of them read otherwise, each choice in its draft's readings.
    """
    bench = Bench(facts, list(readings), reread)
    open_ones = [at for at, reading in enumerate(readings) if is_judged(reading) and _is_open(reading.draft)]
    broken = find_broken(bench.judge()) if open_ones else {}
    for at in open_ones:
        if at + 1 in broken or lost_labels(readings[at].draft) or readings[at].unread:
            _read_again(bench, at)
    is_recognised = any(item.confidence is not None for reading in bench.readings for item in reading.items)
    return say_doubts(bench.readings, bench.judge() if is_recognised else [])


def _is_open(draft: Draft) -> bool:
    """Whether a statement may be read otherwise at all: where nothing is open, no identity need be judged."""
    return bool(lost_labels(draft)) or has_open_columns(draft) or has_open_rows(draft)


def is_judged(reading: Reading) -> bool:
    """Whether rules say anything of such a statement."""
    return reading.draft.form.kind not in SHEET_KINDS and not is_unrecognised(reading.draft.form)


def _read_again(bench: Bench, at: int) -> None:
    draft = bench.readings[at].draft
    open_columns = has_open_columns(draft)
    if (open_columns or lost_labels(draft)) and take_best(bench, at, lay_out(draft)):
        return
    if lost_labels(draft) and take_best(bench, at, name_columns(draft)):
        return
    while take_best(bench, at, part_rows(bench.readings[at].draft)):
        pass
    while take_best(bench, at, join_rows(bench.readings[at].draft)):
        pass
    take_best(bench, at, regroup_digits(bench.readings[at]))
    correct_digits(bench, at)
    if not all(part.grid.has_spans for part in draft.parts):
        _move_cells(bench, at)


def _move_cells(bench: Bench, at: int) -> None:
    """Row by row, as every row that is put right tells more about the next."""
    own = find_broken(bench.judge()).get(at + 1, [])
    rows = sorted(
        {
            placed.item.row_no
            for one in own
            for placed in one.terms
            if placed.item.statement_no == at + 1 and _is_row(one)
        }
    )
    if len(rows) > MOST_ROWS:
        return
    for row_no in rows:
        reading = bench.readings[at]
        place = reading.table.places[row_no - 1]
        take_best(bench, at, move_cells(reading.draft, frozenset({place})), row_no)


def _is_row(one: Judged) -> bool:
    return len({placed.item.row_no for placed in one.terms}) == 1
