"""What do the reports call the codes of the warehouse?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from expectations.working_tables import load_words


@cache
def words(kind: str) -> Mapping[str, str]:
    """Code -> Chinese of one kind (categories, severities, …), in the order in which they are shown."""
    text = resources.files("tasks.report").joinpath("words.toml").read_text(encoding="utf-8")
    return MappingProxyType({str(code): str(word) for code, word in tomllib.loads(text)[kind].items()})


def word(kind: str, code: str | None) -> str:
    """The Chinese of a code; the code itself where there is none, empty for None."""
    return words(kind).get(code, code) if code is not None else ""


def statement_word(statement_type: str) -> str:
    """The Chinese name of a statement type."""
    return load_words().get(f"statement:{statement_type}", statement_type)


def reason_word(reason: str) -> str:
    """Why a rule could not be evaluated, in Chinese; what follows the colon (names of statements) is kept."""
    code, _, what = reason.partition(": ")
    return word("reasons", code) + (f"（{what}）" if what else "")


_LINE_AND_CELL = re.compile(r"line (\d+)(?: cell (\d+))?")


def place_words(page: int | None, locator: str | None) -> str:
    """Where something is printed: the page, or what a format without pages has instead."""
    if page is not None:
        return f"第 {page} 页"
    match = _LINE_AND_CELL.fullmatch(locator or "")
    if match is None:
        return locator or ""
    return f"第 {match[1]} 行" + (f"第 {match[2]} 格" if match[2] else "")
