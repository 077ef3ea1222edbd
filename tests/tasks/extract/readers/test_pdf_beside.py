"""Tables that stand beside each other are read one after the other, each with its own title, unit and note."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from filings.documents import Grid
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.drawn import draw_pdf, rule_table, write

LEFT = (40.0, 100.0, 200.0, 280.0)
RIGHT = (300.0, 360.0, 460.0, 540.0)


def blocks(*words: tuple[float, float, str], right_rows: tuple[float, ...] = (120.0, 142.0, 164.0)) -> list[str]:
    """The lines of a page with two tables, and the first cell of each table in brackets."""

    def page(canvas: Canvas) -> None:
        rule_table(canvas, LEFT, (120.0, 142.0, 164.0, 186.0))
        rule_table(canvas, RIGHT, right_rows)
        write(canvas, 45, 124, "左")
        write(canvas, 305, right_rows[0] + 4, "右")
        for left, top, text in words:
            write(canvas, left, top, text)

    return [
        f"[{block.cells[0].text}]" if isinstance(block, Grid) else block.text
        for _, block in read_document(draw_pdf(page), "drawn.pdf").blocks()
    ]


def test_titles_units_and_notes_on_one_line_belong_to_their_tables() -> None:
    read = blocks(
        (100, 60, "云岭市林业和草原局二〇二五年部门预算公开附表之一"),
        (120, 80, "部门支出总表"), (380, 80, "政府性基金预算支出表"),
        (220, 100, "单位：万元"), (480, 100, "单位：元"),
        (45, 192, "注：甲"), (305, 192, "注：乙"),
        (288, 780, "3"),
    )  # fmt: skip
    assert read == [
        "云岭市林业和草原局二〇二五年部门预算公开附表之一",
        "部门支出总表", "单位：万元", "[左]", "注：甲",
        "政府性基金预算支出表", "单位：元", "[右]", "注：乙",
        "3",
    ]  # fmt: skip


def test_a_lower_table_keeps_the_lines_over_it() -> None:
    words = ((120.0, 100.0, "部门支出总表"), (380.0, 124.0, "政府性基金预算支出表"))
    read = blocks(*words, right_rows=(142.0, 164.0, 186.0, 208.0))
    assert read == ["部门支出总表", "[左]", "政府性基金预算支出表", "[右]"]


def test_a_common_title_stands_before_both() -> None:
    assert blocks((200, 80, "部门收支总表（云岭市林业和草原局）"), (220, 100, "单位：万元")) == [
        "部门收支总表（云岭市林业和草原局）",
        "单位：万元",
        "[左]",
        "[右]",
    ]


def test_tables_that_only_overlap_a_little_are_read_from_top_to_bottom() -> None:
    read = blocks((45.0, 200.0, "之后"), right_rows=(180.0, 202.0, 224.0, 246.0))
    assert read == ["[左]", "[右]", "之后"]
