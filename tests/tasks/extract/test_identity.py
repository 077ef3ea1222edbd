"""Whose filing, for which year, of which kind: from covers of many makes, and from the tables where there is no cover."""

from __future__ import annotations

import pytest

from filings.records import Identity
from tests.tasks.extract.made_documents import Block, extract, table

SPENDING = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n201 | 一般公共服务支出 | 6.00 | 3.00 | 3.00"
STATEMENT: list[Block] = ["支出总表", "单位：万元", table(SPENDING)]


def _identity(*lines: str, statement: list[Block] | None = None, file_name: str = "made.pdf") -> Identity:
    return extract([*lines], STATEMENT if statement is None else statement, file_name=file_name).identity


@pytest.mark.parametrize(
    ("cover", "issuer", "year", "report_type", "scope"),
    [
        (["哈尔滨海关", "2023年部门预算"], "哈尔滨海关", 2023, "budget", "department"),
        (["哈尔滨海关部门预算", "2023年"], "哈尔滨海关", 2023, "budget", "department"),
        (["2025年某市财政局部门预算"], "某市财政局", 2025, "budget", "department"),
        (["某市财政局2025年度部门预算公开"], "某市财政局", 2025, "budget", "department"),
        (["某市财政局", "2024年度部门决算"], "某市财政局", 2024, "final_accounts", "department"),
        (["某市社会福利院2024年度单位决算"], "某市社会福利院", 2024, "final_accounts", "unit"),
        (["某市社会福利院", "2024年单位预算"], "某市社会福利院", 2024, "budget", "unit"),
        (["昆明海关本级部门预算", "2026年"], "昆明海关本级", 2026, "budget", "unit"),
        (["上海市普陀区2025年区级部门预算", "预算主管部门：上海市普陀区商务委员会"], "上海市普陀区商务委员会", 2025, "budget", "department"),
        (["公", "某市人民检察院", "5", "2017年部门预算 Wed", "V 52.1", "LERI", "日"], "某市人民检察院", 2017, "budget", "department"),
        (["四川省生态环境厅", "2025年部门预算编制说明"], "四川省生态环境厅", 2025, "budget", "department"),
        (["附件1", "新桥镇人民政府2025年部门预算公开"], "新桥镇人民政府", 2025, "budget", "department"),
        (["武冈市2025年部门预算公开", "武冈市水利局"], "武冈市水利局", 2025, "budget", "department"),
        (["二〇二五年某市民政局部门预算"], "某市民政局", 2025, "budget", "department"),
        (["某市民政局2024年度部门决算", "二〇二五年八月"], "某市民政局", 2024, "final_accounts", "department"),
        (["某市民政局2024年度部门决算", "2025年8月"], "某市民政局", 2024, "final_accounts", "department"),
        (["2025年8月", "某市民政局2024年度部门决算"], "某市民政局", 2024, "final_accounts", "department"),
        (["随州市民政局（本级）2025年部门预算"], "随州市民政局（本级）", 2025, "budget", "unit"),
        (["上海市普陀区2025年区级单位预算", "预算单位：上海市普陀区图书馆"], "上海市普陀区图书馆", 2025, "budget", "unit"),
    ],
)  # fmt: skip
def test_covers(cover: list[str], issuer: str, year: int, report_type: str, scope: str) -> None:
    identity = _identity(*cover)
    assert (identity.issuer, identity.fiscal_year, identity.report_type, identity.scope) == (
        issuer,
        year,
        report_type,
        scope,
    )
    for how in (
        identity.issuer_told_by,
        identity.fiscal_year_told_by,
        identity.report_type_told_by,
        identity.scope_told_by,
    ):
        assert how


@pytest.mark.parametrize(
    ("issuer", "region", "level"),
    [
        ("江苏省高级人民法院", "320000", "province"),
        ("上海市普陀区商务委员会", "310107", "district"),
        ("深圳市人民政府口岸办公室", "440300", "city"),
        ("上海市财政局", "310000", "province"),
        ("哈尔滨海关", "230100", "central"),
        ("广西崇左市江州区财政局", "451402", "district"),
        ("四川遂宁市财政局", "510900", "city"),
        ("教育部考试中心", None, "central"),
        ("中国共产党江苏省委员会办公厅", "320000", "province"),
    ],
)
def test_region_and_level(issuer: str, region: str | None, level: str) -> None:
    identity = _identity(issuer, "2025年部门预算")
    assert (identity.issuer, identity.region, identity.administrative_level) == (issuer, region, level)


def test_what_the_document_does_not_say_stays_unknown() -> None:
    identity = _identity()
    assert (identity.issuer, identity.fiscal_year, identity.region, identity.scope) == (None, None, None, None)
    assert identity.administrative_level is None
    assert identity.report_type == "budget"


def test_the_body_over_the_tables_is_the_issuer_where_there_is_no_cover() -> None:
    statement: list[Block] = ["2024年部门支出预算总表", "编制部门：某市水务局 单位：元", table(SPENDING)]
    identity = _identity(statement=statement)
    assert (identity.issuer, identity.fiscal_year, identity.scope) == ("某市水务局", 2024, "department")
    assert identity.issuer_told_by == "编制部门 of 1 statements: 某市水务局"


def test_the_file_name_is_asked_last_and_only_for_the_year() -> None:
    identity = _identity(file_name="某市水务局2022年预算.pdf")
    assert (identity.issuer, identity.fiscal_year) == (None, 2022)
    assert identity.fiscal_year_told_by == "file name: 某市水务局2022年预算.pdf"
    assert _identity("某局2025年部门预算", file_name="2022.pdf").fiscal_year == 2025


@pytest.mark.parametrize(("headings", "year"), [(2, 2024), (3, 2025)])
def test_a_cover_left_from_last_year_is_outvoted_by_the_headings(headings: int, year: int) -> None:
    identity = extract(
        ["某市财政局2024年部门预算"],
        [*(f"第{ordinal}部分 2025年部门预算情况说明" for ordinal in "二三四"[:headings]), *STATEMENT],
    ).identity
    assert identity.fiscal_year == year


def test_final_accounts_are_told_by_their_titles() -> None:
    identity = _identity(statement=["支出决算表", "单位：万元", table(SPENDING)])
    assert identity.report_type == "final_accounts"


def test_a_prior_year_column_has_the_prior_year() -> None:
    drawn = "科目编码 | 科目名称 | 上年执行数 | 2025年预算数\n201 | 一般公共服务支出 | 6.00 | 3.00"
    records = extract(["某局2025年部门预算", "一般公共预算支出表", "单位：万元", table(drawn)])
    assert [(item.measure, item.fiscal_year) for item in records.line_items] == [
        ("prior_execution", 2024),
        ("total", 2025),
    ]
