"""Writes a filing as a web page in GB18030 with the markup that pasting from Word leaves behind."""

from __future__ import annotations

from html import escape

from samples.layout import Contents, Cover, Filing, Heading, PageBreak, Paragraph, Table, TableCell

HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{title}</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:""; margin:0cm; text-indent:24.0pt; font-size:12.0pt;}} --></style>
</head>
<body lang="ZH-CN" style="tab-interval:21pt"><div class="WordSection1">
"""
"""What stands before the text; pages say gb2312 and use characters of GB18030."""

TAIL = "</div></body></html>\n"


def draw_webpage(filing: Filing) -> bytes:
    """The filing as a web page in GB18030."""
    cover = next(block for block in filing.blocks if isinstance(block, Cover))
    lines = [HEAD.format(title=escape("".join(cover.lines)))]
    for block in filing.blocks:
        match block:
            case Cover(titles, under):
                lines += [_paragraph(text, bold=True) for text in titles]
                lines += [_paragraph(text) for text in under]
            case Contents(entries):
                lines += [_paragraph("目　录", bold=True), *(_paragraph(entry) for _, entry in entries)]
            case Heading(text, level):
                lines.append(f"<h{level}>{_span(text)}</h{level}>")
            case Paragraph(text):
                lines.append(_paragraph(text))
            case Table():
                lines += _draw_table(block)
            case PageBreak():
                lines.append('<br clear="all" style="page-break-before:always">')
    return ("\n".join(lines) + TAIL).encode("gb18030")


def _paragraph(text: str, *, bold: bool = False) -> str:
    inner = f"<b>{_span(text)}</b>" if bold else _span(text)
    return f'<p class="MsoNormal">{inner}<o:p></o:p></p>'


def _span(text: str) -> str:
    """Text as Word writes it: digits in a span of another language."""
    out, run = [], ""
    for character in text:
        if run and character.isascii() != run[-1].isascii():
            out.append(_run(run))
            run = ""
        run += character
    return "".join([*out, _run(run)])


def _run(text: str) -> str:
    if not text:
        return ""
    lang = ' lang="EN-US"' if text.isascii() else ""
    return f'<span{lang} style="font-family:宋体">{escape(text)}</span>'


def _draw_table(table: Table) -> list[str]:
    heads = [text for text in (table.tag, table.title, table.head_left, table.head_right) if text]
    lines = [_paragraph(text) for text in heads]
    lines.append('<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0">')
    for row in range(table.row_count):
        cells = sorted((cell for cell in table.cells if cell.row == row), key=lambda cell: cell.col)
        lines.append(f'<tr style="height:14pt">{"".join(_draw_cell(cell) for cell in cells)}</tr>')
    return [*lines, "</table>", *(_paragraph(note) for note in table.notes)]


def _draw_cell(cell: TableCell) -> str:
    spans = (f' rowspan="{cell.row_span}"' if cell.row_span > 1 else "") + (
        f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
    )
    text = _span(cell.text) if cell.text else "<span>&nbsp;</span>"
    return f'<td{spans} valign="center"><p class="MsoNormal" align="{cell.align}">{text}<o:p></o:p></p></td>'
