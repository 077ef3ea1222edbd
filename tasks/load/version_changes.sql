-- What each re-issued filing changed: the printed amounts of two versions, matched by what they are about. Where several
-- rows of a statement are about the same, they are matched in the order in which they are printed.
INSERT INTO version_changes BY NAME
WITH pair AS (
    SELECT filing_id AS previous_filing_id, superseded_by AS filing_id FROM filings WHERE superseded_by IS NOT NULL
), numbered AS (
    SELECT filing_id, statement_type, side, code, name, unit_name, measure, column_label, fiscal_year, value, value_unit,
           value_text, amount_yuan, page,
           -- a header that no form knows is told by its words; one that is known by its measure, however it is worded
           coalesce(measure, column_label) AS what,
           row_number() OVER (
               PARTITION BY filing_id, statement_type, side, code, name, unit_code, unit_name,
                            coalesce(measure, column_label), fiscal_year
               ORDER BY line_item_id
           ) AS copy
    FROM line_items
    WHERE filing_id IN (SELECT filing_id FROM pair UNION SELECT previous_filing_id FROM pair)
), before AS (
    SELECT pair.filing_id AS later, pair.previous_filing_id, numbered.*
    FROM numbered JOIN pair ON pair.previous_filing_id = numbered.filing_id
), after AS (
    SELECT pair.filing_id AS later, pair.previous_filing_id, numbered.*
    FROM numbered JOIN pair USING (filing_id)
), matched AS (
    SELECT coalesce(a.later, b.later) AS filing_id,
           coalesce(a.previous_filing_id, b.previous_filing_id) AS previous_filing_id,
           CASE WHEN b.later IS NULL THEN 'added' WHEN a.later IS NULL THEN 'removed' ELSE 'changed' END AS change,
           coalesce(a.statement_type, b.statement_type) AS statement_type, coalesce(a.side, b.side) AS side,
           coalesce(a.code, b.code) AS code, coalesce(a.name, b.name) AS name,
           coalesce(a.unit_name, b.unit_name) AS unit_name, coalesce(a.measure, b.measure) AS measure,
           coalesce(a.column_label, b.column_label) AS column_label,
           coalesce(a.fiscal_year, b.fiscal_year) AS fiscal_year,
           b.value_text AS value_text_before, a.value_text AS value_text_after,
           b.amount_yuan AS amount_yuan_before, a.amount_yuan AS amount_yuan_after,
           CASE WHEN coalesce(a.amount_yuan, b.amount_yuan) IS NOT NULL THEN
               CAST(coalesce(a.amount_yuan, 0) - coalesce(b.amount_yuan, 0) AS DECIMAL(20,2))
           END AS difference_yuan,
           b.page AS page_before, a.page AS page_after, coalesce(a.copy, b.copy) AS copy
    FROM before AS b
    FULL JOIN after AS a
      ON a.previous_filing_id = b.previous_filing_id AND a.later = b.later AND a.statement_type = b.statement_type
     AND coalesce(a.side, '') = coalesce(b.side, '') AND coalesce(a.code, '') = coalesce(b.code, '')
     AND coalesce(a.name, '') = coalesce(b.name, '') AND coalesce(a.unit_name, '') = coalesce(b.unit_name, '')
     AND a.what = b.what AND coalesce(a.fiscal_year, 0) = coalesce(b.fiscal_year, 0) AND a.copy = b.copy
    WHERE a.later IS NULL OR b.later IS NULL
       OR a.value IS DISTINCT FROM b.value OR a.value_unit IS DISTINCT FROM b.value_unit
)
SELECT * EXCLUDE (copy),
       CAST(row_number() OVER (
           PARTITION BY filing_id
           ORDER BY statement_type, side NULLS FIRST, code NULLS FIRST, name NULLS FIRST, unit_name NULLS FIRST,
                    column_label, fiscal_year NULLS FIRST, copy, change, previous_filing_id
       ) AS INTEGER) AS change_no
FROM matched
ORDER BY filing_id, change_no;
