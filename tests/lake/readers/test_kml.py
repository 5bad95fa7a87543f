"""KML and GML: what placemarks and features say, coordinate systems and their axes, XML that is hostile or broken."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.lake.readers.places import column_of, read, read_one, said, spoken, wkt_of
from tests.lake.readers.workshops import rejected

from portico.errors import InputError
from portico.lake.found import Format
from portico.messages import Message

KML = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>doc</name>{content}</Document></kml>'
)
POINT = "<Point><coordinates>7.5,45.25,0</coordinates></Point>"
GML = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:t="http://example.org/t" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://example.org/t {schema}">{content}'
    "</wfs:FeatureCollection>"
)
SITE = (
    '<gml:featureMember><t:site gml:id="s{n}"><t:code>00{n}</t:code><t:label>Agliè</t:label>'
    '<t:geom><gml:Point srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point></t:geom></t:site></gml:featureMember>'
)
URN = "urn:ogc:def:crs:EPSG::4326"


def kml(tmp_path, content, encoding="UTF-8", codec="", **told):
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(encoding=encoding, content=content).encode(codec or encoding))
    return read_one(tmp_path, Format.KML, path, **told)


def gml(tmp_path, srs=URN, pos="45.25 7.5", encoding="UTF-8", codec="", schema="t.xsd", extra="", count=2):
    content = "".join(SITE.format(n=n, srs=srs, pos=pos) for n in range(1, count + 1)) + extra
    path = tmp_path / "a.gml"
    path.write_bytes(GML.format(encoding=encoding, content=content, schema=schema).encode(codec or encoding))
    return read_one(tmp_path, Format.GML, path) if not extra else read(tmp_path, Format.GML, path)


def mark(inside, geometry=POINT):
    return f"<Placemark>{inside}{geometry}</Placemark>"


# --- KML: what placemarks say ---


def test_extended_data_of_both_kinds_are_columns_of_text(tmp_path):
    table, shop = kml(
        tmp_path,
        mark(
            '<name>A</name><ExtendedData><Data name="code"><displayName>Code</displayName><value>001</value></Data>'
            '<SchemaData schemaUrl="#s"><SimpleData name="area">12,5</SimpleData></SchemaData></ExtendedData>'
        )
        + mark("<name>B</name><description><![CDATA[<b>bold</b>]]></description>"),
    )
    assert table.columns == ("name", "code", "area", "description", "geometry")
    assert column_of(table, shop, "code") == ["001", None]
    assert column_of(table, shop, "area") == ["12,5", None]
    assert column_of(table, shop, "description") == [None, "<b>bold</b>"]
    assert table.stated == {}
    assert table.crs == "EPSG:4326"


def test_the_standard_ways_of_drawing_are_no_columns(tmp_path):
    table, _ = kml(
        tmp_path,
        mark(
            "<name>A</name><visibility>1</visibility><open>0</open><styleUrl>#s</styleUrl><Style><IconStyle/></Style>"
            "<description></description>"
        ),
    )
    assert table.columns == ("name", "geometry")


def test_folders_are_a_column_and_can_be_told(tmp_path):
    content = (
        f"<Folder><name>Nord</name>{mark('<name>A</name>')}<Folder><name>Centro</name>{mark('<name>B</name>')}</Folder>"
        f"</Folder>{mark('<name>C</name>')}"
    )
    table, shop = kml(tmp_path, content)
    assert column_of(table, shop, "folder") == ["Nord", "Nord / Centro", None]
    table, shop = kml(tmp_path, content, layer="Nord")
    assert column_of(table, shop, "name") == ["A", "B"]


def test_times_of_placemarks_are_kept(tmp_path):
    table, shop = kml(tmp_path, mark("<TimeSpan><begin>2020</begin><end>2021-05</end></TimeSpan>"))
    assert (column_of(table, shop, "begin"), column_of(table, shop, "end")) == (["2020"], ["2021-05"])


def test_every_kind_of_geometry_is_read(tmp_path):
    ring = "<LinearRing><coordinates>7,45 8,45 8,46 7,45</coordinates></LinearRing>"
    hole = "<LinearRing><coordinates>7.6,45.1 7.8,45.1 7.8,45.3 7.6,45.1</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs><innerBoundaryIs>{hole}</innerBoundaryIs></Polygon>"
    line = "<LineString><coordinates>\n 7, 45 ,100\n 8,46,200 </coordinates></LineString>"
    track = "<gx:Track><when>2020</when><gx:coord>7 45 0</gx:coord><gx:coord>8 46 0</gx:coord></gx:Track>"
    table, shop = kml(
        tmp_path,
        "".join(
            mark("", one)
            for one in (
                POINT,
                polygon,
                line,
                track,
                f"<MultiGeometry>{POINT}{POINT}</MultiGeometry>",
                f"<MultiGeometry>{POINT}{polygon}</MultiGeometry>",
                "",
            )
        ),
    )
    inner = "(7.6 45.1, 7.8 45.1, 7.8 45.3, 7.6 45.1)"
    whole = f"((7 45, 8 45, 8 46, 7 45), {inner})"
    assert wkt_of(table, shop) == [
        "POINT (7.5 45.25)",
        f"POLYGON {whole}",
        "LINESTRING Z (7 45 100, 8 46 200)",
        "LINESTRING (7 45, 8 46)",
        "MULTIPOINT (7.5 45.25, 7.5 45.25)",
        f"GEOMETRYCOLLECTION (POINT (7.5 45.25), POLYGON {whole})",
        None,
    ]
    assert said(table)["geometries-missing"].message.values["rows"] == "7"


@pytest.mark.parametrize("coordinates", ["7", "x,y", "7,45,1,2", ""])
def test_coordinates_that_are_none_are_a_reject(tmp_path, coordinates):
    table, shop = kml(tmp_path, mark("<name>A</name>", f"<Point><coordinates>{coordinates}</coordinates></Point>"))
    assert wkt_of(table, shop) == [None]
    assert [one[0] for one in rejected(table)] == ["1"]
    assert column_of(table, shop, "name") == ["A"]


def test_links_to_other_files_are_not_followed_and_said(tmp_path):
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/more.kml</href></Link></NetworkLink>"
    table, _ = kml(tmp_path, mark("<name>A</name>") + link)
    assert said(table)["kml-network-links"].message.values["count"] == 1
    with pytest.raises(InputError) as raised:
        kml(tmp_path, link)
    assert raised.value.message_id == "kml-no-placemarks"
    spoken(Message.of(raised.value))


# --- XML ---


@pytest.mark.parametrize(
    ("stated", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-16"),
        ("UTF-8", "cp1252"),
    ],
)
def test_letters_are_right_in_the_encoding_that_is_true(tmp_path, stated, codec):
    table, shop = kml(tmp_path, mark("<name>Agliè</name>"), stated, codec)
    assert column_of(table, shop, "name") == ["Agliè"]
    table, shop = gml(tmp_path, encoding=stated, codec=codec)
    assert column_of(table, shop, "label") == ["Agliè", "Agliè"]


HOSTILE = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    "another file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "another host": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
}


@pytest.mark.parametrize("kind", [Format.KML, Format.GML])
@pytest.mark.parametrize("declared", HOSTILE.values(), ids=HOSTILE)
def test_documents_that_declare_entities_are_refused(tmp_path, kind, declared):
    text = KML if kind is Format.KML else GML
    content = text.format(encoding="UTF-8", content=mark("<name>A</name>"), schema="")
    path = tmp_path / "a.xml"
    path.write_text(content.replace("?>\n", f"?>\n{declared}\n", 1))
    with pytest.raises(InputError) as raised:
        read(tmp_path, kind, path)
    assert raised.value.message_id == "xml-doctype"
    spoken(Message.of(raised.value))


@pytest.mark.parametrize("kind", [Format.KML, Format.GML])
@pytest.mark.parametrize(
    "content", ["<kml>\n<a></b></kml>", "<kml>\n<a>&undefined;</a></kml>", "<kml>\n", "<kml/>\n<kml/>"]
)
def test_xml_that_is_not_well_formed_is_refused_with_its_place(tmp_path, kind, content):
    path = tmp_path / "a.xml"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        read(tmp_path, kind, path)
    assert raised.value.message_id == "xml-broken"
    assert raised.value.values["line"] in (2, 3)
    spoken(Message.of(raised.value))


@pytest.mark.parametrize("kind", [Format.KML, Format.GML])
def test_xml_nested_without_end_is_refused(tmp_path, kind):
    path = tmp_path / "a.xml"
    path.write_text("<kml>" + "<Folder>" * 100_000)
    with pytest.raises(InputError) as raised:
        read(tmp_path, kind, path)
    assert raised.value.message_id == "xml-too-deep"


# --- GML ---


@pytest.mark.parametrize(
    ("srs", "pos", "code", "place"),
    [
        # The OGC's names put latitude first.
        (URN, "45.25 7.5", "EPSG:4326", "POINT (7.5 45.25)"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "45.25 7.5", "EPSG:4326", "POINT (7.5 45.25)"),
        ("urn:ogc:def:crs:EPSG:6.9:4258", "45.25 7.5", "EPSG:4258", "POINT (7.5 45.25)"),
        # Short names are older than that rule and put x first.
        ("EPSG:4326", "7.5 45.25", "EPSG:4326", "POINT (7.5 45.25)"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "7.5 45.25", "EPSG:4326", "POINT (7.5 45.25)"),
        ("urn:ogc:def:crs:EPSG::3003", "1396634 4991598", "EPSG:3003", "POINT (1396634 4991598)"),
        ("urn:ogc:def:crs:EPSG::32632", "396634 4991598", "EPSG:32632", "POINT (396634 4991598)"),
    ],
)
def test_axes_come_out_east_first_whatever_the_name_of_the_system(tmp_path, srs, pos, code, place):
    table, shop = gml(tmp_path, srs, pos)
    assert table.crs == code
    assert wkt_of(table, shop) == [place, place]


def test_codes_keep_their_zeros_because_every_property_is_text(tmp_path):
    table, shop = gml(tmp_path)
    assert column_of(table, shop, "code") == ["001", "002"]
    assert table.stated == {}


def test_a_system_that_is_not_stated_is_said(tmp_path):
    table, _ = gml(tmp_path, "")
    assert table.crs == ""
    assert "crs-not-stated" in said(table)


def test_features_of_several_kinds_are_several_tables(tmp_path):
    other = '<gml:featureMember><t:plain gml:id="p"><t:Name>x</t:Name><t:name>y</t:name></t:plain></gml:featureMember>'
    tables, shop = gml(tmp_path, extra=other)
    assert [(one.name, one.rows, one.geometry) for one in tables] == [("site", 2, "geometry"), ("plain", 1, "")]
    assert column_of(tables[1], shop, "Name") == ["x"]


def test_arcs_are_kept_as_rejects_and_never_straightened_in_silence(tmp_path):
    arc = (
        '<gml:featureMember><t:site gml:id="a"><t:code>9</t:code><t:geom><gml:Curve srsName="EPSG:3003"><gml:segments>'
        "<gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve></t:geom></t:site>"
        "</gml:featureMember>"
    )
    (table,), shop = gml(tmp_path, "EPSG:3003", "1396634 4991598", extra=arc)
    assert wkt_of(table, shop) == ["POINT (1396634 4991598)"] * 2 + [None]
    assert [(row, reason) for row, _, _, reason in rejected(table)] == [("3", "geometry-curved")]
    assert "geometries-curved" in said(table)


def test_no_schema_is_fetched_and_nothing_is_written_beside_the_file(tmp_path):
    code = (
        "import socket, sys\n"
        "server = socket.create_server(('127.0.0.1', 0)); server.settimeout(0.2)\n"
        "from pathlib import Path\n"
        "from tests.lake.readers import test_kml as case\n"
        "folder = Path(sys.argv[1])\n"
        "address = 'http://127.0.0.1:%d/t.xsd' % server.getsockname()[1]\n"
        "table, _ = case.gml(folder, schema=address)\n"
        "print(table.rows, sorted(path.name for path in folder.iterdir() if path.is_file()))\n"
        "try:\n"
        "    server.accept(); print('asked')\n"
        "except TimeoutError:\n"
        "    print('silent')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
        timeout=60,
    )
    assert ran.stdout.split("\n")[:2] == ["2 ['a.gml']", "silent"], ran.stderr
