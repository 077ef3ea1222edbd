"""Everything that can be wrong in the tables of a filing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

from filings.codes import Code, economic_codes, function_codes
from samples.layout import Figure, Filing, Table, TableCell
from samples.mistakes import EditMisfitError, drop_row
from samples.mutations.mutation import Mutation, Target
from samples.mutations.numbers import NUMBER_KINDS, change_digit

EMPTY_NOTE = "注：本表无数据。"
"""What a note says under a table that is printed without figures."""


def mutate_tables(filing: Filing, year: int) -> Iterator[Mutation]:
    """All mutations of the filing's tables, in reading order."""
    for block_no, block in enumerate(filing.blocks):
        if isinstance(block, Table) and block.statement_type:
            for kind, changed, before, after, where, target, cell, row in _mutate_table(block, year):
                yield Mutation(
                    filing.name, kind, block_no, changed, before, after, f"{block.title}：{where}", target, cell, row
                )


_Change = tuple[str, Table | None, str, str, str, Target, TableCell | None, int | None]


def _mutate_table(table: Table, year: int) -> Iterator[_Change]:
    yield from _mutate_figures(table)
    yield from _mutate_labels(table, year)
    yield from _drop_rows(table)
    yield from _mutate_surroundings(table, year)


def _mutate_figures(table: Table) -> Iterator[_Change]:
    for cell in table.cells:
        if cell.figure is None:
            continue
        where = f"{cell.figure.code} {cell.figure.name} {cell.figure.column_label}"
        kinds = ("percent",) if cell.figure.value_unit == "percent" else (*NUMBER_KINDS, "neighbour")
        for kind in kinds:
            chance = Random(f"{table.title}/{cell.row}/{cell.col}/{kind}")
            way = NUMBER_KINDS.get(kind, change_digit)
            text = _neighbour(table, cell, chance) if kind == "neighbour" else way(cell.text, chance)
            if text is not None and text != cell.text:
                changed = _put(table, cell, text, cell.figure)
                yield kind, changed[0], cell.text, text, where, "cell", changed[1], cell.row
        if not cell.figure.value:
            continue  # a blank is a zero
        emptied = replace(cell, text="", figure=None)
        yield "blanked", _exchange(table, cell, emptied), cell.text, "", where, "row", emptied, cell.row


def _neighbour(table: Table, cell: TableCell, chance: Random) -> str | None:
    """The figure left, right, above or below, where it differs."""
    beside = [
        other.text
        for other in table.cells
        if other.figure
        and abs(other.row - cell.row) + abs(other.col - cell.col) == 1
        and other.text != cell.text
        and not other.text.endswith("%")
        and other.figure.value
    ]
    return chance.choice(beside) if beside else None


def _put(table: Table, cell: TableCell, text: str, figure: Figure) -> tuple[Table, TableCell]:
    value = Decimal(text.rstrip("%").replace(",", ""))
    changed = replace(cell, text=text, figure=replace(figure, value=value))
    return _exchange(table, cell, changed), changed


def _exchange(table: Table, cell: TableCell, changed: TableCell) -> Table:
    return replace(table, cells=tuple(changed if other is cell else other for other in table.cells))


def _mutate_labels(table: Table, year: int) -> Iterator[_Change]:
    for cell in table.cells:
        if cell.row < table.header_rows or cell.figure is not None:
            continue
        text = cell.text.strip()
        figures = [other.figure for other in table.cells if other.row == cell.row and other.figure]
        chance = Random(f"{table.title}/{cell.row}/{cell.col}/label")
        if re.fullmatch(r"\d{2,7}", text) and figures:
            printed = change_digit(text, chance) or text
            changed = replace(cell, text=printed)
            yield (
                "code_digit",
                _exchange(table, cell, changed),
                text,
                printed,
                f"第{cell.row}行",
                "row",
                changed,
                cell.row,
            )
        for kind, name in _other_names(text, {figure.code for figure in figures}, year, chance).items():
            changed = replace(cell, text=cell.text.replace(text, name))
            yield kind, _exchange(table, cell, changed), text, name, f"第{cell.row}行", "row", changed, cell.row


def _other_names(name: str, codes: set[str], year: int, chance: Random) -> dict[str, str]:
    """The name that the code had in another year, and that of a neighbour in the chart."""
    code = next((one for one in codes if one and any(row.name == name for row in _chart(one))), None)
    if code is None:
        return {}
    names = {}
    old = sorted({row.name for row in _chart(code) if row.code == code and not row.is_valid_in(year)} - {name})
    if old:
        names["name_old"] = chance.choice(old)
    same_level = sorted(
        {row.name for row in _chart(code) if len(row.code) == len(code) and row.code[:-2] == code[:-2]} - {name}
    )
    if same_level:
        names["name_other"] = chance.choice(same_level)
    return names


def _chart(code: str) -> tuple[Code, ...]:
    """The chart that the code is of: economic classes begin with 3 and have at most five digits."""
    return economic_codes() if code.startswith("3") and len(code) <= 5 else function_codes()


def _drop_rows(table: Table) -> Iterator[_Change]:
    for row in sorted({cell.row for cell in table.cells if cell.figure and cell.figure.value}):
        label = " ".join(cell.text for cell in table.cells if cell.row == row and not cell.figure and cell.text)
        try:
            yield "row_dropped", drop_row(table, row), label, "", label, "table", None, row
        except EditMisfitError:
            continue  # a cell merged over several rows cannot lose one of them


def _mutate_surroundings(table: Table, year: int) -> Iterator[_Change]:
    for cell in table.cells:
        if cell.row < table.header_rows and str(year) in cell.text:
            after = cell.text.replace(str(year), str(year - 1))
            changed = replace(cell, text=after)
            yield "header_year", _exchange(table, cell, changed), cell.text, after, "表头", "table", changed, None
    has_money = any(cell.figure and cell.figure.value for cell in table.cells)
    unit = {"万元": "元", "元": "万元"}.get(table.head_right.rpartition("：")[2])
    if unit and has_money:
        after = table.head_right.replace(table.head_right.rpartition("：")[2], unit)
        yield "unit_head", replace(table, head_right=after), table.head_right, after, "金额单位", "table", None, None
    if has_money:  # of a table of zeros it is true
        yield (
            "note_added",
            replace(table, notes=(*table.notes, EMPTY_NOTE)),
            "",
            EMPTY_NOTE,
            "表注",
            "table",
            None,
            None,
        )
    elif table.notes and not table.is_filled:
        yield "note_removed", replace(table, notes=()), table.notes[0], "", "表注", "table", None, None
    yield "table_dropped", None, table.title, "", "整张表", "table", None, None
    yield from _mutate_scores(table)


def _mutate_scores(table: Table) -> Iterator[_Change]:
    """Scores stand in a text column of a performance target table (分值)."""
    columns = {cell.col for cell in table.cells if "分值" in cell.text or cell.text.replace(" ", "") == "分值权重"}
    for cell in table.cells:
        if cell.col in columns and cell.figure is None and re.fullmatch(r"\d{1,3}", cell.text):
            after = change_digit(cell.text, Random(f"{table.title}/{cell.row}/score"))
            if after is not None:
                changed = replace(cell, text=after)
                yield "score", _exchange(table, cell, changed), cell.text, after, "分值", "row", changed, cell.row


def names_beside(filing: Filing) -> Mapping[str, str]:
    """Name of each printed code → the name of another code of the same parent in the filing's own tables."""
    names: dict[str, str] = {}
    for _, figure in filing.figures():
        if figure.code and figure.name:
            names.setdefault(figure.code, figure.name)
    beside: dict[str, str] = {}
    for code, name in names.items():
        others = [
            names[other]
            for other in names
            if other != code and other[:-2] == code[:-2] and len(other) == len(code) and names[other] != name
        ]
        if others:
            beside.setdefault(name, others[0])
    return beside
