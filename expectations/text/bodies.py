"""Is the body that publishes the filing named rightly wherever it is named (单位名称)?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from expectations.instances import Instance, Query
from expectations.text.paragraphs import read_texts
from expectations.text.structure import statement_titles
from filings.codes import divisions

SHORTEST = 6
"""Shortest name, in characters, of which a form with one other character is taken for a slip and not for another body: 某市财政局
and 某市教育局 differ in two of five, of six and more one is a sixth at most."""

SHORTEST_NAME = 4
"""Shortest name of which a form without one character is looked for, where the name of a body stands."""

LONG = 8
"""From this length a name without one character is no part of another word wherever it stands."""

SELDOM = 3
"""How many times as often as a form without one character the name must be printed for that form to be a slip."""

_REPORT = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分)?(?P<name>[一-龥]{4,40}?)(?:20\d\d|二[〇○]).{0,4}年?度?.*(?:预算|决算)"
)
_COUNTED = frozenset("一二三四五六七八九十东西南北中上下前后新老大小")
"""Characters that tell bodies of one kind apart (第一中学、第二中学; 东区、西区)."""


def find_variants(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Where a text has a name with exactly one character replaced.

    Each half of the name must stand there unchanged or hold the replaced character: two searches instead of a window
    at every place.
    """
    half = len(name) // 2
    seen: set[int] = set()
    for part, offset in ((name[:half], 0), (name[half:], half)):
        at = text.find(part)
        while at >= 0:
            start = at - offset
            found = text[max(start, 0) : start + len(name)]
            if start >= 0 and len(found) == len(name) and start not in seen:
                seen.add(start)
                wrong = [place for place in range(len(name)) if found[place] != name[place]]
                if (
                    len(wrong) == 1
                    and not {found[wrong[0]], name[wrong[0]]} <= _COUNTED
                    and "一" <= found[wrong[0]] <= "龥"
                ):
                    yield start, found
            at = text.find(part, at + 1)


def find_shortened(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Where a text has a name with exactly one inner character missing, and not the name itself."""
    seen: set[int] = set()
    for at in range(1, len(name) - 1):
        short = name[:at] + name[at + 1 :]
        start = text.find(short)
        while start >= 0:
            if start not in seen and not text.startswith(name, start):
                seen.add(start)
                yield start, short
            start = text.find(short, start + 1)


_BEFORE = re.compile(r"(?:^|[，。；：、“（(]|关于|纳入|附件|部分|年度?|[、.．）)])$")
_AFTER = re.compile(
    r"^(?:（[^）]*）)?(?:(?:19|20)\d\d年|本级|全部|的|没有|共有|负责|政府采购|行政单位|收|支|财政|一般公共|“?三公|部门|机关|为|预算|是|主要|机构|概况|所属|$|[，。；：、）)])"
)


def _stands_as_name(text: str, start: int, end: int) -> bool:
    """Whether words stand where the name of a body stands: a short name could be part of another word elsewhere."""
    return bool(_BEFORE.search(text[:start])) and bool(_AFTER.match(text[end:]))


def check_body_name(query: Query) -> Iterator[Instance]:
    """Wherever the body is named in full, no character of its name is another or missing.

    A form without one character that the filing uses as often as the name is its short form, not a slip.
    """
    for filing in read_texts(query):
        name = re.sub(r"[（(].*[）)]|本级$", "", filing.issuer or "")
        if len(name) < SHORTEST_NAME:
            continue
        named = sum(paragraph.text.count(name) for paragraph in filing.paragraphs)
        found = [
            (paragraph, start, words)
            for paragraph in filing.paragraphs
            for start, words in (
                *(
                    one
                    for one in (find_variants(name, paragraph.text) if len(name) >= SHORTEST else ())
                    if not _is_counterpart(one[1], name)
                ),
                *find_shortened(name, paragraph.text),
            )
            if len(words) == len(name)
            or len(name) >= LONG
            or _stands_as_name(paragraph.text, start, start + len(words))
        ]
        uses = Counter(words for _, _, words in found)
        for paragraph, start, words in found:
            if len(words) == len(name) or uses[words] * SELDOM <= named:
                yield filing.at(
                    paragraph,
                    start,
                    start + len(words),
                    "violated",
                    f"“{words}”应为“{name}”",
                    detail_en=f"“{words}” is written for “{name}”",
                )
        for paragraph in filing.paragraphs:
            at = paragraph.text.find(name)
            if at >= 0:
                yield filing.at(paragraph, at, at + len(name), "exact")


@cache
def _division_names() -> tuple[str, ...]:
    return tuple(sorted({one.name for one in divisions()}, key=len, reverse=True))


@lru_cache(maxsize=65_536)
def _split(name: str) -> tuple[str, str]:
    """A body's name as its regions and the rest."""
    rest = name
    while True:
        region = next((one for one in _division_names() if len(one) > 1 and rest.startswith(one)), None)
        if region is None or len(rest) - len(region) < 3:
            return name[: len(name) - len(rest)], rest
        rest = rest[len(region) :]


def _is_counterpart(found: str, name: str) -> bool:
    """Whether a name nearly like a body's is that of the same kind of body in another region."""
    regions, rest = _split(found)
    own_regions, own_rest = _split(name)
    return rest == own_rest and bool(regions) and regions != own_regions


def check_heading_body(query: Query) -> Iterator[Instance]:
    """A heading with the name of the report names the body that publishes it, not the one of another region."""
    for filing in read_texts(query):
        regions, rest = _split(filing.issuer or "")
        if not regions:
            continue
        for paragraph in filing.paragraphs:
            match = _REPORT.match(paragraph.text)
            if match is None or len(paragraph.text) > 60:
                continue
            named_regions, named_rest = _split(match["name"])
            if named_rest != rest or not named_regions:
                continue
            own = named_regions == regions or regions.endswith(named_regions)
            yield filing.at(
                paragraph,
                match.start("name"),
                match.end("name"),
                "exact" if own else "violated",
                None if own else f"“{match['name']}”应为“{filing.issuer}”",
                detail_en=None if own else f"“{match['name']}” is named for “{filing.issuer}”",
            )


_SCOPED = re.compile(r"(?P<scope>部门|单位)(?:财务)?(?=(?:收支|收入|支出|预算|决算|“?\"?三公))")
_BOTH = re.compile(r"部门.*单位|单位.*部门|预算单位|所属|基层|构成|主管|[（(]单位[:：]")
ALIKE = 4
"""How many titles and headings must say the one word before the other stands out as a slip."""


def check_scope_words(query: Query) -> Iterator[Instance]:
    """Titles of statements and headings say 部门 throughout, or 单位."""
    titles = statement_titles(query)
    for filing in read_texts(query):
        found: list[tuple[str, Instance]] = []
        for title in titles.get(filing.filing_id, ()):
            if (match := _SCOPED.search(title.text)) and not _BOTH.search(title.text):
                found.append((match["scope"], title.judge("exact", "title")))
        for paragraph in filing.body:
            if paragraph.is_heading and (match := _SCOPED.search(paragraph.text)) and not _BOTH.search(paragraph.text):
                found.append((match["scope"], filing.at(paragraph, *match.span(), "exact")))
        counts = Counter(scope for scope, _ in found)
        usual, many = max(counts.items(), key=lambda one: one[1], default=("", 0))
        other = len(found) - many
        if many < ALIKE or other * ALIKE > many:
            continue  # a department's filing may speak of units, and the reverse, as often as of itself
        for scope, instance in found:
            if scope == usual:
                yield instance
            else:
                yield replace(
                    instance,
                    verdict="violated",
                    detail=f"其他 {many} 处标题和表题写“{usual}”，这里写“{scope}”",
                    detail_en=f"{many} other headings and titles say {usual}, this one says {scope}",
                )
