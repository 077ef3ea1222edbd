"""Real filings, where they are at hand: pdfium and pdfminer must see the same numbers in the same tables."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from filings.documents import Grid, Page
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.plumber_marks import read_pages_by_plumber

SHARED = Path(os.environ.get("YUSUAN_SHARED", Path(__file__).parents[5] / "shared"))
PUBLISHED = sorted((SHARED / "filings").glob("*.pdf"))


def numbers(page: Page) -> Counter[tuple[str, int]]:
    """Every cell that holds a digit, by its text and the number of columns of its grid."""
    return Counter(
        ("".join(cell.text.split()), block.col_count)
        for block in page.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if any(character.isdigit() for character in cell.text)
    )


@pytest.mark.skipif(not PUBLISHED, reason="no published filings: set YUSUAN_SHARED to the folder that holds filings/")
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_pdfium_and_pdfminer_see_the_same_numbers(path: Path) -> None:
    content = path.read_bytes()
    ours, theirs = read_document(content, path.name).pages, read_pages_by_plumber(content)
    assert len(ours) == len(theirs)
    for our_page, their_page in zip(ours, theirs, strict=True):
        assert numbers(our_page) == numbers(their_page), f"page {our_page.number}"
        for block in our_page.blocks:
            assert block.box is not None
            if isinstance(block, Grid):
                assert all(cell.box is not None for cell in block.cells)
                assert list(block.col_edges_points) == sorted(block.col_edges_points)
                assert len(block.col_edges_points) == block.col_count + 1
