"""The registry: an example of each kind, its page, and mistakes that are told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tasks.sources import WrongSourceError, find_registry, read_registry, read_source
from tasks.sources.page import registration_schema, render_page
from tasks.sources.registration import Entry, Expectations

DOCS = Path(__file__).parents[2] / "docs"


def test_every_kind_of_entry_point_has_an_example_that_no_run_looks_at() -> None:
    registry = read_registry(find_registry())
    shown = {type(entry) for source in registry.values() for entry in source.entry_points}
    assert shown == set(Entry.__args__)
    examples = [source for name, source in registry.items() if name.startswith("example_")]
    assert len(examples) >= 7
    assert not any(source.enabled for source in examples)
    assert all("example.org" in source.model_dump_json() or source.name == "example_urls" for source in examples)


def test_the_page_and_the_schema_are_those_of_the_model() -> None:
    assert (DOCS / "sources.md").read_text(encoding="utf-8") == render_page()
    assert json.loads((DOCS / "sources.schema.json").read_text(encoding="utf-8")) == registration_schema()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- listing: https://e.org/\n  items: {css: 'a['}\n",
            r"bad\.yml:5: entry_points\.0\.items\..*not a CSS selector",
        ),
        (
            "- listing: https://e.org/\n  items: {xpath: '//a['}\n",
            r"bad\.yml:5: entry_points\.0\.items\..*not an XPath",
        ),
        ("- listing: https://e.org/\n  paging:\n    pattern: a\n", r"bad\.yml:6: .*paging\.pattern: .*needs \{page\}"),
        (
            "- listing: https://e.org/\n  paging:\n    pattern: '{page}'\n    count: x\n",
            r"bad\.yml:7: .*paging\.count: .*needs a group",
        ),
        ("- api: https://e.org/\n  items: 'a['\n", r"bad\.yml:5: entry_points\.0\.items: .*JMESPath"),
        ("- nothing: 1\n", r"bad\.yml:4: entry_points\.0: .*needs one of the fields listing"),
        (
            "- folder: x\nselect:\n  include:\n    title: ['(']\n",
            r"bad\.yml:7: select\.include\.title.*: .*regular expression",
        ),
        ("- folder: x\nschedule:\n  cron: daily\n", r"bad\.yml:6: schedule\.cron: .*cron"),
        ("- folder: x\nschedule:\n  timezone: Shanghai\n", r"bad\.yml:6: schedule\.timezone: "),
        ("- folder: x\npoliteness: {requests_per_second: 0}\n", r"bad\.yml:5: politeness\.requests_per_second: "),
        (
            "- folder: x\nexpectations:\n  years:\n    2024: {min: 2, max: 1}\n",
            r"bad\.yml:7: expectations\.years\.2024",
        ),
        ("- folder: x\ncredentials:\n- environment: KEY\n", r"bad\.yml:6: credentials\.0: .*needs header or query"),
    ],
)
def test_mistakes_are_told_with_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(f"name: bad\npublisher: P\nentry_points:\n{text}", encoding="utf-8")
    with pytest.raises(WrongSourceError, match=message):
        read_source(file)


def test_what_each_year_should_have_brought() -> None:
    expected = Expectations.model_validate(
        {"years": {2024: {"min": 9}}, "each_year": {"since": 2023, "min": 5, "due_month": 5}}
    )
    assert {year: one.min for year, one in expected.by_year(date(2026, 4, 30)).items()} == {2023: 5, 2024: 9, 2025: 5}
    assert list(expected.by_year(date(2026, 5, 1))) == [2023, 2024, 2025, 2026]
