"""How is what was extracted from one filing kept on disk?

One Parquet file per filing and extraction table, with the schema of `tables.toml`: the record of which the warehouse
is a view. The file of table `filings` is put in place last and taken away first, so that a filing is there exactly
when its `filings` row is. The same records give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filings.errors import UnusableInput
from filings.records import FilingId, FilingRecords, RawFile
from filings.schema import RECORD_MAPPINGS, Column, DecimalType, Table, load_extraction_tables
from tasks.data_dir import DataDir
from tasks.durable_files import hold_lock, remove_temporaries, sync_folder, write_temporary

if TYPE_CHECKING:
    import polars as pl  # what only reads the warehouse does without it

Row = dict[str, Any]
"""Column -> value, as Python holds it: `Decimal` for money, UTC without zone for times, four floats for a box."""

_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""Arithmetic that refuses to round; 100 digits are more than any column holds, so only the column's size decides."""


def write_filing(
    records: FilingRecords, raw: RawFile, extractor_version: str, loaded_at: datetime, data: DataDir
) -> None:
    """Write everything extracted from one filing, replacing an earlier extraction of the same bytes.

    A kill at any moment leaves the filing as it was, or absent, or whole; writing again completes it.

    Args:
        records: What extraction read.
        raw: The original.
        extractor_version: Version of the extractor and of the form data.
        loaded_at: When the document was extracted (UTC).
        data: The data folder.

    Raises:
        UnusableInput: ``value_does_not_fit``: the document prints a number that its column cannot hold exactly.
        ValueError: A required value is NULL: the extractor is at fault, not the filing.
    """
    rows = filing_rows(records, raw, extractor_version, loaded_at)
    contents = {name: encode_rows(table, rows[name]) for name, table in load_extraction_tables().items()}
    with hold_lock(_write_lock(raw.filing_id, data)):
        _replace_files({data.parquet_path(name, raw.filing_id): content for name, content in contents.items()}, data)


def remove_filing(filing_id: FilingId, data: DataDir) -> None:
    """Remove one filing's extraction, if there is one; the original bytes stay in the store."""
    with hold_lock(_write_lock(filing_id, data)):
        for name in load_extraction_tables():  # filings first: from then on the filing is absent
            path = data.parquet_path(name, filing_id)
            remove_temporaries(path)
            if path.exists():
                path.unlink()
                sync_folder(path.parent)


def find_filing(filing_id: FilingId, extractor_version: str, data: DataDir) -> bool:
    """True if that version's extraction of the filing is complete on disk."""
    paths = {name: data.parquet_path(name, filing_id) for name in load_extraction_tables()}
    if not all(path.is_file() for path in paths.values()):
        return False
    import polars as pl

    try:
        written_by = pl.read_parquet(paths["filings"], columns=["extractor_version"]).item()
    except (pl.exceptions.PolarsError, OSError, ValueError):
        return False  # a file damaged by other hands: to be extracted anew
    return bool(written_by == extractor_version)


def read_table(table: str, filing_id: FilingId, data: DataDir) -> pl.DataFrame:
    """One filing's rows of one extraction table as they lie on disk.

    Raises:
        FileNotFoundError: The filing is not there.
    """
    import polars as pl

    return pl.read_parquet(data.parquet_path(table, filing_id))


def list_filings(data: DataDir) -> list[FilingId]:
    """The filings whose extraction is complete, in order of id.

    Raises:
        FileNotFoundError: A filing has its `filings` file but lacks another; ingest its original again.
    """
    stems = {name: _stems(data.parquet / name) for name in load_extraction_tables()}
    for name, present in stems.items():
        if missing := sorted(stems["filings"] - present):
            raise FileNotFoundError(
                f"{data.parquet / name} lacks {missing[0]}.parquet and {len(missing) - 1} others, although the filing "
                "is there; run `yusuan ingest` on the original again"
            )
    return [FilingId(stem) for stem in sorted(stems["filings"])]


def filing_rows(
    records: FilingRecords, raw: RawFile, extractor_version: str, loaded_at: datetime
) -> dict[str, list[Row]]:
    """The rows of every extraction table for one filing; ids derived, versions not yet marked."""
    filing_id = raw.filing_id

    def statement_id(statement_no: int) -> str:
        return f"{filing_id}-{statement_no:02d}"

    def line_item_id(statement_no: int | None, item_no: int | None) -> str | None:
        if statement_no is None or item_no is None:
            return None
        return f"{statement_id(statement_no)}-{item_no:04d}"

    def rows(table: str, records: Iterable[Any], derive: Callable[[Any], Row]) -> list[Row]:
        return [_record_columns(table, record) | derive(record) for record in records]

    document: Row = {"filing_id": filing_id, "document_id": filing_id}  # one file is a filing until the load joins it

    def of_statement(record: Any) -> Row:  # noqa: ANN401
        return document | {"statement_id": statement_id(record.statement_no)}

    filing: Row = {
        "filing_id": filing_id,
        "sha256": raw.sha256,
        "source_uri": raw.source_uri,
        "file_name": raw.file_name,
        "media_type": records.media_type,
        "pages": records.pages,
        "unread_pictures": records.unread_pictures,
        "statement_count": sum(statement.state != "missing" for statement in records.statements),
        "line_item_count": len(records.line_items),
        "extractor_version": extractor_version,
        "fetched_at": raw.fetched_at,
        "loaded_at": loaded_at,
        "status": "loaded",
        "superseded_by": None,
        "joined_into": None,
    }
    return {
        "filings": [_record_columns("filings", records.identity) | filing],
        "statements": rows("statements", records.statements, of_statement),
        "statement_columns": rows("statement_columns", records.columns, of_statement),
        "line_items": rows(
            "line_items",
            records.line_items,
            lambda item: of_statement(item) | {"line_item_id": line_item_id(item.statement_no, item.item_no)},
        ),
        "unread_cells": rows("unread_cells", records.unread_cells, of_statement),
        "performance_targets": rows("performance_targets", records.performance_targets, of_statement),
        "claims": rows(
            "claims",
            records.claims,
            lambda claim: document | {"line_item_id": line_item_id(claim.statement_no, claim.item_no)},
        ),
        "text_lines": rows("text_lines", records.text_lines, lambda _: document),
    }


def encode_rows(table: Table, rows: Sequence[Row]) -> bytes:
    """Encode rows as a Parquet file with exactly the table's columns and types, sorted by key.

    Raises:
        UnusableInput: ``value_does_not_fit``: a number does not fit its column exactly.
        ValueError: A required value is NULL, or a key occurs twice.
    """
    import polars as pl

    frame = pl.DataFrame(
        [
            pl.Series(
                name,
                [_stored_value(table, name, column, row[name]) for row in rows],
                dtype=polars_type(column),
                strict=True,
            )
            for name, column in table.columns.items()
        ]
    )
    if table.key and frame.select(table.key).is_duplicated().any():
        raise ValueError(f"a key of table {table.name} occurs twice")
    buffer = BytesIO()
    # Without statistics: whole files are read, never filtered, and a small file is a quarter smaller without them.
    frame.sort(table.sort_columns, maintain_order=True).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def polars_type(column: Column) -> pl.DataType:
    """The polars type that Parquet stores for a column of an extraction table and DuckDB reads back as the column's own."""
    import polars as pl

    types: Mapping[str, pl.DataType] = {
        "VARCHAR": pl.String(),
        "INTEGER": pl.Int32(),
        "BIGINT": pl.Int64(),
        "TIMESTAMP": pl.Datetime("us"),
        "BOOLEAN": pl.Boolean(),
        "DOUBLE[]": pl.List(pl.Float64()),
    }
    decimal = column.decimal
    return pl.Decimal(decimal.precision, decimal.scale) if decimal else types[column.type]


def fit_decimal(value: Decimal, size: DecimalType) -> Decimal:
    """The same number with exactly the column's places; casts would cut digits off without a word.

    Args:
        value: A finite number.
        size: Of the column.

    Raises:
        ValueError: The column has too few digits before or after the point, or it is no finite number.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no number")
    try:
        fitted = value.quantize(Decimal(1).scaleb(-size.scale), context=_EXACT)
    except DecimalException as error:
        raise ValueError(f"{value} has more than {size.scale} decimal places") from error
    if fitted.copy_abs() >= Decimal(10) ** (size.precision - size.scale):
        raise ValueError(f"{value} has more than {size.precision - size.scale} digits before the point")
    return fitted


def _record_columns(table: str, record: Any) -> Row:  # noqa: ANN401
    mapping = RECORD_MAPPINGS[table]
    return {
        mapping.renamed.get(field.name, field.name): getattr(record, field.name)
        for field in fields(record)
        if field.name not in mapping.consumed
    }


def _stored_value(table: Table, name: str, column: Column, value: Any) -> Any:  # noqa: ANN401
    if value is None:
        if column.is_required:
            raise ValueError(f"{table.name}.{name} is NULL, which the schema forbids")
        return None
    if column.decimal:
        try:
            return fit_decimal(value, column.decimal)
        except ValueError as error:
            raise UnusableInput(
                "value_does_not_fit",
                f"A number does not fit {table.name}.{name} {column.type}: {error}. Look at it in the document; if it "
                "is really printed so, widen the column in filings/tables.toml.",
            ) from error
    if column.type == "TIMESTAMP":
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if column.type == "DOUBLE[]":
        box = list(value)
        if len(box) != 4 or not all(math.isfinite(edge) for edge in box):
            raise ValueError(f"{table.name}.{name}: {value} is not a box of four finite coordinates")
        return box
    return value


def _write_lock(filing_id: FilingId, data: DataDir) -> Path:
    """One of 256 locks: writers of one filing take turns, others hardly ever wait."""
    return data.locks / f"parquet-{filing_id[:2]}.lock"


def _replace_files(contents: Mapping[Path, bytes], data: DataDir) -> None:
    """Put all files of one filing in place; the `filings` file away first and back last."""
    for path in contents:
        remove_temporaries(path)
    changed = {path: content for path, content in contents.items() if not _holds(path, content)}
    if not changed:
        return
    filings_path = next(path for path in contents if path.parent == data.parquet / "filings")
    temporaries = {path: write_temporary(path, content) for path, content in changed.items()}
    if filings_path.exists() and changed.keys() != {filings_path}:
        filings_path.unlink()
        sync_folder(filings_path.parent)
        if filings_path not in temporaries:
            temporaries[filings_path] = write_temporary(filings_path, contents[filings_path])
    for path in sorted(temporaries, key=lambda path: path == filings_path):
        temporaries[path].replace(path)
        sync_folder(path.parent)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _stems(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.parquet")} if folder.is_dir() else set()
