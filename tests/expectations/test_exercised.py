"""No rule is idle: each is evaluated over the samples, or `unexercised.toml` says why not; what samples lack, real filings have.

Real filings are looked for in the folder that `YUSUAN_SHARED` names, by default ``../shared`` beside the repository.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from expectations.compile_sql import apply_rules
from expectations.rule import load_rules
from tasks.extract import extract_document
from tasks.extract.readers import read_document
from tests.expectations.mutation_trial import fill
from tests.expectations.warehouse import create_warehouse

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared")) / "filings"
LISTED = tomllib.loads(Path(__file__).with_name("unexercised.toml").read_text(encoding="utf-8"))
REAL, NONE = ({rule for group in LISTED.values() for rule in group[kind]} for kind in ("real", "none"))


def evaluated_over(folder: Path) -> set[str]:
    """The rules that were evaluated at least once over the filings of a folder."""
    paths = sorted(path for path in folder.iterdir() if path.name != "README.md")
    assert paths
    records = {
        f"{number:016x}": extract_document(read_document(path.read_bytes(), path.name), path.name)
        for number, path in enumerate(paths)
    }
    with create_warehouse() as database:
        database.execute("SET enable_progress_bar = false")
        fill(database, records)
        apply_rules(database, tuple(load_rules().values()))
        return {
            rule for (rule,) in database.execute("SELECT DISTINCT rule_id FROM checks WHERE evaluated > 0").fetchall()
        }


def test_every_rule_is_evaluated_over_the_samples_or_it_is_said_why_not() -> None:
    idle = set(load_rules()) - evaluated_over(ROOT / "samples" / "filings")
    assert idle - REAL - NONE == set(), "evaluated nothing over all samples"
    assert (REAL | NONE) - idle == set(), "evaluated after all: take them off the list"


def test_what_samples_lack_real_filings_exercise() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no real filings in {SHARED}: rules that only they exercise are not tried")
    assert REAL - evaluated_over(SHARED) == set(), "evaluated nothing over all real filings"
