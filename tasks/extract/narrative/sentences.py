"""Where do sentences end, which names do they list, and where do they begin to explain (分句、列举、原因)?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from filings.narrative import words
from tasks.extract.narrative.numbers import Mention
from tasks.extract.narrative.paragraphs import Paragraph

CLAUSE_MAX = 600
"""Longest clause looked at, in characters: the longest list of names seen has 260."""

QUOTE_MAX = 4_000
"""Longest sentence quoted whole, in characters; of a longer one, which is a list that lost its full stops, the part around
the number."""

REASON_LEAD = 16
"""How far into a sentence its reason may begin for the whole of it to be one: 决算数小于预算数的主要原因 is 12 characters in."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph: its place in the folded text."""

    start: int
    end: int


def split_sentences(folded: str) -> list[Sentence]:
    """Split a folded paragraph at its full stops (分句)."""
    sentences: list[Sentence] = []
    start = 0
    for match in re.finditer(r"[。！!？?]+[\")]*", folded):
        sentences.append(Sentence(start, match.end()))
        start = match.end()
    if start < len(folded):
        sentences.append(Sentence(start, len(folded)))
    return sentences


def print_sentence(paragraph: Paragraph, sentence: Sentence, position: int) -> str:
    """The sentence as printed, its lines joined.

    Args:
        paragraph: The paragraph.
        sentence: Its place.
        position: Where in the folded paragraph the number stands for which it is quoted.
    """
    first, last = sentence.start, sentence.end - 1
    if last - first > QUOTE_MAX:
        first, last = max(first, position - QUOTE_MAX // 2), min(last, position + QUOTE_MAX // 2)
    return paragraph.printed[paragraph.origin[first] : paragraph.origin[last] + 1].strip()


def begins_with_reason(text: str) -> bool:
    """Whether a whole sentence is a reason for what the one before says."""
    match = re.search(words().reason.begins, text)
    return match is not None and match.start() <= REASON_LEAD and not re.search(r"\d|，", text[: match.start()])


def stands_in_reason(text: str, position: int) -> bool:
    """Whether a number stands in a reason: one begins before it and no semicolon ends it."""
    clause = text[max(text.rfind(";", 0, position) + 1, position - CLAUSE_MAX) : position]
    return re.search(words().reason.begins, clause) is not None


@cache
def _listed_pattern() -> re.Pattern[str]:
    names = r"(?P<names>[^，。;:\d]{0,300}、[^，。;:\d]{0,600})"
    return re.compile(f"{words().listed.begins}{names}(?:{words().listed.ends})")


def find_listed(text: str, mentions: list[Mention]) -> dict[int, str]:
    """For the ordinal of a number the names that the sentence lists right after it."""
    listed: dict[int, str] = {}
    pattern = _listed_pattern()
    for number, mention in enumerate(mentions, start=1):
        following = mentions[number].start if number < len(mentions) else len(text)
        if match := pattern.search(text, mention.end, following):
            listed[number] = match["names"].removesuffix("等")
    return listed
