"""The two kinds of text transcription."""

from __future__ import annotations

from filings.documents import Block, Cell, Grid, Line
from tasks.extract.readers.text import read_text

ROWS = """# **第一部分 概况**

<p>单位：万元</p>

<b>收 入</b>\t\t支 出\t
项目\t预算数\t项目\t预算数
一、拨款\t<b>50,308.15</b>\t一、服务

目标\t<p>第一条</p><p>第二条</p>
总计\t1<br>2
注：&lt;无&gt;
"""

CELLS = """附表
\t收支总表

\t\u3000
\t单位：万元

\t项目
\t2025年预算数比
2024年执行数

\t合计
\t 12.30\u3000

注：以上为合计。


\t合计
\t

\t甲
\t1


\t乙
\t2
"""


def blocks(text: str) -> list[Block]:
    (page,) = read_text(text).pages
    assert page.number is None
    return list(page.blocks)


def table(grid: Block) -> list[list[str]]:
    assert isinstance(grid, Grid)
    assert grid.has_spans is False
    rows: list[list[str]] = [[] for _ in range(grid.row_count)]
    for cell in grid.cells:
        assert cell.col == len(rows[cell.row])
        rows[cell.row].append(cell.text)
    return rows


def test_rows_of_tabs_are_grids_without_markup() -> None:
    heading, unit, first, second, note = blocks(ROWS)
    assert heading == Line("第一部分 概况", locator="line 1", is_heading=True)
    assert unit == Line("单位：万元", locator="line 3")
    assert table(first) == [
        ["收 入", "", "支 出", ""],
        ["项目", "预算数", "项目", "预算数"],
        ["一、拨款", "50,308.15", "一、服务"],
    ]
    assert isinstance(first, Grid)
    assert first.col_count == 4
    assert table(second) == [["目标", "第一条\n第二条"], ["总计", "1\n2"]]
    assert note == Line("注：<无>", locator="line 11")


def test_rows_of_tabs_say_their_line_and_cell() -> None:
    first = blocks(ROWS)[2]
    assert isinstance(first, Grid)
    assert Cell(2, 1, "50,308.15", locator="line 7 cell 2") in first.cells


def test_line_endings_do_not_change_the_reading() -> None:
    assert read_text(ROWS.replace("\n", "\r\n")) == read_text(ROWS)


def test_cells_of_lines_are_grids() -> None:
    title, first, note, second, third = blocks(CELLS)
    assert title == Line("附表", locator="line 1")
    assert table(first) == [
        ["收支总表"],
        ["", "单位：万元"],
        ["项目", "2025年预算数比\n2024年执行数"],
        ["合计", "12.30"],
    ]
    assert note == Line("注：以上为合计。", locator="line 14")
    assert table(second) == [["合计", ""], ["甲", "1"]]
    assert table(third) == [["乙", "2"]]


def test_cells_of_lines_say_the_line_of_their_first_line() -> None:
    first = blocks(CELLS)[1]
    assert isinstance(first, Grid)
    locators = {cell.text: cell.locator for cell in first.cells}
    assert locators["2025年预算数比\n2024年执行数"] == "line 8 cell 2"
    assert locators["12.30"] == "line 12 cell 2"


def test_the_kind_is_told_from_the_whole_file() -> None:
    assert read_text(ROWS).reader == "text_rows"
    assert read_text(CELLS).reader == "text_cells"
    assert read_text("只有文字\n没有表格\n").pages[0].blocks == (
        Line("只有文字", locator="line 1"),
        Line("没有表格", locator="line 2"),
    )


def test_rows_between_strokes_are_grids_and_border_lines_are_none() -> None:
    title, piped, boxed, prose = blocks(
        "## 支出总表\n\n| 编码 | 名称 | 合计 |\n|:--|---|--:|\n| 213 | 甲\\|乙 | 1.50 |\n| 合计 | | **1.50** |\n\n"
        "┌──┬──┐\n│项目│金额│\n├──┼──┤\n│甲│2.50│\n└──┴──┘\n\n收入|支出\n"
    )
    assert isinstance(title, Line)
    assert table(piped) == [["编码", "名称", "合计"], ["213", "甲|乙", "1.50"], ["合计", "", "1.50"]]
    assert table(boxed) == [["项目", "金额"], ["甲", "2.50"]]
    assert prose == Line("收入|支出", locator="line 14")
