WITH listed AS (
    SELECT filing_id,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'total') AS revenue_total,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'current_year_total') AS revenue_current_year,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'carry_over_in') AS carry_over_in,
           any_value(amount_yuan) FILTER (side = 'expenditure' AND row_key = 'total') AS expenditure_total,
           any_value(amount_yuan) FILTER (side = 'expenditure' AND row_key = 'current_year_total')
               AS expenditure_current_year,
           any_value(amount_yuan) FILTER (side = 'expenditure' AND row_key = 'carry_over_out') AS carry_over_out,
           any_value(amount_yuan) FILTER (side = 'expenditure_use' AND row_key = 'basic') AS basic,
           any_value(amount_yuan) FILTER (side = 'expenditure_use' AND row_key = 'project') AS project,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'general_public_budget')
               AS general_public_budget,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'government_fund') AS government_fund,
           any_value(amount_yuan) FILTER (side = 'revenue' AND row_key = 'state_capital') AS state_capital
    FROM list_amounts
    WHERE statement_type = 'overall_summary'
    GROUP BY filing_id
),
totals AS (  -- total before budget or basic where both are printed: they sort so
    SELECT filing_id,
           any_value(amount_yuan) FILTER (statement_type = 'revenue' AND measure = 'total') AS revenue,
           any_value(amount_yuan) FILTER (statement_type = 'expenditure' AND measure = 'total') AS expenditure,
           any_value(amount_yuan) FILTER (statement_type = 'expenditure' AND measure = 'basic') AS basic,
           any_value(amount_yuan) FILTER (statement_type = 'expenditure' AND measure = 'project') AS project,
           any_value(amount_yuan) FILTER (statement_type = 'overall_summary' AND measure = 'basic') AS summary_basic,
           any_value(amount_yuan) FILTER (statement_type = 'overall_summary' AND measure = 'project')
               AS summary_project,
           arg_max(amount_yuan, measure) FILTER (statement_type = 'general_budget_expenditure'
                                                 AND measure IN ('total', 'budget')) AS general,
           any_value(amount_yuan) FILTER (statement_type = 'general_budget_expenditure' AND measure = 'basic')
               AS general_basic,
           any_value(amount_yuan) FILTER (statement_type = 'general_budget_expenditure' AND measure = 'project')
               AS general_project,
           arg_max(amount_yuan, measure) FILTER (statement_type = 'general_budget_basic'
                                                 AND measure IN ('total', 'basic')) AS basic_by_economy,
           any_value(amount_yuan) FILTER (statement_type = 'general_budget_basic' AND measure = 'personnel')
               AS personnel,
           any_value(amount_yuan) FILTER (statement_type = 'general_budget_basic' AND measure = 'public') AS public,
           any_value(amount_yuan) FILTER (statement_type = 'government_fund' AND measure = 'total') AS fund,
           any_value(amount_yuan) FILTER (statement_type = 'state_capital' AND measure = 'total') AS capital,
           any_value(amount_yuan) FILTER (statement_type = 'operating_expense') AS operating
    FROM amounts
    WHERE row_key = 'total' AND year_offset = 0
    GROUP BY filing_id
),
errors AS (
    SELECT filing_id, count(*) AS findings_error FROM main.findings WHERE severity = 'error' GROUP BY filing_id
),
three_public AS (
    SELECT filing_id,
           any_value(amount_yuan) FILTER (measure = 'three_public_total') AS total,
           any_value(amount_yuan) FILTER (measure = 'operating_expense') AS operating
    FROM period_amounts
    WHERE year_offset = 0
    GROUP BY filing_id
)
SELECT f.filing_id, f.issuer, f.region, f.region_name, f.administrative_level, f.fiscal_year, f.report_type, f.scope,
       f.form_family, f.file_name,
       coalesce(l.revenue_total, t.revenue) AS revenue_total_yuan,
       l.revenue_current_year AS revenue_current_year_yuan,
       l.carry_over_in AS carry_over_in_yuan,
       coalesce(l.expenditure_total, t.expenditure) AS expenditure_total_yuan,
       l.expenditure_current_year AS expenditure_current_year_yuan,
       l.carry_over_out AS carry_over_out_yuan,
       coalesce(t.basic, l.basic, t.summary_basic) AS basic_yuan,
       coalesce(t.project, l.project, t.summary_project) AS project_yuan,
       l.general_public_budget AS general_public_budget_revenue_yuan,
       l.government_fund AS government_fund_revenue_yuan,
       l.state_capital AS state_capital_revenue_yuan,
       t.general AS general_public_budget_yuan,
       coalesce(t.general_basic, t.basic_by_economy) AS general_public_budget_basic_yuan,
       t.general_project AS general_public_budget_project_yuan,
       t.personnel AS personnel_yuan,
       t.public AS public_yuan,
       t.fund AS government_fund_yuan,
       t.capital AS state_capital_yuan,
       p.total AS three_public_yuan,
       coalesce(t.operating, p.operating) AS operating_expense_yuan,
       coalesce(e.findings_error, 0) AS findings_error
FROM current_filings AS f
LEFT JOIN listed AS l USING (filing_id)
LEFT JOIN totals AS t USING (filing_id)
LEFT JOIN errors AS e USING (filing_id)
LEFT JOIN three_public AS p USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.report_type, f.scope, f.filing_id
