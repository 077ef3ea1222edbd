"""A recognised number is in doubt unless the recogniser is sure of it or an identity would break if it were another."""

from __future__ import annotations

import random
from dataclasses import replace

from filings.documents import Block, Document, Grid
from filings.records import FilingRecords, LineItem
from tests.tasks.extract.judge.damage import UNSURE, cells_of, read, recognised, sample, with_blocks

NAME = "shanghai_unit_2024.pdf"


def unsure(document: Document) -> Document:
    """As if the recogniser had been unsure of every cell."""

    def change(_at: int, _position: int, block: Block) -> list[Block]:
        if not isinstance(block, Grid):
            return [block]
        return [replace(block, cells=tuple(replace(cell, confidence=UNSURE) for cell in block.cells))]

    return with_blocks(document, lambda *given: iter(change(*given)))


def with_last_digit_changed(document: Document, item: LineItem) -> Document:
    return with_text(document, item, item.value_text[:-1] + str((int(item.value_text[-1]) + 1) % 10))


def with_text(document: Document, item: LineItem, text: str) -> Document:
    def change(at: int, _position: int, block: Block) -> list[Block]:
        if not isinstance(block, Grid) or document.pages[at].number != item.page:
            return [block]
        return [
            replace(block, cells=tuple(replace(c, text=text) if c.box == item.box else c for c in block.cells)),
        ]

    return with_blocks(document, lambda *given: iter(change(*given)))


def doubted(records: FilingRecords) -> list[LineItem]:
    return [item for item in records.line_items if item.doubt]


def test_nothing_is_doubted_that_is_printed_or_surely_recognised() -> None:
    assert not doubted(read(sample(NAME)))
    assert not doubted(read(recognised(sample(NAME))))


def test_unsure_numbers_are_doubted_where_no_identity_confirms_them() -> None:
    records = read(unsure(sample(NAME)))
    assert cells_of(records) == cells_of(read(sample(NAME)))
    alone = doubted(records)
    assert 0 < len(alone) < len(records.line_items) / 2
    assert {item.doubt for item in alone} == {"recognised with confidence 0.55, and no identity confirms it"}


def test_another_digit_in_a_confirmed_number_is_doubted_or_breaks_an_identity() -> None:
    document = unsure(sample(NAME))
    confirmed = [item for item in read(document).line_items if not item.doubt and item.value_text[-1].isdigit()]
    for item in random.Random(1).sample(confirmed, 6):
        changed = read(with_last_digit_changed(document, item))
        (now,) = [one for one in changed.line_items if (one.page, one.box) == (item.page, item.box)]
        assert now.value != item.value
        assert now.doubt


def test_a_number_with_fewer_decimals_than_its_column_is_doubted() -> None:
    document = recognised(sample(NAME))
    item = next(one for one in doubted(read(unsure(document))) if "." in one.value_text)
    records = read(with_text(document, item, item.value_text[:-1]))
    (now,) = [one for one in records.line_items if (one.page, one.box) == (item.page, item.box)]
    assert now.doubt == "fewer decimals are recognised than the column prints, and no identity confirms it"


def test_a_comma_taken_for_a_point_is_put_right_or_left_unread() -> None:
    document = recognised(sample(NAME))
    whole = read(document)
    items = [item for item in whole.line_items if item.value_unit == "yuan" and item.value_text.count(",") == 1]
    assert items
    for item in items[:3]:
        records = read(with_text(document, item, item.value_text.replace(",", ".")))
        assert (cells_of(records) - cells_of(whole)).total() == 0
        assert len(records.line_items) + len(records.unread_cells) == len(whole.line_items)


def test_a_first_row_whose_numbers_are_unreadable_stays_a_row() -> None:
    document = recognised(sample(NAME))
    whole = read(document)
    first = [item for item in whole.line_items if (item.statement_type, item.row_no) == ("overall_summary", 1)]
    for item in first:
        document = with_text(document, item, "9,5O\N{REPLACEMENT CHARACTER}")
    records = read(document)
    assert cells_of(whole) - cells_of(records) == cells_of(replace(whole, line_items=tuple(first)))
    assert [cell.row_no for cell in records.unread_cells] == [1] * len(first)
