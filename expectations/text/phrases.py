"""Words of this genre that are written wrongly, from a list (常见错别字): `expectations/patterns/phrases.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

from expectations.instances import Instance, Query
from expectations.text.paragraphs import Paragraph, read_texts


class Phrase(BaseModel):
    """A wrong form and what is meant by it; ``unless`` is the correct text that contains the form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrong: str = Field(min_length=2)
    right: str
    unless: str | None = None


@cache
def load_phrases() -> Mapping[str, Mapping[str, Phrase]]:
    """All phrases of each list by their wrong form.

    Raises:
        ValueError: A form is listed twice.
    """
    text = resources.files("expectations").joinpath("patterns", "phrases.toml").read_text(encoding="utf-8")
    lists: dict[str, dict[str, Phrase]] = {}
    for name, entries in tomllib.loads(text).items():
        phrases = [Phrase(**entry) for entry in entries]
        lists[name] = {one.wrong: one for one in phrases}
        if len(lists[name]) != len(phrases):
            raise ValueError(f"{name}: a form is listed twice")
    return lists


@cache
def _matcher(name: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(wrong) for wrong in sorted(load_phrases()[name], key=len, reverse=True)))


def find_phrases(name: str, text: str) -> Iterator[tuple[int, Phrase]]:
    """Where wrong forms of a list stand in a text."""
    for match in _matcher(name).finditer(text):
        phrase = load_phrases()[name][match[0]]
        around = text[max(match.start() - 4, 0) : match.end() + 4]
        if phrase.unless is None or not re.search(phrase.unless, around):
            yield match.start(), phrase


def _check(name: str, query: Query) -> Iterator[Instance]:
    for filing in read_texts(query):
        looked_at: list[Paragraph] = []
        dirty: set[int | None] = set()
        for paragraph in filing.body:
            looked_at.append(paragraph)
            for start, phrase in find_phrases(name, paragraph.text):
                dirty.add(paragraph.page)
                detail = f"“{phrase.wrong}”应为“{phrase.right}”"
                yield filing.at(paragraph, start, start + len(phrase.wrong), "violated", detail)
        yield from filing.clean_pages(looked_at, dirty)


def check_phrases(query: Query) -> Iterator[Instance]:
    """Wrong characters, lost characters and doubled characters in the standing phrases of this genre."""
    return _check("phrase", query)


def check_usage(query: Query) -> Iterator[Instance]:
    """Forms of words that the standards on usage reject (异形词)."""
    return _check("usage", query)
