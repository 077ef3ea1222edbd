"""Filings that belong together: every rule that holds them against each other is evaluated, and finds a planted difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from importlib import resources

import duckdb
import pytest

from expectations.compile_sql import apply_rules
from expectations.cross_units import Names
from expectations.python_rules import PYTHON_RULES
from expectations.rule import Rule, load_rules
from expectations.seen_sql import write_seen
from filings.records import FilingRecords
from samples.accounts import build_accounts
from samples.build import build_filing
from samples.central import build_central
from samples.facts import Facts, read_facts
from samples.layout import Filing
from samples.pairs import (
    CENTRAL,
    UNIT,
    build_department,
    build_earlier_budget,
    build_later_budget,
    build_row_unit,
)
from tests.expectations.mutation_trial import extract_filing, fill
from tests.expectations.warehouse import create_warehouse

RULES = tuple(load_rules().values())
CROSS = tuple(rule for rule in RULES if rule.category == "cross_filing")

THREE_PUBLIC = {"travel": "0", "purchase": "18.00", "operation": "76.40", "reception": "6.20"}
"""Not what the customs district budgeted for the year before, which is 74.60 for operation."""

BUILDERS: dict[str, Callable[[], Filing]] = {
    "unit": lambda: build_filing(UNIT, faultless=True),
    "central": lambda: build_filing(CENTRAL, faultless=True),
    "central 2024": lambda: build_filing("central_customs_2024", faultless=True),
    "central 2025": lambda: build_filing("central_customs_2025", faultless=True),
    "central 2025, other year before": lambda: _build_central({"three_public_prior": THREE_PUBLIC}),
    "earlier budget": build_earlier_budget,
    "later budget": build_later_budget,
    "later budget, other year before": lambda: build_later_budget(Decimal("0.45")),
    "accounts 2023": lambda: build_accounts("accounts_2023"),
    "accounts 2024": lambda: build_accounts("accounts_2024"),
    "accounts 2024, other budget in text": lambda: build_accounts("accounts_2024", {"initial_budgets": {"2101102": "46.57"}}),
    "accounts 2024, other budget in table": lambda: build_accounts("accounts_2024", {"initial_three_public": {"operation": "4.96"}}),
    "accounts 2024, other carry-over": lambda: build_accounts("accounts_2024", {"carry_in": "18.15"}),
    "accounts 2024, other carry-over of a fund": lambda: _build_accounts_with_fund({"opening": "1.20"}),
    "department": build_department,
    "department with less": lambda: build_department({"three_public": {**dict.fromkeys(THREE_PUBLIC, "0.00"), "operation": "0.10"}}),
    "unit of a row": build_row_unit,
    "unit of a row again": build_row_unit,
    "unit of a row with more": lambda: build_row_unit(Decimal("12.00")),
}  # fmt: skip
"""Filings that belong together, and the same with one difference."""


def _build_central(changed: dict[str, dict[str, str]]) -> Filing:
    facts = read_facts("central_customs_2025")
    return build_central(Facts("central_changed", {**facts.data, **changed}))


def _build_accounts_with_fund(changed: dict[str, str]) -> Filing:
    fund = {"2120899": {"opening": "2.10", "income": "28.00", "spent": "27.35", **changed}}
    return build_accounts("accounts_2024", {"funds": {"government_fund": fund}})


@cache
def read(name: str) -> FilingRecords:
    return extract_filing(BUILDERS[name]())[0]


DIFFERENCES = [
    ("CROSS-PRIOR-YEAR", "central 2024", "central 2025", "central 2025, other year before", "76.40"),
    ("CROSS-PRIOR-TEXT", "earlier budget", "later budget", "later budget, other year before", "4.29万元"),
    ("CROSS-BUDGET-ACCOUNTS", "unit", "accounts 2024", "accounts 2024, other budget in text", "46.57万元"),
    ("CROSS-BUDGET-ACCOUNTS", "unit", "accounts 2024", "accounts 2024, other budget in table", "4.96"),
    ("CROSS-CARRY-OVER", "accounts 2023", "accounts 2024", "accounts 2024, other carry-over", "18.15"),
    ("CROSS-CARRY-OVER", "accounts 2023", "accounts 2024", "accounts 2024, other carry-over of a fund", "1.20"),
    ("CROSS-UNITS", "unit", "department", "department with less", "0.10"),
    ("CROSS-UNIT-ROWS", "central", "unit of a row", "unit of a row with more", ""),
]
"""For each rule two filings that agree, the second (or for a unit's row the unit's) with a difference, and what is then printed."""


@contextmanager
def judged(*names: str, rules: Sequence[Rule] = CROSS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Filings by name in a warehouse, in which each has the same id whatever others are there; of one body and year the last stands."""
    with create_warehouse() as database:
        ids = {f"{list(BUILDERS).index(name):016d}": read(name) for name in names}
        fill(database, ids)
        for name in ("versions.sql", "version_changes.sql"):
            database.execute(resources.files("tasks.load").joinpath(name).read_text(encoding="utf-8"))
        apply_rules(database, rules)
        yield database


@pytest.mark.parametrize(("rule_id", "other", "agreeing", "planted", "printed"), DIFFERENCES)
def test_filings_that_agree_are_evaluated_and_a_difference_is_found(
    rule_id: str, other: str, agreeing: str, planted: str, printed: str
) -> None:
    with judged(other, agreeing) as database:
        assert database.execute(
            "SELECT sum(evaluated) > 0, sum(violated) FROM checks WHERE rule_id = $1", [rule_id]
        ).fetchall() == [(True, 0)]
        assert database.execute("SELECT message FROM findings").fetchall() == []
    with judged(other, planted) as database:
        found = database.execute(
            "SELECT severity, message, message_en, doubt, quote, evidence, page FROM findings WHERE rule_id = $1",
            [rule_id],
        ).fetchall()
        assert found
        for severity, message, message_en, doubt, quote, evidence, page in found:
            assert severity == "warning"
            assert doubt
            assert quote
            assert any(sign in message and sign in message_en for sign in ("≠", "<"))
            assert evidence[0]["bbox"]
            assert evidence[0]["page"] == page
            assert len(evidence) > 1, "what it is compared with"
        assert any(printed in message for _, message, *_ in found)
        ((causes,),) = database.execute("SELECT count(*) FROM findings WHERE root_finding_id IS NULL").fetchall()
        assert causes == 1, "sums that contain the number follow from it"


def test_every_rule_over_several_filings_is_shown_failing() -> None:
    assert {rule.id for rule in CROSS} == {rule_id for rule_id, *_ in DIFFERENCES} | {"CROSS-VERSION"}


def test_the_differences_of_a_re_issued_filing_are_listed() -> None:
    with judged("central 2025", "central 2025, other year before") as database:
        ((message, evidence, page),) = database.execute(
            "SELECT message, evidence, page FROM findings WHERE rule_id = 'CROSS-VERSION'"
        ).fetchall()
        assert "74.60→76.40" in message
        assert len(evidence) > 1
        assert all(one["bbox"] and one["page"] == page for one in evidence[:2])
    with judged("unit of a row", "unit of a row again") as database:
        assert database.execute(
            "SELECT sum(exact), sum(violated) FROM checks WHERE rule_id = 'CROSS-VERSION'"
        ).fetchall() == [(1, 0)]


TOGETHER = (
    "central 2024", "central 2025", "earlier budget", "later budget", "accounts 2023", "accounts 2024", "department", "central",
    "unit of a row", "unit of a row with more",
)  # fmt: skip
APART = (("later budget", "central", "central 2025"), ("accounts 2024", "department", "unit of a row with more"))
"""Of these, those that are compared with others, among none of the others."""


def _results(database: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for filing_id, rule_id, *result in database.execute(
        "SELECT filing_id, rule_id, instance_id, verdict, subject FROM rule_instances"
    ).fetchall():
        found.setdefault((filing_id, rule_id), set()).add(tuple(result))
    return found


def test_a_rule_reads_no_other_filings_than_it_declares() -> None:
    """What the rules say of a filing changes with the filings around it only where the rule declares to read these."""
    depending: set[str] = set()
    with judged(*TOGETHER, rules=RULES) as among:
        of_all = _results(among)
        for names in APART:
            with judged(*names, rules=RULES) as apart:
                of_some = _results(apart)
                for (filing_id,) in apart.execute("SELECT filing_id FROM filings").fetchall():
                    for rule in RULES:
                        if of_all.get((filing_id, rule.id)) == of_some.get((filing_id, rule.id)):
                            continue
                        depending.add(rule.id)
                        seen = [
                            dict(database.execute(write_seen([rule])).fetchall())[filing_id]
                            for database in (among, apart)
                        ]
                        assert seen[0] != seen[1], f"{rule.id} reads other filings than it declares"
    assert depending == {rule.id for rule in RULES if rule.reads}


@pytest.mark.parametrize("rule_id", ["CROSS-UNITS", "CROSS-UNIT-ROWS"])
def test_units_are_brought_to_their_department_by_keys(rule_id: str) -> None:
    """No query compares every filing with every other."""
    plans: list[str] = []
    with judged("department", "unit", rules=()) as database:
        database.execute("CREATE TEMP TABLE w_filings AS SELECT filing_id, fiscal_year FROM filings")

        def query(sql: str) -> Sequence[tuple[object, ...]]:
            plans.append(str(database.execute(f"EXPLAIN {sql}").fetchall()))
            return database.execute(sql).fetchall()

        list(PYTHON_RULES[str(load_rules()[rule_id].python)](query))
    assert any("HASH_JOIN" in plan for plan in plans)
    assert not [plan for plan in plans if "NESTED_LOOP" in plan or "CROSS_PRODUCT" in plan or "PIECEWISE" in plan]


class _CountedText(str):
    """A text that counts how often a part of it is looked at."""

    looks = 0

    def __getitem__(self, key: object) -> str:
        type(self).looks += 1
        return super().__getitem__(key)  # type: ignore[index]


@pytest.mark.parametrize("names", [40, 4000])
def test_the_cost_of_a_text_does_not_grow_with_the_names(names: int) -> None:
    issuers = [f"青石市{number:05d}管理站" for number in range(names)]
    text = _CountedText("所属单位：" + "、".join(issuers[:20]) + "。" + "青石市的其他事项。" * 100)
    _CountedText.looks = 0
    assert Names(issuers).find(text) == set(issuers[:20])
    assert _CountedText.looks == len(text) + text.count("青石")
