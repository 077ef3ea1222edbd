"""What do the words before a number say: what it is about, of which year, compared with what (数字前的文字)?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from filings.narrative import Kind, RolePattern, Subject, roles, subject_patterns, words
from tasks.extract.narrative.links import Stage
from tasks.extract.narrative.numbers import Mention

_SEPARATORS = re.compile(r"[，。;:]|^、|其中|\(含")
_FILLER_END = re.compile(r"(?:预算|决算)?(?:安排)?(?:数|总额|金额|总计|合计|共计|为|是|共|约|:)*$")
_LINKING = re.compile(r"^(?:包括|其中|分别为|以及|及|和|因此)")
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]+)+")


@dataclass(frozen=True, slots=True)
class Base:
    """What a comparison compares with: the year and stage of the base."""

    year: int | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class RoleFound:
    """The role of a number with what its pattern told."""

    role: str
    way: str | None = None
    whole: str | None = None


@cache
def _compiled_roles() -> tuple[tuple[RolePattern, re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    return tuple(
        (
            role,
            re.compile(f"(?:{role.lead})$") if role.lead else None,
            re.compile(role.tail) if role.tail else None,
        )
        for role in roles()
    )


def find_role(lead: str, tail: str, mention: Mention) -> RoleFound:
    """Tell what part a number plays in its sentence; a level if nothing else."""
    for role, lead_pattern, tail_pattern in _compiled_roles():
        if mention.kind not in role.kinds:
            continue
        match = lead_pattern.search(lead) if lead_pattern else None
        if lead_pattern and match is None:
            continue
        if tail_pattern and tail_pattern.search(tail) is None:
            continue
        groups = match.groupdict() if match else {}
        return RoleFound(role.role, groups.get("way"), groups.get("whole"))
    return RoleFound("level")


@cache
def _base_pattern() -> re.Pattern[str]:
    return re.compile(words().base)


def find_base(text: str, fiscal_year: int | None) -> tuple[Base, int] | None:
    """Find the last base of comparison that a text names, and where its words begin."""
    matches = list(_base_pattern().finditer(text))
    if not matches:
        return None
    match = matches[-1]
    kind = words().base_kinds[match["kind"]] if match["kind"] else None
    if match["year"] or match["last"]:
        year = int(match["year"]) if match["year"] else fiscal_year - 1 if fiscal_year else None
        return Base(year, kind), match.start()
    return Base(fiscal_year, "initial_budget"), match.start()


@cache
def _period_pattern() -> re.Pattern[str]:
    return re.compile(words().period.pattern + "$")


@cache
def _any_period_pattern() -> re.Pattern[str]:
    return re.compile(r"(?P<year>(?:19|20)\d{2})年(?:度)?(?:当年)?(?P<kind>预算执行|执行|决算|预算)?")


@cache
def _stage_word() -> re.Pattern[str]:
    kinds = "|".join(sorted(words().period.kinds, key=len, reverse=True))
    return re.compile(f"({kinds})(?:收入|支出|安排|总额|总计|合计|数|额|为|是|:)*$")


def split_period(lead: str, fiscal_year: int | None) -> tuple[str, Stage, bool]:
    """Take the words of year and stage off the end of a lead.

    Returns:
        The rest, the stage (the filing's own year where no year is printed), and whether a year was printed.
    """
    match = _period_pattern().search(lead)
    rest = lead[: match.start()] if match else lead
    year = match["year"] if match else None
    kind = match["kind"] if match else None
    if year is None:
        clause = lead[_clause_start(lead) :]
        earlier = list(_any_period_pattern().finditer(clause))
        if earlier and find_base(clause, fiscal_year) is None:
            year = earlier[-1]["year"]
            kind = kind or earlier[-1]["kind"]
    if kind is None and (stage := _stage_word().search(lead)):
        kind = stage[1]
    told = words().period.kinds[kind] if kind else None
    return rest, Stage(int(year) if year else fiscal_year, told), year is not None


def _clause_start(lead: str) -> int:
    return max((lead.rfind(mark) + 1 for mark in "，。;:"), default=0)


def find_subject(lead: str, rest: str, topic: str | None, kind: Kind) -> Subject | None:
    """Find what a number is about, by the end of the words before it."""
    for text in dict.fromkeys((rest, lead)):
        for entry in subject_patterns(topic, kind):
            if not entry.subject.after and entry.ends.search(text):
                return entry.subject
    return None


def find_next_subject(before: str | None, topic: str | None) -> Subject | None:
    """Find what a count without words of its own is about, by the count before it."""
    return next((e.subject for e in subject_patterns(topic, "count") if before in e.subject.after), None)


def find_following_subject(tail: str, topic: str | None, kind: Kind) -> Subject | None:
    """Find what a count is about, by the words after it (6个项目)."""
    return next((e.subject for e in subject_patterns(topic, kind) if e.follows and e.follows.match(tail)), None)


def subject_words(rest: str) -> str | None:
    """The words that name the subject: what stands after the last separator, without numbering and filler."""
    last = 0
    for match in _SEPARATORS.finditer(rest):
        if match.end() < len(rest) and rest[: match.end()].count("(") == rest[: match.end()].count(")") + (
            match[0] == "(含"
        ):
            last = match.end()
    text = _LINKING.sub("", _NUMBERING.sub("", rest[last:].strip('" ,、').lstrip(")")))
    shorter = _FILLER_END.sub("", text)
    return (shorter or text).strip('" ，。;、:') or None
