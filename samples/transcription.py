"""Writes a filing as text, in the two kinds in which filings are transcribed.

`write_markdown`: headings with ``#``, one line per table row, cells separated by tabs, parent rows in ``<b>``.
`write_cells`: one line per cell, each beginning with a tab, an empty line after each row, merged cells lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from samples.layout import Contents, Cover, Filing, Heading, PageBreak, Paragraph, Table, TableCell


def write_markdown(filing: Filing) -> str:
    """The filing as Markdown with tab-separated tables."""
    return "\n\n".join(_markdown_blocks(filing)) + "\n"


def _markdown_blocks(filing: Filing) -> Iterator[str]:
    for block in filing.blocks:
        match block:
            case Cover(lines, under):
                yield from (f"# {line}" if number == 0 else line for number, line in enumerate((*lines, *under)))
            case Contents(entries):
                yield "# 目 录"
                yield "\n".join(f"- {entry}" for _, entry in entries)
            case Heading(text, level):
                yield f"{'#' * level} {text}"
            case Paragraph(text):
                yield text
            case Table():
                yield from _markdown_table(block)
            case PageBreak():
                pass


def _markdown_table(table: Table) -> Iterator[str]:
    if table.tag:
        yield table.tag
    if table.title:
        yield f"## {table.title}"
    yield from (text for text in (table.head_left, table.head_right) if text)
    yield "\n".join("\t".join(row) for row in _spread_cells(table))
    yield from table.notes


def _spread_cells(table: Table) -> list[list[str]]:
    """The table as rows of equal length; a merged cell's text stands in its first place, the rest is empty."""
    rows = [[""] * len(table.widths) for _ in range(table.row_count)]
    for cell in table.cells:
        text = cell.text.replace("\u3000", " ")
        rows[cell.row][cell.col] = f"<b>{text}</b>" if cell.bold and text and cell.row >= table.header_rows else text
    return rows


def write_cells(filing: Filing) -> str:
    """The filing with one cell per line."""
    lines: list[str] = []
    for block in filing.blocks:
        match block:
            case Cover(cover_lines, under):
                lines += [*cover_lines, *under, ""]
            case Contents(entries):
                lines += ["目　录", *(entry for _, entry in entries), ""]
            case Heading(text) | Paragraph(text):
                lines.append(text)
            case Table():
                lines += _cell_lines(block)
            case PageBreak():
                lines += ["", ""]
    return "\n".join(lines) + "\n"


def _cell_lines(table: Table) -> list[str]:
    lines = [""]
    if table.tag:
        lines += [f"\t{table.tag}", ""]
    if table.title:
        lines += [f"\t{table.title}", ""]
    lines += [f"\t{text}" for text in (table.head_left, table.head_right) if text]
    lines.append("")
    for row in range(table.row_count):
        lines += [f"\t{text}" for text in _row_texts(table, row)]
        lines.append("")
    lines += table.notes
    return [*lines, ""]


def _row_texts(table: Table, row: int) -> list[str]:
    """One text per cell that touches the row: its own, or nothing where a cell reaches down from above."""
    touching: list[TableCell] = [cell for cell in table.cells if cell.row <= row < cell.row + cell.row_span]
    return [cell.text if cell.row == row else "" for cell in sorted(touching, key=lambda cell: cell.col)]
