"""Names of the classification become codes, by the filing's own tables first."""

from __future__ import annotations

import pytest

from tasks.extract.narrative.codes import FilingCodes, Hierarchy, find_marked
from tasks.extract.narrative.paragraphs import fold_text
from tests.tasks.extract.narrative.made_text import make_item

ITEMS = [
    make_item("general_budget_expenditure", "9.00", "total", code=code, name=name)
    for code, name in (
        ("201", "一般公共服务支出"),
        ("20109", "海关事务"),
        ("2010901", "行政运行"),
        ("221", "住房保障支出"),
        ("22102", "住房改革支出"),
        ("2210201", "住房公积金"),
    )
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("一般公共服务支出（类）海关事务（款）行政运行（项）", "2010901"),
        ("1.“一般公共服务（类）海关事务（款）", "20109"),
        ("一般公共服务（类）支出", "201"),
        ("一般公共预算服务支出（类）", "201"),
        ("住房保障支出（类）住房保障支出（款）住房公积金（项）", "2210201"),
        ("公共安全支出（类|204类）公安（款|02款）行政运行（项|01项）", "2040201"),
        ("社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）", "2080501"),
        ("“一般公共服务支出”（类）“海关事务”（款）“行政运行”（项）", "2010901"),
        ("杜撰支出（类）杜撰事务（款）杜撰运行（项）", None),
    ],
)
def test_a_chain_of_names_gives_its_code(text: str, code: str | None) -> None:
    assert Hierarchy(FilingCodes(ITEMS)).read(find_marked(fold_text(text)[0])) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [("2010901行政运行", "2010901"), ("221住房保障支出", "221"), ("2010902行政运行", None), ("2031年行政运行", None)],
)
def test_a_code_before_its_name_is_read_if_the_tables_print_it(words: str, code: str | None) -> None:
    assert FilingCodes(ITEMS).find_printed(words) == code


def test_an_item_stands_under_what_an_earlier_paragraph_named() -> None:
    hierarchy = Hierarchy(FilingCodes(ITEMS))
    hierarchy.read(find_marked("一般公共服务支出(类)海关事务(款)"))
    assert hierarchy.read(find_marked("(1)行政运行(项)")) == "2010901"
    assert hierarchy.read(find_marked("住房保障支出(类)住房改革支出(款)")) == "22102"
    assert hierarchy.read(find_marked("住房公积金(项)")) == "2210201"


def test_the_same_name_under_another_section_is_another_code() -> None:
    hierarchy = Hierarchy(FilingCodes([]))
    first = hierarchy.read(find_marked("一般公共服务支出(类)人大事务(款)行政运行(项)"))
    second = hierarchy.read(find_marked("一般公共服务支出(类)政协事务(款)行政运行(项)"))
    assert (first, second) == ("2010101", "2010201")
