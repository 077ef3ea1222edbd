"""Identities are evaluated only where a reading is open: a text layer with ruled tables leaves nothing to choose."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from tasks.extract import extract_document
from tasks.extract.judge import choose, tables
from tasks.extract.readers import read_document

SAMPLES = Path(__file__).parents[4] / "samples" / "filings"


@pytest.mark.parametrize(("name", "is_judged"), [("shanghai_unit_2024.pdf", False), ("central_customs_2024.md", True)])
def test_only_an_open_reading_is_judged(name: str, is_judged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class JudgedError(Exception):
        pass

    def refuse(*_: object) -> NoReturn:
        raise JudgedError

    for module in (choose, tables):
        monkeypatch.setattr(module, "judge_filing", refuse)
    document = read_document((SAMPLES / name).read_bytes(), name)
    if is_judged:
        with pytest.raises(JudgedError):
            extract_document(document, name)
    else:
        assert extract_document(document, name).line_items
