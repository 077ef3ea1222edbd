"""Names beside codes: misspellings of names known from memory, and rows that a body numbered itself."""

from __future__ import annotations

import pytest

from expectations.rule import Example, load_rules
from expectations.text.code_names import LONG, count_edits
from filings.codes import function_codes
from tests.expectations.warehouse import judge

RULES = load_rules()
RECALLED = next(
    code for code in function_codes() if code.source == "recall" and len(code.name) > LONG and code.is_valid_in(2024)
)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (RECALLED.name, "exact"),
        (RECALLED.name[:2] + "某" + RECALLED.name[3:], "violated"),
        ("某某某某" + RECALLED.name[4:], "not_evaluable"),
    ],
)
def test_a_name_known_from_memory_is_ground_for_a_doubtful_warning_only(name: str, verdict: str) -> None:
    example = Example(verdict="exact", rows=(f"expenditure code={RECALLED.code} name={name} total=1",))
    with judge([RULES["NAME-CODE-FORM"]], example) as database:
        assert database.execute("SELECT verdict FROM rule_instances").fetchall() == [(verdict,)]
        for severity, doubt, doubt_en in database.execute("SELECT severity, doubt, doubt_en FROM findings").fetchall():
            assert severity == "warning"
            assert "凭记忆" in doubt
            assert "memory" in doubt_en


def test_rows_that_a_body_numbered_itself_have_one_cause() -> None:
    rows = ("30201 办公费", "30202 水费", "30203 电费", "30204 邮电费")
    listed = tuple(f"general_budget_basic code={code} name={name} total=1" for code, name in map(str.split, rows))
    with judge([RULES["NAME-CODE"]], Example(verdict="violated", rows=listed)) as database:
        causes = database.execute("SELECT finding_id, root_finding_id FROM findings ORDER BY subject").fetchall()
    assert [root for _, root in causes] == [None, causes[0][0], causes[0][0]]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("水费", "水费", 0), ("水费", "电费", 1), ("住房公积金", "住房积金", 1), ("", "费用", 2)],
)
def test_edits_between_two_names_are_counted(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other) == edits
