"""A table that looks like a statement and matches no form is kept whole; what does not look like one is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from filings.documents import Grid
from filings.forms import FORMS_FOLDER_VARIABLE, UNRECOGNISED
from tasks.extract.statements import find_statements
from tests.tasks.extract.made_documents import Block, document, extract, items, measures, table

KNOWN: list[Block] = [
    "某市某局2025年部门预算", "部门支出总表", "单位：万元",
    table("科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n201 | 一般公共服务支出 | 6.00 | 3.00 | 3.00"),
]  # fmt: skip
GUARANTEES = table("""
    科目编码 | 债务人 | 担保情况 | < | 备注
    ^ | ^ | 担保额 | 代偿额 | ^
    201 | 某公司 | 1,000.00 | 20.00 | 2027年到期
    205 | 某学院 | 500.00 | - |
    合计 | < | 1,500.00 | 20.00 |
""")


def _types(*blocks: Block) -> list[str]:
    return [statement.statement_type for statement in extract([*KNOWN, *blocks]).statements]


def test_a_table_with_a_title_is_kept_whole() -> None:
    records = extract([*KNOWN], ["或有负债情况表", "单位：万元", GUARANTEES])
    statement = records.statements[1]
    assert (statement.statement_type, statement.title, statement.unit, statement.state) == (
        UNRECOGNISED, "或有负债情况表", "wan_yuan", "filled",
    )  # fmt: skip
    assert (statement.row_count, statement.page_first) == (3, 2)
    assert [column[1:] for column in measures(records)][5:] == [
        ("code", None), ("name", None), ("value", None), ("value", None), ("text", None),
    ]  # fmt: skip
    assert items(records, "code", "name", "measure", "column_label", "value", "amount_yuan", statement_no=2) == [
        ("201", "某公司", None, "担保情况/担保额", "1000.00", "10000000.00"),
        ("201", "某公司", None, "担保情况/代偿额", "20.00", "200000.00"),
        ("205", "某学院", None, "担保情况/担保额", "500.00", "5000000.00"),
        (None, "合计", None, "担保情况/担保额", "1500.00", "15000000.00"),
        (None, "合计", None, "担保情况/代偿额", "20.00", "200000.00"),
    ]
    assert records.unread_cells == ()
    assert records.identity.form_family is None


def test_a_unit_of_money_above_is_enough() -> None:
    records = extract([*KNOWN, "二、其他说明", "单位：元", GUARANTEES])
    assert [(s.statement_type, s.title, s.unit) for s in records.statements[1:]] == [(UNRECOGNISED, None, "yuan")]


def test_it_goes_on_over_pages() -> None:
    head, tail = "债务人 | 担保额 | 代偿额\n甲 | 1.00 | 2.00\n乙 | 3.00 | 4.00", "丙 | 5.00 | 6.00\n丁 | 7.00 | 8.00"
    title: list[Block] = ["或有负债情况表", "单位：万元"]
    for second in ([table(tail)], [*title, table(f"债务人 | 担保额 | 代偿额\n{tail}")]):
        records = extract([*KNOWN], [*title, table(head)], second)
        assert [(s.statement_type, s.row_count) for s in records.statements[1:]] == [(UNRECOGNISED, 4)]
        assert [row[0] for row in items(records, "value", statement_no=2)] == [f"{n}.00" for n in range(1, 9)]


def test_a_known_title_over_unknown_columns_is_kept_too() -> None:
    drawn = table("债务人 | 担保额 | 代偿额\n甲 | 1.00 | 2.00\n乙 | 3.00 | 4.00")
    records = extract([*KNOWN, "政府采购支出预算表", "单位：万元", drawn])
    assert [(s.statement_type, s.title) for s in records.statements[1:]] == [(UNRECOGNISED, "政府采购支出预算表")]
    assert len(items(records, "value", statement_no=2)) == 4


@pytest.mark.parametrize(
    "blocks",
    [
        ["单位构成情况表", table("序号 | 单位名称 | 备注\n1 | 某局本级 | \n2 | 某中心 | \n3 | 某站 | ")],
        ["单位构成", table("序号 | 单位 | 序号 | 单位\n1 | 甲 | 14 | 乙\n2 | 丙 | 15 | 丁")],
        ["机构设置情况表", table("内设机构 | 编制数 | 实有人数\n办公室 | 5 | 4\n财务处 | 6 | 6")],
        ["部门预算目录", table("表名 | 页码\n部门收支总表 | 1\n部门收入总表 | 2\n部门支出总表 | 3")],
        ["名词解释表", table("名词 | 解释\n三公经费 | 因公出国、公车、接待 2025 年的费用\n基本支出 | 保障运转")],
        ["本部门项目如下：", table("项目 | 数\n甲 | 1\n乙 | 2\n丙 | 3\n丁 | 4")],
        ["本部门项目如下：", table("项目 | 金额\n甲 | 1.00\n乙 | 2.00")],
        ["单位：万元", table("单位：万元 | 页码")],
    ],
    ids=["units", "unit pairs", "posts", "contents", "words", "no title", "few", "no rows"],
)  # fmt: skip
def test_what_does_not_look_like_a_statement_is_none(blocks: list[Block]) -> None:
    assert set(_types(*blocks)) <= {"expenditure", "overall_summary", "revenue"}
    found = find_statements(document([*KNOWN, *blocks]))
    assert [draft.form.statement_type for draft in found.drafts] == ["expenditure"]
    assert any(isinstance(block, Grid) for block in blocks)


def test_amounts_without_a_title_of_their_own_are_kept() -> None:
    projects = table("项目 | 金额\n甲 | 1.00\n乙 | 2.00\n丙 | 3.00")
    for over in (["本部门项目如下："], ["项目情况表", "本表列示本部门二〇二五年度的全部项目，详细情况请见附件说明。"]):
        records = extract([*KNOWN, *over, projects])
        assert [(s.statement_type, s.title) for s in records.statements[1:]] == [(UNRECOGNISED, None)]
        assert items(records, "name", "value", statement_no=2) == [("甲", "1.00"), ("乙", "2.00"), ("丙", "3.00")]


def test_one_amount_under_a_title_or_in_a_column_of_money_is_enough() -> None:
    for over, drawn in (
        ("项目情况表", "项目 | 金额\n甲 | 1.00"),
        ("新增资产情况表", "名称 | 数量 | 金额（元）\n甲 | 5 | 25000"),
    ):
        records = extract([*KNOWN, over, table(drawn)])
        assert [(s.statement_type, s.title) for s in records.statements[1:]] == [(UNRECOGNISED, over)]
        assert [row[0] for row in items(records, "name", statement_no=2)] == ["甲"]


INVENTED = """
[contingent_liability]
zh = "或有负债情况表"
kind = "coded"
titles = ['或有负债情况表']
use = ["codes"]
first = [
    { role = "name", labels = ['^债务人$'] },
    { role = "value", measure = "total", labels = ['担保额$'] },
]
"""
PROGRAM = """
from tasks.extract import EXTRACTOR_VERSION
from tests.tasks.extract.test_unrecognised import GUARANTEES, KNOWN
from tests.tasks.extract.made_documents import extract
records = extract([*KNOWN], ["或有负债情况表", "单位：万元", GUARANTEES])
print(EXTRACTOR_VERSION, records.statements[1].statement_type, *(item.measure for item in records.line_items if item.statement_no == 2))
"""


def test_a_form_added_in_a_folder_is_recognised_without_touching_code(tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text(INVENTED, encoding="utf-8")

    def run(folder: str) -> list[str]:
        environment = {**os.environ, FORMS_FOLDER_VARIABLE: folder, "PYTHONIOENCODING": "utf-8"}
        root = Path(__file__).parents[3]
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, cwd=root, check=True
        )
        return done.stdout.split()

    without, with_form = run(""), run(str(tmp_path))
    assert without[1:] == [UNRECOGNISED, *["None"] * 5]
    assert with_form[1:] == ["contingent_liability", "total", "None", "total", "total", "None"]
    assert without[0] != with_form[0], "the extractor's version must tell that other forms were used"
