"""Does every code stand beneath its parent, where a statement prints the parents (类、款、项齐全)?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from expectations.instances import Instance, Place, Query

_CODES = (
    "SELECT DISTINCT l.filing_id, l.statement_id, coalesce(s.title, l.statement_type), coalesce(l.side, ''), l.code, l.name, "
    "first(l.page ORDER BY l.column_no), first(coalesce(l.label_bbox, l.bbox) ORDER BY l.column_no), "
    "first(coalesce(l.label_locator, l.locator) ORDER BY l.column_no), first(l.line_item_id ORDER BY l.column_no) "
    "FROM line_items AS l JOIN statements AS s ON s.statement_id = l.statement_id "
    "SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id "
    "WHERE regexp_full_match(l.code, '[235][0-9]{2}([0-9]{2}([0-9]{2})?)?') AND (l.unit_name IS NULL OR l.name IS DISTINCT FROM l.unit_name) "
    "GROUP BY ALL ORDER BY 1, 2, 4, 5, 6"
)


def check_code_parents(query: Query) -> Iterator[Instance]:
    """A 款 stands beneath its 类 and an 项 beneath its 款, in statements that print these levels."""
    statements: dict[tuple[str, str, str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for filing_id, statement_id, title, side, *row in query(_CODES):
        statements[filing_id, statement_id, title, side].append(tuple(row))
    for (filing_id, statement_id, title, side), rows in statements.items():
        printed = {code for code, *_ in rows}
        for digits, level, above in ((5, "款", "类"), (7, "项", "款")):
            children = [row for row in rows if len(row[0]) == digits]
            orphans = [row for row in children if row[0][:-2] not in printed]
            if not any(len(code) == digits - 2 for code in printed):
                continue  # this statement does not print the level above
            causes: dict[str, str] = {}
            for code, name, page, bbox, locator, line_item_id in children:
                missing = code[:-2] not in printed
                place = f"{statement_id}|{side}|{code}|{name}"
                yield Instance(
                    filing_id=filing_id,
                    place=place,
                    subject=f"{title} {code} {name or ''}".strip(),
                    verdict="violated" if missing else "exact",
                    quote=f"{code} {name or ''}".strip(),
                    page=page,
                    bbox=bbox,
                    locator=locator,
                    detail=f"本表没有它的{above} {code[:-2]}，其他{level}都有" if missing else None,
                    detail_en=f"its parent {code[:-2]} is not printed, those of the others are" if missing else None,
                    cause=causes.setdefault(code[:-2], place) if missing else None,
                    related=tuple(
                        Place(f"{other} {label}", *at) for other, label, *at in orphans if missing and other != code
                    ),
                    line_item_id=line_item_id,
                )
