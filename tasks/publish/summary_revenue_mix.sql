-- A source that other sources detail (财政拨款收入, 单位资金) is replaced by them where they add up to it; where they do
-- not, the printed sum stands and the details stay out. Sub-items (其中) are no sources of their own.
WITH sources AS (
    SELECT * FROM (VALUES
        (1, 'fiscal_appropriation', '财政拨款收入', NULL),
        (2, 'general_public_budget', '一般公共预算拨款收入', 'fiscal_appropriation'),
        (3, 'government_fund', '政府性基金预算拨款收入', 'fiscal_appropriation'),
        (4, 'state_capital', '国有资本经营预算拨款收入', 'fiscal_appropriation'),
        (5, 'fiscal_special_account', '财政专户管理资金', NULL),
        (6, 'unit_funds', '单位资金、其他资金', NULL),
        (7, 'institutional_income', '事业收入', 'unit_funds'),
        (8, 'business_income', '事业单位经营收入', 'unit_funds'),
        (9, 'superior_subsidy_income', '上级补助收入', 'unit_funds'),
        (10, 'affiliated_unit_income', '附属单位上缴收入', 'unit_funds'),
        (11, 'other_income', '其他收入', 'unit_funds'),
        (12, 'debt_income', '债务收入', 'unit_funds'),
        (13, 'non_fiscal_surplus_used', '使用非财政拨款结余', NULL),
        (14, 'carry_over_in', '上年结转', NULL)
    ) AS s(position, source, source_name, parent)
),
listed AS (
    SELECT l.filing_id, s.position, s.source, s.source_name, s.parent, l.amount_yuan
    FROM list_amounts AS l
    JOIN sources AS s ON s.source = l.row_key
    WHERE l.statement_type = 'overall_summary' AND l.side = 'revenue'
),
details AS (
    SELECT d.filing_id, d.parent AS source, sum(d.amount_yuan) AS detail_yuan
    FROM listed AS d
    WHERE d.parent IS NOT NULL
    GROUP BY ALL
),
detailed AS (  -- parents that their details replace
    SELECT p.filing_id, p.source
    FROM listed AS p
    JOIN details AS d ON d.filing_id = p.filing_id AND d.source = p.source AND d.detail_yuan = p.amount_yuan
),
counted AS (
    SELECT l.*
    FROM listed AS l
    WHERE NOT EXISTS (FROM detailed AS d WHERE d.filing_id = l.filing_id AND d.source = l.source)
      AND (NOT EXISTS (FROM listed AS p WHERE p.filing_id = l.filing_id AND p.source = l.parent)
           OR EXISTS (FROM detailed AS d WHERE d.filing_id = l.filing_id AND d.source = l.parent))
),
totals AS (
    SELECT c.filing_id, sum(c.amount_yuan) AS known_yuan,
           (SELECT amount_yuan FROM list_amounts AS t
            WHERE t.filing_id = c.filing_id AND t.statement_type = 'overall_summary' AND t.side = 'revenue'
              AND t.row_key = 'total') AS printed_yuan
    FROM counted AS c
    GROUP BY c.filing_id
),
complete AS (
    SELECT filing_id, position, source, source_name, amount_yuan FROM counted
    UNION ALL
    SELECT filing_id, 99, 'unclassified', '未归类', printed_yuan - known_yuan
    FROM totals
    WHERE printed_yuan <> known_yuan
)
SELECT f.filing_id, f.issuer, f.fiscal_year, f.report_type, f.scope, c.source, c.source_name, c.amount_yuan,
       coalesce(t.printed_yuan, t.known_yuan) AS total_yuan,
       exact_percent(c.amount_yuan, coalesce(t.printed_yuan, t.known_yuan)) AS share_percent
FROM complete AS c
JOIN totals AS t USING (filing_id)
JOIN current_filings AS f USING (filing_id)
ORDER BY f.issuer, f.fiscal_year, f.filing_id, c.position
