"""Connections and transactions. SQLite in the city folder; another address gives another server.

SQLite is opened in write-ahead mode with full synchronisation and takes its write lock at the beginning of a
transaction, so that two writers wait for each other instead of failing half-way. A folder that cannot be written is
opened as an immutable file: readers work, writers get one sentence.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from portico.database.upgrade import HEAD, upgrade
from portico.errors import StateError

__all__ = ["Connection", "Database"]

BUSY_MS = 30_000
_PAUSE_S = 0.01


class Database:
    """The city's database, opened when first asked for and brought to the newest schema before the first write."""

    def __init__(self, path: Path, url: str = "") -> None:
        """Use the SQLite file ``path``, or the server at ``url`` where one is given."""
        self.path = path
        self.url = url
        self._engine: Engine | None = None
        self._current = False
        self._lock = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return bool(self.url) or self.path.is_file()

    @property
    def is_writable(self) -> bool:
        """Whether this process may write."""
        if self.url:
            return True
        probe = self.path if self.path.exists() else _nearest(self.path.parent)
        return _may_write(probe) and _may_write(_nearest(self.path.parent))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction that may write: all of it is kept or nothing.

        Raises StateError where the folder is read-only, the file is damaged or another writer holds on too long.
        """
        if not self.is_writable:
            raise StateError("state-read-only", path=self.path.parent.name)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._spoken(), self._ready().begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run one transaction that only reads, on one consistent state."""
        if not self.exists:
            raise StateError("state-missing", path=self.path.name)
        with self._spoken(), self._ready().connect() as connection:
            reading = connection.execution_options(portico_reads=True)
            with reading.begin():
                yield reading

    def close(self) -> None:
        """Let go of every connection."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Turn the driver's failures into sentences."""
        try:
            yield
        except OperationalError as error:
            reason = str(error.orig)
            kind = "state-busy" if "locked" in reason else "state-failed"
            raise StateError(kind, path=self.path.name, detail=reason) from error
        except DatabaseError as error:
            raise StateError("state-damaged", path=self.path.name, detail=str(error.orig)) from error

    def _ready(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._server() if self.url else self._file()
            if not self._current:
                self._bring_up_to_date(self._engine)
                self._current = True
            return self._engine

    def _server(self) -> Engine:
        engine = create_engine(self.url, pool_pre_ping=True)
        if engine.dialect.name == "postgresql":
            event.listen(engine, "begin", _begin_on_server)
        return engine

    def _file(self) -> Engine:
        address = URL.create("sqlite", database=str(self.path))  # made of parts: a path may hold "?" or "%"
        if not self.is_writable:
            parts = {"mode": "ro", "immutable": "1", "uri": "true"}
            address = URL.create("sqlite", database=f"file:{quote(str(self.path.absolute()))}", query=parts)
        engine = create_engine(address, poolclass=NullPool)
        event.listen(engine, "connect", _prepare(writable=self.is_writable))
        event.listen(engine, "begin", _begin(writable=self.is_writable))
        return engine

    def _bring_up_to_date(self, engine: Engine) -> None:
        with engine.connect().execution_options(portico_reads=True) as connection:
            found = connection.dialect.has_table(connection, "alembic_version")
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if found else None
        if revision == HEAD:
            return
        if not self.is_writable:
            raise StateError("state-read-only", path=self.path.parent.name)
        upgrade(engine)


def _may_write(path: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK, effective_ids=effective)


def _nearest(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _prepare(*, writable: bool) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own objects
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if writable:
            _write_ahead(cursor)
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return prepare


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn the file to write-ahead mode. SQLite does not wait where another process is just doing so: we do."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _begin(*, writable: bool) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        reads = not writable or connection.get_execution_options().get("portico_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return begin


def _begin_on_server(connection: Connection) -> None:
    """Give a transaction on the server what the file gives: readers one state, writers one after the other."""
    if connection.get_execution_options().get("portico_reads"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('portico ' || current_schema()))")
