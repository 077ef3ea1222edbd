"""Are laws cited by their full names (法律法规名称)? The names are data: `expectations/patterns/laws.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import resources

from expectations.instances import Instance, Query
from expectations.text.paragraphs import read_texts

_CITED = re.compile(r"《(?:中华人民共和国)?(?P<name>[一-龥]{2,40}(?:法|条例|法典))(?:[（(][^）)]*[）)])?》")
_NATIONAL = "中华人民共和国"
LIKENESS = 0.8
"""How alike a title must be to a law's name to be taken for a misquotation. Chosen by judgement: one wrong or missing character
in a name of five and more."""


@cache
def load_laws() -> frozenset[str]:
    """Names of national laws and regulations, without 中华人民共和国."""
    text = resources.files("expectations").joinpath("patterns", "laws.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["names"])


def find_right_name(title: str) -> str | None:
    """The law that a title misquotes, or None if it is right or none is like it."""
    if title in load_laws():
        return None
    near = get_close_matches(title, sorted(load_laws()), 1, LIKENESS)
    return near[0] if near and near[0][-1] == title[-1] and near[0][0] == title[0] else None


def check_laws(query: Query) -> Iterator[Instance]:
    """Every national law that the text cites has its full and right name."""
    for filing in read_texts(query):
        for paragraph in filing.body:
            for match in _CITED.finditer(paragraph.text):
                if match["name"] not in load_laws() and _NATIONAL not in match[0]:
                    continue  # a local rule or a document of a ministry: it may be called nearly like a law
                right = find_right_name(match["name"])
                if right is None and match["name"] not in load_laws():
                    yield filing.at(paragraph, match.start(), match.end(), "not_evaluable", reason="law_not_in_list")
                    continue
                detail = None if right is None else f"应为《{_NATIONAL}{right}》"
                yield filing.at(paragraph, match.start(), match.end(), "violated" if right else "exact", detail)
