"""Where the rows of a table are: its geometry in EPSG:4326, from whatever the table says of places.

A geometry column of the format; else a text column of WKT, WKB, GeoJSON or pairs; else a longitude beside a latitude,
or an easting beside a northing. A coordinate system that is not stated is proposed only where it puts the places in the
area they should lie in, and that is said. The original numbers stay in their columns; the original file is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from portico.errors import UsageError
from portico.geo import Box
from portico.lake import crs
from portico.lake.columns.headers import fold
from portico.lake.columns.projected import EASTING, NORTHING
from portico.lake.crs_known import ITALY
from portico.lake.decisions import Decision, typed_relation
from portico.lake.found import Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.model import Type
from portico.messages import Finding, Message, Place, Severity

GEOMETRY = "geometry"
WGS84 = "EPSG:4326"
_UNSURE_M = 250.0
_LEAST_M = 1_000
_MOSTLY = 0.9
_DECIMAL = r"([+-]?[0-9]+(?:[.][0-9]+)?)"
_TEXTS = {
    "wkt": "TRY(ST_GeomFromText({x}))",
    "wkb": "TRY(ST_GeomFromHEXWKB({x}))",
    "geojson": "TRY(ST_GeomFromGeoJSON({x}))",
    # Latitude first, as people write a pair.
    "coordinate-pair": (
        f"ST_Point(TRY_CAST(regexp_extract({{x}}, '{_DECIMAL}[^0-9+-]+{_DECIMAL}', 2) AS DOUBLE), "
        f"TRY_CAST(regexp_extract({{x}}, '{_DECIMAL}[^0-9+-]+{_DECIMAL}', 1) AS DOUBLE))"
    ),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A geometry column: the SQL that makes it over the parsed relation, and what it rests on.

    ``sources`` are the columns it is made from; ``source_crs`` their coordinate system, ``accuracy_m`` how far the way
    from there to EPSG:4326 may be off; ``misfits`` counts rows whose source says something that is no place.
    """

    column: str
    type: Type
    sql: str
    sources: tuple[str, ...]
    source_crs: str
    accuracy_m: float | None
    misfits: int = 0


@dataclass(frozen=True, slots=True)
class _Source:
    """Geometry as the table has it: SQL in source coordinates, and its coordinate system if that is stated."""

    sql: str
    sources: tuple[str, ...]
    crs: str
    is_point: bool
    swapped_sql: str = ""
    box: tuple[float, float, float, float] | None = None


def places(
    parsed: Parsed, decisions: Sequence[Decision], shop: Workshop, extent: Box | None
) -> tuple[tuple[Placed, ...], tuple[Finding, ...]]:
    """Return the geometry of a table, one column or none, and what must be said of it."""
    source = _source(parsed, decisions, shop)
    if not parsed.rows:
        return (), ()
    cursor = shop.cursor(spatial=source is not None)
    try:
        if source is None:
            return (), _mixed(parsed, decisions, cursor)
        return _placed(parsed, source, decisions, shop.told.crs, extent, cursor)
    finally:
        cursor.close()


def _mixed(parsed: Parsed, decisions: Sequence[Decision], cursor: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Say so where two columns are named like coordinates and hold degrees in some rows, metres in the others."""
    numbers = [one for one in decisions if one.logical in (Type.NUMBER, Type.INTEGER) and not one.meaning]
    pair = [next((one for one in numbers if kind.named_by(fold(one.column))), None) for kind in (EASTING, NORTHING)]
    across, up = pair
    if across is None or up is None:
        return ()
    x, y = quoted(across.column), quoted(up.column)
    degrees, metres, both = cursor.execute(
        f"SELECT count(*) FILTER (abs({x}) <= 180 AND abs({y}) <= 90), "
        f"count(*) FILTER (abs({x}) >= {_LEAST_M} AND abs({y}) >= {_LEAST_M}), count({x} + {y}) "
        f"FROM {typed_relation(parsed, [across, up])}"
    ).fetchone() or (0, 0, 0)
    if not degrees or not metres or degrees + metres < both * _MOSTLY:
        return ()
    values = {"x": across.column, "y": up.column, "degrees": degrees, "metres": metres}
    said = Message("coordinates-mixed", values)
    return (Finding(said, Place(parsed.name or "", 0, across.column), "", Severity.WARNING),)


def _source(parsed: Parsed, decisions: Sequence[Decision], shop: Workshop) -> _Source | None:
    if parsed.geometry:
        name = quoted(parsed.geometry)
        stated = shop.told.crs or parsed.crs
        sql = f"ST_GeomFromWKB({name}::BLOB)"
        return _Source(sql, (parsed.geometry,), stated, is_point=False, swapped_sql=f"ST_FlipCoordinates({sql})")
    by_meaning = {one.meaning or _type_name(one): one for one in reversed(decisions)}
    for meaning, sql in _TEXTS.items():
        if meaning in by_meaning:
            one = by_meaning[meaning]
            is_pair = meaning == "coordinate-pair"
            stated = shop.told.crs or (WGS84 if is_pair or meaning == "geojson" else "")
            return _Source(sql.replace("{x}", quoted(one.column)), (one.column,), stated, is_point=is_pair)
    return _pair(by_meaning, "longitude", "latitude", shop.told.crs or WGS84) or _pair(
        by_meaning, "easting", "northing", shop.told.crs
    )


def _type_name(one: Decision) -> str:
    return one.candidate.type.name if one.candidate else ""


def _pair(by_meaning: Mapping[str, Decision], first: str, second: str, stated: str) -> _Source | None:
    if first not in by_meaning or second not in by_meaning:
        return None
    x, y = by_meaning[first], by_meaning[second]
    point = "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN ST_Point({0}, {1}) END"
    across, up = quoted(x.column), quoted(y.column)
    box = None
    if x.low is not None and x.high is not None and y.low is not None and y.high is not None:
        box = (x.low, y.low, x.high, y.high)
    return _Source(
        point.format(across, up),
        (x.column, y.column),
        stated,
        is_point=True,
        swapped_sql=point.format(up, across),
        box=box,
    )


def _placed(
    parsed: Parsed,
    source: _Source,
    decisions: Sequence[Decision],
    shop_told: str,
    extent: Box | None,
    cursor: duckdb.DuckDBPyConnection,
) -> tuple[tuple[Placed, ...], tuple[Finding, ...]]:
    chosen = [one for one in decisions if one.column in source.sources]
    relation = typed_relation(parsed, chosen, [parsed.geometry] if parsed.geometry else [])
    source, nowhere = _without_nowhere(source, relation, cursor)
    box = source.box or _extent(source.sql, relation, cursor)
    name = _free(parsed.columns if not parsed.geometry else tuple(one.column for one in decisions))
    issues: list[Finding] = []
    place = Place(parsed.name or "", 0, name)

    def say(message: str, **values: object) -> None:
        issues.append(Finding(Message(message, values), place, "", Severity.WARNING))

    if nowhere:
        say("places-at-zero", columns=", ".join(source.sources), count=nowhere)
    if box is None:
        return (), tuple(issues)
    stated, sql = crs.find(source.crs) if source.crs else "", source.sql
    accuracy = crs.accuracy_m(stated) if stated else None
    if shop_told and not stated.startswith("EPSG:"):
        raise UsageError("crs-not-known", crs=shop_told)
    if stated and crs.is_degrees(stated) and _is_off_globe(box):
        say("crs-impossible", crs=stated)
        stated = ""
    if not stated:
        stated, accuracy = _proposed(box, extent, say)
        if not stated:
            return (), tuple(issues)
    elif source.swapped_sql and _is_swapped(box, stated, extent):
        say("axes-swapped", columns=", ".join(source.sources))
        sql = source.swapped_sql
    elif not crs.plausible(stated, box, extent):
        say("crs-implausible", crs=stated)
    whole = sql if stated == WGS84 else crs.to_4326_sql(sql, stated)
    kind = _kind(whole, relation, source, cursor)
    placed = (
        Placed(
            name,
            kind,
            f"ST_SetCRS({whole}, '{WGS84}')",
            source.sources,
            stated,
            accuracy,
            0 if parsed.geometry else _misfits(whole, source, relation, cursor),
        ),
    )
    return placed, tuple(issues)


def _without_nowhere(source: _Source, relation: str, cursor: duckdb.DuckDBPyConnection) -> tuple[_Source, int]:
    """Return the source without the rows that say 0, 0, and their number: they say that the place is not known."""
    if source.box is not None and not (source.box[0] <= 0 <= source.box[2] and source.box[1] <= 0 <= source.box[3]):
        return source, 0
    if not source.swapped_sql or len(source.sources) != 2:  # noqa: PLR2004 - a pair of numbers
        return source, 0
    zero = " AND ".join(f"{quoted(name)} = 0" for name in source.sources)
    (count,) = cursor.execute(f"SELECT count(*) FROM {relation} WHERE {zero}").fetchone() or (0,)
    if not count:
        return source, 0
    somewhere = (f"CASE WHEN NOT ({zero}) THEN {sql} END" for sql in (source.sql, source.swapped_sql))
    sql, swapped = somewhere
    return replace(source, sql=sql, swapped_sql=swapped, box=None), int(count)


def _extent(sql: str, relation: str, cursor: duckdb.DuckDBPyConnection) -> tuple[float, float, float, float] | None:
    """Return the box of all places in source coordinates, nothing where there are none."""
    found = cursor.execute(
        f"SELECT min(ST_XMin(g)), min(ST_YMin(g)), max(ST_XMax(g)), max(ST_YMax(g)) "
        f"FROM (SELECT {sql} AS g FROM {relation})"
    ).fetchone()
    if found is None or found[0] is None:
        return None
    west, south, east, north = (float(value) for value in found)
    return west, south, east, north


def _proposed(
    box: tuple[float, float, float, float], extent: Box | None, say: Callable[..., None]
) -> tuple[str, float | None]:
    """Return the likeliest coordinate system that puts the places where they should be, said so, and its accuracy.

    Systems that the numbers cannot tell apart lie up to some 200 m from each other: that is then the accuracy.
    """
    proposals = crs.guess(box, extent)
    if not proposals:
        say("crs-unknown", west=box[0], south=box[1], east=box[2], north=box[3])
        return "", None
    first, others = proposals[0], proposals[1:]
    if any((crs.apart_m(first, one, box) or _UNSURE_M + 1) > _UNSURE_M for one in others):
        say("crs-several", systems=", ".join(proposals))
        return "", None
    if others:
        say("crs-assumed", crs=first, others=", ".join(others))
        return first, _UNSURE_M
    say("crs-proposed", crs=first)
    return first, crs.accuracy_m(first)


def _is_off_globe(box: tuple[float, float, float, float]) -> bool:
    """Say whether a box cannot be in degrees, whichever comes first."""
    return max(map(abs, box)) > 180  # noqa: PLR2004 - degrees


def _is_swapped(box: tuple[float, float, float, float], stated: str, extent: Box | None) -> bool:
    west, south, east, north = box
    turned = (south, west, north, east)
    home = extent or ITALY
    return not crs.plausible(stated, box, home) and crs.plausible(stated, turned, home)


def _kind(sql: str, relation: str, source: _Source, cursor: duckdb.DuckDBPyConnection) -> Type:
    if source.is_point:
        return Type.POINT
    found = cursor.execute(
        f"SELECT bool_and(ST_GeometryType({sql}) = 'POINT') FROM {relation} "
        f"WHERE {' AND '.join(quoted(name) + ' IS NOT NULL' for name in source.sources)}"
    ).fetchone()
    return Type.POINT if found and found[0] else Type.GEOMETRY


def _misfits(sql: str, source: _Source, relation: str, cursor: duckdb.DuckDBPyConnection) -> int:
    """Count the rows that say something of their place that is no place; pairs of numbers are judged as numbers."""
    if source.swapped_sql:
        return 0
    found = cursor.execute(
        f"SELECT count(*) FROM {relation} WHERE {quoted(source.sources[0])} IS NOT NULL AND ({sql}) IS NULL"
    ).fetchone()
    return int(found[0]) if found else 0


def _free(columns: Sequence[str]) -> str:
    taken, name, number = {column.casefold() for column in columns}, GEOMETRY, 1
    while name in taken:
        number += 1
        name = f"{GEOMETRY}_{number}"
    return name
