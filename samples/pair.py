"""A filing in two files, the text as a Word file and its tables as a workbook, alone or in one archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from samples.archive import pack
from samples.layout import Cover, Filing, Table
from samples.word import draw_word
from samples.workbook import draw_tables_only


def draw_pair(filing: Filing) -> Mapping[str, bytes]:
    """Chinese file name → bytes: the text, then its tables."""
    cover = next(block for block in filing.blocks if isinstance(block, Cover))
    title = "".join(cover.lines)
    text = replace(filing, blocks=tuple(block for block in filing.blocks if not isinstance(block, Table)))
    return {f"{title}.docx": draw_word(text), f"附件：{title}表.xlsx": draw_tables_only(filing)}


def draw_pair_archive(filing: Filing) -> bytes:
    """The pair in one archive, its names in GBK as Chinese Windows writes them."""
    return pack(draw_pair(filing), as_gbk=True)


def draw_single_archive(filing: Filing) -> bytes:
    """An archive that holds the whole filing as one Word file."""
    cover = next(block for block in filing.blocks if isinstance(block, Cover))
    return pack({f"{''.join(cover.lines)}.docx": draw_word(filing)}, as_gbk=True)
