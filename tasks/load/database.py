"""How much memory may DuckDB hold while a warehouse is built, judged and summarised?

Without a limit it takes most of what the machine has, and a warehouse of many filings would crowd out the workers beside it.
What does not fit is written to disk beside the candidate and removed with it.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

MEMORY_SETTING = "YUSUAN_DATABASE_MEMORY"
"""Environment variable: what DuckDB may hold in one process before it writes to disk, as DuckDB writes it: ``1500MB``, ``4GB``."""

_MEMORY = "1500MB"
"""Enough that a batch of usual size is judged without writing to disk."""


def memory_limit() -> str:
    """What DuckDB may hold in one process."""
    return os.environ.get(MEMORY_SETTING, _MEMORY)


def open_database(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a candidate within the memory limit.

    Args:
        path: The database file; made if it is not there.
        read_only: True: nothing may be written but temporary tables.
    """
    connection = duckdb.connect(str(path), read_only=read_only, config={"memory_limit": memory_limit()})
    connection.execute("SET enable_progress_bar = false")
    return connection
