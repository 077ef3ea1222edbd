"""Findings: every violated instance in words that a person can act on, the numbers written out."""

from __future__ import annotations

MACROS = (
    """
CREATE OR REPLACE TEMP MACRO plain_number(x) AS
    CASE WHEN x IS NULL THEN '' WHEN x = CAST(x AS DECIMAL(38,2)) THEN CAST(CAST(x AS DECIMAL(38,2)) AS VARCHAR)
         ELSE rtrim(CAST(CAST(x AS DECIMAL(38,6)) AS VARCHAR), '0') END
""",
    """
CREATE OR REPLACE TEMP MACRO unit_word(unit) AS
    CASE unit WHEN 'yuan' THEN '元' WHEN 'qian_yuan' THEN '千元' WHEN 'wan_yuan' THEN '万元'
              WHEN 'million_yuan' THEN '百万元' WHEN 'yi_yuan' THEN '亿元' WHEN 'percent' THEN '个百分点' ELSE '' END
""",
    """
CREATE OR REPLACE TEMP MACRO in_unit(yuan, unit) AS
    CASE unit WHEN 'qian_yuan' THEN yuan * CAST(0.001 AS DECIMAL(6,6)) WHEN 'wan_yuan' THEN yuan * CAST(0.0001 AS DECIMAL(6,6))
              WHEN 'million_yuan' THEN yuan * CAST(0.000001 AS DECIMAL(6,6))
              WHEN 'yi_yuan' THEN yuan * CAST(0.00000001 AS DECIMAL(8,8)) ELSE CAST(yuan AS DECIMAL(38,12)) END
""",
)
"""How numbers are written in messages."""

_PRINTED = "t.label || ' ' || t.value_text || CASE WHEN m.one_unit THEN '' ELSE unit_word(t.value_unit) END"


def _blank(side: str) -> str:
    """What stands for a side of an identity that prints nothing: what is left blank, with the code that it would have."""
    return f"trim(regexp_replace(replace(r.{side}_words, '{{code}}', split_part(i.k_place, '|', 4)), ' +', ' ')) || '（空白）'"


SELECT_FINDINGS = f"""
WITH broken AS (SELECT * FROM w_instances WHERE verdict = 'violated'),
terms AS (
    SELECT i.instance_id, t.role, t.position, t.sign, t.label, t.value_text, t.value_unit, t.amount_yuan
    FROM broken AS i
    JOIN w_kept AS t ON t.rule_no = i.rule_no AND t.alternative = i.alternative AND t.filing_id = i.filing_id AND t.k_place = i.k_place
), money AS (
    SELECT instance_id,
           count(DISTINCT value_unit) FILTER (WHERE value_unit IS DISTINCT FROM 'percent') <= 1 AS one_unit,
           CASE WHEN bool_or(role = 'base') THEN 'percent' WHEN bool_or(value_unit IS NULL) THEN NULL
                WHEN min(value_unit) = max(value_unit) THEN min(value_unit) ELSE 'yuan' END AS unit
    FROM terms GROUP BY instance_id
), words AS (
    SELECT t.instance_id, any_value(m.unit) AS unit,
           string_agg(CASE WHEN t.sign < 0 THEN ' − ' ELSE ' + ' END || {_PRINTED}, '' ORDER BY t.position)
               FILTER (WHERE t.role = 'total') AS totals,
           string_agg(CASE WHEN t.sign < 0 THEN ' − ' ELSE ' + ' END || {_PRINTED}, '' ORDER BY t.position)
               FILTER (WHERE t.role = 'part') AS parts,
           regexp_replace(string_agg(CASE WHEN t.sign < 0 THEN ' − ' ELSE ' + ' END || {_PRINTED}, '' ORDER BY t.position)
               FILTER (WHERE t.role = 'base'), '^ [+] ', '') AS bases,
           count(*) FILTER (WHERE t.role = 'part') = 1 AND bool_and(t.sign > 0) AS says_itself
    FROM terms AS t JOIN money AS m ON m.instance_id = t.instance_id GROUP BY t.instance_id
), recognised AS (
    SELECT l.line_item_id, l.statement_id, l.confidence
    FROM line_items AS l SEMI JOIN w_filings AS f ON f.filing_id = l.filing_id WHERE l.confidence IS NOT NULL
), unsure AS (
    SELECT DISTINCT i.instance_id
    FROM broken AS i
    JOIN w_kept AS t ON t.rule_no = i.rule_no AND t.alternative = i.alternative AND t.filing_id = i.filing_id AND t.k_place = i.k_place
    JOIN recognised AS l ON l.line_item_id = t.line_item_id
    JOIN (SELECT statement_id, median(confidence) AS middle FROM recognised GROUP BY statement_id) AS m
      ON m.statement_id = l.statement_id
    WHERE l.confidence < m.middle
), worded AS (
    SELECT i.*, w.unit,
           coalesce(regexp_replace(w.totals, '^ [+] ', ''), {_blank("total")}) AS totals,
           CASE WHEN w.bases IS NOT NULL AND regexp_matches(w.parts, '. [+−] ') THEN '（' || regexp_replace(w.parts, '^ [+] ', '') || '）'
                ELSE coalesce(regexp_replace(w.parts, '^ [+] ', ''), {_blank("parts")}) END AS parts,
           CASE WHEN regexp_matches(w.bases, ' [+−] ') THEN '（' || w.bases || '）' ELSE w.bases END AS bases,
           plain_number(in_unit(i.expected, w.unit)) AS expected_words,
           CASE WHEN w.says_itself THEN '' ELSE ' = ' || plain_number(in_unit(i.expected, w.unit)) END AS sum_words,
           plain_number(in_unit(abs(i.difference), w.unit)) AS difference_words
    FROM broken AS i JOIN w_rules AS r ON r.rule_no = i.rule_no LEFT JOIN words AS w ON w.instance_id = i.instance_id
), headed AS (
    SELECT i.instance_id, CASE WHEN h.root_instance_id IS NULL THEN coalesce(o.root_instance_id, c.root_instance_id, i.cause) END AS head
    FROM broken AS i
    LEFT JOIN w_roots AS o ON o.instance_id = i.instance_id
    LEFT JOIN w_roots AS c ON c.instance_id = i.cause AND o.root_instance_id IS NULL
    LEFT JOIN (SELECT DISTINCT root_instance_id FROM w_roots) AS h ON h.root_instance_id = i.instance_id
), rooted AS (
    SELECT h.instance_id, nullif(coalesce(own.root_instance_id, of_head.root_instance_id, h.head), h.instance_id) AS root_instance_id,
           coalesce(own.is_proved AND own.root_instance_id = h.instance_id, false) AS is_proved_root,
           own.instance_id IS NULL AND of_head.instance_id IS NULL AS is_of_numbers
    FROM headed AS h
    LEFT JOIN w_code_roots AS own ON own.instance_id = h.instance_id
    LEFT JOIN w_code_roots AS of_head ON of_head.instance_id = h.head
)
SELECT w.instance_id, w.filing_id, w.rule_id,
       CASE WHEN u.instance_id IS NULL THEN r.category ELSE 'extraction' END,
       CASE WHEN x.is_proved_root THEN 'error' ELSE r.severity END, w.statement_type, w.page, w.subject,
       CASE WHEN r.kind IN ('record', 'python') THEN concat_ws('：', r.says, w.detail, w.subject)
            WHEN r.kind = 'percentage'
            THEN concat(rtrim(w.totals, '%％'), '% ≠ ', w.parts, ' ÷ ', w.bases, ' = ', w.expected_words, '%，相差 ', w.difference_words, ' 个百分点')
            ELSE concat(w.totals, CASE r.relation WHEN '<=' THEN ' > ' ELSE ' ≠ ' END, w.parts, w.sum_words,
                        '，相差 ', w.difference_words, ' ', unit_word(w.unit)) END
           || CASE WHEN r.kind IN ('record', 'python') OR w.detail IS NULL THEN '' ELSE '；' || w.detail END,
       CASE WHEN r.kind IN ('record', 'python') THEN concat_ws(': ', r.says_en, coalesce(w.detail_en, w.detail), w.subject)
            WHEN r.kind = 'percentage'
            THEN concat(r.says_en, ': printed ', rtrim(w.totals, '%％'), '%, but ', w.parts, ' ÷ ', w.bases, ' = ', w.expected_words, '%; off by ',
                        w.difference_words, ' points')
            ELSE concat(r.says_en, ': ', w.totals, CASE r.relation WHEN '<=' THEN ' > ' ELSE ' ≠ ' END, w.parts,
                        w.sum_words, '; off by ', w.difference_words, ' ', unit_word(w.unit)) END
           || CASE WHEN r.kind IN ('record', 'python') OR w.detail_en IS NULL THEN '' ELSE '; ' || w.detail_en END,
       w.quote, w.expected, w.actual, w.difference, w.evidence,
       x.root_instance_id,
       CASE WHEN o.fault_line_item_id NOT LIKE 'claim:%' THEN o.fault_line_item_id END, o.corrected_value,
       o.confidence, coalesce(w.doubt, o.doubt), coalesce(w.doubt_en, o.doubt_en)
FROM worded AS w JOIN w_rules AS r ON r.rule_no = w.rule_no
JOIN rooted AS x ON x.instance_id = w.instance_id
LEFT JOIN w_roots AS o ON o.instance_id = w.instance_id AND x.is_of_numbers
LEFT JOIN unsure AS u ON u.instance_id = w.instance_id
"""
"""The rows of `findings` for the violated instances of the batch."""
