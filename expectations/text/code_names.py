"""Are codes and names those of the chart, and is one code named alike throughout a filing (科目编码与名称)?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Any

from expectations.instances import Instance, Query
from filings.codes import Code, economic_codes, function_codes
from filings.text import match_key

_ROWS = (
    "SELECT l.filing_id, f.fiscal_year, l.statement_id, coalesce(s.title, l.statement_type), l.row_no, l.code, l.name, "
    "l.page, coalesce(l.label_bbox, l.bbox), coalesce(l.label_locator, l.locator), l.line_item_id "
    "FROM line_items AS l JOIN w_filings AS f ON f.filing_id = l.filing_id "
    "JOIN statements AS s ON s.statement_id = l.statement_id "
    "WHERE l.code IS NOT NULL AND l.name IS NOT NULL AND l.name IS DISTINCT FROM l.unit_name "
    "AND regexp_full_match(l.code, '[235][0-9]{2}([0-9]{2}([0-9]{2})?)?') "
    "QUALIFY row_number() OVER (PARTITION BY l.statement_id, l.row_no, l.code ORDER BY l.column_no) = 1 ORDER BY 1, 3, 5, 6"
)
"""One row for each printed code with its name; 5xx are economic codes of the government's budget (政府预算经济分类)."""

NEAR = 0.5
"""Likeness from which a name is a form of the code's own (a warning) and not another code's name (an error): with half of the
characters in common it may be an old or local wording. Nothing is missed by it; it decides between the two rules."""


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
    line_item_id: str

    @property
    def key(self) -> str:
        return f"{self.statement_id}|{self.code}|{self.name}"

    def judge(
        self,
        verdict: Any,  # noqa: ANN401
        detail: str | None = None,
        detail_en: str | None = None,
        *,
        reason: str | None = None,
        cause: str | None = None,
        doubt: tuple[str | None, str | None] = (None, None),
    ) -> Instance:
        return Instance(
            self.filing_id,
            self.key,
            f"{self.title} {self.code} {self.name}",
            verdict,
            reason,
            f"{self.code} {self.name}",
            self.page,
            self.bbox,
            self.locator,
            detail,
            detail_en,
            cause,
            *doubt,
            line_item_id=self.line_item_id,
        )


@lru_cache(maxsize=65_536)
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
    for filing_id, year, statement_id, title, _, code, name, *place in query(_ROWS):
        if (statement_id, code, name) not in seen:
            seen.add((statement_id, code, name))
            rows.append(_Row(filing_id, year, statement_id, title, code, name, *place))
    return rows


@cache
def _siblings() -> dict[tuple[str, str], frozenset[str]]:
    """Codes by the code above them (or their kind) and the key of a name that they have had."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, rows in chart().items():
        for row in rows:
            found[_above(code), name_key(row.name)].add(code)
    return {place: frozenset(codes) for place, codes in found.items()}


def _above(code: str) -> str:
    return code[:-2] if len(code) > len("208") else code[:1]


def _is_siblings(row: _Row, rows: tuple[Code, ...]) -> bool:
    """Whether the name is exactly that of another code under the same one, and never was this code's."""
    key = name_key(row.name)
    return all(name_key(one.name) != key for one in rows) and bool(
        _siblings().get((_above(row.code), key), frozenset()) - {row.code}
    )


def _is_near(name: str, rows: tuple[Code, ...]) -> bool:
    key = name_key(name)
    keys = [name_key(row.name) for row in rows]
    return any(key in one or one in key or SequenceMatcher(None, key, one).ratio() >= NEAR for one in keys)


def _in_chart(query: Query) -> Iterator[tuple[_Row, tuple[Code, ...], tuple[Code, ...]]]:
    """Rows with a code of the chart: all rows of the code, and those of that year."""
    for row in _rows(query):
        if rows := chart().get(row.code, ()):
            yield row, rows, tuple(one for one in rows if one.is_valid_in(row.year))


def _codes_named(row: _Row) -> list[str]:
    """The codes of the row's level and classification that have its name in that year; none if they are many."""
    codes = {
        code
        for code, rows in chart().items()
        if len(code) == len(row.code) and code[0] == row.code[0]
        for one in rows
        if one.is_valid_in(row.year) and name_key(one.name) == name_key(row.name)
    }
    return sorted(codes) if len(codes) <= MOST_CODES else []


MOST_CODES = 2
"""How many codes of one name are listed: 其他支出 stands under every section, and naming all of them says nothing."""


def _words(rows: tuple[Code, ...]) -> str:
    return "、".join(dict.fromkeys(f"“{row.name}”" for row in rows))


def check_code_names(query: Query) -> Iterator[Instance]:
    """The name beside a code is one that the code has had, or a form of one; a row from memory is no ground.

    Several wrong names under one class of a statement are one numbering of the body's own: one cause.
    """
    wrong: dict[tuple[str, str], list[tuple[_Row, tuple[Code, ...]]]] = defaultdict(list)
    for row, rows, _ in _in_chart(query):
        if not _is_siblings(row, rows) and _is_near(row.name, rows):
            yield row.judge("exact")
        elif all(one.source.startswith("attested") for one in rows):
            wrong[row.statement_id, row.code[:3]].append((row, rows))
        else:
            yield row.judge("not_evaluable", reason="chart_row_not_attested")
    for found in wrong.values():
        first = found[0][0]
        for row, rows in found:
            codes = _codes_named(row)
            yield row.judge(
                "violated",
                f"科目 {row.code} 的名称是{_words(rows)}"
                + (f"；“{row.name}”的编码是 {'、'.join(codes)}" if codes else ""),
                f"code {row.code} is named {_words(rows)}"
                + (f"; “{row.name}” has the code {', '.join(codes)}" if codes else ""),
                cause=first.key if len(found) >= OWN_NUMBERING else None,
            )


OWN_NUMBERING = 3
"""From how many wrong names on, under one class of one statement, the body has numbered its rows itself: two may be two slips."""

_FROM_MEMORY = (
    "该科目名称凭记忆收录，未见于已读的文件",
    "the chart's name of this code is known from memory only, not read in a document",
)


def check_code_name_forms(query: Query) -> Iterator[Instance]:
    """The name beside a code is printed as the chart of that year has it."""
    for row, rows, valid in _in_chart(query):
        attested = bool(valid) and all(one.source.startswith("attested") for one in valid)
        if any(name_key(row.name) == name_key(one.name) for one in valid):
            yield row.judge("exact")
        elif not attested:
            recalled = [one for one in valid if one.source == "recall"]
            if len(recalled) == len(valid) > 0 and all(_is_misspelt(row.name, one.name) for one in recalled):
                words = _words(valid)
                yield row.judge(
                    "violated", f"科目 {row.code} 的名称似应为{words}", f"{words} seems to be meant", doubt=_FROM_MEMORY
                )
            else:
                yield row.judge("not_evaluable", reason="chart_row_not_attested")
        elif any(name_key(row.name) == name_key(one.name) for one in rows):
            words = _words(valid)
            yield row.judge(
                "violated",
                f"“{row.name}”不是 {row.year} 年的名称，该年应为{words}",
                f"“{row.name}” is not the name in {row.year}, which is {words}",
            )
        elif _is_near(row.name, rows) and not _is_siblings(row, rows):
            words = _words(valid)
            yield row.judge("violated", f"科目 {row.code} 的名称应为{words}", f"the name of {row.code} is {words}")


SHORTEST = 5
"""Shortest name, in characters, that one other character makes a misspelling of: below that other names are as near."""
LONG = 8
"""From this length on two wrong characters leave a name nearer to the right one than to any other of the chart."""


def _is_misspelt(printed: str, name: str) -> bool:
    """Whether a printed name is one or two characters apart from a name of the chart."""
    one, other = name_key(printed), name_key(name)
    return len(other) >= SHORTEST and count_edits(one, other) <= (2 if len(other) >= LONG else 1)


def count_edits(one: str, other: str) -> int:
    """How many characters must be replaced, added or left out to make one text of another (编辑距离)."""
    last = list(range(len(other) + 1))
    for at, mark in enumerate(one, start=1):
        row = [at]
        for to, partner in enumerate(other, start=1):
            row.append(min(row[-1] + 1, last[to] + 1, last[to - 1] + (mark != partner)))
        last = row
    return last[-1]


def check_unknown_codes(query: Query) -> Iterator[Instance]:
    """A code that the chart does not have is misprinted where its name is that of another code under the same one.

    The chart need not be complete: a code with a name of its own may be right.
    """
    for row in _rows(query):
        codes = sorted(_siblings().get((_above(row.code), name_key(row.name)), frozenset()))
        if row.code in chart():
            yield row.judge("exact")
        elif codes:
            right = "、".join(codes)
            yield row.judge(
                "violated",
                f"科目中没有 {row.code}；“{row.name}”的编码是 {right}",
                f"the chart has no {row.code}; “{row.name}” has the code {right}",
            )
        else:
            yield row.judge("not_evaluable", reason="code_not_in_chart")


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
                "exact" if same else "violated",
                None if same else f"{other.title}中 {row.code} 是“{other.name}”",
                None if same else f"in {other.title} {row.code} is “{other.name}”",
            )


def _is_chart_name(code: str, key: str) -> bool:
    return any(name_key(row.name) == key for row in chart().get(code, ()))
