"""From terms to verdicts: the two sides of every identity, and what rounding may explain.

No tolerance is typed in. Every printed number may be off by half of its last printed place; the allowance of a sum is
the sum of these halves over its terms. A percentage is judged by interval arithmetic, multiplied out so that nothing is
divided: with p the printed percentage, a the amount and b its base, p·b must meet 100·a within what their places hide.
"""

from __future__ import annotations

CREATE_INSTANCES = """
CREATE OR REPLACE TEMP TABLE w_instances (
    rule_no INTEGER, alternative INTEGER, k_place VARCHAR, instance_id VARCHAR, rule_id VARCHAR, filing_id VARCHAR,
    statement_id VARCHAR, statement_type VARCHAR, subject VARCHAR, expected DECIMAL(38,6), actual DECIMAL(38,6),
    difference DECIMAL(38,6), allowance DECIMAL(38,8), verdict VARCHAR, reason VARCHAR, page INTEGER, quote VARCHAR,
    evidence STRUCT(line_item_id VARCHAR, role VARCHAR, page INTEGER, bbox DOUBLE[], locator VARCHAR, text VARCHAR)[],
    detail VARCHAR, detail_en VARCHAR, cause VARCHAR, doubt VARCHAR, doubt_en VARCHAR
)
"""
"""Emptied with every batch: the rows of `rule_instances`, with what findings are worded from."""

KEEP_PREFERRED = """
CREATE OR REPLACE TEMP TABLE w_kept AS
SELECT * FROM w_terms WHERE NOT preferred
UNION ALL
SELECT * FROM w_terms WHERE preferred
QUALIFY preference = min(preference) OVER (PARTITION BY rule_no, alternative, filing_id, role, term_no, k_place)
"""
"""Of several canonical names that may stand for a term, the first that is printed at the place counts."""

PRESENCE = """
CREATE OR REPLACE TEMP TABLE w_presence AS
SELECT r.rule_no, r.alternative, f.filing_id,
       string_agg(r.label, '、' ORDER BY r.label)
           FILTER (WHERE coalesce(t.filled, 0) = 0 AND NOT (r.empty_is_zero AND coalesce(t.blank, 0) > 0)) AS absent,
       string_agg(r.label, '、' ORDER BY r.label) FILTER (WHERE t.filled > 1 AND NOT r.many) AS repeated
FROM w_rule_statements AS r CROSS JOIN w_filings AS f
LEFT JOIN w_types AS t ON t.filing_id = f.filing_id AND t.statement_type = r.statement_type
GROUP BY ALL
"""
"""For rules that tie statements together: which of them a filing lacks, or prints more than once."""

_SIGNED_YUAN = "CASE WHEN sign < 0 THEN -amount_yuan ELSE amount_yuan END"
_SIGNED_VALUE = "CASE WHEN sign < 0 THEN -value ELSE value END"

_SIDES = f"""
SELECT rule_no, alternative, filing_id, k_place,
       count(*) FILTER (WHERE role = 'total') AS n_total,
       count(*) FILTER (WHERE role = 'part') AS n_parts,
       count(*) FILTER (WHERE role = 'base') AS n_base,
       count(*) FILTER (WHERE role = 'part' AND required) AS n_required,
       min(unit_key) FILTER (WHERE role = 'total') IS NOT DISTINCT FROM max(unit_key) FILTER (WHERE role = 'total')
           AS one_unit,
       bool_and(amount_yuan IS NOT NULL OR value_unit IS NOT DISTINCT FROM 'percent') AS in_yuan,
       bool_and(value_unit IS NOT DISTINCT FROM 'percent') AS in_percent,
       bool_and(value_unit IS NULL) AND min(statement_id) = max(statement_id) AS in_print,
       coalesce(sum({_SIGNED_YUAN}) FILTER (WHERE role = 'total'), 0) AS total_yuan,
       coalesce(sum({_SIGNED_YUAN}) FILTER (WHERE role = 'part'), 0) AS parts_yuan,
       coalesce(sum({_SIGNED_YUAN}) FILTER (WHERE role = 'base'), 0) AS base_yuan,
       coalesce(sum({_SIGNED_VALUE}) FILTER (WHERE role = 'total'), 0) AS total_value,
       coalesce(sum({_SIGNED_VALUE}) FILTER (WHERE role = 'part'), 0) AS parts_value,
       coalesce(sum({_SIGNED_VALUE}) FILTER (WHERE role = 'base'), 0) AS base_value,
       sum(half_place_yuan) AS halves_yuan, sum(half_place) AS halves_value,
       coalesce(sum(half_place) FILTER (WHERE role = 'total'), 0) AS total_half,
       coalesce(sum(half_place_yuan) FILTER (WHERE role = 'part'), 0) AS parts_half_yuan,
       coalesce(sum(half_place_yuan) FILTER (WHERE role = 'base'), 0) AS base_half_yuan,
       coalesce(sum(half_place) FILTER (WHERE role = 'part'), 0) AS parts_half,
       coalesce(sum(half_place) FILTER (WHERE role = 'base'), 0) AS base_half,
       arg_min({{'statement_id': statement_id, 'statement_type': statement_type, 'place': place, 'page': page,
                 'text': value_text, 'line_item_id': line_item_id}}, position) AS fault,
       list({{'line_item_id': CASE WHEN line_item_id NOT LIKE 'claim:%' THEN line_item_id END,
              'role': CASE WHEN sign < 0 THEN '-' || role ELSE role END,
              'page': page, 'bbox': bbox, 'locator': locator, 'text': value_text}} ORDER BY position, line_item_id) AS evidence
FROM w_kept GROUP BY rule_no, alternative, filing_id, k_place
"""

_REASON = """
CASE WHEN p.absent IS NOT NULL THEN 'statement_absent: ' || p.absent
     WHEN p.repeated IS NOT NULL THEN 'statement_printed_more_than_once: ' || p.repeated
     WHEN s.n_total > r.total_terms AND NOT r.total_many AND s.one_unit THEN 'total_printed_more_than_once'
     WHEN s.n_total = 0 AND (r.blank_total = 'not_evaluable' OR r.kind = 'percentage') THEN 'total_not_printed'
     WHEN s.n_required < r.required_parts THEN 'required_part_not_printed'
     WHEN s.n_parts = 0 AND r.blank_parts = 'not_evaluable' THEN 'parts_not_printed'
     WHEN NOT s.in_yuan AND NOT s.in_print THEN 'unit_of_money_unknown'
     WHEN r.kind = 'percentage' AND s.n_base = 0 THEN 'base_not_printed'
     WHEN r.kind = 'percentage' AND s.base <= 0 THEN 'base_zero_or_negative'
END
"""

JUDGE = f"""
INSERT INTO w_instances
WITH sides AS ({_SIDES}),
measured AS (
    SELECT *, CAST(CASE WHEN in_yuan AND NOT in_percent THEN parts_yuan ELSE parts_value END AS DECIMAL(38,6)) AS parts,
           CAST(CASE WHEN in_yuan AND NOT in_percent THEN total_yuan ELSE total_value END AS DECIMAL(38,6)) AS total,
           CAST(CASE WHEN in_yuan AND NOT in_percent THEN base_yuan ELSE base_value END AS DECIMAL(38,6)) AS base,
           CAST(CASE WHEN in_yuan AND NOT in_percent THEN halves_yuan ELSE halves_value END AS DECIMAL(38,8)) AS halves,
           CAST(CASE WHEN in_yuan THEN parts_half_yuan ELSE parts_half END AS DECIMAL(38,8)) AS part_halves,
           CAST(CASE WHEN in_yuan THEN base_half_yuan ELSE base_half END AS DECIMAL(38,8)) AS base_halves
    FROM sides
), reasoned AS (
    SELECT s.*, r.* EXCLUDE (rule_no, alternative), {_REASON} AS obstacle,
           CAST(s.total_value * 1000000 AS HUGEINT) AS p6, CAST(s.base * 1000000 AS HUGEINT) AS b6,
           CAST(s.parts * 1000000 AS HUGEINT) AS a6, CAST(s.total_half * 100000000 AS HUGEINT) AS hp8,
           CAST(s.base_halves * 1000000 AS HUGEINT) AS hb6, CAST(s.part_halves * 1000000 AS HUGEINT) AS ha6
    FROM measured AS s JOIN w_rule_alternatives AS r ON r.rule_no = s.rule_no AND r.alternative = s.alternative
    LEFT JOIN w_presence AS p
      ON p.rule_no = s.rule_no AND p.alternative = s.alternative AND p.filing_id = s.filing_id
    WHERE s.n_total > 0 OR s.parts <> 0
), compared AS (
    SELECT *, kind = 'percentage' AS is_percentage, obstacle IS NULL AS evaluable,
           CASE WHEN kind = 'percentage' AND obstacle IS NULL
                THEN CAST((CASE WHEN (a6 >= 0) THEN 1 ELSE -1 END * (2 * 100 * abs(a6) * 1000000 + b6)) // (2 * b6) AS DECIMAL(38,0))
                     * CAST(0.000001 AS DECIMAL(6,6))
                WHEN kind = 'identity' THEN parts END AS expected_here,
           CASE WHEN kind = 'percentage' THEN CAST(total_value AS DECIMAL(38,6)) ELSE total END AS actual_here,
           CASE WHEN kind = 'percentage' AND obstacle IS NULL THEN abs(p6 * b6 - 100 * a6 * 1000000) * 100 END AS apart,
           CASE WHEN kind = 'percentage' AND obstacle IS NULL THEN hp8 * b6 END AS printed_apart,
           CASE WHEN kind = 'percentage' AND obstacle IS NULL
                THEN hp8 * b6 + abs(p6) * hb6 * 100 + 100 * ha6 * 100000000 + hp8 * hb6 END AS widest_apart
    FROM reasoned
), judged AS (
    SELECT *, actual_here - expected_here AS difference_here,
           CASE WHEN is_percentage AND evaluable
                THEN CAST(widest_apart // b6 + 1 AS DECIMAL(38,0)) * CAST(0.00000001 AS DECIMAL(8,8))
                ELSE halves END AS allowance_here,
           CASE WHEN NOT evaluable THEN 'not_evaluable'
                WHEN is_percentage AND apart <= printed_apart THEN 'exact'
                WHEN is_percentage AND apart <= widest_apart THEN 'rounding'
                WHEN is_percentage THEN 'violated'
                WHEN actual_here = expected_here OR (relation = '<=' AND actual_here < expected_here) THEN 'exact'
                WHEN abs(actual_here - expected_here) <= halves THEN 'rounding'
                ELSE 'violated' END AS verdict_here
    FROM compared
)
SELECT rule_no, alternative, k_place, rule_id || '-' || filing_id || '-' || left(md5(k_place), 12),
       rule_id, filing_id, fault.statement_id, fault.statement_type, fault.place, expected_here, actual_here,
       difference_here, allowance_here, verdict_here,
       CASE WHEN NOT evaluable THEN obstacle WHEN alternative_label <> '' THEN 'compared_with: ' || alternative_label END,
       fault.page, fault.text, evidence, NULL, NULL, NULL, NULL, NULL
FROM judged
QUALIFY row_number() OVER (
    PARTITION BY rule_no, filing_id, k_place
    ORDER BY array_position(['exact', 'rounding', 'violated', 'not_evaluable'], verdict_here), abs(difference_here), alternative
) = 1
"""
"""Judges every group of terms. Of the alternatives of an `any_of`, the one that holds best counts and is named."""
