"""Do the years and dates of the text fit the fiscal year (年度与日期)?

A budget speaks of its own year and compares it with the year before; final accounts compare with the year before and
with the budget of their own year. Years inside titles of documents (《…》〔2016〕) say nothing about the filing.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from expectations.instances import Instance, Query
from expectations.rule import Verdict
from expectations.text.paragraphs import FilingText, Paragraph, read_texts
from expectations.text.structure import statement_titles

_YEAR = r"(?P<year>(?:19|20)\d\d)年度?"
_HEADING = re.compile(rf"{_YEAR}[^，。；：《》\d]{{0,50}}(?:预算|决算)(?!执行|编制(?!说明)|管理)")
_BASE = re.compile(
    rf"(?:比|较|与|同|相比于){_YEAR}(?P<words>[^，。；：《》]{{0,24}}?)(?:增加|减少|增长|下降|持平|相比|相同|一致|降低|上升|提高)"
)
_STAGE = re.compile(rf"{_YEAR}(?:当年|年初|部门|单位)?(?:预算|决算|执行数|收支)(?:数|安排|总额|总计)")
_OWN = re.compile(
    rf"(?<![比较与同]){_YEAR}[^，。；：《》\d]{{0,16}}(?:无|没有|未安排|未编制|不涉及)(?:使用)?(?:政府性基金|国有资本|因公出国|机关运行|政府采购)"
)
_SCOPE = re.compile(
    rf"(?<![比较与同]){_YEAR}(?:，[本我](?:部门|单位))?[^，。；：《》\d]{{0,24}}"
    "(?:(?:预算|决算)编[制报]范围|[编设][报定置]绩效目标|绩效目标管理|项目绩效目标|纳入[^，。；]{0,6}绩效管理|项目(?:支出)?全面实施(?:预算)?绩效)"
)
_PURCHASES = re.compile(
    rf"(?<![比较与同]){_YEAR}(?:部门|单位)?(?:预算)?(?:计划|安排)(?:购置|新增)(?:车辆|单价|单位价值)"
)
_GOALS_OF = re.compile(rf"绩效目标的{_YEAR}(?=[^，。；]{{0,6}}项目)")
_REFLECTS = re.compile(
    rf"反映[^，。；：《》\d]{{0,30}}{_YEAR}(?![^，。；]{{0,12}}执行)[^，。；：《》\d]{{0,24}}(?:预算|决算|收入|支出)"
)
_ALONE = re.compile(rf"(?:^|表)[（(]{_YEAR}[）)]$")
_TASKS = re.compile(
    rf"{_YEAR}(?:[本我]?(?:部门|单位))?(?:主要|重点|中心)?(?:工作)?(?:任务|目标|重点|计划|要点|思路)(?:[及和与、.…·]|\d|$)"
)
_NAMED_BUDGET = rf"{_YEAR}[^，。；：《》\d]{{0,24}}?(?:预算|决算)(?!执行|编制)(?=[^，。；：]{{0,12}}\d)"
"""Behind the body's name: its budget or accounts of a year, as an amount."""
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?")
_AS_OF = re.compile(r"截[至止到](?P<year>(?:19|20)\d\d)年(?P<day>\d{1,2}月|底|末)")
_PERIOD = re.compile(r"实施周期|实施期限|实施时间|项目周期|项目期限|起止时间|起止年限")
_YEARS = re.compile(r"(?P<year>(?:19|20)\d\d)(?:年|[./-]\d{1,2})")
_COLUMN_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_COMPARES = re.compile("比|较|增减|变化")
_QUOTED = re.compile(r"《[^》]*》|[〔\[【（(](?:19|20)\d\d[〕\]】）)]")


def _outside_titles(text: str) -> str:
    """The text with titles of documents blanked out, length kept."""
    return _QUOTED.sub(lambda match: "□" * len(match[0]), text)


def check_heading_years(query: Query) -> Iterator[Instance]:
    """A heading with the name of the report, and a statement's title, has the fiscal year."""
    for filing in read_texts(query):
        if filing.fiscal_year is None:
            continue
        for paragraph in filing.paragraphs:
            if len(paragraph.text) > 60 or re.search("[，。；]", paragraph.text):
                continue
            if match := _HEADING.search(_outside_titles(paragraph.text)):
                year = int(match["year"])
                holds = year == filing.fiscal_year
                detail = None if holds else f"标题写 {year} 年，本文件是 {filing.fiscal_year} 年度"
                detail_en = None if holds else f"the heading says {year}, the filing is of {filing.fiscal_year}"
                verdict: Verdict = "exact" if holds else "violated"
                yield filing.at(paragraph, match.start(), match.end(), verdict, detail, detail_en=detail_en)
    yield from _check_titles(query)


def _check_titles(query: Query) -> Iterator[Instance]:
    years: dict[str, int] = dict(query("SELECT filing_id, fiscal_year FROM w_filings WHERE fiscal_year IS NOT NULL"))
    for filing_id, titles in statement_titles(query).items():
        for title in titles if filing_id in years else ():
            match = re.search(r"(?:19|20)\d\d(?=年)", title.text)
            if match and int(match[0]) == years[filing_id]:
                yield title.judge("exact", "title")
            elif match:
                yield title.judge(
                    "violated",
                    "title",
                    f"表题写 {match[0]} 年，本文件是 {years[filing_id]} 年度",
                    f"the title says {match[0]}, the filing is of {years[filing_id]}",
                )


def check_column_years(query: Query) -> Iterator[Instance]:
    """Columns are of the fiscal year or of the year before, each statement has its own year, comparisons name both."""
    rows = query(
        "SELECT c.filing_id, c.statement_id, coalesce(c.side, ''), f.fiscal_year, r.report_type, "
        "coalesce(s.title, c.statement_type), c.column_label, "
        "c.page, coalesce(c.header_bbox, c.bbox), c.locator FROM statement_columns AS c JOIN w_filings AS f ON f.filing_id = c.filing_id "
        "JOIN filings AS r ON r.filing_id = c.filing_id JOIN statements AS s ON s.statement_id = c.statement_id "
        "WHERE f.fiscal_year IS NOT NULL AND regexp_matches(c.column_label, '20[0-9][0-9]') ORDER BY 2, 3, c.column_no"
    )
    for (filing_id, statement_id, side, own), columns in groupby(rows, key=lambda row: row[:4]):
        headers: dict[str, tuple[Any, ...]] = {}
        for _, _, _, _, report, title, label, *place in columns:
            for words in label.split("/"):
                if _COLUMN_YEAR.search(words):
                    headers.setdefault(words, (report, title, *place))
        for words, (report, title, page, bbox, locator) in headers.items():
            fault = _column_fault(words, own, report, headers)
            yield Instance(
                filing_id,
                f"{statement_id}|{side}|{words}",
                f"{title} “{words}”",
                "violated" if fault else "exact",
                quote=words,
                page=page,
                bbox=bbox,
                locator=locator,
                detail=fault,
                detail_en=f"the fiscal year is {own}" if fault else None,
            )


def _column_fault(words: str, own: int, report: str | None, headers: Collection[str]) -> str | None:
    """What is wrong with the years in the header of a column."""
    years = [int(year) for year in _COLUMN_YEAR.findall(words)]
    if _COMPARES.search(words):
        wanted = [own, own - 1]
        holds = len(years) < len(wanted) or years[:2] == wanted
        return None if holds else f"应为 {own} 年与 {own - 1} 年的比较"
    year = years[0]
    is_execution = "执行" in words and report == "budget"
    if year not in (own, own - 1) or (is_execution and year == own):
        return f"按 {own} 年度，这一栏不应是 {year} 年"
    if year == own or is_execution or words.replace(str(year), str(own), 1) in headers:
        return None
    return f"旁边没有本年度（{own} 年）的同一栏"


def _allowed_bases(filing: FilingText, words: str) -> set[int]:
    own = filing.fiscal_year or 0
    if filing.report_type == "budget":
        return {own, own - 1} if re.search("年初|调整|批复", words) else {own - 1}
    return {own, own - 1} if filing.report_type == "final_accounts" or "预算" in words else {own - 1}


def check_base_years(query: Query) -> Iterator[Instance]:
    """What a number is compared with is the year before (a budget also of the filing's own year)."""
    for filing, paragraph, text in _prose(query):
        for match in _BASE.finditer(text):
            allowed = _allowed_bases(filing, match["words"])
            yield _judge(filing, paragraph, match, allowed, "比较的基期")


def check_stage_years(query: Query) -> Iterator[Instance]:
    """Budgets, executions and final accounts that the text names are those of the fiscal year or of the year before."""
    for filing, paragraph, text in _prose(query):
        own = filing.fiscal_year or 0
        for match in _STAGE.finditer(text):
            yield _judge(filing, paragraph, match, {own, own - 1}, "所述预算、执行或决算的年度")


def check_own_years(query: Query) -> Iterator[Instance]:
    """What the filing says it does not have, what its budget covers, and the budget of the body is of its own fiscal year."""
    for filing, paragraph, text in _prose(query, headings=True, contents=True):
        is_title = paragraph.is_heading or paragraph.in_contents
        for pattern in (_TASKS, _ALONE) if is_title or _ALONE.search(text) else ():
            for match in pattern.finditer(text):
                yield _judge(filing, paragraph, match, {filing.fiscal_year or 0}, "标题所述年度")
        patterns = [] if is_title else [_OWN, _SCOPE, _GOALS_OF, _REFLECTS, _PURCHASES]
        if filing.issuer and not is_title:
            patterns += _budgets_of(filing.issuer)
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield _judge(filing, paragraph, match, {filing.fiscal_year or 0}, "所述年度")


@lru_cache(maxsize=1_024)
def _budgets_of(issuer: str) -> tuple[re.Pattern[str], ...]:
    """How a text names the budget or the accounts of the body by their year."""
    name = re.escape(issuer)
    return (
        re.compile(rf"(?<![比较与同]){name}{_NAMED_BUDGET}"),
        re.compile(rf"^{_YEAR}，{name}(?:收入|支出|收支)?(?:总)?预算"),
    )


def check_as_of_years(query: Query) -> Iterator[Instance]:
    """The day as of which assets are counted lies in the fiscal year or the one before it.

    A budget, which is drawn up in the year before, may go by the last year that was closed then.
    """
    for filing, paragraph, text in _prose(query):
        own = filing.fiscal_year or 0
        for match in _AS_OF.finditer(text):
            closed = match["day"] in ("12月", "底", "末") and filing.report_type != "final_accounts"
            allowed = {own, own - 1, own - 2} if closed else {own, own - 1}
            yield _judge(filing, paragraph, match, allowed, "截止日期的年度")


def check_periods(query: Query) -> Iterator[Instance]:
    """The period in which a project is carried out includes the fiscal year."""
    for filing, paragraph, text in _prose(query, headings=True):
        if paragraph.is_heading or not (
            _PERIOD.search(text[:20]) or (paragraph.headings and _PERIOD.search(paragraph.headings[-1]))
        ):
            continue
        years = [int(match["year"]) for match in _YEARS.finditer(text)]
        if years:
            holds = min(years) <= (filing.fiscal_year or 0) <= max(years)
            detail = None if holds else f"实施周期 {min(years)}—{max(years)} 不含本年度 {filing.fiscal_year}"
            detail_en = None if holds else f"the period {min(years)}–{max(years)} is without {filing.fiscal_year}"
            verdict: Verdict = "exact" if holds else "violated"
            yield filing.at(paragraph, 0, len(text), verdict, detail, detail_en=detail_en)


def check_dates(query: Query) -> Iterator[Instance]:
    """Every date is one of the calendar."""
    for filing in read_texts(query):
        for paragraph in filing.body:
            for match in _DATE.finditer(paragraph.text):
                year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 1)
                holds = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
                detail = None if holds else f"没有{match[0]}这一天"
                detail_en = None if holds else f"there is no day {match[0]}"
                verdict: Verdict = "exact" if holds else "violated"
                yield filing.at(paragraph, *match.span(), verdict, detail, detail_en=detail_en)


def _prose(
    query: Query, *, headings: bool = False, contents: bool = False
) -> Iterator[tuple[FilingText, Paragraph, str]]:
    for filing in read_texts(query):
        if filing.fiscal_year is None:
            continue
        for paragraph in filing.paragraphs if contents else filing.body:
            if not paragraph.in_glossary and (headings or not paragraph.is_heading):
                yield filing, paragraph, _outside_titles(paragraph.text)


def _judge(filing: FilingText, paragraph: Paragraph, match: re.Match[str], allowed: set[int], words: str) -> Instance:
    year = int(match["year"])
    if year in allowed:
        return filing.at(paragraph, match.start(), match.end(), "exact")
    expected = "或".join(str(one) for one in sorted(allowed, reverse=True))
    detail = f"{words}写 {year} 年，按 {filing.fiscal_year} 年度应为 {expected} 年"
    detail_en = (
        f"{year} is written where {expected.replace('或', ' or ')} is meant, the filing being of {filing.fiscal_year}"
    )
    return filing.at(paragraph, match.start(), match.end(), "violated", detail, detail_en=detail_en)
