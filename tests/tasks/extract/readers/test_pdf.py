"""Pages of PDFs: grids, merged cells, loose rows, rotation, and what a person does not see."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from filings.documents import Cell, Document, Grid, Line
from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.drawn import (
    COLS,
    HEIGHT,
    ROWS,
    WIDTH,
    draw_pdf,
    draw_small_pdf,
    draw_statement,
    rule_cells_by_rectangles,
    rule_table,
    write,
)
from tests.tasks.extract.readers.plumber_marks import read_pages_by_plumber


def read(*pages: object) -> Document:
    return read_document(draw_pdf(*pages), "drawn.pdf")  # type: ignore[arg-type]


def grids(document: Document) -> list[Grid]:
    return [block for _, block in document.blocks() if isinstance(block, Grid)]


def lines(document: Document) -> list[str]:
    return [block.text for _, block in document.blocks() if isinstance(block, Line)]


def texts(grid: Grid) -> list[list[str]]:
    table = [[""] * grid.col_count for _ in range(grid.row_count)]
    for cell in grid.cells:
        table[cell.row][cell.col] = cell.text
    return table


def all_text(document: Document) -> str:
    return "\n".join(lines(document) + [cell.text for grid in grids(document) for cell in grid.cells])


def test_statement_is_read_with_merged_cells_lines_and_boxes() -> None:
    document = read(draw_statement)
    (page,) = document.pages
    assert (page.number, page.has_text, document.reader) == (1, True, "pdf")
    assert [type(block).__name__ for block in page.blocks] == ["Line", "Line", "Grid"]
    assert lines(document) == ["支出总表", "单位：万元"]
    (grid,) = grids(document)
    assert (grid.row_count, grid.col_count) == (4, 4)
    assert grid.col_edges_points == pytest.approx(COLS, abs=0.6)
    merged = {cell.text: (cell.row_span, cell.col_span) for cell in grid.cells if cell.row_span * cell.col_span > 1}
    assert merged == {"编码": (2, 1), "名称": (2, 1), "预算数": (1, 2)}
    assert texts(grid)[2] == ["201", "一般公共服务支出", "1,234.50", "0.00"]
    assert texts(grid)[3] == ["合计", "", "1,234.50", ""]


def test_cell_box_is_that_of_the_printed_text() -> None:
    (grid,) = grids(read(draw_statement))
    (cell,) = [cell for cell in grid.cells if cell.text == "0.00"]
    assert cell.box is not None
    assert cell.box.left == pytest.approx(405, abs=0.1)
    assert cell.box.top > ROWS[2]
    assert cell.box.bottom < ROWS[3] + 0.5
    assert cell.box.right < 430
    assert all(cell.box is not None for cell in grid.cells)


def test_borders_drawn_as_thin_rectangles_make_no_phantom_rows_or_columns() -> None:
    def page(canvas: Canvas) -> None:
        rule_cells_by_rectangles(canvas, COLS, ROWS)
        for row, top in enumerate(ROWS[:-1]):
            for col, left in enumerate(COLS[:-1]):
                write(canvas, left + 6, top + 5, f"{row}{col}")

    (grid,) = grids(read(page))
    assert texts(grid) == [[f"{row}{col}" for col in range(4)] for row in range(4)]
    assert all(cell.row_span == cell.col_span == 1 for cell in grid.cells)


def test_shading_of_cells_is_not_a_border_when_white() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(1.0)
        canvas.rect(40, HEIGHT - 400, 500, 360, stroke=0, fill=1)
        canvas.setFillGray(0.0)
        draw_statement(canvas)

    document = read(page)
    assert [(grid.row_count, grid.col_count) for grid in grids(document)] == [(4, 4)]
    assert lines(document) == ["支出总表", "单位：万元"]


def test_row_above_the_first_rule_and_below_the_last_belongs_to_the_grid() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, COLS, ROWS)
        for left, text in ((65, "2010101"), (135, "行政运行"), (305, "12.30")):
            write(canvas, left, ROWS[0] - 16, text)
        for left, text in ((65, "2010102"), (135, "机关服务"), (405, "4.00")):
            write(canvas, left, ROWS[1] + 4, text)
        for left, text in ((65, "合计"), (305, "12.30"), (405, "4.00")):
            write(canvas, left, ROWS[-1] + 4, text)
        write(canvas, 280, 780, "- 7 -")

    document = read(page)
    (grid,) = grids(document)
    assert texts(grid)[0] == ["2010101", "行政运行", "12.30", ""]
    assert texts(grid)[2] == ["2010102", "机关服务", "", "4.00"]
    assert texts(grid)[-1] == ["合计", "", "12.30", "4.00"]
    assert grid.row_count == 6
    assert lines(document) == ["- 7 -"]


@pytest.mark.parametrize(
    "words",
    [
        ((200, "支出总表"),),
        ((65, "部门公开表1"), (440, "单位：万元")),
        ((65, "注：本表金额转换时可能存在尾数误差 12.30"),),
        ((65, "2024"),),
        ((135, "云岭市林草局"), (420, "3")),
        ((65, "2025"), (405, "第3页")),
        ((65, "打印日期："), (305, "2025.02")),
    ],
    ids=["title", "tag and unit", "note across columns", "number alone", "name and page", "year and page", "date"],
)
def test_text_above_a_grid_that_is_no_row_stays_outside(words: tuple[tuple[float, str], ...]) -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, COLS, ROWS)
        write(canvas, 65, ROWS[0] + 4, "201")
        for left, text in words:
            write(canvas, left, ROWS[0] - 16, text)

    document = read(page)
    (grid,) = grids(document)
    assert grid.row_count == 4
    assert len(lines(document)) == 1


def test_pages_shown_rotated_read_like_upright_ones() -> None:
    (upright,) = grids(read(draw_statement))

    def sideways(degrees: int) -> Document:
        def page(canvas: Canvas) -> None:
            canvas.setPageRotation(degrees)  # reportlab keeps the shown page upright and turns the sheet under it
            turn = {90: (0, 1, -1, 0, HEIGHT, 0), 180: (-1, 0, 0, -1, WIDTH, HEIGHT), 270: (0, -1, 1, 0, 0, WIDTH)}
            canvas.transform(*turn[degrees])
            draw_statement(canvas)

        return read(page)

    for degrees in (90, 180, 270):
        document = sideways(degrees)
        shown = document.pages[0]
        assert (shown.width_points, shown.height_points) == pytest.approx((WIDTH, HEIGHT), abs=0.1)
        (turned,) = grids(document)
        assert lines(document) == ["支出总表", "单位：万元"]
        assert texts(turned) == texts(upright), degrees
        assert turned.col_edges_points == pytest.approx(upright.col_edges_points, abs=0.2)
        pairs = zip(turned.cells, upright.cells, strict=True)
        assert all(one.box == pytest.approx(two.box, abs=0.2) for one, two in pairs if one.text)


def test_overprinted_characters_are_read_once_and_doubled_digits_kept() -> None:
    def page(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.5):
            write(canvas, 100 + shift, 100, "合计 1,100.00")

    assert lines(read(page)) == ["合计 1,100.00"]


def test_hidden_text_is_not_read() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 100, 100, "看得见")
        text = canvas.beginText(100, HEIGHT - 130)
        text.setTextRenderMode(3)
        text.textOut("隐形")
        text.setTextRenderMode(0)
        canvas.drawText(text)
        canvas.setFillGray(1.0)
        write(canvas, 100, 150, "白字")
        canvas.setFillGray(0.0)
        write(canvas, 900, 100, "页外")
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(90, HEIGHT - 220, 60, 40)
        canvas.clipPath(clip, stroke=0, fill=0)
        canvas.setFont("STSong-Light", 10)
        write(canvas, 100, 195, "剪内")
        write(canvas, 200, 195, "剪外")
        canvas.restoreState()
        write(canvas, 100, 250, "被盖")
        canvas.setFillGray(1.0)
        canvas.rect(90, HEIGHT - 270, 100, 30, stroke=0, fill=1)

    assert lines(read(page)) == ["看得见", "剪内"]


def test_white_text_on_a_dark_ground_is_read() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.2)
        canvas.rect(90, HEIGHT - 130, 200, 40, stroke=0, fill=1)
        canvas.setFillGray(1.0)
        write(canvas, 100, 100, "白字黑底")

    assert "白字黑底" in all_text(read(page))


def test_pale_text_askew_is_a_watermark_and_not_read() -> None:
    def page(canvas: Canvas) -> None:
        draw_statement(canvas)
        for grey, degrees, top, text in ((0.7, 30, 165, "水印"), (0.7, 90, 400, "侧边"), (0.0, 30, 500, "斜章")):
            canvas.saveState()
            canvas.setFillGray(grey)
            canvas.translate(320, HEIGHT - top)
            canvas.rotate(degrees)
            canvas.drawString(0, 0, text)
            canvas.restoreState()

    text = all_text(read(page))
    assert "水印" not in text
    assert "侧" in text
    assert "斜" in text


def test_a_number_cut_off_by_the_edge_of_the_page_is_no_number() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 300.0, WIDTH + 40), (100.0, 122.0, 144.0))
        for top, amount in ((104, "1,320.99"), (126, "77.10")):
            write(canvas, 65, top, "项目支出")
            write(canvas, WIDTH - (28 if top == 104 else 40), top, amount)

    text = all_text(read(page))
    assert "\N{REPLACEMENT CHARACTER}" in text
    assert "1,320.9" not in text
    assert "77.10" in text


def test_page_without_visible_text_is_marked_and_a_document_of_such_pages_refused() -> None:
    def picture(canvas: Canvas) -> None:
        canvas.setFillGray(0.5)
        canvas.rect(100, 100, 300, 300, stroke=0, fill=1)

    mixed = read(draw_statement, picture)
    assert [page.has_text for page in mixed.pages] == [True, False]
    with pytest.raises(UnusableInput) as refused:
        read(picture)
    assert refused.value.reason_code == "no_text_layer"


def test_radicals_stay_as_printed() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 100, 100, "行政运行⼈员⻅习")

    text = all_text(read(page))
    assert "行政运行" in text


def test_wrapped_cell_text_keeps_its_line_breaks() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 160.0, 260.0), (100.0, 150.0, 172.0))
        write(canvas, 65, 104, "因公出国")
        write(canvas, 65, 122, "（境）费")
        write(canvas, 165, 112, "3.50")

    (grid,) = grids(read(page))
    assert texts(grid)[0] == ["因公出国\n（境）费", "3.50"]


def test_frame_with_one_column_is_a_grid_and_a_single_cell_is_text() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 500.0), (100.0, 122.0, 144.0, 166.0))
        for index, top in enumerate((104, 126, 148)):
            write(canvas, 70, top, f"第{index + 1}部分")
        rule_table(canvas, (60.0, 500.0), (300.0, 400.0))
        write(canvas, 70, 320, "方框内的文字")

    document = read(page)
    (grid,) = grids(document)
    assert [cell.text for cell in grid.cells] == ["第1部分", "第2部分", "第3部分"]
    assert lines(document) == ["方框内的文字"]


def test_text_where_no_cell_is_ruled_is_not_lost() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 160.0, 260.0), (100.0, 122.0))
        rule_table(canvas, (60.0, 160.0), (122.0, 144.0))
        write(canvas, 65, 104, "甲")
        write(canvas, 165, 104, "1.00")
        write(canvas, 65, 126, "乙")
        write(canvas, 165, 126, "2.00")

    (grid,) = grids(read(page))
    assert texts(grid) == [["甲", "1.00"], ["乙", "2.00"]]


def test_single_characters_in_a_font_that_is_nowhere_are_read_all_the_same() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 160.0, 260.0), (100.0, 122.0, 144.0))
        for left, top, text in ((65, 104, "类"), (165, 104, "款"), (65, 126, "1"), (165, 126, "12")):
            write(canvas, left, top, text)

    (grid,) = grids(read(page))
    assert texts(grid) == [["类", "款"], ["1", "12"]]


def test_grids_touching_and_apart_keep_reading_order() -> None:
    def page(canvas: Canvas) -> None:
        rule_table(canvas, (60.0, 160.0, 260.0), (100.0, 122.0, 144.0))
        write(canvas, 65, 104, "上")
        write(canvas, 65, 180, "中")
        rule_table(canvas, (60.0, 160.0, 260.0), (210.0, 232.0, 254.0))
        write(canvas, 65, 214, "下")

    blocks = read(page).pages[0].blocks
    assert [type(block).__name__ for block in blocks] == ["Grid", "Line", "Grid"]


def test_reading_is_deterministic() -> None:
    content = draw_small_pdf()
    assert read_document(content, "a.pdf") == read_document(content, "b.pdf")


def test_pdfium_and_pdfminer_give_the_same_grids() -> None:
    def rectangles(canvas: Canvas) -> None:
        rule_cells_by_rectangles(canvas, COLS, ROWS)
        for row, top in enumerate(ROWS[:-1]):
            for col, left in enumerate(COLS[:-1]):
                write(canvas, left + 6, top + 5, f"{row},{col}00.5")

    content = draw_pdf(draw_statement, rectangles)
    ours, theirs = read_document(content, "drawn.pdf").pages, read_pages_by_plumber(content)
    compared = 0
    for our_page, their_page in zip(ours, theirs, strict=True):
        our_cells, their_cells = (
            [cell for block in page.blocks if isinstance(block, Grid) for cell in block.cells]
            for page in (our_page, their_page)
        )
        for one, two in zip(our_cells, their_cells, strict=True):
            assert _place(one) == _place(two)
            assert one.box == pytest.approx(two.box, abs=3.0)
            compared += 1
    assert compared == 13 + 16


def _place(cell: Cell) -> tuple[int, int, int, int, str]:
    return cell.row, cell.col, cell.row_span, cell.col_span, cell.text
