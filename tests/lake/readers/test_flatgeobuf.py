"""FlatGeobuf: our own reader against the library's, and offsets that lead nowhere."""

from __future__ import annotations

import random

import pytest
from tests.lake.readers.places import column_of, read, read_one, said, spoken, wkt_of, write
from tests.lake.readers.workshops import workshop

from portico.errors import InputError
from portico.lake.found import Format
from portico.lake.model import Type
from portico.messages import Message

SHAPES = [
    "POINT (7.5 45.25)",
    "LINESTRING (0 0, 1 1)",
    "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
    "MULTIPOINT (1 2, 3 4)",
    "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 9 5, 9 9, 5 5), (6 5.5, 7 5.5, 7 6, 6 5.5)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
]
COLUMNS = "i AS n, i / 7.0 AS x, (i / 10.0)::FLOAT AS single, 'è' || i AS label, i % 2 = 0 AS even, {} AS geom"


def made(tmp_path, shape, rows=40, options="", columns=COLUMNS):
    path = tmp_path / "a.fgb"
    select = f"SELECT {columns.format(f'ST_GeomFromText({shape!r})')} FROM range({rows}) AS t(i)"
    write(workshop(tmp_path), path, "FlatGeobuf", select, "EPSG:32632", options)
    return path


@pytest.mark.parametrize("options", ["", ", LAYER_CREATION_OPTIONS ('SPATIAL_INDEX=NO')"])
@pytest.mark.parametrize("shape", SHAPES)
def test_our_reader_and_the_library_agree(tmp_path, shape, options):
    path = made(tmp_path, shape, options=options)
    table, shop = read_one(tmp_path, Format.FLATGEOBUF, path)
    with shop.cursor(spatial=True) as cursor:
        own = cursor.execute(
            f"SELECT n, x, label, even, ST_AsText(ST_GeomFromWKB(geometry)) FROM {table.relation} ORDER BY _row"
        ).fetchall()
        other = cursor.execute(f"SELECT n, x, label, even, ST_AsText(geom) FROM ST_Read('{path}')").fetchall()
    assert own == other
    assert table.rows == 40
    assert table.crs == "EPSG:32632"
    assert table.stated == {"n": Type.INTEGER, "x": Type.NUMBER, "single": Type.NUMBER, "even": Type.BOOLEAN}


@pytest.mark.parametrize("rows", [0, 1, 2, 16, 17, 300])
def test_the_index_is_passed_over_whatever_its_size(tmp_path, rows):
    table, shop = read_one(tmp_path, Format.FLATGEOBUF, made(tmp_path, SHAPES[0], rows))
    assert table.rows == rows
    assert wkt_of(table, shop) == [SHAPES[0]] * rows


def test_numbers_of_single_precision_are_what_they_were_written_as(tmp_path):
    table, shop = read_one(
        tmp_path, Format.FLATGEOBUF, made(tmp_path, SHAPES[0], 5, ", LAYER_CREATION_OPTIONS ('SPATIAL_INDEX=NO')")
    )
    assert column_of(table, shop, "single") == [0.0, 0.1, 0.2, 0.3, 0.4]


def test_features_without_a_place_are_counted(tmp_path):
    columns = "i AS n, CASE WHEN i < 2 THEN {} END AS geom"
    path = made(tmp_path, SHAPES[0], 5, ", LAYER_CREATION_OPTIONS ('SPATIAL_INDEX=NO')", columns)
    table, shop = read_one(tmp_path, Format.FLATGEOBUF, path)
    assert wkt_of(table, shop) == [SHAPES[0]] * 2 + [None] * 3
    assert said(table)["geometries-missing"].message.values["count"] == 3


@pytest.mark.parametrize("cut", [1, 50, 500])
def test_a_file_that_is_cut_off_is_refused(tmp_path, cut):
    path = made(tmp_path, SHAPES[5])
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.FLATGEOBUF, path)
    assert raised.value.message_id.startswith("flatgeobuf-")
    spoken(Message.of(raised.value))


def test_a_file_that_ends_between_two_features_is_refused(tmp_path):
    path = made(tmp_path, SHAPES[0], 3)
    content = path.read_bytes()
    index_bytes = 4 * 40  # three leaves and a root
    ends = [12 + int.from_bytes(content[8:12], "little") + index_bytes]
    while ends[-1] < len(content):
        ends.append(ends[-1] + 4 + int.from_bytes(content[ends[-1] : ends[-1] + 4], "little"))
    path.write_bytes(content[: ends[2]])
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.FLATGEOBUF, path)
    assert (raised.value.message_id, raised.value.values["stated"], raised.value.values["found"]) == (
        "flatgeobuf-cut-off",
        3,
        2,
    )


def test_offsets_that_lead_nowhere_do_not_end_the_process(tmp_path):
    # Nearly half of such files do that to the library.
    path = made(tmp_path, SHAPES[5])
    whole = path.read_bytes()
    chance = random.Random(3)
    refused = 0
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 9))):
            at = chance.randrange(8, len(content) - 4)
            content[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", bytes(chance.randbytes(4)))
            )
        path.write_bytes(content)
        try:
            read(tmp_path, Format.FLATGEOBUF, path)
        except InputError as error:
            spoken(Message.of(error))
            refused += 1
    assert refused > 20
