"""What the narrative states beside what it restates: claims with their cells, wholes and bases, as terms of identities.

Every claim of the batch stands in one row of ``w_claims`` together with the numbers that it is about: ``own`` (its own
number), ``cell`` (the table cell that it restates), ``level`` and ``level_cell`` (for a change or share: the amount that
changed or is a part; for an amount: itself), ``whole``, ``base`` (what the change is measured against, where the text
says it) with their cells, ``prior_cell`` (the base as the tables print it), ``row_change`` (the change as they print it) and
``change`` (the amount of change that goes with a percentage). A rule names them; the verdict is that of every other identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.claim_rows_sql import ROWS
from expectations.rule import ClaimRule, Rule
from expectations.terms_sql import filings_in_scope, place_key
from expectations.working_tables import quote, quote_list
from filings.codes import economic_codes

_TERM = (
    "line_item_id", "statement_id", "statement_type", "label", "place", "value", "value_unit", "amount_yuan", "half_place",
    "half_place_yuan", "value_text", "page", "bbox", "locator",
)  # fmt: skip
"""What makes a printed number a term."""


def _struct(columns: Sequence[str], source: str = "") -> str:
    return "{" + ", ".join(f"'{name}': {source}{name}" for name in columns) + "}"


_CELLS = f"""
CREATE OR REPLACE TEMP TABLE w_claim_cells AS
SELECT line_item_id, filing_id, statement_id, side, row_no, name, item, code_key, measure, year, value AS printed_value,
       coalesce(item = 'total' OR (level = 0 AND item IS NULL), false) AND unit_key = '' AS is_total, {_struct(_TERM)} AS cell
FROM (
    SELECT l.* EXCLUDE (value_unit, value_text),
           concat('《', l.statement_label, '》', concat_ws(' ', l.code_key, l.name, l.measure_label)) AS label,
           concat_ws(' ', '《' || l.statement_label || '》', l.code_key, l.name,
                     CASE WHEN l.year_offset <> 0 THEN l.year || '年' END, l.measure_label) AS place,
           l.value_unit,
           l.value_text || CASE WHEN l.value_unit = 'percent' AND l.value_text NOT LIKE '%\\%%' ESCAPE '\\' THEN '%' ELSE '' END
               AS value_text
    FROM w_raw AS l
)
"""
"""Cells as terms; a percentage carries its sign in the text."""

_OWN = f"""
CREATE OR REPLACE TEMP TABLE w_claim_numbers AS
WITH worded AS (
    SELECT c.* EXCLUDE (line_item_id), 'claim:' || c.document_id || ':' || c.claim_no AS line_item_id,
           concat('文中“', coalesce(nullif(c.subject, ''), c.section, ''), '”') AS label
    FROM claims AS c SEMI JOIN w_filings AS f ON f.filing_id = c.filing_id
), termed AS (
    SELECT * EXCLUDE (value_unit, value_text, half_place), value_unit AS printed_unit,
           document_id AS statement_id, label AS place,
           CASE value_unit WHEN 'percentage_point' THEN 'percent' WHEN 'count' THEN NULL ELSE value_unit END AS value_unit,
           CASE WHEN value_unit IN ('percent', 'count') THEN value_text ELSE regexp_extract(value_text, '-?[0-9][0-9,.]*') END
               AS value_text,
           CAST(CASE WHEN value_unit = 'count' THEN 0 ELSE half_place END AS DECIMAL(24,8)) AS half_place
    FROM worded
)
SELECT t.*, {_struct(_TERM, "t.")} AS own, l.cell AS cell, coalesce(l.statement_id, b.statement_id) AS cell_statement,
       coalesce(l.side, b.side) AS cell_side, coalesce(l.row_no, b.row_no) AS cell_row, coalesce(l.measure, b.measure) AS cell_measure,
       l.printed_value AS cell_value, l.name AS cell_name, b.place AS blank_place
FROM termed AS t
LEFT JOIN w_claim_rows AS b ON b.document_id = t.document_id AND b.claim_no = t.claim_no
LEFT JOIN (SELECT document_id AS d, claim_no AS n, line_item_id AS restated FROM claims) AS k
  ON k.d = t.document_id AND k.n = t.claim_no
LEFT JOIN w_claim_cells AS l ON l.line_item_id = k.restated
"""

_SPLITS = """
CASE WHEN n.subject_key IN ('procurement_goods', 'procurement_works', 'procurement_services') THEN 'procurement'
     WHEN n.subject_key = 'vehicles_of_kind' THEN 'vehicles'
     WHEN n.subject_key IN ('overseas_travel', 'vehicle_total', 'official_reception') THEN 'three_public'
     WHEN n.subject_key IN ('vehicle_purchase', 'vehicle_operation')
     THEN CASE WHEN w.subject_key = 'vehicle_total' THEN 'vehicle_money' WHEN w.subject_key = 'three_public_total' THEN 'vehicle_parts' END
     WHEN n.subject_key IN ('personnel', 'public') THEN 'basic_parts'
     WHEN n.subject_key IN ('general_budget_spending', 'government_fund_spending', 'state_capital_spending') THEN 'funds'
     WHEN length(n.code) = 3 OR n.subject_key = 'fund_spending' THEN 'classes'
     WHEN n.subject_key IS NULL AND n.code IS NULL AND w.subject_key = 'project_total' THEN 'project' END
"""
"""Parts of one whole belong to the same split if together they are the whole."""

_SPLIT_NAMES = (
    "procurement",
    "vehicles",
    "three_public",
    "vehicle_money",
    "basic_parts",
    "funds",
    "classes",
    "project",
)

_REASON_STEM = (
    "regexp_extract(j.reason, '^(?:变化的)?(?:主要)?(?:原因)?(?:是|为|由于)?:?(.+?)"
    "(?:经费|支出|费用|预算)*(?:有所|略有)?(?:增加|增长|减少|下降|保持不变)$', 1)"
)
"""What a reason of one clause says has grown or shrunk."""


def _known_economic_stems() -> list[str]:
    return sorted(
        {
            re.sub("(支出|费用|费)$", "", code.name)
            for code in economic_codes()
            if len(code.code) == ECONOMIC_ITEM_DIGITS
        }
    )


ECONOMIC_ITEM_DIGITS = 5
"""A 款 of the economic classification (支出经济分类) has five digits."""

_RATIO = """
CASE WHEN role = 'share' THEN {'part': level.amount_yuan, 'base': whole.amount_yuan}
     WHEN role = 'completion' THEN {'part': level.amount_yuan, 'base': base.amount_yuan}
     WHEN role = 'change_percent' AND base IS NOT NULL
     THEN {'part': abs(level.amount_yuan - base.amount_yuan), 'base': base.amount_yuan}
     WHEN role = 'change_percent' AND cell IS NULL AND prior_cell IS NULL
     THEN {'part': change.amount_yuan,
           'base': CASE WHEN direction = 'decrease' THEN level.amount_yuan + change.amount_yuan
                        ELSE level.amount_yuan - change.amount_yuan END} END
"""
"""What a percentage is the ratio of, where the narrative says both."""

_RESTATED = quote_list(
    (
        "three_public_total", "overseas_travel", "vehicle_total", "vehicle_purchase", "vehicle_operation", "official_reception",
        "operating_expense", "procurement_total", "income_total", "expenditure_total", "fiscal_total",
    )
)  # fmt: skip
"""Subjects that a filing states once or more, always with the same amount for a year."""

_CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE w_claims AS
WITH unchanged AS (
    SELECT c.document_id, c.claim_no, min(b.claim_no) AS base_claim_no
    FROM w_claim_numbers AS c JOIN w_claim_numbers AS b
      ON b.document_id = c.document_id AND b.sentence_no = c.sentence_no AND b.claim_no < c.claim_no AND b.role = 'level'
         AND b.fiscal_year = c.base_year AND b.code IS NOT DISTINCT FROM c.code
         AND b.subject_key IS NOT DISTINCT FROM c.subject_key AND coalesce(b.code, b.subject_key) IS NOT NULL
         AND coalesce(b.stage, '') IS DISTINCT FROM coalesce(c.stage, '')
    WHERE c.role = 'level' AND c.direction = 'unchanged' GROUP BY ALL HAVING count(*) = 1
), joined AS (
    SELECT c.* EXCLUDE (line_item_id, label, place, bbox, locator), f.filing_year, f.report, c.bbox, c.locator,
           coalesce(o.own, CASE WHEN c.role = 'level' THEN c.own END) AS level,
           coalesce(o.cell, CASE WHEN c.role = 'level' THEN c.cell END) AS level_cell,
           coalesce(o.code, c.code) AS level_code,
           o.cell_name AS level_name,
           CASE WHEN o.claim_no IS NULL THEN c.cell_statement ELSE o.cell_statement END AS level_statement,
           CASE WHEN o.claim_no IS NULL THEN c.cell_side ELSE o.cell_side END AS level_side,
           CASE WHEN o.claim_no IS NULL THEN c.cell_row ELSE o.cell_row END AS level_row,
           CASE WHEN o.claim_no IS NULL THEN c.cell_measure ELSE o.cell_measure END AS level_measure,
           coalesce(o.fiscal_year, c.fiscal_year) AS level_year,
           CASE WHEN w.code IS NULL OR c.code IS NULL OR length(w.code) < length(c.code) THEN w.own END AS whole,
           CASE WHEN w.code IS NULL OR c.code IS NULL OR length(w.code) < length(c.code) THEN w.cell END AS whole_cell,
           CASE WHEN b.claim_no IS NULL THEN NULL WHEN b.own.amount_yuan IS NOT NULL OR b.printed_unit IN ('percent', 'count') THEN b.own
                ELSE struct_update(b.own, value_unit := s.unit,
                                   amount_yuan := CAST(b.value * s.scale AS DECIMAL(20,2)),
                                   half_place_yuan := CAST(b.own.half_place * s.scale AS DECIMAL(24,6))) END AS base,
           b.cell AS base_cell,
           CASE WHEN c.whole_claim_no IS NOT NULL AND c.role = 'level' THEN {_SPLITS.replace("n.", "c.")} END AS split
    FROM w_claim_numbers AS c JOIN w_filings AS f ON f.filing_id = c.filing_id
    LEFT JOIN w_claim_numbers AS o ON o.document_id = c.document_id AND o.claim_no = CASE WHEN c.role <> 'level' THEN c.of_claim_no END
    LEFT JOIN w_claim_numbers AS w ON w.document_id = c.document_id AND w.claim_no = c.whole_claim_no
    LEFT JOIN unchanged AS u ON u.document_id = c.document_id AND u.claim_no = c.claim_no
    LEFT JOIN w_claim_numbers AS b ON b.document_id = c.document_id AND b.claim_no = coalesce(c.base_claim_no, u.base_claim_no)
    LEFT JOIN (VALUES ('yuan', 1), ('qian_yuan', 1000), ('wan_yuan', 10000), ('million_yuan', 1000000), ('yi_yuan', 100000000))
        AS s(unit, scale) ON s.unit = coalesce(o.printed_unit, c.printed_unit)
), priors AS (
    SELECT j.document_id, j.claim_no, any_value(p.cell) AS prior_cell
    FROM joined AS j JOIN w_claim_cells AS p
      ON p.statement_id = j.level_statement AND p.side = j.level_side
    WHERE j.base_year IS NOT NULL AND p.line_item_id IS DISTINCT FROM j.level_cell.line_item_id AND p.item IS DISTINCT FROM 'change'
      AND CASE WHEN j.base_year = j.level_year THEN p.measure = j.level_measure || '_budget' AND p.row_no = j.level_row
               WHEN j.base_stage IN ('execution', 'execution_budget')
               THEN p.measure = 'prior_execution' AND p.row_no = j.level_row AND p.year = j.base_year
               ELSE p.measure = j.level_measure AND p.year = j.base_year
                    AND (p.row_no = j.level_row OR p.cell.statement_type = 'three_public') END
    GROUP BY ALL HAVING count(*) = 1
), row_changes AS (
    SELECT j.document_id, j.claim_no, any_value(p.cell) AS row_change
    FROM joined AS j JOIN w_claim_cells AS p
      ON p.statement_id = j.level_statement AND p.side = j.level_side AND p.row_no = j.level_row AND p.measure = 'change_amount'
    WHERE j.role = 'level' AND j.base_year = j.filing_year - 1 AND j.base_stage IN ('execution', 'execution_budget')
    GROUP BY ALL HAVING count(*) = 1
), changes AS (
    SELECT document_id, of_claim_no, base_year, base_stage, any_value(own) AS change, any_value(direction) AS change_direction
    FROM w_claim_numbers WHERE role = 'change_amount' GROUP BY ALL HAVING count(*) = 1
), resolved AS (
    SELECT * REPLACE (
        CASE WHEN split IS DISTINCT FROM 'vehicle_parts' THEN split
             WHEN NOT bool_or(subject_key = 'vehicle_total') OVER (PARTITION BY document_id, whole_claim_no, sentence_no)
             THEN 'three_public' END AS split)
    FROM joined
), ranked AS (
    SELECT *, split IS NOT NULL
              AND sentence_no = min(sentence_no) OVER (PARTITION BY document_id, whole_claim_no, split) AS is_first_split
    FROM resolved
), split_sizes AS (
    SELECT document_id, whole_claim_no, split,
           {{'members': count(*), 'is_linked': bool_and(cell IS NOT NULL), 'has_rest': bool_or(subject LIKE '其他%')}} AS size
    FROM ranked WHERE is_first_split GROUP BY ALL
), splits AS (
    SELECT document_id, whole_claim_no, {{{", ".join(f"'{name}': any_value(size) FILTER (split = '{name}')" for name in _SPLIT_NAMES)}}} AS splits
    FROM split_sizes GROUP BY ALL
), totals AS (
    SELECT j.document_id, j.claim_no, any_value(x.cell) AS cell
    FROM joined AS j JOIN w_claim_cells AS x
      ON x.statement_id = j.level_statement AND x.side = j.level_side AND x.year = j.level_year
    WHERE j.role = 'share' AND j.whole IS NULL AND x.line_item_id IS DISTINCT FROM j.level_cell.line_item_id
      AND CASE WHEN x.cell.statement_type = 'three_public'
               THEN x.measure = 'three_public_total' AND x.row_no = j.level_row
               WHEN x.row_no = j.level_row THEN x.measure IN ('total', 'budget', 'final')
               ELSE x.measure = j.level_measure AND x.is_total END
    GROUP BY ALL HAVING count(*) = 1
), reasons AS (
    SELECT j.document_id, j.claim_no,
           arg_max(concat(x.code_key, ' ', x.name), (left(x.code_key, 5) = left(j.level_code, 5), x.code_key)) AS reason_item
    FROM joined AS j JOIN w_claim_cells AS x ON x.statement_id = j.level_statement
    WHERE j.reason IS NOT NULL AND length(j.level_code) = 7 AND j.level_name IS NOT NULL
      AND length(x.code_key) = 7 AND x.code_key <> j.level_code AND length(x.name) >= 4
      AND ends_with({_REASON_STEM}, regexp_replace(x.name, '(支出|经费|费用)$', ''))
      AND NOT contains(j.reason, regexp_replace(j.level_name, '(支出|经费|费用)$', ''))
    GROUP BY ALL
)
SELECT *, coalesce(CASE WHEN ratio.base > 0 THEN
              100 * ratio.part > (value + half_place) * ratio.base AND 100 * ratio.part <= (value + 2 * half_place) * ratio.base
              END, false) AS is_cut
FROM (SELECT *, {_RATIO} AS ratio FROM (
SELECT j.*, e.compared AS names_compared, e.without_amount AS names_without_amount,
       CASE WHEN j.role = 'level' AND j.cell IS NULL AND j.printed_unit NOT IN ('percent', 'percentage_point', 'count')
                 AND (length(j.code) = 7 OR j.subject_key IN ({_RESTATED}))
            THEN first_value(j.own) OVER (
                PARTITION BY j.document_id, j.role, j.cell IS NULL, j.printed_unit = 'count', j.code, j.subject_key, j.statement_type,
                    j.measure, j.fiscal_year, coalesce(j.stage, CASE j.report WHEN 'final_accounts' THEN 'final' ELSE 'budget' END)
                ORDER BY j.claim_no) END AS first_own,
       s.splits, n.reason_item, p.prior_cell, v.row_change, h.change, h.change_direction, t.cell AS total_cell, g.cell AS budget_cell,
       j.reason IS NOT NULL AND j.claim_no = min(j.claim_no) OVER (PARTITION BY j.document_id, j.sentence_no, j.reason)
           AS is_first_of_reason,
       min(coalesce(j.direction, '')) OVER (PARTITION BY j.document_id, j.sentence_no, j.reason)
       = max(coalesce(j.direction, '')) OVER (PARTITION BY j.document_id, j.sentence_no, j.reason) AS is_one_direction
FROM ranked AS j
LEFT JOIN splits AS s ON s.document_id = j.document_id AND s.whole_claim_no = j.claim_no
LEFT JOIN reasons AS n ON n.document_id = j.document_id AND n.claim_no = j.claim_no
LEFT JOIN totals AS t ON t.document_id = j.document_id AND t.claim_no = j.claim_no
LEFT JOIN w_claim_cells AS g ON g.statement_id = CASE WHEN j.role = 'completion' THEN j.level_statement END
    AND g.side = j.level_side AND g.row_no = j.level_row AND g.measure = j.level_measure || '_budget'
LEFT JOIN w_claim_lists AS e ON e.document_id = j.document_id AND e.claim_no = j.claim_no
LEFT JOIN priors AS p ON p.document_id = j.document_id AND p.claim_no = j.claim_no
LEFT JOIN row_changes AS v ON v.document_id = j.document_id AND v.claim_no = j.claim_no
LEFT JOIN changes AS h ON h.document_id = j.document_id AND h.of_claim_no = CASE WHEN j.role = 'change_percent' THEN j.of_claim_no END
    AND h.base_year IS NOT DISTINCT FROM j.base_year AND h.base_stage IS NOT DISTINCT FROM j.base_stage
))
"""

_LISTS = f"""
CREATE OR REPLACE TEMP TABLE w_claim_lists AS
WITH names AS (
    SELECT DISTINCT c.document_id, c.claim_no, c.filing_id, coalesce(c.cell.statement_type, c.statement_type) AS statement_type,
           n.position, n.name, regexp_replace(n.name, '(支出|费用|费)$', '') AS stem
    FROM w_claim_numbers AS c, unnest(string_split(c.listed, '、')) WITH ORDINALITY AS n(name, position)
    WHERE c.role = 'level' AND c.listed IS NOT NULL AND c.subject_key IN ('personnel', 'public')
), rows AS (
    SELECT filing_id, statement_type, regexp_replace(name, '(支出|费用|费)$', '') AS stem, any_value(code_key) AS code,
           coalesce(sum(value), 0) AS amount
    FROM w_raw WHERE length(code_key) = 5 AND name IS NOT NULL
      AND statement_type IN (SELECT statement_type FROM names) GROUP BY ALL
), tables AS (
    SELECT DISTINCT filing_id, statement_type FROM rows
), known AS (
    SELECT DISTINCT stem FROM (VALUES {", ".join(f"({quote(stem)})" for stem in _known_economic_stems())}) AS v(stem)
)
SELECT n.document_id, n.claim_no, count(k.stem) AS compared,
       string_agg(n.name || CASE WHEN r.code IS NULL THEN '' ELSE '（' || r.code || '）' END, '、' ORDER BY n.position)
           FILTER (WHERE k.stem IS NOT NULL AND coalesce(r.amount, 0) = 0) AS without_amount
FROM names AS n SEMI JOIN tables AS t ON t.filing_id = n.filing_id AND t.statement_type = n.statement_type
LEFT JOIN known AS k ON k.stem = n.stem
LEFT JOIN rows AS r ON r.filing_id = n.filing_id AND r.statement_type = n.statement_type AND r.stem = n.stem
GROUP BY n.document_id, n.claim_no
"""
"""Names of economic classification that a sentence lists, against the rows that print an amount; a name that the
official chart does not know says nothing here."""

TABLES = ("w_claim_cells", "w_claim_rows", "w_claim_numbers", "w_claim_lists", "w_claims")
"""The working tables that `claim_tables` makes."""

WORDS = (
    "own", "cell", "level", "level_cell", "whole", "whole_cell", "base", "base_cell", "prior_cell", "row_change", "change",
    "total_cell", "budget_cell", "first_own",
)  # fmt: skip
"""The numbers of a row of ``w_claims`` that a rule may name."""


def claim_tables() -> Iterator[str]:
    """The statements that make ``w_claims`` for the batch, after `working_tables`."""
    yield _CELLS
    yield ROWS
    yield _OWN
    yield _LISTS
    yield _CLAIMS


_PLACE_KEY = "r.document_id || ':' || r.claim_no"

CLAIM_PLACE = place_key(item=_PLACE_KEY)
"""What identifies the place of an instance over a claim ``r``."""


def insert_claim_terms(rule_no: int, claim: ClaimRule) -> Iterator[str]:
    """The statements that write the terms of a rule over claims into `w_terms`.

    Args:
        rule_no: The rule's number in `w_rules`.
        claim: Its identity.

    Yields:
        SQL, one statement for each term.
    """
    partly = any(word.startswith("~") for word in (*claim.parts, *claim.base))
    place = f"r.filing_id IN ({filings_in_scope(rule_no)}) AND ({claim.where})"
    for role_no, (role, words) in enumerate((("total", claim.total), ("part", claim.parts), ("base", claim.base))):
        for term_no, word in enumerate(words):
            sign = -1 if word[0] in "-~" else 1
            name = word.lstrip("-~")
            turns = claim.reverse and (word.startswith("~") if partly else role == "part")
            signed = f"CASE WHEN ({claim.reverse}) THEN {-sign} ELSE {sign} END" if turns else f"{sign}"
            source, term = _source(name, claim)
            yield f"""
INSERT INTO w_terms
SELECT {rule_no}, 0, r.filing_id, {CLAIM_PLACE},
       {quote(role)}, {term_no}, {signed}, false, 0, false, '',
       {role_no * 20 + term_no}::BIGINT * 10000000000 + coalesce(TRY_CAST(split_part(t.line_item_id, ':', 3) AS BIGINT), 0),
       {_columns(role, name, bool(claim.base))}
FROM (SELECT r.*, {term} AS t FROM w_claims AS r {source} WHERE {place}) AS r
WHERE t IS NOT NULL
"""


_SHORT = {"level": "本数", "base": "基数", "change": "增减额", "first_own": "前文"}
"""What the other numbers of a comparison are called beside the claim itself."""


def _columns(role: str, name: str, is_percentage: bool) -> str:
    changed = {}
    if role == "total" and is_percentage:
        changed = {"value_text": "rtrim(t.value_text, '%')"}
    elif role != "total" and name in _SHORT:
        changed = {"label": quote(_SHORT[name])}
    return ", ".join(changed.get(column, f"t.{column}") for column in _TERM)


def _source(name: str, claim: ClaimRule) -> tuple[str, str]:
    if name == "members":
        return f"JOIN w_claims AS m ON m.document_id = r.document_id AND ({claim.members})", "m.own"
    if name == "items":
        return (
            f"JOIN w_items AS i ON i.filing_id = r.filing_id AND ({claim.items}) JOIN w_claim_cells AS l ON l.line_item_id = i.line_item_id",
            "l.cell",
        )
    return "", f"r.{name}"


def insert_claim_instances(rule_no: int, rule: Rule, claim: ClaimRule) -> str:
    """The statement that writes the instances of a rule that holds or not, without sums, into `w_instances`."""
    evidence = ", ".join(
        f"CASE WHEN r.{word} IS NOT NULL THEN {{'line_item_id': CASE WHEN r.{word}.line_item_id NOT LIKE 'claim:%' THEN r.{word}.line_item_id END, "
        f"'role': {quote('total' if number == 0 else 'part')}, "
        f"'page': r.{word}.page, 'bbox': r.{word}.bbox, 'locator': r.{word}.locator, 'text': r.{word}.value_text}} END"
        for number, word in enumerate(claim.evidence)
    )
    return f"""
INSERT INTO w_instances (rule_no, alternative, k_place, rule_id, instance_id, filing_id, statement_type, subject, verdict,
                         reason, page, quote, detail, detail_en, evidence)
SELECT {rule_no}, 0, {CLAIM_PLACE}, {quote(rule.id)}, {quote(rule.id)} || '-' || r.filing_id || '-' || left(md5({_PLACE_KEY}), 12), r.filing_id,
       r.own.statement_type, r.own.place,
       CASE WHEN ({claim.holds}) IS NULL THEN 'not_evaluable' WHEN ({claim.holds}) THEN 'exact' ELSE 'violated' END,
       CASE WHEN ({claim.holds}) IS NULL THEN 'unknown' END, r.page, r.quote, {claim.detail}, {claim.detail_en},
       list_filter([{evidence}], x -> x IS NOT NULL)
FROM w_claims AS r WHERE r.filing_id IN ({filings_in_scope(rule_no)}) AND ({claim.where})
"""
