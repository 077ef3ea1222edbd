"""Which planted mistakes can nobody find, whatever the rules, and why?

Judged from the samples' facts alone: the identities of the forms as `tests.samples` writes them a second time, and
whether the number is printed anywhere else. What no one can find is few, and is counted apart.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache

from samples.build import build_filing
from samples.expected import list_cells
from samples.facts import read_facts
from samples.layout import Filing, Heading, Paragraph, Table
from samples.mutations import Mutation
from tests.samples.form_identities import check_identities

ROUNDING = "within what rounding may make of printed numbers"
ALONE = "a number without identity that is printed only once"

NOTHING = "a change of nothing has no direction"
BASELESS = "a change against a base that is printed nowhere"

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def excuse_mutation(mutation: Mutation) -> str | None:
    """Why nobody could find the mutation, or None if somebody could."""
    if mutation.target in ("cell", "row") and mutation.cell is not None and _value(mutation.before) is not None:
        return ALONE if _stands_alone(mutation) else None
    if mutation.kind == "prose_count":
        return ALONE if _is_lone_count(mutation) else None
    if mutation.kind == "prose_direction":
        number = _NUMBER.match(mutation.where.partition(mutation.before)[2])
        return NOTHING if number and not number[0].strip("0.,") else None
    if mutation.kind == "prose_even":
        return BASELESS if _is_baseless(mutation) else None
    return None


def _is_baseless(mutation: Mutation) -> bool:
    """Whether neither the amount of a change nor what it was measured against is printed anywhere else."""
    change = _NUMBER.search(re.sub(r"20\d\d年", "", mutation.before))
    block = _faultless(mutation.sample).blocks[mutation.block_no]
    text = block.text if isinstance(block, Paragraph | Heading) else ""
    level = _NUMBER.findall(re.sub(r"20\d\d年", "", text[: text.find(mutation.before)]))
    if change is None or not level or not mutation.before:
        return False
    now, by = Decimal(level[-1].replace(",", "")), Decimal(change[0].replace(",", ""))
    base = now + by if "减少" in mutation.before else now - by
    printed = printed_values(mutation.sample)
    return printed[by.normalize()] == 1 and not printed[base.normalize()]


def _is_lone_count(mutation: Mutation) -> bool:
    """Whether a number of things is stated once, and nothing beside it is listed that could be counted."""
    sentence = re.sub(r"^[一二三四五六七八九十]+、", "", _sentence(mutation))
    noun = re.search(re.escape(mutation.before) + r"([个辆台家人套项批间])", sentence)
    if noun is None or re.search("、|即|其中|分别|列示|项目", sentence):
        return False
    texts = [block.text for block in _faultless(mutation.sample).blocks if isinstance(block, Paragraph | Heading)]
    return sum(text.count(noun[0]) for text in texts) == 1


def _sentence(mutation: Mutation) -> str:
    block = _faultless(mutation.sample).blocks[mutation.block_no]
    text = block.text if isinstance(block, Paragraph | Heading) else ""
    return next((part for part in re.split("[。；]", text) if mutation.where[:12].strip() in part + "。"), text)


def _stands_alone(mutation: Mutation) -> bool:
    before = _value(mutation.before)
    if before is None or mutation.kind in ("code_digit", "score"):
        return False
    if not before or printed_values(mutation.sample)[abs(before).normalize()] > 1:
        return False  # a zero is compared with blanks, and what is printed twice can be compared
    broken, _ = check_identities(
        list_cells(mutation.apply(_faultless(mutation.sample)), {}), read_facts(mutation.sample).text("form")
    )
    return not broken


@cache
def _faultless(sample: str) -> Filing:
    return build_filing(sample, faultless=True)


@cache
def printed_values(sample: str) -> Counter[Decimal]:
    """How often each value is printed in tables and text, amounts in yuan and 万元 counted as both."""
    values: Counter[Decimal] = Counter()
    for block in _faultless(sample).blocks:
        if isinstance(block, Table):
            numbers = [abs(cell.figure.value) for cell in block.cells if cell.figure]
        elif isinstance(block, Paragraph | Heading):
            numbers = [Decimal(text.replace(",", "")) for text in _NUMBER.findall(block.text)]
        else:
            continue
        for number in numbers:
            for scaled in {number.normalize(), (number * 10_000).normalize(), (number / 10_000).normalize()}:
                values[scaled] += 1
    return values


def _value(text: str) -> Decimal | None:
    body = text.rstrip("%").replace(",", "")
    return Decimal(body).normalize() if re.fullmatch(r"-?\d+(?:\.\d+)?", body) else None
