"""Office files put together from XML written by hand, for what no library writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from filings.documents import Document, Grid, Line

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def pack_docx(body: str, styles: str = "", numbering: str = "", namespace: str = W) -> bytes:
    head = (
        f'xmlns:w="{namespace}" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {head}><w:body>{body}</w:body></w:document>",
    }
    if styles:
        parts["word/styles.xml"] = f"<w:styles {head}>{styles}</w:styles>"
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {head}>{numbering}</w:numbering>"
    return pack(parts)


def pack_xlsx(
    sheets: Mapping[str, str], styles: str = "", shared: str = "", states: Mapping[str, str] | None = None
) -> bytes:
    """A workbook from the inner XML of its sheets by name."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}" state="{(states or {}).get(name, "visible")}"/>'
        for at, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{R}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    for at, inner in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{S}">{inner}</worksheet>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{S}">{styles}</styleSheet>'
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{S}">{shared}</sst>'
    return pack(parts)


def pack_ods(tables: str, styles: str = "") -> bytes:
    content = (
        f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:table="{ODF}:table:1.0" '
        f'xmlns:text="{ODF}:text:1.0" xmlns:style="{ODF}:style:1.0" '
        f'xmlns:fo="{ODF}:xsl-fo-compatible:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def grids_of(document: Document) -> list[Grid]:
    return [block for _, block in document.blocks() if isinstance(block, Grid)]


def lines_of(document: Document) -> list[str]:
    return [block.text for _, block in document.blocks() if isinstance(block, Line)]


def texts_of(grid: Grid) -> list[list[str]]:
    """The texts by row and column; a merged cell's stands in its first place."""
    rows = [[""] * grid.col_count for _ in range(grid.row_count)]
    for cell in grid.cells:
        rows[cell.row][cell.col] = cell.text
    return rows


def spans_of(grid: Grid) -> dict[str, tuple[int, int]]:
    """Rows and columns covered, by text, of cells that cover more than one position."""
    return {cell.text: (cell.row_span, cell.col_span) for cell in grid.cells if cell.row_span * cell.col_span > 1}


def assert_well_formed(document: Document) -> None:
    """Cells lie inside their grid, none overlaps another, they are in order, and each says where it stands."""
    assert document.pages
    for grid in grids_of(document):
        taken: set[tuple[int, int]] = set()
        for cell in grid.cells:
            covered = {
                (row, col)
                for row in range(cell.row, cell.row + cell.row_span)
                for col in range(cell.col, cell.col + cell.col_span)
            }
            assert covered
            assert not taken & covered
            assert cell.row + cell.row_span <= grid.row_count
            assert cell.col + cell.col_span <= grid.col_count
            assert cell.locator
            taken |= covered
        assert [(c.row, c.col) for c in grid.cells] == sorted((c.row, c.col) for c in grid.cells)
        edges = grid.col_edges_points
        assert not edges or len(edges) == grid.col_count + 1
        assert list(edges) == sorted(set(edges))
    for _, block in document.blocks():
        if isinstance(block, Line):
            assert block.text.strip()
            assert block.locator
