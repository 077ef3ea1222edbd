"""The record of one filing on disk: exact, whole or absent, and the same bytes every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.errors import UnusableInput
from filings.records import FilingRecords
from filings.schema import DecimalType, load_extraction_tables, load_tables
from tasks import durable_files
from tasks.data_dir import DataDir
from tasks.parquet import (
    encode_rows,
    filing_rows,
    find_filing,
    fit_decimal,
    list_filings,
    read_table,
    remove_filing,
    write_filing,
)
from tests.tasks.made_filings import EXTRACTOR, FETCHED, LOADED, SMALL, raw_file, records, store


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


def contents(data: DataDir) -> dict[str, bytes]:
    return {str(path.relative_to(data.root)): path.read_bytes() for path in data.parquet.rglob("*") if path.is_file()}


def test_round_trip_keeps_every_value(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    assert raw.filing_id == raw.sha256[:16]
    items = read_table("line_items", raw.filing_id, data)
    assert items.columns == list(load_tables()["line_items"].columns)
    first = items.row(0, named=True)
    assert first["line_item_id"] == f"{raw.filing_id}-01-0001"
    assert first["statement_id"] == f"{raw.filing_id}-01"
    assert (first["value"], first["amount_yuan"]) == (Decimal("12.34"), Decimal("123400.00"))
    assert first["half_place"] == Decimal("0.005")
    assert first["bbox"] == [10.5, 20.25, 30.0, 40.125]
    filing = read_table("filings", raw.filing_id, data).row(0, named=True)
    assert filing["fetched_at"] == FETCHED.replace(tzinfo=None)
    assert (filing["statement_count"], filing["line_item_count"]) == (1, 2)
    assert (filing["status"], filing["superseded_by"]) == ("loaded", None)


def test_every_table_has_a_file_even_if_it_is_empty(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    for name, table in load_extraction_tables().items():
        assert read_table(name, raw.filing_id, data).columns == list(table.columns)


def test_same_records_give_the_same_bytes_in_any_order(data: DataDir, tmp_path: Path) -> None:
    made = records(SMALL)
    store("a", made, data)
    other = DataDir(tmp_path / "other")
    store("a", replace(made, line_items=made.line_items[::-1]), other)
    assert contents(data) == contents(other)


def test_writing_again_touches_no_file(data: DataDir) -> None:
    store("a", records(SMALL), data)
    before = {path: path.stat().st_mtime_ns for path in data.parquet.rglob("*.parquet")}
    store("a", records(SMALL), data)
    assert {path: path.stat().st_mtime_ns for path in data.parquet.rglob("*.parquet")} == before


def test_times_are_stored_in_utc(data: DataDir) -> None:
    beijing = timezone(timedelta(hours=8))
    raw = raw_file("a", datetime(2026, 1, 1, 8, 0, tzinfo=beijing))
    row = filing_rows(records(SMALL), raw, EXTRACTOR, LOADED)["filings"]
    frame = pl.read_parquet(encode_rows(load_tables()["filings"], row))
    assert frame["fetched_at"].item() == datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def test_find_filing_asks_for_the_version_and_for_every_file(data: DataDir) -> None:
    raw = raw_file("a")
    assert not find_filing(raw.filing_id, EXTRACTOR, data)
    store("a", records(SMALL), data)
    assert find_filing(raw.filing_id, EXTRACTOR, data)
    assert not find_filing(raw.filing_id, "0.1-other", data)
    data.parquet_path("claims", raw.filing_id).unlink()
    assert not find_filing(raw.filing_id, EXTRACTOR, data)


def test_a_damaged_file_is_not_found(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    data.parquet_path("filings", raw.filing_id).write_bytes(b"PAR1 junk")
    assert not find_filing(raw.filing_id, EXTRACTOR, data)


def test_remove_filing_leaves_nothing(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    kept = store("b", records(SMALL), data)
    remove_filing(raw.filing_id, data)
    assert list_filings(data) == [kept.filing_id]
    assert not list(data.parquet.rglob(f"*{raw.filing_id}*"))
    remove_filing(raw.filing_id, data)


def test_a_filing_that_lacks_a_file_is_named(data: DataDir) -> None:
    raw = store("a", records(SMALL), data)
    data.parquet_path("line_items", raw.filing_id).unlink()
    with pytest.raises(FileNotFoundError, match=raw.filing_id):
        list_filings(data)


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("reextracted", [False, True])
def test_interruption_between_any_two_steps_leaves_it_old_absent_or_new(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, reextracted: bool
) -> None:
    old, new = records(SMALL), records((("expenditure", (*SMALL[0][1], *SMALL[0][1])),))
    raw = raw_file("a")
    steps = 0
    for stop_after in range(1, 200):
        remove_filing(raw.filing_id, data)
        if reextracted:
            write_filing(old, raw, "old", LOADED, data)
        done = 0

        def step(original: object, stop_after: int = stop_after) -> object:
            def wrapped(*args: object, **kwargs: object) -> object:
                nonlocal done
                done += 1
                if done > stop_after:
                    raise _Killed
                return original(*args, **kwargs)  # type: ignore[operator]

            return wrapped

        with monkeypatch.context() as patched:
            patched.setattr("tasks.parquet.write_temporary", step(durable_files.write_temporary))
            patched.setattr("tasks.parquet.sync_folder", step(durable_files.sync_folder))
            patched.setattr(Path, "replace", step(Path.replace))
            patched.setattr(Path, "unlink", step(Path.unlink))
            try:
                write_filing(new, raw, "new", LOADED, data)
                finished = True
            except _Killed:
                finished = False
        if data.parquet_path("filings", raw.filing_id).exists():  # whole: of one extraction throughout
            count = read_table("filings", raw.filing_id, data)["line_item_count"].item()
            assert read_table("line_items", raw.filing_id, data).height == count
            assert list_filings(data) == [raw.filing_id]
        write_filing(new, raw, "new", LOADED, data)
        assert find_filing(raw.filing_id, "new", data)
        assert not [path for path in data.parquet.rglob("*") if path.name.endswith(".tmp")]
        steps = stop_after
        if finished:
            break
    assert finished
    assert steps > len(load_extraction_tables())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**17), max_value=10**17))
def test_numbers_that_fit_come_back_exactly(value: Decimal) -> None:
    table = load_tables()["line_items"].model_copy(
        update={"columns": {"value": load_tables()["line_items"].columns["value"]}}
    )
    frame = pl.read_parquet(encode_rows(table, [{"value": value}]))
    assert frame["value"].item() == value


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(1, 38), st.data())
def test_a_number_fits_unchanged_or_not_at_all(value: Decimal, precision: int, draw: st.DataObject) -> None:
    size = DecimalType(precision, draw.draw(st.integers(0, precision)))
    exact = Fraction(value)
    fits = (exact * 10**size.scale).denominator == 1 and abs(exact) < 10 ** (size.precision - size.scale)
    if fits:
        fitted = fit_decimal(value, size)
        assert Fraction(fitted) == exact
        assert fitted.as_tuple().exponent == -size.scale
    else:
        with pytest.raises(ValueError, match="more than"):
            fit_decimal(value, size)


def test_the_largest_number_that_a_column_holds_fits() -> None:
    largest = Decimal("9" * 36 + ".99")
    assert fit_decimal(largest, DecimalType(38, 2)) == largest


@pytest.mark.parametrize("value", ["1.2345678", "1000000000000000000", "NaN", "Infinity"])
def test_a_number_that_does_not_fit_is_refused_with_a_reason(data: DataDir, value: str) -> None:
    made = records(SMALL)
    broken = replace(made, line_items=(replace(made.line_items[0], value=Decimal(value)),))
    with pytest.raises(UnusableInput, match=r"line_items\.value") as raised:
        store("a", broken, data)
    assert raised.value.reason_code == "value_does_not_fit"
    assert not data.parquet.exists() or not list_filings(data)


@pytest.mark.parametrize("change", [{"value_text": None}, {"half_place": None}])
def test_a_missing_required_value_is_refused(data: DataDir, change: dict[str, None]) -> None:
    made: FilingRecords = records(SMALL)
    broken = replace(made, line_items=(replace(made.line_items[0], **change),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="NULL"):
        store("a", broken, data)


def test_a_repeated_key_is_refused(data: DataDir) -> None:
    made = records(SMALL)
    with pytest.raises(ValueError, match="twice"):
        store("a", replace(made, line_items=made.line_items[:1] * 2), data)
