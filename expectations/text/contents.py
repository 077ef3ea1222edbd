"""Does the contents page number and list what the body holds (目录与正文一致)?

`structure` asks whether what is listed stands in the body; here is the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from expectations.instances import Instance, Query
from expectations.text.numbering import Number, read_number
from expectations.text.paragraphs import FilingText, Paragraph, read_texts
from expectations.text.structure import TABLES, entry_key, split_entries, statement_titles

LISTED = 3
"""From how many entries of a kind (tables, parts, sections) a contents page counts as one that lists that kind: fewer may
be an example."""

ALIKE = 0.6
"""Likeness from which an entry that no title has is taken for a title in other words; chosen by judgement."""

_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_TABLE = re.compile(r"表(?:[（(][^（）()]*[）)])?[.…·．—_\-\s\d]*$")
_ALL_TABLES = re.compile("(?:部门|单位)(?:预算|决算)(?:公开)?表$")
"""An entry over those of the statements."""

_OUTER, _SECTION = 0, 1
"""Levels of numbers as `numbering` has them: 第…部分 and 一、."""


@dataclass(frozen=True, slots=True)
class _Entry:
    paragraph: Paragraph
    start: int
    text: str
    key: str
    number: Number | None


def _entries(filing: FilingText) -> list[_Entry]:
    return [
        _Entry(paragraph, start, text, _bare(text), read_number(text))
        for paragraph, start, text in split_entries(filing)
        if entry_key(text)
    ]


def _bare(text: str) -> str:
    """What an entry and its heading have in common: neither number nor year."""
    return _YEAR.sub("", entry_key(text))


def check_contents_numbers(query: Query) -> Iterator[Instance]:
    """The entries of the contents page count up by one from the first of each list, on every level of numbers."""
    for filing in read_texts(query):
        last: dict[int, Number] = {}
        for entry in _entries(filing):
            number = entry.number
            if number is None:
                continue
            before = last.get(number.level)
            last[number.level] = number
            place = (entry.start, entry.start + len(entry.text))
            if number.value == 1 or (before is not None and number.value == before.value + 1):
                yield filing.at(entry.paragraph, *place, "exact")
            elif before is not None or number.value == 2:  # the list lacks its first entry
                ahead = f"上一项是“{before.text}”" if before is not None else "前面没有第一项"
                ahead_en = f"after “{before.text}”" if before is not None else "without a first one"
                yield filing.at(
                    entry.paragraph,
                    *place,
                    "violated",
                    f"目录编号不连续：{ahead}，这一项是“{number.text}”",
                    detail_en=f"“{number.text}” stands {ahead_en}",
                )


def check_listed(query: Query) -> Iterator[Instance]:
    """Every statement, part and section of the body is listed, where the contents page lists its kind."""
    titles = statement_titles(query, TABLES)
    for filing in read_texts(query):
        entries = _entries(filing)
        if len(entries) < LISTED:
            continue
        yield from _check_sections(filing, entries)
        tables = [entry for entry in entries if _TABLE.search(entry.text) and not _ALL_TABLES.search(entry.key)]
        if len(tables) >= LISTED:
            printed = titles.get(filing.filing_id, ())
            unlisted = _find_unlisted([_bare(one.text) for one in printed], [entry.key for entry in tables])
            for one in printed:
                if _bare(one.text) not in unlisted:
                    yield one.judge("exact", "listed")
                else:
                    yield one.judge(
                        "violated",
                        "listed",
                        f"正文有“{one.text}”，目录没有",
                        f"“{one.text}” is not on the contents page",
                    )


def _find_unlisted(titles: Sequence[str], entries: Sequence[str]) -> set[str]:
    """Titles without an entry. One entry stands for one title: those of neighbouring statements are very much alike."""
    left = [entry for entry in entries if entry not in titles]
    unlisted: set[str] = set()
    for title in dict.fromkeys(titles):
        if title in entries:
            continue
        like = [entry for entry in left if title in entry or SequenceMatcher(None, title, entry).ratio() >= ALIKE]
        if like:
            left.remove(like[0])
        else:
            unlisted.add(title)
    return unlisted


def _check_sections(filing: FilingText, entries: Sequence[_Entry]) -> Iterator[Instance]:
    """Parts (第…部分), and sections (一、) of a part whose other sections are listed."""
    parts = {entry.number.text for entry in entries if entry.number and entry.number.level == _OUTER}
    sections = _listed_sections(entries)
    part: str | None = None
    for paragraph in filing.body:
        number = read_number(paragraph.text)
        if number is None or not paragraph.is_heading:
            continue
        if number.level == _OUTER:
            part = number.text
            holds = part in parts
            wanted = len(parts) > 1
        else:
            listed = sections.get(part or "", [])
            holds = not _find_unlisted([_bare(paragraph.text)], [entry.key for entry in listed])
            wanted = number.level == _SECTION and len(paragraph.headings) > 1 and _is_about(filing, part, listed)
        if wanted:
            yield filing.at(
                paragraph,
                0,
                len(paragraph.text),
                "exact" if holds else "violated",
                None if holds else f"正文有“{paragraph.text[:40]}”，目录没有",
                detail_en=None if holds else f"“{paragraph.text[:40]}” is not on the contents page",
            )


def _listed_sections(entries: Sequence[_Entry]) -> dict[str, list[_Entry]]:
    """The sections that stand under each part on the contents page."""
    found: dict[str, list[_Entry]] = {}
    part: str | None = None
    for entry in entries:
        if entry.number is None:
            continue
        if entry.number.level == _OUTER:
            part = entry.number.text
        elif entry.number.level == _SECTION and part is not None:
            found.setdefault(part, []).append(entry)
    return found


def _is_about(filing: FilingText, part: str | None, listed: Sequence[_Entry]) -> bool:
    """Whether what is listed under a part are the sections that the body has under it."""
    if part is None or not listed:
        return False
    headings = [_bare(one.text) for one in filing.body if one.is_heading]
    return any(not _TABLE.search(entry.text) and entry.key in headings for entry in listed)
