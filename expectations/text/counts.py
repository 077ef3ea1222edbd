"""Are there as many units, offices and target sheets as the text says (个数与所列一致)?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.instances import Instance, Query
from expectations.rule import Verdict
from expectations.text.paragraphs import FilingText, Paragraph, read_texts

_FOLLOWS = re.compile(
    r"(?P<count>\d{1,3})[个家](?:(?:预算|下属|二级)?单位|机构|部门)?[，,]?(?:分别是|分别为|列示如下|名单如下|具体如下|具体是|包括)[：:]?$"
)
"""A count at the end of a paragraph, whose list comes next."""

_BEFORE = re.compile(
    r"(?:内设|下设|设有|设立|设)(?P<names>[^，。；：\d]+?、[^，。；：\d]+?)(?<!等)(?P<count>\d{1,2})个(?:职能|内设)?(?:机构|科室|处室|部门|科|处)"
)
_AFTER = re.compile(r"(?P<count>\d{1,2})[个家](?:(?:预算|下属|二级)?单位)?，即(?P<names>[^。；，]+)[。；]")
"""Counts with the names in the same sentence."""

_PARTS = re.compile(
    r"(?P<count>\d{1,3})(?P<unit>[个家])[^，。；：\d]{0,12}单位，其中[：:，]?(?P<parts>(?:[^，。；、：\d]{2,30}\d{1,3}[个家][、，；]?){2,})"
)
_WHOLE = re.compile(r"(?P<count>\d{1,3})[个家](?:预算|下属|二级)?单位")
_NUMBERED = re.compile(r"(?:^|[；;。])(?P<number>\d{1,3})[.．、](?!\d)")
_SHEETS = re.compile(r"(?P<count>\d{1,3})个(?:一级)?项目的?(?:支出)?绩效目标表")
_TARGETS = re.compile(r"全部项目[^。；]*?(?P<count>\d{1,3})个项目的?绩效目标")


def check_listed_counts(query: Query) -> Iterator[Instance]:
    """As many units or offices are listed as the words before or after the list say, and the kinds add up."""
    for filing in read_texts(query):
        for at, paragraph in enumerate(filing.body):
            if match := _find_total(paragraph.text):
                yield _judge(filing, paragraph, match, _count_numbered(filing.body[at + 1 :]))
            for pattern in (_BEFORE, _AFTER):
                for match in pattern.finditer(paragraph.text):
                    yield _judge(filing, paragraph, match, len(re.split("[、和]", match["names"])))
            for match in _PARTS.finditer(paragraph.text):
                yield _judge(filing, paragraph, match, sum(int(part) for part in re.findall(r"\d+", match["parts"])))


def _find_total(text: str) -> re.Match[str] | None:
    """The count of what is listed next; where 其中 divides it, the count before that."""
    match = _FOLLOWS.search(text)
    before, divided, _ = text[text.rfind("。") + 1 :].rpartition("其中")
    return (_WHOLE.search(before) if divided else match) if match else None


def _judge(filing: FilingText, paragraph: Paragraph, match: re.Match[str], listed: int) -> Instance:
    if not listed:
        return filing.at(paragraph, *match.span(), "not_evaluable", reason="no_numbered_list_follows")
    holds = int(match["count"]) == listed
    detail = None if holds else f"写 {match['count']} 个，所列有 {listed} 个"
    detail_en = None if holds else f"{match['count']} are said, {listed} are listed"
    return filing.at(paragraph, *match.span(), "exact" if holds else "violated", detail, detail_en=detail_en)


def _count_numbered(following: Sequence[Paragraph]) -> int:
    """How many items count up from 1, in one paragraph or one in each."""
    count = 0
    for paragraph in following:
        numbers = [int(match["number"]) for match in _NUMBERED.finditer(paragraph.text)]
        if not numbers or numbers[0] != count + 1:
            break
        for number in numbers:
            count += number == count + 1
    return count


def check_sheet_counts(query: Query) -> Iterator[Instance]:
    """There are as many target sheets, or projects where all have targets, as the text says."""
    sheets = _counts(
        query, "SELECT filing_id, count(*) FROM statements WHERE statement_type = 'performance_target' GROUP BY 1"
    )
    projects = _counts(
        query,
        "SELECT filing_id, count(DISTINCT row_no) FROM line_items WHERE statement_type = 'project_expenditure' "
        "AND item IS NULL AND row_level IS NULL GROUP BY 1",
    )
    for filing in read_texts(query):
        for paragraph in filing.body:
            for pattern, counts, what in ((_SHEETS, sheets, "绩效目标表"), (_TARGETS, projects, "项目支出表所列项目")):
                for match in pattern.finditer(paragraph.text):
                    said, found = int(match["count"]), counts.get(filing.filing_id, 0)
                    if not found:
                        yield filing.at(paragraph, *match.span(), "not_evaluable", reason="no_sheets_printed")
                        continue
                    detail = None if said == found else f"写 {said} 个，{what}有 {found} 个"
                    verdict: Verdict = "exact" if said == found else "violated"
                    detail_en = None if said == found else f"{said} are said, {found} are printed"
                    yield filing.at(paragraph, *match.span(), verdict, detail, detail_en=detail_en)


def _counts(query: Query, sql: str) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in query(sql)}
