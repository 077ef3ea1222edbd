"""Tests of Parquet → DuckDB."""
