"""The last step of ingest: an examined table becomes a version of a dataset, or is held, or nothing at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from portico.catalogue.commands import record
from portico.catalogue.model import Dataset, Distribution
from portico.database import Connection, Database
from portico.errors import StateError
from portico.lake import store
from portico.lake.commands import Published, head_to
from portico.lake.engine import Engine
from portico.lake.ingest import Examined
from portico.lake.lake import Lake
from portico.lake.model import Decided, Examination, Hold, Publication, Receipt, Version
from portico.lake.objects import Objects
from portico.lake.receive import Bytes


@dataclass(frozen=True, slots=True)
class Deposited:
    """What became of a table: published (newly or unchanged), or held because of personal data.

    Of a table that an officer had masked or columns dropped from, what is published is the version that came of that:
    ``version`` and ``publication`` are then its own, and ``hold`` says what was decided.
    """

    dataset: str
    version: Version
    publication: Publication | None
    is_new: bool
    hold: Hold | None
    rejects: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes and how they came, as the receipt keeps it."""

    received: Bytes
    at: str
    how: Mapping[str, Any]


def deposit(lake: Lake, one: Examined, dataset: Dataset, distribution: Distribution, arrival: Arrival) -> Deposited:
    """Put an examined table into the lake, in one transaction: original, version, rejects, report, log entry.

    A table with personal data is kept but not published: it is held until somebody decides. Once released, the same
    content is published without asking again; once masked or dropped from, what came of that is. Raises StateError
    where the disk is full or the lake is read-only.
    """
    if not lake.database.is_writable:
        raise StateError("state-read-only", path=lake.objects.folder.parent.name)
    try:
        # The copy first: where there is no room for it, nothing else has been put in its place yet.
        original = lake.objects.keep_as(arrival.received.path, original_name(arrival.received.sha256), copy=True)
        version, rejects = _kept(lake, one, dataset, distribution)
    except (OSError, duckdb.Error) as error:
        detail = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StateError("state-failed", path=dataset.id, detail=detail) from error
    receipt = Receipt(
        dataset.id,
        arrival.received.sha256,
        arrival.at,
        arrival.received.name[:300],
        arrival.received.origin,
        dict(arrival.how),
        arrival.received.size,
        original,
    )
    report = json.loads(json.dumps(one.report(), allow_nan=False, default=str))
    examination = Examination(
        dataset.id, version.id, receipt.sha256, report, rejects, one.typed.reject_count, arrival.at
    )
    with lake.database.write() as connection:
        lake.objects.demand(version.file, original, rejects)
        record(connection, dataset, distribution)
        store.put_receipt(connection, receipt)
        store.put_version(connection, version)
        store.put_examination(connection, examination)
        held = store.hold_of(connection, dataset.id, version.id)
        if one.personal and (held is None or held.decision is not Decided.RELEASED):
            hold = held or Hold(dataset.id, version.id, tuple(report["personal_data"]), arrival.at)
            store.put_hold(connection, hold)
            again = _as_decided(connection, hold, arrival.at)
            if again is not None:
                return Deposited(
                    dataset.id, again.version, again.publication, again.is_new, hold, one.typed.reject_count
                )
            return Deposited(dataset.id, version, None, held is None, hold, one.typed.reject_count)
        published = head_to(connection, version, at=arrival.at)
    return Deposited(dataset.id, version, published.publication, published.is_new, None, one.typed.reject_count)


def _as_decided(connection: Connection, hold: Hold, at: str) -> Published | None:
    """Publish what an officer made of a held version, where that is still there."""
    instead = store.version_if_kept(connection, hold.dataset, hold.became) if hold.became else None
    return head_to(connection, instead, at=at) if instead is not None else None


def original_name(sha256: str) -> str:
    """Return the name in the lake's folder of original bytes."""
    return f"originals/{sha256[:2]}/{sha256}"


def rejects_name(version: str) -> str:
    """Return the name in the lake's folder of the rejects of a version."""
    return f"rejects/{version[:2]}/{version}.parquet"


def _kept(lake: Lake, one: Examined, dataset: Dataset, distribution: Distribution) -> tuple[Version, str]:
    """Put the files of a table in their places; return its version and the name of its rejects."""
    identifier = one.identifier
    stated = _stated_file(lake, identifier)
    file, sha256, size = stated or lake.objects.keep(one.typed.file, identifier)
    rejects = ""
    if one.typed.rejects is not None:
        rejects = lake.objects.keep_as(one.typed.rejects, rejects_name(identifier), copy=False)
    version = Version(identifier, dataset.id, distribution.id, one.typed.columns, one.typed.rows, file, sha256, size)
    return version, rejects


def _stated_file(lake: Lake, identifier: str) -> tuple[str, str, int] | None:
    """Return the file of a version that is there already, whole."""
    if not lake.database.exists:
        return None
    with lake.database.read() as connection:
        stated = store.file_of(connection, identifier)
    return stated if stated is not None and lake.objects.is_whole(*stated) else None


def alone(one: Examined, engine: Engine) -> Lake:
    """Return a lake of nothing but an examined table, for what is done with files without a lake."""
    folder = one.typed.file.parent
    return Lake(Database(folder / "none.sqlite"), Objects(folder), engine)


def version_of(one: Examined, about: Dataset) -> Version:
    """Return the version that an examined table would be, its file where it lies now."""
    file = one.typed.file
    return Version(
        one.identifier, about.id, about.id, one.typed.columns, one.typed.rows, file.name, "", file.stat().st_size
    )
