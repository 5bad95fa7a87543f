"""Ingest, step by step: receive, sniff, parse, type, check, guard, publish.

``examine`` does all but the first and the last on a file, without a lake; ``portico inspect`` prints what it returns.
``deposit`` puts one examined table into a lake: original, version, rejects, report and log entry, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from portico.errors import InputError, PorticoError, StateError
from portico.geo import Box
from portico.lake import checks, identity, placing, privacy, profile, schemas, typed
from portico.lake.columns import BY_NAME
from portico.lake.deciding import decide, expect
from portico.lake.decisions import Decision
from portico.lake.described import Schema
from portico.lake.engine import Engine
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.limits import MAX_ISSUES
from portico.lake.model import Column, Type
from portico.lake.personal import MASK
from portico.lake.placing import Placed
from portico.lake.privacy import Personal
from portico.lake.readers import reader_of
from portico.lake.receive import Bytes, members
from portico.lake.sniff.shape import unique_names
from portico.lake.typed import Typed
from portico.messages import Finding, Message, Place, Severity

STEPS = ("receive", "sniff", "parse", "type", "check", "guard", "publish")
_LARGE = 50_000
_BESIDE = 1_000_000
Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Examined:
    """One table of a file, typed and judged; ``identifier`` is the id of the version that it is.

    ``personal`` says what keeps it from being published.
    """

    name: str
    member: Member
    parsed: Parsed
    decisions: tuple[Decision, ...]
    places: tuple[Placed, ...]
    typed: Typed
    profiles: Mapping[str, Mapping[str, Any]]
    geometry: Mapping[str, Any]
    personal: tuple[Personal, ...]
    issues: tuple[Finding, ...]
    identifier: str
    rejects_are_personal: bool

    def report(self) -> dict[str, Any]:
        """Return what was found as plain data; sentences are for the doors to make from ``type`` and ``values``."""
        dialect = self.parsed.dialect
        decided = {one.column: one for one in self.decisions}
        return {
            "table": self.name,
            "format": self.parsed.format.value,
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "quote": dialect.quote,
            "header_rows": dialect.header_rows,
            "preamble_rows": dialect.preamble_rows,
            "footer_rows": dialect.footer_rows,
            "rows": self.typed.rows,
            "rejects": self.typed.reject_count,
            "rejects_are_personal": self.rejects_are_personal,
            "columns": [
                _described(column.name, column.to_dict(), decided.get(column.name), self.profiles.get(column.name, {}))
                for column in self.typed.columns
            ],
            "crs": self.places[0].source_crs if self.places else "",
            "geometry": dict(self.geometry),
            "personal_data": [{"column": one.column, "kind": one.kind, "count": one.count} for one in self.personal],
            "issues": [plain_finding(one) for one in self.issues],
        }


def _described(
    name: str, column: Mapping[str, str], decided: Decision | None, seen: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "type": column["type"],
        "meaning": column.get("meaning", ""),
        "unit": column.get("unit", ""),
        "format": decided.format if decided else "",
        "nulls": seen.get("missing", 0),
        "rejects": decided.misfits if decided else 0,
        "confidence": decided.confidence if decided else 1.0,
        "profile": dict(seen),
    }


def plain_finding(one: Finding) -> dict[str, Any]:
    """Return a finding as plain data."""
    return {
        "type": one.kind,
        "severity": one.severity.value,
        "row": one.place.row,
        "column": one.place.column,
        "value": one.value[:500],
        "values": {name: _plain(value) for name, value in one.message.values.items()},
    }


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return {"id": value.id, "values": {name: _plain(inner) for name, inner in value.values.items()}}
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def examine(
    received: Bytes,
    shop: Workshop,
    *,
    extent: Box | None = None,
    beside: Sequence[Path] = (),
    progress: Progress = lambda _step, _name: None,
) -> list[Examined]:
    """Return every table in the bytes ``received``. An empty file is an empty list.

    ``extent`` is where places should lie, in EPSG:4326; ``progress`` is told each step as it begins.
    Raises InputError with one sentence where the file cannot be read or is no table.
    """
    progress("sniff", received.name)
    found = members(received.path, received.name, shop, beside)
    done: list[Examined] = []
    for member in found:
        if member.format is Format.EMPTY:
            continue
        progress("parse", member.name)
        try:
            done += _tables(member, shop, extent, progress, alone=len(found) == 1)
        except duckdb.Error as error:
            raise _refusal(member, error) from error
        except OSError as error:  # a full disk, mostly
            raise StateError("state-failed", path=member.name, detail=error.strerror or str(error)) from error
    names = unique_names([one.name for one in done])
    return [replace(one, name=name if len(done) > 1 else one.name) for one, name in zip(done, names, strict=True)]


def _tables(
    member: Member, shop: Workshop, extent: Box | None, progress: Progress, *, alone: bool
) -> Iterator[Examined]:
    """Yield the tables of one member, each typed and judged; later ones may refer to earlier ones."""
    tables = reader_of(member.format)(member, shop)
    schema, complaints = schemas.read(member)
    typed_tables = []
    for parsed in tables:
        progress("type", parsed.name or member.name)
        typed_tables.append((parsed, *_typed(parsed, schema, shop, extent)))
    others = {parsed.name: made.file for parsed, *_, made in typed_tables}
    for parsed, decisions, places, said, made in typed_tables:
        stem = "" if alone else str(PurePosixPath(member.name).with_suffix("")).replace("/", "-")
        name = "-".join(part for part in (stem, parsed.name) if part)
        judged = _Judged(name, member, parsed, decisions, places, said, made)
        yield _examined(judged, schema, complaints, shop, others, progress)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A typed table on its way to be judged."""

    name: str
    member: Member
    parsed: Parsed
    decisions: tuple[Decision, ...]
    places: tuple[Placed, ...]
    said_of_places: tuple[Finding, ...]
    made: Typed


def _refusal(member: Member, error: duckdb.Error) -> PorticoError:
    """Say why the engine gave up: the disk or memory has no room, or the file holds what it cannot take."""
    detail = str(error).splitlines()[0]
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return StateError("state-failed", path=member.name, detail=detail)
    return InputError("broken-file", file=member.name, detail=detail)


def _examined(
    one: _Judged,
    schema: Schema,
    complaints: Sequence[Finding],
    shop: Workshop,
    others: Mapping[str, Path],
    progress: Progress,
) -> Examined:
    """Check and guard one typed table."""
    parsed, places, made, name = one.parsed, one.places, one.made, one.member.name
    progress("check", parsed.name or name)
    cursor = shop.cursor(spatial=bool(places))
    identity_of = ThreadPoolExecutor(1)
    try:
        # Beside the checks: neither keeps two processors busy alone.
        identifier = identity_of.submit(_identifier, made, shop.engine)
        if made.rows > _BESIDE:
            wait([identifier])  # of a large table each alone needs most of the memory
        profiles = profile.profile(cursor, made.file, made.columns)
        shape = _shape(cursor, made, places[0]) if places and made.rows else {}
        siblings = {key: file for key, file in others.items() if key != parsed.name}
        faults = checks.check(
            cursor, made.file, made.columns, schema, siblings, name=name, first_row=parsed.first_row, profiles=profiles
        )
        progress("guard", parsed.name or name)
        kinds = {each.column: each.candidate.type.personal if each.candidate else "" for each in one.decisions}
        personal = privacy.guard(cursor, made.file, made.columns, kinds)
        hidden = made.rejects is not None and bool(privacy.guard(cursor, made.rejects, [Column("raw", Type.TEXT)], {}))
        firsts = typed.first_misfits(made, cursor)
        version = identifier.result()
    finally:
        identity_of.shutdown()
        cursor.close()
    of_types = _of_types(one.decisions, name, firsts, hidden=hidden)
    issues = [*parsed.issues, *complaints, *of_types, *one.said_of_places, *faults]
    if places:
        shape = {**shape, "source_crs": places[0].source_crs, "accuracy_m": places[0].accuracy_m}
    return Examined(
        one.name,
        one.member,
        parsed,
        one.decisions,
        places,
        made,
        {key: value.to_dict() for key, value in profiles.items()},
        shape,
        tuple(personal),
        tuple(issues[:MAX_ISSUES]),
        version,
        hidden,
    )


def _shape(cursor: duckdb.DuckDBPyConnection, made: Typed, place: Placed) -> dict[str, Any]:
    return profile.geometry_profile(cursor, made.file, place.column, is_point=place.type is Type.POINT)


def _typed(
    parsed: Parsed, schema: Schema, shop: Workshop, extent: Box | None
) -> tuple[tuple[Decision, ...], tuple[Placed, ...], tuple[Finding, ...], Typed]:
    """Decide on the columns and write the typed table.

    A large regular table is written at once as a sample proposes; it proves the proposal where no value was lost. Else
    the columns in which some were are decided by all of their values, and the table is written again.
    """
    expected = expect(parsed, shop) if parsed.rows > _LARGE and not schema.fields else None
    proved: dict[str, Decision] = {}
    if expected is not None:
        places, said = placing.places(parsed, expected, shop, extent)
        made = typed.write(parsed, expected, places, shop)
        proved = typed.proved(parsed, expected, places, made, shop)
        if len(proved) == len(expected):
            return expected, places, said, made
        made.file.unlink()
    decisions = schemas.applied(decide(parsed, shop, proved), schema)
    places, said = placing.places(parsed, decisions, shop, extent)
    return decisions, places, said, typed.write(parsed, decisions, places, shop)


def _of_types(
    decisions: Sequence[Decision], file: str, firsts: Mapping[str, tuple[int, str]], *, hidden: bool
) -> list[Finding]:
    """Say what the decisions on columns leave open: fallbacks, misfits, assumptions, words for nothing.

    ``firsts`` is the first misfit of each column, its text to be ``hidden`` where rejects hold personal data.
    """
    found = []

    def say(one: Decision, message: str, row: int = 0, **values: object) -> None:
        spoken = Message(message, {"column": one.column, **values} | ({"row": str(row)} if row else {}))
        raw = str(values.get("value", ""))
        found.append(Finding(spoken, Place(file, row, one.column), raw, Severity.WARNING))

    for one in decisions:
        if one.refused and one.candidate is None:
            say(one, "column-stays-text", type=BY_NAME[one.refused].words, value=one.refused_by[:80])
        if one.misfits and one.column in firsts:
            row, raw = firsts[one.column]
            value = MASK if hidden else raw[:80]
            type_ = one.candidate.type.words if one.candidate else ""
            say(one, "column-misfits", row, count=one.misfits, type=type_, value=value)
        if one.missing:
            say(one, "column-missing-words", count=one.missing)
        if one.assumed:
            say(one, "column-convention-assumed", format=one.format)
    return found


def _identifier(made: Typed, engine: Engine) -> str:
    cursor = engine.cursor(spatial=any(column.is_geometry for column in made.columns))
    try:
        path = "'" + str(made.file).replace("'", "''") + "'"
        content = identity.content_hash(
            cursor, made.columns, f"read_parquet({path})", made.rows, made.file.with_suffix(".hashes")
        )
    finally:
        cursor.close()
    return identity.version_id(made.columns, content)
