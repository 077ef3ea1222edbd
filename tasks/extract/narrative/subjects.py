"""What is an amount or a count about, and which cell does it restate (金额、数量的主语)?"""

from __future__ import annotations

import re

from filings.narrative import Subject
from filings.text import squeeze
from tasks.extract.narrative.codes import find_marked, has_marks
from tasks.extract.narrative.draft import DraftClaim
from tasks.extract.narrative.leads import (
    find_following_subject,
    find_next_subject,
    find_subject,
    split_period,
    subject_words,
)
from tasks.extract.narrative.links import CellKey, Stage
from tasks.extract.narrative.memory import About, Memory

_AS_OF = re.compile(r"截至\s*((?:19|20)\d{2})\s*年")


def tell_count(memory: Memory, draft: DraftClaim, lead: str, tail: str) -> bool:
    """A count is a claim only where a subject of this topic fits it."""
    topic = memory.topic_name
    subject = find_subject(lead, lead, topic, "count")
    following = None if subject else find_following_subject(tail, topic, "count")
    before = memory.claims[-1] if memory.claims else None
    if subject is None and following is None and re.fullmatch(r"[、，]?", lead) and before is not None:
        following = find_next_subject(before.subject_key, topic)
        tail = before.subject or ""
    told = subject or following
    if told is None:
        return False
    draft.role = "level"
    draft.subject_key = told.subject
    draft.subject = subject_words(lead) if subject else re.split(r"[，。;、:(]|\d", tail)[0]
    draft.whole_claim = memory.whole_of(draft.mention)
    as_of = _AS_OF.search(draft.quote)
    draft.fiscal_year = int(as_of[1]) if as_of else draft.fiscal_year
    return True


def tell_level(memory: Memory, draft: DraftClaim, lead: str) -> None:
    """Tell what an amount is about and of which year and stage, and link it."""
    rest, stage, _ = split_period(lead, memory.fiscal_year)
    draft.fiscal_year, draft.stage = stage.year, stage.kind
    about = _find_about(memory, lead, rest)
    if about is None:
        draft.subject = subject_words(rest)
        draft.whole_claim = memory.whole_of(draft.mention)
        memory.about = About(None, draft.subject, None, (), draft.subject)
        draft.link(memory.tables, _keys_by_name(memory, draft.subject))
        return
    memory.about = about
    _place(memory, draft, about, stage)
    draft.whole_claim = memory.whole_of(draft.mention)


def _place(memory: Memory, draft: DraftClaim, about: About, stage: Stage) -> None:
    draft.subject_key, draft.subject, draft.code = about.key, about.words, about.code
    draft.targets, draft.row_name = about.targets, about.name
    for target in about.targets:
        if draft.statement_type is None:
            draft.statement_type = target.statement
            draft.measure = target.measures[0]
        draft.link(memory.tables, memory.tables.keys(target, about.code, stage), about.name)
    if about.code is None:
        draft.link(memory.tables, _keys_by_name(memory, about.name))


def _find_about(memory: Memory, lead: str, rest: str) -> About | None:
    """What a level is about: a chain of codes, a subject of the topic, a class by name, or what the number before was."""
    if has_marks(lead):
        return read_coded(memory, lead)
    told = subject_words(rest)
    if told is None and memory.about is not None:
        return memory.about
    topic = memory.topic_name
    if told and memory.topic and (code := memory.codes.find_printed(told)):
        return About(None, told, code, memory.topic.coded)
    subject: Subject | None = find_subject(lead, rest, topic, "money")
    if subject is not None:
        return About(subject.subject, told, None, subject.targets)
    if told is None:
        return None
    if memory.topic and memory.topic.class_names and (code := memory.codes.find_class(told)):
        return About(None, told, code, memory.topic.coded)
    return None


def read_coded(memory: Memory, lead: str) -> About:
    """Read a chain of 类, 款 and 项: 一般公共服务支出（类）海关事务（款）."""
    marked = find_marked(lead)
    code = memory.hierarchy.read(marked)
    targets = memory.topic.coded if memory.topic else ()
    names = memory.hierarchy.names
    told = "".join(f"{names[level]}（{level}）" for level in "类款项" if level in names)
    return About(None, told or None, code, targets if code else (), marked[-1].name if code and marked else None)


def _keys_by_name(memory: Memory, name: str | None) -> tuple[CellKey, ...]:
    """The cells of the row that carries exactly this label, in the statements of the topic whose labels it repeats."""
    if name is None or memory.topic is None:
        return ()
    row = f"name:{squeeze(name)}"
    return tuple(
        CellKey(statement, None, row, measure, None)
        for statement in memory.topic.rows
        for measure in ("total", "target_total")
    )
