"""Every kind of statement, in the layouts of several provinces, read from small tables made by hand."""

from __future__ import annotations

from tests.tasks.extract.made_documents import extract, items, measures, only_statement, table

COVER = ["某市某局2025年部门预算"]


def test_two_lists_side_by_side() -> None:
    records = extract([
        *COVER, "部门收支总表", "单位：万元",
        table("""
            收入 | < | 支出 | <
            项目 | 预算数 | 项目 | 预算数
            一、一般公共预算拨款收入 | 1,200.00 | 一、一般公共服务支出 | 1,100.50
            二、事业收入 | - | 二、卫生健康支出 | 149.50
            本年收入合计 | 1,200.00 | 本年支出合计 | 1,250.00
            上年结转 | 50.00 | 结转下年 |
            收入总计 | 1,250.00 | 支出总计 | 1,250.00
        """),
    ])  # fmt: skip
    assert only_statement(records).statement_type == "overall_summary"
    assert items(records, "row_no", "side", "name", "item", "code_inferred", "value", "column_label") == [
        (1, "revenue", "一、一般公共预算拨款收入", "general_public_budget", None, "1200.00", "收入/预算数"),
        (1, "expenditure", "一、一般公共服务支出", None, "201", "1100.50", "支出/预算数"),
        (2, "expenditure", "二、卫生健康支出", None, "210", "149.50", "支出/预算数"),
        (3, "revenue", "本年收入合计", "current_year_total", None, "1200.00", "收入/预算数"),
        (3, "expenditure", "本年支出合计", "current_year_total", None, "1250.00", "支出/预算数"),
        (4, "revenue", "上年结转", "carry_over_in", None, "50.00", "收入/预算数"),
        (5, "revenue", "收入总计", "total", None, "1250.00", "收入/预算数"),
        (5, "expenditure", "支出总计", "total", None, "1250.00", "支出/预算数"),
    ]
    assert {item.amount_yuan for item in records.line_items if item.name == "收入总计"} == {12_500_000}


def test_three_lists_side_by_side() -> None:
    records = extract([
        *COVER, "收支预算总表", "单位：万元",
        table("""
            收入 | < | 支出 | < | < | <
            项目 | 金额 | 功能分类 | < | 支出用途 | <
            ^ | ^ | 项目 | 金额 | 项目 | 金额
            一、财政拨款 | 90.00 | 一、教育支出 | 80.00 | 一、基本支出 | 60.00
            二、其他资金 | 10.00 | 二、住房保障支出 | 20.00 | 二、项目支出 | 40.00
            收入合计 | 100.00 | 支出合计 | 100.00 | 支出合计 | 100.00
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "side", "item", "code_inferred", "value") == [
        (1, "revenue", "fiscal_appropriation", None, "90.00"),
        (1, "expenditure", None, "205", "80.00"),
        (1, "expenditure_use", "basic", None, "60.00"),
        (2, "revenue", "unit_funds", None, "10.00"),
        (2, "expenditure", None, "221", "20.00"),
        (2, "expenditure_use", "project", None, "40.00"),
        (3, "revenue", "total", None, "100.00"),
        (3, "expenditure", "total", None, "100.00"),
        (3, "expenditure_use", "total", None, "100.00"),
    ]


def test_expenditure_list_split_into_basic_and_project() -> None:
    records = extract([
        *COVER, "2025年预算单位财务收支预算总表", "编制单位：某院 单位：元",
        table("""
            本年收入 | < | 本年支出 | < | < | < | <
            项目 | 预算数 | 项目 | 预算数 | < | < | <
            ^ | ^ | ^ | 合计 | 基本支出 | < | 项目支出
            ^ | ^ | ^ | ^ | 人员经费 | 公用经费 | ^
            一、财政拨款收入 | 100 | 一、社会保障和就业支出 | 100 | 60 | 30 | 10
            收入总计 | 100 | 支出总计 | 100 | 60 | 30 | 10
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "side", "measure", "value") == [
        (1, "revenue", "budget", "100"),
        (1, "expenditure", "total", "100"),
        (1, "expenditure", "personnel", "60"),
        (1, "expenditure", "public", "30"),
        (1, "expenditure", "project", "10"),
        (2, "revenue", "budget", "100"),
        (2, "expenditure", "total", "100"),
        (2, "expenditure", "personnel", "60"),
        (2, "expenditure", "public", "30"),
        (2, "expenditure", "project", "10"),
    ]


def test_total_row_merged_over_label_columns() -> None:
    records = extract([
        *COVER, "部门支出总表", "单位：元",
        table("""
            项目 | < | < | < | 合计 | 基本支出 | 项目支出
            功能分类科目编码 | < | < | 功能分类科目名称 | ^ | ^ | ^
            类 | 款 | 项 | ^ | ^ | ^ | ^
            208 |  |  | 社会保障和就业支出 | 30 | 20 | 10
            208 | 05 |  | 行政事业单位养老支出 | 30 | 20 | 10
            208 | 05 | 01 | 行政单位离退休 | 30 | 20 | 10
            合计 | < | < | < | 30 | 20 | 10
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "code", "name", "row_level", "item", "measure", "value")[::3] == [
        (1, "208", "社会保障和就业支出", 1, None, "total", "30"),
        (2, "20805", "行政事业单位养老支出", 2, None, "total", "30"),
        (3, "2080501", "行政单位离退休", 3, None, "total", "30"),
        (4, None, "合计", 0, "total", "total", "30"),
    ]
    assert {item.measure for item in records.line_items} == {"total", "basic", "project"}


def test_short_section_codes_are_kept_as_printed_and_inferred_apart() -> None:
    records = extract([
        *COVER, "一般公共预算基本支出表", "单位：元",
        table("""
            经济分类科目 | < | < | 合计 | 人员经费 | 公用经费
            类 | 款 | 名称 | ^ | ^ | ^
            301 |  | 工资福利支出 | 9 | 9 |
            301 | 2 | 津贴补贴 | 9 | 9 |
        """),
    ])  # fmt: skip
    assert items(records, "code", "code_inferred", "row_level", "measure", "value") == [
        ("301", None, 1, "total", "9"),
        ("301", None, 1, "personnel", "9"),
        ("3012", "30102", 2, "total", "9"),
        ("3012", "30102", 2, "personnel", "9"),
    ]


def test_code_and_name_in_one_cell() -> None:
    records = extract([
        *COVER, "一般公共预算支出表", "单位：万元",
        table("""
            科目 | 合计 | 基本支出 | 项目支出
            201一般公共服务支出 | 5.00 | 3.00 | 2.00
            20101 人大事务 | 5.00 | 3.00 | 2.00
            合计 | 5.00 | 3.00 | 2.00
        """),
    ])  # fmt: skip
    assert items(records, "code", "name", "item")[::3] == [
        ("201", "一般公共服务支出", None),
        ("20101", "人大事务", None),
        (None, "合计", "total"),
    ]


def test_execution_budget_and_change() -> None:
    records = extract([
        "某某海关2025年部门预算", "一般公共预算支出表", "单位：万元",
        table("""
            功能分类科目 | < | 2024年执行数 | 2025年预算数 | < | < | 2025年预算数比2024年执行数 | <
            科目编码 | 科目名称 | ^ | 小计 | 基本支出 | 项目支出 | 增减额 | 增减%
            201 | 一般公共服务支出 | 100.00 | 90.00 | 50.00 | 40.00 | -10.00 | -10.00%
            204 | 公共安全支出 | 0.00 | 9.00 | 9.00 |  | (9.00) | 100.00
        """),
    ])  # fmt: skip
    assert items(records, "code", "measure", "fiscal_year", "value", "value_unit", "amount_yuan") == [
        ("201", "prior_execution", 2024, "100.00", "wan_yuan", "1000000.00"),
        ("201", "total", 2025, "90.00", "wan_yuan", "900000.00"),
        ("201", "basic", 2025, "50.00", "wan_yuan", "500000.00"),
        ("201", "project", 2025, "40.00", "wan_yuan", "400000.00"),
        ("201", "change_amount", 2025, "-10.00", "wan_yuan", "-100000.00"),
        ("201", "change_percent", 2025, "-10.00", "percent", None),
        ("204", "prior_execution", 2024, "0.00", "wan_yuan", "0.00"),
        ("204", "total", 2025, "9.00", "wan_yuan", "90000.00"),
        ("204", "basic", 2025, "9.00", "wan_yuan", "90000.00"),
        ("204", "change_amount", 2025, "-9.00", "wan_yuan", "-90000.00"),
        ("204", "change_percent", 2025, "100.00", "percent", None),
    ]


def test_vertical_income_list_under_group_labels() -> None:
    records = extract([
        *COVER, "收入预算总表", "单位：万元",
        table("""
            项目 | < | 金额
            合计 | < | 100.00
            一般公共预算资金 | 小计 | 80.00
            ^ | 公共财政拨款（补助）资金 | 70.00
            ^ | 专项收入 | 10.00
            其他资金 | 小计 | 20.00
            ^ | 事业收入 | 20.00
        """),
    ])  # fmt: skip
    assert items(records, "name", "item", "measure", "value") == [
        ("合计", "total", "total", "100.00"),
        ("一般公共预算资金/小计", "general_public_budget", "total", "80.00"),
        ("一般公共预算资金/公共财政拨款（补助）资金", "public_fiscal_appropriation", "total", "70.00"),
        ("一般公共预算资金/专项收入", "special_income", "total", "10.00"),
        ("其他资金/小计", "unit_funds", "total", "20.00"),
        ("其他资金/事业收入", "institutional_income", "total", "20.00"),
    ]


def test_one_row_without_label() -> None:
    records = extract([
        *COVER, "部门收入总表", "单位：万元",
        table("""
            合计 | 上年结转 | 一般公共预算拨款收入 | 事业收入 | < | 其他收入
            ^ | ^ | ^ | 金额 | 其中：教育收费 | ^
            10.00 | 1.00 | 6.00 | 2.00 | 0.50 | 1.00
        """),
    ])  # fmt: skip
    assert items(records, "name", "item", "row_level", "measure", "value") == [
        (None, "total", 0, "total", "10.00"),
        (None, "total", 0, "carry_over_in", "1.00"),
        (None, "total", 0, "general_public_budget", "6.00"),
        (None, "total", 0, "institutional_income", "2.00"),
        (None, "total", 0, "institutional_income_special_account", "0.50"),
        (None, "total", 0, "other_income", "1.00"),
    ]


def test_rows_per_unit_below_each_item() -> None:
    records = extract([
        *COVER, "一般公共预算支出表", "单位：万元",
        table("""
            科目代码 | 科目名称（单位名称） | 单位代码 | 合计 | 基本支出 | < | < | 项目支出
            ^ | ^ | ^ | ^ | 小计 | 人员经费 | 公用经费 | ^
            2010901 | 行政运行 |  | 8.00 | 8.00 | 5.00 | 3.00 |
            2010901 | 某局本级 | 167001 | 6.00 | 6.00 | 4.00 | 2.00 |
            2010901 | 某局分局 | 167002 | 2.00 | 2.00 | 1.00 | 1.00 |
        """),
    ])  # fmt: skip
    assert [row for row in items(records, "row_no", "code", "name", "unit_code", "unit_name", "measure", "value") if row[5] == "total"] == [
        (1, "2010901", "行政运行", None, None, "total", "8.00"),
        (2, "2010901", "某局本级", "167001", "某局本级", "total", "6.00"),
        (3, "2010901", "某局分局", "167002", "某局分局", "total", "2.00"),
    ]  # fmt: skip


def test_rows_under_their_unit() -> None:
    records = extract([
        "2023年某市某办公室部门预算", "支出总表", "单位：万元",
        table("""
            预算单位 | 科目编码 | 科目名称 | 支出总计 | 基本支出 | 项目支出 | 2023年政府采购项目 | < | <
            ^ | ^ | ^ | ^ | ^ | ^ | 小计 | 其中：面向中小企业 | 其中：面向小型、微型企业
            某市某办公室 |  |  | 10 | 6 | 4 | 3 | 2 | 1
            某市某办公室本级 |  |  | 10 | 6 | 4 | 3 | 2 | 1
             | 201 | 一般公共服务支出 | 10 | 6 | 4 | 3 | 2 | 1
             | 20113 | 商贸事务 | 10 | 6 | 4 | 3 | 2 | 1
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "unit_name", "code", "name", "item")[::6] == [
        (1, "某市某办公室", None, "某市某办公室", "total"),
        (2, "某市某办公室本级", None, "某市某办公室本级", "total"),
        (3, "某市某办公室本级", "201", "一般公共服务支出", None),
        (4, "某市某办公室本级", "20113", "商贸事务", None),
    ]
    assert [measure for _, role, measure in measures(records) if role == "value"] == [
        "total", "basic", "project", "procurement_total", "procurement_sme", "procurement_small_micro",
    ]  # fmt: skip


def test_three_public_with_two_years_side_by_side() -> None:
    records = extract([
        "某某海关2025年部门预算", "财政拨款预算“三公”经费支出表", "单位：万元",
        table("""
            2024年预算数 | < | < | < | < | < | 2025年预算数 | < | < | < | < | <
            合计 | 因公出国（境）费 | 公务用车购置及运行费 | < | < | 公务接待费 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | < | < | 公务接待费
            ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^
            6.00 | 1.00 | 3.00 | 1.00 | 2.00 | 2.00 | 5.00 | 1.00 | 3.00 |  | 3.00 | 1.00
        """),
    ])  # fmt: skip
    assert items(records, "fiscal_year", "measure", "value") == [
        (2024, "three_public_total", "6.00"), (2024, "overseas_travel", "1.00"), (2024, "vehicle_total", "3.00"),
        (2024, "vehicle_purchase", "1.00"), (2024, "vehicle_operation", "2.00"), (2024, "official_reception", "2.00"),
        (2025, "three_public_total", "5.00"), (2025, "overseas_travel", "1.00"), (2025, "vehicle_total", "3.00"),
        (2025, "vehicle_operation", "3.00"), (2025, "official_reception", "1.00"),
    ]  # fmt: skip


def test_three_public_with_a_row_per_year() -> None:
    records = extract([
        "2023年某市某办公室部门预算", "一般公共预算“三公”经费支出表", "单位：万元",
        table("""
            单位名称 | 年度 | 总计 | 因公出国（境）费 | 公务接待费 | 公务用车购置和运行维护费 | < | <
            ^ | ^ | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费
            某市某办公室 | 2022年 | 6 | 1 | 2 | 3 | 1 | 2
            ^ | 2023年 | 5 | 1 | 1 | 3 | 0 | 3
            ^ | 增减变化金额 | -1 | 0 | -1 | 0 | -1 | 1
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "unit_name", "name", "item", "fiscal_year", "measure", "value")[::6] == [
        (1, "某市某办公室", "2022年", "prior_year", 2022, "three_public_total", "6"),
        (2, "某市某办公室", "2023年", "budget_year", 2023, "three_public_total", "5"),
        (3, "某市某办公室", "增减变化金额", "change", 2023, "three_public_total", "-1"),
    ]


def test_procurement_rows_told_by_several_labels() -> None:
    records = extract([
        *COVER, "政府采购支出预算表", "单位：万元",
        table("""
            采购品目大类 | 专项名称 | 经济科目 | 采购物品名称 | 采购组织形式 | 总计
            合计 | < | < | < | < | 7.00
            货物A | < | < | < | < | 4.00
             | 商品和服务支出 | 办公费 | 纸张 | 集中采购 | 4.00
            服务C | < | < | < | < | 3.00
             | 商品和服务支出 | 物业管理费 | 物业服务 | 分散采购 | 3.00
        """),
    ])  # fmt: skip
    assert items(records, "name", "item", "row_level", "measure", "value") == [
        ("合计", "total", 0, "total", "7.00"),
        ("货物A", "procurement_goods", 1, "total", "4.00"),
        ("商品和服务支出/办公费/纸张/集中采购", None, 2, "total", "4.00"),
        ("服务C", "procurement_services", 1, "total", "3.00"),
        ("商品和服务支出/物业管理费/物业服务/分散采购", None, 2, "total", "3.00"),
    ]


def test_economic_table_in_two_panels() -> None:
    records = extract([
        "某市某局2024年度部门决算", "一般公共预算财政拨款基本支出决算表", "单位：万元",
        table("""
            人员经费 | < | < | 公用经费 | < | <
            科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
            301 | 工资福利支出 | 9.00 | 302 | 商品和服务支出 | 3.00
            30101 | 基本工资 | 9.00 | 30201 | 办公费 | 3.00
            人员经费合计 | < | 9.00 | 公用经费合计 | < | 3.00
        """),
    ])  # fmt: skip
    assert items(records, "row_no", "side", "code", "name", "item", "measure", "value") == [
        (1, None, "301", "工资福利支出", None, "total", "9.00"),
        (1, None, "302", "商品和服务支出", None, "total", "3.00"),
        (2, None, "30101", "基本工资", None, "total", "9.00"),
        (2, None, "30201", "办公费", None, "total", "3.00"),
        (3, None, None, "人员经费合计", "personnel", "total", "9.00"),
        (3, None, None, "公用经费合计", "public", "total", "3.00"),
    ]


def test_final_accounts_budget_beside_final() -> None:
    records = extract([
        "某市某局2024年度部门决算", "财政拨款“三公”经费支出决算表", "单位：万元",
        table("""
            合计 | < | 因公出国（境）费 | < | 公务用车购置及运行维护费 | < | < | < | < | < | 公务接待费 | <
            ^ | ^ | ^ | ^ | 小计 | < | 公务用车购置费 | < | 公务用车运行维护费 | < | ^ | ^
            预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数
            6.00 | 5.00 | 1.00 | 1.00 | 3.00 | 2.00 | 1.00 | 0.00 | 2.00 | 2.00 | 2.00 | 2.00
        """),
    ])  # fmt: skip
    assert records.identity.report_type == "final_accounts"
    found = items(records, "measure", "value")
    assert len({measure for measure, _ in found}) == 12
    assert ("vehicle_purchase", "0.00") in found
    assert ("vehicle_purchase_budget", "1.00") in found


def test_fund_balances() -> None:
    records = extract([
        "某市某局2024年度部门决算", "政府性基金预算财政拨款收入支出决算表", "单位：万元",
        table("""
            项目 | < | 年初结转和结余 | 本年收入 | 本年支出 | < | < | 年末结转和结余
            科目编码 | 科目名称 | ^ | ^ | 小计 | 基本支出 | 项目支出 | ^
            合计 | < | 1.00 | 5.00 | 4.00 |  | 4.00 | 2.00
            212 | 城乡社区支出 | 1.00 | 5.00 | 4.00 |  | 4.00 | 2.00
        """),
    ])  # fmt: skip
    assert items(records, "code", "item", "measure", "value") == [
        (None, "total", "opening_balance", "1.00"), (None, "total", "current_year_income", "5.00"),
        (None, "total", "total", "4.00"), (None, "total", "project", "4.00"), (None, "total", "closing_balance", "2.00"),
        ("212", None, "opening_balance", "1.00"), ("212", None, "current_year_income", "5.00"),
        ("212", None, "total", "4.00"), ("212", None, "project", "4.00"), ("212", None, "closing_balance", "2.00"),
    ]  # fmt: skip


def test_fiscal_summary_by_fund_with_carry_over_lines() -> None:
    records = extract([
        *COVER, "财政拨款收支总表", "单位：万元",
        table("""
            收入 | < | 支出 | < | < | < | <
            项目 | 预算数 | 项目 | 合计 | 一般公共预算拨款 | 政府性基金预算拨款 | 国有资本经营预算拨款
            一、本年收入 | 9.00 | 一、本年支出 | 12.00 | 10.00 | 2.00 |
            （一）一般公共预算拨款 | 8.00 | （一）外交支出 | 12.00 | 10.00 | 2.00 |
            （二）政府性基金预算拨款 | 1.00 |  |  |  |  |
            二、上年结转 | 3.00 |  |  |  |  |
            （一）一般公共预算拨款 | 2.00 |  |  |  |  |
            （二）政府性基金预算拨款 | 1.00 |  |  |  |  |
            收入总计 | 12.00 | 支出总计 | 12.00 | 10.00 | 2.00 |
        """),
    ])  # fmt: skip
    assert [row for row in items(records, "side", "name", "item", "value") if row[0] == "revenue"] == [
        ("revenue", "一、本年收入", "current_year_total", "9.00"),
        ("revenue", "（一）一般公共预算拨款", "general_public_budget", "8.00"),
        ("revenue", "（二）政府性基金预算拨款", "government_fund", "1.00"),
        ("revenue", "二、上年结转", "carry_over_in", "3.00"),
        ("revenue", "（一）一般公共预算拨款", "carry_over_in.general_public_budget", "2.00"),
        ("revenue", "（二）政府性基金预算拨款", "carry_over_in.government_fund", "1.00"),
        ("revenue", "收入总计", "total", "12.00"),
    ]
    classes = [row for row in items(records, "name", "code_inferred", "measure", "value") if row[1]]
    assert classes == [
        ("（一）外交支出", "202", "total", "12.00"),
        ("（一）外交支出", "202", "general_public_budget", "10.00"),
        ("（一）外交支出", "202", "government_fund", "2.00"),
    ]
