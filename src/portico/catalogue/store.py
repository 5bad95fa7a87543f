"""The catalogue's tables, and every statement on them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Connection, ForeignKey, RowMapping, String, Table, Text, insert, select, update

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.database import metadata
from portico.messages import Text as Words

dataset = Table(
    "dataset",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", JSON, nullable=False),
    Column("description", JSON, nullable=False),
    Column("publisher", String(300), nullable=False),
    Column("licence", String(300), nullable=False),
    Column("attribution", Text, nullable=False),
    Column("source_url", Text, nullable=False),
)
distribution = Table(
    "distribution",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("dataset", String(120), ForeignKey("dataset.id"), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("origin", Text, nullable=False),
)


def put_dataset(connection: Connection, one: Dataset) -> None:
    """Enter a dataset, or bring what is known of it up to date."""
    values: dict[str, object] = {
        "kind": one.kind.value,
        "title": dict(one.title),
        "description": dict(one.description),
        "publisher": one.publisher,
        "licence": one.licence,
        "attribution": one.attribution,
        "source_url": one.source_url,
    }
    _put(connection, dataset, one.id, values)


def put_distribution(connection: Connection, one: Distribution) -> None:
    """Enter a distribution, or bring what is known of it up to date."""
    values: dict[str, object] = {"dataset": one.dataset, "media_type": one.media_type, "origin": one.origin}
    _put(connection, distribution, one.id, values)


def _put(connection: Connection, table: Table, identifier: str, values: dict[str, object]) -> None:
    known = connection.execute(select(table).where(table.c.id == identifier)).mappings().first()
    if known is None:
        connection.execute(insert(table).values(id=identifier, **values))
    elif any(known[name] != value for name, value in values.items()):
        connection.execute(update(table).where(table.c.id == identifier).values(**values))


def every_dataset(connection: Connection) -> tuple[Dataset, ...]:
    """Return all datasets, by id."""
    return tuple(_dataset(row) for row in connection.execute(select(dataset).order_by(dataset.c.id)).mappings())


def one_dataset(connection: Connection, identifier: str) -> Dataset | None:
    """Return a dataset, or nothing."""
    row = connection.execute(select(dataset).where(dataset.c.id == identifier)).mappings().first()
    return _dataset(row) if row else None


def _dataset(row: RowMapping) -> Dataset:
    return Dataset(
        row["id"],
        DatasetKind(row["kind"]),
        Words(row["title"]),
        row["publisher"],
        row["licence"],
        Words(row["description"]),
        row["attribution"],
        row["source_url"],
    )
