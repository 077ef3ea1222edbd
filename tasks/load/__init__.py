"""Parquet → DuckDB: the warehouse as a view of the record.

`build_warehouse` makes a candidate beside the warehouse; `is_current` says whether the one in place would come out
the same. Nothing here touches the warehouse in place: that is `tasks.publish`.
"""

from tasks.load.build import build_warehouse
from tasks.load.candidate import remove_candidate, remove_stale_candidates
from tasks.load.ddl import apply_comments, create_tables
from tasks.load.fingerprint import Build, is_current, read_build

__all__ = [
    "Build",
    "apply_comments",
    "build_warehouse",
    "create_tables",
    "is_current",
    "read_build",
    "remove_candidate",
    "remove_stale_candidates",
]
