"""The description beside a file: found, read with limits, applied to what the values say, and written for a version.

A Table Schema (alone, in a resource or a data package) and CSVW metadata are told apart by their content. What a
description says counts for more than what the values look like, as far as nothing is lost by it: a column declared to
be text stays text, codes that look like numbers among them; declared missing values are empty; a declared order of day
and month decides where the values leave it open. Any other declared type is not forced on the values: ``checks`` says
where they do not meet it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portico.lake import csvw, frictionless
from portico.lake.columns.base import Convention, Writing
from portico.lake.decisions import Candidate, Decision
from portico.lake.described import Constraints, Faults, Field, ForeignKey, Schema
from portico.lake.found import Member
from portico.lake.frictionless import to_table_schema
from portico.lake.model import Type, Version
from portico.messages import Finding, Message

__all__ = ["Constraints", "Field", "ForeignKey", "Schema", "applied", "emit", "parse", "read", "to_table_schema"]

# The nearer to the file a description lies by its name, the earlier it is asked.
_ENDINGS = (".tableschema.json", ".schema.json", "-metadata.json", "datapackage.json", "csv-metadata.json")
_MAX_BYTES = 8_000_000


def read(member: Member) -> tuple[Schema, list[Finding]]:
    """Return the description that lies beside ``member``, empty where there is none, and what is wrong with it."""
    complaints: list[Finding] = []
    for ending in _ENDINGS:
        path = member.companions.get(ending)
        if path is None:
            continue
        faults = Faults(path.name)
        try:
            data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
        except OSError as error:
            faults.say(Message("schema-unreadable", {"file": path.name, "detail": error.strerror or str(error)}))
            data = None
        else:
            if data is None:
                faults.say(Message("schema-too-long", {"file": path.name, "limit": _MAX_BYTES // 1_000_000}))
        schema = parse(data, member.name, faults) if data is not None else Schema()
        complaints += faults.found
        if schema.fields:
            return schema, complaints
    return Schema(), complaints


def parse(data: bytes, file: str, faults: Faults) -> Schema:
    """Return what the JSON ``data`` of a description says of the data file called ``file``; faults go to ``faults``."""
    try:
        plain = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        faults.say(Message("schema-unreadable", {"file": faults.file, "detail": str(error)[:200]}))
        return Schema()
    if not isinstance(plain, dict):
        faults.say(Message("schema-not-understood", {"file": faults.file}))
        return Schema()
    if csvw.is_csvw(plain):
        return csvw.parse(plain, file, faults)
    if frictionless.is_frictionless(plain):
        return frictionless.parse(plain, file, faults)
    faults.say(Message("schema-not-understood", {"file": faults.file}))
    return Schema()


def applied(decisions: Sequence[Decision], schema: Schema) -> tuple[Decision, ...]:
    """Return ``decisions`` with what ``schema`` declares, where it can be had without losing a value."""
    fields = schema.matched(tuple(one.column for one in decisions))
    return tuple(_applied(one, fields[one.column]) if one.column in fields else one for one in decisions)


def _applied(one: Decision, field: Field) -> Decision:
    if one.stated:
        return replace(one, unit=one.unit or field.unit)
    if field.type is Type.TEXT and one.logical is not Type.TEXT:
        return Decision(one.column, Type.TEXT, unit=field.unit, filled=one.filled)
    candidate, assumed = one.candidate, one.assumed
    if candidate is not None and assumed and field.format:
        told = _convention(candidate, field.format)
        if told is not None:
            candidate, assumed = told, False
    if candidate is not None and one.logical is not Type.TEXT:
        candidate = _without(candidate, field.missing_values)
    logical = Type.NUMBER if field.type is Type.NUMBER and one.logical is Type.INTEGER else one.logical
    format_ = candidate.convention.name if candidate and not assumed and one.assumed else one.format
    return replace(
        one, candidate=candidate, assumed=assumed, logical=logical, unit=field.unit or one.unit, format=format_
    )


def _convention(candidate: Candidate, format_: str) -> Candidate | None:
    """Return the candidate in the order of day and month that a format states; both fit where one was assumed."""
    day, month = format_.find("%d"), format_.find("%m")
    if day < 0 or month < 0:
        return None
    name = "day-first" if day < month else "month-first"
    found = next((one for one in candidate.type.conventions if one.name == name), None)
    return Candidate(candidate.type, found) if found else None


def _without(candidate: Candidate, missing: Sequence[str]) -> Candidate:
    """Return the candidate that reads the declared words for nothing as nothing."""
    words = [re.escape(word.strip()) for word in missing if word.strip()]
    if not words:
        return candidate
    nothing = Writing("", "|".join(words), "NULL")
    convention = Convention(candidate.convention.name, (nothing, *candidate.convention.writings))
    return Candidate(candidate.type, convention)


def emit(version: Version, report: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the Table Schema of a version; ``report`` is that of its examination, where there was one."""
    listed = (report or {}).get("columns", ())
    return to_table_schema(version.columns, {one["name"]: one.get("profile", {}) for one in listed})
