-- Which filing replaces which: the same body, year, report type and scope, other bytes, and at least one filled
-- statement of a common type (a filing whose tables come in a second file is completed by it, not replaced).
-- The one fetched later replaces the earlier; a chain of versions points from each to the next. What was fetched from
-- the very address of another needs no more than not to contradict it: bodies, years and kinds that a document does not
-- tell may have been told by neither.
UPDATE filings
SET status = 'superseded', superseded_by = replaced.newer_id
FROM (
    SELECT older.filing_id AS older_id,
           arg_min(newer.filing_id, (newer.fetched_at, newer.filing_id)) AS newer_id
    FROM filings AS older
    JOIN filings AS newer
      ON (newer.source_uri = older.source_uri
          OR (newer.issuer = older.issuer AND newer.fiscal_year = older.fiscal_year
              AND newer.report_type = older.report_type AND newer.scope = older.scope))
     AND coalesce(newer.issuer, older.issuer, '') = coalesce(older.issuer, newer.issuer, '')
     AND coalesce(newer.fiscal_year, older.fiscal_year, 0) = coalesce(older.fiscal_year, newer.fiscal_year, 0)
     AND coalesce(newer.report_type, older.report_type, '') = coalesce(older.report_type, newer.report_type, '')
     AND coalesce(newer.scope, older.scope, '') = coalesce(older.scope, newer.scope, '')
     AND newer.sha256 <> older.sha256 AND older.status = 'loaded' AND newer.status = 'loaded'
     AND (newer.fetched_at, newer.filing_id) > (older.fetched_at, older.filing_id)
    WHERE EXISTS (
        FROM statements AS a
        JOIN statements AS b ON b.statement_type = a.statement_type
        WHERE a.filing_id = older.filing_id AND a.state = 'filled'
          AND b.filing_id = newer.filing_id AND b.state = 'filled'
    )
    GROUP BY older.filing_id
) AS replaced
WHERE filings.filing_id = replaced.older_id;
