"""Reads texts through the engine the way ingest does: a type's SQL over a column of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from portico.lake.columns.base import ColumnType, Convention
from portico.lake.engine import Engine
from portico.lake.model import Type

ENGINE = Engine()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(one: ColumnType, convention: Convention, texts: Sequence[str | None]) -> list[object]:
    """Return the value of each text in one convention, None where it does not fit."""
    sql = convention.sql("c")
    if one.logical is Type.INSTANT:
        # The engine's Python client wants a package for zones that nothing else here needs.
        sql = f"epoch_us({sql})"
    cursor = ENGINE.cursor()
    try:
        rows = cursor.execute(
            f"SELECT {sql} FROM (SELECT unnest(?::VARCHAR[]) AS c, unnest(range(?)) AS place) ORDER BY place",
            [list(texts), len(texts)],
        ).fetchall()
    finally:
        cursor.close()
    values = [row[0] for row in rows]
    if one.logical is Type.INSTANT:
        return [None if value is None else _EPOCH + timedelta(microseconds=value) for value in values]
    return values


def under(one: ColumnType, name: str) -> Convention:
    """Return the convention of a type by its name."""
    return next(convention for convention in one.conventions if convention.name == name)


def first_reading(one: ColumnType, text: str) -> object:
    """Return the value in the first convention whose pattern matches."""
    convention = next(convention for convention in one.conventions if convention.matches(text))
    return read(one, convention, [text])[0]
