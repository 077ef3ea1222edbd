"""What do the rules see of a filing: its own rows, and which other filings?

Where that is the same in two warehouses and the code is too, so are the results. A rule says in its declaration which other
filings it reads; a test compares what the rules say of a filing among others and alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from expectations.rule import Reads, Rule
from filings.schema import load_tables

_UNSEEN = frozenset({"fetched_at", "loaded_at"})
"""Columns of `filings` that no rule reads and that change when nothing else does."""

_OWN = " UNION ALL ".join(
    f"SELECT filing_id, hash({', '.join(name for name in table.columns if name not in _UNSEEN)}) AS row_hash FROM {name}"
    for name, table in load_tables().items()
    if table.origin == "extraction" or name == "version_changes"
)

_OTHERS: Mapping[Reads, str] = {
    "body": """
SELECT f.filing_id, sum(o.content) AS content FROM known AS f JOIN (SELECT body, sum(content) AS content FROM known GROUP BY body) AS o
  ON o.body = f.body GROUP BY f.filing_id""",
    "replaced": """
SELECT superseded_by AS filing_id, sum(content) AS content FROM known WHERE superseded_by IS NOT NULL GROUP BY superseded_by""",
    "region_units": """
SELECT f.filing_id, o.content FROM known AS f JOIN (
    SELECT year, region, sum(content) AS content FROM known WHERE scope = 'unit' GROUP BY ALL
) AS o ON o.year = f.year AND o.region = f.region WHERE f.scope = 'department'""",
    "named_units": """
SELECT n.filing_id, sum(u.content) AS content
FROM (SELECT DISTINCT filing_id, unit_name FROM line_items WHERE unit_name IS NOT NULL) AS n
JOIN known AS f ON f.filing_id = n.filing_id
JOIN known AS u ON u.body = n.unit_name AND u.year = f.year AND u.scope = 'unit' GROUP BY n.filing_id""",
}
"""For each kind of other filings that a rule may read, a query for their content by filing."""


def write_seen(rules: Iterable[Rule]) -> str:
    """A query for what rules see of each filing: sums over the hashes of its own rows and of those of the other filings that they read.

    Args:
        rules: The declarations.
    """
    kinds = sorted({kind for rule in rules for kind in rule.reads})
    contents = "".join(f", coalesce({kind}.content, 0)" for kind in kinds)
    joins = "\n".join(f"LEFT JOIN ({_OTHERS[kind]}) AS {kind} ON {kind}.filing_id = f.filing_id" for kind in kinds)
    return f"""
WITH own AS (
    SELECT filing_id, sum(row_hash) AS content FROM ({_OWN}) GROUP BY filing_id
), known AS (
    SELECT f.filing_id, coalesce(f.issuer, f.filing_id) AS body, f.scope, o.content,
           concat_ws('|', f.fiscal_year, f.report_type) AS year, f.superseded_by, coalesce(f.region, '') AS region
    FROM filings AS f JOIN own AS o ON o.filing_id = f.filing_id
)
SELECT f.filing_id, array_to_string([f.content{contents}], '-') AS seen
FROM known AS f
{joins}
ORDER BY f.filing_id
"""
