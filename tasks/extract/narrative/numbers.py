"""Which numbers of a text are amounts, percentages or counts (文中的金额、比率、数量)?

Years, dates, numbers of documents and of paragraphs are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from filings.narrative import Kind, units

PLACES_MAX = 6
"""More decimal places than any amount is printed with: such a number is data that leaked into the text."""

DIGITS_MAX = 15
"""More digits before the point than any amount has, in any unit: such a number is an account or a serial number."""

_NUMBER = r"(?<![\d.,，A-Za-z])(?P<sign>-)?(?P<whole>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.(?P<places>\d+))?"
NEAR = 20
"""How many characters beside a number without a unit are looked at."""

_LIMITS = ("≥", "≤", ">", "<", "≧", "≦", "＞", "＜", "≥ ", "≤ ")
"""Signs before the value of a performance target: it sets a goal and states nothing."""

_CITED = re.compile(r"《[^》]{0,80}》|〔[^〕]{0,8}〕[^号]{0,6}号|\[\d{4}\]\d+号")
_BARE_BASE = re.compile(r"(?<=年)(?:度)?$")
_OTHER_UNIT = re.compile(r"^(?:[平立]方|公里|千米|米|亩|公顷|吨|年|月|日|号|倍|小时|分|级|层|度|岁|天)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a folded text.

    Args:
        start: Where it begins.
        end: Where its unit ends.
        value: Its value as printed.
        places: Decimal places printed.
        unit: Unit as in ``units.toml``; None where none is printed.
        kind: money, percent, count, or none without a unit.
        text: As printed, with its unit, folded.
    """

    start: int
    end: int
    value: Decimal
    places: int
    unit: str | None
    kind: Kind
    text: str

    def moved(self, by: int) -> Mention:
        """The same number in a longer text."""
        return replace(self, start=self.start + by, end=self.end + by) if by else self

    def counts_like(self, other: Mention) -> bool:
        """Whether two numbers count the same things: money, or the same counting word."""
        words = [re.sub(r"[\d,，. -]", "", mention.text) for mention in (self, other)]
        return self.kind == other.kind and (self.kind != "count" or words[0] == words[1])


@cache
def _pattern() -> re.Pattern[str]:
    alternatives: list[str] = []
    for at, unit in enumerate(units()):
        words = "|".join(re.escape(word) for word in sorted(unit.words, key=len, reverse=True))
        after = f"(?={unit.after})" if unit.after else ""
        alternatives.append(f"(?P<u{at}>(?:{words}){after})")
    return re.compile(f"{_NUMBER} ?(?:{'|'.join(alternatives)})?")


def find_mentions(folded: str) -> list[Mention]:
    """Find all amounts, percentages and counts of a folded text, left to right.

    A number without a unit counts where it prints a decimal fraction, or stands between a year and 预算数 or the like: a
    unit was forgotten there.
    """
    cited = [match.span() for match in _CITED.finditer(folded)]
    mentions: list[Mention] = []
    for match in _pattern().finditer(folded):
        if any(start <= match.start() < end for start, end in cited):
            continue
        places = match["places"] or ""
        if len(places) > PLACES_MAX or len(re.sub("[,，]", "", match["whole"])) > DIGITS_MAX:
            continue
        if folded.endswith(_LIMITS, 0, match.start()):
            continue
        unit = next((unit for at, unit in enumerate(units()) if match[f"u{at}"] is not None), None)
        if unit is None and not _is_bare_amount(folded, match):
            continue
        value = Decimal(re.sub("[,，]", "", match["whole"]) + (f".{places}" if places else ""))
        signed = (
            match["sign"] is not None
            and re.match(r"[\d一-鿿]", folded[max(0, match.start() - 1) : match.start()]) is None
        )
        mentions.append(
            Mention(
                start=match.start(),
                end=match.end() if unit else match.start() + len(match[0].rstrip()),
                value=-value if signed else value,
                places=len(places),
                unit=unit.unit if unit else None,
                kind=unit.kind if unit else "none",
                text=match[0].strip(),
            )
        )
    if not any(mention.kind == "money" for mention in mentions):
        mentions = [mention for mention in mentions if mention.kind != "none"]
    return mentions


def _is_bare_amount(folded: str, match: re.Match[str]) -> bool:
    after = folded[match.end() : match.end() + NEAR]
    before = folded[max(0, match.start() - NEAR) : match.start()]
    if _OTHER_UNIT.match(after) or match.start() == 0:
        return False
    if re.match(r"(?:预算|执行|决算)数", after) and _BARE_BASE.search(before):
        return True
    return match["places"] is not None and re.match(r"[，。;、,()比]|$|(?:预算|执行|决算)数", after) is not None
