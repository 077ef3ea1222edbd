"""Is this warehouse fit to be published, and what is wrong in the filings?

Runs the rules over a candidate database, then the Great Expectations suites over the result. A mistake in a filing is a
finding and is published; a fault of the system (broken schema, an expectation that could not be evaluated, two counts of
the same thing that differ) closes the gate.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from expectations.rule import VERDICTS, load_rules
from filings.schema import load_tables
from tasks.load.database import memory_limit, open_database
from tasks.validate_filings import judge_warehouse

CHECKED_TABLES = tuple(
    name
    for name, table in load_tables().items()
    if table.origin == "extraction" or name in ("rule_instances", "checks", "findings", "rules")
)
"""The tables whose completeness Great Expectations checks in every run."""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What validation found.

    Args:
        failures: Faults of the system, in words; any of them closes the gate.
        filings: Filings in the warehouse.
        reused: Those of them whose results were taken over from the warehouse in place.
        line_items: Line items.
        rules: Rules applied.
        verdicts: Rule instances by verdict: exact, rounding, violated, not_evaluable.
        findings: Findings by severity.
        expectations: Expectations that Great Expectations evaluated.
        expectations_met: Those of them that were met.
        seconds: Seconds by part: rules, import_great_expectations, great_expectations.
    """

    failures: tuple[str, ...]
    filings: int
    reused: int
    line_items: int
    rules: int
    verdicts: Mapping[str, int]
    findings: Mapping[str, int]
    expectations: int
    expectations_met: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def gate_passed(self) -> bool:
        """True if nothing is wrong with the system, whatever is wrong in the filings."""
        return not self.failures

    @property
    def evaluated(self) -> int:
        """Rule instances that could be evaluated."""
        return sum(self.verdicts.get(verdict, 0) for verdict in ("exact", "rounding", "violated"))


def validate_warehouse(candidate: Path, docs_dir: Path, earlier: Path | None = None) -> ValidationReport:
    """Judge a candidate warehouse by all rules and all suites.

    Args:
        candidate: The database file; nobody in this process may hold it open. It gets the tables `rule_instances`,
            `checks`, `findings` and `rules`.
        docs_dir: Folder for the Data Docs, made if need be.
        earlier: The warehouse in place: results of filings in which nothing has changed are taken over; None: judge all anew.

    Returns:
        The report; publish only if `gate_passed`.

    Raises:
        duckdb.Error: The candidate lacks a table that rules read; build it again.
    """
    started = time.perf_counter()
    rules = tuple(load_rules().values())
    judged_filings = judge_warehouse(candidate, earlier)
    with open_database(candidate, read_only=True) as database:
        violated = dict(database.execute(_VIOLATED).fetchall())
        verdicts: dict[str, int] = dict.fromkeys(map(str, VERDICTS), 0)
        verdicts.update(database.execute(_VERDICTS).fetchall())
        findings = dict(database.execute("SELECT severity, count(*) FROM findings GROUP BY 1 ORDER BY 1").fetchall())
        filings, line_items = database.execute(_SIZE).fetchall()[0]
    judged = time.perf_counter()
    from expectations.suite import run_suites  # Great Expectations takes seconds to import

    imported = time.perf_counter()
    docs_dir.mkdir(parents=True, exist_ok=True)
    result = run_suites(candidate, CHECKED_TABLES, rules, docs_dir, memory_limit())
    return ValidationReport(
        failures=(
            *(f"great_expectations: {message}" for message in result.exceptions),
            *(f"invariant: {words}" for words in result.broken_invariants),
            *(
                f"disagreement: {rule.id} has {violated.get(rule.id, 0)} violated instances, "
                f"Great Expectations counted {result.violations.get(rule.id, 'none')}"
                for rule in rules
                if result.violations.get(rule.id) != violated.get(rule.id, 0)
            ),
        ),
        filings=filings,
        reused=judged_filings.reused,
        line_items=line_items,
        rules=len(rules),
        verdicts=verdicts,
        findings=findings,
        expectations=result.evaluated,
        expectations_met=result.met,
        seconds={
            "rules": judged - started,
            "import_great_expectations": imported - judged,
            "great_expectations": time.perf_counter() - imported,
        },
    )


_VIOLATED = "SELECT rule_id, count(*) FROM rule_instances WHERE verdict = 'violated' GROUP BY 1"
_VERDICTS = "SELECT verdict, count(*) FROM rule_instances GROUP BY 1"
_SIZE = "SELECT (SELECT count(*) FROM filings), (SELECT count(*) FROM line_items)"
