"""Whatever the bytes, a reader yields a document or says why not."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.documents import Document, Grid
from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tasks.extract.readers.pdf_reserve import ReserveReader
from tests.tasks.extract.readers.drawn import draw_small_pdf

BOUNDED = settings(max_examples=250, deadline=5_000, derandomize=True)


@cache
def small_pdf() -> bytes:
    return draw_small_pdf()


def read_or_refuse(content: bytes) -> Document | str:
    """The document, checked for what every document promises, or the reason code."""
    try:
        document = read_document(content, "damaged.pdf")
    except UnusableInput as refused:
        return refused.reason_code
    assert document.pages
    for _, block in document.blocks():
        if isinstance(block, Grid):
            places = [
                (row, col)
                for cell in block.cells
                for row in range(cell.row, cell.row + cell.row_span)
                for col in range(cell.col, cell.col + cell.col_span)
            ]
            assert len(places) == len(set(places)), "cells overlap"
            assert all(row < block.row_count and col < block.col_count for row, col in places)
    return document


@BOUNDED
@given(st.binary(max_size=400))
def test_random_bytes(content: bytes) -> None:
    read_or_refuse(content)


@BOUNDED
@given(st.binary(max_size=400))
def test_random_bytes_after_a_pdf_header(content: bytes) -> None:
    assert isinstance(read_or_refuse(b"%PDF-1.4\n" + content), str)


@BOUNDED
@given(st.text(alphabet="\t\n\r <>#*b/p甲乙0１,.\u3000\f\x85", max_size=200))
def test_random_transcriptions(text: str) -> None:
    read_or_refuse(text.encode())


@BOUNDED
@given(st.integers(min_value=0))
def test_truncation_of_a_pdf_is_never_read_as_whole(length: int) -> None:
    whole = small_pdf()
    body = whole.rindex(b"startxref")
    outcome = read_or_refuse(whole[: length % body])
    assert outcome in ("damaged_pdf", "empty_file", "not_a_pdf")


@BOUNDED
@given(st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), min_size=1, max_size=12))
def test_flipped_bytes_of_a_pdf(flips: list[tuple[int, int]]) -> None:
    content = bytearray(small_pdf())
    for place, value in flips:
        content[place % len(content)] = value
    read_or_refuse(bytes(content))


def test_a_page_without_measure_is_refused_by_the_reserve_too() -> None:
    """A changed byte in a MediaBox: pdfium reads on, pdfplumber raises when asked for the page and again when it closes."""
    content = small_pdf().replace(b"[ 0 0 595.2756 841.8898 ]", b"[ 0 0 (e308) 841.8898 ]")
    assert content != small_pdf()
    with ReserveReader(content) as reserve, pytest.raises(UnusableInput, match="Page 1"):
        reserve.read_characters(0)
    read_or_refuse(content)
