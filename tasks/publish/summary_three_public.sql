WITH items AS (
    SELECT * FROM (VALUES
        (1, 'three_public_total', '“三公”经费合计', false), (2, 'overseas_travel', '因公出国（境）费', true),
        (3, 'vehicle_total', '公务用车购置及运行费', false), (4, 'vehicle_purchase', '其中：公务用车购置费', true),
        (5, 'vehicle_operation', '其中：公务用车运行费', true), (6, 'official_reception', '公务接待费', true)
    ) AS i(position, item, item_name, is_detail)
),
states AS (
    SELECT s.filing_id, coalesce(any_value(s.state) FILTER (s.state = 'filled'), min(s.state)) AS statement_state
    FROM main.statements AS s
    WHERE s.statement_type = 'three_public'
    GROUP BY s.filing_id
),
paired AS (
    SELECT f.*, s.statement_state, i.*,
           (SELECT amount_yuan FROM period_amounts AS a
            WHERE a.filing_id = f.filing_id AND a.measure = i.item AND a.year_offset = 0) AS amount_yuan,
           (SELECT amount_yuan FROM period_amounts AS a
            WHERE a.filing_id = f.filing_id AND a.measure = i.item AND a.year_offset = -1) AS prior_amount_yuan
    FROM current_filings AS f
    JOIN states AS s USING (filing_id)
    CROSS JOIN items AS i
)
SELECT filing_id, issuer, fiscal_year, report_type, scope, statement_state, item, item_name, is_detail,
       amount_yuan, prior_amount_yuan,
       amount_yuan - prior_amount_yuan AS change_yuan,
       exact_percent(amount_yuan - prior_amount_yuan, prior_amount_yuan) AS change_percent
FROM paired
ORDER BY issuer, fiscal_year, filing_id, position
