"""Does the body hold what the contents page, a count word and the regulations say it holds (结构完整)?"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from expectations.instances import Instance, Place, Query
from expectations.rule import Verdict
from expectations.text.numbering import parse_chinese_ordinal, read_number
from expectations.text.paragraphs import FilingText, Paragraph, read_texts

_PART = re.compile(r"^第[一二三四五六七八九十]{1,3}部分")
_ENTRY = re.compile(
    r"(?=第[一二三四五六七八九十]{1,3}部分|(?<![一二三四五六七八九十])[一二三四五六七八九十]{1,3}、)"
    r"|(?<=表)(?=\d{1,2}[.．、]|[（(][一二三四五六七八九十]{1,3}[）)])"
)
_LEADERS = re.compile(r"[.…·．—_\-\s]{2,}\d*$|(?<=[一-龥）)])\d{1,3}$")
_NUMBER = re.compile(r"^(?:第[一二三四五六七八九十]{1,3}部分|[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)])+")
_COUNT = re.compile(
    r"(?:包括|分为|以下|如下|主要有)(?P<count>[一二两三四五六七八九十]{1,2})(?:个)?(?:项|方面|部分|类|种)[：:]$"
)
_EXPLANATIONS = re.compile(r"情况说明|编制说明|(?:预算|决算)说明")
_UNITS = re.compile(
    r"(?:纳入|所属|下属|涉及|包括|共有)[^，。；\d]{0,10}?(?:单位共?(?P<after>\d{1,4})[家个]|(?P<before>\d{1,4})[家个][^，。；、\d]{0,4}?(?:预算)?单位)"
)
LIKE = 0.75
"""Likeness from which a heading is taken for the entry of the contents page in other words: of entries of eight characters,
the usual length, six are then the same and in order. Lower finds less, it never accuses."""
LAST = 4
"""The last characters of an entry that name its matter (机构设置、主要职能): a heading with the body's full name has them."""
SIBLINGS = 4
"""How many titles must have the year before one without it stands out: four of nine statements are no majority by chance, and
each that lacks it must be outnumbered as often."""
EXPLAINED = 15
"""From how many paragraphs with sentences a filing counts as one that explains its tables. A filing has nine to twelve
statements, each with a note at most; more sentences than these are an explanation."""


def entry_key(text: str) -> str:
    """The words of an entry or a heading: no number before, no page number or leaders behind, no marks."""
    return re.sub(r"[\W_]+", "", _NUMBER.sub("", _LEADERS.sub("", text)))


def split_entries(filing: FilingText) -> Iterator[tuple[Paragraph, int, str]]:
    """The entries of the contents page; several that the layout joined into one paragraph are taken apart."""
    for paragraph in filing.paragraphs:
        if not paragraph.in_contents or re.match("^(?:目录|目次)", paragraph.text):
            continue
        at = 0
        for entry in _ENTRY.split(paragraph.text):
            yield paragraph, at, entry
            at += len(entry)


def _entries(filing: FilingText) -> Iterator[tuple[Paragraph, int, str]]:
    return (one for one in split_entries(filing) if len(entry_key(one[2])) >= SIBLINGS)


def check_contents(query: Query) -> Iterator[Instance]:
    """Every entry of the contents page stands in the body."""
    titles = _statement_titles(query)
    for filing in read_texts(query):
        headings = [entry_key(one.text) for one in filing.body if len(one.text) <= 80]
        plain = "".join(headings) + "".join(entry_key(title) for title in titles.get(filing.filing_id, ()))
        for paragraph, at, entry in _entries(filing):
            key = entry_key(entry)
            if key.endswith("表"):
                continue  # tables are compared with the contents page by STATEMENT-MISSING
            if key in plain or any(
                key[-LAST:] in one or SequenceMatcher(None, key, one).ratio() >= LIKE for one in headings
            ):
                yield filing.at(paragraph, at, at + len(entry), "exact")
            else:
                yield filing.at(
                    paragraph,
                    at,
                    at + len(entry),
                    "violated",
                    "目录所列的内容正文中没有",
                    detail_en="the body has nothing under this entry of the contents page",
                )


def check_parts(query: Query) -> Iterator[Instance]:
    """Every part (第…部分) that the contents page lists begins with its number in the body."""
    for filing in read_texts(query):
        numbered = {match[0] for one in filing.body if (match := _PART.match(one.text))}
        for paragraph, at, entry in _entries(filing):
            if (match := _PART.match(entry)) and numbered:
                holds = match[0] in numbered
                detail = None if holds else f"目录有“{match[0]}”，正文标题没有"
                verdict: Verdict = "exact" if holds else "violated"
                detail_en = None if holds else f"the contents page has {match[0]}, no heading of the body has it"
                yield filing.at(paragraph, at, at + len(entry), verdict, detail, detail_en=detail_en)


def check_counts(query: Query) -> Iterator[Instance]:
    """A list has as many items as the words before it say."""
    for filing in read_texts(query):
        for number, paragraph in enumerate(filing.body):
            match = _COUNT.search(paragraph.text)
            said = parse_chinese_ordinal(match["count"].replace("两", "二")) if match else None
            if match is None or said is None:
                continue
            listed = _count_items(filing.body[number + 1 :])
            if listed == 0:
                yield filing.at(paragraph, *match.span(), "not_evaluable", reason="no_numbered_list_follows")
                continue
            detail = None if listed == said else f"写“{match['count']}”，其下列有 {listed} 项"
            detail_en = None if listed == said else f"“{match['count']}” is said, {listed} are listed"
            verdict: Verdict = "exact" if listed == said else "violated"
            yield filing.at(paragraph, *match.span(), verdict, detail, detail_en=detail_en)


def _count_items(following: tuple[Paragraph, ...]) -> int:
    level, count = None, 0
    for paragraph in following:
        number = read_number(paragraph.text)
        if number is None:
            if level is None:
                break
            continue
        if level is None:
            if number.value != 1:
                break
            level = number.level
        if number.level < level or (number.level == level and number.value != count + 1):
            break
        count += number.level == level
    return count


def check_unit_counts(query: Query) -> Iterator[Instance]:
    """The numbers of budget units that the text gives agree."""
    for filing in read_texts(query):
        found = [
            (paragraph, match)
            for paragraph in filing.body
            if not paragraph.in_glossary
            for match in _UNITS.finditer(paragraph.text)
        ]
        if len(found) < 2:
            continue
        first, said = found[0]
        for paragraph, match in found[1:]:
            holds = _count_of(match) == _count_of(said)
            detail = None if holds else f"前文（“{first.quote(*said.span())[:40]}”）是 {_count_of(said)} 个"
            detail_en = None if holds else f"{_count_of(said)} before (“{first.quote(*said.span())[:40]}”)"
            verdict: Verdict = "exact" if holds else "violated"
            yield filing.at(paragraph, *match.span(), verdict, detail, detail_en=detail_en)


def _count_of(match: re.Match[str]) -> int:
    return int(match["after"] or match["before"])


def check_title_years(query: Query) -> Iterator[Instance]:
    """If the titles of the statements have the year, each of them has."""
    for titles in statement_titles(query, TABLES).values():
        dated = Counter(bool(re.search(r"(?:19|20)\d\d", one.text)) for one in titles)
        if dated[True] < SIBLINGS or dated[False] > dated[True] // SIBLINGS:
            continue
        for one in titles:
            if re.search(r"(?:19|20)\d\d", one.text):
                yield one.judge("exact", "title")
            else:
                yield one.judge(
                    "violated", "title", "其他各表的表题都写明年度", "the titles of the other statements have the year"
                )


@dataclass(frozen=True, slots=True)
class StatementTitle:
    """The title of a statement (表题) and where it is printed."""

    filing_id: str
    statement_id: str
    text: str
    page: int | None
    bbox: Sequence[float] | None
    locator: str | None

    def judge(self, verdict: Verdict, what: str, detail: str | None = None, detail_en: str | None = None) -> Instance:
        """An instance at the title; ``what`` tells it from others there."""
        return Instance(
            self.filing_id, f"{self.statement_id}|{what}", self.text, verdict, None, self.text, self.page, self.bbox,
            self.locator, detail, detail_en,
        )  # fmt: skip


def statement_titles(query: Query, condition: str = "true") -> dict[str, list[StatementTitle]]:
    """By filing: the title of every statement that is printed with one and meets a condition on its row ``s``."""
    titles = defaultdict(list)
    for row in query(
        "SELECT s.filing_id, s.statement_id, s.title, coalesce(s.title_page, s.page_first), s.title_bbox, s.locator "
        "FROM statements AS s SEMI JOIN w_filings AS f ON f.filing_id = s.filing_id "
        f"WHERE s.title IS NOT NULL AND s.state <> 'missing' AND ({condition}) ORDER BY 1, 2"
    ):
        titles[row[0]].append(StatementTitle(*row))
    return titles


TABLES = "s.statement_type NOT IN ('performance_target', 'unit_performance')"
"""Statements that are tables of amounts, not sheets of goals."""


class Section(BaseModel):
    """What a filing must explain, and the words that show that it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    words: tuple[str, ...]
    reports: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    """Form families whose filings have it; empty = all."""
    first_year: int | None = None


@cache
def load_sections() -> tuple[Section, ...]:
    """The sections of `expectations/patterns/sections.toml`."""
    text = resources.files("expectations").joinpath("patterns", "sections.toml").read_text(encoding="utf-8")
    return tuple(Section(**one) for one in tomllib.loads(text)["section"])


def check_sections(query: Query) -> Iterator[Instance]:
    """A filing that explains its tables explains everything it must."""
    for filing in read_texts(query):
        explained = sum("。" in one.text for one in filing.body) >= EXPLAINED
        place = _explanations(filing)
        for section in load_sections():
            if filing.report_type not in section.reports or (section.scopes and filing.scope not in section.scopes):
                continue
            if section.families and filing.family not in section.families:
                continue
            if section.first_year and (filing.fiscal_year or 0) < section.first_year:
                continue
            holds = any(word in filing.plain for word in section.words)
            yield Instance(
                filing_id=filing.filing_id,
                place=section.name,
                subject=section.name,
                verdict="exact" if holds else "violated" if explained else "not_evaluable",
                reason=None if holds or explained else "tables_without_explanations",
                quote=place.text if place else None,
                page=place.page if place else None,
                bbox=place.bbox if place else None,
                locator=place.locator if place else None,
                detail=None if holds or not explained else f"没有关于{section.name}的说明",
                detail_en=None if holds or not explained else f"nothing is said of {section.name}",
            )


def _explanations(filing: FilingText) -> Place | None:
    """Where what is not explained would stand: the heading of the explanations, else where the text begins."""
    headings = [one for one in filing.body if one.is_heading and _EXPLANATIONS.search(one.text)]
    first = next(iter(headings or filing.body), None)
    return first.place(0, len(first.text)) if first else None


def _statement_titles(query: Query) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = defaultdict(list)
    for filing_id, title in query(
        "SELECT s.filing_id, s.title FROM statements AS s SEMI JOIN w_filings AS f ON f.filing_id = s.filing_id "
        "WHERE s.title IS NOT NULL AND s.state <> 'missing' UNION ALL "
        "SELECT p.filing_id, p.project FROM performance_targets AS p SEMI JOIN w_filings AS f ON f.filing_id = p.filing_id "
        "WHERE p.project IS NOT NULL ORDER BY 1, 2"
    ):
        titles[filing_id].append(title)
    return titles
