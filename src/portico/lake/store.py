"""The lake's tables (versions, the log of publications, heads, citations), and every statement on them."""

from __future__ import annotations

import dataclasses

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from portico.database import metadata
from portico.lake import model
from portico.lake.model import Publication, Version

version = Table(
    "version",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("distribution", String(160), ForeignKey("distribution.id"), nullable=False),
    Column("columns", JSON, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("file", String(200), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
)
publication = Table(
    "publication",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("published_at", String(40), nullable=False),
    Column("made_by", String(80), nullable=False),
)
head = Table(
    "head",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("number", Integer, nullable=False),
)
citation = Table(
    "citation",
    metadata,
    Column("dataset", String(120), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("cited_by", String(200), primary_key=True),
)


_AT_HEAD = (head.c.dataset == publication.c.dataset) & (head.c.number == publication.c.number)


def head_of(connection: Connection, dataset: str) -> Publication | None:
    """Return the publication a dataset stands at, or nothing."""
    query = select(publication).join(head, _AT_HEAD).where(publication.c.dataset == dataset)
    row = connection.execute(query).mappings().first()
    return Publication(**row) if row else None


def heads(connection: Connection) -> dict[str, Version]:
    """Return the version each dataset stands at."""
    same = (publication.c.dataset == version.c.dataset) & (publication.c.version == version.c.id)
    rows = connection.execute(select(version).join(publication, same).join(head, _AT_HEAD)).mappings()
    return {row["dataset"]: _version(row) for row in rows}


def log(connection: Connection, dataset: str) -> tuple[Publication, ...]:
    """Return the publications of a dataset, oldest first."""
    query = select(publication).where(publication.c.dataset == dataset).order_by(publication.c.number)
    return tuple(Publication(**row) for row in connection.execute(query).mappings())


def one_version(connection: Connection, dataset: str, identifier: str) -> Version:
    """Return a version that is in the log."""
    return _version(connection.execute(_same_version(dataset, identifier)).mappings().one())


def put_version(connection: Connection, one: Version) -> None:
    """Enter a version, unless it is known. Its content never changes; its file may have been written again."""
    known = connection.execute(_same_version(one.dataset, one.id)).mappings().first()
    if known is None:
        plain = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
        plain["columns"] = [column.to_dict() for column in one.columns]
        connection.execute(insert(version).values(**plain))
    written = {"file": one.file, "file_sha256": one.file_sha256, "file_bytes": one.file_bytes}
    stale = version.c.file_sha256 != one.file_sha256
    connection.execute(update(version).where(version.c.id == one.id, stale).values(**written))


def file_of(connection: Connection, identifier: str) -> tuple[str, str, int] | None:
    """Return name, SHA-256 and size of the file of a version, as its manifest says."""
    row = connection.execute(_files(identifier)).first()
    return (row[0], row[1], row[2]) if row else None


def _files(identifier: str) -> Select[str, str, int]:
    return (
        select(version.c.file, version.c.file_sha256, version.c.file_bytes).where(version.c.id == identifier).distinct()
    )


def append(connection: Connection, one: Publication) -> bool:
    """Write a log entry and move the head to it; say whether the head still stood at the entry before."""
    plain = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    connection.execute(insert(publication).values(**plain))
    if one.number == 1:
        connection.execute(insert(head).values(dataset=one.dataset, number=1))
        return True
    where = (head.c.dataset == one.dataset, head.c.number == one.number - 1)
    return connection.execute(update(head).where(*where).values(number=one.number)).rowcount == 1


def put_citation(connection: Connection, dataset: str, identifier: str, by: str) -> None:
    """Note a citation, once."""
    row = {"dataset": dataset, "version": identifier, "cited_by": by}
    where = [citation.c[name] == value for name, value in row.items()]
    if connection.execute(select(func.count()).select_from(citation).where(*where)).scalar() == 0:
        connection.execute(insert(citation).values(**row))


def _same_version(dataset: str, identifier: str) -> Select[tuple[object, ...]]:
    return select(version).where(version.c.id == identifier, version.c.dataset == dataset)


def _version(row: RowMapping) -> Version:
    plain = dict(row)
    plain["columns"] = tuple(model.Column.from_dict(column) for column in plain["columns"])
    return Version(**plain)
