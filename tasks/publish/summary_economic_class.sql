-- Of a table of basic expenditure the total is the basic expenditure, under whichever of the two heads it is printed.
WITH preference AS (
    SELECT * FROM (VALUES ('general_budget_basic', 1, true), ('fiscal_basic', 2, true),
                          ('general_budget_economic', 3, false)) AS p(statement_type, choice, is_basic)
),
classes AS (
    SELECT a.filing_id, a.statement_type, a.class_code, p.choice, p.is_basic,
           min(a.class_name) AS class_name, min(a.told_by) AS told_by,
           coalesce(any_value(a.amount_yuan) FILTER (a.measure = 'total'),
                    any_value(a.amount_yuan) FILTER (a.measure = 'budget')) AS total_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'personnel') AS personnel_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'public') AS public_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'basic') AS basic_yuan,
           any_value(a.amount_yuan) FILTER (a.measure = 'project') AS project_yuan
    FROM class_amounts AS a
    JOIN preference AS p USING (statement_type)
    GROUP BY ALL
)
SELECT f.filing_id, f.issuer, f.fiscal_year, f.report_type, f.scope, k.statement_type,
       k.choice = min(k.choice) OVER (PARTITION BY k.filing_id) AS is_first_choice,
       k.class_code, coalesce(k.class_name, class_title('economic', k.class_code, f.fiscal_year)) AS class_name,
       CASE WHEN k.is_basic THEN coalesce(k.total_yuan, k.basic_yuan) ELSE k.total_yuan END AS total_yuan,
       k.personnel_yuan, k.public_yuan,
       CASE WHEN k.is_basic THEN coalesce(k.basic_yuan, k.total_yuan) ELSE k.basic_yuan END AS basic_yuan,
       k.project_yuan, k.told_by
FROM classes AS k
JOIN current_filings AS f USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.filing_id, k.statement_type, k.class_code
