"""Rows drawn into one, torn rows, moved cells, lost titles and labels, displaced pages: repaired to the very cells or left."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from filings.amounts import parse_number
from filings.documents import Cell, Document, Grid, Line
from tasks.extract.titles import find_title
from tests.tasks.extract.judge.damage import (
    SAMPLES,
    cells_of,
    coded_rows,
    displaced,
    grids,
    is_code,
    read,
    sample,
    with_grid,
    with_row_moved,
    with_row_torn,
    with_rows_in_one,
    with_text,
    without_titles,
)

NAMES = [path.name for path in SAMPLES]
TRIALS = 3


def titled(document: Document) -> list[tuple[int, int, Grid]]:
    """The first table of each statement, with the lines that name it over it."""
    return [
        (at, number, grid)
        for at, number, grid in grids(document)
        if any(isinstance(block, Line) and find_title(block.text) for block in document.pages[at].blocks[:number])
        and any(parse_number(cell.text) for cell in grid.cells)
    ]


def count_repaired(document: Document, damaged: Iterator[Document], words: str) -> tuple[int, int]:
    """How many damaged readings are repaired to the very cells with a recorded choice, and how many there were.

    One that is not repaired may lack cells or keep them as of no known form; nothing may be recorded that is not right.
    """
    expected = cells_of(read(document))
    repaired = tried = 0
    for one in damaged:
        records = read(one)
        recorded = any(words in (statement.reading or "") for statement in records.statements)
        assert cells_of(records) == expected or not recorded, [s.reading for s in records.statements if s.reading]
        repaired += recorded
        tried += 1
    return repaired, tried


def rows_damaged(
    document: Document, seed: str, rows: Callable[[Grid], list[int]], damage: Callable[[Grid, int], Grid]
) -> Iterator[Document]:
    chance = random.Random(seed)
    places = [(at, number, grid, row) for at, number, grid in grids(document) for row in rows(grid)]
    for at, number, grid, row in chance.sample(places, min(TRIALS, len(places))):
        yield with_grid(document, at, number, damage(grid, row))


def rows_before_another(grid: Grid) -> list[int]:
    rows = coded_rows(grid)
    return [row for row in rows if row + 1 in rows]


@pytest.mark.parametrize("name", ["jiangsu_2019.pdf", "central_customs_2026.pdf", "shanghai_unit_2024.pdf"])
def test_rows_drawn_into_one_are_parted(name: str) -> None:
    document = sample(name)
    damaged = rows_damaged(document, name, rows_before_another, with_rows_in_one)
    repaired, tried = count_repaired(document, damaged, "read as one row for each line")
    assert repaired > 0, f"of {tried}"


@pytest.mark.parametrize("name", NAMES)
def test_a_torn_row_is_joined(name: str) -> None:
    document = sample(name)
    repaired, tried = count_repaired(
        document, rows_damaged(document, name, coded_rows, with_row_torn), "read as one row with the next"
    )
    assert repaired > tried / 2, f"of {tried}"


def moved_rows(document: Document) -> Iterator[Document]:
    """Each row with a blank before a number, that blank lost."""
    chance = random.Random(0)
    places = []
    for at, number, grid in grids(document):
        for row in coded_rows(grid):
            cells: dict[int, Cell] = {cell.col: cell for cell in grid.cells if cell.row == row}
            numbers = [col for col, cell in cells.items() if parse_number(cell.text) and not is_code(cell)]
            places += [(at, number, grid, row, col) for col in numbers if cells[col - 1].text.strip() in ("", "-")]
    for at, number, grid, row, col in chance.sample(places, TRIALS):
        yield with_grid(document, at, number, with_row_moved(grid, row, col))


def test_moved_cells_of_a_transcription_are_put_back() -> None:
    document = sample("central_research_2025.txt")
    repaired, tried = count_repaired(document, moved_rows(document), "read one column to the right")
    assert repaired > tried / 2, f"of {tried}"


def test_a_lost_title_is_told_by_what_closes() -> None:
    document = sample("shanghai_unit_2024.pdf")
    damaged = (without_titles(document, at, number) for at, number, _ in titled(document))
    repaired, tried = count_repaired(document, damaged, "title lost, read as")
    assert repaired >= 8, f"of {tried}"


@pytest.mark.parametrize(("words", "least"), [("has no header and is read as", 2), ("header shifted", 3)])
def test_a_lost_label_is_told_by_what_closes(words: str, least: int) -> None:
    """Where the form has a known layout of that width, by it; else by the identities of the columns that the header lacks."""
    document = sample("central_customs_2026.pdf")

    def damaged() -> Iterator[Document]:
        for at, number, grid in titled(document):
            for cell in grid.cells:
                if cell.row == 0 and cell.text.strip() in ("合计", "科目代码", "科目编码"):
                    yield with_grid(document, at, number, with_text(grid, cell.row, cell.col, ""))

    repaired, tried = count_repaired(document, damaged(), words)
    assert repaired >= least, f"of {tried}"


@pytest.mark.parametrize("name", NAMES)
def test_a_continued_page_laid_elsewhere_is_still_its_rest(name: str) -> None:
    document = sample(name)
    first = {(at, number) for at, number, _ in titled(document)}
    rest = [(at, number, grid) for at, number, grid in grids(document) if (at, number) not in first][1:3]
    damaged = (with_grid(document, at, number, displaced(grid, 60.0)) for at, number, grid in rest)
    expected = cells_of(read(document))
    for one in damaged:
        assert cells_of(read(one)) == expected
