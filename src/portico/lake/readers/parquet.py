"""Parquet and GeoParquet: the format states its types, so they are taken as they are, or said where they cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from portico.errors import InputError
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_COLUMNS, MAX_SHEET_BYTES
from portico.lake.model import Type
from portico.lake.readers.linking import linked, text
from portico.messages import Finding, Message, Place, Severity

DEFAULT_CRS = "OGC:CRS84"  # what GeoParquet means where it says nothing
_MARK, _ENCRYPTED_MARK = b"PAR1", b"PARE"
_SMALLEST = 12
_WHOLE_DIGITS = 18
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_PLAIN: Mapping[str, tuple[Type, str]] = {
    **dict.fromkeys(_WHOLE, (Type.INTEGER, "{c}::BIGINT")),
    "BOOLEAN": (Type.BOOLEAN, "{c}"),
    "DATE": (Type.DATE, "{c}"),
    "TIME": (Type.TIME, "{c}"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), (Type.DATETIME, "{c}::TIMESTAMP")),
    "TIMESTAMP WITH TIME ZONE": (Type.INSTANT, "{c}"),
}
# A single-precision 0.1 is 0.1, not the double nearest to it: by way of its shortest writing.
_FLOATS = {"DOUBLE": "{c}", "FLOAT": "{c}::VARCHAR::DOUBLE"}
_AS_TEXT = ("INTERVAL", "HUGEINT", "UHUGEINT", "TIME WITH TIME ZONE", "BIT", "TIME_NS")
_NOT_FINITE = "CASE WHEN isfinite({c}) THEN {value} END"
_AUTHORITY = re.compile(r"[A-Za-z]+:[A-Za-z0-9]+")


@dataclass(slots=True)
class _Plan:
    """How each column is read: its SQL, what the format states, what was odd."""

    file: str
    select: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    stated: dict[str, Type] = field(default_factory=dict)
    issues: list[Finding] = field(default_factory=list)
    geometry: str = ""
    crs: str = ""

    def add(self, name: str, sql: str, stated: Type | None = None) -> None:
        """Read column ``name`` by ``sql``, in which ``{c}`` is the column."""
        self.names.append(name)
        self.select.append(f"{sql.replace('{c}', quoted(name))} AS {quoted(name)}")
        if stated is not None:
            self.stated[name] = stated

    def note(self, message_id: str, column: str, **values: object) -> None:
        """Say something about a column."""
        message = Message(message_id, {"file": self.file, "column": column, **values})
        self.issues.append(Finding(message, Place(self.file, 0, column), "", Severity.WARNING))


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one table of a Parquet file, every page of it decoded once.

    Geometry is WKB in the file's own coordinates; ``crs`` is "EPSG:n", "OGC:CRS84" or nothing where it is not known.
    Raises InputError where the file is cut off, damaged or encrypted.
    """
    _check_marks(member)
    source = f"read_parquet({text(str(linked(member.path, shop, '.parquet')))})"
    target = shop.place(".parquet")
    with shop.cursor() as cursor:
        try:
            described = cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            plan = _plan(member.name, [(str(row[0]), str(row[1])) for row in described], _geo(cursor, source))
            _note_large(cursor, source, plan, described)
            cursor.execute(
                f"COPY (SELECT {', '.join(plan.select)} FROM {source}) TO {text(str(target))} (FORMAT parquet)"
            )
            rows = _one(cursor, f"SELECT count(*) FROM read_parquet({text(str(target))})")
        except duckdb.Error as error:
            raise InputError("parquet-damaged", file=member.name, detail=_first_line(error, shop)) from error
    return [
        Parsed(
            name=Path(member.name).stem,
            relation=f"read_parquet({text(str(target))})",
            columns=tuple(plan.names),
            rows=rows,
            format=Format.PARQUET,
            headers=tuple(plan.names),
            stated=plan.stated,
            geometry=plan.geometry,
            crs=plan.crs,
            issues=tuple(plan.issues),
        )
    ]


def _check_marks(member: Member) -> None:
    """Refuse what cannot be whole: the end of a Parquet file says where everything else is."""
    size = member.path.stat().st_size
    with member.path.open("rb") as file:
        head = file.read(4)
        file.seek(max(0, size - 4))
        tail = file.read()
    if _ENCRYPTED_MARK in (head, tail):
        raise InputError("parquet-encrypted", file=member.name)
    if size < _SMALLEST or head != _MARK or tail != _MARK:
        raise InputError("parquet-cut-off", file=member.name)


def _plan(file: str, columns: list[tuple[str, str]], geo: Mapping[str, Any]) -> _Plan:
    if len(columns) > MAX_COLUMNS:
        raise InputError("too-many-columns", file=file, count=len(columns), limit=MAX_COLUMNS)
    plan = _Plan(file)
    primary = _primary(columns, geo)
    for name, kind in columns:
        if kind.startswith("GEOMETRY") or (kind == "BLOB" and name in _geo_columns(geo)):
            _plan_geometry(plan, name, kind, geo, is_primary=name == primary)
        elif kind in _PLAIN:
            stated, sql = _PLAIN[kind]
            plan.add(name, sql, stated)
        elif kind in _FLOATS:
            plan.add(name, _NOT_FINITE.replace("{value}", _FLOATS[kind]), Type.NUMBER)
        elif kind.startswith("DECIMAL"):
            _plan_decimal(plan, name, kind)
        else:
            _plan_text(plan, name, kind)
    return plan


def _plan_decimal(plan: _Plan, name: str, kind: str) -> None:
    """A decimal without decimals is a whole number where one can hold it; with more digits than a number has, text."""
    digits, scale = (int(part) for part in re.findall(r"[0-9]+", kind))
    if scale:
        plan.add(name, "{c}::DOUBLE", Type.NUMBER)
    elif digits <= _WHOLE_DIGITS:
        plan.add(name, "{c}::BIGINT", Type.INTEGER)
    else:
        plan.add(name, "{c}::VARCHAR")
        plan.note("parquet-as-text", name, kind=kind)


def _plan_text(plan: _Plan, name: str, kind: str) -> None:
    if kind in ("VARCHAR", "UUID", "JSON") or kind.startswith("ENUM"):
        plan.add(name, "{c}::VARCHAR")
    elif kind == "BLOB":
        plan.add(name, "lower(hex({c}))")
        plan.note("parquet-bytes-as-hex", name)
    elif kind == "UBIGINT" or kind in _AS_TEXT:
        plan.add(name, "{c}::VARCHAR")
        if kind != "UBIGINT":  # decided when the largest value is known
            plan.note("parquet-as-text", name, kind=kind)
    else:
        plan.add(name, "to_json({c})::VARCHAR")
        plan.note("parquet-nested", name)


def _note_large(cursor: duckdb.DuckDBPyConnection, source: str, plan: _Plan, described: list[Any]) -> None:
    """Decide what depends on the values: unsigned numbers beyond 64 bit, numbers that are no numbers."""
    for position, (name, kind) in enumerate((str(row[0]), str(row[1])) for row in described):
        column = quoted(name)
        if kind == "UBIGINT":
            if _one(cursor, f"SELECT count(*) FROM {source} WHERE {column} > 9223372036854775807"):
                plan.note("parquet-as-text", name, kind=kind)
            else:
                plan.select[position] = f"{column}::BIGINT AS {column}"
                plan.stated[name] = Type.INTEGER
        elif kind in _FLOATS:
            count = _one(cursor, f"SELECT count(*) FROM {source} WHERE NOT isfinite({column})")
            if count:
                plan.note("number-not-finite", name, count=count)


# --- geometry ---


def _geo(cursor: duckdb.DuckDBPyConnection, source: str) -> Mapping[str, Any]:
    """Return what the file's "geo" key says, nothing where there is none or where it cannot be read."""
    asked = source.replace("read_parquet(", "parquet_kv_metadata(", 1)
    found = cursor.execute(f"SELECT value FROM {asked} WHERE key = 'geo'::BLOB").fetchone()
    if found is None or len(found[0]) > MAX_SHEET_BYTES:
        return {}
    try:
        said = json.loads(found[0])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _geo_columns(geo: Mapping[str, Any]) -> Mapping[str, Any]:
    columns = geo.get("columns")
    return columns if isinstance(columns, dict) else {}


def _primary(columns: list[tuple[str, str]], geo: Mapping[str, Any]) -> str:
    """Return the geometry column a table stands for: the one the file names, else its first."""
    known = _geo_columns(geo)
    places = [name for name, kind in columns if kind.startswith("GEOMETRY") or (kind == "BLOB" and name in known)]
    named = geo.get("primary_column")
    return named if isinstance(named, str) and named in places else (places[0] if places else "")


def _plan_geometry(plan: _Plan, name: str, kind: str, geo: Mapping[str, Any], *, is_primary: bool) -> None:
    """Read the primary geometry as WKB; any other as WKT text."""
    if not is_primary:
        plan.add(name, "ST_AsText({c})" if kind.startswith("GEOMETRY") else "lower(hex({c}))")
        plan.note("parquet-second-geometry", name)
        return
    plan.add(name, "ST_AsWKB({c})::BLOB" if kind.startswith("GEOMETRY") else "{c}")
    plan.geometry = name
    plan.crs = _crs(name, kind, geo)
    if not plan.crs:
        plan.note("parquet-crs-unknown", name)


def _crs(name: str, kind: str, geo: Mapping[str, Any]) -> str:
    about = _geo_columns(geo).get(name)
    if isinstance(about, dict):
        return _code(about["crs"]) if "crs" in about else DEFAULT_CRS
    inside = re.fullmatch(r"GEOMETRY\('(.*)'\)", kind, re.DOTALL)
    if inside is None:
        return ""
    stated = inside.group(1).replace("''", "'")
    if _AUTHORITY.fullmatch(stated):
        return stated.upper()
    try:
        return _code(json.loads(stated))
    except (ValueError, RecursionError):
        return ""


def _code(crs: object) -> str:
    """Return the code of a CRS written as PROJJSON.

    >>> _code({"id": {"authority": "EPSG", "code": 32632}}), _code(None)
    ('EPSG:32632', '')
    """
    named = crs.get("id") if isinstance(crs, dict) else None
    if not isinstance(named, dict) or not named.get("authority") or not named.get("code"):
        return crs.upper() if isinstance(crs, str) and _AUTHORITY.fullmatch(crs) else ""
    return f"{named['authority']}:{named['code']}".upper()


# --- words ---


def _one(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    found = cursor.execute(query).fetchone()
    return int(found[0]) if found else 0


def _first_line(error: duckdb.Error, shop: Workshop) -> str:
    """Return what the engine says, without our own folders."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(re.escape(str(shop.folder)) + r"[^\s\"']*", "…", said)[:200]
