"""Questions to the catalogue."""

from __future__ import annotations

from portico.catalogue import store
from portico.catalogue.model import Dataset
from portico.database import Database
from portico.errors import UnknownNameError
from portico.messages import did_you_mean


def datasets(database: Database) -> tuple[Dataset, ...]:
    """Return every dataset, by id."""
    with database.read() as connection:
        return store.every_dataset(connection)


def dataset(database: Database, identifier: str) -> Dataset:
    """Return one dataset; raise UnknownNameError with the nearest known name for any other."""
    with database.read() as connection:
        found = store.one_dataset(connection, identifier)
    if found is None:
        advice = did_you_mean(identifier, [one.id for one in datasets(database)])
        raise UnknownNameError("dataset-unknown", name=identifier, advice=advice)
    return found
