"""The filing of the same body a year earlier, and what it printed of the year that a later filing compares itself with.

Only where both filings are in the warehouse, in the version that stands; matched by body, kind and scope, never by value.
"""

from __future__ import annotations

PREVIOUS = """
CREATE OR REPLACE TEMP TABLE w_previous AS
WITH pairs AS (
    SELECT f.filing_id, any_value(e.filing_id) AS earlier_id, any_value(e.file_name) AS earlier_name
    FROM filings AS f SEMI JOIN w_filings AS w ON w.filing_id = f.filing_id
    JOIN filings AS e ON e.issuer = f.issuer AND e.fiscal_year = f.fiscal_year - 1 AND e.report_type = f.report_type
        AND e.scope IS NOT DISTINCT FROM f.scope AND e.superseded_by IS NULL
    GROUP BY f.filing_id HAVING count(*) = 1
)
SELECT r.line_item_id, any_value(p.earlier_name) AS earlier_name, any_value(e.line_item_id) AS earlier_line_item_id,
       any_value(e.value_text) AS earlier_text, any_value(e.page) AS earlier_page,
       any_value(abs(e.amount_yuan - r.amount_yuan) <= e.half_place_yuan + r.half_place_yuan) AS agrees
FROM w_raw AS r JOIN pairs AS p ON p.filing_id = r.filing_id
JOIN line_items AS e ON e.filing_id = p.earlier_id AND e.statement_type = r.statement_type AND e.measure = r.measure
    AND e.fiscal_year = r.year AND coalesce(e.side, '') = r.side AND e.amount_yuan IS NOT NULL
    AND coalesce(e.code, e.code_inferred) IS NOT DISTINCT FROM r.code_key
    AND (e.item IS NOT DISTINCT FROM r.item OR r.statement_type = 'three_public')
    AND coalesce(e.unit_code, e.unit_name, '') = r.unit_key
WHERE r.year_offset = -1 AND r.amount_yuan IS NOT NULL
GROUP BY r.line_item_id HAVING count(*) = 1
"""
"""Numbers about the year before, with the one number that the filing of that year prints in the same place."""
