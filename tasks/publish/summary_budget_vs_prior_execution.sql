-- Filings whose 一般公共预算支出表 prints the prior year's execution beside the budget; excluding capital construction
-- is a column of its own there and stays out.
WITH paired AS (
    SELECT filing_id, row_key AS code, any_value(name) AS name,
           arg_max(amount_yuan, measure) FILTER (measure IN ('total', 'budget') AND year_offset = 0) AS budget,
           any_value(amount_yuan) FILTER (measure = 'prior_execution') AS prior_execution,
           any_value(amount_yuan) FILTER (measure = 'change_amount') AS printed_change
    FROM amounts
    WHERE statement_type = 'general_budget_expenditure'
      AND (row_key = 'total' OR regexp_full_match(row_key, '\d{3}(\d{2}){0,2}'))
    GROUP BY ALL
),
filled AS (
    SELECT *, coalesce(budget, 0) AS budget_yuan, coalesce(prior_execution, 0) AS prior_execution_yuan
    FROM paired
    WHERE filing_id IN (SELECT filing_id FROM paired WHERE prior_execution IS NOT NULL)
      AND coalesce(budget, prior_execution) IS NOT NULL
)
SELECT f.filing_id, f.issuer, f.fiscal_year, f.scope, p.code,
       CASE WHEN p.code = 'total' THEN 0 ELSE (length(p.code) - 1) // 2 END AS level,
       p.name, p.budget_yuan, p.prior_execution_yuan,
       p.budget_yuan - p.prior_execution_yuan AS change_yuan,
       exact_percent(p.budget_yuan - p.prior_execution_yuan, p.prior_execution_yuan) AS change_percent,
       p.printed_change AS printed_change_yuan
FROM filled AS p
JOIN current_filings AS f USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.filing_id, p.code
