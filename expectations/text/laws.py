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
"""How alike a title must be to a law's name to be taken for a misquotation: difflib's ratio is 2·m/(n+n'), so that one wrong
character of a name of five gives 8/10, and one missing character of a name of four 6/7. Laws whose right names are as alike as
this (行政复议法, 行政许可法) do no harm, because a title that is itself a name is never questioned."""


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
    if near and near[0][-1] == title[-1] and near[0][0] == title[0]:
        return near[0]
    whole = [
        name for name in load_laws() if len(title) * 2 > len(name) > len(title) > SHORTEST and _is_inside(title, name)
    ]
    return whole[0] if len(whole) == 1 else None


SHORTEST = 4
"""A title of more characters than this that leaves out some of a law's is that law's short form; 刑法 and 水法 say nothing."""


def _is_inside(short: str, name: str) -> bool:
    """Whether the short form has the name's characters in their order, the first and the last among them."""
    rest = iter(name)
    return short[:2] == name[:2] and short[-1] == name[-1] and all(one in rest for one in short)


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
                if right is None:
                    yield filing.at(paragraph, match.start(), match.end(), "exact")
                else:
                    name = f"《{_NATIONAL}{right}》"
                    yield filing.at(
                        paragraph, *match.span(), "violated", f"应为{name}", detail_en=f"the law's full name is {name}"
                    )
