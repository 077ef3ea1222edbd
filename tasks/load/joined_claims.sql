-- Which numbers of the tables do claims restate where text and tables are two files? The reading of the text has written
-- down by meaning where it looked (claims.sought); here the same cells are looked for in the other file: the first that
-- the filing prints exactly once, as tasks/extract/narrative/links.py finds them within one file.
CREATE TEMP TABLE joined_link AS
WITH wanted AS (
    SELECT c.filing_id, c.document_id, c.claim_no, sought.place, split_part(sought.cell, '|', 1) AS statement_type,
           nullif(split_part(sought.cell, '|', 2), '') AS side, split_part(sought.cell, '|', 3) AS row_key,
           split_part(sought.cell, '|', 4) AS measure, TRY_CAST(split_part(sought.cell, '|', 5) AS INTEGER) AS fiscal_year
    FROM claims AS c, unnest(string_split(c.sought, ';')) WITH ORDINALITY AS sought(cell, place)
    WHERE c.line_item_id IS NULL AND c.filing_id IN (SELECT main_id FROM companion)
), printed AS (
    SELECT filing_id, document_id, line_item_id, statement_type, side, measure, fiscal_year,
           unit_code IS NULL AND unit_name IS NULL AS is_whole,
           unnest(list_distinct([
               'code:' || coalesce(code_inferred, code),
               'item:' || item,
               CASE WHEN item IS NULL AND code IS NULL AND row_level = 0 THEN 'item:total' END,
               CASE WHEN statement_type = 'three_public' AND item IS DISTINCT FROM 'change' THEN 'period' END,
               'name:' || name
           ])) AS row_key
    FROM line_items WHERE filing_id IN (SELECT main_id FROM companion)
), fitting AS (
    SELECT w.document_id, w.claim_no, w.place, p.line_item_id, p.statement_type, p.measure, p.is_whole,
           bool_or(p.is_whole) OVER same_place AS has_whole
    FROM wanted AS w JOIN printed AS p
      ON p.filing_id = w.filing_id AND p.document_id <> w.document_id AND p.statement_type = w.statement_type
     AND p.row_key = w.row_key AND p.measure = w.measure AND (w.side IS NULL OR p.side = w.side)
     AND (w.fiscal_year IS NULL OR p.fiscal_year IS NULL OR p.fiscal_year = w.fiscal_year)
    WINDOW same_place AS (PARTITION BY w.document_id, w.claim_no, w.place)
), found AS (
    SELECT document_id, claim_no, place, any_value(line_item_id) AS line_item_id,
           any_value(statement_type) AS statement_type, any_value(measure) AS measure
    FROM fitting WHERE is_whole OR NOT has_whole  -- given for the whole body and again per unit: the whole body
    GROUP BY document_id, claim_no, place HAVING count(*) = 1
)
SELECT document_id, claim_no, arg_min(found, place) AS cell FROM found GROUP BY document_id, claim_no;

UPDATE claims SET line_item_id = cell.line_item_id, statement_type = cell.statement_type, measure = cell.measure, sought = NULL
FROM joined_link WHERE claims.document_id = joined_link.document_id AND claims.claim_no = joined_link.claim_no;

DROP TABLE joined_link;
