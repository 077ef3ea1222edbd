"""One misprinted code, one cause: the parents, children and sums that seem wrong for it are listed beneath it."""

from __future__ import annotations

import pytest

from expectations.rule import Example, load_rules
from tests.expectations.warehouse import judge

ROWS = {
    "208": ("社会保障和就业支出", 50),
    "20805": ("行政事业单位养老支出", 50),
    "2080505": ("机关事业单位基本养老保险缴费支出", 34),
    "2080506": ("机关事业单位职业年金缴费支出", 16),
    "221": ("住房保障支出", 60),
    "22102": ("住房改革支出", 60),
    "2210201": ("住房公积金", 45),
    "2210203": ("购房补贴", 15),
}
"""Code, name and amount in 万元: classes, sections and items whose sums agree."""

RULES = (
    "CODE-TREE", "CODE-TOTAL", "CODE-ORDER", "CODE-ONE", "CODE-CHILDLESS", "CODE-FUNCTION", "NAME-CODE", "STRUCT-CODE-PARENT",
    "TIE-REV-EXP-CODE",
)  # fmt: skip

Finding = tuple[str, str, str, str | None]
"""Id, rule, severity and root."""


def find(expenditure: dict[str, str], amounts: dict[str, int] | None = None) -> tuple[list[Finding], int]:
    """The findings where the statement of expenditure prints other codes or amounts, and how many instances are violated."""
    rows = ["revenue item=total total=110", "expenditure item=total total=110"]
    for code, (name, amount) in ROWS.items():
        rows.append(f"revenue code={code} name={name} total={amount}")
        printed = expenditure.get(code, code)
        rows.append(f"expenditure code={printed} name={name} total={(amounts or {}).get(code, amount)}")
    rules = [load_rules()[name] for name in RULES]
    filing = {"form_family": "shanghai"}
    with judge(rules, Example(verdict="violated", rows=tuple(rows), filing=filing)) as database:
        found = database.execute("SELECT finding_id, rule_id, severity, root_finding_id FROM findings").fetchall()
        ((violated,),) = database.execute("SELECT count(*) FROM rule_instances WHERE verdict = 'violated'").fetchall()
    return found, violated


def test_right_codes_have_no_findings() -> None:
    assert find({}) == ([], 0)


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("2210203", "2213203"),
        ("2210203", "7210203"),
        ("2080506", "2010506"),
        ("221", "228"),
        ("22102", "22107"),
        ("208", "205"),
    ],
)
def test_a_misprinted_code_is_the_one_cause(code: str, printed: str) -> None:
    found, violated = find({code: printed})
    assert len(found) == violated > 2
    (cause,) = [one for one in found if one[3] is None]
    assert load_rules()[cause[1]].about == "code"
    assert cause[2] == max((severity for _, _, severity, _ in found), key=("warning", "error").index), (
        "the sums prove it"
    )
    assert {one[3] for one in found if one is not cause} == {cause[0]}


def test_a_wrong_amount_elsewhere_is_a_cause_of_its_own() -> None:
    found, _ = find({"2210203": "2213203"}, {"2080506": 19})
    causes = [rule for _, rule, _, root in found if root is None]
    assert len(causes) > 1
    assert any(load_rules()[rule].about is None for rule in causes)
    assert {root for *_, root in found if root} <= {one for one, *_, root in found if root is None}
