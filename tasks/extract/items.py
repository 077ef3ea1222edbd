"""What does a row's label stand for: which item, which class? (行次名称 → 规范项目、推断科目编码)

Numbering and context decide where a label alone does not: （一）一般公共预算拨款 under 二、上年结转 is carry-over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from filings.codes import Code, function_codes, function_codes_by_name
from filings.forms import all_items
from filings.text import match_key

_NUMBERING = re.compile(
    r"^(?P<first>[一二三四五六七八九十]{1,3}[、.])|^(?P<second>\([一二三四五六七八九十]{1,3}\))|^(?P<third>\d{1,2}[、.)])|^(?P<sub>其中:?)"
)
_FUNDS = {"general_public_budget", "government_fund", "state_capital"}


@dataclass(frozen=True, slots=True)
class Label:
    """A folded row label without its numbering, and how deep the numbering says it stands (1 outermost, 2 below)."""

    key: str
    depth: int


def parse_label(text: str) -> Label:
    """Strip numbering from a row label (去掉 一、（一）1. 其中：)."""
    key = match_key(text)
    depth = 1
    while match := _NUMBERING.match(key):
        depth = max(depth, 1 if match["first"] else 2)
        key = key[match.end() :]
    return Label(key, depth)


@cache
def find_item(key: str) -> str | None:
    """Find the canonical item of a folded label without numbering."""
    for pattern in all_items():
        if any(re.fullmatch(label, key) for label in pattern.labels):
            return pattern.item
    return None


@dataclass(slots=True)
class ItemReader:
    """Reads the labels of one list from top to bottom, remembering under which heading it stands."""

    _heading: str | None = None
    _seen: set[str] = field(default_factory=set)

    def read(self, text: str) -> str | None:
        """Canonical item of the next row label, or None."""
        group, _, rest = text.partition("/")
        if rest:
            return self._read_grouped(group, rest)
        label = parse_label(text)
        item = find_item(label.key)
        if item is None:
            if label.depth > 1 and self._heading == "institutional_income":
                return find_item(f"{label.key}#sub")
            if label.depth == 1:
                self._heading = None
            return None
        under_carry_over = self._heading == "carry_over_in" and (label.depth > 1 or item in self._seen)
        if item in _FUNDS and under_carry_over:
            return f"carry_over_in.{item}"
        if label.depth > 1 and self._heading == "institutional_income":
            return find_item(f"{label.key}#sub") or item
        if item not in _FUNDS:
            self._heading = item
        self._seen.add(item)
        return item

    def _read_grouped(self, group: str, label: str) -> str | None:
        group_item = find_item(parse_label(group).key)
        parsed = parse_label(label)
        if re.fullmatch(r"(小计|合计)", parsed.key):
            return group_item
        return find_item(parsed.key) if parsed.depth == 1 else None


@cache
def _classes_by_name() -> dict[str, Code]:
    return {
        name: classes[0]
        for name, codes in function_codes_by_name().items()
        if (classes := [code for code in codes if code.level == 1])
    }


@cache
def _children_by_name() -> dict[tuple[str, str], str]:
    return {
        (code.code[: -2 if code.level > 1 else 0], match_key(code.name)): code.code
        for code in function_codes()
        if code.level > 1
    }


@dataclass(slots=True)
class ClassReader:
    """Tells the function code of rows that print only its name, top to bottom (由名称推断功能科目).

    A name that is both a 款 and a 项 below it is first the 款, then the 项.
    """

    _class: str | None = None
    _section: str | None = None

    def read(self, text: str) -> str | None:
        """Code of the next row's name, or None if the chart has none at this place."""
        key = parse_label(text).key
        found = _classes_by_name().get(key)
        children = _children_by_name()
        if self._section and (item := children.get((self._section, key))):
            return item
        if self._class and (section := children.get((self._class, key))):
            self._section = section
            return section
        if found is not None:
            self._class, self._section = found.code, None
            return found.code
        return None
