"""Headers: merged cells known, inferred or lost; labels that no form knows; units in brackets."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.tasks.extract.made_documents import extract, items, measures, table

HEADERS = tomllib.loads((Path(__file__).parent / "headers.toml").read_text(encoding="utf-8"))["headers"]
COVER = ["某市某局2025年部门预算"]


def test_spans_are_inferred_where_the_format_loses_them() -> None:
    drawn = """
        功能分类科目 | < | 合计 | 基本支出 | < | < | 项目支出
        科目编码 | 科目名称 | ^ | 小计 | 人员经费 | 公用经费 | ^
        201 | 一般公共服务支出 | 6.00 | 5.00 | 3.00 | 2.00 | 1.00
    """
    title = [*COVER, "一般公共预算支出表", "单位：万元"]
    known = extract([*title, table(drawn)])
    inferred = extract([*title, table(drawn, spans=False, pages=False)], paged=False)
    assert measures(inferred) == measures(known) == [
        ("功能分类科目/科目编码", "code", None),
        ("功能分类科目/科目名称", "name", None),
        ("合计", "value", "total"),
        ("基本支出/小计", "value", "basic"),
        ("基本支出/人员经费", "value", "personnel"),
        ("基本支出/公用经费", "value", "public"),
        ("项目支出", "value", "project"),
    ]  # fmt: skip
    assert items(inferred, "code", "measure", "value") == items(known, "code", "measure", "value")


def test_lost_header_cells_are_filled_in_brackets() -> None:
    heading = " | ".join([
        "合计", "上年结转", "一般公共预算拨款收入", "政府性基金预算拨款收入", "国有资本经营预算拨款收入", "事业收入",
        "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入", "使用非财政拨款结余",
    ])  # fmt: skip
    records = extract([
        "某某海关2025年部门预算", "部门收入总表", "单位：万元",
        table(f"""
            {heading} |
             |  |  |  |  | 金额 | 其中：教育收费 |  |  |  |  |
            20.00 | 1.00 | 9.00 |  |  | 5.00 | 0.50 | 3.00 |  |  | 1.50 | 0.50
        """, spans=False, pages=False),
    ], paged=False)  # fmt: skip
    statement = records.statements[0]
    assert statement.reading == "lost header cells read from the form's known layout"
    assert items(records, "measure", "value") == [
        ("total", "20.00"), ("carry_over_in", "1.00"), ("general_public_budget", "9.00"), ("institutional_income", "5.00"),
        ("institutional_income_special_account", "0.50"), ("business_income", "3.00"),
        ("other_income", "1.50"), ("non_fiscal_surplus_used", "0.50"),
    ]  # fmt: skip
    labels = [label for label, _, _ in measures(records)]
    assert "事业收入/其中：教育收费" in labels or "[事业收入]/其中：教育收费" in labels


def test_a_column_that_no_form_knows_is_kept_without_measure() -> None:
    records = extract([
        *COVER, "部门支出总表", "单位：万元",
        table("""
            科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 战略储备资金
            201 | 一般公共服务支出 | 6.00 | 3.00 | 2.00 | 1.00
        """),
    ])  # fmt: skip
    assert ("战略储备资金", "unknown", None) in measures(records)
    assert items(records, "measure", "column_label", "value")[-1] == (None, "战略储备资金", "1.00")


def test_a_text_column_that_no_form_knows_raises_no_unread_cell() -> None:
    records = extract([
        *COVER, "部门支出总表", "单位：万元",
        table("""
            科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 备注
            201 | 一般公共服务支出 | 6.00 | 3.00 | 3.00 | 含一次性
        """),
    ])  # fmt: skip
    assert records.unread_cells == ()
    assert len(records.line_items) == 3


def test_column_numbers_are_no_data() -> None:
    records = extract([
        "某市某局2024年度部门决算", "收入决算表", "金额单位：万元",
        table("""
            项目 | < | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | 经营收入 | 附属单位上缴收入 | 其他收入
            科目编码 | 科目名称 | ^ | ^ | ^ | ^ | ^ | ^ | ^
            栏次 | < | 1 | 2 | 3 | 4 | 5 | 6 | 7
            合计 | < | 10.00 | 8.00 |  | 1.00 |  |  | 1.00
            201 | 一般公共服务支出 | 10.00 | 8.00 |  | 1.00 |  |  | 1.00
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "name", "measure", "value")[:4] == [
        (1, "合计", "total", "10.00"),
        (1, "合计", "fiscal_appropriation", "8.00"),
        (1, "合计", "institutional_income", "1.00"),
        (1, "合计", "other_income", "1.00"),
    ]


def test_line_numbers_beside_lists_are_no_amounts() -> None:
    records = extract([
        "某市某局2024年度部门决算", "收入支出决算总表", "公开01表", "金额单位：万元",
        table("""
            收入 | < | < | 支出 | < | <
            项目 | 行次 | 决算数 | 项目 | 行次 | 决算数
            栏次 |  | 1 | 栏次 |  | 2
            一、一般公共预算财政拨款收入 | 1 | 10.00 | 一、一般公共服务支出 | 32 | 9.00
            二、政府性基金预算财政拨款收入 | 2 |  | 二、外交支出 | 33 |
            本年收入合计 | 27 | 10.00 | 本年支出合计 | 58 | 9.00
            使用非财政拨款结余（含专用结余） | 28 |  | 结余分配 | 59 |
            年初结转和结余 | 29 | 1.00 | 年末结转和结余 | 60 | 2.00
            总计 | 31 | 11.00 | 总计 | 62 | 11.00
        """),
    ])  # fmt: skip
    assert items(records, "side", "item", "value", "measure") == [
        ("revenue", "general_public_budget", "10.00", "final"),
        ("expenditure", None, "9.00", "final"),
        ("revenue", "current_year_total", "10.00", "final"),
        ("expenditure", "current_year_total", "9.00", "final"),
        ("revenue", "carry_over_in", "1.00", "final"),
        ("expenditure", "carry_over_out", "2.00", "final"),
        ("revenue", "total", "11.00", "final"),
        ("expenditure", "total", "11.00", "final"),
    ]


def test_a_unit_in_the_header_counts_where_none_is_printed_above() -> None:
    records = extract([
        *COVER, "部门支出总表",
        table("""
            科目编码 | 科目名称 | 合计（元） | 基本支出（元） | 项目支出（元）
            201 | 一般公共服务支出 | 6 | 3 | 3
        """),
    ])  # fmt: skip
    assert [measure for _, role, measure in measures(records) if role == "value"] == ["total", "basic", "project"]
    assert {item.value_unit for item in records.line_items} == {"yuan"}


@pytest.mark.parametrize(("title", "labels", "expected"), [tuple(entry.values()) for entry in HEADERS])
def test_headers_of_other_provinces(title: str, labels: list[str], expected: list[str]) -> None:
    paths = [label.split("/") for label in labels]
    depth = max(map(len, paths))
    rows = []
    for level in range(depth):
        row = []
        for at, path in enumerate(paths):
            if level >= len(path):
                row.append("^")
            elif at and paths[at - 1][: level + 1] == path[: level + 1]:
                row.append("<")
            else:
                row.append(path[level])
        rows.append(" | ".join(row))
    keys = [("编码", "201"), ("代码", "101001"), ("科目名称", "一般公共服务支出"), ("名称", "某市某局")]
    rows.append(
        " | ".join(
            next((text for end, text in keys if path[-1].endswith(end)), f"{at}.00") for at, path in enumerate(paths)
        )
    )
    records = extract([*COVER, title, "单位：万元", table("\n".join(rows))])
    assert [column.column_label for column in records.columns if column.role == "unknown"] == []
    assert [item.measure for item in records.line_items] == expected
    assert [column.column_label for column in records.columns] == [label.replace(" ", "") for label in labels]


def test_the_total_row_may_share_a_line_with_the_lowest_header() -> None:
    records = extract([
        "某市某局2024年度部门决算", "政府性基金预算财政拨款收入支出决算表", "单位：万元",
        table("""
            项目 | < | 年初结转和结余 | 本年收入 | 本年支出 | < | < | 年末结转和结余
            功能分类科目编码 | 科目名称 | ^ | ^ | ^ | ^ | ^ | ^
            合计 | < | | | 合计 | 基本支出 | 项目支出 |
             |  |  |  |  |  |  |
        """),
    ])  # fmt: skip
    assert [measure for _, role, measure in measures(records) if role == "value"] == [
        "opening_balance", "current_year_income", "total", "basic", "project", "closing_balance",
    ]  # fmt: skip
    assert records.line_items == ()


def test_an_amount_belongs_to_the_list_whose_labels_stand_left_of_it() -> None:
    records = extract([*COVER, "收支预算总表", "单位：万元", table("""
        收入 | < | 支出 | < | < | <
        项目名称 | 金额 | 功能分类 | 支出用途 | < | <
        ^ | ^ | 功能科目名称 | 金额 | 项目名称 | 金额
        一、财政拨款 | 9.00 | 四、公共安全支出 | 7.00 | 一、基本支出 | 9.00
    """)])  # fmt: skip
    assert items(records, "side", "name", "value") == [
        ("revenue", "一、财政拨款", "9.00"),
        ("expenditure", "四、公共安全支出", "7.00"),
        ("expenditure_use", "一、基本支出", "9.00"),
    ]
