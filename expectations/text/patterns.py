"""Wording that is wrong wherever it stands, as data: `expectations/patterns/*.toml` (文字差错的样式)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from expectations.instances import Instance, Query
from expectations.text.paragraphs import FilingText, Paragraph, read_texts


class Pattern(BaseModel):
    """One way of being wrong, with what shows that it finds it and what shows that it finds nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    find: str
    """A regular expression over a paragraph without white space."""
    unless: str | None = None
    """A regular expression that is searched in the sentence around the match: if found, nothing is wrong."""
    where: Literal["body", "prose", "sentences", "glossary", "headings", "all"] = "body"
    """body: everything but the contents page; prose: the body without glossary and headings; sentences: those paragraphs of it
    that have a comma or a full stop; all: the contents too."""
    levels: tuple[str, ...] = ()
    """Levels of government in whose filings it is wrong; empty = all."""
    says: str = Field(min_length=2)
    """What is wrong, in words; ``{found}`` is the printed text."""
    says_en: str = Field(min_length=2)
    """The same in English."""
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)

    def looks_at(self, filing: FilingText, paragraph: Paragraph) -> bool:
        """Whether a paragraph is one of those that the pattern is about."""
        if self.levels and filing.level not in self.levels:
            return False
        match self.where:
            case "all":
                return True
            case "body":
                return not paragraph.in_contents
            case "glossary":
                return paragraph.in_glossary and not paragraph.in_contents
            case "headings":
                return paragraph.is_heading and not paragraph.in_contents
            case "prose":
                return not (paragraph.in_contents or paragraph.in_glossary or paragraph.is_heading)
            case "sentences":
                return not paragraph.in_contents and re.search("[，。；]", paragraph.text) is not None

    def search(self, paragraph: Paragraph) -> Iterator[re.Match[str]]:
        """The places of a paragraph where the pattern is found."""
        for match in _compiled(self.find).finditer(paragraph.text):
            if self.unless and _compiled(self.unless).search(paragraph.quote(match.start(), match.end())):
                continue
            yield match


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def load_patterns() -> Mapping[str, tuple[Pattern, ...]]:
    """All patterns by the name of their rule's function.

    Raises:
        pydantic.ValidationError: A file says something that a pattern cannot be; correct it.
    """
    text = resources.files("expectations").joinpath("patterns", "wording.toml").read_text(encoding="utf-8")
    return {name: tuple(Pattern(**one) for one in listed) for name, listed in tomllib.loads(text).items()}


def check_patterns(name: str, query: Query) -> Iterator[Instance]:
    """Every place where a pattern of a group is found is violated; every page without one holds."""
    patterns = load_patterns()[name]
    for filing in read_texts(query):
        looked_at: list[Paragraph] = []
        dirty: set[int | None] = set()
        for paragraph in filing.paragraphs:
            applied = [pattern for pattern in patterns if pattern.looks_at(filing, paragraph)]
            if applied:
                looked_at.append(paragraph)
            taken: list[tuple[int, int]] = []
            for pattern in applied:
                for match in pattern.search(paragraph):
                    start, end = match.span("at") if match.re.groupindex.get("at") and match["at"] else match.span()
                    if any(start < last and first < end for first, last in taken):
                        continue
                    taken.append(paragraph.sentence(start, end))  # again in the same sentence: the same slip
                    dirty.add(paragraph.page)
                    found = paragraph.text[start:end]
                    says, says_en = (words.replace("{found}", found) for words in (pattern.says, pattern.says_en))
                    yield filing.at(paragraph, start, end, "violated", says, detail_en=says_en)
        yield from filing.clean_pages(looked_at, dirty)


def pattern_rules() -> Mapping[str, Callable[[Query], Iterator[Instance]]]:
    """One rule function for each group of patterns: `wording_<group>`."""
    return {f"wording_{name}": partial(check_patterns, name) for name in load_patterns()}
