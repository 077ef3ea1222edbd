"""A page end that runs through a header: both parts are one header, and what is no rest of a header stays apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from filings.documents import Document
from filings.records import FilingRecords
from samples.accounts import build_accounts
from samples.document import set_document
from tasks.extract import extract_document
from tests.tasks.extract.made_documents import Block, extract, items, measures, table

COVER: list[Block] = ["云岭市林草局2025年部门预算"]
TITLE: list[Block] = ["部门支出总表", "单位：万元"]
ROWS = """
    213 | 农林水支出 | 9.10 | 6.30 | 4.20 | 2.10 | 2.80
    合计 | < | 9.10 | 6.30 | 4.20 | 2.10 | 2.80
"""
UPPER = "功能分类科目 | 合计 | 基本支出 | 项目支出"
UPPER_WIDTHS = (120.0, 60.0, 180.0, 60.0)
LOWER = "科目编码 | 科目名称 | | 小计 | 人员经费 | 公用经费 |"
MEASURES = ["total", "basic", "personnel", "public", "project"]


def read_torn(lower: str, between: list[Block]) -> FilingRecords:
    return extract([*COVER, *TITLE, table(UPPER, widths=UPPER_WIDTHS)], [*between, table(lower + ROWS)])


@pytest.mark.parametrize("between", [[], ["- 2 -"], ["单位：万元"]], ids="、".join)
def test_levels_of_a_header_on_two_pages_are_one_header(between: list[Block]) -> None:
    records = read_torn(LOWER, between)
    statement = records.statements[0]
    assert [measure for _, role, measure in measures(records) if role == "value"] == MEASURES
    assert [label for label, _, _ in measures(records)][-2:] == ["基本支出/公用经费", "项目支出"]
    assert [column.page for column in records.columns] == [2, 2, 1, 2, 2, 2, 1]
    assert items(records, "row_no", "code", "page")[0] == (1, "213", 2)
    assert (statement.page_first, statement.page_last, statement.row_count) == (1, 2, 2)
    assert statement.reading == "page 2: header goes on from the page before, read as one"


def test_a_header_printed_whole_on_the_second_page_stands_alone() -> None:
    whole = "功能分类科目 | < | 合计 | 基本支出 | < | < | 项目支出\n科目编码 | 科目名称 | ^ | 小计 | 人员经费 | 公用经费 | ^"
    records = read_torn(whole, [])
    assert [measure for _, role, measure in measures(records) if role == "value"] == MEASURES
    assert [label for label, _, _ in measures(records)][:3] == [
        "功能分类科目/科目编码",
        "功能分类科目/科目名称",
        "合计",
    ]


@pytest.mark.parametrize(
    ("lower", "between"),
    [
        ("单位 | 编码 | 名称 | 人数 | 面积 | 车辆 | 备注", []),
        (LOWER, ["二、其他说明"]),
        (LOWER, ["政府性基金预算支出表"]),
    ],
    ids=["labels under single labels", "prose between", "title between"],
)
def test_another_table_is_no_rest_of_a_header(lower: str, between: list[Block]) -> None:
    records = read_torn(lower, between)
    assert all(item.statement_type != "expenditure" for item in records.line_items)
    assert records.line_items


def test_an_unannounced_table_of_whole_yuan_is_kept() -> None:
    other = table("单位 | 编码 | 名称 | 余额\n某所 | 1 | 甲 | 1,200\n某站 | 2 | 乙 | 3,400\n某院 | 3 | 丙 | 5,600")
    records = extract(
        [*COVER, *TITLE, table("科目编码 | 科目名称 | 合计\n213 | 农林水支出 | 1.1"), "另有下表。", other]
    )
    assert [s.statement_type for s in records.statements] == ["expenditure", "unrecognised"]


@pytest.mark.parametrize(("at", "cut"), [(0, 1), (2, 1), (3, 2)])
def test_final_accounts_read_alike_with_a_header_torn(at: int, cut: int) -> None:
    filing = build_accounts("accounts_2024")
    whole = filing.tables()[at]
    torn = replace(whole, style=replace(whole.style, break_after=(-cut,)))
    changed = replace(filing, blocks=tuple(torn if block is whole else block for block in filing.blocks))
    assert _cells(set_document(changed).document) == _cells(set_document(filing).document)


def _cells(document: Document) -> Counter[tuple[object, ...]]:
    return Counter(
        (i.statement_type, i.row_no, i.side, i.code, i.name, i.measure, i.column_label, i.value, i.value_unit)
        for i in extract_document(document, "made.pdf").line_items
    )
