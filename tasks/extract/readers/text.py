"""Text transcription -> Document: which of the two kinds it is, and its one page of lines and grids.

Kind (a), rows: a table row is one line, its cells parted by tabs, in Markdown. Kind (b), cells: a table cell is a
line that begins with a tab, a row ends at an empty line (what a Word file leaves when it is dumped as text).
"""

from __future__ import annotations

from filings.documents import Document, Page
from tasks.extract.readers.text_cells import find_blocks_of_cell_lines, is_cell_line
from tasks.extract.readers.text_rows import find_blocks_of_row_lines, is_row_line


def read_text(text: str) -> Document:
    """The lines and grids of a text transcription.

    Args:
        text: The decoded text; any line ending.

    Returns:
        A document with one page without a number; locators count the lines of the file from 1.
    """
    lines = split_lines(text)
    cell_lines = sum(is_cell_line(line) for line in lines)
    row_lines = sum(is_row_line(line) for line in lines)
    if cell_lines > row_lines:
        return Document("text/plain", (Page(None, find_blocks_of_cell_lines(lines)),), "text_cells")
    media_type = "text/markdown" if any(line.startswith("#") for line in lines) else "text/plain"
    return Document(media_type, (Page(None, find_blocks_of_row_lines(lines)),), "text_rows")


def has_tables(text: str) -> bool:
    """Whether any line of the text belongs to a table of either kind."""
    return any(is_cell_line(line) or is_row_line(line) for line in split_lines(text))


def split_lines(text: str) -> list[str]:
    """The lines as an editor counts them: form feeds and Unicode separators end no line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
