"""CSV on the Web (W3C): the description of a table, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from portico.lake.described import Constraints, Faults, Field, ForeignKey, Schema
from portico.lake.limits import MAX_COLUMNS
from portico.lake.model import Type
from portico.messages import Message

_TEXTS = "string normalizedString token language Name NMTOKEN xml html json anyURI hexBinary base64Binary QName gDay"
_TEXTS += " gMonth gMonthDay gYearMonth duration dayTimeDuration yearMonthDuration binary"
_INTEGERS = "integer long int short byte nonNegativeInteger positiveInteger unsignedLong unsignedInt unsignedShort"
_INTEGERS += " unsignedByte nonPositiveInteger negativeInteger gYear"
_TYPES: Mapping[str, Type | None] = {
    **dict.fromkeys(_TEXTS.split(), Type.TEXT),
    **dict.fromkeys(_INTEGERS.split(), Type.INTEGER),
    **dict.fromkeys(("number", "decimal", "double", "float"), Type.NUMBER),
    **dict.fromkeys(("datetime", "dateTime"), Type.DATETIME),
    "boolean": Type.BOOLEAN,
    "date": Type.DATE,
    "time": Type.TIME,
    "dateTimeStamp": Type.INSTANT,
    **dict.fromkeys(("any", "anyAtomicType"), None),
}
_AT_LEAST = {"nonNegativeInteger": "0", "positiveInteger": "1"}
_SIGNS = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "M": "%m", "dd": "%d", "d": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_TIMES = (Type.DATE, Type.DATETIME, Type.TIME)
_INHERITED = ("null", "required", "datatype")


def is_csvw(plain: Mapping[str, Any]) -> bool:
    """Say whether a JSON object looks like CSVW metadata of a table or of several."""
    return "tableSchema" in plain or "tables" in plain or "csvw" in str(plain.get("@context", ""))[:500]


def parse(plain: Mapping[str, Any], file: str, faults: Faults) -> Schema:
    """Return what the metadata say of the data file called ``file``; nothing where they speak of other files only."""
    tables = plain.get("tables", [plain])
    if not isinstance(tables, list):
        faults.wrong("tables", tables)
        return Schema()
    name = PurePosixPath(file).name.lower()
    for one in tables:
        url = one.get("url", "") if isinstance(one, dict) else ""
        if isinstance(one, dict) and isinstance(url, str) and (not url or PurePosixPath(url).name.lower() == name):
            return _table(one, plain, faults)
    return Schema()


def _table(table: Mapping[str, Any], group: Mapping[str, Any], faults: Faults) -> Schema:
    stated = table.get("tableSchema", group.get("tableSchema", {}))
    if isinstance(stated, str):
        faults.say(Message("schema-elsewhere", {"file": faults.file, "address": stated[:200]}), "tableSchema", stated)
        return Schema()
    columns = stated.get("columns", []) if isinstance(stated, dict) else None
    if not isinstance(columns, list) or len(columns) > MAX_COLUMNS:
        faults.wrong("tableSchema.columns", "" if isinstance(columns, list) else stated)
        return Schema()
    inherited: dict[str, Any] = {}
    for level in (group, table, stated):
        inherited |= {key: level[key] for key in _INHERITED if key in level}
    fields: dict[str, Field] = {}
    for number, one in enumerate(columns, 1):
        field = _field(one, number, inherited, faults)
        if field is not None and field.name in fields:
            faults.wrong(f"columns[{number}].name", field.name)
        elif field is not None:
            fields[field.name] = field
    key = faults.names(stated["primaryKey"], "primaryKey") if stated.get("primaryKey") else ()
    dialect = table.get("dialect", group.get("dialect", {}))
    return Schema(tuple(fields.values()), key, _foreign_keys(stated, faults), _dialect(dialect, faults), faults.file)


def _field(plain: object, number: int, inherited: Mapping[str, Any], faults: Faults) -> Field | None:
    where = f"columns[{number}]"
    if not isinstance(plain, dict):
        faults.wrong(where, plain)
        return None
    if plain.get("virtual") is True:
        return None
    titles = _titles(plain.get("titles"), f"{where}.titles", faults)
    name = faults.text(plain, "name", f"{where}.name") or (titles[0] if titles else "")
    if not name:
        faults.wrong(f"{where}.name")
        return None
    whole = {**inherited, **plain}
    datatype = whole.get("datatype", "string")
    detail = datatype if isinstance(datatype, dict) else {"base": datatype}
    base = faults.text(detail, "base", f"{where}.datatype") or "string"
    if base not in _TYPES:
        faults.say(Message("schema-type-unknown", {"file": faults.file, "column": name, "type": base}), name, base)
    # A cell with a separator holds a list: as a whole it is text.
    type_ = Type.TEXT if plain.get("separator") else _TYPES.get(base)
    missing = whole.get("null", "")
    format_ = detail.get("format", "")
    is_date = type_ in _TIMES and isinstance(format_, str)
    return Field(
        name,
        type_,
        _strptime(format_) if is_date else "",
        faults.text(plain, "unit", f"{where}.unit"),
        titles[0] if titles else "",
        _described(plain),
        _constraints(whole, detail, base, where, faults),
        (missing,) if isinstance(missing, str) else faults.values(missing, f"{where}.null"),
        titles,
    )


def _constraints(
    plain: Mapping[str, Any], detail: Mapping[str, Any], base: str, where: str, faults: Faults
) -> Constraints:
    def limit(*keys: str) -> str:
        return next((faults.scalar(detail, key, f"{where}.datatype.{key}") for key in keys if key in detail), "")

    exactly = faults.count(detail, "length", f"{where}.datatype.length")
    shortest = faults.count(detail, "minLength", f"{where}.datatype.minLength")
    longest = faults.count(detail, "maxLength", f"{where}.datatype.maxLength")
    pattern = detail.get("format", "") if _TYPES.get(base) is Type.TEXT else ""
    if not isinstance(plain.get("required", False), bool):
        faults.wrong(f"{where}.required", plain["required"])
    return Constraints(
        required=plain.get("required") is True,
        minimum=limit("minimum", "minInclusive", "minExclusive") or _AT_LEAST.get(base, ""),
        maximum=limit("maximum", "maxInclusive", "maxExclusive"),
        pattern=pattern[:2000] if isinstance(pattern, str) else "",
        min_length=exactly if exactly is not None else shortest,
        max_length=exactly if exactly is not None else longest,
    )


def _titles(value: object, where: str, faults: Faults) -> tuple[str, ...]:
    """Return titles given as one text, a list, or by language."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(title for one in value.values() for title in faults.names(one, where))
    return faults.names(value, where)


def _described(plain: Mapping[str, Any]) -> str:
    for key in ("dc:description", "dcterms:description", "rdfs:comment", "description"):
        value = plain.get(key)
        text = value.get("@value") if isinstance(value, dict) else value
        if isinstance(text, str):
            return text[:2000]
    return ""


def _strptime(format_: str) -> str:
    """Return a date format of CSVW with the signs of strptime, nothing where it has others.

    >>> _strptime("dd/MM/yyyy"), _strptime("d.M.yy HH:mm"), _strptime("EEE d")
    ('%d/%m/%Y', '%d.%m.%y %H:%M', '')
    """
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", format_.replace("'T'", "T"))
    signs = [_SIGNS.get(part, "T" if part == "T" else "") if part[0].isalpha() else part for part in parts]
    return "".join(signs) if all(signs) else ""


def _foreign_keys(schema: Mapping[str, Any], faults: Faults) -> tuple[ForeignKey, ...]:
    listed = schema.get("foreignKeys", [])
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
        fields = faults.names(one.get("columnReference"), f"{where}.columnReference")
        other = faults.names(reference.get("columnReference"), f"{where}.reference.columnReference")
        if fields and len(fields) == len(other):
            found.append(ForeignKey(fields, faults.text(reference, "resource", f"{where}.reference.resource"), other))
        elif fields and other:
            faults.wrong(where, f"{len(fields)} ≠ {len(other)}")
    return tuple(found)


def _dialect(plain: object, faults: Faults) -> dict[str, str]:
    if not isinstance(plain, dict):
        faults.wrong("dialect", plain)
        return {}
    keys = {"delimiter": "delimiter", "quote": "quoteChar", "encoding": "encoding"}
    hints = {name: faults.text(plain, key, f"dialect.{key}") for name, key in keys.items() if plain.get(key)}
    return {name: hint for name, hint in hints.items() if hint}
