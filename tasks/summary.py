"""What does a data folder hold, in numbers a person wants at the end of a run?

Reads the warehouse in place only; imports neither Prefect nor Great Expectations.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import duckdb

from tasks.data_dir import DataDir
from tasks.quarantine import QuarantineRow, read_quarantine

_FILINGS = """
SELECT f.filing_id, f.file_name, f.issuer, f.fiscal_year, f.report_type, f.status, f.statement_count,
       f.line_item_count, coalesce(sum(c.evaluated), 0)::BIGINT AS evaluated,
       coalesce(sum(c.violated), 0)::BIGINT AS violated
FROM filings f LEFT JOIN checks c USING (filing_id)
GROUP BY ALL ORDER BY f.issuer, f.fiscal_year, f.filing_id
"""

_CHECKS = """
SELECT coalesce(sum(evaluated), 0)::BIGINT, coalesce(sum(exact), 0)::BIGINT, coalesce(sum(rounding), 0)::BIGINT,
       coalesce(sum(violated), 0)::BIGINT, coalesce(sum(not_evaluable), 0)::BIGINT FROM checks
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """The warehouse in place and the quarantine, counted.

    Args:
        filings: Document versions loaded, superseded ones included.
        statements: Statements found in them.
        line_items: Printed amounts and percentages.
        evaluated: Checks that could be evaluated.
        exact: Of these, those that hold exactly.
        rounding: Those whose difference rounding explains.
        violated: Those that do not hold.
        not_evaluable: Checks that could not be evaluated.
        findings: Findings by severity.
        quarantine: The inputs in quarantine.
        per_filing: One row per filing, as plain values.
        coverage: One row per registered source and year, as plain values.
    """

    filings: int
    statements: int
    line_items: int
    evaluated: int
    exact: int
    rounding: int
    violated: int
    not_evaluable: int
    findings: dict[str, int]
    quarantine: tuple[QuarantineRow, ...]
    per_filing: tuple[dict[str, Any], ...]
    coverage: tuple[dict[str, Any], ...] = ()

    def quarantined_by_reason(self) -> dict[str, int]:
        """How many inputs are in quarantine for which reason, most frequent first."""
        return dict(Counter(row.reason_code for row in self.quarantine).most_common())


def read_summary(data: DataDir) -> Summary:
    """Count what is in the warehouse in place and in quarantine.

    Raises:
        FileNotFoundError: There is no warehouse yet.
    """
    if not data.warehouse.exists():
        raise FileNotFoundError(f"no warehouse in {data.root}")
    with duckdb.connect(data.warehouse, read_only=True) as connection:
        per_filing = _rows(connection, _FILINGS)
        coverage = _rows(connection, "FROM summary_coverage") if _has_coverage(connection) else ()
        evaluated, exact, rounding, violated, not_evaluable = connection.execute(_CHECKS).fetchall()[0]
        findings = dict(
            connection.execute("SELECT severity, count(*) FROM findings GROUP BY ALL ORDER BY severity").fetchall()
        )
    return Summary(
        filings=len(per_filing),
        statements=sum(row["statement_count"] for row in per_filing if row["status"] != "joined"),
        line_items=sum(row["line_item_count"] for row in per_filing if row["status"] != "joined"),
        evaluated=evaluated,
        exact=exact,
        rounding=rounding,
        violated=violated,
        not_evaluable=not_evaluable,
        findings=findings,
        quarantine=tuple(read_quarantine(data)),
        per_filing=per_filing,
        coverage=coverage,
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[dict[str, Any], ...]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _has_coverage(connection: duckdb.DuckDBPyConnection) -> bool:
    """False in a warehouse that an older program built."""
    sql = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'summary_coverage'"
    return connection.execute(sql).fetchone() is not None
