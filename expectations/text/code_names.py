"""Are codes and names those of the chart, and is one code named alike throughout a filing (科目编码与名称)?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from expectations.instances import Instance, Query
from filings.codes import Code, economic_codes, function_codes
from filings.text import match_key

_ROWS = (
    "SELECT l.filing_id, f.fiscal_year, l.statement_id, coalesce(s.title, l.statement_type), l.row_no, l.code, l.name, "
    "l.page, l.bbox, l.locator FROM line_items AS l JOIN w_filings AS f ON f.filing_id = l.filing_id "
    "JOIN statements AS s ON s.statement_id = l.statement_id "
    "WHERE l.code IS NOT NULL AND l.name IS NOT NULL AND l.unit_code IS NULL AND l.unit_name IS NULL "
    "AND regexp_full_match(l.code, '[235][0-9]{2}([0-9]{2}([0-9]{2})?)?') "
    "QUALIFY row_number() OVER (PARTITION BY l.statement_id, l.row_no, l.code ORDER BY l.column_no) = 1 ORDER BY 1, 3, 5, 6"
)
"""One row for each printed code with its name; 5xx are economic codes of the government's budget (政府预算经济分类)."""

NEAR = 0.5
"""Likeness above which two names are taken for two forms of one. Chosen by judgement on names of the chart, not measured:
half of the characters in common leaves short names of neighbouring codes apart."""


@dataclass(frozen=True, slots=True)
class _Row:
    filing_id: str
    year: int | None
    statement_id: str
    title: str
    code: str
    name: str
    page: int | None
    bbox: Any
    locator: str | None

    def judge(self, verdict: Any, detail: str | None = None, reason: str | None = None) -> Instance:  # noqa: ANN401
        return Instance(
            self.filing_id,
            f"{self.statement_id}|{self.code}|{self.name}",
            f"{self.title} {self.code} {self.name}",
            verdict,
            reason,
            f"{self.code} {self.name}",
            self.page,
            self.bbox,
            self.locator,
            detail,
        )


def name_key(name: str) -> str:
    """What remains of the name of a code when its number, brackets, blanks and the final 支出 carry no meaning."""
    bare = re.sub(r"^[一二三四五六七八九十]+、|\((?:类|款|项)\)", "", match_key(name))
    return re.sub(r"[()\[\]、,，]|支出$|费用$", "", bare)


@cache
def chart() -> dict[str, tuple[Code, ...]]:
    """The rows of the charts by code."""
    found: dict[str, list[Code]] = defaultdict(list)
    for code in (*function_codes(), *economic_codes()):
        found[code.code].append(code)
    return {code: tuple(rows) for code, rows in found.items()}


def _rows(query: Query) -> list[_Row]:
    seen: set[tuple[str, str, str]] = set()
    rows: list[_Row] = []
    for filing_id, year, statement_id, title, _, code, name, page, bbox, locator in query(_ROWS):
        if (statement_id, code, name) not in seen:
            seen.add((statement_id, code, name))
            rows.append(_Row(filing_id, year, statement_id, title, code, name, page, bbox, locator))
    return rows


def _is_near(name: str, rows: tuple[Code, ...]) -> bool:
    key = name_key(name)
    keys = [name_key(row.name) for row in rows]
    return any(key in one or one in key or SequenceMatcher(None, key, one).ratio() >= NEAR for one in keys)


def _in_chart(query: Query) -> Iterator[tuple[_Row, tuple[Code, ...], tuple[Code, ...]]]:
    """Rows with a code of the chart: all rows of the code, and those of that year."""
    for row in _rows(query):
        if rows := chart().get(row.code, ()):
            yield row, rows, tuple(one for one in rows if one.is_valid_in(row.year))


def _words(rows: tuple[Code, ...]) -> str:
    return "、".join(dict.fromkeys(f"“{row.name}”" for row in rows))


def check_code_names(query: Query) -> Iterator[Instance]:
    """The name beside a code is one that the code has had, or a form of one; a row from memory is no ground."""
    for row, rows, _ in _in_chart(query):
        if any(name_key(row.name) == name_key(one.name) for one in rows) or _is_near(row.name, rows):
            yield row.judge("exact")
        elif all(one.source.startswith("attested") for one in rows):
            yield row.judge("violated", f"科目 {row.code} 的名称是{_words(rows)}")
        else:
            yield row.judge("not_evaluable", reason="chart_row_not_attested")


def check_code_name_forms(query: Query) -> Iterator[Instance]:
    """The name beside a code is printed as the chart of that year has it."""
    for row, rows, valid in _in_chart(query):
        if any(name_key(row.name) == name_key(one.name) for one in valid):
            yield row.judge("exact")
        elif not valid or not all(one.source.startswith("attested") for one in valid):
            yield row.judge("not_evaluable", reason="chart_row_not_attested")
        elif any(name_key(row.name) == name_key(one.name) for one in rows):
            yield row.judge("violated", f"“{row.name}”不是 {row.year} 年的名称，该年应为{_words(valid)}")
        elif _is_near(row.name, rows):
            yield row.judge("violated", f"科目 {row.code} 的名称应为{_words(valid)}")


def check_one_name(query: Query) -> Iterator[Instance]:
    """One code has one name in all statements of a filing."""
    filings: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in _rows(query):
        filings[row.filing_id, row.code].append(row)
    for rows in filings.values():
        if len({row.statement_id for row in rows}) < 2:
            continue
        names = Counter(name_key(row.name) for row in rows)
        usual = max(names, key=lambda name: (names[name], _is_chart_name(rows[0].code, name)))
        other = next(row for row in rows if name_key(row.name) == usual)
        for row in rows:
            same = name_key(row.name) == usual
            yield row.judge(
                "exact" if same else "violated", None if same else f"{other.title}中 {row.code} 是“{other.name}”"
            )


def _is_chart_name(code: str, key: str) -> bool:
    return any(name_key(row.name) == key for row in chart().get(code, ()))
