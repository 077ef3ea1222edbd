-- What the summaries share. Temporary: nothing of it stays in the warehouse.

-- A percentage with two places, half away from zero, exact: division leaves DECIMAL, integer division does not.
CREATE TEMP MACRO exact_percent(part, whole) AS (
    CASE WHEN whole > 0 THEN
        CAST(sign(part) AS DECIMAL(2,0))
        * (CAST((20000 * CAST(abs(part) * 100 AS HUGEINT) + CAST(whole * 100 AS HUGEINT))
                // (2 * CAST(whole * 100 AS HUGEINT)) AS DECIMAL(30,0))
           * CAST(0.01 AS DECIMAL(2,2)))
    END
);

CREATE TEMP VIEW current_filings AS
SELECT * FROM main.filings WHERE status = 'loaded';

-- A statement that a document prints twice counts once: the fullest copy, of equals the first.
CREATE TEMP TABLE chosen_statements AS
SELECT s.filing_id, s.statement_type,
       arg_min(s.statement_id, (-coalesce(printed.cells, 0), s.statement_no)) AS statement_id
FROM main.statements AS s
JOIN current_filings USING (filing_id)
LEFT JOIN (SELECT statement_id, count(*) AS cells FROM main.line_items GROUP BY ALL) AS printed USING (statement_id)
WHERE s.state = 'filled'
GROUP BY ALL;

CREATE TEMP TABLE printed_amounts AS
SELECT c.filing_id, c.statement_type, i.side, i.unit_code, i.unit_name, i.measure, i.name, i.row_no, i.column_no,
       -- 0 = the filing's own year, -1 = the year before
       CASE WHEN i.item = 'prior_year' THEN -1
            WHEN i.item = 'budget_year' OR i.fiscal_year IS NOT DISTINCT FROM f.fiscal_year THEN 0
            ELSE i.fiscal_year - f.fiscal_year END AS year_offset,
       -- A row without code, item and label is the one row of its table, or of its unit.
       CASE WHEN i.item IN ('prior_year', 'budget_year') THEN 'total'
            ELSE coalesce(i.item, CASE WHEN i.row_level = 0 THEN 'total' END, i.code, i.code_inferred,
                          CASE WHEN i.name IS NULL THEN 'total' END) END AS row_key,
       i.item, i.amount_yuan,
       f.report_type = 'final_accounts' AND contains(i.column_label, '决算') AS is_final_column
FROM main.line_items AS i
JOIN chosen_statements AS c USING (statement_id)
JOIN main.filings AS f ON f.filing_id = i.filing_id
WHERE i.amount_yuan IS NOT NULL AND i.measure IS NOT NULL
  AND i.item IS DISTINCT FROM 'change';

-- One amount per row key and measure. Counted once only:
--   a row and its repetition per unit: the row without a unit if there is one, else the sum of the units; of total
--   rows per unit only those of units with coded rows below (the others head a group of units);
--   two columns of one measure and year (budget and final in final accounts): the final one, else the first;
--   several total lines in one list (收入合计, 收入总计): the last. A code that stands on two lines is added up.
CREATE TEMP TABLE amounts AS
WITH unit_rows AS (
    SELECT *, coalesce(unit_code, unit_name) AS unit, regexp_full_match(row_key, '\d+') AS is_coded
    FROM printed_amounts
),
whole AS (
    SELECT *,
           bool_or(unit IS NULL) OVER (PARTITION BY filing_id, statement_type, side, row_key, measure, year_offset)
               AS has_whole,
           bool_or(is_coded) OVER (PARTITION BY filing_id, statement_type, unit) AS unit_has_codes,
           bool_or(is_coded AND unit IS NOT NULL) OVER (PARTITION BY filing_id, statement_type) AS any_unit_has_codes
    FROM unit_rows
),
one_column AS (
    SELECT *, dense_rank() OVER (
        PARTITION BY filing_id, statement_type, side, row_key, measure, year_offset, unit
        ORDER BY is_final_column DESC NULLS LAST, column_no) AS column_rank
    FROM whole
    WHERE unit IS NULL
       OR (NOT has_whole AND (row_key <> 'total' OR unit_has_codes OR NOT any_unit_has_codes))
),
one_total AS (
    SELECT *, row_number() OVER (
        PARTITION BY filing_id, statement_type, side, row_key, measure, year_offset, unit
        ORDER BY row_no DESC) AS row_rank
    FROM one_column
    WHERE column_rank = 1
)
SELECT filing_id, statement_type, side, row_key, measure, year_offset,
       CAST(sum(amount_yuan) AS DECIMAL(20,2)) AS amount_yuan,
       arg_min(name, row_no) AS name
FROM one_total
WHERE row_key IS NOT NULL AND (row_key <> 'total' OR row_rank = 1)
GROUP BY ALL;

-- The amount of a line in a list: in the column of the budget, or of the final accounts.
CREATE TEMP TABLE list_amounts AS
SELECT filing_id, statement_type, side, row_key,
       arg_min(amount_yuan, list_position(['final', 'budget', 'total'], measure)) AS amount_yuan
FROM amounts
WHERE year_offset = 0 AND measure IN ('final', 'budget', 'total')
GROUP BY ALL;

-- Amounts by class 类 of a code: the printed class row, else the sum of the 款 rows, else of the 项 rows. A code whose
-- class is neither printed nor in the official list is a misprint (a finding says so) and makes no class of its own.
CREATE TEMP TABLE class_amounts AS
WITH coded AS (
    SELECT *, left(row_key, 3) AS class_code, length(row_key) AS digits,
           min(length(row_key)) OVER (PARTITION BY filing_id, statement_type, left(row_key, 3)) AS shortest
    FROM amounts
    WHERE year_offset = 0 AND regexp_full_match(row_key, '\d{3}(\d{2}){0,2}')
),
official AS (
    SELECT code FROM main.function_classification WHERE level = 1
    UNION SELECT code FROM main.economic_classification WHERE level = 1
)
SELECT filing_id, statement_type, class_code, measure,
       CAST(sum(amount_yuan) AS DECIMAL(20,2)) AS amount_yuan,
       any_value(name ORDER BY row_key) FILTER (digits = 3) AS class_name,
       CASE any_value(shortest) WHEN 3 THEN 'class' WHEN 5 THEN 'section' ELSE 'item' END AS told_by
FROM coded
WHERE digits = shortest AND (digits = 3 OR class_code IN (FROM official))
GROUP BY ALL;


-- “三公”经费: one amount per measure and year. In a year of which the statement prints any number, a blank is 0, and a
-- blank sum is the sum of its parts.
CREATE TEMP TABLE period_amounts AS
WITH years AS (
    SELECT DISTINCT filing_id, year_offset FROM amounts
    WHERE statement_type = 'three_public' AND row_key = 'total' AND year_offset IN (-1, 0)
),
measures AS (
    SELECT DISTINCT c.filing_id, k.measure
    FROM main.statement_columns AS k
    JOIN chosen_statements AS c USING (statement_id)
    WHERE c.statement_type = 'three_public' AND k.role = 'value' AND k.measure IS NOT NULL
),
printed AS (
    SELECT y.filing_id, y.year_offset, m.measure, a.amount_yuan
    FROM years AS y
    JOIN measures AS m USING (filing_id)
    LEFT JOIN amounts AS a
      ON a.filing_id = y.filing_id AND a.year_offset = y.year_offset AND a.measure = m.measure
     AND a.statement_type = 'three_public' AND a.row_key = 'total'
),
parts AS (
    SELECT * FROM (VALUES
        ('vehicle_total', 'vehicle_purchase'), ('vehicle_total', 'vehicle_operation'),
        ('three_public_total', 'overseas_travel'), ('three_public_total', 'vehicle_purchase'),
        ('three_public_total', 'vehicle_operation'), ('three_public_total', 'official_reception')
    ) AS p(measure, part)
)
SELECT p.filing_id, p.year_offset, p.measure,
       CAST(coalesce(p.amount_yuan, sum(d.amount_yuan), 0) AS DECIMAL(20,2)) AS amount_yuan
FROM printed AS p
LEFT JOIN parts AS k ON k.measure = p.measure
LEFT JOIN printed AS d ON d.filing_id = p.filing_id AND d.year_offset = p.year_offset AND d.measure = k.part
GROUP BY p.filing_id, p.year_offset, p.measure, p.amount_yuan;

-- Names of classes by the years in which they hold, from the bundled lists; of several the latest.
CREATE TEMP MACRO class_title(chart, wanted, year) AS (
    SELECT any_value(name ORDER BY valid_from DESC NULLS LAST, name)
    FROM (SELECT 'function' AS list, * FROM main.function_classification
          UNION ALL BY NAME SELECT 'economic' AS list, * FROM main.economic_classification)
    WHERE list = chart AND code = wanted
      AND coalesce(year, 9999) BETWEEN coalesce(valid_from, 0) AND coalesce(valid_to, 9999)
);
