"""Compiles the declarations into SQL: from extraction tables to `rule_instances`, `checks`, `findings` and `rules`.

The statements are set-based: their number depends on the number of rules and of batches, never on that of filings.
Whoever has a database connection runs them (`tasks.validate`, and the tests of the declarations).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol, cast

from expectations.claim_words_sql import word_claim_instances
from expectations.claims_sql import TABLES as CLAIM_TABLES
from expectations.claims_sql import claim_tables, insert_claim_instances, insert_claim_terms
from expectations.code_roots import TABLES as CODE_ROOT_TABLES
from expectations.code_roots import find_code_roots
from expectations.findings_sql import MACROS, SELECT_FINDINGS
from expectations.python_rules import PYTHON_RULES, Instance
from expectations.records_sql import insert_record_instances
from expectations.roots_sql import TABLES as ROOT_TABLES
from expectations.roots_sql import find_roots
from expectations.rule import Alternative, Rule, Selector
from expectations.selectors import TABLES as SELECTOR_TABLES
from expectations.selectors import declare_selectors
from expectations.terms_sql import CREATE_TERMS, insert_terms
from expectations.terms_sql import TABLES as TERM_TABLES
from expectations.verdict_sql import CREATE_INSTANCES, JUDGE, KEEP_PREFERRED, PRESENCE
from expectations.working_tables import (
    SIZES,
    Literal,
    cut_batches,
    load_words,
    named_families,
    quote,
    rows_of_values,
    working_tables,
)
from filings.schema import load_tables

DERIVED = ("rule_instances", "findings", "checks", "rules")
"""The tables that the rules fill."""

_WORKING = (
    "w_kept", "w_instances", "w_items", "w_raw", "w_filings", "w_statements", "w_types", "w_measures",
    "w_presence", "w_words", "w_rules", "w_rule_alternatives", "w_rule_statements",
    *SELECTOR_TABLES, *TERM_TABLES, *ROOT_TABLES, *CODE_ROOT_TABLES, *CLAIM_TABLES,
)  # fmt: skip


class Database(Protocol):
    """What runs the SQL: a DuckDB connection or anything like it."""

    def execute(self, query: str, parameters: object = None) -> Any:  # noqa: ANN401 - as loose as DuckDB's own
        """Run one statement."""


def create_table(name: str) -> str:
    """The DDL of a derived table, from `filings/tables.toml`."""
    columns = ", ".join(
        f"{column} {about.type}{' NOT NULL' if about.is_required else ''}"
        for column, about in load_tables()[name].columns.items()
    )
    return f"CREATE OR REPLACE TABLE {name} ({columns})"


def describe_table(name: str) -> Iterator[str]:
    """The comments of a derived table and of its columns."""
    table = load_tables()[name]
    yield f"COMMENT ON TABLE {name} IS {quote(table.comment)}"
    for column, about in table.columns.items():
        yield f"COMMENT ON COLUMN {name}.{column} IS {quote(about.comment)}"


def apply_rules(database: Database, rules: Sequence[Rule]) -> None:
    """Judge every rule over every filing of a warehouse and write `rule_instances`, `findings`, `checks` and `rules`.

    Args:
        database: A connection to a warehouse with the extraction tables; the four tables are replaced.
        rules: The declarations to apply, in the order in which they are to be listed.
    """
    create_results(database, rules)
    declare_rules(database, rules)
    for filings in cut_batches(database.execute(SIZES).fetchall()):
        judge_filings(database, rules, filings)
        for name, query in RESULTS.items():
            database.execute(f"INSERT INTO {name} {query}")
    finish_results(database)
    for name in _WORKING:
        database.execute(f"DROP TABLE IF EXISTS temp.{name}")


def create_results(database: Database, rules: Sequence[Rule]) -> None:
    """Make the four tables anew, empty but for `rules`."""
    for name in DERIVED:
        database.execute(create_table(name))
    rows = [(rule.id, rule.category, rule.severity, rule.says, rule.says_en, rule.source) for rule in rules]
    if rows:
        columns = "rule_id, category, severity, says, says_en, source"
        database.execute(f"INSERT INTO rules ({columns}) VALUES {rows_of_values(rows)}")


def finish_results(database: Database) -> None:
    """Count `checks` from `rule_instances`, and describe the four tables."""
    database.execute(_CHECKS)
    for name in DERIVED:
        for statement in describe_table(name):
            database.execute(statement)


def judge_filings(database: Database, rules: Sequence[Rule], filing_ids: Sequence[str]) -> None:
    """Judge every rule over some filings; what comes out is read by `RESULTS` until the next are judged.

    Nothing but temporary tables is written, so that the connection may be one that only reads.

    Args:
        database: A connection over which `declare_rules` was called.
        rules: The declarations, as they were declared.
        filing_ids: The filings; memory grows with what they hold.
    """
    for statement in working_tables(filing_ids, named_families(rules)):
        database.execute(statement)
    database.execute(CREATE_TERMS)
    database.execute(CREATE_INSTANCES)
    for statement in insert_terms():
        database.execute(statement)
    over_claims = [rule_no for rule_no, rule in enumerate(rules) if rule.claim is not None]
    if over_claims:
        for statement in claim_tables():
            database.execute(statement)

    def query(sql: str) -> Sequence[tuple[Any, ...]]:  # one for the batch: what Python rules read is kept for the next
        return cast("Sequence[tuple[Any, ...]]", database.execute(sql).fetchall())

    for rule_no, rule in enumerate(rules):
        if rule.record is not None:
            database.execute(insert_record_instances(rule_no, rule, rule.record))
        elif rule.claim is not None and rule.claim.holds:
            database.execute(insert_claim_instances(rule_no, rule, rule.claim))
        elif rule.claim is not None:
            for statement in insert_claim_terms(rule_no, rule.claim):
                database.execute(statement)
        elif rule.python is not None:
            found = PYTHON_RULES[rule.python](query)
            _insert_python_instances(database, rule_no, rule, list(found))
    database.execute(KEEP_PREFERRED)
    database.execute(PRESENCE)
    database.execute(JUDGE)
    for statement in word_claim_instances(over_claims):
        database.execute(statement)
    for statement in chain(find_roots(), find_code_roots(query, rules)):
        database.execute(statement)


RESULTS = {
    "rule_instances": f"SELECT {', '.join(load_tables()['rule_instances'].columns)} FROM w_instances ORDER BY filing_id, instance_id",
    "findings": f"SELECT * FROM ({SELECT_FINDINGS}) AS f({', '.join(load_tables()['findings'].columns)}) ORDER BY filing_id, finding_id",
}
"""For each table, the query for its rows after `judge_filings`, ordered so that the same filings give the same rows in the
same order, however they were cut into batches."""


def _insert_python_instances(database: Database, rule_no: int, rule: Rule, found: Sequence[Instance]) -> None:
    columns = zip(*map(_CELLS, found), strict=True)
    database.execute(
        f"""
INSERT INTO w_instances (rule_no, alternative, rule_id, instance_id, filing_id, subject, verdict, reason, page, quote, detail, detail_en,
                         cause, doubt, doubt_en, evidence)
SELECT {rule_no}, 0, {quote(rule.id)}, {quote(rule.id)} || '-' || filing_id || '-' || left(md5(place), 12), filing_id, subject,
       verdict, reason, page, quote, detail, detail_en,
       CASE WHEN cause <> place THEN {quote(rule.id)} || '-' || filing_id || '-' || left(md5(cause), 12) END, doubt, doubt_en,
       list_concat(
           [{{'line_item_id': line_item_id, 'role': 'total', 'page': page, 'bbox': bbox, 'locator': locator, 'text': quote}}],
           list_transform(coalesce(related, []), p -> {{'line_item_id': p.line_item_id, 'role': 'part', 'page': p.page, 'bbox': p.bbox,
                                                       'locator': p.locator, 'text': p.text}}))
FROM (SELECT {", ".join(f"unnest(c.{name}) AS {name}" for name in _INSTANCE)} FROM (SELECT from_json($1, $2) AS c))
""",
        [
            json.dumps(dict(zip(_INSTANCE, columns, strict=bool(found))), ensure_ascii=False, default=asdict),
            json.dumps(_INSTANCE),
        ],
    )


_PLACE = {"page": "INTEGER", "bbox": ["DOUBLE"], "locator": "VARCHAR"}
_TEXTS = (
    "filing_id", "place", "subject", "verdict", "reason", "quote", "detail", "detail_en", "cause", "doubt", "doubt_en", "line_item_id",
)  # fmt: skip
_INSTANCE: Mapping[str, Sequence[object]] = {
    **{name: ["VARCHAR"] for name in _TEXTS},
    **{name: [kind] for name, kind in _PLACE.items()},
    "related": [[_PLACE | {"text": "VARCHAR", "line_item_id": "VARCHAR"}]],
}
"""The shape in which DuckDB reads the instances of Python rules: a list for each column."""

_CELLS = attrgetter(*_INSTANCE)
"""The cells of one instance, in that order."""


_DECLARATIONS = {
    "w_words": "kind VARCHAR, name VARCHAR, zh VARCHAR",
    "w_rules": "rule_no INTEGER, rule_id VARCHAR, kind VARCHAR, category VARCHAR, severity VARCHAR, relation VARCHAR, "
    "says VARCHAR, says_en VARCHAR, source VARCHAR, total_words VARCHAR, parts_words VARCHAR",
    "w_rule_alternatives": "rule_no INTEGER, alternative INTEGER, rule_id VARCHAR, kind VARCHAR, relation VARCHAR, "
    "blank_total VARCHAR, blank_parts VARCHAR, total_terms INTEGER, total_many BOOLEAN, required_parts INTEGER, "
    "alternative_label VARCHAR",
    "w_rule_statements": "rule_no INTEGER, alternative INTEGER, statement_type VARCHAR, empty_is_zero BOOLEAN, "
    "many BOOLEAN, label VARCHAR",
}
"""What the SQL must know of the declarations."""


def declare_rules(database: Database, rules: Sequence[Rule]) -> None:
    """Make temporary tables of what the SQL must know of the declarations, and the macros that it uses; once for all batches."""
    for macro in MACROS:
        database.execute(macro)
    alternatives = [
        (no, alternative_no, rule, alternative)
        for no, rule in enumerate(rules)
        if rule.kind in ("identity", "percentage")
        for alternative_no, alternative in enumerate(rule.alternatives())
    ]
    rows: dict[str, list[tuple[Literal, ...]]] = {
        "w_words": [(*key.split(":", 1), zh) for key, zh in load_words().items()],
        "w_rules": [
            (no, rule.id, rule.judged_as, rule.category, rule.severity, rule.relation, rule.says, rule.says_en, rule.source,
             _name_terms(rule, rule.total), _name_terms(rule, rule.parts))
            for no, rule in enumerate(rules)
        ],
        "w_rule_alternatives": [
            *(
                (
                    no, alternative_no, rule.id, rule.kind, rule.relation, rule.blank_total, rule.blank_parts, len(rule.total),
                    any(one.many for one in rule.total), sum(one.required for one in alternative.parts), alternative.label,
                )
                for no, alternative_no, rule, alternative in alternatives
            ),
            *_claim_identities(rules),
        ],
        "w_rule_statements": [
            row
            for no, alternative_no, rule, alternative in alternatives
            if "statement" not in rule.per
            for row in _tied_statements(no, alternative_no, rule, alternative)
        ],
    }  # fmt: skip
    for name, columns in _DECLARATIONS.items():
        database.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        if rows[name]:
            database.execute(f"INSERT INTO {name} VALUES {rows_of_values(rows[name])}")
    for statement in declare_selectors(rules):
        database.execute(statement)


def _name_terms(rule: Rule, selectors: Sequence[Selector]) -> str:
    """What one side of an identity is about, in words, with a place for its code; nothing where it is a sum of several."""
    if len(selectors) != 1:
        return "{code}"
    (one,) = selectors
    statements = {name for each in rule.selectors() for name in rule.statements_of(each)}
    titles = [load_words().get(f"statement:{name}", "") for name in rule.statements_of(one)[:1] if len(statements) > 1]
    columns = [f"item:{name}" for name in one.item[:1]] + [f"measure:{name}" for name in one.measure[:1]]
    words = [
        *(f"《{title}》" for title in titles if title),
        "{code}",
        *(load_words().get(name, "") for name in columns),
    ]
    return " ".join(words)


def _claim_identities(rules: Sequence[Rule]) -> Iterator[tuple[str | int | bool, ...]]:
    for no, rule in enumerate(rules):
        if rule.claim is not None and not rule.claim.holds:
            total_terms = len(rule.claim.total)
            yield (
                no,
                0,
                rule.id,
                rule.judged_as,
                rule.relation,
                rule.blank_total,
                rule.blank_parts,
                total_terms,
                False,
                0,
                "",
            )


def _tied_statements(
    no: int, alternative_no: int, rule: Rule, alternative: Alternative
) -> Iterator[tuple[str | int | bool, ...]]:
    terms = (*rule.total, *alternative.parts)
    for name in sorted({name for one in terms for name in rule.statements_of(one)}):
        many = all(one.many for one in terms if name in rule.statements_of(one))
        yield no, alternative_no, name, rule.empty_is_zero, many, load_words().get(f"statement:{name}", name)


_CHECKS = """
INSERT INTO checks
SELECT rule_id, filing_id, count(*) FILTER (WHERE verdict <> 'not_evaluable'), count(*) FILTER (WHERE verdict = 'exact'),
       count(*) FILTER (WHERE verdict = 'rounding'), count(*) FILTER (WHERE verdict = 'violated'),
       count(*) FILTER (WHERE verdict = 'not_evaluable')
FROM rule_instances GROUP BY rule_id, filing_id ORDER BY rule_id, filing_id
"""
