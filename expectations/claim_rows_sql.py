"""In which row of the tables does an amount stand that restates a blank cell (空白单元格)?

A claim that found no cell remembers where it looked (``claims.sought``). Where the filing prints that statement, that
row and that column, but nothing in the cell, the cell is a zero. ``w_claim_rows`` holds those rows, so that the amount is
held against the zero and its comparison against the rest of the row.
"""

from __future__ import annotations

ROWS = """
CREATE OR REPLACE TEMP TABLE w_claim_rows AS
WITH keys AS (
    SELECT document_id, claim_no, filing_id, string_split(key, '|') AS k
    FROM (SELECT c.document_id, c.claim_no, c.filing_id, unnest(string_split(c.sought, ';')) AS key
          FROM claims AS c SEMI JOIN w_filings AS f ON f.filing_id = c.filing_id
          WHERE c.role = 'level' AND c.line_item_id IS NULL AND c.sought IS NOT NULL)
), sought AS (
    SELECT document_id, claim_no, filing_id, k[1] AS statement_type, nullif(k[2], '') AS side,
           string_split(k[3], ':') AS row, k[4] AS measure, TRY_CAST(k[5] AS INTEGER) AS year
    FROM keys WHERE len(k) = 5
), columns AS (
    SELECT DISTINCT s.*, c.statement_id, coalesce(c.side, '') AS column_side
    FROM sought AS s JOIN statement_columns AS c
      ON c.filing_id = s.filing_id AND c.statement_type = s.statement_type AND c.measure = s.measure
         AND (s.side IS NULL OR c.side = s.side) AND (s.year IS NULL OR coalesce(c.fiscal_year, s.year) = s.year)
), cells AS (
    SELECT c.*, x.row_no, coalesce(x.measure = c.measure AND x.year = coalesce(c.year, x.year), false) AS is_it,
           concat('《', coalesce(t.label, c.statement_type), '》', concat_ws(' ', x.code_key, CASE WHEN c.row[1] <> 'period' THEN x.name END, w.zh))
               AS place
    FROM columns AS c JOIN w_claim_cells AS x
      ON x.statement_id = c.statement_id AND x.side = c.column_side
         AND CASE c.row[1] WHEN 'code' THEN x.code_key = c.row[2]
                           WHEN 'item' THEN x.item = c.row[2] OR (c.row[2] = 'total' AND x.is_total)
                           WHEN 'period' THEN x.year = c.year AND x.item IS DISTINCT FROM 'change' END
    JOIN w_statements AS t ON t.statement_id = c.statement_id
    LEFT JOIN w_words AS w ON w.kind = 'measure' AND w.name = c.measure
)
SELECT document_id, claim_no, any_value(statement_id) AS statement_id, any_value(column_side) AS side,
       any_value(row_no) AS row_no, any_value(measure) AS measure, any_value(place) AS place
FROM cells GROUP BY ALL
HAVING count(DISTINCT (statement_id, column_side, row_no)) = 1 AND NOT bool_or(is_it)
"""
