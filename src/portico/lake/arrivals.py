"""What became of bytes when they last came: so that the same bytes need not be read again to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.database import Connection
from portico.lake import store
from portico.lake.lake import Lake
from portico.lake.model import Decided, Publication, Receipt, Version

MADE = "made"
TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Became:
    """A version that was made, its publication (nothing where it is held), and the report of what was found."""

    version: Version
    publication: Publication | None
    report: Mapping[str, Any]


def noted(made: Mapping[str, Any], tables: int) -> dict[str, Any]:
    """Return what a receipt must say of how its bytes were read, for ``became`` to know them again."""
    return {MADE: dict(made), TABLES: tables}


def became(lake: Lake, origin: str, sha256: str, made: Mapping[str, Any]) -> tuple[Became, ...]:
    """Return what the bytes became that last came from ``origin``, one for each table.

    Nothing where other bytes came last, where they were read in another way than ``made`` says, where not every table
    of theirs arrived (a process was killed), or where clean-up took the content of one.
    """
    if not lake.database.exists:
        return ()
    with lake.database.read() as connection:
        receipts = store.last_arrival(connection, origin)
        if not receipts or any(one.sha256 != sha256 or one.how.get(MADE) != made for one in receipts):
            return ()
        if any(one.how.get(TABLES) != len(receipts) for one in receipts):
            return ()
        found = [_became(connection, one) for one in receipts]
    whole = [one for one in found if one is not None and lake.objects.path(one.version.file).is_file()]
    return tuple(whole) if len(whole) == len(receipts) else ()


def datasets_from(lake: Lake, origin: str, sha256: str) -> tuple[str, ...]:
    """Return the datasets that the bytes became, where they were the last to come from ``origin``."""
    if not lake.database.exists:
        return ()
    with lake.database.read() as connection:
        return tuple(one.dataset for one in store.last_arrival(connection, origin) if one.sha256 == sha256)


def _became(connection: Connection, receipt: Receipt) -> Became | None:
    found = store.examination_at(connection, receipt.dataset, receipt.sha256, receipt.received_at)
    version = store.version_if_kept(connection, receipt.dataset, found.version) if found else None
    if found is None or version is None:
        return None
    hold = store.hold_of(connection, receipt.dataset, version.id)
    is_held = hold is not None and hold.decision is not Decided.RELEASED
    return Became(version, None if is_held else store.head_of(connection, receipt.dataset), found.report)
