"""What do the rules see of a filing: its own rows, and which other filings?

Where that is the same in two warehouses and the code is too, so are the results. Whoever writes a rule that reads other
filings than these names them here.
"""

from __future__ import annotations

from filings.schema import load_tables

_UNSEEN = frozenset({"fetched_at", "loaded_at"})
"""Columns of `filings` that no rule reads and that change when nothing else does."""

_OWN = " UNION ALL ".join(
    f"SELECT filing_id, hash({', '.join(name for name in table.columns if name not in _UNSEEN)}) AS row_hash FROM {name}"
    for name, table in load_tables().items()
    if table.origin == "extraction" or name == "version_changes"
)

SEEN = f"""
WITH own AS (
    SELECT filing_id, sum(row_hash) AS content FROM ({_OWN}) GROUP BY filing_id
), known AS (
    SELECT f.filing_id, coalesce(f.issuer, f.filing_id) AS body, f.scope, o.content,
           concat_ws('|', f.fiscal_year, f.report_type) AS year, f.superseded_by, coalesce(f.region, '') AS region
    FROM filings AS f JOIN own AS o ON o.filing_id = f.filing_id
), of_body AS (
    SELECT body, sum(content) AS content FROM known GROUP BY body
), before AS (
    SELECT superseded_by AS filing_id, sum(content) AS content FROM known WHERE superseded_by IS NOT NULL GROUP BY ALL
), of_region AS (
    SELECT year, region, sum(content) AS content FROM known WHERE scope = 'unit' GROUP BY ALL
), of_units AS (
    SELECT n.filing_id, sum(u.content) AS content
    FROM (SELECT DISTINCT filing_id, unit_name FROM line_items WHERE unit_name IS NOT NULL) AS n
    JOIN known AS f ON f.filing_id = n.filing_id
    JOIN known AS u ON u.body = n.unit_name AND u.year = f.year AND u.scope = 'unit' GROUP BY n.filing_id
)
SELECT f.filing_id, concat_ws('-', f.content, b.content, e.content, coalesce(r.content, 0), coalesce(u.content, 0)) AS seen
FROM known AS f JOIN of_body AS b ON b.body = f.body
LEFT JOIN before AS e ON e.filing_id = f.filing_id
LEFT JOIN of_region AS r ON r.year = CASE WHEN f.scope = 'department' THEN f.year END AND r.region = f.region
LEFT JOIN of_units AS u ON u.filing_id = f.filing_id
ORDER BY f.filing_id
"""
"""A query for what the rules see of each filing, as sums over the hashes of rows: its own rows, those of the other filings of
its body (the year before, budget against accounts), of the versions that it replaces, and of the units whose department it may
be: those that its tables name, and all of its region, as its text may name them."""
