"""Damaged readings are repaired to the very cells, wrong filings are left as they are printed."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from filings.amounts import parse_number
from filings.documents import Line
from filings.forms import UNRECOGNISED
from tasks.extract.header import count_header_rows
from tasks.extract.matrix import to_matrix
from tests.tasks.extract.judge.damage import (
    SAMPLES,
    UNSURE,
    cells_of,
    grids,
    numbers,
    page_without_table,
    read,
    recognised,
    sample,
    with_grid,
    with_text,
    without_rows,
)

NAMES = [path.name for path in SAMPLES]
BLURRED = {"3": "8", "8": "3", "0": "6", "6": "0", "1": "7", "7": "1", "5": "6"}
TRIALS = 4


@pytest.mark.parametrize("name", NAMES)
def test_a_page_bound_in_between_parts_no_statement(name: str) -> None:
    document = sample(name)
    whole = read(document)
    split = [s for s in whole.statements if s.page_first and s.page_last and s.page_last > s.page_first]
    for statement in split:
        records = read(page_without_table(document, (statement.page_first or 0) - 1))
        assert cells_of(records) == cells_of(whole), statement.title
        assert any("rest of this statement" in (s.reading or "") for s in records.statements)


def test_some_sample_has_a_statement_on_two_pages() -> None:
    assert sum((s.page_last or 0) > (s.page_first or 0) for name in NAMES for s in read(sample(name)).statements) > len(
        NAMES
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_header_cut_off_is_restored_or_nothing_is_guessed(name: str) -> None:
    document = sample(name)
    expected = cells_of(read(document))
    for at, number, grid in grids(document):
        rows = count_header_rows(to_matrix(grid, None))
        titled = any(isinstance(block, Line) and "表" in block.text for block in document.pages[at].blocks[:number])
        if not rows or not titled or not any(parse_number(cell.text) for cell in grid.cells):
            continue
        records = read(with_grid(document, at, number, without_rows(grid, rows)))
        # a table that is kept under no form says nothing of what its numbers are
        found = Counter({cell: n for cell, n in cells_of(records).items() if cell[0] != UNRECOGNISED})
        assert not +(found - expected), f"page {at + 1}"
        restored = any("header lost" in (s.reading or "") for s in records.statements)
        assert found == expected or not restored, f"page {at + 1}"


def test_headers_of_tables_by_code_are_restored() -> None:
    document = sample("shanghai_unit_2024.pdf")
    at, number, grid = next(one for one in grids(document) if one[0] == 8)
    rows = count_header_rows(to_matrix(grid, None))
    records = read(with_grid(document, at, number, without_rows(grid, rows)))
    assert cells_of(records) == cells_of(read(document))
    assert {i.column_label[0] for i in records.line_items if i.statement_type == "expenditure"} == {"["}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(TRIALS))
def test_a_blurred_digit_is_read_right_or_left_alone(name: str, seed: int) -> None:
    document = recognised(sample(name))
    expected = read(document)
    chance = random.Random(f"{name} {seed}")
    at, number, grid = chance.choice([one for one in grids(document) if numbers(one[2])])
    cell = chance.choice([one for one in numbers(grid) if set(one.text) & set(BLURRED)])
    position = chance.choice([at for at, sign in enumerate(cell.text) if sign in BLURRED])
    text = cell.text[:position] + BLURRED[cell.text[position]] + cell.text[position + 1 :]
    records = read(with_grid(document, at, number, with_text(grid, cell.row, cell.col, text, UNSURE)))
    corrected = any("was recognised" in (s.reading or "") for s in records.statements)
    if corrected:
        assert cells_of(records) == cells_of(expected)
        assert any(item.value_text == text for item in records.line_items)
    else:
        assert (cells_of(records) - cells_of(expected)).total() <= 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(TRIALS))
def test_a_wrong_number_of_a_text_layer_is_left_as_printed(name: str, seed: int) -> None:
    document = sample(name)
    expected = read(document)
    chance = random.Random(f"{name} {seed}")
    at, number, grid = chance.choice([one for one in grids(document) if numbers(one[2])])
    cell = chance.choice(numbers(grid))
    position = chance.choice([at for at, sign in enumerate(cell.text) if sign.isdigit()])
    other = chance.choice([digit for digit in "123456789" if digit != cell.text[position]])
    text = cell.text[:position] + other + cell.text[position + 1 :]
    records = read(with_grid(document, at, number, with_text(grid, cell.row, cell.col, text)))
    assert [s.reading for s in records.statements] == [s.reading for s in expected.statements]
    assert (cells_of(records) - cells_of(expected)).total() <= 1
    assert len(records.line_items) == len(expected.line_items)
