"""Is this line the title of a statement, and of which form? (表名识别)

Knows titles only: whether a table really follows is decided in `statements`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from filings.forms import Form, all_forms
from filings.text import match_key

TITLE_KEY_MAX = 60
"""Longest folded title of a statement seen is 27 characters; prose that ends in 表 is longer than twice that."""

_LEADING = re.compile(
    r"^(?:(?:财政|部门|单位)?(?:预算|决算)?(?:公开|批复|附)?表\d{1,2}(?:-\d{1,2})?[、.:)]?|(?:公开|附|预算|决算|财决|财预)\d{1,2}(?:-\d{1,2})?表|\d{1,2}[、.)]|附件\d*[:、.]?"
    r"|(?:附|公开)?表[一二三四五六七八九十]{1,3}[、.:]?|\(?[一二三四五六七八九十]{1,3}[)、.]|第[一二三四五六七八九十]+(?:部分|章))+"
)
_TABLE_NUMBER_ONLY = re.compile(
    r"^(?:部门)?(?:公开|附)?(?:预算|决算)?(?:表?\d{1,2}(?:-\d{1,2})?表?|表[一二三四五六七八九十]{1,3})[:.]?$"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年(?:度)?")
_TRAILING = re.compile(
    r"(?:\(?续(?:表)?\)?|(?<=表)\(?(?:附|公开)?表[\d一二三四五六七八九十]{1,3}(?:-\d{1,2})?\)?|\([一二三四五六]\)|[.…·]{2,}\d*|\d{1,3}|金?额?单位:?.{0,3}元|\((?:单位:)?.{0,2}元\))+$"
)
_BUDGET_WORDS = re.compile(
    r"预算|决算|财政|拨款|基金|国有资本|三公|项目|基本|绩效|收入|支出|收支|采购|本表|上表|^(?:详?见|根据|按照|反映|如)"
)
_WHOLE_SET = re.compile(r"(?:部门|单位)(?:预算|决算)(?:公开)?$|^(?:\d{4}年度?)?(?:预算|决算)(?:公开)?$")
_SCOPE = re.compile(r"(?:部门|单位)?(?:综合)?(?:预算|决算)公开$|(?:部门|单位)(?:综合)?(?:预算|决算)$")
_PROJECT_END = re.compile(r"(?:项目|专项|费|资金|工程|计划|补助|购置|建设|维护)$")
_BRACKETED_END = re.compile(r"(?<=表)\([^()]*\)$")
_TITLE_MARKS = dict.fromkeys(map(ord, "《》〈〉"))
_SENTENCE = re.compile(r"[,，。;；:：]")


@dataclass(frozen=True, slots=True)
class Title:
    """A recognised title.

    Args:
        text: As printed, trimmed.
        form: The form it names.
        key: Folded and stripped of year and numbering, to compare repeated titles.
    """

    text: str
    form: Form
    key: str


def title_key(text: str) -> str:
    """Fold a line and strip numbering, year and continuation marks, so that titles of one form compare equal."""
    key = _LEADING.sub("", match_key(text).translate(_TITLE_MARKS))
    key = _YEAR.sub("", key)
    key = _LEADING.sub("", key)
    return _TRAILING.sub("", key)


def is_table_number(text: str) -> bool:
    """Whether a line only numbers a table (``表 1``, ``公开01表``, ``部门公开表2``)."""
    return _TABLE_NUMBER_ONLY.match(match_key(text)) is not None


def find_title(text: str) -> Title | None:
    """Find the form that a line names as its title.

    A body's name may stand before the title; words of the budget may not, so that one form is not taken for another
    whose title ends alike.
    """
    folded = match_key(text)
    if "表" not in folded and ")" not in folded:
        return None
    key = title_key(text)
    if not key or len(key) > TITLE_KEY_MAX or not key.endswith(("表", ")")) or _SENTENCE.search(key.replace("、", "")):
        return None
    form = _form_of_key(key)
    return Title(text.strip(" \t-·"), form, key) if form else None


@cache
def _form_of_whole_key(key: str) -> Form | None:
    return next((form for form in all_forms() if any(pattern.fullmatch(key) for pattern in form.titles)), None)


@cache
def _form_of_key(key: str) -> Form | None:
    """The form of a title after a body's name: of all forms the one that takes most of the line."""
    for start in range(max(len(key) - 3, 1)):
        if start and _BUDGET_WORDS.search(_without_scope(key[:start])):
            continue
        if form := _form_of_whole_key(key[start:]):
            return form
    return None


def _without_scope(prefix: str) -> str:
    """What stands before a title without the words that name the whole set: 部门预算, 预算公开."""
    return _SCOPE.sub("", prefix)


def find_wrapped_title(above: str, text: str) -> Title | None:
    """Find the title that two lines make together (表名折行), where the second alone might name another form.

    ``一般公共预算财政拨款`` over ``支出决算表`` is one title; a heading or a body's name over a title is none of it.
    """
    upper = match_key(above)
    if find_title(above) or _SENTENCE.search(upper.replace("、", "")) or is_table_number(above):
        return None
    if len(upper) > TITLE_KEY_MAX or upper.endswith(("表", ")")) or _WHOLE_SET.search(upper):
        return None
    key = title_key(above.strip() + text.strip())
    form = _form_of_whole_key(key) if len(key) <= TITLE_KEY_MAX else None
    if form is None or (form.kind == "targets" and (_LEADING.match(upper) or not _PROJECT_END.search(upper))):
        return None
    return Title(f"{above.strip()}{text.strip()}".strip(" \t-·"), form, key) if _BUDGET_WORDS.search(key) else None


def looks_like_title(text: str) -> bool:
    """Whether a line reads like the title of some table, known or not (``…表``)."""
    key = _BRACKETED_END.sub("", title_key(text))
    return 3 <= len(key) <= TITLE_KEY_MAX and key.endswith("表") and not _SENTENCE.search(key.replace("、", ""))
