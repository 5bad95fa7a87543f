"""What an officer decides on a version held because of personal data: release it, mask or drop columns, refuse it.

Every decision keeps who, when and why. Masking and dropping make a new version, which is published; the held one stays
in the lake, unpublished, until clean-up. Nothing is decided twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portico.database import Connection
from portico.errors import ConflictError, InputError, StateError, UnknownNameError
from portico.lake import identity, privacy, profile, store
from portico.lake.commands import Published, head_to
from portico.lake.lake import Lake
from portico.lake.model import Column, Decided, Examination, Hold, Type, Version
from portico.messages import did_you_mean

_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when (ISO 8601) and why."""

    by: str
    at: str
    note: str = ""


def held(lake: Lake, name: str) -> tuple[Hold, Version]:
    """Return the open hold named ``DATASET`` (the newest) or ``DATASET@ID``, with its version."""
    dataset, _, wanted = name.partition("@")
    with lake.database.read() as connection:
        known = [one for one in store.holds(connection) if one.decision is Decided.OPEN]
        mine = [one for one in known if one.dataset == dataset]
        if wanted:
            mine = [one for one in mine if len(wanted) >= _SHORTEST and one.version.startswith(wanted)]
        if not mine:
            advice = did_you_mean(dataset, [one.dataset for one in known])
            raise UnknownNameError("hold-unknown", name=name, advice=advice)
        return mine[0], store.one_version(connection, dataset, mine[0].version)


def release(lake: Lake, name: str, decision: Decision) -> Published:
    """Publish a held version as it is."""
    hold, version = held(lake, name)
    with lake.database.write() as connection:
        _settle(connection, hold, Decided.RELEASED, decision)
        return head_to(connection, version, at=decision.at)


def refuse(lake: Lake, name: str, decision: Decision) -> Hold:
    """Decide that a held version is never published."""
    hold, _ = held(lake, name)
    with lake.database.write() as connection:
        return _settle(connection, hold, Decided.REFUSED, decision)


def mask(lake: Lake, name: str, columns: Sequence[str], decision: Decision) -> Published:
    """Publish a held version with the personal data in ``columns`` masked; all columns that hold some by default."""
    return _changed(lake, name, columns, decision, Decided.MASKED)


def drop(lake: Lake, name: str, columns: Sequence[str], decision: Decision) -> Published:
    """Publish a held version without ``columns``; without all columns that hold personal data by default."""
    return _changed(lake, name, columns, decision, Decided.DROPPED)


def _changed(lake: Lake, name: str, columns: Sequence[str], decision: Decision, how: Decided) -> Published:
    hold, version = held(lake, name)
    kinds: dict[str, list[str]] = {}
    for reason in hold.reasons:
        kinds.setdefault(str(reason["column"]), []).append(str(reason["kind"]))
    chosen = tuple(columns) or tuple(kinds)
    known = [column.name for column in version.columns]
    for one in chosen:
        if one not in known:
            raise UnknownNameError("column-unknown", name=one, dataset=hold.dataset, advice=did_you_mean(one, known))
    left = [column for column in kinds if column not in chosen]
    if left:
        raise InputError("hold-columns-left", columns=", ".join(left), dataset=hold.dataset)
    with lake.objects.workshop() as folder:
        made, kept = _rewritten(lake, version, chosen, kinds, how, folder)
        examination = _examination(lake, hold, made, chosen, how, kept, decision)
    with lake.database.write() as connection:
        store.put_version(connection, made)
        store.put_examination(connection, examination)
        _settle(connection, hold, how, decision, became=made.id)
        return head_to(connection, made, at=decision.at)


def _rewritten(
    lake: Lake, version: Version, chosen: Sequence[str], kinds: Mapping[str, Sequence[str]], how: Decided, folder: Path
) -> tuple[Version, tuple[Column, ...]]:
    """Write the version anew, without what must not be seen; return it."""
    columns: list[Column] = []
    cells: list[str] = []
    for column in version.columns:
        if column.name not in chosen:
            columns.append(column)
            cells.append(identity.quoted(column.name))
        elif how is Decided.MASKED:
            columns.append(Column(column.name, Type.TEXT, "", column.meaning))
            masked = privacy.masked_sql(identity.quoted(column.name), *kinds.get(column.name, ()))
            cells.append(f"{masked} AS {identity.quoted(column.name)}")
    if not columns:
        raise InputError("hold-nothing-left", dataset=version.dataset)
    cursor = lake.engine.cursor(spatial=any(column.is_geometry for column in columns))
    file = folder / "changed.parquet"
    try:
        source = _text(str(lake.objects.path(version.file)))
        cursor.execute(
            f"COPY (SELECT {', '.join(cells)} FROM read_parquet({source})) TO {_text(str(file))} "
            "(FORMAT parquet, COMPRESSION zstd, GEOPARQUET_VERSION 'V1')"
        )
        relation = f"read_parquet({_text(str(file))})"
        content = identity.content_hash(cursor, columns, relation, version.row_count, folder / "hashes")
    finally:
        cursor.close()
    identifier = identity.version_id(columns, content)
    kept, sha256, size = lake.objects.keep(file, identifier)
    made = Version(
        identifier, version.dataset, version.distribution, tuple(columns), version.row_count, kept, sha256, size
    )
    return made, tuple(columns)


def _examination(
    lake: Lake,
    hold: Hold,
    made: Version,
    chosen: Sequence[str],
    how: Decided,
    columns: Sequence[Column],
    decision: Decision,
) -> Examination:
    """Return the report of the changed version: that of the held one, with nothing left of what was hidden.

    Rejects are not carried over: their raw text may hold what was masked.
    """
    with lake.database.read() as connection:
        before = store.examination_of(connection, hold.dataset, hold.version)
    if before is None:
        raise StateError("hold-no-report", dataset=hold.dataset)
    report: dict[str, Any] = json.loads(json.dumps(dict(before.report)))
    kept = {column.name: column for column in columns}
    cursor = lake.engine.cursor(spatial=any(column.is_geometry for column in columns))
    try:
        anew = profile.profile(cursor, lake.objects.path(made.file), columns)
    finally:
        cursor.close()
    described = []
    for column in report["columns"]:
        if column["name"] in kept:
            type_ = kept[column["name"]].type.value
            described.append(column | {"type": type_, "profile": anew[column["name"]].to_dict()})
    report |= {"columns": described, "personal_data": [], "decided": {"how": how.value, "columns": list(chosen)}}
    report["issues"] = [one for one in report["issues"] if one["column"] not in chosen]
    return Examination(hold.dataset, made.id, before.receipt, report, "", 0, decision.at)


def _settle(connection: Connection, hold: Hold, how: Decided, decision: Decision, became: str = "") -> Hold:
    """Note a decision, where none was made meanwhile."""
    standing = store.hold_of(connection, hold.dataset, hold.version)
    if standing is None or standing.decision is not Decided.OPEN:
        raise ConflictError("hold-decided", dataset=hold.dataset)
    settled = replace(
        hold, decision=how, decided_by=decision.by, decided_at=decision.at, note=decision.note, became=became
    )
    store.put_hold(connection, settled)
    return settled


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
