"""Great Expectations suites over a warehouse file: the system's own invariants, and one expectation per rule.

Great Expectations (GX) runs in memory and reads the database file through `expectations.duckdb_dialect`. It judges nothing
by itself that is not declared: tables in `filings/tables.toml`, invariants below, rules in `rules/*.toml`.
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from pydantic import BaseModel, ConfigDict

from expectations.docs_site import make_relocatable
from expectations.duckdb_dialect import DRIVER, all_connections_closed, register_dialect
from expectations.rule import Rule, Severity
from expectations.working_tables import load_words, quote, quote_list
from filings.schema import Table, load_tables

gx: Any = importlib.import_module("great_expectations")
gxe: Any = importlib.import_module("great_expectations.expectations")
"""Great Expectations, whose own types are too loose for a strict check."""

GX_SEVERITY: Mapping[Severity, str] = MappingProxyType({"error": "critical", "warning": "warning", "info": "info"})
"""Our severities in the words of Great Expectations."""


class Invariant(BaseModel):
    """Something that holds in every warehouse unless the system is at fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str
    broken: str


@cache
def load_invariants() -> Mapping[str, tuple[Invariant, ...]]:
    """The invariants of `invariants.toml` by table, the words of the vocabulary filled in."""
    text = resources.files("expectations").joinpath("invariants.toml").read_text(encoding="utf-8")
    known = {
        kind: quote_list(name.removeprefix(f"{prefix}:") for name in load_words() if name.startswith(f"{prefix}:"))
        for kind, prefix in (("statement_types", "statement"), ("measures", "measure"), ("items", "item"))
    }
    for kind, names in known.items():
        text = text.replace(f"{{{kind}}}", names)
    return {table: tuple(Invariant(**one) for one in found) for table, found in tomllib.loads(text).items()}


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What Great Expectations said.

    Args:
        evaluated: Expectations evaluated.
        met: Expectations met.
        broken_invariants: The system's own expectations that were not met, in words.
        exceptions: Expectations that GX could not evaluate, with its message.
        violations: For each rule, how many violated instances GX counted.
    """

    evaluated: int
    met: int
    broken_invariants: tuple[str, ...]
    exceptions: tuple[str, ...]
    violations: Mapping[str, int]


def table_expectations(table: Table) -> Iterator[Any]:
    """The expectations of completeness of one table, from its description and the invariants above."""
    yield gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(table.columns))
    wanted = ", ".join(f"({quote(name)}, {quote(about.type)})" for name, about in table.columns.items())
    yield _unexpected(
        f"SELECT w.name, w.type, c.data_type FROM (VALUES {wanted}) AS w(name, type) "
        f"LEFT JOIN duckdb_columns() AS c ON c.table_name = {quote(table.name)} AND c.column_name = w.name "
        "AND c.schema_name = 'main' "
        "WHERE upper(replace(c.data_type, '\"', '')) IS DISTINCT FROM upper(w.type) "
        "OR (SELECT count(*) FROM {batch} WHERE false) <> 0",
        "Columns have the declared types",
        "error",
        {},
    )
    for name, about in table.columns.items():
        if about.is_required:
            yield gxe.ExpectColumnValuesToNotBeNull(
                column=name, severity="critical", description=f"{name}: {about.comment}"
            )
        if about.values is not None:
            yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(about.values), severity="critical")
    if len(table.key) == 1:
        yield gxe.ExpectColumnValuesToBeUnique(column=table.key[0], severity="critical")
    elif table.key:
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key), severity="critical")
    for one in load_invariants().get(table.name, ()):
        broken = one.broken.replace("{", "{{").replace("}", "}}")
        yield _unexpected(f"SELECT * FROM (SELECT * FROM {{batch}}) AS t WHERE {broken}", one.says, "error", {})


def rule_expectation(rule: Rule) -> Any:  # noqa: ANN401 - Great Expectations is untyped
    """The expectation of one rule: no instance of it is violated."""
    return _unexpected(
        "SELECT filing_id, statement_type, subject, expected, actual, difference, allowance, page, quote "
        f"FROM (SELECT * FROM {{batch}}) AS t WHERE rule_id = {quote(rule.id)} AND verdict = 'violated'",
        f"{rule.id} {rule.says}",
        rule.severity,
        {"rule_id": rule.id, "says_en": rule.says_en, "source": rule.source, "category": rule.category},
    )


def _unexpected(query: str, words: str, severity: Severity, meta: Mapping[str, str]) -> Any:  # noqa: ANN401
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=query, description=words, severity=GX_SEVERITY[severity], meta=dict(meta)
    )


def run_suites(
    database: Path, tables: Sequence[str], rules: Sequence[Rule], docs_dir: Path, memory_limit: str
) -> SuiteResult:
    """Run all suites against a database file and write their Data Docs.

    Args:
        database: The warehouse; it is only read, and nobody in this process may hold it open for writing.
        tables: The tables whose completeness is checked.
        rules: The rules whose instances lie in `rule_instances`.
        docs_dir: Where the Data Docs go; a static site that may be moved.
        memory_limit: What DuckDB may hold before it writes to disk, in its own words (``1500MB``).

    Returns:
        What was met and what was not, with every exception inside GX.
    """
    register_dialect()
    with all_connections_closed():
        outcome = _run_checkpoint(database, tables, rules, docs_dir, memory_limit)
    make_relocatable(docs_dir)
    return _read_results(outcome)


def _run_checkpoint(
    database: Path, tables: Sequence[str], rules: Sequence[Rule], docs_dir: Path, memory_limit: str
) -> Any:  # noqa: ANN401
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    for site in list(context.variables.data_docs_sites or {}):
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        "yusuan",
        {
            "class_name": "SiteBuilder",
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs_dir)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    address = f"{DRIVER}:///{database}?access_mode=read_only&memory_limit={memory_limit}"
    source = context.data_sources.add_sql("warehouse", connection_string=address, create_temp_table=False)
    definitions = []
    for name in tables:
        suite = gx.ExpectationSuite(f"completeness.{name}", expectations=list(table_expectations(load_tables()[name])))
        definitions.append(_define(context, source, name, suite))
    suite = gx.ExpectationSuite("rules", expectations=[rule_expectation(rule) for rule in rules])
    definitions.append(_define(context, source, "rule_instances", suite))
    checkpoint = gx.Checkpoint(
        name="warehouse",
        validation_definitions=definitions,
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": 20},
    )
    outcome = context.checkpoints.add(checkpoint).run()
    context.build_data_docs(site_names=["yusuan"])
    return outcome


def _define(context: Any, source: Any, table: str, suite: Any) -> Any:  # noqa: ANN401 - Great Expectations is untyped
    asset = source.add_table_asset(suite.name, table_name=table)
    batch = asset.add_batch_definition_whole_table("whole")
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(suite))
    )


def _read_results(outcome: Any) -> SuiteResult:  # noqa: ANN401 - Great Expectations is untyped
    evaluated = met = 0
    broken, exceptions, violations = [], [], {}
    for result in outcome.run_results.values():
        for one in result.results:
            evaluated += 1
            met += bool(one.success)
            config = one.expectation_config
            words = (
                f"{result.suite_name}: {config.description or config.type} {config.kwargs.get('column', '')}".rstrip()
            )
            message = find_exception(one.exception_info)
            if message is not None:
                exceptions.append(f"{words}: {message.splitlines()[0][:300]}")
            elif "rule_id" in (config.meta or {}):
                violations[config.meta["rule_id"]] = int(one.result["observed_value"])
            elif not one.success:
                broken.append(words)
    return SuiteResult(evaluated, met, tuple(broken), tuple(exceptions), MappingProxyType(violations))


def find_exception(info: Mapping[str, Any] | None) -> str | None:
    """The message of an exception inside Great Expectations, or None if there was none.

    GX gives `exception_info` in two shapes: one exception, or one for each metric.
    """
    if not info:
        return None
    if "raised_exception" in info:
        return (
            str(info.get("exception_message") or "an exception without a message") if info["raised_exception"] else None
        )
    return next((found for nested in info.values() if (found := find_exception(nested)) is not None), None)
