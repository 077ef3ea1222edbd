"""Are the classes, sections and items that the text names those of the tables and the chart (文中的类、款、项)?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

from expectations.instances import Instance, Query
from expectations.text.code_names import name_key
from expectations.text.paragraphs import Paragraph, read_texts
from filings.codes import function_codes

_LEVELS = {"类": 3, "款": 5, "项": 7}
_ABOVE = {"款": "类", "项": "款"}
_NAMED = re.compile(r"(?P<name>[一-龥（）()、]{2,40}?)(?P<suffix>支出)?[（(](?P<level>类|款|项)[）)]")
_LEADS = re.compile(
    r"^.*?(?:[（(][类款项][）)](?:支出)?|用于|包括|其中|[（(][一二三四五六七八九十]+[）)]|^[一二三四五六七八九十]+、|^[、）)（(]+)"
)
SHORT = 4
"""A name that ends with a known name of at least this many characters has words before it, not another name: 其他支出, the
shortest name that ends others, has four."""
SAME, LIKE, HINT = 0.8, 0.7, 0.5
"""Likeness (2·m/(n+n')) from which a name in the glossary is taken for a slip of a known one (one character in five), and from
which a name of the chart, or of this filing's few tables, is worth a hint; a hint is no ground of the finding."""


@cache
def _chart_names(level: str, year: int | None) -> frozenset[str]:
    digits = _LEVELS[level]
    return frozenset(
        name_key(code.name) for code in function_codes() if len(code.code) == digits and code.is_valid_in(year)
    )


@cache
def _codes_by_key(level: str) -> Mapping[str, frozenset[str]]:
    """Codes by the key of any of their names, of a level."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in function_codes():
        if len(code.code) == _LEVELS[level]:
            found[name_key(code.name)].add(code.code)
    return {key: frozenset(codes) for key, codes in found.items()}


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A name that the text marks as 类, 款 or 项; ``parent`` is the one that stands right before it, of the level above."""

    start: int
    end: int
    name: str
    level: str
    parent: str | None


def find_names(text: str) -> Iterator[NamedCode]:
    """The names that a text marks as class, section or item."""
    before: NamedCode | None = None
    for match in _NAMED.finditer(text):
        name, start = match["name"], match.start()
        while lead := _LEADS.match(name):
            name, start = name[lead.end() :], start + lead.end()
        if len(name) < 2:
            continue
        follows = before is not None and before.end == match.start() and _ABOVE.get(match["level"]) == before.level
        before = NamedCode(start, match.end(), name, match["level"], before.name if follows and before else None)
        yield before


def _printed_names(
    query: Query,
) -> tuple[dict[tuple[str, str], dict[str, str]], dict[str, dict[str, frozenset[str]]]]:
    """Names by filing and level, and codes by filing and the key of their name, as the tables print them."""
    names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    codes: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for filing_id, code, name in query(
        "SELECT DISTINCT l.filing_id, coalesce(l.code, l.code_inferred), l.name FROM line_items AS l "
        "SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id WHERE coalesce(l.code, l.code_inferred) LIKE '2%' "
        "AND l.name IS NOT NULL ORDER BY 1, 2, 3"
    ):
        level = next((level for level, digits in _LEVELS.items() if digits == len(code)), None)
        if level:
            key = name_key(name)
            names[filing_id, level].setdefault(key, re.sub(r"^[一二三四五六七八九十]+、", "", name))
            codes[filing_id][key] = codes[filing_id].get(key, frozenset()) | {code}
    return names, codes


def _is_known(key: str, known: frozenset[str] | dict[str, str]) -> bool:
    return key in known or any(len(one) >= SHORT and key.endswith(one) for one in known)


def _is_elsewhere(named: NamedCode, printed: Mapping[str, frozenset[str]]) -> bool:
    """Whether chart and tables have the name only under other names than the one that the text puts above it.

    Args:
        named: What the text names.
        printed: Codes of the filing's own tables by the keys of their names.
    """
    if named.parent is None:
        return False
    parents = _codes_of(named.parent, _ABOVE[named.level], printed)
    codes = _codes_of(named.name, named.level, printed)
    if not parents or not codes:
        return False
    return not any(code[:-2] in parents for code in codes)


def _is_not_printed(named: NamedCode, printed: Mapping[str, frozenset[str]]) -> bool:
    """Whether the tables have the code above and items of it, and this item under other codes only."""
    if named.parent is None or named.level != "项":
        return False
    parents = {code for code in printed.get(name_key(named.parent), ()) if len(code) == _LEVELS["款"]}
    items = {code for code in printed.get(name_key(named.name), ()) if len(code) == _LEVELS["项"]}
    details = {code[:-2] for codes in printed.values() for code in codes if len(code) == _LEVELS["项"]}
    return bool(parents & details) and bool(items) and not any(code[:-2] in parents for code in items)


def _codes_of(name: str, level: str, printed: Mapping[str, frozenset[str]]) -> frozenset[str]:
    key, digits = name_key(name), _LEVELS[level]
    own = (code for code in printed.get(key, ()) if len(code) == digits)
    return _codes_by_key(level).get(key, frozenset()).union(own)


def _with_heading(paragraph: Paragraph, heading: Paragraph | None) -> Iterator[tuple[NamedCode, Paragraph | None]]:
    """The names of a paragraph; a section (款) that begins it stands beneath the class (类) of its heading, given with it."""
    above = list(find_names(heading.text)) if heading is not None and not paragraph.is_heading else []
    for number, named in enumerate(find_names(paragraph.text)):
        if number == 0 and named.level == "款" and above and above[-1].level == "类":
            yield replace(named, parent=above[-1].name), heading
        else:
            yield named, None


def _check(levels: str, query: Query) -> Iterator[Instance]:
    printed, codes = _printed_names(query)
    for filing in read_texts(query):
        last_heading: Paragraph | None = None
        for paragraph in filing.body:
            last_heading = paragraph if paragraph.is_heading else last_heading
            is_wrong = False
            for named, heading in _with_heading(paragraph, last_heading):
                start, end, name, level = named.start, named.end, named.name, named.level
                if level not in levels:
                    continue
                key = name_key(name)
                of_tables = printed.get((filing.filing_id, level), {})
                chart = _chart_names(level, filing.fiscal_year)
                above = name_key(named.parent) if named.parent else ""
                parent_is_known = (
                    level in _ABOVE
                    and not is_wrong
                    and (
                        _is_known(above, printed.get((filing.filing_id, _ABOVE[level]), {}))
                        or _is_known(above, _chart_names(_ABOVE[level], filing.fiscal_year))
                    )
                )
                own_codes = codes.get(filing.filing_id, {})
                is_elsewhere = parent_is_known and (
                    _is_elsewhere(named, own_codes) or (not paragraph.in_glossary and _is_not_printed(named, own_codes))
                )
                is_wrong = is_elsewhere or not (_is_known(key, of_tables) or _is_known(key, chart))
                if not is_wrong:
                    yield filing.at(paragraph, start, end, "exact")
                elif not of_tables and level == "项":
                    yield filing.at(paragraph, start, end, "not_evaluable", reason="no_codes_printed")
                elif paragraph.in_glossary and not get_close_matches(key, [*of_tables, *chart], 1, SAME):
                    yield filing.at(paragraph, start, end, "not_evaluable", reason="not_in_tables_or_chart")
                else:
                    if is_elsewhere:
                        of = f"“{named.parent}（{_ABOVE[level]}）”"
                        yield filing.at(
                            paragraph,
                            start,
                            end,
                            "violated",
                            f"“{name}（{level}）”不是{of}之下的科目",
                            detail_en=f"“{name}（{level}）” is no code under {of}",
                            related=(heading.place(0, len(heading.text)),) if heading else (),
                        )
                        continue
                    near = get_close_matches(key, list(of_tables), 1, HINT) or get_close_matches(
                        key, list(chart), 1, LIKE
                    )
                    meant = of_tables.get(near[0], near[0]) if near else None
                    yield filing.at(
                        paragraph,
                        start,
                        end,
                        "violated",
                        f"“{name}（{level}）”不在本文件各表和当年科目中" + (f"，是否应为“{meant}”" if meant else ""),
                        detail_en=f"“{name}（{level}）” is neither in the tables nor in the chart of that year"
                        + (f"; is “{meant}” meant?" if meant else ""),
                    )


def check_prose_classes(query: Query) -> Iterator[Instance]:
    """Every class (类) that the text names is one of the chart of that year or of the filing's tables."""
    return _check("类", query)


def check_prose_names(query: Query) -> Iterator[Instance]:
    """Every section and item (款、项) that the text names is one of the filing's tables or of the chart of that year."""
    return _check("款项", query)
