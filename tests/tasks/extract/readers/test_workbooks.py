"""Workbooks in the three formats: what a person sees on the visible sheets."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tasks.extract.readers.sheets import name_position
from tests.tasks.extract.readers.packed import (
    assert_well_formed,
    grids_of,
    lines_of,
    pack_ods,
    pack_xlsx,
    spans_of,
    texts_of,
)

ROWS: list[list[str | float]] = [
    ["科目编码", "科目名称", "合计", "占比"],
    ["201", "一般公共服务支出", 7055.43, 0.91205],
    ["20101", "人大事务", 1234567.5, 0.05],
    ["208", "社会保障和就业支出", -683.5, 0.0],
]
SHOWN = [
    ["科目编码", "科目名称", "合计", "占比"],
    ["201", "一般公共服务支出", "7,055.43", "91.21%"],
    ["20101", "人大事务", "1,234,567.50", "5.00%"],
    ["208", "社会保障和就业支出", "-683.50", "0.00%"],
]


def write_xlsx() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("支出总表")
        amount, percent = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.00%"})
        sheet.merge_range(0, 0, 0, 3, "支出总表")
        for row, values in enumerate(ROWS, start=1):
            for col, value in enumerate(values):
                sheet.write(row, col, value, {2: amount, 3: percent}.get(col))
        hidden = book.add_worksheet("草稿")
        hidden.write(0, 0, "不公开")
        hidden.hide()
    return stream.getvalue()


def write_xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("支出总表")
    amount, percent = xlwt.easyxf(num_format_str="#,##0.00"), xlwt.easyxf(num_format_str="0.00%")
    sheet.write_merge(0, 0, 0, 3, "支出总表")
    for row, values in enumerate(ROWS, start=1):
        for col, value in enumerate(values):
            sheet.write(row, col, value, {2: amount, 3: percent}.get(col, xlwt.XFStyle()))
    hidden = book.add_sheet("草稿")
    hidden.write(0, 0, "不公开")
    hidden.visibility = 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_ods() -> bytes:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    rows = [
        [
            cell("支出总表", 'table:number-columns-spanned="4"'),
            '<table:covered-table-cell table:number-columns-repeated="3"/>',
        ]
    ]
    rows += [[cell(text) for text in row] for row in SHOWN]
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    filler = '<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    return pack_ods(
        f'<table:table table:name="支出总表">{body}{filler}</table:table>'
        f'<table:table table:name="草稿" table:style-name="ta2"><table:table-row>{cell("不公开")}</table:table-row></table:table>',
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>',
    )


@pytest.mark.parametrize(("write", "reader"), [(write_xlsx, "xlsx"), (write_xls, "xls"), (write_ods, "ods")])
def test_three_formats_show_the_same(write: object, reader: str) -> None:
    assert callable(write)
    document = read_document(write(), f"filing.{reader}")
    assert document.reader == reader
    assert_well_formed(document)
    assert lines_of(document) == ["支出总表"], "the sheet's name; the hidden sheet is not read"
    (grid,) = grids_of(document)
    assert texts_of(grid) == [["支出总表", "", "", ""], *SHOWN]
    assert spans_of(grid) == {"支出总表": (1, 4)}
    places = {cell.text: cell.locator for cell in grid.cells}
    assert places["7,055.43"] == "sheet 支出总表 C3"


def sheet_xml(cells: dict[str, str], more: str = "") -> str:
    """Cells by address (``A1``) as XML; rows are told from the addresses."""
    rows: dict[int, str] = {}
    for address, xml in cells.items():
        number = int("".join(c for c in address if c.isdigit()))
        rows[number] = rows.get(number, "") + xml.replace("<c", f'<c r="{address}"', 1)
    body = "".join(f'<row r="{number}">{xml}</row>' for number, xml in sorted(rows.items()))
    return f"<sheetData>{body}</sheetData>{more}"


def text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def test_hidden_rows_and_columns_are_not_read() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("s")
        for row in range(4):
            for col in range(4):
                sheet.write(row, col, name_position(row, col))
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xlsx"))
    assert texts_of(grid) == [["A1", "B1", "D1"], ["A3", "B3", "D3"], ["A4", "B4", "D4"]]


def test_hidden_row_in_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for row in range(3):
        sheet.write(row, 0, f"a{row}")
        sheet.write(row, 1, f"b{row}")
    sheet.row(1).hidden = 1
    sheet.row(1).height_mismatch = 1
    stream = io.BytesIO()
    book.save(stream)
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xls"))
    assert texts_of(grid) == [["a0", "b0"], ["a2", "b2"]]


def test_merged_range_whose_first_column_is_hidden_shows_in_the_rest() -> None:
    more = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    cells = {"A1": text_cell("标题"), "A2": text_cell("x"), "B2": text_cell("y"), "C2": text_cell("z")}
    inner = '<cols><col min="1" max="1" hidden="1"/></cols>' + sheet_xml(cells, more)
    (grid,) = grids_of(read_document(pack_xlsx({"s": inner}), "f.xlsx"))
    assert texts_of(grid) == [["标题", ""], ["y", "z"]]


def test_tables_between_blank_rows_and_bordered_blank_rows_inside_one() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("s")
        framed = book.add_format({"border": 1})
        for row in (0, 1, 3, 6, 7):
            sheet.write(row, 0, f"a{row}", framed)
            sheet.write(row, 1, f"b{row}", framed)
        sheet.write_blank(2, 0, None, framed)
        sheet.write(5, 3, "单位：万元")
    document = read_document(stream.getvalue(), "f.xlsx")
    assert_well_formed(document)
    first, second = grids_of(document)
    assert texts_of(first) == [["a0", "b0"], ["a1", "b1"], ["", ""], ["a3", "b3"]]
    assert texts_of(second) == [["", "", "", "单位：万元"], ["a6", "b6", "", ""], ["a7", "b7", "", ""]]
    assert second.col_edges_points[:3] == first.col_edges_points


def test_text_stays_as_stored() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("s")
        sheet.write_string(0, 0, "0201")
        sheet.write_string(0, 1, "1,234.00")
        sheet.write_rich_string(0, 2, "其中", book.add_format({"bold": True}), "：项目")
        sheet.write_boolean(0, 3, True)
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xlsx"))
    assert texts_of(grid) == [["0201", "1,234.00", "其中：项目", "TRUE"]]


def test_cached_value_of_a_formula_is_read() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("s")
        sheet.write(0, 0, "合计")
        sheet.write_formula(0, 1, "=1+2", book.add_format({"num_format": "0.00"}), 3)
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xlsx"))
    assert texts_of(grid) == [["合计", "3.00"]]


def test_workbook_that_was_never_calculated_is_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = "合计", "=1+2"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(UnusableInput) as refused:
        read_document(stream.getvalue(), "f.xlsx")
    assert refused.value.reason_code == "uncalculated_workbook"


def test_rows_and_cells_without_addresses() -> None:
    inner = f"<sheetData><row>{text_cell('a')}{text_cell('b')}</row><row>{text_cell('c')}<c><v>1.5</v></c></row></sheetData>"
    (grid,) = grids_of(read_document(pack_xlsx({"s": inner}), "f.xlsx"))
    assert texts_of(grid) == [["a", "b"], ["c", "1.5"]]


def test_date_is_shown_by_its_format() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = "日期", datetime.date(2024, 2, 29)
    sheet["B1"].number_format = 'yyyy"年"m"月"d"日"'
    stream = io.BytesIO()
    book.save(stream)
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xlsx"))
    assert texts_of(grid) == [["日期", "2024年2月29日"]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=2, max_size=4), min_size=1, max_size=5))
def test_amounts_survive_being_stored_as_binary_numbers(rows: list[list[Decimal]]) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("s")
        amount = book.add_format({"num_format": "#,##0.00"})
        for row, values in enumerate(rows):
            for col, value in enumerate(values):
                sheet.write_number(row, col, float(value), amount)
    (grid,) = grids_of(read_document(stream.getvalue(), "f.xlsx"))
    shown = {(cell.row, cell.col): Decimal(cell.text.replace(",", "")) for cell in grid.cells}
    assert shown == {(row, col): value for row, values in enumerate(rows) for col, value in enumerate(values)}


def test_giant_dimensions_cost_nothing() -> None:
    cells = {"A1": text_cell("a"), "B1": text_cell("b")}
    more = '<mergeCells><mergeCell ref="A1:A1"/><mergeCell ref="B1:XFD1048576"/></mergeCells>'
    inner = '<dimension ref="A1:XFD1048576"/>' + sheet_xml(cells, more)
    document = read_document(pack_xlsx({"s": inner}), "f.xlsx")
    assert_well_formed(document)
    assert [cell.text for cell in grids_of(document)[0].cells] == ["a", "b"]


def test_cells_at_the_far_corners_are_refused() -> None:
    cells = {"A1": text_cell("a"), "XFD1": text_cell("b")} | {f"A{n}": text_cell("x") for n in range(2, 100)}
    with pytest.raises(UnusableInput) as refused:
        read_document(pack_xlsx({"s": sheet_xml(cells)}), "f.xlsx")
    assert refused.value.reason_code == "too_large"


def ods_with_cell(row: str, cell: str) -> bytes:
    return pack_ods(
        f'<table:table table:name="s"><table:table-row {row}><table:table-cell {cell}><text:p>9</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )


def test_ods_row_repeated_without_end_is_refused() -> None:
    with pytest.raises(UnusableInput) as refused:
        read_document(ods_with_cell('table:number-rows-repeated="999999999"', ""), "f.ods")
    assert refused.value.reason_code == "too_large"


def test_ods_cell_repeated_without_end_ends_with_the_sheet() -> None:
    (grid,) = grids_of(read_document(ods_with_cell("", 'table:number-columns-repeated="999999999"'), "f.ods"))
    assert grid.col_count == 16_384


def test_sheets_that_show_nothing() -> None:
    for content in (
        pack_xlsx({"s": "<sheetData/>"}),
        pack_xlsx({"s": sheet_xml({"A1": text_cell("x")})}, states={"s": "veryHidden"}),
    ):
        with pytest.raises(UnusableInput) as refused:
            read_document(content, "f.xlsx")
        assert refused.value.reason_code == "empty_document"


def test_ods_with_a_password() -> None:
    content = pack_ods("<table:table/>")
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    with pytest.raises(UnusableInput) as refused:
        read_document(stream.getvalue(), "f.ods")
    assert refused.value.reason_code == "encrypted_document"
