"""How does a filing's narrative restate its tables (文字说明如何复述表内数字)?

Topics, subjects, roles, units and words of comparison are data files here; this module loads and validates them. Adding a
pattern is adding an entry with an example sentence of our own making, which a test reads.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["money", "percent", "count", "none"]
Role = Literal[
    "level", "share", "completion", "change_percent", "change_amount", "base", "threshold", "reason", "definition"
]

FILLER = r"(?:总额|总计|合计|总量|共计|金额|经费|资金|费用|预算|决算|支出|预计|安排|财政拨款|数额|均|各|为|是|数|额|共|约|达|\(单位:万元\)|:)*"
"""Words between a subject and its number that carry no meaning of their own."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Strict):
    """A sentence of our own making and the ordinal, from 1, of the number in it that the entry must tell."""

    text: str
    number: int = 1


class Target(_Strict):
    """A cell, or the same cell of several variants of a form.

    Args:
        statement: Statement type.
        side: Which of the lists that stand side by side.
        item: Canonical row key.
        code: Classification code of the row.
        measures: Canonical columns in order of preference.
    """

    statement: str
    side: str | None = None
    item: str | None = None
    code: str | None = None
    measures: tuple[str, ...]


class Topic(_Strict):
    """What a section is about."""

    topic: str
    headings: tuple[str, ...]
    coded: tuple[Target, ...] = ()
    rows: tuple[str, ...] = ()
    class_names: bool = False
    own: bool = True
    example: str

    def fits(self, heading: str) -> bool:
        """Whether a folded heading is one of this topic."""
        return self._heading.search(heading) is not None

    @cached_property
    def _heading(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{heading})" for heading in self.headings))


class Subject(_Strict):
    """What a number is about.

    Args:
        subject: Canonical name.
        kind: Kind of number.
        topics: Topics in which the entry holds.
        anywhere: Whether it also holds where the topic is unknown.
        ends: What the words before the number end in.
        follows: For a count, what may stand after it instead.
        after: For a count without words of its own (2批次、26人次), the subjects of the count before it.
        targets: Cells that print the same.
    """

    subject: str
    kind: Kind = "money"
    topics: tuple[str, ...]
    anywhere: bool = False
    ends: tuple[str, ...]
    follows: str | None = None
    after: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    example: Example


class UnitWord(_Strict):
    """A word after a number that makes it a claim."""

    unit: str
    kind: Kind
    words: tuple[str, ...]
    after: str = ""
    example: str


class RolePattern(_Strict):
    """What part a number plays in its sentence."""

    role: Role
    kinds: tuple[Kind, ...]
    lead: str = ""
    tail: str = ""
    example: Example


class _Period(_Strict):
    pattern: str
    kinds: dict[str, str]


class _Begins(_Strict):
    begins: str
    ends: str = ""


class _Parts(_Strict):
    opens: str
    begins: str
    heads: str
    within: str


class _AgainstBudget(_Strict):
    increase: str
    decrease: str
    unchanged: str


class Words(_Strict):
    """Words of comparison, of time, of reasons and of parts."""

    increase: tuple[str, ...] = Field(min_length=1)
    decrease: tuple[str, ...] = Field(min_length=1)
    unchanged: tuple[str, ...] = Field(min_length=1)
    own_budget: str
    against_budget: _AgainstBudget
    base: str
    base_kinds: dict[str, str]
    period: _Period
    reason: _Begins
    parts: _Parts
    listed: _Begins


@dataclass(frozen=True, slots=True)
class SubjectPattern:
    """A subject with its compiled expressions: for the end of the words before a number and the beginning of those after."""

    subject: Subject
    ends: re.Pattern[str]
    follows: re.Pattern[str] | None


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _entries(name: str, key: str) -> list[object]:
    entries = _read(name)[key]
    assert isinstance(entries, list)
    return entries


@cache
def topics() -> tuple[Topic, ...]:
    """All topics in order of precedence."""
    return tuple(Topic.model_validate(entry) for entry in _entries("topics.toml", "topics"))


@cache
def subjects() -> tuple[Subject, ...]:
    """All subjects in order of precedence."""
    return tuple(Subject.model_validate(entry) for entry in _entries("subjects.toml", "subjects"))


@cache
def subject_patterns(topic: str | None, kind: Kind) -> tuple[SubjectPattern, ...]:
    """The subjects that a number of a kind may have under a topic."""
    return tuple(
        SubjectPattern(
            subject,
            re.compile(f"(?:{'|'.join(subject.ends)}){FILLER}$"),
            re.compile(subject.follows) if subject.follows else None,
        )
        for subject in subjects()
        if (topic in subject.topics or (topic is None and subject.anywhere)) and subject.kind == kind
    )


@cache
def units() -> tuple[UnitWord, ...]:
    """All words after a number, in order of precedence."""
    return tuple(UnitWord.model_validate(entry) for entry in _entries("units.toml", "units"))


@cache
def roles() -> tuple[RolePattern, ...]:
    """All roles in order of precedence."""
    return tuple(RolePattern.model_validate(entry) for entry in _entries("roles.toml", "roles"))


@cache
def words() -> Words:
    """Words of comparison, of time, of reasons and of parts."""
    return Words.model_validate(_read("words.toml"))
