"""The databases the tests run on: a file each time, and the shared server where ``PORTICO_POSTGRES_URL`` names one."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portico.database import Database

SERVER = os.environ.get("PORTICO_POSTGRES_URL", "")
ON_SERVER = pytest.mark.skipif(not SERVER, reason="needs PORTICO_POSTGRES_URL")
EVERY = [pytest.param("file"), pytest.param("server", marks=ON_SERVER)]


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[Database]:
    """Yield an empty database of ``kind``; one on the server lives in a schema of its own."""
    if kind == "file":
        database = Database(folder / ".portico" / "portico.sqlite")
        yield database
        database.close()
        return
    schema = f"test_{uuid.uuid4().hex[:12]}"
    administration = create_engine(SERVER)
    with administration.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    database = Database(folder / ".portico" / "unused.sqlite", f"{SERVER}?options=-csearch_path%3D{schema}")
    try:
        yield database
    finally:
        database.close()
        with administration.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        administration.dispose()
