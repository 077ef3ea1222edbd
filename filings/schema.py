"""What tables and columns are there, of which type, with which key and comment?

The loader of `tables.toml`, the one source for the Parquet schema, the DDL of the warehouse, its comments and the
data dictionary; and the one place that says which record of `records.py` fills which extraction table. It knows
neither polars nor DuckDB: types are the words that DuckDB uses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from filings.records import (
    Claim,
    Identity,
    LineItem,
    PerformanceTarget,
    Statement,
    StatementColumn,
    TextLine,
    UnreadCell,
)

Origin = Literal["extraction", "run", "derived"]
"""extraction = one Parquet file per filing; run = written by the flow; derived = computed when loading or later."""

_SCALAR_TYPES = frozenset({"VARCHAR", "INTEGER", "BIGINT", "TIMESTAMP", "BOOLEAN", "DOUBLE[]"})
"""The types without parameters that a column may have. DOUBLE appears as a list of coordinates only, never alone."""

_DECIMAL_TYPE = re.compile(r"DECIMAL\((\d+),(\d+)\)")
"""How an exact number is written, e.g. DECIMAL(20,2)."""

_STRUCT_LIST_TYPE = re.compile(r"STRUCT\([A-Za-z0-9_ ,\[\]]+\)\[\]")
"""How a list of structures is written, e.g. the evidence of a finding."""

_MAX_DECIMAL_PRECISION = 38
"""The largest number of digits that DuckDB and Parquet hold exactly."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Table and column names: they go into SQL unquoted."""


class DecimalType(NamedTuple):
    """The size of an exact number: digits in all, and digits after the point."""

    precision: int
    scale: int


class Column(BaseModel):
    """One column of a table (一个字段)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    comment: str = Field(min_length=3)
    label: str | None = None
    """Heading in Chinese for people, with the unit where there is one; None where the table is not exported as such."""
    key: bool = False
    required: bool = False
    values: tuple[str | int, ...] | None = None

    @model_validator(mode="after")
    def _type_is_known(self) -> Self:
        decimal = self.decimal
        if decimal is not None:
            if not 0 <= decimal.scale <= decimal.precision <= _MAX_DECIMAL_PRECISION:
                raise ValueError(f"{self.type} is not a size that DuckDB holds")
        elif self.type not in _SCALAR_TYPES and not _STRUCT_LIST_TYPE.fullmatch(self.type):
            raise ValueError(f"unknown column type {self.type}")
        return self

    @property
    def decimal(self) -> DecimalType | None:
        """Precision and scale if the column holds an exact number, else None."""
        match = _DECIMAL_TYPE.fullmatch(self.type)
        return DecimalType(int(match[1]), int(match[2])) if match else None

    @property
    def is_required(self) -> bool:
        """True if the column is never NULL: a required column, or part of the key."""
        return self.required or self.key


class Table(BaseModel):
    """One table (一张数据表) with its columns in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    origin: Origin
    comment: str = Field(min_length=3)
    label: str | None = None
    columns: dict[str, Column] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_plain(self) -> Self:
        for name in (self.name, *self.columns):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not a plain lower-case name")
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key; empty if none is declared."""
        return tuple(name for name, column in self.columns.items() if column.key)

    @property
    def sort_columns(self) -> tuple[str, ...]:
        """The columns by which rows are sorted for storage: the key, or every plain column where there is none."""
        return self.key or tuple(name for name, column in self.columns.items() if not column.type.endswith("[]"))


def parse_tables(toml: str) -> Mapping[str, Table]:
    """Parse a description of tables in the layout of `tables.toml`.

    Args:
        toml: The text of the file.

    Returns:
        The tables by name, in the order of the file.

    Raises:
        pydantic.ValidationError: The file says something that a table cannot be; correct the file.
    """
    described: dict[str, dict[str, Any]] = tomllib.loads(toml)
    return MappingProxyType({name: Table(name=name, **table) for name, table in described.items()})


@cache
def load_tables() -> Mapping[str, Table]:
    """The tables of the warehouse as declared in the bundled `tables.toml`, by name."""
    return parse_tables(resources.files("filings").joinpath("tables.toml").read_text(encoding="utf-8"))


@cache
def load_extraction_tables() -> Mapping[str, Table]:
    """The tables that extraction fills, one Parquet file per filing each, by name; `filings` comes first."""
    return MappingProxyType({name: table for name, table in load_tables().items() if table.origin == "extraction"})


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """How a record of `records.py` becomes a row of its table.

    Args:
        record: The dataclass.
        renamed: Record field -> column, where the names differ.
        consumed: Record fields that are not columns themselves: they only go into a derived column.
        derived: Columns that are not fields of the record.
    """

    record: type
    renamed: Mapping[str, str]
    consumed: frozenset[str]
    derived: frozenset[str]

    def columns(self) -> frozenset[str]:
        """All columns that the mapping fills."""
        plain = {field.name for field in fields(self.record)} - self.consumed - self.renamed.keys()
        return frozenset(plain) | frozenset(self.renamed.values()) | self.derived


_BOX: Mapping[str, str] = MappingProxyType({"box": "bbox"})
_STATEMENT_NO = frozenset({"statement_no"})
_DOCUMENT_IDS = frozenset({"filing_id", "document_id"})
_STATEMENT_IDS = _DOCUMENT_IDS | {"statement_id"}

RECORD_MAPPINGS: Mapping[str, RecordMapping] = MappingProxyType(
    {
        "filings": RecordMapping(
            record=Identity,
            renamed=MappingProxyType({}),
            consumed=frozenset(),
            derived=frozenset(
                {"filing_id", "sha256", "source_uri", "file_name", "fetched_at"}  # from RawFile
                | {"media_type", "pages", "unread_pictures", "statement_count", "line_item_count"}  # from FilingRecords
                | {"extractor_version", "loaded_at", "status", "superseded_by", "joined_into"}  # of the load
            ),
        ),
        "statements": RecordMapping(
            Statement,
            MappingProxyType({"title_box": "title_bbox", "note_box": "note_bbox"}),
            frozenset(),
            _STATEMENT_IDS,
        ),
        "statement_columns": RecordMapping(
            StatementColumn,
            MappingProxyType({"box": "bbox", "header_box": "header_bbox"}),
            _STATEMENT_NO,
            _STATEMENT_IDS,
        ),
        "line_items": RecordMapping(
            LineItem,
            MappingProxyType({"box": "bbox", "label_box": "label_bbox"}),
            frozenset({"statement_no", "item_no"}),
            _STATEMENT_IDS | {"line_item_id"},
        ),
        "unread_cells": RecordMapping(UnreadCell, _BOX, _STATEMENT_NO, _STATEMENT_IDS),
        "performance_targets": RecordMapping(PerformanceTarget, _BOX, _STATEMENT_NO, _STATEMENT_IDS),
        "claims": RecordMapping(Claim, _BOX, frozenset({"statement_no", "item_no"}), _DOCUMENT_IDS | {"line_item_id"}),
        "text_lines": RecordMapping(TextLine, _BOX, frozenset(), _DOCUMENT_IDS),
    }
)
"""Extraction table -> the record that fills it: the only statement of where `records.py` and `tables.toml` differ."""
