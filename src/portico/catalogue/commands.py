"""Changes to the catalogue, each inside the caller's transaction."""

from __future__ import annotations

from sqlalchemy import Connection, Table, insert, select, update

from portico.catalogue import store
from portico.catalogue.model import Dataset, Distribution


def record(connection: Connection, dataset: Dataset, distribution: Distribution) -> None:
    """Enter ``dataset`` and ``distribution``, or bring what is known of them up to date."""
    _put(
        connection,
        store.dataset,
        dataset.id,
        {
            "kind": dataset.kind.value,
            "title": dict(dataset.title),
            "description": dict(dataset.description),
            "publisher": dataset.publisher,
            "licence": dataset.licence,
            "attribution": dataset.attribution,
            "source_url": dataset.source_url,
        },
    )
    _put(
        connection,
        store.distribution,
        distribution.id,
        {"dataset": distribution.dataset, "media_type": distribution.media_type, "origin": distribution.origin},
    )


def _put(connection: Connection, table: Table, identifier: str, values: dict[str, object]) -> None:
    known = connection.execute(select(table).where(table.c.id == identifier)).mappings().first()
    if known is None:
        connection.execute(insert(table).values(id=identifier, **values))
    elif any(known[name] != value for name, value in values.items()):
        connection.execute(update(table).where(table.c.id == identifier).values(**values))
