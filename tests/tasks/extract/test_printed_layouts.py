"""What makers of filings do to a page: units under tables, parted codes, footnote marks, pages that lie on their side."""

from __future__ import annotations

import pytest

from tests.tasks.extract.made_documents import Block, extract, items, measures, table

COVER: list[Block] = ["云岭市林草局2025年部门预算"]
HEADER = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n"
ROWS = "213 | 农林水支出 | 9.10 | 6.30 | 2.80\n21302 | 林业和草原 | 9.10 | 6.30 | 2.80"
OTHER: list[Block] = ["政府性基金预算支出表", "单位：万元", table(HEADER + "212 | 城乡社区支出 | 1.10 | 1.10 |")]


@pytest.mark.parametrize("below", ["单位：元", "（单位：元）", "备注：本表金额单位为元。"])
def test_a_unit_under_a_table_is_its_own(below: str) -> None:
    records = extract([*COVER, "部门支出总表", table(HEADER + ROWS), below], OTHER)
    assert [(s.statement_type, s.unit) for s in records.statements] == [
        ("expenditure", "yuan"),
        ("government_fund", "wan_yuan"),
    ]


@pytest.mark.parametrize(
    "last", ["单位：元 | < | < | < | <", " | | | | 单位：元", "注：本表金额单位为元 | < | < | < | <"]
)
def test_a_unit_in_the_last_row_of_a_table_is_its_own(last: str) -> None:
    records = extract([*COVER, "部门支出总表", table(f"{HEADER}{ROWS}\n¦ {last}")], OTHER)
    assert [(s.unit, s.row_count) for s in records.statements] == [("yuan", 2), ("wan_yuan", 1)]
    assert not records.unread_cells


@pytest.mark.parametrize("above", ["", "表7 | < | < | < | <\n"])
def test_a_title_in_a_row_of_its_own_begins_the_next_table(above: str) -> None:
    title, unit = "政府性基金预算支出表 | < | < | < | <\n", " | | | | 单位：元\n"
    drawn = (
        f"部门支出总表 | < | < | < | <\n{HEADER}{ROWS}\n{above}{title}¦{unit}{HEADER}212 | 城乡社区支出 | 1.10 | 1.10 |"
    )
    records = extract([*COVER, "单位：万元", table(drawn)])
    assert [(s.statement_type, s.unit, s.row_count) for s in records.statements] == [
        ("expenditure", "wan_yuan", 2),
        ("government_fund", "yuan", 1),
    ]


def test_tables_beside_each_other_on_a_sheet_are_two() -> None:
    drawn = table("""
        部门支出总表 | < | < | | 政府性基金预算支出表 | < | <
        科目编码 | 科目名称 | 合计 | | 科目编码 | 科目名称 | 合计
        213 | 农林水支出 | 9.10 | | 212 | 城乡社区支出 | 1.10
        221 | 住房保障支出 | 2.10 | | | |
    """)
    records = extract([*COVER, "单位：万元", drawn])
    assert items(records, "statement_type", "code", "value") == [
        ("expenditure", "213", "9.10"), ("expenditure", "221", "2.10"), ("government_fund", "212", "1.10"),
    ]  # fmt: skip


@pytest.mark.parametrize("between", ["续表", "（续表）", "接上表", "续上页"])
def test_words_that_say_a_table_goes_on_do_not_part_it(between: str) -> None:
    first, second = ROWS.split("\n")
    records = extract([*COVER, "部门支出总表", "单位：万元", table(HEADER + first), between, table(HEADER + second)])
    assert [s.row_count for s in records.statements] == [2]


def test_a_unit_over_the_next_table_is_not_that_of_the_table_before() -> None:
    records = extract([*COVER, "部门支出总表", table(HEADER + ROWS)], ["单位：元", "政府性基金预算支出表", OTHER[-1]])
    assert [s.unit_told_by for s in records.statements] == [
        "not printed; unit of the filing's other statements",
        "printed: 单位：元",
    ]


@pytest.mark.parametrize("mark", [".", "-", "·", "．"])
def test_marks_between_the_levels_of_a_code_are_no_part_of_it(mark: str) -> None:
    drawn = f"213{mark}02 | 林业和草原 | 9.10 | 6.30 | 2.80\n213{mark}02{mark}01 | 行政运行 | 6.30 | 6.30 |"
    records = extract([*COVER, "部门支出总表", "单位：万元", table(HEADER + drawn)])
    assert items(records, "code", "name", "row_level")[::3] == [("21302", "林业和草原", 2), ("2130201", "行政运行", 3)]


def test_levels_of_a_code_printed_once_hold_for_the_rows_below() -> None:
    drawn = table(
        """
        科目编码 | < | < | 科目名称 | 合计
        类 | 款 | 项 | ^ | ^
        213 | | | 农林水支出 | 9.10
        | 02 | | 林业和草原 | 8.10
        | | 01 | 行政运行 | 7.10
        | | 4 | 事业机构 | 6.10
        221 | | | 住房保障支出 | 5.10
        | | | 合计 | 14.20
    """.replace("\n        |", "\n ¦ |")
    )
    records = extract([*COVER, "部门支出总表", "单位：万元", drawn])
    assert items(records, "code", "code_inferred", "row_level") == [
        ("213", None, 1), ("02", "21302", 2), ("01", "2130201", 3), ("4", "2130204", 3), ("221", None, 1), (None, None, 0),
    ]  # fmt: skip


def test_footnote_marks_are_no_part_of_a_heading() -> None:
    drawn = (HEADER + ROWS).replace("合计", "合计①").replace("基本支出", "基本支出*")
    records = extract([*COVER, "部门支出总表", "单位：万元", table(drawn)])
    assert [measure for _, role, measure in measures(records) if role == "value"] == ["total", "basic", "project"]


@pytest.mark.parametrize("header", ["", HEADER])
def test_a_table_goes_on_on_a_page_that_lies_on_its_side(header: str) -> None:
    upright, wide = [30.0, 120.0, 60.0, 60.0, 60.0], [45.0, 180.0, 90.0, 90.0, 90.0]
    rest = header + "21302 | 林业和草原 | 9.10 | 6.30 | 2.80"
    records = extract(
        [*COVER, "部门支出总表", "单位：万元", table(HEADER + ROWS.split("\n")[0], widths=upright)],
        [table(rest, widths=wide)],
    )
    assert [(s.statement_type, s.row_count, s.page_last) for s in records.statements] == [("expenditure", 2, 2)]
    assert items(records, "row_no", "code", "measure", "value")[3] == (2, "21302", "total", "9.10")


def test_a_part_with_the_same_header_but_other_widths_goes_on() -> None:
    records = extract(
        [
            *COVER,
            "部门支出总表",
            "单位：万元",
            table(HEADER + ROWS.split("\n")[0], widths=[30.0, 120.0, 60.0, 60.0, 60.0]),
        ],
        [table(HEADER + ROWS.split("\n")[1], widths=[90.0, 40.0, 150.0, 50.0, 110.0])],
    )
    assert [s.row_count for s in records.statements] == [2]


def test_amounts_in_the_columns_of_names_are_no_rest_of_the_table() -> None:
    right = table("经营支出 | 其他支出\n7.31 | 1.10\n7.32 | 1.20\n7.33 | 1.30", widths=[30.0, 120.0])
    records = extract(
        [*COVER, "部门支出总表", "单位：万元", table(HEADER + ROWS, widths=[30.0, 120.0, 60.0, 60.0, 60.0])], [right]
    )
    assert [(s.statement_type, s.row_count) for s in records.statements] == [("expenditure", 2), ("unrecognised", 3)]
    assert [row[0] for row in items(records, "value", statement_no=2)] == [
        "7.31",
        "1.10",
        "7.32",
        "1.20",
        "7.33",
        "1.30",
    ]


def test_a_titled_table_whose_lost_header_nothing_tells_is_kept_whole() -> None:
    headless = table("213 | 农林水支出 | 9.10 | 3.30\n221 | 住房保障支出 | 2.80 | 2.10")
    records = extract([*COVER, *OTHER], ["部门支出总表", "单位：万元", headless])
    assert [(s.statement_type, s.title, s.reading) for s in records.statements][1:] == [
        ("unrecognised", "部门支出总表", "no header is printed and nothing tells it: kept as printed")
    ]
    assert items(records, "name", "value")[-1] == ("住房保障支出", "2.10")


NARROW = [60.0, 120.0, 60.0, 60.0]
LEFT = """
    科目编码 | 科目名称 | 合计 | 基本支出
    213 | 农林水支出 | 9.10 | 6.30
    21302 | 林业和草原 | 9.10 | 6.30
    2130201 | 行政运行 | 6.30 | 6.30
"""
WIDE = """
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 经营支出
    213 | 农林水支出 | 9.10 | 6.30 | 2.80 | 0.10
    21302 | 林业和草原 | 9.10 | 6.30 | 2.80 | 0.20
    2130201 | 行政运行 | 6.30 | 6.30 | |
"""


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("title", [[], ["部门支出总表", "单位：万元"]])
def test_columns_on_the_next_page_belong_to_their_rows(labels: bool, title: list[Block]) -> None:
    rows = [line.split(" | ") for line in WIDE.strip().splitlines()]
    right = table("\n".join("¦" + " | ".join((row[:2] if labels else []) + row[4:]) for row in rows))
    records = extract([*COVER, "部门支出总表", "单位：万元", table(LEFT, widths=NARROW)], [*title, right])
    whole = extract([*COVER, "部门支出总表", "单位：万元", table(WIDE)])
    fields = ("row_no", "code", "name", "measure", "value", "amount_yuan")
    assert sorted(items(records, *fields), key=str) == sorted(items(whole, *fields), key=str)
    assert set(items(records, "measure", "page")) == {
        ("total", 1), ("basic", 1), ("project", 2), ("business_expenditure", 2),
    }  # fmt: skip
    assert [(s.page_first, s.page_last) for s in records.statements] == [(1, 2)]
    assert records.statements[0].reading == "page 2: read as the right half of this table, row beside row"


@pytest.mark.parametrize(
    "right",
    [
        "项目支出 | 经营支出\n2.80 | 0.10\n2.80 | 0.20",
        "合计 | 项目支出\n9.10 | 2.80\n9.10 | 2.80\n6.30 | 1.10",
        "科目编码 | 科目名称 | 项目支出\n213 | 农林水支出 | 2.80\n221 | 住房保障支出 | 2.80\n2130201 | 行政运行 | 1.10",
    ],
    ids=["fewer rows", "a measure again", "other rows"],
)
def test_other_columns_on_the_next_page_are_no_right_half(right: str) -> None:
    records = extract([*COVER, "部门支出总表", "单位：万元", table(LEFT, widths=NARROW)], [table(right)])
    assert all(item.page == 1 for item in records.line_items if item.statement_type == "expenditure")
    assert len(records.statements) == 2


@pytest.mark.parametrize(
    ("pieces", "first_page"),
    [
        (["2080505 | 机关事业单位基本 | 7.10", " | 养老保险缴费支出 |"], 1),
        ([" | 机关事业单位基本 |", "2080505 | 养老保险缴费支出 | 7.10"], 2),
        ([" | 机关事业单位基本 |", "2080505 | | 7.10", " | 养老保险缴费支出 |"], 3),
        ([" | 机关事业单位 |", "2080505 | 基本养老保险 | 7.10", " | 缴费支出 |"], 3),
    ],
)
def test_a_name_of_the_chart_torn_over_rows_is_put_together(pieces: list[str], first_page: int) -> None:
    rows = ["科目编码 | 科目名称 | 合计", "208 | 社会保障和就业支出 | 9.10", *("¦" + piece for piece in pieces)]
    rest = [*rows[first_page + 2 :], "221 | 住房保障支出 | 2.10"]
    pages = [table("\n".join(rows[: first_page + 2]), widths=NARROW[:3]), table("\n".join(rest), widths=NARROW[:3])]
    records = extract([*COVER, "部门支出总表", "单位：万元", pages[0]], [pages[1]])
    assert items(records, "row_no", "code", "name")[1:] == [
        (2, "2080505", "机关事业单位基本养老保险缴费支出"), (3, "221", "住房保障支出"),
    ]  # fmt: skip


def test_a_row_of_its_own_is_no_rest_of_a_name() -> None:
    drawn = "科目编码 | 科目名称 | 合计\n2080505 | 机关事业单位基本 | 7.10\n¦ | 其中：本级 |\n221 | 住房保障支出 | 2.10"
    records = extract([*COVER, "部门支出总表", "单位：万元", table(drawn)])
    assert items(records, "row_no", "name") == [(1, "机关事业单位基本"), (3, "住房保障支出")]


def test_a_label_over_several_columns_of_numbers_names_none() -> None:
    drawn = "科目编码 | 科目名称 | 合计 基本支出 项目支出 | < | <\n213 | 农林水支出 | 9.10 | 6.30 | 2.80"
    records = extract([*COVER, *OTHER], ["部门支出总表", "单位：万元", table(drawn)])
    assert not [item for item in records.line_items if item.statement_type == "expenditure" and item.measure]
    assert {str(item.value) for item in records.line_items} >= {"9.10", "6.30", "2.80"}
