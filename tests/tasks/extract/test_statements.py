"""Which tables are statements: titles, contents pages, missing and empty statements, notes and units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filings.documents import Grid
from filings.errors import UnusableInput
from tasks.extract.statements import find_statements
from tests.tasks.extract.made_documents import document, extract, items, table

COVER = ["某市某局2025年部门预算"]
SPENDING = """
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
    201 | 一般公共服务支出 | 6.00 | 3.00 | 3.00
"""
EMPTY = """
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
     |  |  |  |
"""
CONTENTS = [
    "目录",
    "一、部门收支总表",
    "二、部门收入总表 ……5",
    "三、部门支出总表",
    "四、财政拨款收支总表",
    "五、一般公共预算支出表",
]


def _states(*blocks: object) -> list[tuple[str, str]]:
    records = extract([*COVER, *blocks])  # type: ignore[list-item]
    return [(statement.statement_type, statement.state) for statement in records.statements]


def test_what_the_contents_list_and_the_document_lacks_is_missing() -> None:
    records = extract(
        [*COVER, *CONTENTS],
        ["部门支出总表", "单位：万元", table(SPENDING)],
    )
    assert [(s.statement_type, s.state, s.page_first, s.title) for s in records.statements] == [
        ("expenditure", "filled", 2, "部门支出总表"),
        ("overall_summary", "missing", 1, "一、部门收支总表"),
        ("revenue", "missing", 1, "二、部门收入总表 ……5"),
        ("fiscal_appropriation", "missing", 1, "四、财政拨款收支总表"),
        ("general_budget_expenditure", "missing", 1, "五、一般公共预算支出表"),
    ]


def test_a_contents_page_in_a_frame_is_no_statement() -> None:
    frame = table("序号 | 表名 | 页码\n1 | 部门收支总表 | 4\n2 | 部门收入总表 | 5\n3 | 部门支出总表 | 6")
    records = extract([*COVER, frame], ["部门支出总表", "单位：万元", table(SPENDING)])
    assert [(s.statement_type, s.state) for s in records.statements] == [
        ("expenditure", "filled"),
        ("overall_summary", "missing"),
        ("revenue", "missing"),
    ]


def test_titles_in_prose_are_no_statements_and_list_none() -> None:
    records = extract(
        [
            *COVER,
            "一、关于部门收支总表的说明",
            "本部门收支总表如下，另见部门收入总表。",
            "部门支出总表",
            "单位：万元",
            table(SPENDING),
        ],
    )
    assert [s.statement_type for s in records.statements] == ["expenditure"]


def test_a_document_without_statements_is_refused() -> None:
    for blocks in ([*COVER, "本部门职责"], [table("姓名 | 职务\n张三 | 局长")], ["部门支出总表"], [""]):
        with pytest.raises(UnusableInput) as refused:
            extract(blocks)
        assert refused.value.reason_code == "no_statement"
        assert "部门预算公开" in refused.value.reason


def test_a_contents_page_alone_is_a_filing_whose_tables_are_elsewhere() -> None:
    assert {state for _, state in _states(*CONTENTS)} == {"missing"}


@pytest.mark.parametrize(
    ("drawn", "note", "state"),
    [
        (SPENDING, [], "filled"),
        (EMPTY, [], "empty"),
        (EMPTY, ["注：本表为空表。"], "declared_empty"),
        (EMPTY, ["说明：某局没有政府性基金收入，", "也没有使用政府性基金安排的支出。"], "declared_empty"),
        (EMPTY, ["备注：本部门2025年无政府性基金预算拨款安排的支出"], "declared_empty"),
        (EMPTY, ["（本表无数据）"], "declared_empty"),
        (EMPTY, ["本部门不涉及政府性基金预算"], "declared_empty"),
        (EMPTY.replace(" |  |  |  |", "合计 |  | 0.00 | 0.00 | 0.00"), ["注：本年无发生额"], "declared_empty"),
        (EMPTY.replace(" |  |  |  |", "合计 |  | 0.00 | 0.00 | 0.00"), [], "filled"),
        (SPENDING, ["注：本表反映一般公共预算支出情况。"], "filled"),
    ],
)
def test_states(drawn: str, note: list[str], state: str) -> None:
    records = extract([*COVER, "政府性基金预算支出表", "单位：万元", table(drawn), *note])
    assert [s.state for s in records.statements] == [state]
    assert records.statements[0].note == ("".join(note) or None)


def test_a_note_inside_the_table_belongs_to_it() -> None:
    drawn = EMPTY.replace(" |  |  |  |", " |  |  |  |\n注：本部门无政府性基金预算，本表为空表 | < | < | < | <")
    records = extract([*COVER, "政府性基金预算支出表", "单位：万元", table(drawn)])
    assert records.statements[0].note == "注：本部门无政府性基金预算，本表为空表"
    assert records.statements[0].state == "declared_empty"
    assert records.statements[0].row_count == 0


def test_a_word_that_says_none_inside_the_table_is_kept_as_unread() -> None:
    records = extract(
        [*COVER, "政府性基金预算支出表", "单位：万元", table(EMPTY.replace(" |  |  |  |", "合计 |  | 无 | - | —"))]
    )
    assert [(cell.row_no, cell.column_label, cell.text) for cell in records.unread_cells] == [(1, "合计", "无")]
    assert records.line_items == ()


def test_printed_zero_is_an_amount_and_a_dash_or_blank_is_none() -> None:
    drawn = SPENDING + "    20101 | 人大事务 | 0 | - |\n    20102 | 政协事务 | 0.00 | — | /\n"
    records = extract([*COVER, "部门支出总表", "单位：万元", table(drawn)])
    assert items(records, "code", "measure", "value")[3:] == [("20101", "total", "0"), ("20102", "total", "0.00")]
    assert records.statements[0].row_count == 3


def test_printed_precision_is_that_of_the_column() -> None:
    drawn = SPENDING + "    20101 | 人大事务 | 6 | 3.00 | 3.0\n"
    records = extract([*COVER, "部门支出总表", "单位：万元", table(drawn)])
    assert {item.half_place for item in records.line_items} == {Decimal("0.005")}
    assert {item.half_place_yuan for item in records.line_items} == {Decimal(50)}


@pytest.mark.parametrize(
    ("above", "unit", "told_by"),
    [
        (["部门支出总表", "单位：万元"], "wan_yuan", "printed: 单位：万元"),
        (["部门公开表3", "部门支出总表", "单位：元"], "yuan", "printed: 单位：元"),
        (["单位：元", "部门支出总表"], "yuan", "printed: 单位：元"),
        (["部门支出总表 单位：亿元"], "yi_yuan", "printed: 部门支出总表 单位：亿元"),
        (["部门支出总表（万元）"], "wan_yuan", "printed: 部门支出总表（万元）"),
        (
            ["部门支出总表", "编制部门：某市某局 金额单位：千元"],
            "qian_yuan",
            "printed: 编制部门：某市某局 金额单位：千元",
        ),
        (["部门支出总表"], None, None),
    ],
)
def test_units(above: list[str], unit: str | None, told_by: str | None) -> None:
    records = extract([*COVER, *above, table(SPENDING)])
    assert (records.statements[0].unit, records.statements[0].unit_told_by) == (unit, told_by)
    assert {item.value_unit for item in records.line_items} == {unit}
    assert all((item.amount_yuan is None) == (unit is None) for item in records.line_items)


def test_a_unit_not_printed_is_that_of_the_other_statements() -> None:
    records = extract(
        [*COVER, "部门支出总表", "单位：元", table(SPENDING)],
        ["一般公共预算支出表", table(SPENDING)],
    )
    assert [(s.unit, s.unit_told_by) for s in records.statements] == [
        ("yuan", "printed: 单位：元"),
        ("yuan", "not printed; unit of the filing's other statements"),
    ]


def test_title_number_body_and_unit_inside_the_table() -> None:
    drawn = (
        """
        公开03表 |  |  |  |
        部门支出总表 | < | < | < | <
        编制部门：某市某局 | < | < | 单位：万元 | <
    """
        + SPENDING
    )
    records = extract([*COVER, table(drawn)])
    assert [(s.statement_type, s.unit, s.row_count) for s in records.statements] == [("expenditure", "wan_yuan", 1)]
    assert items(records, "code", "measure", "value") == [
        ("201", "total", "6.00"),
        ("201", "basic", "3.00"),
        ("201", "project", "3.00"),
    ]


@pytest.mark.parametrize(
    ("lines", "statement_type", "title"),
    [
        (["一般公共预算财政拨款", "支出决算表"], "general_budget_expenditure", "一般公共预算财政拨款支出决算表"),
        (["部门一般公共预算基本支出", "部门预算经济分类预算表"], "general_budget_basic", "部门一般公共预算基本支出部门预算经济分类预算表"),
        (["政府性基金预算财政拨款收入", "支出决算表"], "government_fund", "政府性基金预算财政拨款收入支出决算表"),
        (["某市某局", "部门支出总表"], "expenditure", "部门支出总表"),
        (["2025年部门预算", "支出总表"], "expenditure", "支出总表"),
        (["二、部门预算公开表", "部门支出总表"], "expenditure", "部门支出总表"),
        (["表三", "部门支出总表"], "expenditure", "部门支出总表"),
        (["国有资本经营", "预算支出表"], "state_capital", "国有资本经营预算支出表"),
    ],
)  # fmt: skip
def test_a_title_over_two_lines_is_one(lines: list[str], statement_type: str, title: str) -> None:
    records = extract([*COVER, *lines, "单位：万元", table(SPENDING)])
    assert [(s.statement_type, s.title) for s in records.statements] == [(statement_type, title)]


def test_a_title_far_above_or_behind_prose_names_no_table() -> None:
    people = table("序号 | 单位名称\n1 | 某市某局本级\n2 | 某市某中心")
    found = find_statements(document([*COVER, "部门支出总表", "单位：万元", table(SPENDING), "二、单位构成", people]))
    assert [draft.form.statement_type for draft in found.drafts] == ["expenditure"]
    assert len(found.others) == 1
    far: list[str | Grid] = [*COVER, "部门支出总表", *(f"第{n}段说明文字" for n in range(9)), table(SPENDING)]
    with pytest.raises(UnusableInput):
        extract(far)
