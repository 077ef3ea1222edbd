"""One misprinted number, one cause: whatever it breaks is grouped beneath it, and nothing is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rule import Example, load_rules
from tests.expectations.warehouse import judge

Cell = tuple[str, str]
"""Row and measure."""

LEAVES = {"2010101": (120, 30), "2010102": (75, 5), "2010201": (40, 60), "2080101": (33, 12), "2080102": (9, 81)}
"""Items with basic and project money, in 万元."""

RULES = ("CODE-TREE", "CODE-TOTAL", "EXP-ROW-TOTAL", "CHANGE-AMOUNT", "CHANGE-PERCENT")


def make_cells() -> dict[Cell, Decimal]:
    """A faultless statement: items, sections, classes and the total, each with basic + project = total."""
    cells: dict[Cell, Decimal] = {}
    for leaf, (basic, project) in LEAVES.items():
        for row in (leaf, leaf[:5], leaf[:3], "total"):
            for measure, value in (("basic", basic), ("project", project), ("total", basic + project)):
                cells[row, measure] = cells.get((row, measure), Decimal(0)) + value
    return cells


def write_rows(cells: Mapping[Cell, Decimal], statement: str = "expenditure") -> tuple[str, ...]:
    rows: dict[str, list[str]] = {}
    for (row, measure), value in sorted(cells.items()):
        rows.setdefault(row, []).append(f"{measure}={value:.2f}")
    return tuple(
        f"{statement} {'item=total level=0' if row == 'total' else f'code={row}'} {' '.join(numbers)}"
        for row, numbers in rows.items()
    )


def find(rows: Sequence[str]) -> tuple[list[dict[str, Any]], int]:
    """The findings, each with the row and measure of the number at fault; and how many identities are violated."""
    rules = [load_rules()[name] for name in RULES]
    with judge(rules, Example(verdict="violated", rows=tuple(rows))) as database:
        findings = read(
            database,
            "SELECT f.*, coalesce(l.code, l.item) AS row, l.measure, l.value FROM findings AS f "
            "LEFT JOIN line_items AS l ON l.line_item_id = f.fault_line_item_id",
        )
        ((violated,),) = database.execute("SELECT count(*) FROM rule_instances WHERE verdict = 'violated'").fetchall()
    return findings, violated


def read(database: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = database.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def check_grouping(findings: Sequence[Mapping[str, Any]], violated: int) -> list[Mapping[str, Any]]:
    """What must hold of any grouping; returns the causes."""
    assert len(findings) == violated
    causes = {one["finding_id"]: one for one in findings if one["root_finding_id"] is None}
    for one in findings:
        if one["root_finding_id"] is not None:
            assert one["root_finding_id"] in causes
            assert causes[one["root_finding_id"]]["filing_id"] == one["filing_id"]
        assert one["confidence"] in ("high", "medium", "low")
        assert (one["doubt"] is None) == (one["doubt_en"] is None) == (one["confidence"] == "high")
        assert (one["fault_line_item_id"] is None) == (one["corrected_value"] is None) == (one["confidence"] == "low")
    return list(causes.values())


def test_a_faultless_statement_has_no_findings() -> None:
    assert find(write_rows(make_cells())) == ([], 0)


@pytest.mark.parametrize("cell", sorted(make_cells()), ids="-".join)
def test_every_misprinted_number_is_the_one_cause(cell: Cell) -> None:
    cells = make_cells()
    right = cells[cell]
    cells[cell] += Decimal("27.00")
    findings, violated = find(write_rows(cells))
    assert violated >= 2
    (cause,) = check_grouping(findings, violated)
    assert (cause["row"], cause["measure"], cause["corrected_value"]) == (*cell, right)
    assert cause["confidence"] == "high"


def test_a_change_computed_from_the_misprinted_number_follows_from_it() -> None:
    """As in a real filing: a section's prior execution is misprinted, and its change and percent computed from that."""
    statement = "general_budget_expenditure"
    rows = [
        f"{statement} code=201 total=376.54 prior_execution@-1=401.62 change_amount=-25.08 change_percent=-6.24",
        f"{statement} code=20109 total=376.54 prior_execution@-1=415.38 change_amount=-38.84 change_percent=-9.35",
        f"{statement} code=2010901 total=269.01 prior_execution@-1=285.69 change_amount=-16.68 change_percent=-5.84",
        f"{statement} code=2010902 total=107.53 prior_execution@-1=115.93 change_amount=-8.40 change_percent=-7.25",
    ]
    findings, violated = find(rows)
    assert violated == 4
    (cause,) = check_grouping(findings, violated)
    assert (cause["row"], cause["measure"]) == ("20109", "prior_execution")
    assert (cause["value"], cause["corrected_value"]) == (Decimal("415.38"), Decimal("401.62"))
    assert cause["confidence"] == "medium"  # the percentage was computed from it too, and would not hold any more
    assert "1 " in cause["doubt"]


def test_two_misprints_far_apart_are_two_causes() -> None:
    cells = make_cells()
    cells["2010101", "basic"] += 18
    cells["2080102", "project"] -= 7
    findings, violated = find(write_rows(cells))
    causes = check_grouping(findings, violated)
    assert {(one["row"], one["measure"]) for one in causes} == {("2010101", "basic"), ("2080102", "project")}


def test_where_two_numbers_may_be_wrong_neither_is_accused() -> None:
    rows = ["expenditure code=201 total=10.00", "expenditure code=20101 total=12.00"]
    findings, violated = find(rows)
    (cause,) = check_grouping(findings, violated)
    assert (cause["confidence"], cause["fault_line_item_id"]) == ("low", None)
    assert "12.00" in cause["doubt"]
    assert "10.00" in cause["doubt"]


def test_a_percentage_that_alone_is_wrong_is_corrected_to_its_printed_places() -> None:
    statement = "general_budget_expenditure"
    rows = [
        f"{statement} code=201 total=936.40 prior_execution@-1=812.05 change_amount=124.35 change_percent=13.31",
        f"{statement} code=20109 total=936.40 prior_execution@-1=812.05 change_amount=124.35 change_percent=15.31",
    ]
    findings, violated = find(rows)
    (cause,) = check_grouping(findings, violated)
    assert (cause["row"], cause["measure"], cause["corrected_value"]) == ("201", "change_percent", Decimal("15.31"))


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(make_cells())), st.integers(-9_000, 9_000).filter(bool)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_grouping_never_hides_a_violation(changes: list[tuple[Cell, int]]) -> None:
    cells = make_cells()
    for cell, hundredths in changes:
        cells[cell] += Decimal(hundredths).scaleb(-2)
    findings, violated = find(write_rows(cells))
    causes = check_grouping(findings, violated)
    assert bool(causes) == (violated > 0)
    assert len({one["finding_id"] for one in findings}) == violated


@pytest.mark.parametrize(("printed", "causes"), [((10, 20, 30, 41), 1), ((10, 20, 31, 41), 2), ((11, 21, 31, 40), 1)])
def test_shares_of_one_whole_have_one_cause_if_most_are_wrong(printed: tuple[int, ...], causes: int) -> None:
    rows = ["#claim role=level value=100.00"]
    for number, (amount, share) in enumerate(zip((10, 20, 30, 40), printed, strict=True)):
        rows.append(f"#claim role=level value={amount}.00 whole=1")
        rows.append(f"#claim role=share value={share}.00 of={2 * number + 2} whole=1")
    with judge([load_rules()["NAR-SHARE"]], Example(verdict="violated", rows=tuple(rows))) as database:
        wrong = sum(share != amount for share, amount in zip(printed, (10, 20, 30, 40), strict=True))
        assert database.execute(
            "SELECT count(*), count(*) FILTER (root_finding_id IS NULL) FROM findings"
        ).fetchall() == [(wrong, causes)]
