"""Where the Chinese font comes from that the samples' PDFs embed: Noto Sans SC (SIL OFL 1.1), in the package zhplot."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT_NAME = "NotoSansSC"
"""The name under which reportlab knows the font."""


class FontMissingError(RuntimeError):
    """The font is not installed; only regenerating the samples needs it."""


def find_font_file() -> Path | None:
    """The TrueType file inside the installed package, found without importing it (it would import matplotlib)."""
    spec = find_spec("zhplot")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if path.is_file():
            return path
    return None


@cache
def register_font() -> str:
    """Make the font known to reportlab and return its name.

    Raises:
        FontMissingError: Install the development requirements (`make install`).
    """
    path = find_font_file()
    if path is None:
        raise FontMissingError("the samples need a font: install the package zhplot (a development requirement)")
    pdfmetrics.registerFont(TTFont(FONT_NAME, str(path)))
    return FONT_NAME


def measure_text(text: str, size: float) -> float:
    """The width of the text in points."""
    return float(pdfmetrics.stringWidth(text, FONT_NAME, size))
