"""The SQLAlchemy dialect through which Great Expectations reads the warehouse.

duckdb-engine hands out one shared DuckDB connection as every cursor. Releasing a SQLAlchemy connection rolls that one
back, and rows not yet fetched are gone: Great Expectations 1.24 then sees empty results or fails (great_expectations
issues 10738 and 11579). Here each cursor is a duplicate with a result of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.types import NullType

DRIVER = "duckdb+yusuan"
"""The URL scheme of this dialect: ``duckdb+yusuan:///path/to/warehouse.duckdb``."""

_opened: WeakSet[Any] = WeakSet()
"""The DuckDB connections and duplicates that are still held by somebody: one that nobody holds closes and frees its result."""


class DuplicatingConnection(ConnectionWrapper):
    """A connection whose every cursor is a duplicate of it."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - a DuckDB connection, wrapped by an untyped package
        super().__init__(connection)
        self._connection = connection
        _opened.add(connection)

    def cursor(self) -> Any:  # noqa: ANN401 - the type of an untyped package
        """A cursor that holds its result whatever else the connection does."""
        duplicate = self._connection.cursor()
        _opened.add(duplicate)
        return CursorWrapper(duplicate, self)


class YusuanDuckDBDialect(Dialect):
    """DuckDB for Great Expectations, with cursors that keep their results."""

    driver = "yusuan"
    supports_statement_cache = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        super().__init__(*args, **kwargs)
        # Lists and structures (boxes, evidence) are read as they come.
        self.ischema_names = {**self.ischema_names, "list": NullType, "struct": NullType}

    def connect(self, *cargs: Any, **cparams: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own signature
        """Open the database file and wrap the connection."""
        wrapped = super().connect(*cargs, **cparams)
        _opened.add(wrapped)
        return DuplicatingConnection(wrapped.__getattr__("cursor")())


def register_dialect() -> None:
    """Make SQLAlchemy know ``duckdb+yusuan``; calling it again changes nothing."""
    registry.register("duckdb.yusuan", __name__, YusuanDuckDBDialect.__name__)


@contextmanager
def all_connections_closed() -> Iterator[None]:
    """Close, at the end, every connection opened inside: Great Expectations keeps some, and DuckDB the file locked."""
    try:
        yield
    finally:
        for one in list(_opened):
            one.close()
        _opened.clear()
