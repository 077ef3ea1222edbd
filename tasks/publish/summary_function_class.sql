-- Widest first: all funds, then fiscal appropriation, then its parts. Fund and state capital stand beside the general
-- public budget, so where that is the widest they are added to it, not covered by it.
WITH coverage AS (
    SELECT * FROM (VALUES ('expenditure', 1), ('fiscal_expenditure', 2), ('general_budget_expenditure', 3),
                          ('government_fund', 3), ('state_capital', 3)) AS c(statement_type, breadth)
),
classes AS (
    SELECT a.filing_id, a.statement_type, a.class_code, c.breadth,
           min(a.class_name) AS class_name, min(a.told_by) AS told_by,
           coalesce(any_value(a.amount_yuan) FILTER (a.measure = 'total'),
                    any_value(a.amount_yuan) FILTER (a.measure = 'budget')) AS total_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'basic') AS basic_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'project') AS project_yuan
    FROM class_amounts AS a
    JOIN coverage AS c USING (statement_type)
    GROUP BY ALL
)
SELECT f.filing_id, f.issuer, f.fiscal_year, f.report_type, f.scope, k.statement_type,
       k.breadth = min(k.breadth) OVER (PARTITION BY k.filing_id) AS is_widest,
       k.class_code, coalesce(k.class_name, class_title('function', k.class_code, f.fiscal_year)) AS class_name,
       k.total_yuan, k.basic_yuan, k.project_yuan, k.told_by
FROM classes AS k
JOIN current_filings AS f USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.filing_id, k.statement_type, k.class_code
