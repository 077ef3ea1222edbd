"""How much of what a careful person reads in a filing's tables stands in the tables that a program found?

An amount is right if it stands as a number by itself in a row with its own label or code, and in the table column in
which most amounts of its column stand. Nothing else is asked: no title, unit, header, page order or joined table, which a
reader of tables does not give.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from filings.amounts import parse_number
from filings.text import squeeze

Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Expected:
    """A printed amount: the statement's column that it stands in, the keys of its row, its value."""

    column: tuple[str, str, str]
    code: str
    label: str
    value: Decimal


@dataclass(frozen=True)
class Row:
    """A row of a table found."""

    table: int
    keys: frozenset[str]
    numbers: dict[int, Decimal]


def read_expected(path: Path) -> list[Expected]:
    """The amounts of a ``…_cells.csv``."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Expected(
                (row["statement_type"], row["side"], row["column_label"]),
                row["code"],
                row["name"].rpartition("/")[2],
                Decimal(row["value"]),
            )
            for row in csv.DictReader(file)
        ]


def count_right(expected: Sequence[Expected], tables: Sequence[Table]) -> int:
    """How many of the expected amounts stand in the right row and column."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for number, table in enumerate(tables):
        for cells in table:
            row = _read_row(number, cells)
            for key in row.keys:
                by_key[key].append(row)
    votes: dict[tuple[tuple[str, str, str], int], Counter[int]] = defaultdict(Counter)
    found: list[set[tuple[int, int]]] = []
    for one in expected:
        rows = [*by_key.get(one.code, ()), *by_key.get(one.label, ())]
        places = {(row.table, column) for row in rows for column, value in row.numbers.items() if value == one.value}
        found.append(places)
        for table, column in places:
            votes[one.column, table][column] += 1
    right = 0
    for one, places in zip(expected, found, strict=True):
        right += any(
            votes[one.column, table][column] == max(votes[one.column, table].values()) for table, column in places
        )
    return right


def _read_row(table: int, cells: Sequence[str]) -> Row:
    texts = [squeeze(cell) for cell in cells]
    numbers = {at: number.value for at, text in enumerate(texts) if text and (number := parse_number(text))}
    codes = [text for text in texts if text.isascii() and text.isdigit()]
    joined = ["".join(codes[:count]) for count in range(1, min(len(codes), 3) + 1)]
    return Row(table, frozenset(text for text in (*texts, *joined) if text), numbers)
