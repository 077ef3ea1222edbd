"""Tables without ruling lines, or with some of them: the same cells as in a ruled one."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Grid, Line
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.drawn import HEIGHT, draw_pdf, rule_table, write

COLS = [60.0, 130.0, 300.0, 370.0, 440.0, 510.0]
TOP, STEP = 120.0, 20.0
HEADER = [["项目", "", "金额", "", ""], ["编码", "名称", "合计", "基本支出", "项目支出"]]
ROWS = [
    ["", "合计", "4,321.01", "3,000.02", "1,320.99"],
    ["213", "农林水支出", "4,000.11", "2,800.12", "1,199.99"],
    ["21302", "林业和草原", "4,000.11", "", "1,199.99"],
    ["221", "住房保障支出", "320.90", "199.90", "121.00"],
]
SPANS = {(0, 0): 2, (0, 2): 3}
"""Labels centred over several columns: row and column of the first, and how many."""


def _draw(canvas: Canvas) -> None:
    write(canvas, 250, TOP - 50, "部门支出总表")
    write(canvas, 450, TOP - 25, "单位：万元")
    for row, texts in enumerate([*HEADER, *ROWS]):
        for col, text in enumerate(texts):
            baseline = HEIGHT - (TOP + row * STEP) - 14
            right = COLS[col + SPANS.get((row, col), 1)]
            if row < len(HEADER):
                canvas.drawCentredString((COLS[col] + right) / 2, baseline, text)
            elif col >= 2:
                canvas.drawRightString(right - 3, baseline, text)
            else:
                canvas.drawString(COLS[col] + 3, baseline, text)
    write(canvas, 60, TOP + 7 * STEP, "注：本表反映部门全部支出。")


def _rules(canvas: Canvas, kind: str) -> None:
    heights = [TOP + STEP * row for row in range(len(HEADER) + len(ROWS) + 1)]
    if kind == "rows":
        for height in heights:
            canvas.line(COLS[0], HEIGHT - height, COLS[-1], HEIGHT - height)
    elif kind == "three lines":
        for height in (heights[0], heights[len(HEADER)], heights[-1]):
            canvas.line(COLS[0], HEIGHT - height, COLS[-1], HEIGHT - height)
    elif kind == "columns":
        for left in COLS[1:-1]:
            canvas.line(left, HEIGHT - heights[len(HEADER)], left, HEIGHT - heights[-1])


@pytest.mark.parametrize("kind", ["none", "rows", "three lines", "columns"])
def test_a_table_without_all_its_lines_has_the_cells_of_a_ruled_one(kind: str) -> None:
    def page(canvas: Canvas) -> None:
        _draw(canvas)
        _rules(canvas, kind)

    (read,) = read_document(draw_pdf(page), "open.pdf").pages
    (grid,) = [block for block in read.blocks if isinstance(block, Grid)]
    lines = [block.text for block in read.blocks if isinstance(block, Line)]
    assert lines == ["部门支出总表", "单位：万元", "注：本表反映部门全部支出。"]
    texts = [["" for _ in range(5)] for _ in range(6)]
    for cell in grid.cells:
        texts[cell.row][cell.col] = cell.text
    assert texts == [*HEADER, *ROWS]
    assert {(c.row, c.col): c.col_span for c in grid.cells if c.col_span > 1} == SPANS


WRAPPED: list[tuple[str, list[str], str]] = [
    ("213", ["农林水支出"], "4,000.11"),
    ("2130206", ["林业和草原技术", "推广与转化应用"], "1,199.41"),
    ("", ["其中：本级"], ""),
    ("2080505", ["机关事业单位基本", "养老保险缴费支出", "（含职业年金）"], "160.71"),
    ("221", ["住房保障支出"], "320.51"),
    ("22102", ["住房改革支出"], "320.61"),
]
LEADING, PADDING = 12.0, 4.0


def _draw_wrapped(canvas: Canvas, beside: float, are_ruled: bool) -> None:
    """Names on several lines, codes and amounts beside the first (0), the middle (0.5) or the last (1) of them."""
    for left, at, text in (
        (60, 80, "科目"),
        (60, 92, "编码"),
        (130, 86, "科目名称"),
        (300, 80, "预算"),
        (300, 92, "数"),
    ):
        write(canvas, left, at, text)
    top = 112.0
    for code, lines, amount in WRAPPED:
        room = LEADING * (len(lines) - 1)
        for number, line in enumerate(lines):
            write(canvas, 130, top + LEADING * number, line)
        write(canvas, 60, top + beside * room, code)
        write(canvas, 300, top + beside * room, amount)
        top += room + LEADING + (0.0 if are_ruled else PADDING)
        if are_ruled:
            canvas.line(60, HEIGHT - top, 400, HEIGHT - top)


@pytest.mark.parametrize("beside", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("are_ruled", [False, True])
def test_lines_of_a_wrapped_label_are_one_row(beside: float, are_ruled: bool) -> None:
    (read,) = read_document(draw_pdf(lambda canvas: _draw_wrapped(canvas, beside, are_ruled)), "open.pdf").pages
    (grid,) = [block for block in read.blocks if isinstance(block, Grid)]
    header = [cell.text for cell in grid.cells if cell.row == 0]
    assert header == ["科目\n编码", "科目名称", "预算\n数"]
    texts = [["", "", ""] for _ in range(grid.row_count)]
    for cell in grid.cells:
        texts[cell.row][cell.col] = cell.text
    assert texts[1:] == [[code, "\n".join(lines), amount] for code, lines, amount in WRAPPED]


SMALL = [
    ["收　入", "", "支　出", ""],
    ["项　目", "预算数", "项　目", "预算数"],
    ["一、财政拨款", "1,234.50", "一、农林水支出", "1,234.50"],
]


def test_a_table_of_one_row_and_labels_set_apart_are_read() -> None:
    def page(canvas: Canvas) -> None:
        for row, texts in enumerate(SMALL):
            for left, text in zip((60, 180, 300, 420), texts, strict=True):
                write(canvas, left + 60 * (row == 0), 100 + 20 * row, text)

    (read,) = read_document(draw_pdf(page), "open.pdf").pages
    (grid,) = [block for block in read.blocks if isinstance(block, Grid)]
    cells = [(cell.row, cell.col, "".join(cell.text.split())) for cell in grid.cells if cell.text]
    squeezed = [["".join(text.split()) for text in texts] for texts in SMALL]
    assert [(row, text) for row, _, text in cells] == [
        (row, text) for row, texts in enumerate(squeezed) for text in texts if text
    ]
    assert [col for row, col, _ in cells if row > 0] == [0, 1, 2, 3] * 2


def test_labels_in_the_middle_of_two_levels_keep_their_columns() -> None:
    def page(canvas: Canvas) -> None:
        for left, top, text in (
            (95, 100, "经济分类科目"), (300, 107, "合计"), (390, 107, "基本支出"),
            (60, 114, "编码"), (150, 114, "名称"),
        ):  # fmt: skip
            write(canvas, left, top, text)
        for row, texts in enumerate(ROWS):
            for left, text in zip((60, 130, 330, 440), texts, strict=False):
                write(canvas, left, 140 + STEP * row, text)

    (read,) = read_document(draw_pdf(page), "open.pdf").pages
    (grid,) = [block for block in read.blocks if isinstance(block, Grid)]
    labels = {
        cell.text: (cell.col, cell.col_span) for cell in grid.cells if cell.row < grid.row_count - 4 and cell.text
    }
    assert labels == {"合计": (2, 1), "基本支出": (3, 1), "编码": (0, 1), "名称": (1, 1)}


@pytest.mark.parametrize("second", ["17,981.68 万元，与上年相比增加 1,454.35 万元，增 8.8%", "1.50 万元。 2.50 万元"])
def test_a_sentence_with_amounts_is_no_small_table(second: str) -> None:
    lines = ["某院 2025 年一般公共预算财政拨款支出预算", second]

    def page(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            for word, left in zip(line.split(), (60, 130, 290, 380, 440), strict=False):
                write(canvas, left, 100 + 18 * at, word)

    (read,) = read_document(draw_pdf(page), "prose.pdf").pages
    assert [block.text for block in read.blocks if isinstance(block, Line)] == lines


def test_two_open_tables_on_a_page_stay_two() -> None:
    def page(canvas: Canvas) -> None:
        for top, name in ((100.0, "部门支出总表"), (300.0, "政府性基金预算支出表")):
            write(canvas, 160, top, name)
            for at, text in enumerate(("编码", "名称", "合计", "基本支出", "项目支出")):
                write(canvas, COLS[at], top + 40, text)
            for row, texts in enumerate(ROWS):
                for col, text in enumerate(texts):
                    write(canvas, COLS[col], top + 60 + STEP * row, text)

    (read,) = read_document(draw_pdf(page), "open.pdf").pages
    assert [b.text if isinstance(b, Line) else b.row_count for b in read.blocks] == [
        "部门支出总表", 5, "政府性基金预算支出表", 5,
    ]  # fmt: skip


def test_a_table_open_at_its_sides_keeps_its_outer_columns() -> None:
    def page(canvas: Canvas) -> None:
        heights = [TOP + STEP * row for row in range(len(HEADER) + len(ROWS) + 1)]
        _draw(canvas)
        rule_table(canvas, COLS[1:-1], heights)
        _rules(canvas, "rows")

    (read,) = read_document(draw_pdf(page), "sides.pdf").pages
    (grid,) = [block for block in read.blocks if isinstance(block, Grid)]
    assert grid.col_count == 5
    assert [cell.text for cell in grid.cells if cell.row == 3] == ROWS[1]


def test_prose_full_of_numbers_is_no_table() -> None:
    lines = [
        "本部门2025年收入预算 4,321.01 万元，比上年增加 12.30 万元，增长 0.29 %，其中一般",
        "公共预算拨款 4,000.11 万元，政府性基金预算拨款 20.90 万元，其他收入 300.00 万元。",
        "支出预算 4,321.01 万元，其中基本支出 3,000.02 万元，项目支出 1,320.99 万元，均与收",
        "入预算相等，比上年增加 12.30 万元，增长 0.29 %，主要是人员增加 3 人，项目增加 2 个。",
    ]

    def page(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            write(canvas, 60, 100 + 18 * at, line)

    (read,) = read_document(draw_pdf(page), "prose.pdf").pages
    assert [block.text for block in read.blocks if isinstance(block, Line)] == lines
