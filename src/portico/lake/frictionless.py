"""Table Schema (Frictionless, version 1), read and written: in a file of its own, a resource or a data package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from portico.lake.described import Constraints, Faults, Field, ForeignKey, Schema
from portico.lake.limits import MAX_COLUMNS
from portico.lake.model import Column, Type
from portico.messages import Message

_TYPES: Mapping[str, Type | None] = {
    "string": Type.TEXT,
    "integer": Type.INTEGER,
    "number": Type.NUMBER,
    "boolean": Type.BOOLEAN,
    "date": Type.DATE,
    "time": Type.TIME,
    "datetime": Type.DATETIME,
    "year": Type.INTEGER,
    "yearmonth": Type.TEXT,
    "duration": Type.TEXT,
    "geopoint": Type.POINT,
    "geojson": Type.GEOMETRY,
    "object": None,
    "array": None,
    "any": None,
}
_WRITTEN = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.NUMBER: "number",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.DATETIME: "datetime",
    Type.INSTANT: "datetime",
    Type.TIME: "time",
    Type.POINT: "geojson",
    Type.GEOMETRY: "geojson",
}
_FORMATS = {"e-mail": "email", "url": "uri", "uuid": "uuid"}
_TIMES = (Type.DATE, Type.DATETIME, Type.TIME)
_LOGICAL = "logicalType"
_LOGICAL_TYPES = frozenset(one.value for one in Type)
_KEYS = (Type.TEXT, Type.INTEGER)


def is_frictionless(plain: Mapping[str, Any]) -> bool:
    """Say whether a JSON object looks like a Table Schema, a resource or a data package."""
    return any(key in plain for key in ("fields", "schema", "resources"))


def parse(plain: Mapping[str, Any], file: str, faults: Faults) -> Schema:
    """Return what a descriptor says of the data file called ``file``; nothing where it speaks of other files only."""
    if "fields" in plain:
        return _schema(plain, {}, faults)
    resources = plain.get("resources", [plain])
    if not isinstance(resources, list):
        faults.wrong("resources", resources)
        return Schema()
    for one in resources:
        if not isinstance(one, dict) or ("resources" in plain and not _is_of(one, file)):
            continue
        schema = one.get("schema")
        if isinstance(schema, str):
            faults.say(Message("schema-elsewhere", {"file": faults.file, "address": schema[:200]}), "schema", schema)
        elif isinstance(schema, dict):
            return _schema(schema, one, faults)
        elif schema is not None:
            faults.wrong("schema", schema)
        return Schema()
    return Schema()


def _is_of(resource: Mapping[str, Any], file: str) -> bool:
    paths = resource.get("path")
    listed = [paths] if isinstance(paths, str) else paths if isinstance(paths, list) else []
    name = PurePosixPath(file).name.lower()
    return any(isinstance(path, str) and PurePosixPath(path).name.lower() == name for path in listed)


def _schema(plain: Mapping[str, Any], resource: Mapping[str, Any], faults: Faults) -> Schema:
    listed = plain.get("fields")
    if not isinstance(listed, list) or len(listed) > MAX_COLUMNS:
        faults.wrong("fields", "" if isinstance(listed, list) else listed)
        return Schema()
    common = faults.values(plain["missingValues"], "missingValues") if "missingValues" in plain else ("",)
    fields: dict[str, Field] = {}
    for number, one in enumerate(listed, 1):
        field = _field(one, number, common, faults)
        if field is not None and field.name in fields:
            faults.wrong(f"fields[{number}].name", field.name)
        elif field is not None:
            fields[field.name] = field
    key = faults.names(plain["primaryKey"], "primaryKey") if plain.get("primaryKey") else ()
    return Schema(tuple(fields.values()), key, _foreign_keys(plain, faults), _dialect(resource, faults), faults.file)


def _field(plain: object, number: int, common: tuple[str, ...], faults: Faults) -> Field | None:
    where = f"fields[{number}]"
    if not isinstance(plain, dict) or not isinstance(plain.get("name"), str) or not plain["name"]:
        faults.wrong(f"{where}.name", "" if isinstance(plain, dict) else plain)
        return None
    name = plain["name"]
    stated = faults.text(plain, "type", f"{where}.type") or "any"
    type_ = _TYPES.get(stated)
    if stated not in _TYPES:
        faults.say(Message("schema-type-unknown", {"file": faults.file, "column": name, "type": stated}), name, stated)
    logical = plain.get(_LOGICAL)
    if isinstance(logical, str) and logical in _LOGICAL_TYPES and _WRITTEN[Type(logical)] == stated:
        type_ = Type(logical)
    format_ = faults.text(plain, "format", f"{where}.format")
    missing = faults.values(plain["missingValues"], f"{where}.missingValues") if "missingValues" in plain else common
    return Field(
        name,
        type_,
        format_ if type_ in _TIMES and format_ not in ("default", "any") else "",
        faults.text(plain, "unit", f"{where}.unit"),
        faults.text(plain, "title", f"{where}.title"),
        faults.text(plain, "description", f"{where}.description"),
        _constraints(plain.get("constraints", {}), f"{where}.constraints", faults),
        missing,
    )


def _constraints(plain: object, where: str, faults: Faults) -> Constraints:
    if not isinstance(plain, dict):
        faults.wrong(where, plain)
        return Constraints()
    for flag in ("required", "unique"):
        if not isinstance(plain.get(flag, False), bool):
            faults.wrong(f"{where}.{flag}", plain[flag])
    return Constraints(
        plain.get("required") is True,
        plain.get("unique") is True,
        faults.scalar(plain, "minimum", f"{where}.minimum"),
        faults.scalar(plain, "maximum", f"{where}.maximum"),
        faults.values(plain["enum"], f"{where}.enum") if "enum" in plain else (),
        faults.text(plain, "pattern", f"{where}.pattern"),
        faults.count(plain, "minLength", f"{where}.minLength"),
        faults.count(plain, "maxLength", f"{where}.maxLength"),
    )


def _foreign_keys(plain: Mapping[str, Any], faults: Faults) -> tuple[ForeignKey, ...]:
    listed = plain.get("foreignKeys", [])
    if not isinstance(listed, list):
        faults.wrong("foreignKeys", listed)
        return ()
    found = []
    for number, one in enumerate(listed, 1):
        where = f"foreignKeys[{number}]"
        reference = one.get("reference") if isinstance(one, dict) else None
        if not isinstance(reference, dict):
            faults.wrong(where, one)
            continue
        fields = faults.names(one.get("fields"), f"{where}.fields")
        other = faults.names(reference.get("fields"), f"{where}.reference.fields")
        if fields and len(fields) == len(other):
            found.append(ForeignKey(fields, faults.text(reference, "resource", f"{where}.reference.resource"), other))
        elif fields and other:
            faults.wrong(where, f"{len(fields)} ≠ {len(other)}")
    return tuple(found)


def _dialect(resource: Mapping[str, Any], faults: Faults) -> dict[str, str]:
    plain = resource.get("dialect", {})
    if not isinstance(plain, dict):
        faults.wrong("dialect", plain)
        plain = {}
    hints = {
        "delimiter": faults.text(plain, "delimiter", "dialect.delimiter"),
        "quote": faults.text(plain, "quoteChar", "dialect.quoteChar"),
        "encoding": faults.text(resource, "encoding", "encoding"),
    }
    return {name: hint for name, hint in hints.items() if hint}


def to_table_schema(columns: Sequence[Column], profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the Table Schema of typed ``columns``, with what their profiles show to be true of every value.

    Constraints state what holds for this content: a next version may have others. Beside the standard's own
    properties a field has ``unit``, ``meaning`` and ``logicalType``, where they say more.

    >>> to_table_schema([Column("area", Type.NUMBER, "m2")], {})["fields"]
    [{'name': 'area', 'type': 'number', 'unit': 'm2', 'logicalType': 'number'}]
    """
    fields = [_written_field(column, profiles.get(column.name, {})) for column in columns]
    keys = [
        column.name
        for column, field in zip(columns, fields, strict=True)
        if column.type in _KEYS and field.get("constraints", {}).get("unique")
    ]
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": keys[:1]} if keys else {})


def _written_field(column: Column, seen: Mapping[str, Any]) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _WRITTEN[column.type]}
    if column.type is Type.TEXT and column.meaning in _FORMATS:
        field["format"] = _FORMATS[column.meaning]
    field |= {name: text for name, text in (("unit", column.unit), ("meaning", column.meaning)) if text}
    field[_LOGICAL] = column.type.value
    filled, constraints = seen.get("filled", 0), {}
    if filled and not seen.get("missing"):
        constraints["required"] = True
        if seen.get("distinct_is_exact") and seen.get("distinct") == filled and filled > 1:
            constraints["unique"] = True
    constraints |= {name: seen[name] for name in ("minimum", "maximum") if name in seen}
    return field | ({"constraints": constraints} if constraints else {})
