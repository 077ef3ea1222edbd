"""A table over several pages is one statement, however its parts repeat title and header; other tables are not joined."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.documents import Grid
from filings.records import FilingRecords, LineItem
from tests.tasks.extract.made_documents import COLUMN_WIDTH_POINTS, Block, extract, table

COVER = ["某市某局2025年部门预算"]
TITLE = ["部门支出总表", "单位：万元"]
HEADER = """
    功能分类科目 | < | 合计 | 基本支出 | < | < | 项目支出
    科目编码 | 科目名称 | ^ | 小计 | 人员经费 | 公用经费 | ^
"""
ROWS = [
    "208 | 社会保障和就业支出 | 30.00 | 20.00 | 15.00 | 5.00 | 10.00",
    "20805 | 行政事业单位养老支出 | 30.00 | 20.00 | 15.00 | 5.00 | 10.00",
    "2080501 | 行政单位离退休 |  |  |  |  | ",
    "2080505 | 机关事业单位基本养老保险缴费支出 | 30.00 | 20.00 | 15.00 | 5.00 | 10.00",
    "210 | 卫生健康支出 | 7.00 | 7.00 | 7.00 |  | -",
    "合计 | < | 37.00 | 27.00 | 22.00 | 5.00 | 10.00",
]
WHOLE = table(HEADER + "\n".join(ROWS))


def _part(rows: list[str], header: bool = False, **options: object) -> Grid:
    return table((HEADER if header else "") + "\n".join(rows), **options)  # type: ignore[arg-type]


def _without_place(records: FilingRecords) -> list[LineItem]:
    return [
        replace(item, page=None, box=None, locator=None, label_box=None, label_locator=None)
        for item in records.line_items
    ]


EXPECTED = _without_place(extract([*COVER, *TITLE, WHOLE]))


def test_the_whole_table_has_every_row() -> None:
    assert {item.row_no for item in EXPECTED} == {1, 2, 4, 5, 6}
    assert len(EXPECTED) == 5 * 4 + 3


@given(
    cuts=st.sets(st.integers(1, len(ROWS) - 1), max_size=3),
    header=st.booleans(),
    title=st.booleans(),
    number=st.booleans(),
    spans=st.booleans(),
)
def test_splitting_at_any_rows_changes_nothing_but_the_page(
    cuts: set[int], header: bool, title: bool, number: bool, spans: bool
) -> None:
    bounds = [0, *sorted(cuts), len(ROWS)]
    pages: list[list[Block]] = []
    for at, (start, end) in enumerate(pairwise(bounds)):
        first = at == 0
        page: list[Block] = [*COVER] if first else []
        page += TITLE if first or (title and header) else []
        page.append(_part(ROWS[start:end], first or header, spans=spans))
        page += [f"- {at + 1} -"] if number else []
        pages.append(page)
    records = extract(*pages)
    assert len(records.statements) == 1
    assert records.statements[0].row_count == len(ROWS)
    assert (records.statements[0].page_first, records.statements[0].page_last) == (1, len(pages))
    if spans:
        assert _without_place(records) == EXPECTED
    else:
        assert [(i.row_no, i.code, i.measure, i.value) for i in records.line_items] == [
            (i.row_no, i.code, i.measure, i.value) for i in EXPECTED
        ]


@given(st.lists(st.integers(0, len(ROWS)), max_size=5))
def test_blank_filler_rows_change_no_value(places: list[int]) -> None:
    rows = list(ROWS)
    for place in sorted(places, reverse=True):
        rows.insert(place, " |  |  |  |  |  | ")
    records = extract([*COVER, *TITLE, _part(rows, header=True)])
    assert _without_place(records) == EXPECTED
    assert records.statements[0].row_count == len(ROWS)


@pytest.mark.parametrize(
    "between",
    [[], ["第 3 页"], ["3"], ["- 3 -"], ["部门支出总表（续）"], ["单位：万元"], ["3/20"], ["表3", "单位：万元"]],
    ids="、".join,
)
def test_page_furniture_and_repeated_titles_stand_between(between: list[str]) -> None:
    records = extract([*COVER, *TITLE, _part(ROWS[:3], header=True)], [*between, _part(ROWS[3:], header=True)])
    assert _without_place(records) == EXPECTED


def test_columns_of_the_next_page_line_up_by_position() -> None:
    wider = [COLUMN_WIDTH_POINTS * share for share in (0.98, 1.03, 1.0, 0.99, 1.0, 1.01, 1.0)]
    records = extract([*COVER, *TITLE, _part(ROWS[:3], header=True)], [_part(ROWS[3:], widths=wider)])
    assert _without_place(records) == EXPECTED


def test_a_blank_column_dropped_on_the_next_page_does_not_shift_the_others() -> None:
    rows = ["210 | 卫生健康支出 | 7.00 | 7.00 | 7.00 | -"]
    wide = [COLUMN_WIDTH_POINTS * share for share in (1, 1, 1, 1, 1, 2)]
    records = extract([*COVER, *TITLE, _part(ROWS[:4], header=True)], [_part(rows, widths=wide)])
    assert [(i.code, i.measure, str(i.value)) for i in records.line_items[-3:]] == [
        ("210", "total", "7.00"),
        ("210", "basic", "7.00"),
        ("210", "personnel", "7.00"),
    ]


@pytest.mark.parametrize(
    "between",
    [
        ["第三部分 部门预算情况说明"],
        ["本表反映部门本年度各项支出情况，具体说明见下页有关章节的内容。"],
        ["二、项目支出明细"],
    ],
    ids="、".join,
)
def test_after_prose_only_the_identities_join_a_table(between: list[str]) -> None:
    records = extract([*COVER, *TITLE, _part(ROWS[:3], header=True)], [*between, _part(ROWS[3:])])
    assert _without_place(records) == EXPECTED
    assert "read as the rest of this" in (records.statements[0].reading or "")


def test_a_table_with_other_columns_is_not_joined() -> None:
    other = table("单位名称 | 车辆数 | 面积\n某局 | 3 | 200.50")
    records = extract([*COVER, *TITLE, WHOLE], [other])
    assert _without_place(records) == EXPECTED
    narrow = table("209 | 3.00 | 4.00", widths=[25.0, 300.0, 20.0])
    assert _without_place(extract([*COVER, *TITLE, WHOLE], [narrow])) == EXPECTED


def test_after_a_page_without_a_table_only_the_identities_join_one() -> None:
    records = extract([*COVER, *TITLE, _part(ROWS[:3], header=True)], ["3"], [_part(ROWS[3:])])
    assert _without_place(records) == EXPECTED
    assert "read as the rest of this" in (records.statements[0].reading or "")


def test_another_statement_with_the_same_columns_is_one_of_its_own() -> None:
    records = extract([*COVER, *TITLE, WHOLE, "一般公共预算支出表", "单位：万元", WHOLE])
    assert [(s.statement_type, s.row_count) for s in records.statements] == [
        ("expenditure", len(ROWS)),
        ("general_budget_expenditure", len(ROWS)),
    ]


def test_a_repeated_title_is_told() -> None:
    records = extract([*COVER, *TITLE, _part(ROWS[:3], header=True)], [*TITLE, _part(ROWS[3:], header=True)])
    assert records.statements[0].reading == "page 2: title repeated, read as one statement"
    assert _without_place(records) == EXPECTED


def test_a_note_amid_a_statement_is_kept() -> None:
    records = extract(
        [*COVER, *TITLE, _part(ROWS[:3], header=True), "注：本表不含涉密内容。"], [*TITLE, _part(ROWS[3:], header=True)]
    )
    assert [s.row_count for s in records.statements] == [6]
    assert records.statements[0].note == "注：本表不含涉密内容。"
