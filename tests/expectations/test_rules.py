"""Every declared rule, by its own examples, through the real SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from expectations.rule import VERDICTS, Example, Rule, load_rules, parse_rules
from expectations.rules_page import write_rules_page
from tests.expectations.warehouse import judge, judge_together

RULES = load_rules()
EXAMPLES = {f"{rule.id}-{number}": (rule, one) for rule in RULES.values() for number, one in enumerate(rule.examples)}
ROOT = Path(__file__).parents[2]
_WORST_FIRST = ("violated", "not_evaluable", "rounding", "exact")

Ask = Callable[[str, str], list[tuple[Any, ...]]]
"""Ask what an example's own rule said of it: the name of the example, and the query with `OWN` for the condition."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """All examples in one warehouse; those that are about several filings each in their own."""
    alone = {name for name, (rule, example) in EXAMPLES.items() if example.previous or rule.category == "cross_filing"}
    together = judge_together(
        tuple(RULES.values()), {name: one for name, (_, one) in EXAMPLES.items() if name not in alone}
    )

    def ask(name: str, query: str) -> list[tuple[Any, ...]]:
        rule, example = EXAMPLES[name]
        if name not in alone:
            own = f"rule_id = '{rule.id}' AND filing_id = '{name}'"
            return together.execute(query.replace("OWN", own)).fetchall()
        with judge([rule], example) as database:
            return database.execute(query.replace("OWN", "true")).fetchall()

    with together:
        yield ask


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gets_its_verdict(name: str, ask: Ask) -> None:
    rule, example = EXAMPLES[name]
    found = ask(name, "SELECT verdict, difference FROM rule_instances WHERE OWN")
    verdicts = [verdict for verdict, _ in found]
    assert next(one for one in _WORST_FIRST if one in verdicts) == example.verdict
    if example.difference is not None:
        assert [str(number) for verdict, number in found if verdict == example.verdict] == [
            f"{example.difference}".split(".")[0] + "." + example.difference.split(".")[1].ljust(6, "0")
        ]
    findings = ask(name, "SELECT message, message_en, subject FROM findings WHERE OWN")
    assert len(findings) == verdicts.count("violated")
    assert all(message and message_en and subject for message, message_en, subject in findings)
    for message, message_en, subject in findings:
        detail = message.removeprefix(rule.says).strip("：").removesuffix(subject).strip("：")
        in_chinese = any("一" <= mark <= "龥" for mark in detail)
        assert rule.judged_as in ("identity", "percentage") or not in_chinese or f": {detail}: " not in message_en
    assert ask(name, "SELECT sum(evaluated + not_evaluable) FROM checks WHERE OWN") == [(len(found),)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_examples_show_what_a_rule_can_say(rule: Rule) -> None:
    shown = {example.verdict for example in rule.examples}
    if rule.kind in ("identity", "percentage"):
        assert shown == set(VERDICTS)
    else:
        assert "violated" in shown
        assert "exact" in shown


@pytest.mark.parametrize(
    "name", [name for name, (rule, one) in EXAMPLES.items() if rule.total and one.verdict == "violated"]
)
def test_evidence_is_complete(name: str, ask: Ask) -> None:
    for evidence, expected, actual in ask(name, "SELECT evidence, expected, actual FROM findings WHERE OWN"):
        assert evidence
        assert expected != actual
        assert all(term["line_item_id"] and term["text"] and term["page"] for term in evidence)
        assert {term["role"].lstrip("-") for term in evidence} <= {"total", "part", "base"}


def test_rule_ids_are_unique_and_words_differ() -> None:
    says = [rule.says for rule in RULES.values()]
    assert len(set(says)) == len(says)
    assert all(
        set(rule.says) & set("，。：＝《》") or any("一" <= c <= "鿿" for c in rule.says) for rule in RULES.values()
    )


def test_rules_page_is_generated_from_the_declarations() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == write_rules_page(RULES.values())


@pytest.mark.parametrize("name", [name for name, (_, one) in EXAMPLES.items() if one.verdict == "not_evaluable"])
def test_nothing_is_doubted_without_reason(name: str, ask: Ask) -> None:
    reasons = ask(name, "SELECT reason FROM rule_instances WHERE verdict = 'not_evaluable' AND OWN")
    assert reasons
    assert all(reason for (reason,) in reasons)


def test_declaration_with_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="tolerance"):
        parse_rules(_RULE + "tolerance = 0.01\n")


def test_declaration_without_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="a total and its parts"):
        parse_rules(_RULE.replace('parts = [{ measure = "basic" }]', ""))


def test_two_statements_of_one_type_are_not_tied() -> None:
    rule = RULES["TIE-EXP-TOTAL"]
    example = Example(
        verdict="not_evaluable",
        filing={"form_family": "central"},
        rows=(
            "expenditure no=1 item=total total=100.00",
            "expenditure no=2 item=total total=90.00",
            "overall_summary side=expenditure item=current_year_total budget=100.00",
        ),
    )
    with judge([rule], example) as database:
        ((verdict, reason),) = database.execute("SELECT verdict, reason FROM rule_instances").fetchall()
        assert verdict == "not_evaluable"
        assert reason.startswith("statement_printed_more_than_once")


def test_finding_writes_the_numbers_out() -> None:
    with judge([RULES["EXP-ROW-TOTAL"]], RULES["EXP-ROW-TOTAL"].examples[4]) as database:
        ((message, quote, page),) = database.execute("SELECT message, quote, page FROM findings").fetchall()
        assert message == "合计 100.00 ≠ 基本支出 60.00 + 项目支出 39.00 = 99.00，相差 1.00 万元"
        assert (quote, page) == ("100.00", 1)


def test_finding_names_what_is_left_blank() -> None:
    rows = ("three_public vehicle_total= vehicle_purchase= vehicle_operation=9.50 three_public_total=9.50",)
    with judge([RULES["PUB3-VEHICLE"]], Example(verdict="violated", rows=rows)) as database:
        ((message,),) = database.execute("SELECT message FROM findings").fetchall()
        assert message == "公务用车购置及运行费小计（空白） ≠ 公务用车运行费 9.50，相差 9.50 万元"


def test_finding_ids_do_not_depend_on_other_rules() -> None:
    rule = RULES["EXP-ROW-TOTAL"]
    with judge([rule], rule.examples[4]) as alone, judge(tuple(RULES.values()), rule.examples[4]) as together:
        ids = alone.execute("SELECT finding_id FROM findings").fetchall()
        assert ids == together.execute("SELECT finding_id FROM findings WHERE rule_id = 'EXP-ROW-TOTAL'").fetchall()


_RULE = """
[ROW-TEST]
kind = "identity"
says = "合计＝基本支出"
says_en = "The total is basic"
source = "测试用表样"
severity = "error"
category = "arithmetic"
scope = { statements = ["expenditure"] }
per = ["statement", "row"]
total = [{ measure = "total" }]
parts = [{ measure = "basic" }]
examples = [{ verdict = "exact", rows = ["expenditure total=1 basic=1"] }]
"""
