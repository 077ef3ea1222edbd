"""Are the goals of a performance target sheet numbered and worded as goals, and its own (绩效总体目标)?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from expectations.instances import Instance, Query
from expectations.text.paragraphs import FilingText, Paragraph, read_texts

_GOAL = re.compile(r"(?<!该)目标(?P<number>\d{1,2})[:：]")
_BOUNDARY = re.compile(r"[。；;：:！!？?）)]$|^$|\d[%万元次个项人]$")
_ABOUT = re.compile("绩效目标|总体目标")
_CLAUSE = re.compile(r"[^，。；;,：:！？]+")
_ORDINAL = re.compile(r"^(?:目标)?[（(]?[\d一二三四五六七八九十]{1,3}[）)]?[.．、]?(?=[^\d年月日])")
REPEATED = 8
"""From how many characters on a clause that stands twice in one goal is a repetition: a verb of two and an object of six."""
SHORTENED = 6
"""From how many characters on a clause that only shortens the one before it repeats that: verb and object of the fewest
characters that name a task."""
COPIED = 30
"""From how many characters on a goal is the project's own: shorter ones (确保项目顺利完成) fit any project."""
USUAL = 4
"""How many goals must begin after a boundary before one inside a sentence stands out: where a maker prints none, all are alike."""


def _goals(filing: FilingText) -> dict[tuple[str, tuple[str, ...]], list[tuple[Paragraph, re.Match[str]]]]:
    sheets: dict[tuple[str, tuple[str, ...]], list[tuple[Paragraph, re.Match[str]]]] = defaultdict(list)
    for paragraph in filing.body:
        for match in _GOAL.finditer(paragraph.text):
            sheets[paragraph.document_id, paragraph.headings].append((paragraph, match))
    return sheets


def check_goal_numbers(query: Query) -> Iterator[Instance]:
    """The goals of a sheet count up by one."""
    for filing in read_texts(query):
        for goals in _goals(filing).values():
            for (_, before), (paragraph, match) in pairwise(goals):
                number, last = int(match["number"]), int(before["number"])
                if number == 1:
                    continue
                if number == last + 1:
                    yield filing.at(paragraph, *match.span(), "exact")
                else:
                    yield filing.at(
                        paragraph,
                        *match.span(),
                        "violated",
                        f"上一个是目标{last}，这一个是目标{number}",
                        detail_en=f"goal {last} is followed by goal {number}",
                    )


def check_goal_breaks(query: Query) -> Iterator[Instance]:
    """No goal begins inside a sentence, where the others begin after one."""
    for filing in read_texts(query):
        found = [one for goals in _goals(filing).values() for one in goals]
        inside = [
            (paragraph, match)
            for paragraph, match in found
            if not _BOUNDARY.search(paragraph.text[: match.start()][-2:])
        ]
        if len(found) - len(inside) < USUAL * max(len(inside), 1):
            continue
        for paragraph, match in found:
            if (paragraph, match) in inside:
                yield filing.at(
                    paragraph,
                    *match.span(),
                    "violated",
                    f"“{match[0]}”出现在句子中间",
                    detail_en=f"“{match[0]}” stands inside a sentence",
                )
            else:
                yield filing.at(paragraph, *match.span(), "exact")


def check_goal_repeats(query: Query) -> Iterator[Instance]:
    """No clause stands twice in one goal, whole or shortened right behind itself."""
    for filing in read_texts(query):
        for paragraph in filing.body:
            if paragraph.is_heading or not any(_ABOUT.search(heading) for heading in paragraph.headings):
                continue
            said: dict[str, int] = {}
            before = ""
            for match in _CLAUSE.finditer(paragraph.text):
                clause = _ORDINAL.sub("", match[0])
                repeats = clause in said and len(clause) >= REPEATED
                if repeats or _shortens(clause, before):
                    whole = clause if repeats else before
                    yield filing.at(
                        paragraph,
                        *match.span(),
                        "violated",
                        f"“{clause}”与前文“{whole}”重复",
                        detail_en=f"“{clause}” repeats “{whole}”",
                    )
                elif len(clause) >= REPEATED:
                    yield filing.at(paragraph, *match.span(), "exact")
                said[clause] = match.start()
                before = clause


def _shortens(clause: str, before: str) -> bool:
    """Whether a clause is the one before it without some of its middle (开展甲类风险监测，开展风险监测)."""
    if len(clause) < SHORTENED or len(before) <= len(clause):
        return False
    return any(before.startswith(clause[:at]) and before.endswith(clause[at:]) for at in range(2, len(clause) - 1))


def check_goal_copies(query: Query) -> Iterator[Instance]:
    """No project has the very goal of another project."""
    for filing in read_texts(query):
        goals: dict[str, Paragraph] = {}
        for paragraph in filing.body:
            if paragraph.is_heading or len(paragraph.text) < COPIED or not paragraph.headings:
                continue
            if not _ABOUT.search(paragraph.headings[0]):
                continue
            first = goals.setdefault(paragraph.text, paragraph)
            holds = first.headings == paragraph.headings
            yield filing.at(
                paragraph,
                0,
                len(paragraph.text),
                "exact" if holds else "violated",
                None if holds else f"与“{first.headings[-1]}”的目标完全相同",
                detail_en=None if holds else f"this is the goal of “{first.headings[-1]}”",
                related=() if holds else (first.place(0, len(first.text)),),
            )
