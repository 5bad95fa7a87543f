"""Changes to the catalogue, each inside the caller's transaction."""

from __future__ import annotations

from portico.catalogue import store
from portico.catalogue.model import Dataset, Distribution
from portico.database import Connection


def record(connection: Connection, dataset: Dataset, distribution: Distribution) -> None:
    """Enter ``dataset`` and ``distribution``, or bring what is known of them up to date."""
    store.put_dataset(connection, dataset)
    store.put_distribution(connection, distribution)
