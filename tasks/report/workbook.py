"""What does the checklist of a filing look like in Excel? Item, 符合要求 是/否, 问题: as finance bureaus fill it in by hand."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tasks.report.facts import Check, Facts, Finding
from tasks.report.page import corrected
from tasks.report.words import place_words, reason_word, word, words

_MOST_CELL_CHARACTERS = 32_000
"""A cell of Excel holds 32,767."""

_A4 = 9
"""Excel's number for the paper."""

_HEADINGS = ("序号", "检查要点", "依据", "核对处数", "符合要求", "问题")
_WIDTHS = (5, 44, 24, 9, 9, 62)

_LIST_HEADINGS = (
    "序号",
    "严重程度",
    "类别",
    "页码",
    "位置",
    "问题",
    "原文",
    "疑误数字",
    "应更正为",
    "存疑",
    "归因",
    "规则",
)
_LIST_WIDTHS = (5, 9, 13, 7, 36, 60, 24, 34, 16, 34, 8, 44)


def answer_of(check: Check) -> str:
    """Whether a filing meets a rule (符合要求): 否 if any place violates it, 是 if places were checked and all hold."""
    if check.violated:
        return "否"
    return "是" if check.evaluated else "无法核对"


def write_checklist(facts: Facts, path: Path) -> None:
    """Write the checklist of one filing: one row for each rule, and a sheet of all findings.

    Args:
        facts: What is said.
        path: The file to write.
    """
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _title(facts), "created": facts.loaded_at})
    look = _Look(book)
    _write_check_points(book.add_worksheet("检查表"), facts, look)
    _write_findings(book.add_worksheet("问题清单"), facts, look)
    book.close()


class _Look:
    """The formats of one workbook; Excel keeps them per file."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        edge = {"border": 1, "border_color": "#999999", "text_wrap": True, "valign": "top", "font_size": 10}
        centred = edge | {"align": "center", "valign": "vcenter"}
        self.title: Format = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.line: Format = book.add_format({"font_size": 10, "text_wrap": True, "valign": "vcenter"})
        self.heading: Format = book.add_format(centred | {"bold": True, "bg_color": "#E7E6E6"})
        self.group: Format = book.add_format(edge | {"bold": True, "bg_color": "#F5F5F2"})
        self.text: Format = book.add_format(edge)
        self.middle: Format = book.add_format(centred)
        self.no: Format = book.add_format(centred | {"bold": True, "font_color": "#B3261E"})
        self.unsure: Format = book.add_format(centred | {"font_color": "#777777"})

    def of(self, answer: str) -> Format:
        """The format of an answer."""
        return {"否": self.no, "是": self.middle}.get(answer, self.unsure)


def _title(facts: Facts) -> str:
    kind = f"{word('scopes', facts.scope)}{word('report_types', facts.report_type) or '预决算'}"
    return f"{kind}公开检查表"


def _set_up(sheet: Worksheet, widths: tuple[int, ...], heading_row: int) -> None:
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(heading_row + 1, 0)


def _write_check_points(sheet: Worksheet, facts: Facts, look: _Look) -> None:
    last = len(_HEADINGS) - 1
    sheet.merge_range(0, 0, 0, last, _title(facts), look.title)
    sheet.set_row(0, 30)
    year = f"{facts.fiscal_year} 年" if facts.fiscal_year else "年度不明"
    sheet.merge_range(
        1,
        0,
        1,
        last,
        f"单位：{facts.issuer or '不明'}    年度：{year}    文件：{'、'.join(facts.file_names)}",
        look.line,
    )
    answers = [answer_of(one) for one in facts.checks]
    tally = "    ".join(f"{answer} {answers.count(answer)} 项" for answer in ("是", "否", "无法核对"))
    grave = "，".join(f"{name} {facts.count_causes(severity)}" for severity, name in words("severities").items())
    sheet.merge_range(
        2, 0, 2, last, f"符合要求：{tally}    问题（同一原因计一次）：{grave}    来源：{facts.source_uri}", look.line
    )
    for row in (1, 2):
        sheet.set_row(row, 18)
    _set_up(sheet, _WIDTHS, 3)
    for column, text in enumerate(_HEADINGS):
        sheet.write_string(3, column, text, look.heading)
    row, number = 3, 0
    for category, name in words("categories").items():
        checks = [one for one in facts.checks if one.category == category]
        if not checks:
            continue
        row += 1
        sheet.merge_range(row, 0, row, last, f"{name}（{len(checks)} 项）", look.group)
        for check in checks:
            row, number = row + 1, number + 1
            answer = answer_of(check)
            sheet.write_number(row, 0, number, look.middle)
            sheet.write_string(row, 1, check.says, look.text)
            sheet.write_string(row, 2, check.source or "", look.text)
            sheet.write_number(row, 3, check.evaluated, look.middle)
            sheet.write_string(row, 4, answer, look.of(answer))
            sheet.write_string(row, 5, _problems(check, facts), look.text)


def _problems(check: Check, facts: Facts) -> str:
    found = [one for one in facts.findings if one.rule_id == check.rule_id]
    lines = [f"{number}. {_problem(one)}" for number, one in enumerate(found, start=1)]
    if not found and not check.evaluated:
        lines = list(dict.fromkeys(map(reason_word, check.reasons)))
    text = "\n".join(lines)
    if len(text) <= _MOST_CELL_CHARACTERS:
        return text
    return text[:_MOST_CELL_CHARACTERS] + "……（全部见“问题清单”）"


def _problem(one: Finding) -> str:
    place = place_words(one.page, one.evidence[0].locator if one.evidence else None)
    follows = "（由另一处错误引起）" if one.root_finding_id else ""
    return f"{place}{'，' if place else ''}{one.subject}：{one.words}{follows}"


def _write_findings(sheet: Worksheet, facts: Facts, look: _Look) -> None:
    _set_up(sheet, _LIST_WIDTHS, 0)
    for column, text in enumerate(_LIST_HEADINGS):
        sheet.write_string(0, column, text, look.heading)
    ordered = [member for cause in facts.causes for member in (cause, *facts.consequences(cause))]
    numbers = {one.finding_id: number for number, one in enumerate(ordered, start=1)}
    for row, one in enumerate(ordered, start=1):
        root = one.root_finding_id
        sheet.write_number(row, 0, row, look.middle)
        texts = (
            word("severities", one.severity),
            word("categories", one.category),
            place_words(one.page, one.evidence[0].locator if one.evidence else None),
            one.subject,
            one.words,
            one.quote or "",
            f"{one.fault} {one.fault_text}" if one.fault else "",
            corrected(one),
            one.doubt or "",
            f"同第 {numbers[root]} 号" if root else "",
            f"{one.rule_id} {one.says}",
        )
        for column, text in enumerate(texts, start=1):
            sheet.write_string(row, column, text[:_MOST_CELL_CHARACTERS], look.text)
    if ordered:
        sheet.autofilter(0, 0, len(ordered), len(_LIST_HEADINGS) - 1)
