"""Writes the rules page of the documentation from the declarations; nothing on it is typed twice.

``python -m expectations.rules_page docs/rules.md`` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from expectations.rule import Rule, Scope, load_rules
from expectations.working_tables import load_words

_TITLES = {
    "arithmetic": "Within one statement (表内勾稽)",
    "cross_statement": "Between statements (表间勾稽)",
    "narrative_vs_table": "Text against tables (文表一致)",
    "narrative_arithmetic": "Sums within the text (文字内部勾稽)",
    "cross_filing": "Between filings (跨年、跨级勾稽)",
    "structure": "Structure (表式完整性)",
    "numbering": "Codes and numbering (编码与编号)",
    "naming": "Names (名称)",
    "classification": "Classification (科目)",
    "year_reference": "Years and dates (年度与日期)",
    "text_quality": "Wording (文字质量)",
    "performance_target": "Performance targets (绩效目标)",
    "extraction": "What the reading understood (识读完整性)",
}
"""Headings of the categories that have rules."""


def write_rules_page(rules: Iterable[Rule]) -> str:
    """The rules page in Markdown: every rule with its words, source, scope, severity and category."""
    listed = tuple(rules)
    lines = [
        "# Rules",
        "",
        "Generated from `expectations/rules/*.toml` by `python -m expectations.rules_page docs/rules.md`; do not edit.",
        "",
        "A rule is judged at every place where it applies. The verdict is **exact**, **rounding** (the difference is",
        "within half of the last printed place of every term, summed), **violated**, or **not_evaluable** with a reason.",
        f"There are {len(listed)} rules.",
        "",
    ]
    for category in sorted({rule.category for rule in listed}, key=lambda name: list(_TITLES).index(name)):
        lines += [f"## {_TITLES[category]}", ""]
        for rule in listed:
            if rule.category == category:
                lines += [*_describe(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def _describe(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield rule.says
    yield ""
    yield f"{rule.says_en}."
    yield ""
    yield f"- Severity: {rule.severity}"
    yield f"- Applies to: {_scope(rule)}"
    if rule.any_of:
        yield f"- One of these must hold: {'; '.join(one.label for one in rule.any_of)}"
    if rule.when:
        conditions = (
            f"{_word('item', one.where.item[0])} is {'zero or blank' if one.holds == 'zero' else 'not zero'}"
            for one in rule.when
            if one.where.item
        )
        yield f"- Only where: {'; '.join(conditions)}"
    if rule.python:
        yield f"- Evaluated by: `expectations.python_rules.{rule.python}`"
    yield f"- Source: {rule.source}"


def _scope(rule: Rule) -> str:
    named = {name for selector in rule.selectors() for name in rule.statements_of(selector)} | set(
        rule.scope.statements
    )
    pieces = [", ".join(_word("statement", name) for name in sorted(named))] if named else []
    if rule.record is not None and not named:
        pieces.append(f"every row of `{rule.record.table}`")
    if rule.python is not None:
        pieces.append("the running text")
    return "; ".join((*pieces, *_limits(rule.scope)))


def _limits(scope: Scope) -> Iterator[str]:
    if scope.families:
        yield f"form families: {', '.join(scope.families)}"
    if scope.reports:
        yield f"kind of filing: {', '.join(scope.reports)}"
    if scope.scopes:
        yield f"scope: {', '.join(scope.scopes)}"
    if scope.first_year is not None:
        yield f"from {scope.first_year}"


def _word(kind: str, name: str) -> str:
    return load_words().get(f"{kind}:{name}", name)


def main() -> None:
    """Write the page to the path given on the command line."""
    Path(sys.argv[1]).write_text(write_rules_page(load_rules().values()), encoding="utf-8")


if __name__ == "__main__":
    main()
