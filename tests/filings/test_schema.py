"""The description of the tables: whole, consistent, and the same as the records that fill them."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import ValidationError

from filings.schema import RECORD_MAPPINGS, Table, load_extraction_tables, load_tables, parse_tables


@pytest.mark.parametrize("table", load_tables().values(), ids=lambda table: table.name)
def test_every_table_and_column_has_a_comment(table: Table) -> None:
    assert table.comment.strip()
    assert table.columns
    for column in table.columns.values():
        assert column.comment.strip().endswith((".", "…"))


def test_every_extraction_table_has_a_record_and_the_reverse() -> None:
    assert set(RECORD_MAPPINGS) == set(load_extraction_tables())


@pytest.mark.parametrize("name", RECORD_MAPPINGS)
def test_record_and_table_have_the_same_columns(name: str) -> None:
    assert RECORD_MAPPINGS[name].columns() == set(load_tables()[name].columns)


@pytest.mark.parametrize("name", RECORD_MAPPINGS)
def test_mapping_names_only_fields_of_the_record(name: str) -> None:
    mapping = RECORD_MAPPINGS[name]
    names = {field.name for field in fields(mapping.record)}
    assert set(mapping.renamed) <= names
    assert mapping.consumed <= names
    assert not mapping.derived & (names - mapping.consumed)


@pytest.mark.parametrize("name", load_extraction_tables())
def test_every_extraction_table_has_a_key(name: str) -> None:
    assert load_tables()[name].key


def test_the_filings_table_comes_first() -> None:
    assert next(iter(load_extraction_tables())) == "filings"


GOOD = """
[things]
origin = "derived"
comment = "Some things."
[things.columns]
amount_yuan = { type = "DECIMAL(20,2)", comment = "An amount." }
"""


def test_decimal_size_is_told() -> None:
    column = parse_tables(GOOD)["things"].columns["amount_yuan"]
    assert column.decimal == (20, 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DECIMAL(20,2)", "DOUBLE"),
        ("DECIMAL(20,2)", "FLOAT"),
        ("DECIMAL(20,2)", "DECIMAL(40,2)"),
        ("DECIMAL(20,2)", "DECIMAL(2,4)"),
        ('comment = "An amount."', 'comment = ""'),
        ('comment = "Some things."', ""),
        ('"derived"', '"elsewhere"'),
        ("amount_yuan", '"Amount; DROP"'),
        ('comment = "An amount."', 'comment = "An amount.", unknown = 1'),
    ],
)
def test_nonsense_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises((ValidationError, ValueError)):
        parse_tables(GOOD.replace(old, new, 1))
