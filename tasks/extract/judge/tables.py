"""Which tables belong together, and what is a table whose header is lost? (续表与缺头之表)

The layout decides where it can. Where a statement does not close and the table after it was not joined, because text or a page
without it stands between or its columns do not line up, the identities tell whether it is the rest of the statement; and
where a title stands over a table without a header, which layout of the form it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from filings.documents import Document, Grid, Page
from tasks.extract.continuation import repeated_header_rows
from tasks.extract.drafts import SHEET_KINDS, Draft, Found, Part
from tasks.extract.judge.candidates import restore_header
from tasks.extract.judge.choose import is_better, see_readings
from tasks.extract.judge.items import FilingFacts
from tasks.extract.judge.scorer import Score, count, judge_filing
from tasks.extract.judge.untitled import retitle
from tasks.extract.matrix import align_columns
from tasks.extract.preamble import lay_out_table
from tasks.extract.reading import Reading
from tasks.extract.unrecognised import is_unrecognised, keep_whole

MOST_TABLES = 12
"""How many tables of one filing are judged: a filing has about that many statements, and each trial reads the filing anew."""

MOST_PARTS = 3
"""How many tables are tried at once as the rest of a statement: a total in the last row closes only with all of them."""

ReadAll = Callable[[Sequence[Draft]], list[Reading]]
"""Reads drafts as the statements of a filing."""


@dataclass(frozen=True)
class _Trial:
    """The statements of a filing under one choice of tables; read once, and judged only where there is another choice."""

    drafts: list[Draft]
    facts: FilingFacts
    read_all: ReadAll

    @cached_property
    def readings(self) -> list[Reading]:
        """The statements as read."""
        return self.read_all(self.drafts)

    @cached_property
    def score(self) -> Score:
        """How many identities close."""
        return count(judge_filing(self.facts, see_readings(self.facts, self.readings)))


def judge_tables(document: Document, found: Found, facts: FilingFacts, read_all: ReadAll) -> list[Reading]:
    """Let the identities decide on tables without a header or a title and on tables that follow a statement.

    Args:
        document: The document.
        found: Its statements as the layout tells them.
        facts: What rules ask of the filing.
        read_all: Reads drafts.

    Returns:
        The statements in order as read, each choice in their drafts' readings.
    """
    now = _Trial(found.drafts, facts, read_all)
    inserted = 0
    for position, headless in found.headless[:MOST_TABLES]:
        at = position + inserted
        better = _restored(now, at, headless)
        if better is None and (kept := keep_whole(headless)) is not None:
            better = replace(now, drafts=[*now.drafts[:at], kept, *now.drafts[at:]])
        if better is not None:
            now, inserted = better, inserted + 1
    titled = [part for _, headless in found.headless for part in headless.parts]
    order = [(page, block) for page, block in document.blocks() if isinstance(block, Grid)]
    order = [(p, g) for p, g in order if not any(_is_part(part, p, g) for part in titled)]
    for _ in range(MOST_TABLES):
        joined = _joined(now, order)
        if joined is None:
            break
        now = joined
    for at in range(len(now.drafts) - 1, -1, -1):
        now = _best([replace(now, drafts=drafts) for drafts in retitle(now.drafts, at)], now) or now
    return now.readings


def _restored(now: _Trial, position: int, headless: Draft) -> _Trial | None:
    trials = []
    for candidate in restore_header(headless, now.drafts):
        draft = replace(candidate.draft, readings=[*candidate.draft.readings, candidate.words])
        trial = replace(now, drafts=[*now.drafts[:position], draft, *now.drafts[position:]])
        trials.append(trial)
    return _best(trials, now)


def _best(trials: Sequence[_Trial], now: _Trial) -> _Trial | None:
    """The one choice with which more identities close than now and than with any other."""
    better = [trial for trial in trials if is_better(trial.score, now.score)]
    best = max((trial.score.balance for trial in better), default=0)
    first = [trial for trial in better if trial.score.balance == best]
    return first[0] if len(first) == 1 else None


def _joined(now: _Trial, order: list[tuple[Page, Grid]]) -> _Trial | None:
    for draft in now.drafts:
        if draft.form.kind in SHEET_KINDS or is_unrecognised(draft.form):
            continue
        joined = draft
        absorbed: list[Draft] = []
        for page, grid in _tables_after(draft, order)[:MOST_PARTS]:
            owner = next((one for one in now.drafts if any(part.grid is grid for part in one.parts)), None)
            if owner is not None and (owner is draft or not _may_be_the_rest(draft, owner)):
                break
            continued = _continued(joined, page, grid)
            if continued is None:
                break
            joined = continued
            absorbed += [owner] if owner is not None and owner not in absorbed else []
            drafts = [joined if one is draft else one for one in now.drafts if one not in absorbed]
            trial = replace(now, drafts=drafts)
            if is_better(trial.score, now.score):
                return trial
    return None


def _tables_after(draft: Draft, order: list[tuple[Page, Grid]]) -> list[tuple[Page, Grid]]:
    last = draft.parts[-1]
    at = next((at for at, (page, grid) in enumerate(order) if _is_part(last, page, grid)), None)
    return order[at + 1 :] if at is not None else []


def _is_part(part: Part, page: Page, grid: Grid) -> bool:
    """Whether a part was made from a grid: by its page and its first printed cell, as its columns may have been moved."""
    if part.page != page.number or part.grid.row_count != grid.row_count:
        return False
    return [(c.row, c.text, c.box, c.locator) for c in part.grid.cells][:3] == [
        (c.row, c.text, c.box, c.locator) for c in grid.cells
    ][:3]


def _may_be_the_rest(draft: Draft, other: Draft) -> bool:
    """Whether a statement of its own may be the rest of another: of no known form, or under the same title."""
    return is_unrecognised(other.form) or (other.title.key == draft.title.key and other.form is draft.form)


def _continued(draft: Draft, page: Page, grid: Grid) -> Draft | None:
    base = draft.base
    aligned = align_columns(grid, base.col_edges_points, base.col_count) or align_columns(grid, (), base.col_count)
    if aligned is None:
        return None
    table = lay_out_table(aligned, page.number)
    repeated = repeated_header_rows(draft, table.body)
    if repeated is None or table.head_rows + repeated >= len(table.matrix.rows):
        return None
    place = f"page {page.number}" if page.number is not None else "the table after it"
    words = f"{place}: read as the rest of this statement, because its identities close with it"
    part = Part(table.matrix, aligned, page.number, table.head_rows + repeated)
    return replace(draft, parts=[*draft.parts, part], readings=[*draft.readings, words])
