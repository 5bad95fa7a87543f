"""The lake's tables (versions, the log of publications, heads, citations), and every statement on them."""

from __future__ import annotations

import dataclasses
from collections.abc import Container

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from portico.database import metadata
from portico.figures import Evidence
from portico.lake import model
from portico.lake.model import Decided, Derivation, Examination, Hold, Publication, Receipt, Version

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
receipt = Table(
    "receipt",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("received_at", String(40), primary_key=True),
    Column("name", String(300), nullable=False),
    Column("origin", Text, nullable=False),
    Column("how", JSON, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("file", String(200), nullable=False),
)
examination = Table(
    "examination",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("receipt", String(64), nullable=False),
    Column("report", JSON, nullable=False),
    Column("rejects_file", String(200), nullable=False),
    Column("reject_count", BigInteger, nullable=False),
    Column("examined_at", String(40), nullable=False),
)
derivation = Table(
    "derivation",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("method", JSON, nullable=False),
    Column("rests_on", JSON, nullable=False),
)
hold = Table(
    "hold",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("reasons", JSON, nullable=False),
    Column("held_at", String(40), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("became", String(64), nullable=False),
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


def put_derivation(connection: Connection, one: Version, made: Derivation) -> None:
    """Note how a version was worked out, and that it cites what it rests on; worked out again, the newest stands."""
    if derivation_of(connection, one.dataset, one.id) == made:
        return
    connection.execute(delete(derivation).where(*_derived(one.dataset, one.id)))
    plain = {"method": made.method.to_dict(), "rests_on": [piece.to_dict() for piece in made.rests_on]}
    connection.execute(insert(derivation).values(dataset=one.dataset, version=one.id, **plain))
    connection.execute(delete(citation).where(citation.c.cited_by == _citing(one.dataset, one.id)))
    for dataset, identifier in made.cited:
        put_citation(connection, dataset, identifier, _citing(one.dataset, one.id))


def derivation_of(connection: Connection, dataset: str, identifier: str) -> Derivation | None:
    """Return how a version was worked out, where it was worked out from others."""
    row = connection.execute(select(derivation).where(*_derived(dataset, identifier))).mappings().first()
    if row is None:
        return None
    return Derivation(Evidence(**row["method"]), tuple(Evidence(**piece) for piece in row["rests_on"]))


def _derived(dataset: str, identifier: str) -> tuple[ColumnElement[bool], ...]:
    return (derivation.c.dataset == dataset, derivation.c.version == identifier)


def _citing(dataset: str, identifier: str) -> str:
    """Return the name by which a version cites others."""
    return f"{dataset}@{identifier}"


def put_receipt(connection: Connection, one: Receipt) -> None:
    """Note that bytes came, once for each time they came."""
    where = (receipt.c.dataset == one.dataset, receipt.c.sha256 == one.sha256, receipt.c.received_at == one.received_at)
    if connection.execute(select(receipt.c.sha256).where(*where)).first() is None:
        connection.execute(insert(receipt).values(**_fields(one)))


def receipts(connection: Connection, dataset: str) -> tuple[Receipt, ...]:
    """Return what came for a dataset, oldest first."""
    query = select(receipt).where(receipt.c.dataset == dataset).order_by(receipt.c.received_at)
    return tuple(Receipt(**row) for row in connection.execute(query).mappings())


def last_receipt(connection: Connection, origin: str) -> Receipt | None:
    """Return the newest receipt from an address or path."""
    query = select(receipt).where(receipt.c.origin == origin).order_by(receipt.c.received_at.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return Receipt(**row) if row else None


def last_arrival(connection: Connection, origin: str) -> tuple[Receipt, ...]:
    """Return the receipts of the last time bytes came from an address or path, by dataset: one for each they became."""
    last = last_receipt(connection, origin)
    if last is None:
        return ()
    same = (receipt.c.origin == origin, receipt.c.sha256 == last.sha256, receipt.c.received_at == last.received_at)
    rows = connection.execute(select(receipt).where(*same).order_by(receipt.c.dataset)).mappings()
    return tuple(Receipt(**row) for row in rows)


def put_examination(connection: Connection, one: Examination) -> None:
    """Note what was found when a version was made; found again later, the newest report stands."""
    where = (examination.c.dataset == one.dataset, examination.c.version == one.version)
    connection.execute(delete(examination).where(*where))
    connection.execute(insert(examination).values(**_fields(one)))


def examination_of(connection: Connection, dataset: str, identifier: str) -> Examination | None:
    """Return what was found when a version was made, where it was made from a file."""
    where = (examination.c.dataset == dataset, examination.c.version == identifier)
    row = connection.execute(select(examination).where(*where)).mappings().first()
    return Examination(**row) if row else None


def examination_at(connection: Connection, dataset: str, original: str, at: str) -> Examination | None:
    """Return what was found when the bytes with the SHA-256 ``original`` came at the time ``at``."""
    where = (examination.c.dataset == dataset, examination.c.receipt == original, examination.c.examined_at == at)
    row = connection.execute(select(examination).where(*where)).mappings().first()
    return Examination(**row) if row else None


def put_hold(connection: Connection, one: Hold) -> None:
    """Hold a version, or note what was decided on it."""
    connection.execute(delete(hold).where(hold.c.dataset == one.dataset, hold.c.version == one.version))
    connection.execute(
        insert(hold).values(**_fields(one) | {"decision": one.decision.value, "reasons": list(one.reasons)})
    )


def hold_of(connection: Connection, dataset: str, identifier: str) -> Hold | None:
    """Return the hold on a version, where there ever was one."""
    where = (hold.c.dataset == dataset, hold.c.version == identifier)
    row = connection.execute(select(hold).where(*where)).mappings().first()
    return _hold(row) if row else None


def holds(connection: Connection, dataset: str = "") -> tuple[Hold, ...]:
    """Return every hold, newest first; of one dataset where it is named."""
    query = select(hold).order_by(hold.c.held_at.desc(), hold.c.dataset)
    rows = connection.execute(query.where(hold.c.dataset == dataset) if dataset else query).mappings()
    return tuple(_hold(row) for row in rows)


def _hold(row: RowMapping) -> Hold:
    plain = dict(row)
    return Hold(**plain | {"reasons": tuple(plain["reasons"]), "decision": Decided(plain["decision"])})


def _fields(one: Receipt | Examination | Hold) -> dict[str, object]:
    return {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}


def _same_version(dataset: str, identifier: str) -> Select[tuple[object, ...]]:
    return select(version).where(version.c.id == identifier, version.c.dataset == dataset)


def _version(row: RowMapping) -> Version:
    plain = dict(row)
    plain["columns"] = tuple(model.Column.from_dict(column) for column in plain["columns"])
    return Version(**plain)


# What clean-up, verification and copying ask and do.


def every_version(connection: Connection) -> tuple[Version, ...]:
    """Return every version whose content is kept, published or not."""
    rows = connection.execute(select(version).order_by(version.c.dataset, version.c.id)).mappings()
    return tuple(_version(row) for row in rows)


def every_publication(connection: Connection) -> tuple[Publication, ...]:
    """Return the whole log: by dataset, oldest first."""
    rows = connection.execute(select(publication).order_by(publication.c.dataset, publication.c.number)).mappings()
    return tuple(Publication(**row) for row in rows)


def every_head(connection: Connection) -> dict[str, int]:
    """Return the number of the publication each dataset stands at."""
    return {row[0]: row[1] for row in connection.execute(select(head.c.dataset, head.c.number))}


def every_citation(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who cites each cited version, named by dataset and id."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    columns = (citation.c.dataset, citation.c.version, citation.c.cited_by)
    for dataset, identifier, by in connection.execute(select(*columns).order_by(*columns)):
        found[dataset, identifier] = (*found.get((dataset, identifier), ()), by)
    return found


def version_if_kept(connection: Connection, dataset: str, identifier: str) -> Version | None:
    """Return a version, or nothing where clean-up has taken its content."""
    row = connection.execute(_same_version(dataset, identifier)).mappings().first()
    return _version(row) if row else None


def remove_version(connection: Connection, dataset: str, identifier: str) -> None:
    """Forget the content of a version. Its entries in the log, its report and what was decided on it stay.

    What it cites is not kept for its sake any more.
    """
    connection.execute(delete(citation).where(citation.c.cited_by == _citing(dataset, identifier)))
    connection.execute(delete(version).where(version.c.id == identifier, version.c.dataset == dataset))


def files_beside(connection: Connection, kept: Container[tuple[str, str]], since: str) -> dict[str, tuple[str, str]]:
    """Return the files that belong to the versions ``kept`` (dataset and id) without being their content.

    These are rejects, and originals that led to a kept version, or to none, or came after ``since``. Each file has its
    dataset and, as far as known, its SHA-256.
    """
    columns = (examination.c.dataset, examination.c.version, examination.c.receipt, examination.c.rejects_file)
    found: dict[str, tuple[str, str]] = {}
    led: dict[tuple[str, str], bool] = {}
    for dataset, identifier, original, rejects in connection.execute(select(*columns)):
        stays = (dataset, identifier) in kept
        led[dataset, original] = stays or led.get((dataset, original), False)
        if stays and rejects:
            found[rejects] = (dataset, "")
    for one in connection.execute(select(receipt)).mappings():
        if led.get((one["dataset"], one["sha256"]), True) or one["received_at"] >= since:
            found[one["file"]] = (one["dataset"], one["sha256"])
    return found


def damage(connection: Connection) -> tuple[str, ...]:
    """Return what the database itself finds wrong with its file; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        return ()
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    return (*(text for text in found if text != "ok"), *(f"{row[0]} -> {row[2]}" for row in rows))
