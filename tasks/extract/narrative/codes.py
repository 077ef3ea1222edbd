"""Which function code does a chain like 一般公共服务支出（类）海关事务（款）行政运行（项） name (科目名称 → 编码)?

The filing's own tables are asked first, then the official chart. A name that neither knows gives no code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from filings.codes import function_codes
from filings.records import LineItem
from filings.text import match_key

LEVEL_DIGITS = {"类": 3, "款": 5, "项": 7}
"""Digits of a function code at each level."""

SIMILAR_CLASS = 0.85
"""How alike a misprinted class name must be to the only class of the filing that it can mean: one or two characters too
many or too few in a name of eight (一般公共预算服务支出 for 一般公共服务支出 is 0.89, the nearest two official names 0.67)."""

_MARK = re.compile(r"\((?P<level>[类款项])(?:\|(?P<digits>\d{1,3})[类款项]?)?\)")
_CODED = re.compile(r"(?P<code>2\d{2}(?:\d{2}){0,2})[\"、.]?(?P<name>[一-龥].+)")
_BEFORE_NAME = re.compile(r'.*(?:[，。;:"、]|^\d{1,2}[.、]|^\([\d一二三四五六七八九十]+\)|^[一二三四五六七八九十]+、)')


def _name_key(name: str) -> str:
    key = match_key(name)
    return key.removesuffix("支出") or key


@cache
def _chart_by_name() -> Mapping[tuple[int, str], set[str]]:
    """The official chart, by the length of the code and the name."""
    chart: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in function_codes():
        chart[len(row.code), _name_key(row.name)].add(row.code)
    return dict(chart)


@dataclass(frozen=True, slots=True)
class Marked:
    """A name with its level as printed."""

    level: str
    name: str
    digits: str | None


def find_marked(folded: str) -> list[Marked]:
    """Find all names that are followed by （类）, （款） or （项）."""
    found: list[Marked] = []
    end = 0
    for match in _MARK.finditer(folded):
        name = folded[end : match.start()].rstrip('"')
        begins = _BEFORE_NAME.match(name)
        name = name[begins.end() :] if begins else name
        found.append(Marked(match["level"], re.sub(r"^(?:支出|的|用于)", "", name).strip('"'), match["digits"]))
        end = match.end()
    return found


def has_marks(folded: str) -> bool:
    """Whether a text names a 类, 款 or 项."""
    return _MARK.search(folded) is not None


class FilingCodes:
    """The function codes of a filing's tables and of the chart, by name (本文件的科目)."""

    def __init__(self, items: Iterable[LineItem]) -> None:
        """Index the codes of all rows that stand in a table by function."""
        self._own: dict[tuple[int, str], set[str]] = defaultdict(set)
        for item in items:
            code = item.code_inferred or item.code
            if code and item.name and code[0] == "2" and len(code) in (3, 5, 7):
                self._own[len(code), _name_key(item.name)].add(code)

    def find(self, level: str, name: str, above: str | None) -> str | None:
        """Find the code of a name at a level below a code; None if none or several fit."""
        key = _name_key(name)
        digits = LEVEL_DIGITS[level]
        for known in (self._own, _chart_by_name()):
            fits = {code for code in known.get((digits, key), ()) if code.startswith(above or "")}
            if len(fits) == 1:
                return next(iter(fits))
        return self._similar_class(key) if level == "类" else None

    def find_printed(self, words: str) -> str | None:
        """Find the code that a name of the filing's tables carries before it: 2130301行政运行."""
        match = _CODED.match(words)
        if match is None:
            return None
        known = self._own.get((len(match["code"]), _name_key(match["name"])), set())
        return match["code"] if match["code"] in known else None

    def find_class(self, name: str) -> str | None:
        """Find the class that a plain name without （类） names, among those of the filing's tables."""
        fits = self._own.get((3, _name_key(name)), set())
        return next(iter(fits)) if len(fits) == 1 else None

    def _similar_class(self, key: str) -> str | None:
        fits = {
            code
            for (digits, name), codes in self._own.items()
            if digits == 3 and SequenceMatcher(None, key + "支出", name + "支出").ratio() >= SIMILAR_CLASS
            for code in codes
        }
        return next(iter(fits)) if len(fits) == 1 else None


@dataclass(slots=True)
class Hierarchy:
    """Reads chains of names, remembering the 类 and 款 that an earlier paragraph named (层级).

    Args:
        codes: The filing's codes.
    """

    codes: FilingCodes
    _code: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything: a new section begins."""
        self._code.clear()
        self.names.clear()

    def read(self, marked: list[Marked]) -> str | None:
        """Take the next chain and tell the code of its last name."""
        for mark in marked:
            for deeper in "类款项"["类款项".index(mark.level) :]:
                self._code.pop(deeper, None)
                self.names.pop(deeper, None)
            above = self._code.get("款") or self._code.get("类") if mark.level == "项" else self._code.get("类")
            self._code[mark.level] = self._printed(mark, above) or self.codes.find(mark.level, mark.name, above)
            self.names[mark.level] = mark.name
        return self._code.get(marked[-1].level) if marked else None

    @staticmethod
    def _printed(mark: Marked, above: str | None) -> str | None:
        if mark.digits is None:
            return None
        digits = LEVEL_DIGITS[mark.level]
        if len(mark.digits) == digits:
            return mark.digits
        code = (above or "") + mark.digits.zfill(2)
        return code if len(code) == digits else None
