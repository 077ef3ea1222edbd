"""Filings that belong together: every rule that holds them against each other is evaluated, and finds a planted difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from importlib import resources

import duckdb
import pytest

from expectations.compile_sql import apply_rules
from expectations.rule import load_rules
from filings.records import FilingRecords
from samples.accounts import build_accounts
from samples.build import build_filing
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

RULES = [rule for rule in load_rules().values() if rule.category == "cross_filing"]


@cache
def read_sample(name: str) -> FilingRecords:
    return extract_filing(build_filing(name, faultless=True))[0]


def read(filing: Filing) -> FilingRecords:
    return extract_filing(filing)[0]


PAIRS: dict[str, tuple[Callable[[], tuple[FilingRecords, ...]], Callable[[], FilingRecords], str]] = {
    "CROSS-PRIOR-TEXT": (
        lambda: (read(build_earlier_budget()), read(build_later_budget())),
        lambda: read(build_later_budget(Decimal("0.45"))),
        "4.29万元",
    ),
    "CROSS-BUDGET-ACCOUNTS": (
        lambda: (read_sample(UNIT), read(build_accounts("accounts_2024"))),
        lambda: read(build_accounts("accounts_2024", {"initial_budgets": {"2101102": "46.57"}})),
        "46.57万元",
    ),
    "CROSS-CARRY-OVER": (
        lambda: (read(build_accounts("accounts_2023")), read(build_accounts("accounts_2024"))),
        lambda: read(build_accounts("accounts_2024", {"carry_in": "18.15"})),
        "18.15",
    ),
    "CROSS-UNITS": (
        lambda: (read_sample(UNIT), read(build_department())),
        lambda: read(build_department({"three_public": {"travel": "0.00", "purchase": "0.00", "operation": "0.10", "reception": "0.00"}})),
        "0.10",
    ),
    "CROSS-UNIT-ROWS": (
        lambda: (read_sample(CENTRAL), read(build_row_unit())),
        lambda: read(build_row_unit(Decimal("12.00"))),
        "",
    ),
}  # fmt: skip
"""For each rule two filings that agree, the second (or for a unit's row the unit's) with a difference, and what is then printed."""


@contextmanager
def judged(*filings: FilingRecords) -> Iterator[duckdb.DuckDBPyConnection]:
    with create_warehouse() as database:
        fill(database, {f"{number:016d}": records for number, records in enumerate(filings)})
        for name in ("versions.sql", "version_changes.sql"):
            database.execute(resources.files("tasks.load").joinpath(name).read_text(encoding="utf-8"))
        apply_rules(database, RULES)
        yield database


@pytest.mark.parametrize("rule_id", list(PAIRS))
def test_filings_that_agree_are_evaluated_and_a_difference_is_found(rule_id: str) -> None:
    agreeing, planted, printed = PAIRS[rule_id]
    first, second = agreeing()
    with judged(first, second) as database:
        assert database.execute(
            "SELECT sum(evaluated) > 0, sum(violated) FROM checks WHERE rule_id = $1", [rule_id]
        ).fetchall() == [(True, 0)]
        assert database.execute("SELECT message FROM findings").fetchall() == []
    with judged(first, planted()) as database:
        found = database.execute(
            "SELECT severity, message, message_en, doubt, quote FROM findings WHERE rule_id = $1", [rule_id]
        ).fetchall()
        assert found
        for severity, message, message_en, doubt, quote in found:
            assert severity == "warning"
            assert doubt
            assert quote
            assert any(sign in message and sign in message_en for sign in ("≠", "<"))
        assert any(printed in message for _, message, *_ in found)


def test_prior_year_columns_are_those_of_the_year_before() -> None:
    with judged(read_sample("central_customs_2024"), read_sample("central_customs_2025")) as database:
        (counts,) = database.execute(
            "SELECT sum(evaluated), sum(violated) FROM checks WHERE rule_id = 'CROSS-PRIOR-YEAR'"
        ).fetchall()
        assert counts[0] > 3
        assert counts[1] == 0


def test_the_differences_of_a_re_issued_filing_are_listed() -> None:
    before, after = build_filing("central_customs_2025"), build_filing("central_customs_2025", faultless=True)
    with judged(read(before), read(after)) as database:
        ((message, evidence),) = database.execute(
            "SELECT message, len(evidence) FROM findings WHERE rule_id = 'CROSS-VERSION'"
        ).fetchall()
        assert "242.05→224.05" in message
        assert evidence > 3
    with judged(read(after), read(after)) as database:
        assert database.execute(
            "SELECT sum(exact), sum(violated) FROM checks WHERE rule_id = 'CROSS-VERSION'"
        ).fetchall() == [(1, 0)]
