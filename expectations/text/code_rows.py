"""Do the rows of a statement by code stand in their order and on every level, under the code that their name has (科目行)?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from expectations.instances import Instance, Query
from expectations.text.code_names import chart, name_key

_ROWS = (
    "SELECT l.filing_id, l.statement_id, coalesce(s.title, l.statement_type), coalesce(l.side, '') || '|' || "
    "coalesce(l.unit_code, l.unit_name, ''), coalesce(l.code, l.code_inferred), l.code IS NOT NULL, l.name, "
    "dense_rank() OVER (PARTITION BY l.statement_id, l.row_no ORDER BY l.code) AS panel, l.page, "
    "coalesce(l.label_bbox, l.bbox), coalesce(l.label_locator, l.locator), l.line_item_id "
    "FROM line_items AS l SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id "
    "JOIN statements AS s ON s.statement_id = l.statement_id "
    "WHERE l.name IS NOT NULL AND l.name IS DISTINCT FROM l.unit_name AND "
    "regexp_full_match(coalesce(l.code, l.code_inferred), '[235][0-9]{2}([0-9]{2}([0-9]{2})?)?') "
    "QUALIFY row_number() OVER (PARTITION BY l.statement_id, l.row_no, coalesce(l.code, l.code_inferred) ORDER BY l.column_no) = 1 "
    "ORDER BY l.statement_id, 4, l.row_no"
)
"""One row for each printed row with a well-formed code, in the order of print, list by list and unit by unit; panel is
the place among the codes of one row where two panels stand side by side."""

_CLASS, _SECTION = 3, 5
"""Digits of a code of 类 and 款."""


@dataclass(frozen=True, slots=True)
class _Row:
    filing_id: str
    statement_id: str
    title: str
    group: str
    code: str
    is_printed: bool
    name: str
    panel: int
    page: int | None
    bbox: Any
    locator: str | None
    line_item_id: str

    def judge(self, fault: str | None, fault_en: str | None = None) -> Instance:
        return Instance(
            self.filing_id,
            f"{self.statement_id}|{self.group}|{self.code}|{self.name}",
            f"{self.title} {self.code} {self.name}",
            "violated" if fault else "exact",
            None,
            f"{self.code} {self.name}",
            self.page,
            self.bbox,
            self.locator,
            fault,
            fault_en,
            line_item_id=self.line_item_id,
        )


def _lists(query: Query) -> Iterator[list[_Row]]:
    rows = (_Row(*row) for row in query(_ROWS))
    for _, of_list in groupby(rows, key=lambda row: (row.statement_id, row.group)):
        yield list(of_list)


def check_childless(query: Query) -> Iterator[Instance]:
    """In a statement that prints several levels, every code above the deepest has codes below it."""
    for rows in _lists(query):
        codes = {row.code for row in rows}
        above = {code[:digits] for code in codes for digits in (_CLASS, _SECTION) if digits < len(code)}
        deepest = max(len(code) for code in codes)
        for row in rows:
            if len(row.code) == deepest:
                continue
            if row.code in above:
                yield row.judge(None)
            elif above:
                yield row.judge("之下没有列明细科目", "no code stands below it")


def check_code_order(query: Query) -> Iterator[Instance]:
    """The codes of a statement go up from row to row; one that does not, with another code's name, is misprinted."""
    for rows in _lists(query):
        for panel in {row.panel for row in rows}:
            printed = [row for row in rows if row.is_printed and row.panel == panel]
            wrong = _out_of_order(printed)
            for at, row in enumerate(printed):
                if at in wrong and not _has_own_name(row):
                    before = printed[at - 1].code if at else "…"
                    yield row.judge(
                        f"排在 {before} 之后，次序不对，名称也不是这一编码的，编码可能有误",
                        f"stands after {before} and has another code's name: the code may be misprinted",
                    )
                else:
                    yield row.judge(None)


def _has_own_name(row: _Row) -> bool:
    """Whether the name is one that the code has had."""
    return any(name_key(one.name) == name_key(row.name) for one in chart().get(row.code, ()))


def _out_of_order(rows: Sequence[_Row]) -> set[int]:
    """Rows that do not stand in the weightiest rising run; one with its own code's name outweighs one without."""
    best: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        weight, before = max(
            ((best[place][0], place) for place in range(at) if rows[place].code < row.code), default=(0, -1)
        )
        best.append((weight + (2 if _has_own_name(row) else 1), before))
    at = max(range(len(best)), key=lambda place: best[place][0], default=-1)
    kept: set[int] = set()
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    return set(range(len(rows))) - kept


def check_one_code(query: Query) -> Iterator[Instance]:
    """A name that the filing has under one code of a class has it under that code wherever it is printed."""
    rows = [row for of_list in _lists(query) for row in of_list if row.is_printed]
    for _, of_filing in groupby(sorted(rows, key=lambda row: row.filing_id), key=lambda row: row.filing_id):
        filing = list(of_filing)
        uses = Counter(code for code, _ in {(row.code, row.statement_id) for row in filing})
        named: dict[str, set[str]] = defaultdict(set)
        of_statement: dict[str, set[str]] = defaultdict(set)
        for row in filing:
            named[name_key(row.name)].add(row.code)
            of_statement[row.statement_id].add(row.code)
        for row in filing:
            others = [
                code
                for code in named[name_key(row.name)]
                if not _has_own_name(row)
                and is_slip(code, row.code)
                and uses[code] > uses[row.code]
                and code not in of_statement[row.statement_id]
            ]
            yield row.judge(
                f"“{row.name}”在其他各表中的编码是 {others[0]}" if others else None,
                f"“{row.name}” has the code {others[0]} in the other statements" if others else None,
            )


def is_slip(one: str, other: str) -> bool:
    """Whether two codes differ in one digit, or in two neighbouring digits that change places."""
    if len(one) != len(other):
        return False
    wrong = [at for at in range(len(one)) if one[at] != other[at]]
    swapped = (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and one[wrong[0] : wrong[1] + 1] == other[wrong[0] : wrong[1] + 1][::-1]
    )
    return len(wrong) == 1 or swapped
