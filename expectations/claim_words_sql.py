"""What is said of a claim that is wrong: its sentence, where it stands, what else prints its number, and which others share its cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.claims_sql import CLAIM_PLACE


def word_claim_instances(rule_nos: Sequence[int]) -> Iterator[str]:
    """The statements that give instances over claims their sentence, and say which other number a wrong one equals."""
    wanted = ", ".join(str(number) for number in rule_nos)
    if not rule_nos:
        return
    yield f"""
UPDATE w_instances SET quote = c.quote, page = c.page, detail = coalesce(w_instances.detail, c.detail),
    detail_en = coalesce(w_instances.detail_en, c.detail_en),
    evidence = CASE WHEN verdict <> 'violated' THEN evidence
                    ELSE list_concat(coalesce(nullif(list_filter(evidence, e -> {_QUOTED}), []), [{_QUOTE}]),
                                     list_filter(evidence, e -> NOT {_QUOTED})) END
FROM (
    SELECT {CLAIM_PLACE} AS k_place, r.quote, r.page, r.own, n.detail, n.detail_en
    FROM w_claims AS r LEFT JOIN ({_EQUALS}) AS n ON n.document_id = r.document_id AND n.claim_no = r.claim_no
) AS c
WHERE w_instances.rule_no IN ({wanted}) AND w_instances.k_place = c.k_place
"""

    yield f"""
UPDATE w_instances SET doubt = '文中的数与' || c.place || ' 相同，也可能是所核对的表有误',
                       doubt_en = 'the amount in the text is that of ' || c.place || '; the table it is held against may be the wrong one'
FROM (
    SELECT {CLAIM_PLACE} AS k_place, string_agg(DISTINCT x.cell.place, '、' ORDER BY x.cell.place) AS place
    FROM w_claims AS r JOIN w_claim_cells AS x ON x.filing_id = r.filing_id AND x.statement_id <> r.cell_statement
    WHERE r.role = 'level' AND x.is_total AND x.measure IN (r.cell_measure, r.subject_key) AND r.own.amount_yuan <> r.cell.amount_yuan
      AND r.own.amount_yuan <> 0
      AND x.year = r.fiscal_year AND abs(x.cell.amount_yuan - r.own.amount_yuan) <= r.own.half_place_yuan + x.cell.half_place_yuan
    GROUP BY ALL HAVING count(DISTINCT x.cell.place) <= {MOST_TWINS}
) AS c
WHERE w_instances.rule_no IN ({wanted}) AND w_instances.verdict = 'violated' AND w_instances.difference IS NOT NULL
  AND w_instances.k_place = c.k_place
"""
    # the same wrong amount stated again has one cause, and so have shares of one whole if most of them are wrong: it is another whole's
    yield f"""
UPDATE w_instances SET cause = c.cause
FROM (
    SELECT instance_id, first_value(instance_id) OVER (PARTITION BY alike ORDER BY claim_no) AS cause
    FROM (
        SELECT i.instance_id, i.verdict, r.claim_no,
               concat_ws('|', i.rule_no, r.document_id, r.role,
                         CASE r.role WHEN 'level' THEN concat_ws('|', r.cell.line_item_id, r.own.amount_yuan)
                                     ELSE concat_ws('|', r.sentence_no, coalesce(r.whole, r.total_cell).line_item_id) END) AS alike,
               count(*) FILTER (i.verdict = 'violated') OVER (PARTITION BY alike) * 2 > count(*) OVER (PARTITION BY alike) AS are_most
        FROM w_instances AS i JOIN w_claims AS r ON {CLAIM_PLACE} = i.k_place
        WHERE i.rule_no IN ({wanted}) AND i.verdict <> 'not_evaluable' AND (r.role = 'share' OR (r.role = 'level' AND r.cell IS NOT NULL))
    )
    WHERE verdict = 'violated' AND (are_most OR split_part(alike, '|', 3) = 'level')
) AS c
WHERE c.instance_id = w_instances.instance_id AND c.cause <> w_instances.instance_id
"""


_QUOTE = """{'line_item_id': CAST(NULL AS VARCHAR), 'role': 'quote', 'page': c.own.page, 'bbox': c.own.bbox, 'locator': c.own.locator,
             'text': c.own.value_text}"""
_QUOTED = """(e.page IS NOT DISTINCT FROM c.own.page AND e.bbox IS NOT DISTINCT FROM c.own.bbox
              AND e.locator IS NOT DISTINCT FROM c.own.locator)"""
"""What is quoted stands first in the evidence, also where the terms of the identity stand in tables."""

MOST_TWINS = 3
"""In how many totals of other tables the amount may stand before naming them says nothing."""

_EQUALS = """
SELECT r.document_id, r.claim_no,
       '文中的 ' || any_value(r.own.value_text) || ' 等于' || string_agg(x.cell.place, '、' ORDER BY x.cell.line_item_id) AS detail,
       any_value(r.own.value_text) || ' is what is printed at ' || string_agg(x.cell.place, ', ' ORDER BY x.cell.line_item_id) AS detail_en
FROM w_claims AS r JOIN w_claim_cells AS x ON x.statement_id = r.cell_statement AND x.side = r.cell_side
WHERE r.role = 'level' AND r.own.amount_yuan <> r.cell.amount_yuan
      AND r.own.amount_yuan <> 0
  AND abs(x.cell.amount_yuan - r.own.amount_yuan) <= r.own.half_place_yuan + x.cell.half_place_yuan
GROUP BY r.document_id, r.claim_no HAVING count(*) <= 2
"""
"""A wrong number is often that of a neighbouring row or column."""
