"""What a worker process does with one document: draw the cuts that are asked for.

Imported by the worker, so it names neither Prefect nor DuckDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tasks.provenance.crop import Place, render_place


def draw_crops(original: Path, places: Mapping[str, Place], folder: Path, mark: str) -> int:
    """Write each cut into the folder, under a temporary name first.

    Args:
        original: The PDF.
        places: File name -> place.
        folder: Where to write.
        mark: Begins the temporary names (after a dot), so that what a stopped job leaves can be told.

    Returns:
        How many were drawn; a place that does not lie on its page gives none.

    Raises:
        UnusableInput: The document cannot be drawn.
    """
    content = original.read_bytes()
    drawn = 0
    for name, place in places.items():
        try:
            png = render_place(content, place, whole_width=True)
        except ValueError:  # the page is not as it was read: show none rather than a wrong one
            continue
        temporary = folder / f".{mark}-{name}"
        temporary.write_bytes(png)
        temporary.replace(folder / name)
        drawn += 1
    return drawn
