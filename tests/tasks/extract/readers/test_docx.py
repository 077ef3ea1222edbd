"""Word documents: what Word shows is read, in order, and nothing else."""

from __future__ import annotations

import pytest

from filings.errors import UnusableInput
from tasks.extract.readers import read_document
from tests.tasks.extract.readers.packed import (
    assert_well_formed,
    grids_of,
    lines_of,
    pack_docx,
    spans_of,
    texts_of,
)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def across(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


def lines(body: str, styles: str = "", numbering: str = "") -> list[str]:
    return lines_of(read_document(pack_docx(body, styles, numbering), "filing.docx"))


def test_body_in_order_with_locators() -> None:
    document = read_document(pack_docx(p("前") + tbl(tr(tc("a"), tc("b"))) + p("") + p("后")), "filing.docx")
    assert document.reader == "docx"
    assert document.media_type.endswith("wordprocessingml.document")
    (page,) = document.pages
    assert page.number is None
    assert [block.locator for block in page.blocks if hasattr(block, "locator")] == ["paragraph 1", "paragraph 3"]
    assert [cell.locator for cell in grids_of(document)[0].cells] == ["table 1 row 1 cell 1", "table 1 row 1 cell 2"]
    assert lines_of(document) == ["前", "后"]


def test_merged_cells_are_spans() -> None:
    table = tbl(
        tr(tc("项目", DOWN), tc("预算数", across(2))),
        tr(tc("", ON), tc("基本"), tc("项目支出")),
        tr(tc("x", DOWN), tc("1"), tc("2")),
        tr(tc("", ON), tc("3"), tc("4")),
        widths=(2000, 1000, 1000),
    )
    document = read_document(pack_docx(table), "filing.docx")
    assert_well_formed(document)
    (grid,) = grids_of(document)
    assert spans_of(grid) == {"项目": (2, 1), "预算数": (1, 2), "x": (2, 1)}
    assert texts_of(grid)[3] == ["", "3", "4"]
    assert grid.col_edges_points == (0, 100, 150, 200)


def test_merge_down_that_does_not_fit_is_a_cell_of_its_own() -> None:
    table = tbl(tr(tc("a", DOWN + across(2)), tc("b")), tr(tc("c", ON), tc("d"), tc("e")))
    document = read_document(pack_docx(table), "filing.docx")
    assert_well_formed(document)
    assert texts_of(grids_of(document)[0])[1] == ["c", "d", "e"]


def test_row_that_begins_further_right() -> None:
    table = tbl(tr(tc("a"), tc("b"), tc("c")), tr(tc("x"), properties='<w:gridBefore w:val="2"/>'))
    assert texts_of(grids_of(read_document(pack_docx(table), "f.docx"))[0])[1] == ["", "", "x"]


def test_old_horizontal_merge() -> None:
    table = tbl(
        tr(tc("合计", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("9")), tr(tc("a"), tc("b"), tc("1"))
    )
    assert spans_of(grids_of(read_document(pack_docx(table), "f.docx"))[0]) == {"合计": (1, 2)}


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>12.00</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>13.00</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>别处</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo></w:p>"
    )
    assert lines(body) == ["支出13.00万元"]
    table = tbl(tr(tc("a"), tc("1")), tr(tc("gone"), tc("2"), properties="<w:del/>"), tr(tc("b"), tc("3")))
    assert texts_of(grids_of(read_document(pack_docx(table), "f.docx"))[0]) == [["a", "1"], ["b", "3"]]


def test_deleted_paragraph_end_joins_two_paragraphs() -> None:
    body = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>收支</w:t></w:r></w:p>" + p("总表")
    assert lines(body) == ["收支总表"]


def test_hidden_text_is_not_read() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="q"><w:name w:val="q"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="q2"><w:name w:val="q2"/><w:basedOn w:val="q"/></w:style>'
    )
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r><w:r><w:rPr><w:rStyle w:val='h'/></w:rPr><w:t>y</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>shown</w:t></w:r></w:p>"
        + p("z", '<w:pStyle w:val="q2"/>')
        + '<w:p><w:pPr><w:pStyle w:val="q2"/></w:pPr><w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>again</w:t></w:r></w:p>'
    )
    assert lines(body, styles) == ["shown", "again"]


def test_field_results_are_read_and_codes_are_not() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:fldSimple w:instr="DATE"><w:r><w:t>页</w:t></w:r></w:fldSimple><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink></w:p>'
    )
    assert lines(body) == ["7页链"]


def test_text_box_is_read_once() -> None:
    inner = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>收支总表</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert lines(body) == ["收支总表", "单位：万元"]


def test_content_controls_breaks_tabs_and_symbols() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('目录')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>一</w:t><w:tab/><w:t>3</w:t><w:br/><w:t>二</w:t><w:noBreakHyphen/>"
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Arial" w:char="2013"/></w:r></w:p>'
    )
    assert lines(body) == ["目录", "一\t3", "二-–"]


def test_headings_by_style_name_outline_level_and_inheritance() -> None:
    styles = (
        '<w:style w:styleId="a"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="自定"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:name w:val="c"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr><w:basedOn w:val="a"/></w:style>'
    )
    body = (
        p("1", '<w:pStyle w:val="a"/>') + p("2", '<w:pStyle w:val="b"/>') + p("3", '<w:pStyle w:val="c"/>')
        + p("4", '<w:outlineLvl w:val="0"/>') + p("5")
    )  # fmt: skip
    document = read_document(pack_docx(body, styles), "f.docx")
    assert [getattr(block, "is_heading", None) for _, block in document.blocks()] == [True, True, False, True, False]


def test_styles_in_a_ring() -> None:
    styles = (
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    assert lines(p("x", '<w:pStyle w:val="a"/>'), styles) == ["x"]


def test_list_numbers_are_printed() -> None:
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>'
    )
    numbering = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'

    def item(text: str, level: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')

    body = item("职能", 0) + item("机构", 1) + item("人员", 1) + p("") + item("预算", 0) + item("收入", 1)
    assert lines(body, numbering=numbering) == ["一、职能", "（一）机构", "（二）人员", "二、预算", "（一）收入"]


def test_table_that_only_arranges_tables_is_taken_apart() -> None:
    inner = tbl(tr(tc("项目"), tc("预算数")), tr(tc("合计"), tc("5")))
    outer = f"<w:tbl><w:tr><w:tc>{p('收支总表')}{inner}{p('注')}</w:tc></w:tr></w:tbl>"
    document = read_document(pack_docx(outer), "f.docx")
    assert lines_of(document) == ["收支总表", "注"]
    assert [texts_of(grid) for grid in grids_of(document)] == [[["项目", "预算数"], ["合计", "5"]]]


def test_small_table_in_a_cell_follows_its_table() -> None:
    inner = tbl(tr(tc("x"), tc("y")))
    outer = tbl(tr(tc("a"), tc("b"), tc("c")), f"<w:tr>{tc('d')}<w:tc>{p('e')}{inner}{p('')}</w:tc>{tc('f')}</w:tr>")
    document = read_document(pack_docx(outer), "f.docx")
    assert [texts_of(grid) for grid in grids_of(document)] == [[["a", "b", "c"], ["d", "e", "f"]], [["x", "y"]]]


def test_frame_around_text_is_text() -> None:
    assert lines(tbl(tr(tc("第一段")), tr(tc("第二段")))) == ["第一段", "第二段"]


def test_strict_namespace_is_read_alike() -> None:
    strict = pack_docx(p("收支总表"), namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert lines_of(read_document(strict, "f.docx")) == ["收支总表"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (p(""), "empty_document"),
        ("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>", "needs_ocr"),
        ("<w:p><w:r><w:t>unfinished", "damaged_document"),
        ("<w:tbl><w:tr><w:tc>" * 90 + p("x") + "</w:tc></w:tr></w:tbl>" * 90, "damaged_document"),
    ],
)
def test_refusals(body: str, code: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        read_document(pack_docx(body), "filing.docx")
    assert refused.value.reason_code == code
    assert "filing.docx" in refused.value.reason


@pytest.mark.parametrize(
    ("width", "height", "unread"), [(5_000_000, 3_000_000, 1), (1_500_000, 1_500_000, 0), (5_000_000, 300_000, 0)]
)
def test_pictures_that_may_hold_a_table_are_reported(width: int, height: int, unread: int) -> None:
    drawing = f"<w:drawing><a:extent cx='{width}' cy='{height}'/><a:blip/></w:drawing>"
    document = read_document(pack_docx(f"<w:p><w:r><w:t>收支总表</w:t></w:r><w:r>{drawing}</w:r></w:p>"), "filing.docx")
    assert document.unread_pictures == unread
