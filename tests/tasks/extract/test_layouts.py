"""Layouts of provinces and years of which no filing is at hand: the same figures, laid out and worded otherwise."""

from __future__ import annotations

import pytest

from tests.tasks.extract.made_documents import Block, extract, items, measures, table

COVER: list[Block] = ["云岭市林草局2025年部门预算"]
FINAL: list[Block] = ["云岭市林草局2024年度部门决算"]


def test_three_public_expenses_below_each_other_are_told_by_their_rows() -> None:
    drawn = table("""
        序号 | 项目 | 2024年预算数 | 2025年预算数 | 增减额 | 增减率（%）
        1 | 因公出国（境）费用 | 3.90 | 3.91 | 0.01 | 0.26
        2 | 公务用车购置及运行维护费 | 40.70 | 40.71 | 0.02 | 0.27
         | 其中：公务用车购置 | 20.70 | 20.71 | 0.03 | 0.28
         | （2）公务用车运行维护支出 | 20.00 | 20.00 | |
        3 | 公务接待费 | 5.70 | 5.71 | 0.05 | 0.30
         | “三公”经费合计 | 50.30 | 50.33 | 0.06 | 0.31
    """)
    records = extract([*COVER, "一般公共预算“三公”经费支出表", "单位：万元", drawn])
    read = items(records, "row_no", "measure", "fiscal_year", "value")
    named = ["overseas_travel", "vehicle_total", "vehicle_purchase", "vehicle_operation", "official_reception"]
    assert [row[:3] for row in read if row[2] == 2024 or row[1] not in {"change_amount", "change_percent"}] == [
        (number, measure, year)
        for number, measure in enumerate([*named, "three_public_total"], start=1)
        for year in (2024, 2025)
    ]
    assert [row[3] for row in read if row[1] == "change_percent"] == ["0.26", "0.27", "0.28", "0.30", "0.31"]
    assert records.line_items[0].name == "因公出国（境）费用"


def test_three_public_expenses_of_final_accounts_below_each_other() -> None:
    drawn = table("""
        项目 | 行次 | 预算数 | 决算数
        栏次 | | 1 | 2
        一、“三公”经费支出 | 1 | 21.60 | 21.64
        1.公务接待费 | 2 | 14.80 | 14.81
    """)
    records = extract([*FINAL, "一般公共预算财政拨款“三公”经费支出决算表", "单位：万元", drawn])
    assert items(records, "measure", "value") == [
        ("three_public_total_budget", "21.60"), ("three_public_total", "21.64"),
        ("official_reception_budget", "14.80"), ("official_reception", "14.81"),
    ]  # fmt: skip


def test_budget_and_final_side_by_side_head_their_columns() -> None:
    drawn = table("""
        预算数 | < | 决算数 | <
        合计 | 公务接待费 | 合计 | 公务接待费
        1 | 2 | 3 | 4
        10.1 | 4.0 | 9.1 | 2.7
    """)
    records = extract([*FINAL, "财政拨款“三公”经费支出决算表", "单位：万元", drawn])
    assert [row[0] for row in items(records, "measure")] == [
        "three_public_total_budget", "official_reception_budget", "three_public_total", "official_reception",
    ]  # fmt: skip


def test_amounts_of_final_accounts_are_final_ones() -> None:
    drawn = table("""
        收入 | < | < | 支出 | < | <
        项目 | 行次 | 金额 | 项目 | 行次 | 金额
        一、一般公共预算财政拨款收入 | 1 | 900.1 | 一、农林水支出 | 32 | 900.2
        总计 | 31 | 918.7 | 总计 | 62 | 918.8
    """)
    records = extract([*FINAL, "收入支出决算总表", "单位：万元", drawn])
    assert items(records, "side", "item", "measure", "value") == [
        ("revenue", "general_public_budget", "final", "900.1"), ("expenditure", None, "final", "900.2"),
        ("revenue", "total", "final", "918.7"), ("expenditure", "total", "final", "918.8"),
    ]  # fmt: skip


def test_lists_under_one_heading_are_told_apart_by_their_labels() -> None:
    drawn = table("""
        收入 | < | 支出 | < | < | < | < | <
        项目 | 本年预算 | 项目（按功能分类） | 本年预算 | 项目（按部门预算经济分类） | 本年预算 | 项目（按政府预算经济分类） | 本年预算
        一、一般公共预算拨款收入 | 9.1 | 一、农林水支出 | 7.2 | 一、基本支出 | 6.3 | 一、机关工资福利支出 | 5.4
        收入总计 | 9.2 | 支出总计 | 9.3 | 支出总计 | 9.4 | 支出总计 | 9.5
    """)
    records = extract([*COVER, "部门公开表1", "收支总表", "单位：万元", drawn])
    sides = ["revenue", "expenditure", "expenditure_economic", "expenditure_government"]
    labels = ["一、一般公共预算拨款收入", "一、农林水支出", "一、基本支出", "一、机关工资福利支出"]
    assert items(records, "side", "name", "measure")[:4] == [
        (side, label, "budget") for side, label in zip(sides, labels, strict=True)
    ]


@pytest.mark.parametrize("header", ["收入项目 | 预算数 | 支出项目 | 预算数", "项目 | 金额 | 项目 | 金额"])
def test_lists_without_a_heading_are_told_by_their_totals(header: str) -> None:
    drawn = f"{header}\n一、财政拨款收入 | 9.1 | 一、农林水支出 | 8.4\n收入总计 | 9.7 | 支出总计 | 9.8"
    records = extract([*COVER, "部门收支总表", "单位：万元", table(drawn)])
    assert items(records, "side", "name", "item")[:2] == [
        ("revenue", "一、财政拨款收入", "fiscal_appropriation"),
        ("expenditure", "一、农林水支出", None),
    ]


@pytest.mark.parametrize("printed", ["{}{}", "[{}]{}", "{}-{}", "（{}）{}", "{} {}"])
def test_codes_printed_with_their_names(printed: str) -> None:
    named = [("213", "农林水支出"), ("21302", "林业和草原"), ("2130201", "行政运行")]
    rows = "\n".join(f"{printed.format(*one)} | 1.{at}" for at, one in enumerate(named))
    for header in ("科目 | 合计", "功能分类科目 | 2025年预算"):
        records = extract([*COVER, "一般公共预算支出表", "单位：万元", table(f"{header}\n{rows}")])
        assert items(records, "code", "name", "row_level") == [
            (code, name, level) for level, (code, name) in enumerate(named, start=1)
        ]


def test_codes_and_names_under_one_heading() -> None:
    drawn = table("支出经济分类科目 | < | 2025年预算\n合计 |  | 8.1\n301 | 工资福利支出 | 5.1\n30101 | 基本工资 | 1.1")
    records = extract([*COVER, "一般公共预算基本支出表", "单位：万元", drawn])
    assert items(records, "code", "name", "measure") == [
        (None, "合计", "total"), ("301", "工资福利支出", "total"), ("30101", "基本工资", "total"),
    ]  # fmt: skip


def test_of_two_charts_in_a_row_the_first_is_its_own() -> None:
    drawn = table("""
        部门预算经济分类 | < | < | 政府预算经济分类 | < | < | 合计
        类 | 款 | 科目名称 | 类 | 款 | 科目名称 | ^
        301 | 01 | 基本工资 | 501 | 01 | 工资奖金津补贴 | 2.2
    """)
    records = extract([*COVER, "一般公共预算基本支出表", "单位：万元", drawn])
    assert items(records, "code", "name", "value") == [("30101", "基本工资", "2.2")]
    assert [role for _, role, _ in measures(records)] == ["code", "code", "name", "text", "text", "text", "value"]


def test_bodies_and_accounts_in_one_column() -> None:
    drawn = table("""
        科目编码 | < | < | 单位代码 | 单位名称（科目） | 合计
        类 | 款 | 项 | ^ | ^ | ^
         |  |  | 326001 | 云岭市林草局机关 | 7.2
        213 | 02 | 01 | 326001 | 行政运行 | 6.4
    """)
    records = extract([*COVER, "部门支出总表", "单位：万元", drawn])
    assert items(records, "code", "name", "item", "unit_code", "unit_name") == [
        (None, "云岭市林草局机关", "total", "326001", "云岭市林草局机关"),
        ("2130201", "行政运行", None, "326001", "云岭市林草局机关"),
    ]


def test_of_columns_that_read_alike_the_highest_is_the_total() -> None:
    drawn = table("""
        科目编码 | 科目名称 | 合计 | 工资津贴类 | < | 项目支出
        ^ | ^ | ^ | 小计 | 基本工资 | ^
        213 | 农林水支出 | 9.1 | 6.1 | 3.1 | 3.0
    """)
    records = extract([*COVER, "部门支出总表", "单位：万元", drawn])
    assert items(records, "measure", "value") == [("total", "9.1"), (None, "6.1"), (None, "3.1"), ("project", "3.0")]


def test_a_unit_stated_once_holds_for_all_tables() -> None:
    drawn = table("科目编码 | 科目名称 | 合计\n213 | 农林水支出 | 1.1")
    records = extract([*COVER, "以下各表金额单位均为万元", "部门支出总表", drawn])
    statement = records.statements[0]
    assert (statement.unit, statement.unit_told_by) == ("wan_yuan", "stated for all tables: 以下各表金额单位均为万元")
    assert extract([*COVER, "部门支出总表", drawn]).statements[0].unit is None


def test_running_heads_do_not_part_a_table() -> None:
    header = "科目编码 | 科目名称 | 合计\n"
    rows = [f"2130{n} | 科目{n} | {n}.10" for n in range(1, 7)]
    pages: list[list[Block]] = [
        [
            "云岭市林草局2025年部门预算",
            "部门支出总表",
            "单位：万元",
            table(header + rows[0] + "\n" + rows[1]),
            "第2页 共9页",
        ],
        ["云岭市林草局2025年部门预算", table(rows[2] + "\n" + rows[3]), "第3页 共9页"],
        ["云岭市林草局2025年部门预算", table(rows[4] + "\n" + rows[5]), "第4页 共9页"],
    ]
    records = extract(COVER, *pages)
    assert [(s.statement_type, s.row_count, s.page_last) for s in records.statements] == [("expenditure", 6, 4)]


@pytest.mark.parametrize(
    ("cover", "issuer"),
    [
        (["关于云岭市林业和草原局2025年部门预算公开的说明"], "云岭市林业和草原局"),
        (["附件1：", "云岭市林业和草原局2025年部门预算信息公开目录"], "云岭市林业和草原局"),
        (["德江县自然资源局2025年部门预算及“三公”经费预算信息公开"], "德江县自然资源局"),
    ],
)
def test_words_around_the_issuer_on_a_cover(cover: list[str], issuer: str) -> None:
    drawn = table("科目编码 | 科目名称 | 合计\n213 | 农林水支出 | 1.1")
    records = extract(cover, ["部门支出总表", "单位：万元", drawn])
    assert records.identity.issuer == issuer
    assert [s.statement_type for s in records.statements] == ["expenditure"]
