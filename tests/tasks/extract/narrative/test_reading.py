"""What each number of a narrative is read as, on small texts in the official templates."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.records import Claim, Identity, LineItem
from filings.schema import load_tables
from tasks.extract.narrative import read_claims
from tasks.extract.narrative.sentences import QUOTE_MAX
from tasks.parquet import fit_decimal
from tests.tasks.extract.narrative.made_text import YEAR, make_item, make_text, number_items, read_text

GPB = "general_budget_expenditure"
SPENDING = "三、支出预算情况说明"
GENERAL = "五、一般公共预算拨款情况说明"
THREE_PUBLIC = "七、“三公”经费预算情况说明"
COMPILATION = "2031年部门预算编制说明"


def briefly(claims: Sequence[Claim]) -> list[tuple[object, ...]]:
    return [
        (
            claim.value_text,
            claim.role,
            claim.code or claim.subject_key,
            claim.of_claim_no or claim.whole_claim_no,
        )
        for claim in claims
    ]


def test_a_mix_with_shares() -> None:
    claims = read_text(
        [SPENDING, "某局2031年支出预算90.00万元，其中：基本支出70.00万元，占77.78%；项目支出20.00万元，占22.22%。"]
    )
    assert briefly(claims) == [
        ("90.00万元", "level", "expenditure_total", None),
        ("70.00万元", "level", "basic", 1),
        ("77.78%", "share", "basic", 2),
        ("20.00万元", "level", "project", 1),
        ("22.22%", "share", "project", 4),
    ]
    assert [claim.whole_claim_no for claim in claims] == [None, 1, 1, 1, 1]


def test_items_against_last_years_execution() -> None:
    items = [
        make_item(GPB, value, measure, code=code, name=name, year=year)
        for code, name in (("201", "一般公共服务支出"), ("20109", "海关事务"), ("2010901", "行政运行"))
        for value, measure, year in (
            ("7.00", "total", YEAR),
            ("9.00", "prior_execution", YEAR - 1),
            ("-2.00", "change_amount", YEAR),
            ("-22.22%", "change_percent", YEAR),
        )
    ]
    claims = read_text(
        [
            GENERAL,
            "1.一般公共服务支出（类）海关事务（款）2031年预算7.00万元，比2030年执行数减少2.00万元，下降22.22%，其中：",
            "（1）行政运行（项）2031年预算8.00万元，比2030年执行数减少1.00万元，下降22.22%。主要是压减经费。",
        ],
        items,
    )
    assert [(claim.code, claim.role, claim.measure) for claim in claims] == [
        ("20109", "level", "total"),
        ("20109", "change_amount", "change_amount"),
        ("20109", "change_percent", "change_percent"),
        ("2010901", "level", "total"),
        ("2010901", "change_amount", "change_amount"),
        ("2010901", "change_percent", "change_percent"),
    ]
    assert [claim.item_no for claim in claims] == [5, 7, 8, 9, 11, 12]
    assert claims[3].whole_claim_no == 1
    assert {claim.direction for claim in claims[4:]} == {"decrease"}
    assert {(claim.base_year, claim.base_stage) for claim in claims if claim.role != "level"} == {(2030, "execution")}
    assert claims[5].reason == "主要是压减经费"
    assert claims[5].ordinal == "1.(1)"


def test_a_link_is_by_meaning_and_never_by_value() -> None:
    items = [
        make_item("expenditure", "70.00", "basic", item="total"),
        make_item("expenditure", "20.00", "project", item="total"),
    ]
    claims = read_text([SPENDING, "基本支出20.00万元；项目支出70.00万元。"], items)
    assert [claim.item_no for claim in claims] == [1, 2]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [make_item("expenditure", "70.00", "basic", item="total", year=YEAR - 1)],
        [make_item("general_budget_basic", "70.00", "basic", item="total")],
        [make_item("expenditure", "70.00", "basic", item="total", unit_name=unit) for unit in ("甲", "乙")],
    ],
    ids=["no table", "another year", "another statement", "two cells"],
)
def test_without_exactly_one_cell_there_is_no_link(items: list[LineItem]) -> None:
    (claim,) = read_text([SPENDING, "基本支出70.00万元。"], items)
    assert (claim.item_no, claim.statement_type, claim.subject_key) == (None, "expenditure", "basic")


def test_the_head_number_and_the_number_later_in_the_item() -> None:
    items = [make_item(GPB, "350.00", "total", code="2210201", name="住房公积金")]
    claims = read_text(
        [
            COMPILATION,
            "31.“住房保障支出（类）住房改革支出（款）住房公积金（项）”350.00万元，主要用于住房公积金。"
            "2030年当年预算执行数为340.00万元，2031年预算安排352.00万元，比2030年预算执行数增加2.94%。主要原因是：基数调整。",
        ],
        items,
    )
    assert [(claim.fiscal_year, claim.stage, claim.item_no) for claim in claims[:3]] == [
        (2031, None, 1),
        (2030, "execution", None),
        (2031, "budget", 1),
    ]
    change = claims[3]
    assert (change.role, change.of_claim_no, change.base_claim_no) == ("change_percent", 3, 2)
    assert change.reason == "主要原因是:基数调整"


def test_final_accounts_against_their_budget() -> None:
    items = [make_item(GPB, "54.00", "total", code="2080501", name="行政单位离退休")]
    claims = read_text(
        [
            GENERAL,
            "1、社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）。主要用于：退休支出。"
            "年初预算为60.00万元，支出决算为54.00万元，完成年初预算的90.00%。",
        ],
        items,
    )
    assert [(claim.role, claim.stage, claim.item_no, claim.code) for claim in claims] == [
        ("level", "initial_budget", None, "2080501"),
        ("level", "final", 1, "2080501"),
        ("completion", None, None, "2080501"),
    ]
    assert (claims[2].of_claim_no, claims[2].base_claim_no) == (2, 1)


def test_unchanged_against_the_own_budget() -> None:
    text = "行政运行（项）。年初预算为5.00万元，支出决算为5.00万元，完成年初预算的100.00%。决算数同预算数持平。"
    claims = read_text([GENERAL, text])
    assert [claim.direction for claim in claims] == [None, "unchanged", None]
    assert (claims[1].base_year, claims[1].base_stage) == (2031, "initial_budget")


def test_three_public_parts_and_what_is_unchanged() -> None:
    items = [
        make_item("three_public", "0.00", "vehicle_purchase"),
        make_item("three_public", "9.00", "vehicle_operation"),
        make_item("three_public", "9.50", "vehicle_operation", year=YEAR - 1),
    ]
    claims = read_text(
        [
            THREE_PUBLIC,
            "“三公”经费预算数为9.00万元，比2030年预算减少0.50万元。其中：",
            "（一）公务用车购置及运行费9.00万元，比2030年预算减少0.50万元，主要原因是节约。其中：公务用车购置费0.00万元，"
            "与2030年预算持平，主要原因是无此项支出；公务用车运行费9.00万元，比2030年预算减少0.50万元，主要原因是油价下降。",
        ],
        items,
    )
    assert [claim.subject_key for claim in claims if claim.role == "level"] == [
        "three_public_total",
        "vehicle_total",
        "vehicle_purchase",
        "vehicle_operation",
    ]
    purchase, operation, change = claims[4:7]
    assert (purchase.direction, purchase.base_year, purchase.reason) == ("unchanged", 2030, "主要原因是无此项支出")
    assert (purchase.item_no, operation.item_no) == (1, 2)
    assert (purchase.whole_claim_no, operation.whole_claim_no) == (3, 3)
    assert (change.of_claim_no, change.reason) == (operation.claim_no, "主要原因是油价下降")


def test_a_change_after_a_list_of_parts_is_of_the_whole() -> None:
    claims = read_text(
        [
            "第三部分　部门预算支出具体情况",
            "3.综合管理预算59万元，主要包括：宣传工作4万元，用于宣传；党建工作55万元。较2030年预算减少13万元，下降18%。",
        ]
    )
    assert [claim.of_claim_no for claim in claims if claim.role.startswith("change")] == [1, 1]
    assert [claim.whole_claim_no for claim in claims if claim.role == "level"] == [None, 1, 1]


def test_a_forgotten_unit_inside_a_comparison_is_the_base() -> None:
    claims = read_text([THREE_PUBLIC, "公务用车运行费9.50万元，比2030年10.00预算数减少0.50万元。"])
    assert [(claim.role, claim.fiscal_year, claim.stage) for claim in claims] == [
        ("level", 2031, None),
        ("base", 2030, "budget"),
        ("change_amount", 2031, None),
    ]
    assert (claims[2].of_claim_no, claims[2].base_claim_no, claims[2].base_year) == (1, 2, 2030)


def test_vehicles_by_kind_and_thresholds() -> None:
    claims = read_text(
        [
            "五、国有资产占有使用情况",
            "截至2030年底，某局共有车辆3辆，其中：机要通信用车1辆、其他用车2辆；单价100万元（含）以上设备4台（套）。",
        ]
    )
    assert [(claim.value_text, claim.role, claim.subject_key, claim.whole_claim_no) for claim in claims] == [
        ("3辆", "level", "vehicles_total", None),
        ("1辆", "level", "vehicles_of_kind", 1),
        ("2辆", "level", "vehicles_of_kind", 1),
        ("100万元", "threshold", None, None),
        ("4台", "level", "equipment", None),
    ]


def test_listed_names() -> None:
    (claim,) = read_text(
        ["六、一般公共预算基本支出情况说明", "人员经费60.00万元，主要包括：基本工资、奖金、维修（护）费等。"]
    )
    assert claim.listed == "基本工资、奖金、维修(护)费"


def test_numbers_in_a_reason_are_no_levels() -> None:
    claims = read_text([SPENDING, "支出预算9.00万元，比2030年预算增加1.00万元，主要原因是人员经费增加0.80万元。"])
    assert [claim.role for claim in claims] == ["level", "change_amount", "reason"]


def test_amounts_of_the_glossary_are_definitions() -> None:
    claims = read_text(["第四部分　名词解释", "一、提租补贴：人均月补贴90元，缴存比例不低于5%。"])
    assert [(claim.value_text, claim.role) for claim in claims] == [("90元", "definition")]


def test_a_comparison_names_its_own_subject() -> None:
    claims = read_text(
        [
            "四、财政拨款收支预算总体情况说明",
            "某局财政拨款收支总预算50.00万元。与2030年度相比，财政拨款收、支总计各增加5.00万元，增长11.11%。",
        ]
    )
    assert [(claim.role, claim.of_claim_no, claim.base_year) for claim in claims[1:]] == [
        ("change_amount", 1, 2030),
        ("change_percent", 1, 2030),
    ]


def test_a_count_is_of_the_day_that_is_printed() -> None:
    claims = read_text(["五、国有资产占有使用情况", "截至2030年8月31日，某局共有车辆3辆。2031年预算安排购置车辆1辆。"])
    assert [claim.fiscal_year for claim in claims] == [2030, 2031]


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "一、",
                "（一）",
                "1.",
                "支出预算情况",
                "（类）",
                "（项）",
                "，",
                "；",
                "。",
                "其中：",
                "比",
                "年",
                "主要原因",
            ]
        ),
        st.sampled_from(
            ["基本支出", "占", "增加", "持平", "12.50", "万元", "%", "辆", "2030年", "三公经费", "包括：", " "]
        ),
        st.text(max_size=6),
    ),
    max_size=40,
).map("".join)


@given(lines=st.lists(HOSTILE, max_size=8))
def test_any_text_is_read_into_rows_that_fit_their_table(lines: list[str]) -> None:
    claims = read_text([GENERAL, *lines])
    table = load_tables()["claims"]
    assert [claim.claim_no for claim in claims] == list(range(1, len(claims) + 1))
    for claim in claims:
        for name in ("value", "amount_yuan", "half_place", "half_place_yuan"):
            value, size = getattr(claim, name), table.columns[name].decimal
            assert size is not None
            if value is not None:
                fit_decimal(value, size)
        for name in ("role", "direction", "stage", "base_stage"):
            allowed = table.columns[name].values
            assert allowed is not None
            assert getattr(claim, name) in (None, *allowed)


def test_a_sentence_without_end_takes_no_more_steps_than_its_length() -> None:
    steps = []
    for copies in (500, 2_000):
        calls: Counter[str] = Counter()

        def count(frame: FrameType, event: str, _: object, calls: Counter[str] = calls) -> None:
            calls[event] += 1

        sys.setprofile(count)
        try:
            claims = read_text([SPENDING, "包括基本支出12.50万元用于某事、" * copies])
        finally:
            sys.setprofile(None)
        assert len(claims) == copies
        assert max(len(claim.quote) for claim in claims) <= QUOTE_MAX + 1
        steps.append(calls["call"])
    assert steps[1] < 5 * steps[0]


def test_a_share_names_its_whole() -> None:
    claims = read_text(
        [
            SPENDING,
            "本年支出合计90.00万元。",
            GENERAL,
            "一般公共预算拨款支出88.00万元，占本年支出合计的97.78%。",
        ]
    )
    assert (claims[2].of_claim_no, claims[2].whole_claim_no, claims[2].percent_of) == (2, 1, "本年支出合计")


def test_a_name_that_ends_like_a_comparison_is_a_name() -> None:
    claims = read_text(
        ["六、年度预算安排", "2031年度项目总预算40.00万元，其中支持外贸稳增长30.00万元，支持创新10.00万元。"]
    )
    assert [(claim.role, claim.subject) for claim in claims[1:]] == [
        ("level", "支持外贸稳增长"),
        ("level", "支持创新"),
    ]
    assert [claim.whole_claim_no for claim in claims] == [None, 1, 1]


def test_a_share_in_a_sentence_of_its_own_is_of_the_head() -> None:
    claims = read_text(
        ["二、收入预算情况说明", "收入预算90.00万元，其中：事业收入60.00万元，占66.67%。其他收入30.00万元，占33.33%。"]
    )
    assert [claim.whole_claim_no for claim in claims if claim.role == "share"] == [1, 1]


def test_a_base_needs_no_year_of_its_own() -> None:
    claims = read_text(
        [
            GENERAL,
            "（一）行政运行（项）12.00万元，比上年预算数10.00万元增加2.00万元，增长20.00%。",
            "（二）事业运行（项）9.00万元，较上年执行数9.00万元持平。",
        ]
    )
    assert [(claim.role, claim.base_claim_no, claim.base_year) for claim in claims] == [
        ("level", None, None),
        ("base", None, None),
        ("change_amount", 2, YEAR - 1),
        ("change_percent", 2, YEAR - 1),
        ("level", 6, YEAR - 1),
        ("base", None, None),
    ]
    assert claims[4].direction == "unchanged"
    assert (claims[1].fiscal_year, claims[1].stage, claims[5].stage) == (YEAR - 1, "budget", "execution")


def test_final_accounts_are_held_against_the_budget_of_their_own_year() -> None:
    text = "公务接待费支出决算为4.50万元，比年初预算6.00万元减少1.50万元，下降25.00%；比上年决算5.00万元减少0.50万元。"
    claims = read_text([THREE_PUBLIC, text])
    assert [(claim.role, claim.of_claim_no, claim.base_claim_no, claim.base_year) for claim in claims] == [
        ("level", None, None, None),
        ("base", 1, None, None),
        ("change_amount", 1, 2, YEAR),
        ("change_percent", 1, 2, YEAR),
        ("base", 1, None, None),
        ("change_amount", 1, 5, YEAR - 1),
    ]


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("，决算数小于预算数的主要原因是人员减少。", "decrease"),
        ("。决算数大于年初预算数的主要原因是补发工资。", "increase"),
        ("，决算数与预算数持平。", "unchanged"),
        ("。", None),
    ],
)
def test_completion_is_said_in_words_too(words: str, direction: str | None) -> None:
    claims = read_text([GENERAL, f"年初预算为10.00万元，支出决算为9.00万元，完成年初预算的90.00%{words}"])
    assert (claims[2].role, claims[2].direction) == ("completion", direction)


def test_a_budget_in_final_accounts_is_the_column_of_the_budget() -> None:
    items = number_items(
        [
            make_item("three_public", "6.00", "official_reception_budget"),
            make_item("three_public", "4.50", "official_reception"),
        ]
    )
    text = make_text([THREE_PUBLIC, "公务接待费支出预算为6.00万元，支出决算为4.50万元，完成预算的75.00%。"])
    claims, _ = read_claims(text, Identity(fiscal_year=YEAR, report_type="final_accounts"), items)
    assert [claim.item_no for claim in claims] == [1, 2, None]
    in_budget, _ = read_claims(text, Identity(fiscal_year=YEAR, report_type="budget"), items)
    assert in_budget[0].item_no == 2


def test_a_share_of_an_amount_beside_it_is_of_that_amount() -> None:
    claims = read_text(
        [
            "八、政府采购情况说明",
            "授予中小企业合同金额8.00万元，占政府采购支出10.00万元的80.00%，其中授予小微企业合同金额6.00万元，占授予中小企业合同金额的75.00%。",
        ]
    )
    assert [(claim.role, claim.of_claim_no, claim.whole_claim_no) for claim in claims] == [
        ("level", None, None),
        ("base", 1, None),
        ("share", 1, 2),
        ("level", None, 1),
        ("share", 4, 1),
    ]
