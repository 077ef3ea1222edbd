"""Which samples are kept in which other formats, beside the files that `make run` ingests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from samples.layout import Filing
from samples.pair import draw_pair_archive, draw_single_archive
from samples.webpage import draw_webpage
from samples.word import draw_word
from samples.workbook import draw_crowded_workbook, draw_workbook

OTHER_FORMATS: Mapping[str, tuple[str, Callable[[Filing], bytes]]] = MappingProxyType(
    {
        "central_customs_2025.docx": ("central_customs_2025", draw_word),
        "jiangsu_2019.docx": ("jiangsu_2019", draw_word),
        "shanghai_unit_2024.xlsx": ("shanghai_unit_2024", draw_workbook),
        "central_customs_2026.xlsx": ("central_customs_2026", draw_crowded_workbook),
        "central_research_2025.html": ("central_research_2025", draw_webpage),
        "shenzhen_2023.zip": ("shenzhen_2023", draw_single_archive),
        "jiangsu_2019.zip": ("jiangsu_2019", draw_pair_archive),
    }
)
"""File name under ``other_formats/`` → the sample and what writes it. Scans are too large to keep (`samples.scan`)."""
