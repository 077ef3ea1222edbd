"""Performance target sheets of projects and of whole units: money, indicators, targets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tasks.extract.targets import parse_target
from tests.tasks.extract.made_documents import extract, items, table

COVER = ["某市某局2025年部门预算"]
MONEY = """
    项目名称 | 信息化运维 | < | < | < | <
    主管部门及代码 | [167]某部 | < | 实施单位 | 某局 | <
    项目资金（万元） | 年度资金总额： | < | < | 1,083.43 | <
    ^ | 其中：财政拨款 | < | < | 1,000.00 | <
    ^ | 上年结转 | < | < | 83.43 | <
    ^ | 其他资金 | < | < | - | <
    年度总体目标 | 目标1：保障系统运行 | < | < | < | <
"""
INDICATORS = """
    绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值（90）
    ^ | 产出指标 | 数量指标 | 运维系统数 | ≥10个 | 20
    ^ | ^ | 质量指标 | 故障修复率 | ≥95% | 20.5
    ^ | 效益指标 | 社会效益指标 | 业务持续性 | 有所提升 | 30
"""
EXPECTED = [
    ("产出指标", "数量指标", "运维系统数", "≥", Decimal(10), "个", Decimal(20)),
    ("产出指标", "质量指标", "故障修复率", "≥", Decimal(95), "%", Decimal("20.5")),
    ("效益指标", "社会效益指标", "业务持续性", None, None, None, Decimal(30)),
]


def _targets(*pages: list[object]) -> list[tuple[object, ...]]:
    records = extract(*pages)  # type: ignore[arg-type]
    return [
        (t.level1, t.level2, t.level3, t.operator, t.target_value, t.target_unit, t.score)
        for t in records.performance_targets
    ]


def test_money_and_indicators_of_a_project() -> None:
    records = extract([*COVER, "项目绩效目标表", table(MONEY + INDICATORS)])
    assert items(records, "name", "measure", "column_label", "value", "value_unit") == [
        ("信息化运维", "target_total", "年度资金总额", "1083.43", "wan_yuan"),
        ("信息化运维", "target_fiscal", "财政拨款", "1000.00", "wan_yuan"),
        ("信息化运维", "target_carry_over", "上年结转", "83.43", "wan_yuan"),
    ]
    assert {target.project for target in records.performance_targets} == {"信息化运维"}
    assert _targets([*COVER, "项目绩效目标表", table(MONEY + INDICATORS)]) == EXPECTED


def test_an_indicator_table_with_columns_of_its_own_belongs_to_its_sheet() -> None:
    indicators = INDICATORS.replace("    绩效指标 | ", "    绩效指标 | < | ").replace("    ^ | ", "    ^ | < | ")
    pages: list[list[object]] = [[*COVER, "项目绩效目标表", table(MONEY)], [table(indicators, widths=[30.0] * 7)]]
    assert _targets(*pages) == EXPECTED


def test_each_sheet_is_a_statement() -> None:
    other = (MONEY + INDICATORS).replace("信息化运维", "办案经费")
    records = extract([*COVER, "项目绩效目标表", table(MONEY + INDICATORS)], ["项目绩效目标表", table(other)])
    assert [s.statement_type for s in records.statements] == ["performance_target"] * 2
    assert [t.project for t in records.performance_targets] == ["信息化运维"] * 3 + ["办案经费"] * 3
    assert [row_no for (row_no,) in items(records, "row_no")] == [1] * 3 + [2] * 3


def test_a_project_named_in_the_title_over_two_lines() -> None:
    sheet = MONEY.replace("    项目名称 | 信息化运维 | < | < | < | <\n", "")
    records = extract([*COVER, "监管装备购建专项项目", "绩效目标表", table(sheet + INDICATORS)])
    assert records.statements[0].title == "监管装备购建专项项目绩效目标表"
    assert {item.name for item in records.line_items} == {"监管装备购建专项"}
    heading = extract([*COVER, "二、重点项目", "项目绩效目标表", table(MONEY)])
    assert heading.statements[0].title == "项目绩效目标表"


def test_tasks_of_a_whole_unit() -> None:
    records = extract([
        *COVER, "部门整体支出绩效目标表",
        table("""
            部门名称 | 某局 | < | < | <
            年度主要任务 | 任务名称 | 主要内容 | 预算金额（万元） | <
            ^ | ^ | ^ | 总额 | 财政拨款
            ^ | 口岸管理 | 保障通关 | 600 | 500
            ^ | 综合管理 | 内控建设 | 40 | 40
            ^ | 金额合计 | < | 640 | 540
            绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
            ^ | 产出指标 | 数量指标 | 通关人次 | ≥1万人次
        """),
    ])  # fmt: skip
    assert records.statements[0].statement_type == "unit_performance"
    assert items(records, "row_no", "name", "item", "measure", "value", "value_unit") == [
        (1, "口岸管理", None, "total", "600", "wan_yuan"), (1, "口岸管理", None, "fiscal_appropriation", "500", "wan_yuan"),
        (2, "综合管理", None, "total", "40", "wan_yuan"), (2, "综合管理", None, "fiscal_appropriation", "40", "wan_yuan"),
        (3, "金额合计", "total", "total", "640", "wan_yuan"), (3, "金额合计", "total", "fiscal_appropriation", "540", "wan_yuan"),
    ]  # fmt: skip
    assert [t.target_text for t in records.performance_targets] == ["≥1万人次"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≥95%", ("≥", Decimal(95), "%")),
        ("≤1.5万元", ("≤", Decimal("1.5"), "万元")),
        ("100%", (None, Decimal(100), "%")),
        ("=3次", ("=", Decimal(3), "次")),
        ("＞20", (">", Decimal(20), None)),
        ("$\\geq 90\\%$", ("≥", Decimal(90), "%")),
        ("≥1,200人次", ("≥", Decimal(1200), "人次")),
        ("有效提升", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_parse_target(text: str, expected: tuple[str | None, Decimal | None, str | None]) -> None:
    assert parse_target(text) == expected


def test_goals_in_sentences_are_text_lines_of_their_sheet_and_project() -> None:
    sheet = MONEY.replace(
        "目标1：保障系统运行", "<p>目标1：保障系统运行，及时修复故障。</p><p>目标2：完成等级保护测评，培训人员。</p>"
    )
    records = extract([*COVER, "项目绩效目标表", table(sheet + INDICATORS)])
    stated = [line for line in records.text_lines if line.section == "项目绩效目标表/信息化运维"]
    assert [line.text for line in stated] == [
        "目标1：保障系统运行，及时修复故障。",
        "目标2：完成等级保护测评，培训人员。",
    ]
    assert len({line.paragraph_no for line in stated}) == 2
    assert len({line.line_no for line in records.text_lines}) == len(records.text_lines)


def test_a_row_beside_its_columns_is_read_by_its_words() -> None:
    shifted = """
        | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值（90）
        绩效指标 | 成本指标 | 经济成本指标 | 运维成本 | ≤18万元 | 20
        | | 产出指标 | 数量指标 | 运维系统数 | ≥10个
        | | | 质量指标 | 故障修复率 | ≥95%
    """
    assert _targets([*COVER, "项目绩效目标表", table(MONEY + shifted)])[1:] == [
        ("产出指标", "数量指标", "运维系统数", "≥", Decimal(10), "个", None),
        ("产出指标", "质量指标", "故障修复率", "≥", Decimal(95), "%", None),
    ]
