"""No rule is idle: each is evaluated over the samples, or `unexercised.toml` says why not; what samples lack, real filings have.

Samples are the bundled ones and what else `samples` builds. Real filings are looked for in the folder that `YUSUAN_SHARED`
names, by default ``../shared`` beside the repository.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from expectations.compile_sql import apply_rules
from expectations.rule import load_rules
from filings.records import FilingRecords
from samples.accounts import build_accounts
from samples.build import build_filing
from samples.document import set_document
from samples.layout import Filing
from samples.pairs import build_department, build_earlier_budget, build_later_budget, build_row_unit
from samples.provincial import (
    build_appropriated_unit,
    build_general_unit,
    build_provincial,
    build_revenue_list,
    build_unread,
)
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tests.expectations.mutation_trial import extract_filing, fill
from tests.expectations.warehouse import create_warehouse
from tests.tasks.extract.judge.damage import recognised

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared")) / "filings"
LISTED = tomllib.loads(Path(__file__).with_name("unexercised.toml").read_text(encoding="utf-8"))
REAL = {rule for group in LISTED.values() for rule in group["real"]}


OURS: tuple[Callable[[], Filing], ...] = (
    build_earlier_budget,
    build_later_budget,
    build_department,
    build_row_unit,
    lambda: build_accounts("accounts_2023"),
    lambda: build_accounts("accounts_2024"),
    lambda: build_filing("central_customs_2025", faultless=True),
    build_provincial,
    build_unread,
    build_revenue_list,
    build_appropriated_unit,
    build_general_unit,
)
"""Filings of ours that are no bundled samples: what belongs to those, and small ones with what those lack."""


def read_folder(folder: Path) -> list[FilingRecords]:
    paths = sorted(path for path in folder.iterdir() if path.name != "README.md")
    assert paths
    return [extract_document(read_document(path.read_bytes(), path.name), path.name) for path in paths]


def read_ours() -> list[FilingRecords]:
    """What is built, and one of it as if it had been recognised from an image."""
    scan = recognised(set_document(build_revenue_list()).document)
    return [*(extract_filing(build())[0] for build in OURS), extract_document(scan, "scan.pdf")]


def judge(filings: list[FilingRecords]) -> tuple[set[str], set[tuple[int, str]]]:
    """The rules that were evaluated at least once over those filings, and what was found above info: which filing, which rule."""
    with create_warehouse() as database:
        database.execute("SET enable_progress_bar = false")
        fill(database, {f"{number:016x}": records for number, records in enumerate(filings)})
        for name in ("versions.sql", "version_changes.sql"):
            database.execute(resources.files("tasks.load").joinpath(name).read_text(encoding="utf-8"))
        apply_rules(database, tuple(load_rules().values()))
        evaluated = database.execute("SELECT DISTINCT rule_id FROM checks WHERE evaluated > 0").fetchall()
        found = database.execute("SELECT filing_id, rule_id FROM findings WHERE severity <> 'info'").fetchall()
        return {rule for (rule,) in evaluated}, {(int(filing_id, 16), rule) for filing_id, rule in found}


@cache
def judge_samples() -> tuple[set[str], set[tuple[int, str]]]:
    """The rules evaluated over all samples, and what was found in those of ours by their number."""
    bundled, ours = read_folder(ROOT / "samples" / "filings"), read_ours()
    evaluated, found = judge([*bundled, *ours])
    return evaluated, {(number - len(bundled), rule) for number, rule in found if number >= len(bundled)}


def test_every_rule_is_evaluated_over_the_samples_or_it_is_said_why_not() -> None:
    idle = set(load_rules()) - judge_samples()[0]
    assert idle - REAL == set(), "evaluated nothing over all samples"
    assert REAL - idle == set(), "evaluated after all: take them off the list"


def test_what_is_built_for_the_rules_adds_up() -> None:
    unread = OURS.index(build_unread)
    assert judge_samples()[1] == {(unread, "CELL-READ"), (unread, "CODE-TREE"), (unread, "REV-ROW-TOTAL")}


def test_what_samples_lack_real_filings_exercise() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no real filings in {SHARED}: rules that only they exercise are not tried")
    assert REAL - judge(read_folder(SHARED))[0] == set(), "evaluated nothing over all real filings"
