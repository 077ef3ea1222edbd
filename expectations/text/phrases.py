"""Words of this genre that are written wrongly, from lists (常见错别字): `expectations/patterns/phrases.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from expectations.instances import Instance, Query
from expectations.text.paragraphs import Paragraph, read_texts

AROUND = 4
"""Characters on both sides in which the correct text that contains a wrong form is looked for: the longest such text in the lists
reaches that far."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wrong form and what is meant by it; ``unless`` is the correct text that contains the form."""

    wrong: str
    right: str
    unless: str | None = None


@cache
def load_phrases() -> Mapping[str, Mapping[str, Phrase]]:
    """All phrases of each list by their wrong form.

    Raises:
        ValueError: A form is listed twice, is no wrong form, or is also said to be right.
    """
    text = resources.files("expectations").joinpath("patterns", "phrases.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)
    return {
        "phrase": _index([_parse(entry) for entry in lists["phrase"]] + _shorten(lists["lost"], lists["lost_right"])),
        "usage": _index([_parse(entry) for entry in lists["usage"]]),
    }


def _parse(entry: str) -> Phrase:
    wrong, right, *unless = entry.split(" ", 2)
    return Phrase(wrong, right, *unless)


def _shorten(phrases: list[str], right: list[str]) -> list[Phrase]:
    """Every phrase without one of its inner characters, unless that is a phrase or a part of one itself."""
    found = {phrase[:at] + phrase[at + 1 :]: phrase for phrase in phrases for at in range(1, len(phrase) - 1)}
    return [
        Phrase(wrong, phrase)
        for wrong, phrase in found.items()
        if not any(wrong in one for one in phrases) and not any(one in wrong for one in right)
    ]


def _index(phrases: list[Phrase]) -> dict[str, Phrase]:
    index = {phrase.wrong: phrase for phrase in phrases}
    if len(index) != len(phrases) or any(phrase.wrong in phrase.right for phrase in phrases):
        raise ValueError("a form is listed twice, or is a part of what is right")
    return index


def find_phrases(name: str, text: str) -> Iterator[tuple[int, Phrase]]:
    """Where wrong forms of a list stand in a text; of those that overlap, the first and longest."""
    end = 0
    for at, phrase in sorted(_find_all(name, text), key=lambda one: (one[0], -len(one[1].wrong))):
        if at >= end:
            yield at, phrase
            end = at + len(phrase.wrong)


def _find_all(name: str, text: str) -> Iterator[tuple[int, Phrase]]:
    for wrong, phrase in load_phrases()[name].items():
        at = text.find(wrong)
        while at >= 0:
            around = text[max(at - AROUND, 0) : at + len(wrong) + AROUND]
            if phrase.unless is None or not re.search(phrase.unless, around):
                yield at, phrase
            at = text.find(wrong, at + 1)


def _check(name: str, query: Query) -> Iterator[Instance]:
    for filing in read_texts(query):
        looked_at: list[Paragraph] = []
        dirty: set[int | None] = set()
        suspects = any(True for _ in find_phrases(name, filing.plain))
        for paragraph in filing.body:
            looked_at.append(paragraph)
            for start, phrase in find_phrases(name, paragraph.text) if suspects else ():
                dirty.add(paragraph.page)
                yield filing.at(
                    paragraph,
                    start,
                    start + len(phrase.wrong),
                    "violated",
                    f"“{phrase.wrong}”应为“{phrase.right}”",
                    detail_en=f"“{phrase.wrong}” is written for “{phrase.right}”",
                )
        yield from filing.clean_pages(looked_at, dirty)


def check_phrases(query: Query) -> Iterator[Instance]:
    """Wrong characters, lost characters and doubled characters in the standing phrases of this genre."""
    return _check("phrase", query)


def check_usage(query: Query) -> Iterator[Instance]:
    """Forms of words that the standards on usage reject (异形词)."""
    return _check("usage", query)
