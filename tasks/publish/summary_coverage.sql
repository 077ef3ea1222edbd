WITH documents AS (
    SELECT d.source, coalesce(f.fiscal_year, d.fiscal_year) AS fiscal_year, d.vanished_at, d.unlisted_at,
           f.filing_id IS NOT NULL AS is_loaded, f.filing_id IS NULL AND q.source_uri IS NOT NULL AS is_quarantined,
           d.versions > 1 AS is_reissued
    FROM main.source_documents AS d
    LEFT JOIN main.filings AS f ON f.filing_id = d.filing_id
    LEFT JOIN main.quarantine AS q ON q.source_uri = d.source_uri
),
counted AS (
    SELECT source, fiscal_year, count(*) AS found, count(*) FILTER (is_loaded) AS loaded,
           count(*) FILTER (is_quarantined) AS quarantined, count(*) FILTER (is_reissued) AS reissued,
           count(*) FILTER (vanished_at IS NOT NULL) AS vanished, count(*) FILTER (unlisted_at IS NOT NULL) AS unlisted
    FROM documents GROUP BY ALL
),
publishers AS (
    SELECT source, any_value(publisher ORDER BY fiscal_year DESC) AS publisher
    FROM main.source_expectations GROUP BY source
)
SELECT coalesce(c.source, e.source) AS source, coalesce(e.publisher, p.publisher) AS publisher,
       coalesce(c.fiscal_year, e.fiscal_year) AS fiscal_year, e.least AS expected_least, e.most AS expected_most,
       coalesce(c.found, 0) AS found, coalesce(c.loaded, 0) AS loaded, coalesce(c.quarantined, 0) AS quarantined,
       coalesce(c.found - c.loaded - c.quarantined, 0) AS waiting,
       CASE WHEN e.least IS NOT NULL THEN greatest(e.least - coalesce(c.loaded, 0), 0) END AS missing,
       coalesce(c.reissued, 0) AS reissued, coalesce(c.unlisted, 0) AS unlisted, coalesce(c.vanished, 0) AS vanished
FROM counted AS c
FULL JOIN main.source_expectations AS e ON e.source = c.source AND e.fiscal_year = c.fiscal_year
LEFT JOIN publishers AS p ON p.source = coalesce(c.source, e.source)
ORDER BY source, fiscal_year NULLS LAST
