"""Do the filings of one body agree from year to year, from budget to accounts and from version to version?

Every rule here is a warning: what it compares may have been adjusted between two publications, and its finding says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.cross_numbers import (
    OWN_TOTAL,
    Comparison,
    Key,
    Number,
    Pair,
    alone,
    compare_each,
    find_pairs,
    read_numbers,
)
from expectations.instances import Instance, Place, Query
from expectations.working_tables import load_words, quote_list, rows_of_values

MOST_CHANGES = 12
"""How many differences of two versions are written out; all of them stand in `version_changes`."""


_STATED = "l.statement_type IN ('general_budget_expenditure', 'government_fund', 'state_capital', 'three_public')"
"""The statements that texts and final accounts restate code by code."""

_BUDGET_OF = "f.report_type = 'final_accounts' AND e.report_type = 'budget' AND e.fiscal_year = f.fiscal_year"
_EARLIER = "e.report_type = f.report_type AND e.fiscal_year = f.fiscal_year - 1"


_RESTATED_BUDGET = (
    "上年预算公开之后可能经批复调整，或两份文件口径不同",
    "the budget of the year before may have been adjusted since it was published, or the filings may differ in scope",
)


def check_prior_year(query: Query) -> Iterator[Instance]:
    """What a statement prints of the year before is what the body published then, in the same place of the same statement."""
    pairs = find_pairs(query, _EARLIER + " AND f.report_type = 'budget'")
    later = read_numbers(query, [pair.filing_id for pair in pairs], years_before=1)
    columns = {(one.statement_type, one.measure) for numbers in later.values() for one in numbers}
    restated = f"(l.statement_type, l.measure) IN (VALUES {rows_of_values(sorted(columns))})" if columns else "false"
    earlier = read_numbers(query, [pair.other_id for pair in pairs], restated)
    for pair in pairs:
        published: dict[tuple[str, ...], list[Number]] = defaultdict(list)
        for one in earlier[pair.other_id]:
            published[_cell(one)].append(one)
        told_by = f"上年公开的 {pair.other_name} "
        again = [Comparison(one, published.get(_cell(one), ()), told_by) for one in later[pair.filing_id]]
        yield from compare_each(pair.filing_id, [one for one in again if len(one.others) == 1], _RESTATED_BUDGET)


def _cell(one: Number) -> tuple[str, ...]:
    """Row and column of a statement; a row of the 三公 table about one year is another item in the year after."""
    item = "" if one.statement_type == "three_public" else one.item or ""
    return one.statement_type, one.side, one.measure, one.code or "", item, one.unit_key


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
    pairs = find_pairs(query, _BUDGET_OF)
    budgets = read_numbers(query, [pair.other_id for pair in pairs], _STATED)
    accounts = read_numbers(query, [pair.filing_id for pair in pairs], "ends_with(l.measure, '_budget')")
    claims = _claimed(query, "c.stage = 'initial_budget'")
    for pair in pairs:
        stated = [*accounts[pair.filing_id], *claims.get(pair.filing_id, ())]
        yield from _restate(pair, stated, alone(budgets[pair.other_id]), f"年初公开的 {pair.other_name} ")


def _restate(
    pair: Pair, numbers: Sequence[Number], published: Mapping[Key, Number], told_by: str
) -> Iterator[Instance]:
    """Numbers of a filing against those that another published; one that it does not print once and only once cannot be held against it."""
    found: list[Comparison] = []
    for one in numbers:
        kind, measure, code = one.key
        if (other := published.get((kind, measure.removesuffix("_budget"), code))) is not None:
            found.append(Comparison(one, [other], told_by))
        else:
            yield _not_printed(pair, one)
    yield from compare_each(pair.filing_id, found, _ADJUSTED)


def check_prior_budget_in_text(query: Query) -> Iterator[Instance]:
    """The budget of the year before, as the text states it, is the one that the body published then."""
    pairs = find_pairs(query, _EARLIER + " AND f.report_type = 'budget'")
    earlier = read_numbers(query, [pair.other_id for pair in pairs], _STATED)
    claims = _claimed(query, "c.stage IN ('budget', 'initial_budget') AND c.fiscal_year = f.fiscal_year - 1")
    for pair in pairs:
        told_by = f"上年公开的 {pair.other_name} "
        yield from _restate(pair, claims.get(pair.filing_id, ()), alone(earlier[pair.other_id]), told_by)


_RESTATED = (
    "年初结转可能因上年决算批复、会计差错更正而调整",
    "what is carried in may have been restated after the accounts of the year before were approved",
)


def check_carry_over(query: Query) -> Iterator[Instance]:
    """What final accounts carry over at the end of a year is what the next ones begin with."""
    pairs = find_pairs(query, _EARLIER + " AND f.report_type = 'final_accounts'")
    ends = read_numbers(query, [pair.other_id for pair in pairs], _are(_CLOSING))
    begins = read_numbers(query, [pair.filing_id for pair in pairs], _are(_OPENING))
    for pair in pairs:
        closed = {_carried(one): one for one in reversed(ends[pair.other_id]) if _carried(one)}
        told_by = f"上年决算 {pair.other_name} "
        found = [
            Comparison(one, [closed[key]], told_by)
            for one in begins[pair.filing_id]
            if (key := _carried(one)) in closed
        ]
        yield from compare_each(pair.filing_id, found, _RESTATED)


_OPENING = ("carry_over_in", "opening_balance")
_CLOSING = ("carry_over_out", "closing_balance")
"""What a year begins with and what it leaves: rows of a summary, and columns of the statement of a fund."""


def _are(words: Sequence[str]) -> str:
    return f"l.item IN ({quote_list(words)}) OR l.measure IN ({quote_list(words)})"


def _carried(one: Number) -> tuple[str, str | None] | None:
    """A row of a summary, or a column of a statement of a fund, row by row; None for a column of one fund beside others."""
    if one.measure in (*_OPENING, *_CLOSING):
        return (one.statement_type, one.code) if one.code or one.item == "total" else None
    return (one.statement_type, "row") if one.measure in OWN_TOTAL else None


def check_versions(query: Query) -> Iterator[Instance]:
    """A filing that was issued anew prints the numbers of the version that it replaces; the differences are listed."""
    changes: dict[tuple[str, str], list[_Change]] = defaultdict(list)
    for filing_id, earlier, *change in query(_CHANGES):
        changes[filing_id, earlier].append(_Change(*change))
    for filing_id, earlier, file_name in query(
        "SELECT e.superseded_by, e.filing_id, e.file_name FROM filings AS e "
        "SEMI JOIN w_filings AS w ON w.filing_id = e.superseded_by ORDER BY 1, 2"
    ):
        found = changes.get((filing_id, earlier), [])
        listed = "；".join(one.words for one in found[:MOST_CHANGES])
        more = f"等 {len(found)} 处" if len(found) > MOST_CHANGES else ""
        first = found[0].place if found else Place("")
        yield Instance(
            filing_id=filing_id,
            place=f"version|{earlier}",
            subject=f"与前版 {file_name} 比较",
            verdict="violated" if found else "exact",
            page=first.page,
            bbox=first.bbox,
            locator=first.locator,
            quote=first.text or None,
            line_item_id=first.line_item_id,
            detail=f"与前版不同 {len(found)} 处：{listed}{more}" if found else None,
            detail_en=f"{len(found)} numbers differ from the version before: {listed}" if found else None,
            related=tuple(one.place for one in found[1:MOST_CHANGES]),
        )


_CHANGES = """
SELECT v.filing_id, v.previous_filing_id, v.statement_type, v.code, v.name, v.column_label, v.value_text_before, v.value_text_after,
       s.title, coalesce(l.page, s.page), CASE WHEN l.line_item_id IS NULL THEN s.bbox ELSE l.bbox END, coalesce(l.locator, s.locator),
       l.line_item_id
FROM version_changes AS v SEMI JOIN w_filings AS w ON w.filing_id = v.filing_id
LEFT JOIN (
    SELECT l.filing_id, l.statement_type, l.code, l.name, l.column_label, l.value_text, l.page AS printed_on, min(l.line_item_id) AS line_item_id,
           arg_min(l.page, l.line_item_id) AS page, arg_min(l.bbox, l.line_item_id) AS bbox, arg_min(l.locator, l.line_item_id) AS locator
    FROM line_items AS l SEMI JOIN version_changes AS v ON v.filing_id = l.filing_id GROUP BY ALL
) AS l ON l.filing_id = v.filing_id AND l.statement_type = v.statement_type AND l.code IS NOT DISTINCT FROM v.code
    AND l.name IS NOT DISTINCT FROM v.name AND l.column_label = v.column_label AND l.value_text = v.value_text_after
    AND l.printed_on IS NOT DISTINCT FROM v.page_after
LEFT JOIN (
    SELECT filing_id, statement_type, arg_min(title, statement_no) AS title, arg_min(title_page, statement_no) AS page,
           arg_min(title_bbox, statement_no) AS bbox, arg_min(locator, statement_no) AS locator
    FROM statements WHERE title IS NOT NULL GROUP BY ALL
) AS s ON s.filing_id = v.filing_id AND s.statement_type = v.statement_type
ORDER BY v.filing_id, v.change_no
"""
"""What differs, with the place where it is printed now, or else that of its statement's title."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One number that the later version prints otherwise."""

    statement_type: str
    code: str | None
    name: str | None
    column: str
    before: str | None
    after: str | None
    title: str | None
    page: int | None
    bbox: Sequence[float] | None
    locator: str | None
    line_item_id: str | None

    @property
    def words(self) -> str:
        """The change in words."""
        kind = load_words().get(f"statement:{self.statement_type}", self.statement_type)
        texts = (kind, self.code, self.name, self.column, f"{self.before or '无'}→{self.after or '无'}")
        return " ".join(text for text in texts if text)

    @property
    def place(self) -> Place:
        """The number as it is printed now, or the title of the statement that lacks it."""
        text = self.after if self.line_item_id else self.title
        return Place(text or "", self.page, self.bbox, self.locator, self.line_item_id)
