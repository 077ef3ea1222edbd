"""What is a rule, and which rules are there?

A rule (勾稽关系) is declared once, in a TOML file under `rules/`; everything else (SQL, findings, Great Expectations
suites, the rules page) is made from these declarations. This module knows neither SQL nor Great Expectations.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Severity = Literal["error", "warning", "info"]
"""error = certainly wrong, warning = doubtful or misleading, info = a matter of form."""

Category = Literal[
    "arithmetic",
    "cross_statement",
    "narrative_vs_table",
    "narrative_arithmetic",
    "year_reference",
    "numbering",
    "naming",
    "structure",
    "text_quality",
    "performance_target",
    "classification",
    "cross_filing",
    "extraction",
]
"""The kinds of mistake, as in the table `findings`."""

Verdict = Literal["exact", "rounding", "violated", "not_evaluable"]
"""How an identity turned out at one place."""

VERDICTS: tuple[Verdict, ...] = ("exact", "rounding", "violated", "not_evaluable")
"""All verdicts, best first."""

Key = Literal["statement", "row", "side", "code", "item", "measure", "year", "unit"]
"""What the terms of one identity have in common: the same statement, the same row, the same code, ..."""

RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
"""Rule ids are upper-case words joined by hyphens: they go into file names and addresses."""


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Reads = Literal["body", "replaced", "named_units", "region_units"]
"""Other filings that a verdict may depend on: those of the same body (other years, budget against accounts); the versions that
the filing replaces; the units that a department's tables name; the units of its region, as its text may name them."""

Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One word or a list of words."""


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selector(_Declared):
    """Which printed numbers are one term of an identity (勾稽关系的一项)."""

    statement: str | None = None
    """Statement type; by default the statements of the rule's scope."""
    measure: Words = ()
    """Canonical column; of several, the first one that is printed at the place."""
    item: Words = ()
    """Canonical row; of several, the first one that is printed."""
    item_prefix: str | None = None
    """Rows whose item starts so (`carry_over_in.`): each of them is part of the term."""
    item_blank: bool = False
    """Only rows without a canonical key."""
    side: str | None = None
    level: int | None = None
    """1 类, 2 款, 3 项; 0 the total row."""
    code: Words = ()
    """Codes as printed or inferred; all of them."""
    name: str | None = None
    """A regular expression that is searched in the row's label: where codes are often misused, the name must fit too."""
    top: bool = False
    """Only code rows of the highest level that the statement prints."""
    parent: bool = False
    """Only code rows beneath which the statement prints more detailed codes."""
    units: Literal["any", "none", "plain", "each", "repeat", "totals"] | None = None
    """Of rows that are about one budget unit: none: leave them out, unless codes or totals are printed only so; plain:
    leave them out in any case; each: only they; repeat: those that repeat a code for each unit; totals: the total row
    of each outermost unit. By default any where terms share a row, else none."""
    year: int | None = None
    """0 the filing's own year, -1 the year before; by default any."""
    key: Literal["code", "parent_code", "class_code"] = "code"
    """What counts as the term's code where terms are brought together by code."""
    sign: Literal[1, -1] = 1
    required: bool = False
    """True if a blank is not a zero but makes the identity not evaluable."""
    many: bool = False
    """True if several printed numbers together are the total."""


class Scope(_Declared):
    """Where a rule applies (适用范围)."""

    statements: Words = ()
    families: Words = ()
    """Form families (central, shanghai, ...); `other` stands for every family that no rule names, and for unknown."""
    reports: Words = ()
    """budget or final_accounts; empty = both, and unknown."""
    scopes: Words = ()
    """department or unit; empty = both."""
    first_year: int | None = None
    """The first fiscal year of the form that the rule is about."""


class Condition(_Declared):
    """What must be so in the filing before a rule applies: a number printed as nothing or as something."""

    where: Selector
    holds: Literal["zero", "nonzero"]


class Alternative(_Declared):
    """One of several identities of which one must hold."""

    label: str
    parts: tuple[Selector, ...] = Field(min_length=1)


class Record(_Declared):
    """A rule over the rows of one table, each by itself; the words are SQL expressions over the row `r`."""

    table: Literal["filings", "statements", "statement_columns", "line_items", "unread_cells"]
    where: str = "true"
    holds: str
    """True: exact. False: violated. NULL: not evaluable."""
    subject: str
    quote: str = "NULL"
    page: str = "NULL"
    bbox: str | None = None
    """The box of what is quoted; by default that of the row's number, cell, header or title."""
    locator: str | None = None
    """The same where the format has no page."""
    detail: str = "NULL"
    detail_en: str = "NULL"
    one_per_statement: bool = False
    """True where every row of the table is a fault: a filled statement without one is then what holds."""


class ClaimRule(_Declared):
    """A rule over the numbers of the narrative (文字说明): over every claim that `where` chooses, an identity or a truth.

    The expressions are SQL over the row ``r`` of ``w_claims`` (`claims_sql`); terms are named by its numbers, with a
    minus sign where they are subtracted; ``members`` and ``items`` stand for all that fit the conditions so named.
    """

    where: str
    total: Words = ()
    parts: Words = ()
    base: Words = ()
    """For a percentage: what the parts are a percentage of."""
    reverse: str | None = None
    """True where the parts are to be taken with the opposite sign: changes are printed without one. Where terms are
    marked with ``~`` (subtracted, and added where this is true), only they turn."""
    members: str | None = None
    """What makes a claim ``m`` one of the ``members``."""
    items: str | None = None
    """What makes a printed number ``i`` one of the ``items``."""
    holds: str | None = None
    """Instead of terms. True: exact. False: violated. NULL: not evaluable."""
    evidence: Words = ("own",)
    detail: str = "NULL"
    detail_en: str = "NULL"


class Example(_Declared):
    """A small filing and what the rule must say of it: one of the rule's own tests."""

    verdict: Verdict
    rows: tuple[str, ...] = Field(min_length=1)
    """Rows in the notation of `examples.py`: `statement key=value ... measure=number`."""
    filing: Mapping[str, str] = Field(default_factory=dict)
    """Columns of the table `filings`, where they matter."""
    previous: tuple[str, ...] = ()
    """Rows of another filing: the same body's of the year before, unless ``other`` says otherwise."""
    other: Mapping[str, str] = Field(default_factory=dict)
    """Columns of the table `filings` of that other filing; with a fiscal_year it is of this one's year."""
    difference: str | None = None
    """The expected difference, in yuan or percent points, where the example should hold it."""


class Rule(_Declared):
    """One thing that must be true of a filing (一条规则)."""

    id: str
    kind: Literal["identity", "percentage", "record", "python", "claims"]
    says: str = Field(min_length=4)
    says_en: str = Field(min_length=8)
    source: str = Field(min_length=4)
    severity: Severity
    category: Category
    scope: Scope = Scope()
    when: tuple[Condition, ...] = ()
    per: tuple[Key, ...] = ()
    relation: Literal["=", "<="] = "="
    total: tuple[Selector, ...] = ()
    parts: tuple[Selector, ...] = ()
    any_of: tuple[Alternative, ...] = ()
    """Instead of parts: alternatives of which one must hold; which one did is recorded."""
    base: tuple[Selector, ...] = ()
    """For a percentage: what the parts are a percentage of."""
    blank_total: Literal["zero", "not_evaluable"] = "not_evaluable"
    blank_parts: Literal["zero", "not_evaluable"] = "not_evaluable"
    """What it means that none of the parts is printed, though the statement has room for them."""
    empty_is_zero: bool = False
    """True if a statement that is printed empty says that its amounts are zero."""
    record: Record | None = None
    python: str | None = None
    claim: ClaimRule | None = None
    reads: tuple[Reads, ...] = ()
    """Which other filings it looks at; by this it is told what may be taken over where nothing changed (`seen_sql`)."""
    about: Literal["code"] | None = None
    """What a violation says is wrong, where others follow from it: the code printed in the row of the first evidence."""
    examples: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not RULE_ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is not a rule id like EXP-ROW-TOTAL")
        if self.kind in ("identity", "percentage"):
            if not self.total or not (self.parts or self.any_of):
                raise ValueError(f"{self.id}: a total and its parts are needed")
            if (self.kind == "percentage") != bool(self.base):
                raise ValueError(f"{self.id}: a base belongs to a percentage and to nothing else")
            if any(not s.statement for s in self.selectors()) and not self.scope.statements:
                raise ValueError(f"{self.id}: no statement is named")
            if "row" in self.per and "statement" not in self.per:
                raise ValueError(f"{self.id}: a row is a row of one statement")
        if (self.kind == "record") != (self.record is not None):
            raise ValueError(f"{self.id}: a record rule needs its record")
        if (self.kind == "claims") != (self.claim is not None):
            raise ValueError(f"{self.id}: a rule over claims needs its claim")
        if self.claim is not None and bool(self.claim.total and self.claim.parts) == bool(self.claim.holds):
            raise ValueError(f"{self.id}: a total and its parts, or a truth, is needed")
        if self.record is not None and (self.record.holds == "false") != self.record.one_per_statement:
            raise ValueError(f"{self.id}: a check must be able to hold, and to fail")
        if (self.kind == "python") != (self.python is not None):
            raise ValueError(f"{self.id}: a Python rule needs the name of its function")
        return self

    @property
    def judged_as(self) -> Literal["identity", "percentage", "record", "python"]:
        """How a verdict is reached and worded."""
        if self.claim is None:
            return "python" if self.kind == "claims" else self.kind
        return "record" if self.claim.holds else "percentage" if self.claim.base else "identity"

    def alternatives(self) -> tuple[Alternative, ...]:
        """The identities of which one must hold: one, unless the rule is an `any_of`."""
        return self.any_of or (Alternative(label="", parts=self.parts),)

    def selectors(self) -> tuple[Selector, ...]:
        """All terms of the rule."""
        return (*self.total, *self.base, *self.parts, *(part for one in self.any_of for part in one.parts))

    def statements_of(self, selector: Selector) -> tuple[str, ...]:
        """The statement types in which a term is looked for."""
        return (selector.statement,) if selector.statement else self.scope.statements


def parse_rules(toml: str) -> tuple[Rule, ...]:
    """Parse rules in the layout of `rules/*.toml`: one table per rule, named by its id.

    Args:
        toml: The text of the file.

    Returns:
        The rules in the file's order.

    Raises:
        pydantic.ValidationError: A declaration says something that a rule cannot be; correct the file.
    """
    declared: dict[str, dict[str, Any]] = tomllib.loads(toml)
    return tuple(Rule(id=rule_id, **body) for rule_id, body in declared.items())


@cache
def load_rules() -> Mapping[str, Rule]:
    """All rules of the bundled declarations by id, file by file in the order of their names.

    Raises:
        ValueError: Two rules have the same id.
    """
    rules: dict[str, Rule] = {}
    for file in sorted(resources.files("expectations").joinpath("rules").iterdir(), key=lambda path: path.name):
        if not file.name.endswith(".toml"):
            continue
        for rule in parse_rules(file.read_text(encoding="utf-8")):
            if rule.id in rules:
                raise ValueError(f"{rule.id} is declared twice")
            rules[rule.id] = rule
    return MappingProxyType(rules)
