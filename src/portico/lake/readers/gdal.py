"""What the engine's geometry library reads: Shapefile, GeoPackage, FlatGeobuf, GML.

Files are given to it under a name of our own in the workshop, so that it finds nothing beside them, writes nothing
beside them (it would: an index beside a GML) and opens them with the driver we name. Nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from portico.errors import InputError
from portico.lake import crs
from portico.lake.found import Dialect, Member, Parsed, RejectWriter, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_COLUMNS
from portico.lake.model import Type
from portico.lake.readers.features import GEOMETRY, LISTED, geometry_findings, warning
from portico.lake.readers.json_rows import ROW
from portico.lake.readers.linking import text
from portico.lake.sniff.shape import clean_name, unique_names
from portico.messages import Finding

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_READ: Mapping[str, tuple[Type, str]] = {
    **dict.fromkeys(_WHOLE, (Type.INTEGER, "{c}::BIGINT")),
    **dict.fromkeys(("DOUBLE", "FLOAT"), (Type.NUMBER, "CASE WHEN isfinite({c}) THEN {c}::DOUBLE END")),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), (Type.DATETIME, "{c}::TIMESTAMP")),
    "BOOLEAN": (Type.BOOLEAN, "{c}"),
    "DATE": (Type.DATE, "{c}"),
    "TIME": (Type.TIME, "{c}"),
    "TIMESTAMP WITH TIME ZONE": (Type.INSTANT, "{c}"),
}
_LONGEST_RAW = 100_000
_NOTHING = ("?", "00000000")  # how dBASE writes that a truth or a date is not known


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the geometry library is asked for it: its place in the workshop, the driver, the driver's options.

    ``headers`` are the true names of columns that had to be renamed; ``reading`` is SQL over ``{c}`` for columns of
    text; ``readings`` is that of single columns which the library is made to read as text, with what the format states.
    """

    path: Path
    driver: str
    options: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    reading: str = "{c}"
    encoding: str = ""
    readings: Mapping[str, tuple[str, Type]] = field(default_factory=dict)

    def call(self, layer: str = "", *, wkb: bool = False) -> str:
        """Return the SQL that reads a layer, the first where none is named."""
        options = ", ".join(text(option) for option in self.options)
        parts = [text(str(self.path)), f"allowed_drivers=[{text(self.driver)}]", "sibling_files=[]"]
        if self.driver == "ESRI Shapefile":
            parts.pop()  # its parts are found beside it, where we put them
        if options:
            parts.append(f"open_options=[{options}]")
        if layer:
            parts.append(f"layer={text(layer)}")
        if wkb:
            parts.append("keep_wkb=true")
        return f"ST_Read({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file: its name, how many features it says it has, its coordinate system."""

    name: str
    count: int
    crs: str
    has_geometry: bool


def layers(source: Source, member: Member, shop: Workshop) -> list[Layer]:
    """Return the layers of a file, the one with most features first; only ``told.layer`` where told.

    Raises InputError where the file cannot be opened, has no layer, or none of that name.
    """
    with shop.cursor(spatial=True) as cursor:
        try:
            # Never ask what a file holds before it was opened: on one that cannot be, the question ends the process.
            cursor.execute(f"DESCRIBE SELECT * FROM {source.call()}")
            found = cursor.execute(f"SELECT layers FROM ST_Read_Meta({text(str(source.path))})").fetchone()
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise unreadable(error, member, shop) from error
    said = [
        Layer(str(one["name"]), int(one["feature_count"]), _crs(one), bool(one["geometry_fields"]))
        for one in (found[0] if found else [])
    ]
    named = [one for one in said if one.name == shop.told.layer] if shop.told.layer else said
    if not named:
        known = ", ".join(one.name for one in said[:20])
        raise InputError("layer-unknown", file=member.name, layer=shop.told.layer, known=known or "–")
    return sorted(named, key=lambda one: -one.count)


def _crs(layer: Mapping[str, object]) -> str:
    fields = layer["geometry_fields"]
    stated = fields[0].get("crs") if isinstance(fields, list) and fields else None
    if not stated:
        return ""
    if stated.get("auth_name") and stated.get("auth_code"):
        return crs.find(f"{stated['auth_name']}:{stated['auth_code']}")
    return crs.find(str(stated.get("wkt") or ""))


def table(source: Source, layer: Layer, member: Member, shop: Workshop, issues: tuple[Finding, ...] = ()) -> Parsed:
    """Return one layer as a table in the order of the file, geometry last.

    Raises InputError where the file is damaged, or two of its columns have one name.
    """
    target = shop.place(".parquet")
    called = source.call(layer.name, wkb=True)
    with shop.cursor(spatial=True) as cursor, RejectWriter(shop.place(".rejects.csv")) as rejects:
        try:
            plan = _plan(cursor, source, layer, member.name)
            select = ", ".join([*plan.select, f"row_number() OVER () AS {ROW}"])
            cursor.execute(f"COPY (SELECT {select} FROM {called}) TO {text(str(target))} (FORMAT parquet)")
            curved = _curved(cursor, called, plan, rejects)
            issues += tuple(_misfits(cursor, source, called, plan, member.name, rejects))
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise unreadable(error, member, shop) from error
        rows = cursor.execute(f"SELECT count(*) FROM read_parquet({text(str(target))})").fetchone()
        if curved:
            listed = ", ".join(map(str, curved[:LISTED]))
            issues += (warning("geometries-curved", member.name, curved[0], count=len(curved), rows=listed),)
        if plan.source:
            issues += geometry_findings(cursor, target, member.name, frozenset(curved))
    return Parsed(
        name=layer.name,
        relation=f"read_parquet({text(str(target))})",
        columns=(*plan.names, *((GEOMETRY,) if plan.source else ())),
        rows=int(rows[0]) if rows else 0,
        format=member.format,
        headers=(*plan.headers, *((GEOMETRY,) if plan.source else ())),
        stated=plan.stated,
        dialect=Dialect(encoding=source.encoding),
        row_column=ROW,
        geometry=GEOMETRY if plan.source else "",
        crs=layer.crs if plan.source else "",
        issues=(*issues, *plan.renamed(member.name)),
        rejects=rejects.kept,
        reject_count=rejects.count,
    )


@dataclass(slots=True)
class _Plan:
    """How a layer is read: SQL, name, header and stated type of each column; ``source`` is the geometry's own name."""

    own: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    select: list[str] = field(default_factory=list)
    stated: dict[str, Type] = field(default_factory=dict)
    source: str = ""

    def renamed(self, file: str) -> tuple[Finding, ...]:
        """Return a finding for each column that could not keep its name."""
        pairs = zip(self.headers, self.names, strict=True)
        return tuple(
            warning("column-renamed", file, column=name, header=header) for header, name in pairs if name != header
        )


def _plan(cursor: duckdb.DuckDBPyConnection, source: Source, layer: Layer, file: str) -> _Plan:
    plain = cursor.execute(f"DESCRIBE SELECT * FROM {source.call(layer.name)}").fetchall()
    binary = cursor.execute(f"DESCRIBE SELECT * FROM {source.call(layer.name, wkb=True)}").fetchall()
    if len(plain) > MAX_COLUMNS:
        raise InputError("too-many-columns", file=file, count=len(plain), limit=MAX_COLUMNS)
    # The first column is the library's number of the feature.
    columns = [(str(old[0]), str(old[1]), str(new[0])) for old, new in zip(plain, binary, strict=True)][1:]
    places = [own for _, kind, own in columns if kind.startswith("GEOMETRY")]
    plan = _Plan(source=places[0] if places else "")
    kept = [(own, kind) for _, kind, own in columns if own != plan.source]
    plan.own = [own for own, _ in kept]
    plan.headers = [source.headers.get(own, own) for own, _ in kept]
    cleaned = [clean_name(header) for header in plan.headers]
    taken = [ROW, GEOMETRY] if plan.source else [ROW]
    plan.names = list(unique_names([*taken, *cleaned]))[len(taken) :]
    for (own, kind), name in zip(kept, plan.names, strict=True):
        sql, stated = _column(own, kind, source)
        plan.select.append(f"{sql} AS {quoted(name)}")
        if stated is not None:
            plan.stated[name] = stated
    if plan.source:
        shape = f"TRY(ST_GeomFromWKB({quoted(plan.source)}))"
        plan.select.append(f"ST_AsWKB({shape})::BLOB AS {GEOMETRY}")
    return plan


def _column(name: str, kind: str, source: Source) -> tuple[str, Type | None]:
    """Return the SQL of a column and the type the format states for it."""
    column = quoted(name)
    if name in source.readings:
        sql, stated = source.readings[name]
        return sql.replace("{c}", column), stated
    if kind in _READ:
        stated, sql = _READ[kind]
        return sql.replace("{c}", column), stated
    if kind == "VARCHAR":
        return source.reading.replace("{c}", column), None
    if kind.startswith("GEOMETRY") or kind == "BLOB":
        return f"lower(hex({column}::BLOB))", None
    return f"to_json({column})::VARCHAR", None


def _curved(cursor: duckdb.DuckDBPyConnection, called: str, plan: _Plan, rejects: RejectWriter) -> list[int]:
    """Keep the shapes that are none of straight lines as rejects, and return their rows: the engine knows no arcs."""
    if not plan.source:
        return []
    shape = quoted(plan.source)
    numbered = f"SELECT row_number() OVER () AS {ROW}, {shape} FROM {called}"
    found = cursor.execute(
        f"SELECT {ROW}, left(hex({shape}), {_LONGEST_RAW}) FROM ({numbered}) "
        f"WHERE {shape} IS NOT NULL AND TRY(ST_GeomFromWKB({shape})) IS NULL"
    ).fetchall()
    for row, raw in found:
        rejects.add(int(row), GEOMETRY, str(raw), "geometry-curved")
    return [int(row) for row, _ in found]


def _misfits(
    cursor: duckdb.DuckDBPyConnection, source: Source, called: str, plan: _Plan, file: str, rejects: RejectWriter
) -> Iterator[Finding]:
    """Keep the cells that are not what their format states as rejects, and say which column they are in."""
    for own, name in zip(plan.own, plan.names, strict=True):
        if own not in source.readings:
            continue
        sql, stated = source.readings[own]
        numbered = f"SELECT row_number() OVER () AS {ROW}, trim({quoted(own)}) AS c FROM {called}"
        filled = f"nullif(c, '') IS NOT NULL AND c NOT IN ({', '.join(map(text, _NOTHING))})"
        found = cursor.execute(
            f"SELECT {ROW}, c FROM ({numbered}) WHERE {filled} AND {sql.replace('{c}', 'c')} IS NULL"
        ).fetchall()
        for row, raw in found:
            rejects.add(int(row), name, str(raw), "cell-misfit")
        if found:
            yield warning(
                "cells-not-as-stated", file, int(found[0][0]), column=name, type=stated.value, count=len(found)
            )


def unreadable(error: duckdb.Error | UnicodeDecodeError, member: Member, shop: Workshop) -> InputError:
    """Return the refusal of a file the library cannot read, in its words but without our own folders."""
    said = str(error).splitlines()[0] if str(error) and isinstance(error, duckdb.Error) else "–"
    detail = said.replace(str(shop.folder), "…")[:200]
    if "duplicate column name" in said:
        return InputError("columns-alike", file=member.name, column=said.rpartition("name ")[2].strip('"'))
    return InputError("places-unreadable", file=member.name, format=member.format.value, detail=detail)
