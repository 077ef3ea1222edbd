"""The official code lists (支出功能分类、支出经济分类、行政区划), as data with loaders.

A row marked ``recall`` in its source column is a hint, never the sole ground for calling a filing wrong.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from filings.text import match_key


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a classification with the years in which it has this name.

    Args:
        code: Digits.
        name: Name in those years.
        level: 1 类, 2 款, 3 项.
        valid_from: First budget year, None if open or unknown.
        valid_to: Last budget year, None if open or unknown.
        source: ``attested …`` or ``recall…``.
    """

    code: str
    name: str
    level: int
    valid_from: int | None
    valid_to: int | None
    source: str

    def is_valid_in(self, year: int | None) -> bool:
        """Whether the row holds in a budget year; an unknown year is within every row."""
        if year is None:
            return True
        return (self.valid_from or year) <= year <= (self.valid_to or year)


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division (行政区划): level 1 province, 2 prefecture, 3 county."""

    code: str
    name: str
    level: int
    parent_code: str


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _codes(name: str, valid_from: int | None = None, valid_to: int | None = None) -> tuple[Code, ...]:
    return tuple(
        Code(
            code=row["code"],
            name=row["name"],
            level=int(row["level"]),
            valid_from=int(row["valid_from"]) if row.get("valid_from") else valid_from,
            valid_to=int(row["valid_to"]) if row.get("valid_to") else valid_to,
            source=row["source"],
        )
        for row in _rows(name)
    )


@cache
def function_codes() -> tuple[Code, ...]:
    """Function classification of expenditure (支出功能分类科目)."""
    return _codes("function_classification.csv")


@cache
def economic_codes() -> tuple[Code, ...]:
    """Economic classification for departments (部门预算支出经济分类科目); the chart changed in 2018."""
    return _codes("economic_classification_department_until_2017.csv", valid_to=2017) + _codes(
        "economic_classification_department.csv", valid_from=2018
    )


@cache
def divisions() -> tuple[Division, ...]:
    """Administrative divisions of province, prefecture and county level."""
    return tuple(
        Division(row["code"], row["name"], int(row["level"]), row["parent_code"])
        for row in _rows("admin_divisions.csv")
    )


@cache
def divisions_by_name() -> dict[str, tuple[Division, ...]]:
    """Administrative divisions by their full names; a name that several share has them all."""
    found: dict[str, list[Division]] = {}
    for division in divisions():
        found.setdefault(division.name, []).append(division)
    return {name: tuple(some) for name, some in found.items()}


@cache
def function_codes_by_name() -> dict[str, tuple[Code, ...]]:
    """Function codes by folded name; a name that several codes share has them all."""
    found: dict[str, list[Code]] = {}
    for code in function_codes():
        found.setdefault(match_key(code.name), []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}
