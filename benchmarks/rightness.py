"""How much of what a careful person reads in a filing's tables stands in the tables that a program found?

An amount is right if it stands as a number by itself in a row with its own label or code (a row without any, in a row of
numbers alone), and in the table column in which most amounts of its column stand whose labels stand where its own does:
lists side by side repeat a column. Nothing else is asked: no title, unit, header, page order or joined table, which a
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
    keys: dict[str, int]
    """What may name the row, each with the table column where it stands."""
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
    votes: dict[tuple[tuple[str, str, str], int, int], Counter[int]] = defaultdict(Counter)
    found: list[set[tuple[int, int, int]]] = []
    for one in expected:
        named = {key for key in (one.code, one.label) if key} or {""}
        places = {
            (row.table, row.keys[key], column)
            for key in named
            for row in by_key.get(key, ())
            for column, value in row.numbers.items()
            if value == one.value
        }
        found.append(places)
        for table, label, column in places:
            votes[one.column, table, label][column] += 1
    right = 0
    for one, places in zip(expected, found, strict=True):
        right += any(
            votes[one.column, table, label][column] == max(votes[one.column, table, label].values())
            for table, label, column in places
        )
    return right


def _read_row(table: int, cells: Sequence[str]) -> Row:
    texts = [squeeze(cell) for cell in cells]
    numbers = {at: number.value for at, text in enumerate(texts) if text and (number := parse_number(text))}
    codes = [(at, text) for at, text in enumerate(texts) if text.isascii() and text.isdigit()]
    keys = {text: at for at, text in reversed(list(enumerate(texts))) if text}
    for count in range(2, min(len(codes), 3) + 1):
        keys.setdefault("".join(text for _, text in codes[:count]), codes[0][0])
    if len(numbers) == len(list(filter(None, texts))):
        keys[""] = 0
    return Row(table, keys, numbers)
