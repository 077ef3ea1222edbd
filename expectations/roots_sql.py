"""One root cause, one finding: which single printed number, if corrected, makes the violated identities hold?

A correction is a number and the amount by which it is changed, so that one violated identity of it holds. It explains
every violated identity that then holds, and breaks every sound one that then does not. Corrections that repair what
each of them alone would break belong together: a misprinted number and the difference computed from it, or an amount
that stands in a neighbour's cell. Findings that one correction, or one such group, explains have one root; none of them
is dropped. This module knows nothing of rules: only of sums, percentages and the numbers in them.
"""

from __future__ import annotations

from collections.abc import Iterator

MOST_LINKED_VIOLATIONS = 200
"""In a filing with more violations than this the reading or the whole filing is in doubt, not single numbers; their
corrections are tried one by one only, so that the work stays linear in the number of violations."""

_AT = "i.rule_no = t.rule_no AND i.alternative = t.alternative AND i.filing_id = t.filing_id AND i.k_place = t.k_place"

_TERMS = f"""
CREATE OR REPLACE TEMP TABLE w_root_terms AS
WITH suspects AS (
    SELECT DISTINCT t.line_item_id FROM w_kept AS t JOIN w_instances AS i ON {_AT}
    WHERE i.verdict = 'violated' AND t.line_item_id IS NOT NULL
), places AS (
    SELECT DISTINCT rule_no, alternative, filing_id, k_place FROM w_kept SEMI JOIN suspects USING (line_item_id)
), touched AS (
    SELECT i.instance_id, i.rule_no, i.alternative, i.filing_id, i.k_place, i.verdict,
           r.kind, r.relation
    FROM w_instances AS i JOIN places AS t ON {_AT} JOIN w_rules AS r ON r.rule_no = i.rule_no
    WHERE i.verdict <> 'not_evaluable'
)
SELECT i.instance_id, i.filing_id, i.rule_no, i.verdict, i.kind, i.relation, t.line_item_id AS cell, t.role, t.sign,
       t.label, t.place, t.value, t.value_text, t.value_unit, t.half_place,
       bool_and(t.amount_yuan IS NOT NULL OR t.value_unit IS NOT DISTINCT FROM 'percent')
           OVER (PARTITION BY i.instance_id) AS in_yuan,
       CAST(CASE WHEN in_yuan AND t.amount_yuan IS NOT NULL THEN t.amount_yuan ELSE t.value END AS DECIMAL(38,6)) AS amount,
       CAST(CASE WHEN in_yuan AND t.amount_yuan IS NOT NULL THEN t.half_place_yuan ELSE t.half_place END AS DECIMAL(38,8)) AS half
FROM touched AS i JOIN w_kept AS t ON {_AT}
"""

_SIDES = """
CREATE OR REPLACE TEMP TABLE w_root_sides AS
SELECT instance_id, any_value(filing_id) AS filing_id, any_value(verdict) AS verdict, any_value(kind) AS kind,
       any_value(relation) AS relation,
       coalesce(sum(sign * amount) FILTER (WHERE role = 'total'), 0)::DECIMAL(38,6) AS total,
       coalesce(sum(sign * amount) FILTER (WHERE role = 'part'), 0)::DECIMAL(38,6) AS parts,
       coalesce(sum(sign * amount) FILTER (WHERE role = 'base'), 0)::DECIMAL(38,6) AS base,
       sum(half)::DECIMAL(38,8) AS halves,
       coalesce(sum(half) FILTER (WHERE role = 'total'), 0)::DECIMAL(38,8) AS total_half,
       coalesce(sum(half) FILTER (WHERE role = 'part'), 0)::DECIMAL(38,8) AS parts_half,
       coalesce(sum(half) FILTER (WHERE role = 'base'), 0)::DECIMAL(38,8) AS base_half
FROM w_root_terms GROUP BY instance_id
"""

_NODES = """
CREATE OR REPLACE TEMP TABLE w_root_nodes AS
WITH shifts AS (
    SELECT DISTINCT t.filing_id, t.cell,
           CAST(CASE WHEN s.kind = 'identity' AND t.role = 'total' THEN t.sign * (s.parts - s.total)
                     WHEN s.kind = 'identity' THEN t.sign * (s.total - s.parts)
                     WHEN s.base > 0 AND t.role = 'total'
                     THEN CAST((CASE WHEN s.parts < 0 THEN -1 ELSE 1 END)
                               * ((CAST(abs(s.parts) * 1000000 AS HUGEINT) * 100000000 + CAST(s.base * 1000000 AS HUGEINT) // 2)
                                  // CAST(s.base * 1000000 AS HUGEINT)) AS DECIMAL(38,0)) * CAST(0.000001 AS DECIMAL(6,6)) - s.total
                END AS DECIMAL(38,6)) AS delta
    FROM w_root_terms AS t JOIN w_root_sides AS s ON s.instance_id = t.instance_id
    WHERE s.verdict = 'violated' AND t.cell IS NOT NULL
)
SELECT row_number() OVER (ORDER BY filing_id, cell, delta) AS node, * FROM shifts WHERE delta <> 0
"""

_HOLDS = """
CASE WHEN kind = 'percentage'
     THEN b6 > 0 AND abs(p6 * b6 - 100 * a6 * 1000000) * 100 <= hp8 * b6 + abs(p6) * hb6 * 100 + 100 * ha6 * 100000000 + hp8 * hb6
     WHEN relation = '<=' THEN total_after <= parts_after + halves
     ELSE abs(total_after - parts_after) <= halves END
"""
"""The verdict's own judgement (`verdict_sql`), on the numbers after a correction."""


def _judge_sets(sets: str, target: str) -> str:
    """What becomes of every identity that a set of corrections touches.

    Args:
        sets: A table of set_no, cell, delta.
        target: The table to make: set_no, instance_id, was_violated, holds_after.
    """
    return f"""
CREATE OR REPLACE TEMP TABLE {target} AS
WITH shifted AS (
    SELECT s.set_no, t.instance_id,
           coalesce(sum(t.sign * s.delta) FILTER (WHERE t.role = 'total'), 0)::DECIMAL(38,6) AS d_total,
           coalesce(sum(t.sign * s.delta) FILTER (WHERE t.role = 'part'), 0)::DECIMAL(38,6) AS d_parts,
           coalesce(sum(t.sign * s.delta) FILTER (WHERE t.role = 'base'), 0)::DECIMAL(38,6) AS d_base
    FROM {sets} AS s JOIN w_root_terms AS t ON t.cell = s.cell GROUP BY ALL
), after AS (
    SELECT s.set_no, i.*, (i.total + s.d_total)::DECIMAL(38,6) AS total_after, (i.parts + s.d_parts)::DECIMAL(38,6) AS parts_after,
           CAST((i.total + s.d_total) * 1000000 AS HUGEINT) AS p6, CAST((i.parts + s.d_parts) * 1000000 AS HUGEINT) AS a6,
           CAST((i.base + s.d_base) * 1000000 AS HUGEINT) AS b6, CAST(i.total_half * 100000000 AS HUGEINT) AS hp8,
           CAST(i.parts_half * 1000000 AS HUGEINT) AS ha6, CAST(i.base_half * 1000000 AS HUGEINT) AS hb6
    FROM shifted AS s JOIN w_root_sides AS i ON i.instance_id = s.instance_id
)
SELECT set_no, instance_id, verdict = 'violated' AS was_violated, {_HOLDS} AS holds_after FROM after
"""


_LINKS = f"""
CREATE OR REPLACE TEMP TABLE w_root_links AS
WITH small AS (
    SELECT filing_id FROM w_instances WHERE verdict = 'violated' GROUP BY 1 HAVING count(*) <= {MOST_LINKED_VIOLATIONS}
), broken AS (
    SELECT e.instance_id, e.set_no AS node, n.cell, s.total - s.parts AS difference, s.halves,
           CASE WHEN t.role = 'total' THEN t.sign ELSE -t.sign END * n.delta AS effect
    FROM w_root_effects AS e
    JOIN w_root_nodes AS n ON n.node = e.set_no
    JOIN w_root_sides AS s ON s.instance_id = e.instance_id
    JOIN w_root_terms AS t ON t.instance_id = e.instance_id AND t.cell = n.cell
    WHERE NOT e.was_violated AND NOT e.holds_after AND s.kind = 'identity' AND s.relation = '='
      AND n.filing_id IN (SELECT filing_id FROM small)
), together AS (
    SELECT instance_id, min(node) AS first FROM broken GROUP BY instance_id
    HAVING count(*) > 2 AND count(*) = count(DISTINCT cell) AND abs(any_value(difference) + sum(effect)) <= any_value(halves)
), pairs AS (
    SELECT a.node AS one, b.node AS other
    FROM broken AS a JOIN broken AS b ON b.instance_id = a.instance_id AND b.node > a.node AND b.cell <> a.cell
    WHERE abs(a.difference + a.effect + b.effect) <= a.halves
    UNION
    SELECT t.first, b.node FROM together AS t JOIN broken AS b ON b.instance_id = t.instance_id WHERE b.node <> t.first
)
SELECT one, other FROM pairs UNION SELECT other, one FROM pairs
"""

_SETS = """
CREATE OR REPLACE TEMP TABLE w_root_sets AS
WITH RECURSIVE reached(node, other) AS (
    SELECT one, one FROM w_root_links
    UNION
    SELECT r.node, l.other FROM reached AS r JOIN w_root_links AS l ON l.one = r.other
), groups AS (
    SELECT node, -min(other) AS set_no FROM reached GROUP BY node
), sound AS (
    SELECT g.set_no FROM groups AS g JOIN w_root_nodes AS n ON n.node = g.node
    GROUP BY g.set_no HAVING count(*) = count(DISTINCT n.cell)
)
SELECT g.set_no, n.node, n.filing_id, n.cell, n.delta
FROM groups AS g SEMI JOIN sound AS s ON s.set_no = g.set_no JOIN w_root_nodes AS n ON n.node = g.node
UNION ALL
SELECT node, node, filing_id, cell, delta FROM w_root_nodes
"""
"""Every correction by itself (numbered as the correction), and every group of linked ones (numbered below zero)."""

_RANKED = """
CREATE OR REPLACE TEMP TABLE w_root_ranked AS
WITH gains AS (
    SELECT set_no, count(*) FILTER (WHERE was_violated AND holds_after) AS explained,
           count(*) FILTER (WHERE NOT was_violated AND NOT holds_after) AS broken
    FROM w_root_set_effects GROUP BY set_no
), sizes AS (
    SELECT set_no, count(*) AS size, min(cell) AS first_cell FROM w_root_sets GROUP BY set_no
)
SELECT g.*, z.size, row_number() OVER (
           ORDER BY g.explained - g.broken DESC, g.explained DESC, z.size, z.first_cell, g.set_no) AS rank
FROM gains AS g JOIN sizes AS z ON z.set_no = g.set_no WHERE g.explained > 0
"""

_CHOSEN = """
CREATE OR REPLACE TEMP TABLE w_root_chosen AS
SELECT e.instance_id, r.set_no, r.explained, r.broken, r.explained - r.broken AS net
FROM w_root_set_effects AS e JOIN w_root_ranked AS r ON r.set_no = e.set_no
WHERE e.was_violated AND e.holds_after
QUALIFY row_number() OVER (PARTITION BY e.instance_id ORDER BY r.rank) = 1
"""

_CENTRES = """
CREATE OR REPLACE TEMP TABLE w_root_centres AS
WITH own AS (
    SELECT e.set_no AS node, count(*) FILTER (WHERE e.was_violated AND e.holds_after) AS explained,
           count(*) FILTER (WHERE NOT e.was_violated AND NOT e.holds_after AND t.role <> 'total') AS fed
    FROM w_root_effects AS e JOIN w_root_nodes AS n ON n.node = e.set_no
    JOIN w_root_terms AS t ON t.instance_id = e.instance_id AND t.cell = n.cell
    GROUP BY e.set_no
)
SELECT s.set_no, s.cell, s.delta FROM w_root_sets AS s SEMI JOIN w_root_chosen AS c ON c.set_no = s.set_no
JOIN own AS o ON o.node = s.node
QUALIFY row_number() OVER (PARTITION BY s.set_no ORDER BY o.explained DESC, o.fed DESC, s.cell) = 1
"""
"""Of a group, the number that explains most and from which others were computed."""

_ROOTS = """
CREATE OR REPLACE TEMP TABLE w_roots AS
WITH members AS (
    SELECT c.instance_id, c.set_no, c.explained, c.broken, c.net, k.cell, k.delta, t.role, t.rule_no, s.kind,
           c.explained > 1 AND c.net >= 0 AS is_grouped
    FROM w_root_chosen AS c JOIN w_root_centres AS k ON k.set_no = c.set_no
    JOIN w_root_sides AS s ON s.instance_id = c.instance_id
    LEFT JOIN w_root_terms AS t ON t.instance_id = c.instance_id AND t.cell = k.cell
), headed AS (
    SELECT *, CASE WHEN is_grouped THEN first_value(instance_id) OVER (
                  PARTITION BY set_no
                  ORDER BY role IS NULL, role <> 'total', kind <> 'identity', rule_no, instance_id) ELSE instance_id END AS head
    FROM members
), rivals AS (
    SELECT h.instance_id, count(*) AS rivals, min(n.cell) AS rival_cell
    FROM headed AS h JOIN w_root_set_effects AS e ON e.instance_id = h.head AND e.holds_after
    JOIN w_root_ranked AS r ON r.set_no = e.set_no AND r.explained - r.broken >= h.net AND r.set_no <> h.set_no
    JOIN w_root_sets AS n ON n.set_no = r.set_no
    WHERE NOT EXISTS (SELECT 1 FROM w_root_sets AS mine JOIN w_root_sets AS theirs ON theirs.cell = mine.cell
                      WHERE mine.set_no = h.set_no AND theirs.set_no = r.set_no)
    GROUP BY h.instance_id
), cells AS (
    SELECT cell, any_value(place) AS place, any_value(value) AS value, any_value(value_text) AS value_text,
           any_value(value_unit) AS value_unit, any_value(half_place) AS half_place, bool_or(in_yuan) AS in_yuan
    FROM w_root_terms GROUP BY cell
)
SELECT h.instance_id, nullif(h.head, h.instance_id) AS root_instance_id,
       CASE WHEN h.net > 0 AND v.rivals IS NULL THEN h.cell END AS fault_line_item_id,
       CASE WHEN h.net > 0 AND v.rivals IS NULL
            THEN CAST(CASE WHEN c.half_place >= 0.5 THEN round(h.corrected, 0) WHEN c.half_place >= 0.05 THEN round(h.corrected, 1)
                           WHEN c.half_place >= 0.005 THEN round(h.corrected, 2) ELSE h.corrected END AS DECIMAL(24,6)) END AS corrected_value,
       CASE WHEN h.net > 0 AND v.rivals IS NULL AND h.broken = 0 THEN 'high'
            WHEN h.net > 0 AND v.rivals IS NULL THEN 'medium' ELSE 'low' END AS confidence,
       CASE WHEN h.net <= 0
            THEN '任何一处单独更正都会使已成立的勾稽关系不再成立，无法判断哪个数有误'
            WHEN v.rivals IS NOT NULL
            THEN concat('可能是', c.place, ' ', c.value_text, ' 有误，也可能是', o.place, ' ', o.value_text, ' 有误')
            WHEN h.broken > 0
            THEN concat('按此更正后，另有 ', h.broken, ' 处原来成立的勾稽关系不再成立，其中的数可能是用错误的数算出的') END AS doubt,
       CASE WHEN h.net <= 0
            THEN 'any single correction breaks identities that hold, so it cannot be told which number is wrong'
            WHEN v.rivals IS NOT NULL
            THEN concat('either ', c.place, ' ', c.value_text, ' is wrong or ', o.place, ' ', o.value_text)
            WHEN h.broken > 0
            THEN concat(h.broken, ' identities that hold now would not after this correction; their numbers may be computed from the '
                        || 'wrong one') END AS doubt_en
FROM (SELECT m.*, CAST(c.value + CASE WHEN c.in_yuan AND c.value_unit <> 'percent' THEN in_unit(m.delta, c.value_unit)
                                      ELSE m.delta END AS DECIMAL(24,6)) AS corrected
      FROM headed AS m JOIN cells AS c ON c.cell = m.cell) AS h
JOIN cells AS c ON c.cell = h.cell
LEFT JOIN rivals AS v ON v.instance_id = h.instance_id
LEFT JOIN cells AS o ON o.cell = v.rival_cell
"""

TABLES = (
    "w_root_terms", "w_root_sides", "w_root_nodes", "w_root_effects", "w_root_links", "w_root_sets", "w_root_set_effects",
    "w_root_ranked", "w_root_chosen", "w_root_centres", "w_roots",
)  # fmt: skip
"""The working tables that `find_roots` makes."""


def find_roots() -> Iterator[str]:
    """The statements that tell the roots of a batch's violations.

    Yields:
        SQL; after the last one ``w_roots`` holds one row for each violated identity that a correction explains.
    """
    yield _TERMS
    yield _SIDES
    yield _NODES
    yield _judge_sets("(SELECT node AS set_no, cell, delta FROM w_root_nodes)", "w_root_effects")
    yield _LINKS
    yield _SETS
    yield _judge_sets("w_root_sets", "w_root_set_effects")
    yield _RANKED
    yield _CHOSEN
    yield _CENTRES
    yield _ROOTS
