"""Does the text explain every item as it explains the others, and do its reasons fit the tables (逐项说明、原因)?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.instances import Instance, Place, Query
from expectations.text.code_names import name_key
from expectations.text.paragraphs import read_texts

_ITEM_DIGITS = 7
"""A 项 of the function classification has seven digits, its 款 the first five of them."""
FEWEST = 8
"""From how many explained items on a text counts as one that explains item by item; fewer may be the large ones only."""
MOST_OF = 4
"""Only where not more than one in this many items is left unexplained is that an omission and not the text's manner."""

_PROTECTED = re.compile(
    r"(?:保障|保证|确保|满足)了?(?P<names>[^，。；：（(“”]{4,60}?)等(?:必要|重点|刚性|基本|正常|各项)*(?:支出|经费|资金|开支|投入)"
)
_AND = re.compile(r"[、和及与]")


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    amount: Decimal
    place: Place


def _rows(query: Query, condition: str) -> dict[str, list[_Row]]:
    rows: dict[str, list[_Row]] = defaultdict(list)
    for filing_id, code, name, amount, text, page, bbox, locator, line_item_id in query(
        "SELECT l.filing_id, l.code, l.name, l.value, l.value_text, l.page, l.bbox, l.locator, l.line_item_id FROM line_items AS l "
        "SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id WHERE l.statement_type = 'general_budget_expenditure' "
        f"AND l.code IS NOT NULL AND l.name IS NOT NULL AND coalesce(l.unit_code, l.unit_name) IS NULL AND {condition} "
        "ORDER BY l.filing_id, l.line_item_id"
    ):
        rows[filing_id].append(_Row(code, name, amount, Place(text, page, bbox, locator, line_item_id)))
    return rows


def check_items_explained(query: Query) -> Iterator[Instance]:
    """Where the text explains the items of the general budget one by one, it does so for every section that it names.

    A single item that is not found may be named wrongly; that is for the rules of names.
    """
    rows = _rows(
        query, f"l.measure IN ('total', 'budget', 'final') AND length(l.code) = {_ITEM_DIGITS} AND l.value <> 0"
    )
    stated: dict[str, dict[str, Place]] = defaultdict(dict)
    for filing_id, code, text, page, bbox, locator in query(
        "SELECT c.filing_id, c.code, c.quote, c.page, c.bbox, t.locator FROM claims AS c "
        "SEMI JOIN w_filings AS f ON f.filing_id = c.filing_id "
        "LEFT JOIN text_lines AS t ON t.document_id = c.document_id AND t.line_no = c.line_no "
        "WHERE c.code IS NOT NULL AND c.role = 'level' ORDER BY c.filing_id, c.document_id, c.claim_no"
    ):
        stated[filing_id].setdefault(code, Place(text, page, bbox, locator))
    for filing in read_texts(query):
        items = {row.code: row for row in rows.get(filing.filing_id, ())}
        known = stated[filing.filing_id]
        explained = [code for code in items if code in known]
        told = {code[:5] for code in explained}
        left_out = [code for code in items if code[:5] in known and code[:5] not in told]
        sections = sorted({code[:5] for code in items})
        if len(explained) < FEWEST or len(left_out) * MOST_OF > len(items):
            continue
        for section in sections:
            missing = [items[code] for code in left_out if code.startswith(section)]
            if len(missing) == 1:
                continue  # a section of one item is often explained as that item
            first = next(items[code] for code in items if code.startswith(section))
            place = known.get(section, missing[0].place if missing else first.place)
            names = "、".join(f"{one.code} {one.name} {one.place.text}" for one in missing)
            yield Instance(
                filing_id=filing.filing_id,
                place=f"explained|{section}",
                subject=f"{section} 各项",
                verdict="violated" if missing else "exact",
                quote=place.text,
                page=place.page,
                bbox=place.bbox,
                locator=place.locator,
                detail=f"其他 {len(explained)} 项都有说明，没有说明的是：{names}" if missing else None,
                detail_en=f"{len(explained)} other items are explained, these are not: {names}" if missing else None,
                related=tuple(one.place for one in missing),
            )


def check_protected(query: Query) -> Iterator[Instance]:
    """What the text says was provided for (保障了……等支出) did not fall in the table."""
    changes = _rows(query, "l.measure = 'change_amount'")
    for filing in read_texts(query):
        by_name: dict[str, list[_Row]] = defaultdict(list)
        for row in changes.get(filing.filing_id, ()):
            by_name[name_key(row.name)].append(row)
        for paragraph in filing.body if by_name else ():
            for match in _PROTECTED.finditer(paragraph.text):
                named = [by_name[key] for name in _AND.split(match["names"]) if (key := name_key(name)) in by_name]
                known = [rows[0] for rows in named if len(rows) == 1]
                if not known:
                    continue
                fell = [row for row in known if row.amount < 0]
                yield filing.at(
                    paragraph,
                    *match.span(),
                    "violated" if fell else "exact",
                    f"表内增减额：{_list(fell)}" if fell else None,
                    detail_en=f"their changes in the table are: {_list(fell)}" if fell else None,
                    related=tuple(row.place for row in fell),
                )


def _list(rows: Sequence[_Row]) -> str:
    return "、".join(f"{row.name} {row.place.text}" for row in rows)
