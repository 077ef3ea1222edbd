"""The summary tables over filings made by hand: each amount once, sums checked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from filings.records import FilingRecords, Identity
from tasks.data_dir import DataDir
from tasks.load import build_warehouse
from tasks.publish.summaries import create_summaries, load_summaries
from tests.tasks.made_filings import FETCHED, IDENTITY, Cell, columns, records, statement, store

Rows = list[tuple[Any, ...]]


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def summarised(data: DataDir) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(build_warehouse(data)))
    create_summaries(connection)
    return connection


def ask(data: DataDir, sql: str) -> Rows:
    with summarised(data) as connection:
        return connection.execute(sql).fetchall()


def yuan(wan_yuan: str) -> Decimal:
    return Decimal(wan_yuan) * 10_000


def listed(side: str, item: str, value: str, *, measure: str = "budget", **more: Any) -> Cell:  # noqa: ANN401
    return Cell(measure, value, side=side, item=item, name=item, **more)


def coded(code: str, total: str, basic: str | None = None, project: str | None = None, **more: Any) -> list[Cell]:  # noqa: ANN401
    parts = (("total", total), ("basic", basic), ("project", project))
    level = None if code == "total" else (len(code) - 1) // 2
    return [
        Cell(
            measure,
            value,
            code=None if code == "total" else code,
            item="total" if code == "total" else None,
            level=0 if code == "total" else level,
            name=f"名{code}",
            **more,
        )
        for measure, value in parts
        if value is not None
    ]


SUMMARY = (
    listed("revenue", "general_public_budget", "70.00"),
    listed("revenue", "institutional_income", "20.00"),
    listed("revenue", "institutional_income_special_account", "5.00"),  # 其中: part of the line above
    listed("revenue", "current_year_total", "90.00"),
    listed("revenue", "carry_over_in", "10.00"),
    listed("revenue", "total", "100.00"),
    listed("expenditure", "current_year_total", "98.00"),
    listed("expenditure", "carry_over_out", "2.00"),
    listed("expenditure", "total", "100.00"),
)

EXPENDITURE = (
    *coded("201", "60.00", "40.00", "20.00"),
    *coded("20109", "60.00", "40.00", "20.00"),
    *coded("2010901", "40.00", "40.00"),
    *coded("2010902", "20.00", None, "20.00"),
    *coded("20805", "30.00", "30.00"),  # 类 208 is not printed
    *coded("2080501", "25.00", "25.00"),
    *coded("2080502", "5.00", "5.00"),
    *coded("2100101", "8.00", "8.00"),  # of 类 210 only the 项 is printed
    *coded("total", "98.00", "78.00", "20.00"),
)


def whole() -> FilingRecords:
    return records((("overall_summary", SUMMARY), ("expenditure", EXPENDITURE)))


def test_every_query_gives_exactly_the_declared_columns(data: DataDir) -> None:
    store("a", whole(), data)
    with summarised(data) as connection:
        for name, table in load_summaries().items():
            columns_found = connection.execute(f"DESCRIBE {name}").fetchall()
            assert [column[0] for column in columns_found] == list(table.columns)
            query = (Path(__file__).parents[3] / "tasks" / "publish" / f"{name}.sql").read_text(encoding="utf-8")
            given = [column[0] for column in connection.execute(f"DESCRIBE {query}").fetchall()]
            assert given == list(table.columns), name
            assert not [column for column in columns_found if column[1] in ("DOUBLE", "FLOAT")]


def test_every_summary_is_described_for_people() -> None:
    for table in load_summaries().values():
        assert table.name.startswith("summary_")
        assert table.label
        for name, column in table.columns.items():
            assert column.label
            assert name.endswith("_yuan") == ("（元" in column.label)
            assert name.endswith("_percent") == ("%" in column.label)
            assert name.endswith(("_yuan", "_percent")) == (column.decimal is not None)


def test_issuer_year_shows_the_printed_totals(data: DataDir) -> None:
    store("a", whole(), data)
    names = (
        "revenue_total",
        "revenue_current_year",
        "carry_over_in",
        "expenditure_total",
        "expenditure_current_year",
        "carry_over_out",
        "basic",
        "project",
        "general_public_budget_revenue",
    )
    found = ask(data, f"SELECT {', '.join(f'{name}_yuan' for name in names)} FROM summary_issuer_year")
    assert found == [tuple(map(yuan, ("100", "90", "10", "100", "98", "2", "78", "20", "70")))]


def test_function_classes_take_the_highest_level_that_is_printed(data: DataDir) -> None:
    store("a", whole(), data)
    found = ask(
        data,
        "SELECT class_code, class_name, total_yuan, basic_yuan, project_yuan, told_by, is_widest "
        "FROM summary_function_class",
    )
    assert found == [
        ("201", "名201", yuan("60"), yuan("40"), yuan("20"), "class", True),
        ("208", "社会保障和就业支出", yuan("30"), yuan("30"), None, "section", True),
        ("210", "卫生健康支出", yuan("8"), yuan("8"), None, "item", True),
    ]


def test_widest_statement_counts_each_yuan_once(data: DataDir) -> None:
    fund = coded("212", "3.00", None, "3.00")
    general = coded("201", "60.00", "40.00", "20.00")
    store("a", records((("general_budget_expenditure", general), ("government_fund", fund))), data)
    both = replace(IDENTITY, issuer="某市另一局")
    statements = (("expenditure", (*general, *fund)), ("general_budget_expenditure", general))
    store("b", records(statements, identity=both), data)
    found = ask(
        data, "SELECT issuer, sum(total_yuan) FROM summary_function_class WHERE is_widest GROUP BY ALL ORDER BY ALL"
    )
    assert found == [("某市另一局", yuan("63")), ("某市某局", yuan("63"))]


def test_rows_per_unit_do_not_add_to_the_row_they_repeat(data: DataDir) -> None:
    cells = (
        *coded("2010901", "30.00"),
        *coded("2010901", "10.00", unit="甲"),
        *coded("2010901", "20.00", unit="乙"),
    )
    store("a", records((("expenditure", cells),)), data)
    assert ask(data, "SELECT class_code, total_yuan FROM summary_function_class") == [("201", yuan("30"))]


def test_rows_that_are_printed_per_unit_only_are_added_up(data: DataDir) -> None:
    def per_unit(unit: str, value: str) -> list[Cell]:
        return [*coded("total", value, unit=unit), *coded("201", value, unit=unit), *coded("20109", value, unit=unit)]

    store("a", records((("expenditure", (*per_unit("甲", "10.00"), *per_unit("乙", "20.50"))),)), data)
    with summarised(data) as connection:
        classes = connection.execute("SELECT class_code, total_yuan FROM summary_function_class").fetchall()
        total = connection.execute("SELECT expenditure_total_yuan FROM summary_issuer_year").fetchall()
    assert classes == [("201", yuan("30.5"))]
    assert total == [(yuan("30.5"),)]


def test_a_total_row_that_heads_several_units_is_not_added_to_theirs(data: DataDir) -> None:
    cells = (
        *coded("total", "30.00", unit="全部门"),
        *coded("total", "10.00", unit="甲"),
        *coded("201", "10.00", unit="甲"),
        *coded("total", "20.00", unit="乙"),
        *coded("201", "20.00", unit="乙"),
    )
    store("a", records((("expenditure", cells),)), data)
    assert ask(data, "SELECT expenditure_total_yuan FROM summary_issuer_year") == [(yuan("30"),)]


def test_a_misprinted_code_makes_no_class_of_its_own(data: DataDir) -> None:
    cells = (*coded("210", "5.00"), *coded("71102", "5.00"), *coded("999", "1.00"))
    store("a", records((("expenditure", cells),)), data)
    found = ask(data, "SELECT class_code, total_yuan FROM summary_function_class")
    assert found == [("210", yuan("5")), ("999", yuan("1"))]


def test_a_statement_that_is_printed_twice_counts_once(data: DataDir) -> None:
    cells = coded("201", "7.00")
    store("a", records((("expenditure", cells[:1]), ("expenditure", [*cells, *coded("208", "1.00")]))), data)
    found = ask(data, "SELECT class_code, total_yuan FROM summary_function_class")
    assert found == [("201", yuan("7")), ("208", yuan("1"))]


def test_of_several_total_lines_the_last_counts(data: DataDir) -> None:
    cells = (listed("revenue", "total", "90.00"), listed("revenue", "total", "100.00"))
    store("a", records((("overall_summary", cells),)), data)
    assert ask(data, "SELECT revenue_total_yuan FROM summary_issuer_year") == [(yuan("100"),)]


def test_only_current_versions_are_summarised(data: DataDir) -> None:
    store("old", whole(), data)
    new = store("new", whole(), data, FETCHED + timedelta(days=1))
    for name in [name for name, table in load_summaries().items() if "filing_id" in table.columns]:
        assert set(ask(data, f"SELECT filing_id FROM {name}")) <= {(new.filing_id,)}
    assert ask(data, "SELECT count(*) FROM summary_quality") == [(1,)]


def mix(data: DataDir, cells: Sequence[Cell]) -> Rows:
    store("a", records((("overall_summary", cells),)), data)
    return ask(data, "SELECT source, amount_yuan, share_percent FROM summary_revenue_mix")


def test_revenue_mix_leaves_sub_items_out_and_adds_up(data: DataDir) -> None:
    assert mix(data, SUMMARY) == [
        ("general_public_budget", yuan("70"), Decimal("70.00")),
        ("institutional_income", yuan("20"), Decimal("20.00")),
        ("carry_over_in", yuan("10"), Decimal("10.00")),
    ]


def test_revenue_mix_replaces_a_sum_by_its_parts(data: DataDir) -> None:
    cells = (
        listed("revenue", "fiscal_appropriation", "30.00"),
        listed("revenue", "general_public_budget", "20.00"),
        listed("revenue", "government_fund", "10.00"),
        listed("revenue", "total", "30.00"),
    )
    assert mix(data, cells) == [
        ("general_public_budget", yuan("20"), Decimal("66.67")),
        ("government_fund", yuan("10"), Decimal("33.33")),
    ]


def test_revenue_mix_keeps_a_sum_that_its_parts_miss(data: DataDir) -> None:
    cells = (
        listed("revenue", "fiscal_appropriation", "30.00"),
        listed("revenue", "general_public_budget", "20.00"),
        listed("revenue", "total", "32.00"),
    )
    assert mix(data, cells) == [
        ("fiscal_appropriation", yuan("30"), Decimal("93.75")),
        ("unclassified", yuan("2"), Decimal("6.25")),
    ]


def three_public(data: DataDir, made: FilingRecords) -> dict[str, tuple[Any, ...]]:
    store("a", made, data)
    found = ask(
        data,
        "SELECT item, amount_yuan, prior_amount_yuan, change_yuan, change_percent FROM summary_three_public",
    )
    return {row[0]: row[1:] for row in found}


def test_three_public_compares_years_and_reads_a_blank_as_zero(data: DataDir) -> None:
    cells = (
        Cell("three_public_total", "3.00", year=2025, column=1),
        Cell("official_reception", "3.00", year=2025, column=2),
        Cell("three_public_total", "4.00", column=3),
        Cell("vehicle_operation", "4.00", column=5),
    )
    made = records((("three_public", cells),))
    vehicles = columns(1, "three_public", ["vehicle_total", "vehicle_purchase"])
    vehicles = tuple(replace(column, column_no=column.column_no + 90) for column in vehicles)
    found = three_public(data, replace(made, columns=made.columns + vehicles))
    assert found["three_public_total"] == (yuan("4"), yuan("3"), yuan("1"), Decimal("33.33"))
    assert found["official_reception"] == (0, yuan("3"), yuan("-3"), Decimal("-100.00"))
    assert found["vehicle_total"] == (yuan("4"), 0, yuan("4"), None)
    assert found["vehicle_operation"] == (yuan("4"), 0, yuan("4"), None)
    assert found["overseas_travel"] == (None, None, None, None)  # no such column is printed


def test_three_public_reads_years_in_rows_and_adds_units(data: DataDir) -> None:
    cells = tuple(
        Cell("three_public_total", value, item=item, name=item, unit=unit, year=year)
        for unit, item, year, value in (
            ("甲", "prior_year", 2025, "1.00"),
            ("甲", "budget_year", 2026, "2.00"),
            ("甲", "change", 2026, "1.00"),
            ("乙", "prior_year", 2025, "3.00"),
            ("乙", "budget_year", 2026, "3.00"),
            ("乙", "change", 2026, "0.00"),
        )
    )
    found = three_public(data, records((("three_public", cells),)))
    assert found["three_public_total"] == (yuan("5"), yuan("4"), yuan("1"), Decimal("25.00"))


def test_a_declared_empty_three_public_table_has_no_amounts(data: DataDir) -> None:
    made = replace(records(()), statements=(statement(1, "three_public", state="declared_empty"),))
    store("a", made, data)
    found = ask(data, "SELECT DISTINCT statement_state, amount_yuan FROM summary_three_public")
    assert found == [("declared_empty", None)]


def test_budget_is_compared_with_prior_execution(data: DataDir) -> None:
    def row(code: str | None, budget: str | None, prior: str | None, change: str | None) -> list[Cell]:
        values = (("total", budget, 2026), ("prior_execution", prior, 2025), ("change_amount", change, 2026))
        return [
            Cell(measure, value, code=code, item=None if code else "total", level=None if code else 0, year=year)
            for measure, value, year in values
            if value is not None
        ]

    cells = (
        *row("201", "110.00", "96.00", "14.00"),
        *row("2010901", "10.00", None, "10.00"),
        *row("208", None, "5.00", "-5.00"),
        *row(None, "110.00", "101.00", "9.00"),
    )
    store("a", records((("general_budget_expenditure", cells),)), data)
    without = replace(IDENTITY, issuer="某市另一局")
    store("b", records((("general_budget_expenditure", row("201", "1.00", None, None)),), identity=without), data)
    found = ask(
        data,
        "SELECT code, level, budget_yuan, prior_execution_yuan, change_yuan, change_percent, printed_change_yuan "
        "FROM summary_budget_vs_prior_execution",
    )
    assert found == [
        ("201", 1, yuan("110"), yuan("96"), yuan("14"), Decimal("14.58"), yuan("14")),
        ("2010901", 3, yuan("10"), 0, yuan("10"), None, yuan("10")),
        ("208", 1, 0, yuan("5"), yuan("-5"), Decimal("-100.00"), yuan("-5")),
        ("total", 0, yuan("110"), yuan("101"), yuan("9"), Decimal("8.91"), yuan("9")),
    ]


def test_economic_classes_prefer_the_basic_table(data: DataDir) -> None:
    basic = (
        Cell("total", "5.00", code="301", level=1, name="工资福利支出"),
        Cell("personnel", "5.00", code="301", level=1, name="工资福利支出"),
        Cell("total", "2.00", code="30201", level=2, name="办公费"),
        Cell("total", "1.00", code="30205", level=2, name="水费"),
    )
    every = (Cell("total", "9.00", code="301", level=1, name="工资福利支出"),)
    store("a", records((("general_budget_economic", every), ("general_budget_basic", basic))), data)
    found = ask(
        data,
        "SELECT statement_type, is_first_choice, class_code, class_name, total_yuan, personnel_yuan, told_by "
        "FROM summary_economic_class",
    )
    assert found == [
        ("general_budget_basic", True, "301", "工资福利支出", yuan("5"), yuan("5"), "class"),
        ("general_budget_basic", True, "302", "商品和服务支出", yuan("3"), None, "section"),
        ("general_budget_economic", False, "301", "工资福利支出", yuan("9"), None, "class"),
    ]


def test_final_accounts_take_the_final_column(data: DataDir) -> None:
    final: Identity = replace(IDENTITY, report_type="final_accounts")
    cells = (
        Cell("three_public_total", "9.00", label="合计/预算数", column=1),
        Cell("three_public_total", "8.00", label="合计/决算数", column=2),
    )
    made = records((("three_public", cells),), identity=final)
    store("a", replace(made, columns=columns(1, "three_public", ["three_public_total"])), data)
    assert ask(data, "SELECT three_public_yuan FROM summary_issuer_year") == [(yuan("8"),)]


def test_quality_counts_statements_checks_and_findings(data: DataDir) -> None:
    made = records((("expenditure", EXPENDITURE),))
    more = (statement(2, "government_fund", state="declared_empty"), statement(3, "revenue", state="missing"))
    raw = store("a", replace(made, statements=made.statements + more), data)
    with duckdb.connect(str(build_warehouse(data))) as connection:
        connection.execute(
            "INSERT INTO checks VALUES ('R1', ?, 5, 3, 1, 1, 2), ('R2', ?, 1, 1, 0, 0, 0)", [raw.filing_id] * 2
        )
        for severity in ("error", "warning", "warning"):
            connection.execute(
                "INSERT INTO findings (finding_id, filing_id, rule_id, severity) VALUES (uuid(), ?, 'R1', ?)",
                [raw.filing_id, severity],
            )
        create_summaries(connection)
        found = connection.execute("SELECT * EXCLUDE (issuer, file_name, report_type, scope) FROM summary_quality")
        names = [column[0] for column in found.description or ()]
        row = dict(zip(names, found.fetchall()[0], strict=True))
    assert row["cells"] == len(EXPENDITURE)
    assert [row[f"statements_{state}"] for state in ("filled", "declared_empty", "empty", "missing")] == [1, 1, 0, 1]
    checked = ("evaluated", "exact", "rounding", "violated", "not_evaluable")
    assert [row[f"checks_{verdict}"] for verdict in checked] == [6, 4, 1, 1, 2]
    assert row["hold_percent"] == Decimal("83.33")
    assert [row[f"findings_{severity}"] for severity in ("error", "warning", "info")] == [1, 2, 0]


@pytest.mark.parametrize(
    ("part", "whole_amount", "expected"),
    [
        ("1.00", "3.00", "33.33"),
        ("-2.00", "3.00", "-66.67"),
        ("1.00", "800.00", "0.13"),
        ("-1.00", "800.00", "-0.13"),
        ("1.00", "0.00", None),
        ("1.00", "-4.00", None),
        ("999999999999999999.99", "0.01", "9999999999999999999900.00"),
    ],
)
def test_percentages_are_exact_and_half_away_from_zero(
    data: DataDir, part: str, whole_amount: str, expected: str | None
) -> None:
    with summarised(data) as connection:
        found = connection.execute(
            "SELECT exact_percent(?::DECIMAL(20,2), ?::DECIMAL(20,2))", [part, whole_amount]
        ).fetchall()
    assert found == [(None if expected is None else Decimal(expected),)]
