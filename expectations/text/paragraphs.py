"""The running text of a batch of filings, joined into paragraphs, each character with its place on the page (段落)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from expectations.instances import Instance, Place, Query
from expectations.rule import Verdict
from filings.text import fold_radicals

_MARKUP = re.compile(r"\[(?:bookmark|image)\b[^\]]*\]|\*\*|^\s*#{1,6}\s+|^\s*[-*]\s+")
_LEADERS = re.compile(r"[.…·．—_-]{4,}\d*$|[…·.．]{3,}")
_CONTENTS = re.compile(r"^(?:目录|目次|contents)$", re.IGNORECASE)
_GLOSSARY = re.compile(r"名词解释|术语解释")
_HEADING_MAX = 60
_SENTENCE_END = "。！？；"
QUOTE_MAX = 120
"""Longest quotation of running text in a finding, in characters: what a reader takes in at a glance."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line of a paragraph and where in the paragraph's text it begins."""

    start: int
    line_no: int
    page: int | None
    bbox: Sequence[float] | None
    locator: str | None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as joined from its lines.

    Args:
        number: Its ordinal in the document.
        document_id: The file it stands in.
        headings: The headings under which it stands, its own included if it is one, outermost first.
        text: Its text without white space (one blank stays between two digits or letters), radicals folded.
        lines: Its lines.
        in_contents: Whether it is part of the contents page (目录).
    """

    number: int
    document_id: str
    headings: tuple[str, ...]
    text: str
    lines: tuple[PrintedLine, ...]
    in_contents: bool

    def line_at(self, position: int) -> PrintedLine:
        """The line on which a character of the text stands."""
        return self.lines[max(bisect_right([line.start for line in self.lines], position) - 1, 0)]

    @property
    def page(self) -> int | None:
        """The page on which the paragraph begins."""
        return self.lines[0].page

    @cached_property
    def is_heading(self) -> bool:
        """Whether the paragraph is itself the innermost heading of its section."""
        return bool(self.headings) and len(self.text) <= _HEADING_MAX and _bare(self.headings[-1]) == _bare(self.text)

    @cached_property
    def in_glossary(self) -> bool:
        """Whether it explains terms (名词解释)."""
        return any(_GLOSSARY.search(heading) for heading in self.headings)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around a place begins and ends."""
        first = max(self.text.rfind(mark, 0, start) for mark in _SENTENCE_END) + 1
        last = min((at for mark in _SENTENCE_END if (at := self.text.find(mark, end)) >= 0), default=len(self.text) - 1)
        return min(first, start), max(last + 1, end)

    def place(self, start: int, end: int) -> Place:
        """A place of the text as what another finding rests on."""
        line = self.line_at(start)
        return Place(self.quote(start, end), line.page, line.bbox, line.locator)

    def quote(self, start: int, end: int) -> str:
        """The sentence around a place, cut to what a reader takes in at a glance."""
        first, last = self.sentence(start, end)
        first, last = max(first, start - QUOTE_MAX // 2), min(last, end + QUOTE_MAX // 2)
        return self.text[min(first, start) : max(last, end)].strip()


@dataclass(frozen=True)
class FilingText:
    """The running text of one filing and what the filing says of itself."""

    filing_id: str
    issuer: str | None
    fiscal_year: int | None
    report_type: str | None
    scope: str | None
    level: str | None
    region_name: str | None
    family: str | None
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def body(self) -> tuple[Paragraph, ...]:
        """The paragraphs outside the contents page."""
        return tuple(one for one in self.paragraphs if not one.in_contents)

    @cached_property
    def plain(self) -> str:
        """The text of the body, a line for each paragraph."""
        return "\n".join(one.text for one in self.body)

    def at(
        self,
        paragraph: Paragraph,
        start: int,
        end: int,
        verdict: Verdict,
        detail: str | None = None,
        *,
        detail_en: str | None = None,
        reason: str | None = None,
        cause: str | None = None,
        related: tuple[Place, ...] = (),
    ) -> Instance:
        """An instance at a place of the text; ``cause`` is the place of the one that explains it."""
        line = paragraph.line_at(start)
        heading = "" if paragraph.is_heading or not paragraph.headings else paragraph.headings[-1][:30]
        quote = paragraph.quote(start, end)
        return Instance(
            filing_id=self.filing_id,
            place=f"{paragraph.document_id}|{paragraph.number}|{start}|{end}",
            subject=f"{heading} “{quote[:40]}”".strip(),
            verdict=verdict,
            reason=reason,
            quote=quote,
            page=line.page,
            bbox=line.bbox,
            locator=line.locator,
            detail=detail,
            detail_en=detail_en,
            cause=cause,
            related=related,
        )

    def clean_pages(self, looked_at: Iterable[Paragraph], dirty: set[int | None]) -> Iterator[Instance]:
        """One instance that holds for each page on which paragraphs were looked at and nothing was found."""
        for page in sorted({one.page for one in looked_at} - dirty, key=lambda page: page or 0):
            yield Instance(
                filing_id=self.filing_id,
                place=f"page {page}",
                subject="全文" if page is None else f"第 {page} 页",
                verdict="exact",
                page=page,
            )


def clean_text(text: str) -> str:
    """A printed line without markup and white space; one blank stays between two digits or letters."""
    folded = fold_radicals(_MARKUP.sub("", text)).strip()
    return re.sub(r"\s+", lambda gap: " " if _stays(folded, gap.start(), gap.end()) else "", folded)


def read_texts(query: Query) -> tuple[FilingText, ...]:
    """The running text of every filing of the batch; asked for again through the same query, the same."""
    if query not in _READ:
        _READ[query] = tuple(_read(query))
    return _READ[query]


_READ: WeakKeyDictionary[Callable[[str], Any], tuple[FilingText, ...]] = WeakKeyDictionary()


def _read(query: Query) -> Iterator[FilingText]:
    filings = query(
        "SELECT r.filing_id, r.issuer, r.fiscal_year, r.report_type, r.scope, r.administrative_level, r.region_name, "
        "r.form_family FROM filings AS r SEMI JOIN w_filings AS f ON f.filing_id = r.filing_id ORDER BY 1"
    )
    rows = query(
        "SELECT l.filing_id, coalesce(l.document_id, l.filing_id), l.paragraph_no, l.line_no, l.section, l.text, l.page, l.bbox, "
        "l.locator FROM text_lines AS l SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id "
        "WHERE l.paragraph_no IS NOT NULL ORDER BY 1, 2, 3, 4"
    )
    texts = {
        filing_id: tuple(_mark_contents(list(_join(of_filing))))
        for filing_id, of_filing in groupby(rows, key=lambda row: str(row[0]))
    }
    for filing_id, issuer, year, report_type, scope, level, region, family in filings:
        yield FilingText(filing_id, issuer, year, report_type, scope, level, region, family, texts.get(filing_id, ()))


def _join(rows: Iterable[tuple[Any, ...]]) -> Iterator[Paragraph]:
    for (document_id, number), of_paragraph in groupby(rows, key=lambda row: (row[1], row[2])):
        lines: list[PrintedLine] = []
        text, section = "", ""
        for _, _, _, line_no, section_of_line, printed, page, bbox, locator in of_paragraph:
            lines.append(PrintedLine(len(text), line_no, page, bbox, locator))
            text += clean_text(printed)
            section = section or section_of_line or ""
        headings = tuple(heading for heading in section.split("/") if heading)
        in_contents = bool(_LEADERS.search(text)) or (bool(headings) and _CONTENTS.match(headings[0]) is not None)
        yield Paragraph(number, document_id, headings, text, tuple(lines), in_contents)


def _mark_contents(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Mark the entries of the contents page: from 目录 to where its first entry stands again, as the heading of the body."""
    begin = next((at for at, one in enumerate(paragraphs[:CONTENTS_MAX]) if _CONTENTS.match(one.text)), None)
    end = None
    if begin is not None and begin + 1 < len(paragraphs):
        first = _bare(paragraphs[begin + 1].text)
        for at in range(begin + 2, min(begin + CONTENTS_MAX, len(paragraphs))):
            key = _bare(paragraphs[at].text)
            if min(len(key), len(first)) >= SHORTEST_ENTRY and (key.startswith(first) or first.startswith(key)):
                end = at
                break
    for at, one in enumerate(paragraphs):
        if begin is None:
            marked = one.in_contents
        elif end is not None:
            marked = begin <= at < end
        else:
            same_page = one.page is not None and one.page == paragraphs[begin].page
            marked = one.in_contents or (at >= begin and same_page)
        yield one if marked == one.in_contents else replace(one, in_contents=marked)


CONTENTS_MAX = 80
"""Longest contents page, in entries: central filings with every sheet listed have about fifty."""

SHORTEST_ENTRY = 4
"""Shortest entry, in characters, that is taken for a heading when it stands again."""


def _stays(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
