"""Can the indicators of performance target sheets be measured and scored (绩效指标)?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from expectations.instances import Instance, Query
from expectations.rule import Verdict

_TOTALS = (Decimal(90), Decimal(100))
"""What the scores of a sheet add up to: 100, or 90 where 10 are kept for the rate of execution (预算执行率).

Source: 财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）."""

_RATE = re.compile(r"(?:(?<![效频速])率|满意度|增幅|降幅|比例|占比|比重)(?:[（(][^）)]*[）)])?$")
_RATE_UNITS = re.compile(r"^(?:%|％|百分|‰|分|个百分点)")
_LEVEL_WORD = re.compile(r"^.{0,10}指标$")
_MONEY = re.compile(r"^(?:万|亿|千万|百万)$")
_QUANTITY = re.compile(r"^数量(?:指标)?$")
_COUNTED = re.compile(r"[\d一二三四五六七八九十百千万两双全零无各每]|N/A|不适用")
"""What makes words a quantity: a number, or all, each, none."""
_ORDINALS = re.compile(r"^\d{1,3}(?:\.\d+)?$")
FEWEST = 5
"""From how many indicators on two sheets with the same ones count as one copied from the other: the official sheet has three
kinds of output, an effect and a satisfaction, and small projects may share all of these but not with the same targets."""


@dataclass(frozen=True, slots=True)
class _Target:
    filing_id: str
    statement_id: str
    document_id: str
    target_no: int
    project: str
    level2: str | None
    level3: str | None
    operator: str | None
    value: Decimal | None
    unit: str | None
    text: str | None
    score: Decimal | None
    page: int | None
    bbox: Any
    locator: str | None

    @property
    def is_shifted(self) -> bool:
        """Whether the document lost a merged cell, so that the row stands one column too far left or right."""
        return (
            self.level3 is None
            or _LEVEL_WORD.match(self.level3) is not None
            or _ORDINALS.match(self.level3) is not None
            or (self.score is None and self.text is not None and _ORDINALS.match(self.text) is not None)
        )

    @property
    def is_blank(self) -> bool:
        """Whether the row holds no indicator but dashes."""
        words = f"{self.level3 or ''}{self.text or ''}"
        return words == "不适用" or (not re.search(r"[一-龥A-Za-z]", words) and self.effective_score is None)

    @property
    def effective_score(self) -> Decimal | None:
        """The score, also of a row that stands one column too far left."""
        if self.score is None and self.is_shifted:
            last = self.text or self.level3 or ""
            return Decimal(last) if _ORDINALS.match(last) else None
        return self.score

    def judge(
        self, verdict: Verdict, detail: str | None = None, detail_en: str | None = None, *, reason: str | None = None
    ) -> Instance:
        quote = " | ".join(part for part in (self.level3, self.text) if part) or self.project
        return Instance(
            self.filing_id,
            f"{self.document_id}|{self.target_no}",
            f"{self.project} {self.level3 or self.text or ''}".strip(),
            verdict,
            reason,
            quote,
            self.page,
            self.bbox,
            self.locator,
            detail,
            detail_en,
        )


def _sheets(query: Query) -> dict[tuple[str, str, str], list[_Target]]:
    sheets: dict[tuple[str, str, str], list[_Target]] = defaultdict(list)
    for row in query(
        "SELECT t.filing_id, t.statement_id, coalesce(t.document_id, t.filing_id), t.target_no, coalesce(t.project, s.title, ''), "
        "t.level2, t.level3, t.operator, t.target_value, t.target_unit, t.target_text, t.score, t.page, t.bbox, t.locator "
        "FROM performance_targets AS t SEMI JOIN w_filings AS f ON f.filing_id = t.filing_id "
        "LEFT JOIN statements AS s ON s.statement_id = t.statement_id ORDER BY 1, 3, 4"
    ):
        target = _Target(*row)
        sheets[target.filing_id, target.statement_id, target.project].append(target)
    return sheets


def check_scores(query: Query) -> Iterator[Instance]:
    """The scores of a sheet add up to 100, or to 90 beside a rate of execution, and to the same on all sheets."""
    usual: dict[str, Counter[Decimal]] = defaultdict(Counter)
    judged: list[tuple[_Target, str, Decimal]] = []
    for targets in _sheets(query).values():
        scores = [one.effective_score for one in targets if not one.is_blank or one.effective_score is not None]
        if not any(scores):
            continue
        known = [score for score in scores if score is not None]
        if len(known) < len(scores):
            yield targets[0].judge("not_evaluable", reason="a_score_is_missing")
            continue
        total = sum(known, Decimal(0))
        judged.append((targets[0], f"{' + '.join(f'{score:f}' for score in known)} = {total}", total))
        usual[targets[0].filing_id][total] += 1
    for first, words, total in judged:
        totals = usual[first.filing_id]
        fault: str | None
        fault_en: str | None
        if total not in _TOTALS:
            fault, fault_en = f"分值 {words}，应为 100 或 90", f"scores {words}, not 100 or 90"
        elif totals[total] < max(totals.values()) or (total != min(totals) and len(totals) > 1):
            others = min(set(totals) - {total})
            fault = f"分值 {words}，其他绩效目标表的分值合计是 {others}"
            fault_en = f"scores {words}, those of other sheets add up to {others}"
        else:
            fault = fault_en = None
        one = first.judge("violated" if fault else "exact", fault, fault_en)
        yield replace(one, quote=f"{one.quote}；{words}") if fault else one


def check_missing_scores(query: Query) -> Iterator[Instance]:
    """Every indicator of a sheet with scores has one."""
    for targets in _sheets(query).values():
        scored = [one for one in targets if one.effective_score is not None]
        if len(scored) * 2 <= len(targets):
            continue
        for one in targets:
            if one.effective_score is not None:
                yield one.judge("exact")
            elif not one.is_blank:
                yield one.judge("violated", "没有分值", "it has no score")


def check_target_units(query: Query) -> Iterator[Instance]:
    """A rate is measured in percent, an amount in a whole unit of money."""
    for targets in _sheets(query).values():
        for one in targets:
            if one.is_shifted or one.value is None or not one.level3:
                continue
            unit = one.unit or ""
            if _RATE.search(one.level3):
                yield _judge_unit(
                    one,
                    _RATE_UNITS.match(unit) is not None,
                    f"“{one.level3}”应以百分比计量",
                    "a rate is measured in percent",
                )
            elif "成本" in one.level3 or "金额" in one.level3 or _MONEY.match(unit):
                yield _judge_unit(
                    one,
                    bool(unit) and not _MONEY.match(unit),
                    "金额缺少完整的单位（元）",
                    "the amount lacks its unit 元",
                )


def _judge_unit(one: _Target, holds: bool, detail: str, detail_en: str) -> Instance:
    return one.judge("exact") if holds else one.judge("violated", detail, detail_en)


def check_target_values(query: Query) -> Iterator[Instance]:
    """Every indicator has a target value."""
    for targets in _sheets(query).values():
        for one in targets:
            if one.text is None and one.score is None:
                yield one.judge("not_evaluable", reason="row_stands_beside_its_columns")
            elif not one.is_shifted and not one.is_blank:
                yield one.judge("exact") if one.text else one.judge("violated", "没有指标值", "it has no target")


def check_quantities(query: Query) -> Iterator[Instance]:
    """A quantity has a number, and its unit where the other numbers of the sheet have theirs."""
    for targets in _sheets(query).values():
        numbers = [one for one in targets if not one.is_shifted and one.value is not None]
        united = sum(bool(one.unit) for one in numbers) * 2 > len(numbers)
        for one in targets:
            if one.is_shifted or one.is_blank or not one.text or not _QUANTITY.match(one.level2 or ""):
                continue
            if not _COUNTED.search(one.text):
                yield one.judge("violated", "数量指标没有数值", "the quantity has no number")
            elif one.value is not None and not one.unit and united and not _COUNTED.search(one.level3 or ""):
                yield one.judge("violated", "数值没有计量单位", "the number has no unit")
            else:
                yield one.judge("exact")


def check_operators(query: Query) -> Iterator[Instance]:
    """Numbers of a sheet have their sign of comparison, if nearly all others have one."""
    for targets in _sheets(query).values():
        numbers = [one for one in targets if not one.is_shifted and one.value is not None]
        signed = sum(bool(one.operator) for one in numbers)
        if signed * 2 <= len(numbers) or signed < FEWEST:
            continue
        for one in numbers:
            holds = bool(one.operator) or one.value in (0, 100)  # none and all need no sign
            words = ("没有≥、≤等比较符，其余各项都有", "it has no sign of comparison, the others have")
            yield one.judge("exact") if holds else one.judge("violated", *words)


def check_copied_sheets(query: Query) -> Iterator[Instance]:
    """No project's sheet has the very indicators and targets of another's."""
    seen: dict[tuple[str, tuple[tuple[str | None, str | None], ...]], str] = {}
    for targets in _sheets(query).values():
        content = tuple((one.level3, one.text) for one in targets if not one.is_blank)
        if len(content) < FEWEST:
            continue
        other = seen.setdefault((targets[0].filing_id, content), targets[0].project)
        holds = other == targets[0].project
        words = (f"与“{other}”的指标完全相同", f"its indicators are those of “{other}”")
        yield targets[0].judge("exact") if holds else targets[0].judge("violated", *words)
