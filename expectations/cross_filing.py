"""Do the filings of one body, and of a department and its units, agree (跨年度、跨级次公开文件)?

Filings are brought together by body, year, kind and scope, never by value, and only in the version that stands. Every
rule here is a warning: what it compares may have been adjusted between two publications, and its finding says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.instances import Instance, Place, Query
from expectations.rule import Verdict
from expectations.text.paragraphs import FilingText, read_texts
from expectations.working_tables import load_words

_OWN_TOTAL = ("total", "budget", "final")
"""The column of an amount itself, as forms name it."""

_SHARED = {
    "general_budget_expenditure": ("total", "basic", "project"),
    "government_fund": ("total",),
    "three_public": (
        "three_public_total", "overseas_travel", "vehicle_total", "vehicle_purchase", "vehicle_operation", "official_reception",
    ),
}  # fmt: skip
"""What a department's units have no more of than the department: appropriations, which do not pass from one to another."""

MOST_CHANGES = 12
"""How many differences of two versions are written out; all of them stand in `version_changes`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A printed amount and what it is about."""

    statement_type: str
    measure: str
    code: str | None
    item: str | None
    unit_name: str | None
    amount: Decimal
    half: Decimal
    words: str
    place: Place

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Statement, column and code; the columns of an amount itself count as one."""
        measure = "total" if self.measure in _OWN_TOTAL else self.measure
        return self.statement_type, measure, self.code


@dataclass(frozen=True, slots=True)
class Pair:
    """A filing of the batch and the one that it is compared with."""

    filing_id: str
    other_id: str
    other_name: str


def _pairs(query: Query, condition: str) -> list[Pair]:
    rows = query(
        "SELECT f.filing_id, any_value(e.filing_id), any_value(e.file_name) FROM filings AS f "
        "SEMI JOIN w_filings AS w ON w.filing_id = f.filing_id JOIN filings AS e ON e.issuer = f.issuer "
        "AND e.scope IS NOT DISTINCT FROM f.scope AND e.superseded_by IS NULL AND e.joined_into IS NULL "
        f"WHERE f.superseded_by IS NULL AND {condition} GROUP BY f.filing_id HAVING count(*) = 1 ORDER BY 1"
    )
    return [Pair(*row) for row in rows]


_STATED = "l.statement_type IN ('general_budget_expenditure', 'government_fund', 'state_capital', 'three_public')"
"""The statements that texts and final accounts restate code by code."""

_BUDGET_OF = "f.report_type = 'final_accounts' AND e.report_type = 'budget' AND e.fiscal_year = f.fiscal_year"
_EARLIER = "e.report_type = f.report_type AND e.fiscal_year = f.fiscal_year - 1"


def _numbers(query: Query, filing_ids: Iterable[str], condition: str = "true") -> dict[str, list[Number]]:
    """The amounts of filings about their own year, filing by filing."""
    wanted = ", ".join(f"'{one}'" for one in sorted(set(filing_ids)))
    found: dict[str, list[Number]] = defaultdict(list)
    if not wanted:
        return found
    words = load_words()
    for (
        filing_id,
        kind,
        title,
        measure,
        code,
        item,
        name,
        unit,
        amount,
        half,
        text,
        value_unit,
        *place,
        line_item_id,
    ) in query(
        "SELECT l.filing_id, l.statement_type, s.title, l.measure, coalesce(l.code, l.code_inferred), "
        "l.item, l.name, l.unit_name, l.amount_yuan, l.half_place_yuan, l.value_text, l.value_unit, l.page, l.bbox, l.locator, "
        "l.line_item_id FROM line_items AS l JOIN statements AS s ON s.statement_id = l.statement_id "
        f"JOIN filings AS f ON f.filing_id = l.filing_id WHERE l.filing_id IN ({wanted}) AND l.amount_yuan IS NOT NULL "
        f"AND l.measure IS NOT NULL AND coalesce(l.fiscal_year, f.fiscal_year) = f.fiscal_year AND ({condition}) ORDER BY l.line_item_id"
    ):
        column = words.get(f"measure:{measure}", measure)
        label = " ".join(
            part for part in (f"《{title}》", code, name, column, f"{text}{_UNITS.get(value_unit, '')}") if part
        )
        where = Place(text, place[0], place[1], place[2], line_item_id)
        found[filing_id].append(Number(kind, measure, code, item, unit, amount, half, label, where))
    return found


_UNITS = {"yuan": "元", "qian_yuan": "千元", "wan_yuan": "万元", "million_yuan": "百万元", "yi_yuan": "亿元"}


def _alone(numbers: Iterable[Number]) -> dict[tuple[str, str, str | None], Number]:
    """Numbers by their key, where a filing prints one only (a total row counts as the number without a code)."""
    by_key: dict[tuple[str, str, str | None], list[Number]] = defaultdict(list)
    for one in numbers:
        is_row = one.code is not None or one.item == "total" or one.statement_type == "three_public"
        if is_row and one.unit_name is None:
            by_key[one.key].append(one)
    return {key: same[0] for key, same in by_key.items() if len({one.amount for one in same}) == 1}


def _compare(
    filing_id: str,
    own: Number,
    others: Sequence[Number],
    told_by: str,
    doubt: tuple[str, str],
    *,
    at_least: bool = False,
) -> Instance:
    """One number against another, or against a sum of others that it must at least be."""
    total = sum((one.amount for one in others), Decimal(0))
    apart = own.amount - total
    allowance = own.half + sum((one.half for one in others), Decimal(0))
    verdict: Verdict = (
        "exact" if apart == 0 or (at_least and apart > 0) else "rounding" if abs(apart) <= allowance else "violated"
    )
    listed = " + ".join(one.words for one in others)
    wrong = verdict == "violated"
    sign = "<" if at_least else "≠"
    identity = f"{own.words} {sign} {told_by}{listed}" + (f" = {total:,.2f} 元" if len(others) > 1 else "")
    return Instance(
        filing_id=filing_id,
        place=f"{own.place.line_item_id or own.item}|{'|'.join(str(one.place.line_item_id) for one in others)}",
        subject=own.words,
        verdict=verdict,
        quote=own.place.text,
        page=own.place.page,
        bbox=own.place.bbox,
        locator=own.place.locator,
        detail=f"{identity}，相差 {abs(apart):,.2f} 元" if wrong else None,
        detail_en=f"{identity}; off by {abs(apart):,.2f} yuan" if wrong else None,
        doubt=doubt[0] if wrong else None,
        doubt_en=doubt[1] if wrong else None,
        related=tuple(one.place for one in others),
    )


def _not_printed(pair: Pair, own: Number) -> Instance:
    """What the other filing does not print once and only once cannot be held against it."""
    place = own.place
    reason = "not_printed_once_in_the_other_filing"
    where = (place.text, place.page, place.bbox, place.locator)
    return Instance(
        pair.filing_id, f"{place.line_item_id or own.item}|none", own.words, "not_evaluable", reason, *where
    )


def _claimed(query: Query, condition: str) -> dict[str, list[Number]]:
    """Amounts that the narrative states, as numbers of the statement that they restate."""
    found: dict[str, list[Number]] = defaultdict(list)
    for filing_id, kind, measure, code, amount, half, subject, text, quote, page, bbox, locator, claim in query(
        "SELECT c.filing_id, c.statement_type, c.measure, c.code, c.amount_yuan, c.half_place_yuan, coalesce(c.subject, ''), "
        "c.value_text, c.quote, c.page, c.bbox, l.locator, c.document_id || ':' || c.claim_no "
        "FROM claims AS c JOIN filings AS f ON f.filing_id = c.filing_id SEMI JOIN w_filings AS w ON w.filing_id = c.filing_id "
        "LEFT JOIN text_lines AS l ON l.document_id = c.document_id AND l.line_no = c.line_no "
        "WHERE c.role = 'level' AND c.amount_yuan IS NOT NULL AND c.statement_type IS NOT NULL AND c.measure IS NOT NULL "
        f"AND (c.code IS NOT NULL OR c.statement_type = 'three_public') AND ({condition}) ORDER BY c.filing_id, c.document_id, c.claim_no"
    ):
        base = measure.removesuffix("_budget")
        place = Place(quote, page, bbox, locator)
        words = f"文中“{code or ''}{subject[-30:]}” {text}"
        found[filing_id].append(Number(kind, base, code, claim, None, amount, half, words, place))
    return found


_ADJUSTED = (
    "年初预算在两次公开之间可能经批复调整，或两份文件口径不同（部门、本级）",
    "the budget may have been adjusted between the two publications, or the filings may differ in scope",
)


def check_budget_of_accounts(query: Query) -> Iterator[Instance]:
    """The initial budget that final accounts print is the one that the budget filing of that year published."""
    pairs = _pairs(query, _BUDGET_OF)
    budgets = _numbers(query, [pair.other_id for pair in pairs], _STATED)
    accounts = _numbers(query, [pair.filing_id for pair in pairs], "ends_with(l.measure, '_budget')")
    claims = _claimed(query, "c.stage = 'initial_budget'")
    for pair in pairs:
        published = _alone(budgets[pair.other_id])
        for one in (*accounts[pair.filing_id], *claims.get(pair.filing_id, ())):
            kind, measure, code = one.key
            other = published.get((kind, measure.removesuffix("_budget"), code))
            yield (
                _compare(pair.filing_id, one, [other], f"年初公开的 {pair.other_name} ", _ADJUSTED)
                if other is not None
                else _not_printed(pair, one)
            )


def check_prior_budget_in_text(query: Query) -> Iterator[Instance]:
    """The budget of the year before, as the text states it, is the one that the body published then."""
    pairs = _pairs(query, _EARLIER + " AND f.report_type = 'budget'")
    earlier = _numbers(query, [pair.other_id for pair in pairs], _STATED)
    claims = _claimed(query, "c.stage IN ('budget', 'initial_budget') AND c.fiscal_year = f.fiscal_year - 1")
    for pair in pairs:
        published = _alone(earlier[pair.other_id])
        for one in claims.get(pair.filing_id, ()):
            other = published.get(one.key)
            yield (
                _compare(pair.filing_id, one, [other], f"上年公开的 {pair.other_name} ", _ADJUSTED)
                if other is not None
                else _not_printed(pair, one)
            )


_RESTATED = (
    "年初结转可能因上年决算批复、会计差错更正而调整",
    "what is carried in may have been restated after the accounts of the year before were approved",
)


def check_carry_over(query: Query) -> Iterator[Instance]:
    """What final accounts carry over at the end of a year is what the next ones begin with."""
    pairs = _pairs(query, _EARLIER + " AND f.report_type = 'final_accounts'")
    ends = _numbers(
        query, [pair.other_id for pair in pairs], "l.item = 'carry_over_out' OR l.measure = 'carry_over_out'"
    )
    begins = _numbers(
        query, [pair.filing_id for pair in pairs], "l.item = 'carry_over_in' OR l.measure = 'carry_over_in'"
    )
    for pair in pairs:
        closed = {_carried(one): one for one in reversed(ends[pair.other_id]) if _carried(one)}
        for one in begins[pair.filing_id]:
            if (other := closed.get(_carried(one))) is not None:
                yield _compare(pair.filing_id, one, [other], f"上年决算 {pair.other_name} ", _RESTATED)


def _carried(one: Number) -> tuple[str, str | None] | None:
    """A row of a summary, or a column of a statement of a fund, row by row; None for a column of one fund beside others."""
    if one.measure in ("carry_over_in", "carry_over_out"):
        return (one.statement_type, one.code) if one.code or one.item == "total" else None
    return (one.statement_type, "row") if one.measure in _OWN_TOTAL else None


_BELONGING = (
    "所属关系按部门文件中写明的单位名称判断",
    "that the units belong to the department is told from their names in its filing",
)


def check_units(query: Query) -> Iterator[Instance]:
    """The units of a department together have no more of its appropriations than the department has."""
    for department, units, numbers in _departments(query):
        own = _alone(numbers[department.filing_id])
        others = [(name, _alone(numbers[unit_id])) for unit_id, name in units]
        for kind, measures in _SHARED.items():
            for measure in measures:
                whole = own.get((kind, measure, None))
                parts = [found[kind, measure, None] for _, found in others if (kind, measure, None) in found]
                if whole is not None and parts:
                    names = "、".join(name for name, found in others if (kind, measure, None) in found)
                    yield _compare(
                        department.filing_id, whole, parts, f"所属单位（{names}）", _BELONGING, at_least=True
                    )


def check_unit_rows(query: Query) -> Iterator[Instance]:
    """What a department's statement prints for a unit is what the unit's own filing prints as its total."""
    for department, units, numbers in _departments(query):
        for unit_id, name in units:
            own = _alone(numbers[unit_id])
            for row in numbers[department.filing_id]:
                of_unit = (
                    row.unit_name == name and row.code is None and row.statement_type in ("revenue", "expenditure")
                )
                other = own.get((row.statement_type, row.key[1], None)) if of_unit else None
                if other is not None:
                    yield _compare(department.filing_id, row, [other], f"{name}的文件", _BELONGING)


def _departments(
    query: Query,
) -> Iterator[tuple[FilingText, list[tuple[str, str]], Mapping[str, list[Number]]]]:
    """Each department with the filings of its units: those that its tables name, or of its region those that its text names."""
    near: dict[tuple[Any, ...], list[tuple[str, str]]] = defaultdict(list)
    named: dict[tuple[Any, ...], list[tuple[str, str]]] = defaultdict(list)
    groups: dict[str, tuple[Any, ...]] = {}
    for filing_id, issuer, scope, year, report, region in query(
        "SELECT filing_id, issuer, scope, fiscal_year, report_type, region FROM filings "
        "WHERE superseded_by IS NULL AND joined_into IS NULL AND issuer IS NOT NULL ORDER BY 1"
    ):
        groups[filing_id] = year, report, region
        if scope == "unit":
            near[year, report, region].append((filing_id, issuer))
            named[year, report, issuer].append((filing_id, issuer))
    printed: dict[str, set[str]] = defaultdict(set)
    for filing_id, name in query(
        "SELECT DISTINCT l.filing_id, l.unit_name FROM line_items AS l SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id "
        "WHERE l.unit_name IS NOT NULL"
    ):
        printed[filing_id].add(name)
    departments: list[tuple[FilingText, list[tuple[str, str]]]] = []
    for filing in read_texts(query):
        if filing.scope != "department" or filing.filing_id not in groups:
            continue
        year, report, region = groups[filing.filing_id]
        names = {*printed[filing.filing_id], filing.issuer}
        units = [
            unit for name in sorted(name for name in names if name) for unit in named.get((year, report, name), ())
        ]
        units += [unit for unit in near[year, report, region] if unit[1] not in names and unit[1] in filing.plain]
        if units and len({name for _, name in units}) == len(units):
            departments.append((filing, units))
    wanted = {one for filing, units in departments for one in (filing.filing_id, *(unit_id for unit_id, _ in units))}
    numbers = _numbers(query, wanted, "l.code IS NULL")
    for filing, units in departments:
        yield filing, units, numbers


def check_versions(query: Query) -> Iterator[Instance]:
    """A filing that was issued anew prints the numbers of the version that it replaces; the differences are listed."""
    changes: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for filing_id, earlier, file_name, *change in query(
        "SELECT v.filing_id, v.previous_filing_id, e.file_name, v.statement_type, v.code, v.name, v.column_label, "
        "v.value_text_before, v.value_text_after, v.page_after FROM version_changes AS v "
        "SEMI JOIN w_filings AS w ON w.filing_id = v.filing_id JOIN filings AS e ON e.filing_id = v.previous_filing_id "
        "ORDER BY v.filing_id, v.change_no"
    ):
        changes[filing_id, earlier].append((file_name, *change))
    words = load_words()
    for filing_id, earlier in query(
        "SELECT e.superseded_by, e.filing_id FROM filings AS e SEMI JOIN w_filings AS w ON w.filing_id = e.superseded_by ORDER BY 1, 2"
    ):
        found = changes.get((filing_id, earlier), [])
        listed = [
            " ".join(
                str(one)
                for one in (
                    words.get(f"statement:{kind}", kind),
                    code,
                    name,
                    label,
                    f"{before or '无'}→{after or '无'}",
                )
                if one
            )
            for _, kind, code, name, label, before, after, _ in found[:MOST_CHANGES]
        ]
        more = f"等 {len(found)} 处" if len(found) > MOST_CHANGES else ""
        yield Instance(
            filing_id=filing_id,
            place=f"version|{earlier}",
            subject=f"与前版 {found[0][0] if found else earlier} 比较",
            verdict="violated" if found else "exact",
            page=found[0][-1] if found else None,
            quote=found[0][-2] if found else None,
            detail=f"与前版不同 {len(found)} 处：{'；'.join(listed)}{more}" if found else None,
            detail_en=f"{len(found)} numbers differ from the version before: {'; '.join(listed)}" if found else None,
            related=tuple(Place(str(after or before), page) for *_, before, after, page in found[1:MOST_CHANGES]),
        )
