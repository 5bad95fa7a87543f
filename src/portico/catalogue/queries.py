"""Questions to the catalogue."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from portico.catalogue import store
from portico.catalogue.model import Dataset, DatasetKind
from portico.database import Database
from portico.errors import UnknownNameError
from portico.messages import Text, did_you_mean


def datasets(database: Database) -> tuple[Dataset, ...]:
    """Return every dataset, by id."""
    with database.read() as connection:
        rows = connection.execute(select(store.dataset).order_by(store.dataset.c.id)).mappings().all()
    return tuple(_dataset(row) for row in rows)


def dataset(database: Database, identifier: str) -> Dataset:
    """Return one dataset; raise UnknownNameError with the nearest known name for any other."""
    with database.read() as connection:
        row = connection.execute(select(store.dataset).where(store.dataset.c.id == identifier)).mappings().first()
    if row is None:
        advice = did_you_mean(identifier, [one.id for one in datasets(database)])
        raise UnknownNameError("dataset-unknown", name=identifier, advice=advice)
    return _dataset(row)


def _dataset(row: RowMapping) -> Dataset:
    return Dataset(
        row["id"],
        DatasetKind(row["kind"]),
        Text(row["title"]),
        row["publisher"],
        row["licence"],
        Text(row["description"]),
        row["attribution"],
        row["source_url"],
    )
