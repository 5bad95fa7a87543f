"""Files of places made for tests: GeoJSON, shapefiles byte by byte, whatever the engine's library can write."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

from tests.lake.readers.workshops import workshop

from portico.lake.found import Member
from portico.lake.readers import vector
from portico.messages import Message
from portico.translation import LANGUAGES, Translator


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def feature(properties, geometry=None, **more):
    return {"type": "Feature", "properties": properties, "geometry": geometry} | more


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}, ensure_ascii=False)


def read(tmp_path, kind, path, companions=None, name="", **told):
    """Return the tables of a file and the workshop they are in."""
    shop = workshop(tmp_path, **told)
    return vector.read(Member(path, name or path.name, kind, companions or {}), shop), shop


def read_one(tmp_path, kind, path, companions=None, **told):
    """Return the one table of a file and its workshop."""
    (table,), shop = read(tmp_path, kind, path, companions, **told)
    return table, shop


def wkt_of(table, shop):
    """Return each geometry as text."""
    with shop.cursor(spatial=True) as cursor:
        query = f"SELECT ST_AsText(ST_GeomFromWKB(geometry)) FROM {table.relation}"
        return [row[0] for row in cursor.execute(query).fetchall()]


def kinds_of(table, shop):
    """Return how many geometries of each kind there are."""
    with shop.cursor(spatial=True) as cursor:
        query = (
            f"SELECT ST_GeometryType(ST_GeomFromWKB(geometry))::VARCHAR AS k, count(*) FROM {table.relation} "
            "WHERE geometry IS NOT NULL GROUP BY k"
        )
        return dict(cursor.execute(query).fetchall())


def column_of(table, shop, name):
    """Return the values of a column."""
    with shop.cursor() as cursor:
        query = f'SELECT "{name}" FROM {table.relation}'
        return [row[0] for row in cursor.execute(query).fetchall()]


def said(table):
    """Return what was odd about a table, kind → finding, each with words in every language."""
    for finding in table.issues:
        spoken(finding.message)
    return {finding.kind: finding for finding in table.issues}


def spoken(message: Message):
    """See that a message has words in every language, and return them in English."""
    texts = {language: Translator(language)(message) for language in LANGUAGES}
    for text in texts.values():
        assert text
        assert message.id not in text
        assert not re.search(r"\{[a-z_]+\}", text), text
    return texts["en"]


def write(shop, path: Path, driver: str, select: str, srs="EPSG:4326", options=""):
    """Write the rows of a query with the engine's library, which turns the axes round in a KML that it is told of."""
    srs = "OGC:CRS84" if driver == "KML" else srs
    with shop.cursor(spatial=True) as cursor:
        cursor.execute(f"COPY ({select}) TO '{path}' WITH (FORMAT GDAL, DRIVER '{driver}', SRS '{srs}' {options})")


# --- shapefiles, byte by byte ---


def shapes(points) -> bytes:
    """Return a .shp of points; None is a null shape."""
    records = b""
    for number, one in enumerate(points, start=1):
        content = struct.pack("<i", 0) if one is None else struct.pack("<idd", 1, *one)
        records += struct.pack(">ii", number, len(content) // 2) + content
    return _shape_head(100 + len(records)) + records


def shape_index(points) -> bytes:
    """Return the .shx of the same points."""
    entries, at = b"", 50
    for one in points:
        words = 2 if one is None else 10
        entries += struct.pack(">ii", at, words)
        at += 4 + words
    return _shape_head(100 + len(entries)) + entries


def _shape_head(size: int) -> bytes:
    return (
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2)
        + struct.pack("<2i", 1000, 1)
        + struct.pack("<8d", 0, 0, 1, 1, 0, 0, 0, 0)
    )


def table(fields, rows) -> bytes:
    """Return a .dbf: fields are (name as bytes, kind, width, decimals), rows hold bytes."""
    width = 1 + sum(one[2] for one in fields)
    head = struct.pack("<BBBBIHH20x", 3, 124, 1, 1, len(rows), 32 + 32 * len(fields) + 1, width)
    for name, kind, length, decimals in fields:
        head += name.ljust(11, b"\x00") + kind.encode() + bytes(4) + bytes((length, decimals)) + bytes(14)
    body = b"".join(
        b" " + b"".join(cell.ljust(field[2])[: field[2]] for cell, field in zip(row, fields, strict=True))
        for row in rows
    )
    return head + b"\r" + body + b"\x1a"


def shapefile(tmp_path, points, fields=(), rows=(), name="sites", without=(), **beside):
    """Write a shapefile; return its .shp and the files beside it by ending."""
    parts = {".shp": shapes(points), ".shx": shape_index(points)}
    if fields:
        parts[".dbf"] = table(fields, rows)
    parts |= {f".{ending}": text.encode() for ending, text in beside.items()}
    for ending, content in parts.items():
        if ending not in without:
            (tmp_path / f"{name}{ending}").write_bytes(content)
    companions = {ending: tmp_path / f"{name}{ending}" for ending in parts if ending not in (*without, ".shp")}
    return tmp_path / f"{name}.shp", companions
