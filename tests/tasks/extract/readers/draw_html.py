"""A sample filing as a web page, as a content system publishes a text pasted from Word."""

from __future__ import annotations

from html import escape

from samples.layout import Contents, Cover, Filing, Heading, PageBreak, Paragraph, Table


def draw_html(filing: Filing, encoding: str = "utf-8") -> bytes:
    body: list[str] = []
    for block in filing.blocks:
        match block:
            case Cover(lines, under):
                body += [f"<h1>{escape(line)}</h1>" for line in lines] + [f"<p>{escape(line)}</p>" for line in under]
            case Contents(entries):
                body += ["<p>目　录</p>", *(f"<p>{escape(entry)}</p>" for _, entry in entries)]
            case Heading(text, level):
                body.append(f"<h{level + 1}>{escape(text)}</h{level + 1}>")
            case Paragraph(text):
                body.append(f'<p class="MsoNormal"><span style="font-size:16pt"><span>{escape(text)}</span></span></p>')
            case Table():
                body.append(_draw_table(block))
            case PageBreak():
                body.append('<br clear="all" style="page-break-before:always">')
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>公开</title><style>p {{margin:0}}</style></head>'
        f"<body><script>var a = '<td>9,999.99</td>';</script>{''.join(body)}</body></html>"
    )
    return page.encode("gb18030" if encoding == "gb2312" else encoding)


def _draw_table(table: Table) -> str:
    out = [f"<p>{escape(text)}</p>" for text in (table.tag, table.title, table.head_left, table.head_right) if text]
    out.append('<table class="MsoNormalTable" border="0" style="border-collapse:collapse">')
    for row in range(table.row_count):
        out.append("<tr>")
        for cell in sorted((cell for cell in table.cells if cell.row == row), key=lambda cell: cell.col):
            text = "<br>".join(escape(line) for line in cell.text.split("\n")) or "&nbsp;"
            out.append(
                f'<td colspan="{cell.col_span}" rowspan="{cell.row_span}"><p class="MsoNormal"><b><span lang="EN-US">'
                f"{text}</span></b></p></td>"
            )
        out.append("</tr>")
    out.append("</table>")
    return "\n".join([*out, *(f"<p>{escape(note)}</p>" for note in table.notes)])
