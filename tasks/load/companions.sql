-- Which files are one filing: a body often publishes the text of its budget as one file and the tables as another
-- (附件：部门预算公开表). Two files of the same body, year and report type belong together if one of them lists
-- statements that it does not print, and every statement that the other prints is among those. The file that lists
-- is the filing; the other's rows are moved to it and keep their own document_id.
CREATE TEMP TABLE companion AS
WITH printed AS (
    SELECT filing_id, list(DISTINCT statement_type) FILTER (state <> 'missing') AS present,
           list(DISTINCT statement_type) FILTER (state = 'missing') AS missing
    FROM statements GROUP BY filing_id
), pair AS (
    SELECT main.filing_id AS main_id, part.filing_id AS part_id, part.fetched_at
    FROM filings AS main JOIN printed AS main_printed USING (filing_id)
    JOIN filings AS part
      ON part.issuer = main.issuer AND part.fiscal_year = main.fiscal_year AND part.report_type = main.report_type
     AND (part.scope = main.scope OR part.scope IS NULL OR main.scope IS NULL) AND part.sha256 <> main.sha256
    JOIN printed AS part_printed ON part_printed.filing_id = part.filing_id
    WHERE len(coalesce(main_printed.missing, [])) > 0
      AND len(coalesce(part_printed.present, [])) > 0
      AND list_has_all(main_printed.missing, part_printed.present)
)
-- Of several versions of the tables the latest is joined; the earlier ones stay filings that versions.sql marks.
SELECT main_id, arg_max(part_id, (fetched_at, part_id)) AS part_id FROM pair GROUP BY main_id;

UPDATE filings SET status = 'joined', joined_into = companion.main_id
FROM companion WHERE filings.filing_id = companion.part_id;

UPDATE filings
SET form_family = coalesce(filings.form_family, part.form_family), scope = coalesce(filings.scope, part.scope),
    statement_count = filings.statement_count + part.statement_count,
    line_item_count = filings.line_item_count + part.line_item_count
FROM companion JOIN filings AS part ON part.filing_id = companion.part_id
WHERE filings.filing_id = companion.main_id;

DELETE FROM statements USING companion
WHERE statements.filing_id = companion.main_id AND statements.state = 'missing'
  AND statements.statement_type IN (SELECT s.statement_type FROM statements AS s WHERE s.filing_id = companion.part_id);

DELETE FROM statements USING companion
WHERE statements.filing_id = companion.part_id AND statements.state = 'missing';
