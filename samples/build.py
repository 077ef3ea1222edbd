"""From a sample's name to everything made of it: the filing, its file, its expected cells and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from samples.central import build_central
from samples.central_2026 import build_central_2026
from samples.expected import FindPage, write_cells_csv, write_findings_csv
from samples.facts import Facts, read_facts
from samples.jiangsu import build_jiangsu
from samples.layout import Filing
from samples.mistakes import apply_mistakes, read_mistakes
from samples.pdf import draw_pdf
from samples.shanghai import build_shanghai
from samples.shenzhen import build_shenzhen
from samples.transcription import write_cells, write_markdown

SAMPLES_FOLDER = Path(__file__).parent
"""The folder of this package."""

FORMS: Mapping[str, Callable[[Facts], Filing]] = {
    "central": build_central,
    "central_2026": build_central_2026,
    "shanghai": build_shanghai,
    "shenzhen": build_shenzhen,
    "jiangsu": build_jiangsu,
}
"""``form`` of the facts → what builds the filing."""


@dataclass(frozen=True)
class Product:
    """One file that the generator makes.

    Args:
        path: Where it lies, relative to the samples folder.
        content: Its bytes.
    """

    path: str
    content: bytes


def build_filing(name: str, *, faultless: bool = False) -> Filing:
    """The sample before it has a format.

    Args:
        name: The sample's name.
        faultless: Leave its documented mistakes out.
    """
    facts = read_facts(name)
    filing = FORMS[facts.text("form")](facts)
    return filing if faultless else apply_mistakes(filing, read_mistakes(name))


def _find_no_page(text: str) -> int | None:
    """A format without pages has none."""
    return None


def make_products(name: str) -> list[Product]:
    """The sample's file and its expected cells and findings."""
    filing, mistakes = build_filing(name), read_mistakes(name)
    pages: dict[tuple[int, int], int] = {}
    find_page: FindPage = _find_no_page
    match read_facts(name).data.get("format", "pdf"):
        case "pdf":
            drawn = draw_pdf(filing)
            suffix, content, pages, find_page = "pdf", drawn.content, drawn.cell_pages, drawn.find_page
        case "markdown":
            suffix, content = "md", write_markdown(filing).encode()
        case "cells":
            suffix, content = "txt", write_cells(filing).encode()
        case other:
            raise ValueError(f"{name}: unknown format {other}")
    products = [
        Product(f"filings/{name}.{suffix}", content),
        Product(f"expected/{name}_cells.csv", write_cells_csv(filing, pages).encode()),
    ]
    if mistakes:
        findings = write_findings_csv(mistakes, filing, pages, find_page)
        products.append(Product(f"expected/{name}_findings.csv", findings.encode()))
    return products
