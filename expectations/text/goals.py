"""Are the goals of a performance target sheet numbered and worded as goals (绩效总体目标)?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from expectations.instances import Instance, Query
from expectations.text.paragraphs import FilingText, Paragraph, read_texts

_GOAL = re.compile(r"(?<!该)目标(?P<number>\d{1,2})[:：]")
_BOUNDARY = re.compile(r"[。；;：:！!？?）)]$|^$|\d[%万元次个项人]$")
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
