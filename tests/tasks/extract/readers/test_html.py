"""Web pages: what a browser shows is read."""

from __future__ import annotations

import pytest

from filings.documents import Line
from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tasks.extract.readers.html import read_html
from tests.tasks.extract.readers.packed import assert_well_formed, grids_of, lines_of, spans_of, texts_of

TABLE = "<table><tr><td>项目</td><td>预算数</td></tr><tr><td>合计</td><td>1,234.50</td></tr></table>"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def test_lines_headings_and_tables_in_order() -> None:
    document = read_document(
        page(f"<h2>收支总表</h2><p>单位：<span>万元</span></p>{TABLE}<div>注：<br>无</div>").encode(), "f.html"
    )
    assert_well_formed(document)
    assert (document.reader, document.media_type) == ("html", "text/html")
    assert lines_of(document) == ["收支总表", "单位：万元", "注：", "无"]
    headings = [block.is_heading for _, block in document.blocks() if isinstance(block, Line)]
    assert headings == [True, False, False, False]
    (grid,) = grids_of(document)
    assert texts_of(grid) == [["项目", "预算数"], ["合计", "1,234.50"]]
    assert grid.cells[3].locator == "table 1 row 2 cell 2"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("GBK", "gbk"), ("gb18030", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gb18030"), ("", "gb18030"),
     ("gb2312", "utf-8"), ("", "utf-8-sig"), ("utf-16", "utf-16")],
)  # fmt: skip
def test_any_declared_or_wrongly_declared_encoding(declared: str, encoding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    document = read_document(page(f"<p>镕基財政</p>{TABLE}", meta).encode(encoding), "f.html")
    assert lines_of(document) == ["镕基財政"]


def test_a_few_broken_bytes_do_not_lose_a_page() -> None:
    content = page("<p>" + "财政拨款" * 500 + "</p>" + TABLE, '<meta charset="gb2312">').encode("gb18030")
    broken = content.replace("财政拨款</p>".encode("gb18030"), b"\xff\xff</p>")
    assert texts_of(grids_of(read_document(broken, "f.html"))[0])[1] == ["合计", "1,234.50"]


def test_spans_with_gaps_and_reaching_too_far() -> None:
    table = (
        "<table><tr><td rowspan=2>项目</td><td colspan=2>预算数</td></tr><tr><td>基本</td><td>项目支出</td></tr>"
        "<tr><td rowspan=99>x</td><td>1</td><td colspan=0>2</td></tr><tr><td rowspan=0>3</td><td>4</td></tr>"
        "<tr><td>5</td></tr></table>"
    )
    document = read_document(page(table).encode(), "f.html")
    assert_well_formed(document)
    (grid,) = grids_of(document)
    assert spans_of(grid) == {"项目": (2, 1), "预算数": (1, 2), "x": (3, 1), "3": (2, 1)}
    assert texts_of(grid)[4] == ["", "", "5"]


def test_what_a_person_does_not_see_is_not_read() -> None:
    body = (
        '<script>var t="<table><tr><td>9</td></tr><tr></tr></table>"</script><style>td{}</style><!-- 注释 -->'
        '<p style="color:red;DISPLAY : none">藏</p><p hidden>藏</p><span style="mso-hide:all">藏</span>'
        '<table><tr style="display:none"><td>藏</td><td>0</td></tr><tr><td>a</td><td style="display:none">藏</td><td>b</td></tr>'
        "<tr><td>c</td><td>d</td></tr></table>"
    )
    document = read_document(page(body).encode(), "f.html")
    assert lines_of(document) == []
    assert [texts_of(grid) for grid in grids_of(document)] == [[["a", "b"], ["c", "d"]]]


def test_table_pasted_from_word() -> None:
    cell = (
        '<td style="border:solid windowtext 1.0pt"><p class="MsoNormal" align="right"><b><span lang="EN-US" style='
        '"font-family:宋体">{}<o:p></o:p></span></b></p></td>'
    )
    rows = "".join(
        f"<tr>{cell.format(a)}{cell.format(b)}</tr>"
        for a, b in (("科目&nbsp;编码", "&nbsp;"), ("20\n  8", "<span>1,</span><span>234</span>"))
    )
    document = read_document(page(f'<table class="MsoNormalTable"><tbody>{rows}</tbody></table>').encode(), "f.html")
    assert texts_of(grids_of(document)[0]) == [["科目 编码", ""], ["20 8", "1,234"]]


def test_layout_table_is_taken_apart() -> None:
    body = f"<table><tr><td>首页</td><td><table><tr><td><p>收支总表</p>{TABLE}</td></tr></table></td></tr></table>"
    document = read_document(page(body).encode(), "f.html")
    assert lines_of(document) == ["首页", "收支总表"]
    assert [texts_of(grid) for grid in grids_of(document)] == [[["项目", "预算数"], ["合计", "1,234.50"]]]


def test_head_and_foot_of_a_table_stand_where_a_browser_puts_them() -> None:
    table = (
        "<table><caption>表一</caption><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tbody><tr><td>a</td><td>3</td></tr></tbody>"
        "<thead><tr><th>项目</th><th>数</th></tr></thead></table>"
    )
    document = read_document(page(table).encode(), "f.html")
    assert lines_of(document) == ["表一"]
    assert texts_of(grids_of(document)[0]) == [["项目", "数"], ["a", "3"], ["合计", "3"]]


def test_page_without_html_tag_is_read() -> None:
    assert lines_of(read_html(f"<p>表</p>{TABLE}".encode(), "f.html")) == ["表"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<div>" * 5000 + TABLE, "too_large"),
        ("<table><tr><td>" * 3000 + TABLE, "too_large"),
        ("<table>" + "<tr><td colspan=1000 rowspan=65534>x</td></tr>" * 1200 + "</table>", "too_large"),
        ("<p>" * 500_001, "too_large"),
        ("<table><tr><td> </td></tr><tr><td>&nbsp;</td></tr></table>", "empty_document"),
    ],
)
def test_refusals(body: str, code: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        read_html(page(body).encode(), "f.html")
    assert refused.value.reason_code == code
    assert "f.html" in refused.value.reason
