"""What a file is, by its content; its name is never asked."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from portico.lake.found import Format
from portico.lake.sniff.format import identify

WORKBOOK = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
TABLE = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
FEED = {"stops.txt": b"stop_id\n", "routes.txt": b"route_id\n", "trips.txt": b"trip_id\n", "__MACOSX/stops.txt": b"x"}
POINT = '{"type":"Feature","geometry":{"type":"Point","coordinates":[7.6,45.0]},"properties":{}}'


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


CASES = [
    (b"", Format.EMPTY),
    (b"id;comune\n1;Torino\n", Format.CSV),
    (b"x", Format.CSV),
    ("città;cap\n".encode("utf-16"), Format.CSV),
    ("comune;cap\nTorino;10125\n".encode("utf-16-le"), Format.CSV),
    (zipped(WORKBOOK), Format.XLSX),
    (zipped(TABLE), Format.ODS),
    (zipped(FEED), Format.GTFS),
    (zipped({"doc.kml": b"<kml/>"}), Format.KMZ),
    (zipped({"data.csv": b"a;b\n"}), Format.ZIP),
    (gzip.compress(b"a;b\n", mtime=0), Format.GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Format.XLS),
    (b"PAR1" + bytes(20), Format.PARQUET),
    (b"%PDF-1.7\n", Format.PDF),
    (b"\x89PNG\r\n\x1a\n", Format.IMAGE),
    (b"II*\x00" + bytes(20), Format.RASTER),
    (b"<!DOCTYPE html><html><body>login</body></html>", Format.HTML),
    (b"\n<html><head></head></html>", Format.HTML),
    (b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"></kml>', Format.KML),
    (b'<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="w"></wfs:FeatureCollection>', Format.GML),
    (b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="r"></rdf:RDF>', Format.RDF),
    (b"<graphml></graphml>", Format.GRAPHML),
    (b"<note>x</note>", Format.XML),
    (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n", Format.RDF),
    (b"# comment\n@prefix a: <b> .\n", Format.RDF),
    (b'{"@context": {}, "@graph": []}', Format.RDF),
    (b'[{"a": 1}, {"a": 2}]', Format.JSON),
    (b'{"data": [1, 2]}', Format.JSON),
    (b'{"a": 1}\n{"a": 2}\n', Format.NDJSON),
    (f'{{"type":"FeatureCollection","features":[{POINT}]}}'.encode(), Format.GEOJSON),
    (b'{"type":"Topology","objects":{},"arcs":[]}', Format.TOPOJSON),
    (b"[nota] elenco;dei comuni\n1;2\n", Format.CSV),
    (b"\x0a\x0d\x0a\x032.0\x10\x00\x18\x99\xb9", Format.GTFS_REALTIME),
    (b"SQLite format 3\x00" + bytes(100), Format.DATABASE),
    (b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(40), Format.GEOPACKAGE),
    (bytes(range(256)) * 10, Format.BINARY),
    (bytes(1000), Format.BINARY),
]


@pytest.mark.parametrize(("content", "expected"), CASES, ids=range(len(CASES)))
def test_content_decides(tmp_path, content, expected):
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert identify(path) == expected


def test_the_type_of_a_collection_may_stand_at_its_end(tmp_path):
    path = tmp_path / "a.json"
    features = [json.loads(POINT) | {"properties": {"n": "x" * 500}} for _ in range(300)]
    features[0]["type"] = "Feature"
    text = json.dumps(
        {"features": [{"properties": one["properties"]} for one in features], "type": "FeatureCollection"}
    )
    path.write_text(text, "utf-8")
    assert identify(path) == Format.GEOJSON


def test_a_broken_archive_is_still_an_archive(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(WORKBOOK)[:-30])
    assert identify(path) == Format.ZIP
