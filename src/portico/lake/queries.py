"""Questions to the lake: the head of a dataset, its history, the rows of a version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from portico.errors import NotBuiltError, StateError, UnknownNameError
from portico.lake import store
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import (
    Column,
    Decided,
    Derivation,
    Examination,
    Hold,
    Publication,
    Receipt,
    Table,
    Type,
    Version,
)
from portico.messages import did_you_mean

_SHORTEST = 6


def heads(lake: Lake) -> dict[str, Version]:
    """Return the version each dataset stands at. Raises NotBuiltError where nothing was ever published."""
    if not lake.database.exists:
        raise NotBuiltError("not-built")
    with lake.database.read() as connection:
        found = store.heads(connection)
    if not found:
        raise NotBuiltError("not-built")
    return found


def history(lake: Lake, dataset: str) -> tuple[Publication, ...]:
    """Return the log of a dataset's publications, oldest first."""
    with lake.database.read() as connection:
        log = store.log(connection, dataset)
    if not log:
        raise _unknown(lake, dataset)
    return log


def heads_at(lake: Lake, moment: datetime) -> tuple[dict[str, Version], dict[str, Publication]]:
    """Return the version each dataset stood at at ``moment`` (with a zone), and the last entry of its log until then.

    A dataset whose version of that moment was cleaned up has an entry and no version.
    """
    if not lake.database.exists:
        return {}, {}
    with lake.database.read() as connection:
        log = store.every_publication(connection)
        last = {one.dataset: one for one in log if datetime.fromisoformat(one.published_at) <= moment}
        found = {name: store.version_if_kept(connection, name, one.version) for name, one in last.items()}
    return {name: one for name, one in found.items() if one is not None}, last


def version(lake: Lake, name: str) -> Version:
    """Return the version named ``DATASET`` (its head), ``DATASET@NUMBER`` (a publication) or ``DATASET@ID``."""
    dataset, _, wanted = name.partition("@")
    if not wanted:
        found = heads(lake).get(dataset)
        if found is None:
            raise _unknown(lake, dataset)
        return found
    log = history(lake, dataset)
    for entry in reversed(log):
        if str(entry.number) == wanted or (len(wanted) >= _SHORTEST and entry.version.startswith(wanted)):
            with lake.database.read() as connection:
                found = store.version_if_kept(connection, dataset, entry.version)
            if found is None:
                named = {"version": entry.version[:12], "at": entry.published_at[:10]}
                raise UnknownNameError("version-collected", dataset=dataset, number=entry.number, **named)
            return found
    raise UnknownNameError("version-unknown", dataset=dataset, name=wanted, count=len(log))


def read(lake: Lake, wanted: Version, columns: Sequence[str] = ()) -> Table:
    """Return the rows of a version (only ``columns`` where given; geometry is left out: its numbers are columns).

    Raises StateError where the file is gone or damaged.
    """
    kept = tuple(column for column in wanted.columns if not column.is_geometry)
    if columns:
        unknown = set(columns) - {column.name for column in kept}
        if unknown:
            advice = did_you_mean(min(unknown), [column.name for column in kept])
            raise UnknownNameError("column-unknown", name=min(unknown), dataset=wanted.dataset, advice=advice)
        kept = tuple(column for column in kept if column.name in columns)
    return Table(kept, _rows(lake, wanted, kept))


def _rows(lake: Lake, wanted: Version, columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    if not columns:
        return [()] * wanted.row_count
    chosen = ", ".join(_as_python(column) for column in columns)
    cursor = lake.engine.cursor()
    try:
        path = str(lake.objects.path(wanted.file))
        rows = cursor.execute(f"SELECT {chosen} FROM read_parquet(?)", [path]).fetchall()
    except duckdb.Error as error:
        raise StateError(
            "version-damaged", dataset=wanted.dataset, version=wanted.short, detail=str(error).splitlines()[0]
        ) from error
    finally:
        cursor.close()
    moments = [place for place, column in enumerate(columns) if column.type is Type.INSTANT]
    return [_with_zone(row, moments) for row in rows] if moments else rows


def _as_python(column: Column) -> str:
    """Return the SQL of a column whose values the engine can hand over without a library of time zones."""
    name = quoted(column.name)
    return f"timezone('UTC', {name})" if column.type is Type.INSTANT else name


def _with_zone(row: tuple[Any, ...], moments: Sequence[int]) -> tuple[Any, ...]:
    """Return ``row`` with its moments in UTC."""
    cells = list(row)
    for place in moments:
        cells[place] = cells[place].replace(tzinfo=UTC) if cells[place] is not None else None
    return tuple(cells)


def is_whole(lake: Lake, wanted: Version) -> bool:
    """Say whether the file of a version is there with the bytes it was published with."""
    return lake.objects.is_whole(wanted.file, wanted.file_sha256, wanted.file_bytes)


def examination(lake: Lake, wanted: Version) -> Examination | None:
    """Return what was found when a version was made from a file; nothing for facts kept by hand."""
    with lake.database.read() as connection:
        return store.examination_of(connection, wanted.dataset, wanted.id)


def derivation(lake: Lake, wanted: Version) -> Derivation | None:
    """Return how a version was worked out from others; nothing for one that was not."""
    with lake.database.read() as connection:
        return store.derivation_of(connection, wanted.dataset, wanted.id)


def receipts(lake: Lake, dataset: str) -> tuple[Receipt, ...]:
    """Return what came for a dataset, oldest first."""
    with lake.database.read() as connection:
        return store.receipts(connection, dataset)


def last_receipt(lake: Lake, origin: str) -> Receipt | None:
    """Return the last receipt from an address, or nothing."""
    if not lake.database.exists:
        return None
    with lake.database.read() as connection:
        return store.last_receipt(connection, origin)


def holds(lake: Lake, *, every: bool = False) -> tuple[Hold, ...]:
    """Return the versions that are held, newest first; ``every`` also those that were decided on."""
    if not lake.database.exists:
        return ()
    with lake.database.read() as connection:
        found = store.holds(connection)
    return tuple(one for one in found if every or one.decision is Decided.OPEN)


def _unknown(lake: Lake, dataset: str) -> UnknownNameError:
    if any(one.dataset == dataset for one in holds(lake)):
        return UnknownNameError("dataset-held", dataset=dataset)
    return UnknownNameError("dataset-unknown", name=dataset, advice=did_you_mean(dataset, heads(lake)))
