"""What is said in a filing's report? Read from the warehouse, for a batch of filings at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb

from filings.documents import Box

_MOST_EVIDENCE = 60
"""Places listed for one finding; a sum over hundreds of rows names the first ones and says how many there are."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One printed number or text that a finding rests on; ``sha256`` names its file where it is known."""

    role: str
    label: str
    text: str
    page: int | None
    box: Box | None
    locator: str | None
    sha256: str | None
    line_item_id: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding with its rule and everything it rests on; the columns as in table ``findings``."""

    finding_id: str
    rule_id: str
    category: str
    severity: str
    page: int | None
    subject: str
    message: str
    message_en: str | None
    quote: str | None
    root_finding_id: str | None
    confidence: str | None
    doubt: str | None
    doubt_en: str | None
    fault: str | None
    fault_text: str | None
    fault_line_item_id: str | None
    corrected_value: Decimal | None
    says: str
    says_en: str
    source: str | None
    evidence: tuple[Evidence, ...]
    evidence_count: int

    @property
    def words(self) -> str:
        """The message without what a report shows beside it: the words of the rule, and the place."""
        said = self.message.removesuffix(f"：{self.subject}")
        return said.removeprefix(f"{self.says}：")

    @property
    def words_en(self) -> str:
        """The same in English, with the words of the rule, which are not shown in English elsewhere."""
        return (self.message_en or "").removesuffix(f": {self.subject}")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and how its instances turned out in the filing; ``reasons`` why some could not be evaluated."""

    rule_id: str
    category: str
    severity: str
    says: str
    says_en: str
    source: str | None
    evaluated: int
    exact: int
    rounding: int
    violated: int
    not_evaluable: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement as in table ``statements``; ``amounts`` are the printed numbers read in it."""

    statement_no: int
    statement_type: str
    title: str | None
    unit: str | None
    page_first: int | None
    page_last: int | None
    row_count: int
    amounts: int
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in the report of one filing."""

    filing_id: str
    sha256: str
    file_names: tuple[str, ...]
    source_uri: str
    media_type: str
    title: str | None
    issuer: str | None
    region_name: str | None
    fiscal_year: int | None
    report_type: str | None
    scope: str | None
    pages: int | None
    status: str
    superseded_by: str | None
    extractor_version: str
    loaded_at: datetime
    statements: tuple[StatementRow, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    @property
    def causes(self) -> tuple[Finding, ...]:
        """The findings that stand by themselves."""
        return tuple(one for one in self.findings if one.root_finding_id is None)

    def consequences(self, cause: Finding) -> tuple[Finding, ...]:
        """The findings that the same cause explains."""
        return tuple(one for one in self.findings if one.root_finding_id == cause.finding_id)

    def count_causes(self, severity: str) -> int:
        """Findings of a severity that stand by themselves."""
        return sum(one.severity == severity for one in self.causes)


def list_filings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The ids of the filings that have a report: all but the files that are parts of another's filing."""
    rows = connection.execute("SELECT filing_id FROM filings WHERE joined_into IS NULL ORDER BY filing_id").fetchall()
    return [str(filing_id) for (filing_id,) in rows]


def read_facts(connection: duckdb.DuckDBPyConnection, filing_ids: Sequence[str]) -> list[Facts]:
    """The facts of a batch of filings, in the order of their ids.

    Args:
        connection: To a validated warehouse.
        filing_ids: Which.
    """
    wanted = [list(filing_ids)]
    statements = _grouped(connection, _STATEMENTS, wanted)
    checks = _grouped(connection, _CHECKS, wanted)
    evidence = _read_evidence(connection, wanted)
    findings = _grouped(connection, _FINDINGS, wanted)
    facts = []
    for row in _dicts(connection, _FILINGS, wanted):
        filing_id = row["filing_id"]
        facts.append(
            Facts(
                **{**row, "file_names": tuple(row["file_names"])},
                statements=tuple(StatementRow(**one) for one in statements[filing_id]),
                checks=tuple(Check(**{**one, "reasons": tuple(one["reasons"] or ())}) for one in checks[filing_id]),
                findings=tuple(
                    Finding(
                        **one,
                        evidence=tuple(evidence[one["finding_id"]][:_MOST_EVIDENCE]),
                        evidence_count=len(evidence[one["finding_id"]]),
                    )
                    for one in findings[filing_id]
                ),
            )
        )
    return facts


def _read_evidence(connection: duckdb.DuckDBPyConnection, wanted: list[list[str]]) -> Mapping[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in _dicts(connection, _EVIDENCE, wanted):
        finding_id, bbox = row.pop("finding_id"), row.pop("bbox")
        found[finding_id].append(Evidence(**row, box=Box(*bbox) if bbox else None))
    return found


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> Iterable[dict[str, Any]]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]
) -> Mapping[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _dicts(connection, sql, parameters):
        groups[row.pop("filing_id")].append(row)
    return groups


_FILINGS = """
SELECT f.filing_id, f.sha256,
       list_concat([f.file_name], (SELECT coalesce(list(p.file_name ORDER BY p.file_name), []) FROM filings AS p
                                   WHERE p.joined_into = f.filing_id)) AS file_names,
       f.source_uri, f.media_type, f.title, f.issuer, f.region_name, f.fiscal_year, f.report_type, f.scope, f.pages, f.status,
       f.superseded_by, f.extractor_version, f.loaded_at
FROM filings AS f WHERE list_contains($1, f.filing_id) ORDER BY f.filing_id
"""

_STATEMENTS = """
SELECT s.filing_id, s.statement_no, s.statement_type, s.title, s.unit, s.page_first, s.page_last, s.row_count,
       coalesce(n.amounts, 0) AS amounts, s.state, s.note
FROM statements AS s
LEFT JOIN (SELECT statement_id, count(*) AS amounts FROM line_items WHERE list_contains($1, filing_id) GROUP BY 1) AS n
  ON n.statement_id = s.statement_id
WHERE list_contains($1, s.filing_id) ORDER BY s.filing_id, s.document_id <> s.filing_id, s.document_id, s.statement_no
"""

_CHECKS = """
SELECT c.filing_id, c.rule_id, coalesce(r.category, 'extraction') AS category, coalesce(r.severity, 'info') AS severity,
       coalesce(r.says, c.rule_id) AS says, coalesce(r.says_en, c.rule_id) AS says_en, r.source, c.evaluated, c.exact, c.rounding,
       c.violated, c.not_evaluable, w.reasons
FROM checks AS c LEFT JOIN rules AS r ON r.rule_id = c.rule_id
LEFT JOIN (SELECT filing_id, rule_id, list_sort(list(DISTINCT reason)) AS reasons FROM rule_instances
           WHERE verdict = 'not_evaluable' AND list_contains($1, filing_id) GROUP BY ALL) AS w
  ON w.filing_id = c.filing_id AND w.rule_id = c.rule_id
WHERE list_contains($1, c.filing_id) ORDER BY c.filing_id, r.category, c.rule_id
"""

_FINDINGS = """
SELECT f.filing_id, f.finding_id, f.rule_id, f.category, f.severity, f.page, f.subject, f.message, f.message_en, f.quote,
       f.root_finding_id, f.confidence, f.doubt, f.doubt_en,
       CASE WHEN l.line_item_id IS NOT NULL
            THEN concat_ws(' ', '《' || coalesce(s.title, s.statement_type) || '》', l.code, l.name, l.column_label) END AS fault,
       l.value_text AS fault_text, f.fault_line_item_id, f.corrected_value, coalesce(r.says, f.rule_id) AS says,
       coalesce(r.says_en, f.rule_id) AS says_en, r.source
FROM findings AS f LEFT JOIN rules AS r ON r.rule_id = f.rule_id
LEFT JOIN line_items AS l ON l.line_item_id = f.fault_line_item_id
LEFT JOIN statements AS s ON s.statement_id = l.statement_id
WHERE list_contains($1, f.filing_id)
ORDER BY f.filing_id, array_position(['error', 'warning', 'info'], f.severity), f.page NULLS LAST, f.rule_id, f.finding_id
"""

_EVIDENCE = """
WITH said AS (
    SELECT f.finding_id, f.filing_id, unnest(f.evidence) AS e, generate_subscripts(f.evidence, 1) AS position
    FROM findings AS f WHERE list_contains($1, f.filing_id)
), parts AS (
    SELECT coalesce(joined_into, filing_id) AS filing_id, any_value(sha256) AS sha256, count(*) AS files FROM filings
    WHERE list_contains($1, coalesce(joined_into, filing_id)) GROUP BY 1
), printed AS (
    SELECT filing_id, document_id, page, bbox FROM text_lines UNION ALL
    SELECT filing_id, document_id, title_page, title_bbox FROM statements UNION ALL
    SELECT filing_id, document_id, note_page, note_bbox FROM statements
), found AS (
    SELECT filing_id, page, bbox, any_value(document_id) AS document_id
    FROM printed WHERE filing_id IN (SELECT filing_id FROM parts WHERE files > 1) AND bbox IS NOT NULL
    GROUP BY ALL HAVING count(DISTINCT document_id) = 1
)
SELECT s.finding_id, coalesce(s.e.role, '') AS role,
       coalesce(concat_ws(' ', '《' || coalesce(t.title, t.statement_type) || '》', l.code, l.name, l.column_label), '') AS label,
       coalesce(s.e.text, '') AS text, s.e.page AS page, s.e.bbox AS bbox, s.e.locator AS locator,
       coalesce(d.sha256, p.sha256) AS sha256, s.e.line_item_id AS line_item_id
FROM said AS s
LEFT JOIN line_items AS l ON l.line_item_id = s.e.line_item_id
LEFT JOIN statements AS t ON t.statement_id = l.statement_id
LEFT JOIN found AS x ON l.line_item_id IS NULL AND x.filing_id = s.filing_id AND x.page = s.e.page AND x.bbox = s.e.bbox
LEFT JOIN filings AS d ON d.filing_id = coalesce(l.document_id, x.document_id)
LEFT JOIN parts AS p ON p.filing_id = s.filing_id AND l.line_item_id IS NULL AND p.files = 1
ORDER BY s.finding_id, s.position
"""
"""A text without a line item stands in the filing's file; of several files, in the one that prints something at its place."""
