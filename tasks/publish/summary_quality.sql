WITH read_statements AS (
    SELECT filing_id,
           count(*) FILTER (state = 'filled') AS filled,
           count(*) FILTER (state = 'declared_empty') AS declared_empty,
           count(*) FILTER (state = 'empty') AS empty,
           count(*) FILTER (state = 'missing') AS missing
    FROM main.statements GROUP BY filing_id
),
unknown_columns AS (
    SELECT filing_id, count(*) AS columns_unknown
    FROM main.statement_columns
    WHERE role = 'unknown' OR (role = 'value' AND measure IS NULL)
    GROUP BY filing_id
),
unread AS (SELECT filing_id, count(*) AS cells_unread FROM main.unread_cells GROUP BY filing_id),
checked AS (
    SELECT filing_id, sum(evaluated) AS evaluated, sum(exact) AS exact, sum(rounding) AS rounding,
           sum(violated) AS violated, sum(not_evaluable) AS not_evaluable
    FROM main.checks GROUP BY filing_id
),
found AS (
    SELECT filing_id,
           count(*) FILTER (severity = 'error') AS error,
           count(*) FILTER (severity = 'warning') AS warning,
           count(*) FILTER (severity = 'info') AS info
    FROM main.findings GROUP BY filing_id
)
SELECT f.filing_id, f.issuer, f.fiscal_year, f.report_type, f.scope, f.file_name,
       f.line_item_count AS cells,
       coalesce(u.cells_unread, 0) AS cells_unread,
       coalesce(k.columns_unknown, 0) AS columns_unknown,
       coalesce(s.filled, 0) AS statements_filled,
       coalesce(s.declared_empty, 0) AS statements_declared_empty,
       coalesce(s.empty, 0) AS statements_empty,
       coalesce(s.missing, 0) AS statements_missing,
       coalesce(c.evaluated, 0) AS checks_evaluated,
       coalesce(c.exact, 0) AS checks_exact,
       coalesce(c.rounding, 0) AS checks_rounding,
       coalesce(c.violated, 0) AS checks_violated,
       coalesce(c.not_evaluable, 0) AS checks_not_evaluable,
       exact_percent(c.exact + c.rounding, c.evaluated) AS hold_percent,
       coalesce(d.error, 0) AS findings_error,
       coalesce(d.warning, 0) AS findings_warning,
       coalesce(d.info, 0) AS findings_info
FROM current_filings AS f
LEFT JOIN read_statements AS s USING (filing_id)
LEFT JOIN unknown_columns AS k USING (filing_id)
LEFT JOIN unread AS u USING (filing_id)
LEFT JOIN checked AS c USING (filing_id)
LEFT JOIN found AS d USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.filing_id
