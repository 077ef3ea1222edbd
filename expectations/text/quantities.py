"""Do quantities that a sentence divides into parts add up: areas, persons, quarters (数量的分项与总数)?

Money that restates a table is judged as claims (`claims_sql`); here are the quantities that no table prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from expectations.instances import Instance, Query
from expectations.text.paragraphs import FilingText, Paragraph, read_texts

_NUMBER = r"\d[\d,，]*(?:\.\d+)?"
_WHOLE = re.compile(
    rf"(?P<number>{_NUMBER})(?P<unit>[^\d（）()，。；、：:%]{{1,5}})[（(]其中[:：，,]?(?P<parts>[^（）()]+)[）)]"
)
_PART = re.compile(rf"(?P<name>\D{{1,20}}?)(?P<number>{_NUMBER})(?P<unit>\D{{1,5}})")
_BETWEEN = re.compile(r"[，、；](?!\d)|,(?!\d)")
_QUARTER = re.compile(rf"第(?P<which>[一二三四])季度[^\d，。；、]{{0,12}}(?P<number>{_NUMBER})(?P<unit>万?元)")
_BUDGET = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>万?元)[，,。；;]?(?:其中)?[：:，,]?(?:用款计划)?[：:，,]?$")
_WAN_YUAN = {"元": Decimal("0.0001"), "万元": Decimal(1)}
"""Units of money in 万元."""
QUARTERS = "一二三四"
"""A plan of payments (用款计划) names every quarter of the year."""


def check_bracketed_parts(query: Query) -> Iterator[Instance]:
    """What stands in brackets after 其中 is not more than the quantity before it, and as much where it is divided in two."""
    for filing in read_texts(query):
        for paragraph in filing.body:
            for match in _WHOLE.finditer(paragraph.text):
                parts = _read_parts(match["parts"], match["unit"])
                if "元" not in match["unit"] and parts is not None:
                    yield _judge_parts(filing, paragraph, match, parts)


def _read_parts(text: str, unit: str) -> list[tuple[str, str]] | None:
    """Names and numbers of the parts, or None where any of them is not a number of the same unit."""
    parts = [_PART.fullmatch(part) for part in _BETWEEN.split(text)]
    found = [(part["name"], part["number"]) for part in parts if part is not None and part["unit"] == unit]
    return found if len(found) == len(parts) and len(found) > 1 else None


def _judge_parts(
    filing: FilingText, paragraph: Paragraph, match: re.Match[str], parts: list[tuple[str, str]]
) -> Instance:
    numbers = [_value(number) for _, number in parts]
    whole = _value(match["number"])
    apart = sum(numbers) - whole
    allowance = sum(_half_place(number) for number in (whole, *numbers))
    if apart == 0:
        return filing.at(paragraph, *match.span(), "exact")
    if abs(apart) <= allowance and any(_half_place(number) < Decimal("0.5") for number in (whole, *numbers)):
        return filing.at(paragraph, *match.span(), "rounding")
    if apart < 0 and not _is_divided_in_two([name for name, _ in parts]):
        return filing.at(paragraph, *match.span(), "not_evaluable", reason="parts_may_be_incomplete")
    unit = match["unit"]
    words = " + ".join(f"{name} {number}" for name, number in parts)
    return filing.at(
        paragraph,
        *match.span(),
        "violated",
        f"{words} = {sum(numbers)} {unit} ≠ {match['number']} {unit}，相差 {abs(apart)} {unit}",
        detail_en=f"{words} = {sum(numbers)} {unit} ≠ {match['number']} {unit}; off by {abs(apart)}",
    )


def _is_divided_in_two(names: list[str]) -> bool:
    one, *others = sorted(names, key=len)
    return len(others) == 1 and others[0] in {f"不{one}", f"非{one}", f"未{one}"}


def check_quarters(query: Query) -> Iterator[Instance]:
    """The four quarters of a plan of payments add up to the project's budget."""
    for filing in read_texts(query):
        for paragraph in filing.body:
            found = list(_QUARTER.finditer(paragraph.text))
            for start in range(0, len(found), len(QUARTERS)):
                plan = found[start : start + len(QUARTERS)]
                whole = _BUDGET.search(paragraph.text[: plan[0].start()])
                if "".join(one["which"] for one in plan) != QUARTERS or whole is None:
                    continue
                amounts, halves = zip(*(_in_wan_yuan(one) for one in (whole, *plan)), strict=True)
                apart = sum(amounts[1:]) - amounts[0]
                place = (whole.start(), plan[-1].end())
                if apart == 0:
                    yield filing.at(paragraph, *place, "exact")
                elif abs(apart) <= sum(halves):
                    yield filing.at(paragraph, *place, "rounding")
                else:
                    words = " + ".join(one["number"] + one["unit"] for one in plan)
                    identity = f"{words} = {sum(amounts[1:])} 万元 ≠ {whole['number']}{whole['unit']}"
                    detail, detail_en = f"{identity}，相差 {abs(apart)} 万元", f"{identity}; off by {abs(apart)} 万元"
                    yield filing.at(paragraph, *place, "violated", detail, detail_en=detail_en)


def _in_wan_yuan(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """An amount and half of its last printed place, both in 万元."""
    value, scale = _value(match["number"]), _WAN_YUAN[match["unit"]]
    return value * scale, _half_place(value) * scale


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", ""))


def _half_place(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1) if isinstance(exponent, int) else Decimal(0)
