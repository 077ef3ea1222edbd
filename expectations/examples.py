"""The examples of a rule as tables: a small notation for a filing that is all but its numbers left out.

One text per printed row: ``statement [key=value ...] [measure=number ...]``. Keys are those of `_ROW_KEYS`; every other
name is a measure, ``measure@-1`` one that is about the year before, ``measure=`` a column that is printed and blank.
``unread=text`` adds a cell that is no number, ``header=2024年预算数`` a header over the columns;
``of=`` names the unit that a row is about;
``statement state=declared_empty`` is a statement without rows; ``no=2`` a second statement of the type;
``#text section | the line`` a line of running text; ``#target project | indicator | target | score`` an indicator, its kind before
it where that matters (数量指标/培训次数);
``#claim role=level value=80.00 cell=1`` a number of the narrative (in 万元 unless `unit` says otherwise) that restates the
first number of the rows above; `of`, `whole` and `base` name other claims; ``#change statement | name | before | after`` a number
that differs from the version that the filing replaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from expectations.rule import Example
from expectations.working_tables import load_words
from filings.schema import load_tables

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table; a column that is not named is NULL."""

FISCAL_YEAR = 2024
"""The year of every example."""

_FILING_ID = "example000000000"
_EARLIER_FILING_ID = "example000000001"
_ROW_KEYS = frozenset(
    {
        "side",
        "code",
        "inferred",
        "level",
        "item",
        "unit",
        "of",
        "name",
        "year",
        "no",
        "state",
        "money",
        "note",
        "title",
        "row",
        "unread",
        "confidence",
        "doubt",
        "header",
    }
)
_SCALE = {"yuan": 1, "wan_yuan": 10_000}
_PAIR = re.compile(r"([A-Za-z_.@0-9-]+)=(\S*)")
_LEVELS = {3: 1, 5: 2, 7: 3}


def make_tables(example: Example) -> Tables:
    """The rows of the extraction tables that an example says.

    Args:
        example: The example of a rule.

    Returns:
        Rows of `filings`, `statements`, `statement_columns`, `line_items` and `text_lines`.

    Raises:
        ValueError: A row is not in the notation.
    """
    statements: dict[tuple[str, str], dict[str, Any]] = {}
    columns: dict[tuple[str, str, str], dict[str, Any]] = {}
    items: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for row in example.rows:
        if row.startswith("#text "):
            section, _, text = row.removeprefix("#text ").partition(" | ")
            lines.append(
                {
                    "filing_id": _FILING_ID,
                    "line_no": len(lines) + 1,
                    "section": section,
                    "text": text,
                    "page": 1,
                    "paragraph_no": len(lines) + 1,
                }
            )
            continue
        if row.startswith("#change "):
            changes.append(_change(row.removeprefix("#change "), len(changes) + 1))
            continue
        if row.startswith("#target "):
            targets.append(_target(row.removeprefix("#target ").split(" | "), len(targets) + 1))
            continue
        if row.startswith("#claim "):
            claims.append(_claim(dict(_parse_pair(pair) for pair in row.split()[1:]), len(claims) + 1, items))
            continue
        statement_type, *pairs = row.split()
        values = dict(_parse_pair(pair) for pair in pairs)
        statement = statements.setdefault(
            (statement_type, values.get("no", "1")), _statement(statement_type, values, len(statements) + 1)
        )
        statement["row_count"] += 1
        row_no = int(values.get("row", statement["row_count"]))
        if "unread" in values:
            unread.append(_unread_cell(statement, row_no, values["unread"]))
        for name, text in values.items():
            if name in _ROW_KEYS:
                continue
            measure, _, offset = name.partition("@")
            column = columns.setdefault(
                (statement["statement_id"], values.get("side", ""), values.get("header", "") + name),
                _column(statement, measure, int(offset or 0), values, len(columns) + 1),
            )
            if text:
                items.append(_line_item(statement, column, row_no, values, text, len(items) + 1))
    filing = {
        "filing_id": _FILING_ID, "sha256": "0" * 64, "source_uri": "file:example", "file_name": "example.pdf",
        "media_type": "application/pdf", "unread_pictures": 0, "fiscal_year": FISCAL_YEAR, "report_type": "budget", "scope": "department",
        "issuer": "示例局", "statement_count": len(statements), "line_item_count": len(items), "extractor_version": "0",
        "fetched_at": "2024-01-01", "loaded_at": "2024-01-01", "status": "loaded",
        **{name: (value or None) for name, value in example.filing.items()},
    }  # fmt: skip
    tables: dict[str, list[dict[str, Any]]] = {
        "filings": [filing],
        "statements": list(statements.values()),
        "statement_columns": list(columns.values()),
        "line_items": items,
        "text_lines": lines,
        "unread_cells": unread,
        "claims": claims,
        "performance_targets": targets,
        "version_changes": changes,
    }
    made = {name: [_with_document(name, row) for row in rows] for name, rows in tables.items()}
    if example.previous:
        years = 0 if "fiscal_year" in example.other else 1
        about = {**example.filing, **{key: value for key, value in example.other.items() if key != "fiscal_year"}}
        earlier = make_tables(Example(verdict=example.verdict, rows=example.previous, filing=about))
        for name, rows in earlier.items():
            made[name] += [_of_other_filing(row, years) for row in rows]
    return made


def _of_other_filing(row: Mapping[str, Any], years: int) -> dict[str, Any]:
    moved = {
        name: value.replace(_FILING_ID, _EARLIER_FILING_ID)
        if isinstance(value, str) and name != "superseded_by"
        else value
        for name, value in row.items()
    }
    return moved | ({"fiscal_year": row["fiscal_year"] - years} if row.get("fiscal_year") else {})


def _change(text: str, number: int) -> dict[str, Any]:
    statement_type, name, before, after = (cell.strip() for cell in text.split(" | "))
    return {
        "filing_id": _FILING_ID, "change_no": number, "previous_filing_id": _EARLIER_FILING_ID, "change": "changed",
        "statement_type": statement_type, "name": name, "column_label": "合计", "value_text_before": before,
        "value_text_after": after, "page_after": 1,
    }  # fmt: skip


def _with_document(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "document_id": _FILING_ID} if "document_id" in load_tables()[table].columns else row


def _parse_pair(pair: str) -> tuple[str, str]:
    match = _PAIR.fullmatch(pair)
    if match is None:
        raise ValueError(f"{pair!r} is not key=value")
    return match[1], match[2]


def _statement(statement_type: str, values: Mapping[str, str], number: int) -> dict[str, Any]:
    if f"statement:{statement_type}" not in load_words():
        raise ValueError(f"{statement_type} is not a statement type")
    return {
        "statement_id": f"{_FILING_ID}-{number:02d}", "filing_id": _FILING_ID, "statement_no": number,
        "statement_type": statement_type, "unit": None if values.get("money") == "none" else values.get("money", "wan_yuan"),
        "row_count": 0, "column_count": 1, "state": values.get("state", "filled"), "note": values.get("note"),
        "page_first": number, "title": values.get("title"),
    }  # fmt: skip


def _column(
    statement: Mapping[str, Any], measure: str, offset: int, values: Mapping[str, str], number: int
) -> dict[str, Any]:
    known = f"measure:{measure}" in load_words()
    return {
        "statement_id": statement["statement_id"], "column_no": number, "filing_id": _FILING_ID,
        "statement_type": statement["statement_type"], "side": values.get("side"), "role": "value" if known else "unknown",
        "measure": measure if known else None, "fiscal_year": FISCAL_YEAR + offset,
        "column_label": f"{values['header']}/{measure}" if "header" in values else measure,
        "page": statement["page_first"],
    }  # fmt: skip


def _line_item(
    statement: Mapping[str, Any],
    column: Mapping[str, Any],
    row_no: int,
    values: Mapping[str, str],
    text: str,
    number: int,
) -> dict[str, Any]:
    value = Decimal(text)
    percent = column["measure"] is not None and column["measure"].startswith("change_percent")
    half_place = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    unit = "percent" if percent else statement["unit"]
    scale = None if percent or unit is None else _SCALE[unit]
    code = values.get("code")
    level = values.get("level")
    return {
        "line_item_id": f"{statement['statement_id']}-{number:04d}", "filing_id": _FILING_ID,
        "statement_id": statement["statement_id"], "statement_type": statement["statement_type"], "row_no": row_no,
        "column_no": column["column_no"], "side": values.get("side"), "code": code,
        "code_inferred": values.get("inferred"), "name": values.get("name", values.get("item")),
        "row_level": int(level) if level else (0 if values.get("item") == "total" else _LEVELS.get(len(code or ""))),
        "item": values.get("item"), "unit_code": values.get("unit"), "unit_name": values.get("of"), "measure": column["measure"],
        "column_label": column["column_label"],
        "fiscal_year": int(values["year"]) if "year" in values else column["fiscal_year"], "value": value,
        "value_unit": unit, "amount_yuan": None if scale is None else value * scale, "half_place": half_place,
        "half_place_yuan": None if scale is None else half_place * scale, "value_text": text,
        "page": statement["page_first"], "bbox": [1.0, 2.0, 3.0, 4.0],
        "confidence": Decimal(values["confidence"]) if "confidence" in values else None, "doubt": values.get("doubt"),
    }  # fmt: skip


def _target(cells: Sequence[str], number: int) -> dict[str, Any]:
    project, indicator, text, score = (cell.strip() for cell in cells)
    level2, _, level3 = indicator.rpartition("/")
    match = re.match(r"([≥≤=]?)(\d+(?:\.\d+)?)(.*)", text)
    return {
        "filing_id": _FILING_ID, "document_id": _FILING_ID, "target_no": number, "statement_id": f"{_FILING_ID}-{project}",
        "project": project,
        "level2": level2 or None, "level3": level3 or None, "target_text": text or None, "score": Decimal(score) if score else None,
        "operator": (match[1] or None) if match else None, "target_value": Decimal(match[2]) if match else None,
        "target_unit": (match[3] or None) if match else None, "page": 1,
    }  # fmt: skip


def _claim(values: Mapping[str, str], number: int, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    value = Decimal(values["value"])
    role = values["role"]
    unit = values.get("unit", "percent" if role in ("change_percent", "share", "completion") else "wan_yuan")
    half_place = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    scale = _SCALE.get(unit)
    marks = {"percent": "%", "wan_yuan": "万元", "yuan": "元"}
    numbers = {name: int(values[name]) if name in values else None for name in ("of", "whole", "base", "base_year")}
    return {
        "filing_id": _FILING_ID, "claim_no": number, "section": values.get("section", "情况说明"),
        "subject": values.get("name", values.get("subject", "支出")),
        "subject_key": values.get("subject"), "code": values.get("code"), "statement_type": values.get("statement"),
        "measure": values.get("measure"), "fiscal_year": int(values.get("year", FISCAL_YEAR)), "value": value,
        "value_unit": unit, "amount_yuan": None if scale is None else value * scale, "half_place": half_place,
        "half_place_yuan": None if scale is None else half_place * scale, "direction": values.get("direction"),
        "base_year": numbers["base_year"], "stage": values.get("stage"), "base_stage": values.get("base_stage"),
        "quote": f"{values.get('name', '支出')}{values['value']}{marks.get(unit, '')}", "page": 1, "bbox": [1.0, 2.0, 3.0, 4.0],
        "line_item_id": items[int(values["cell"]) - 1]["line_item_id"] if "cell" in values else None,
        "sentence_no": int(values.get("sentence", 1)), "number_no": number, "line_no": 1,
        "value_text": f"{values['value']}{marks.get(unit, '')}", "role": role, "ordinal": values.get("ordinal"),
        "of_claim_no": numbers["of"], "whole_claim_no": numbers["whole"], "base_claim_no": numbers["base"],
        "reason": values.get("reason"), "listed": values.get("listed"), "sought": values.get("sought"), "percent_of": values.get("percent_of"),
    }  # fmt: skip


def _unread_cell(statement: Mapping[str, Any], row_no: int, text: str) -> dict[str, Any]:
    return {
        "statement_id": statement["statement_id"], "row_no": row_no, "column_no": 99, "filing_id": _FILING_ID,
        "statement_type": statement["statement_type"], "column_label": "合计", "text": text, "page": statement["page_first"],
    }  # fmt: skip


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table in the order of `filings/tables.toml`."""
    return tuple(load_tables()[table].columns)
