"""Shapefiles: parts that are missing, do not fit or are cut off, letters in any encoding, names that make trouble."""

from __future__ import annotations

import codecs
import datetime as dt
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.readers.places import column_of, read, read_one, said, shapefile, spoken, table, wkt_of
from tests.lake.readers.workshops import rejected, workshop

from portico.errors import InputError
from portico.lake.found import Format
from portico.lake.model import Type
from portico.lake.readers import dbf
from portico.messages import Message

POINTS = [(1396634.5, 4991598.25), None, (1396700.0, 4991700.0)]
FIELDS = [
    (b"CODE", "C", 5, 0),
    (b"LABEL", "C", 12, 0),
    (b"N", "N", 6, 0),
    (b"X", "N", 8, 2),
    (b"DAY", "D", 8, 0),
    (b"OK", "L", 1, 0),
]
ROWS = [
    (b"00012", b"uno", b"    12", b"    1.50", b"20200131", b"T"),
    (b"00013", b"due", b"", b"", b"", b"F"),
    (b"", b"tre", b"     0", b"   -0.25", b"19991231", b"?"),
]
PRJ = (
    'PROJCS["Monte_Mario_Italy_1",GEOGCS["GCS_Monte_Mario",DATUM["D_Monte_Mario",SPHEROID["International_1924",'
    '6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",1500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def one(tmp_path, points=POINTS, fields=FIELDS, rows=ROWS, without=(), told=None, **beside):
    path, companions = shapefile(tmp_path, points, fields, rows, without=without, **beside)
    return read_one(tmp_path, Format.SHAPEFILE, path, companions, **(told or {}))


def refused(tmp_path, path, companions):
    with pytest.raises(InputError) as raised:
        read(tmp_path, Format.SHAPEFILE, path, companions)
    spoken(Message.of(raised.value))
    return raised.value


def texts(tmp_path, cells, width=20, **more):
    """Return the column of text that ``cells`` (bytes) become."""
    found, shop = one(
        tmp_path, [(0.0, 0.0)] * len(cells), [(b"T", "C", width, 0)], [(cell,) for cell in cells], prj=PRJ, **more
    )
    return column_of(found, shop, "T"), found


# --- a whole one ---


def test_shapes_numbers_dates_and_codes_are_as_the_table_states_them(tmp_path):
    found, shop = one(tmp_path, prj=PRJ)
    assert wkt_of(found, shop) == ["POINT (1396634.5 4991598.25)", None, "POINT (1396700 4991700)"]
    assert found.crs == "EPSG:3003"
    assert column_of(found, shop, "CODE") == ["00012", "00013", None]
    assert column_of(found, shop, "N") == [12, None, 0]
    assert column_of(found, shop, "X") == [1.5, None, -0.25]
    assert column_of(found, shop, "DAY") == [dt.date(2020, 1, 31), None, dt.date(1999, 12, 31)]
    assert {name: kind for name, kind in found.stated.items() if name != "OK"} == {
        "N": Type.INTEGER,
        "X": Type.NUMBER,
        "DAY": Type.DATE,
    }
    assert set(said(found)) == {"geometries-missing"}
    assert found.name == "sites"


def test_letters_of_truth_are_true_or_false(tmp_path):
    found, shop = one(tmp_path, prj=PRJ)
    assert found.stated["OK"] is Type.BOOLEAN
    assert column_of(found, shop, "OK") == [True, False, None]


def test_what_is_no_date_is_a_reject_and_never_the_first_of_january_1970(tmp_path):
    rows = [(b"20200230",), (b"00000000",), (b"",), (b"20200229",), (b"x",)]
    found, shop = one(tmp_path, [(0.0, 0.0)] * 5, [(b"DAY", "D", 8, 0)], rows, prj=PRJ)
    assert column_of(found, shop, "DAY") == [None, None, None, dt.date(2020, 2, 29), None]
    assert [(row, column, raw) for row, column, raw, _ in rejected(found)] == [
        ("1", "DAY", "20200230"),
        ("5", "DAY", "x"),
    ]
    assert said(found)["cells-not-as-stated"].message.values["count"] == 2


def test_a_last_letter_with_an_accent_is_not_taken_for_half_a_letter(tmp_path):
    cells, found = texts(tmp_path, ["Agliè".encode("cp1252"), b"plain"], width=5)
    assert cells == ["Agliè", "plain"]
    assert found.dialect.encoding == "cp1252"


# --- what is missing ---


def test_without_a_prj_the_system_is_not_guessed_by_the_reader(tmp_path):
    found, _ = one(tmp_path)
    assert found.crs == ""
    assert "shapefile-without-prj" in said(found)


def test_without_an_index_one_is_made(tmp_path):
    found, shop = one(tmp_path, without=(".shx",), prj=PRJ)
    assert wkt_of(found, shop) == ["POINT (1396634.5 4991598.25)", None, "POINT (1396700 4991700)"]
    assert "shapefile-without-shx" in said(found)
    assert not list(tmp_path.glob("*.shx"))


def test_without_a_table_the_shapes_stand_alone(tmp_path):
    found, shop = one(tmp_path, without=(".dbf",), prj=PRJ)
    assert found.columns == ("geometry",)
    assert len(wkt_of(found, shop)) == found.rows == 3
    assert "shapefile-without-dbf" in said(found)


def test_an_index_alone_is_refused_and_with_its_table_gives_the_table(tmp_path):
    _, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS)
    index = companions.pop(".shx")
    found, shop = read_one(tmp_path, Format.SHAPEFILE, index, companions)
    assert column_of(found, shop, "LABEL") == ["uno", "due", "tre"]
    assert found.geometry == ""
    assert "shapefile-without-shp" in said(found)
    assert refused(tmp_path, index, {}).message_id == "shapefile-index-alone"


def test_a_layer_that_was_told_for_other_files_changes_nothing(tmp_path):
    assert one(tmp_path, prj=PRJ, told={"layer": "other"})[0].rows == 3


# --- what does not fit ---


def test_an_index_that_points_elsewhere_is_made_anew(tmp_path):
    path, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS, prj=PRJ)
    index = bytearray(companions[".shx"].read_bytes())
    index[100:104] = struct.pack(">i", 1_000_000)
    companions[".shx"].write_bytes(index)
    found, shop = read_one(tmp_path, Format.SHAPEFILE, path, companions)
    assert wkt_of(found, shop)[0] == "POINT (1396634.5 4991598.25)"
    assert "shapefile-index-damaged" in said(found)


def test_shapes_and_table_of_different_files_are_refused(tmp_path):
    path, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS[:2])
    error = refused(tmp_path, path, companions)
    assert (error.message_id, error.values["shapes"], error.values["records"]) == ("shapefile-records", 3, 2)


@pytest.mark.parametrize(("part", "refusal"), [(".shp", "shapefile-cut-off"), (".dbf", "dbf-cut-off")])
def test_a_part_that_is_cut_off_is_refused(tmp_path, part, refusal):
    path, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS)
    cut = path if part == ".shp" else companions[part]
    cut.write_bytes(cut.read_bytes()[:-20])
    assert refused(tmp_path, path, companions).message_id == refusal


@pytest.mark.parametrize("content", [b"", b"\x03", b"\x03" + bytes(31), bytes(500), b"\xff" * 500])
def test_a_table_that_is_none_is_refused(tmp_path, content):
    path, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS)
    companions[".dbf"].write_bytes(content)
    assert refused(tmp_path, path, companions).message_id in ("dbf-damaged", "dbf-cut-off")


@pytest.mark.parametrize("length", [0, -1, 1, 2**30])
def test_shapes_of_no_length_are_no_endless_walk(tmp_path, length):
    path, companions = shapefile(tmp_path, POINTS, FIELDS, ROWS, without=(".shx",))
    content = bytearray(path.read_bytes())
    content[104:108] = struct.pack(">i", length)
    path.write_bytes(content)
    assert refused(tmp_path, path, companions).message_id == "shapefile-damaged"


# --- letters ---


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", ""),
        ("cp1252", "1252"),
        ("cp1252", "ANSI 1252"),
        ("cp1252", "ISO-8859-1"),
        ("cp1252", ""),
        ("cp850", "850"),
        ("cp437", "OEM 437"),
        ("cp1250", "CP1250"),
        ("iso8859-15", "ISO-8859-15"),
    ],
)
def test_letters_are_right_by_the_file_beside_and_else_by_the_bytes(tmp_path, encoding, stated):
    word = "Agliè perù" if encoding != "cp1250" else "Łódź"
    cells, found = texts(tmp_path, [word.encode(encoding), b"plain"], **({"cpg": stated} if stated else {}))
    assert cells == [word, "plain"]
    assert codecs.lookup(found.dialect.encoding).name == codecs.lookup(encoding).name


def test_the_euro_sign_and_long_quotes_come_through(tmp_path):
    cells, _ = texts(tmp_path, ["€ 100 “sì” – no".encode("cp1252")])
    assert cells == ["€ 100 “sì” – no"]


def test_bytes_that_contradict_what_is_stated_decide(tmp_path):
    cells, found = texts(tmp_path, ["Agliè".encode("cp1252")], cpg="UTF-8")
    assert cells == ["Agliè"]
    assert said(found)["dbf-not-as-stated"].message.values == {
        "file": "sites.shp",
        "stated": "UTF-8",
        "encoding": "cp1252",
    }


def test_what_was_told_comes_before_what_is_stated(tmp_path):
    cells, _ = texts(tmp_path, ["Agliè".encode("cp850")], cpg="1252", told={"encoding": "cp850"})
    assert cells == ["Agliè"]


def test_a_letter_cut_in_two_by_the_width_of_the_column_is_left_out_and_said(tmp_path):
    cut = "Perù".encode()[:-1]
    cells, found = texts(tmp_path, [cut, "tè".encode(), b"good"], width=len(cut))
    assert cells == ["Per", "tè", "good"]
    assert said(found)["dbf-letters-cut"].message.values["rows"] == "1"


def test_names_of_columns_may_be_of_any_letters(tmp_path):
    fields = [("CITTÀ".encode("cp1252"), "C", 5, 0), (b"A B", "C", 3, 0)]
    found, shop = one(tmp_path, [(0.0, 0.0)], fields, [("Agliè".encode("cp1252"), b"x")], prj=PRJ)
    assert found.headers[0] == "CITTÀ"
    assert column_of(found, shop, "CITTÀ") == ["Agliè"]


def test_columns_called_alike_or_like_the_librarys_own_are_read(tmp_path):
    fields = [
        (b"ogc_fid", "N", 4, 0),
        (b"Name", "C", 2, 0),
        (b"NAME", "C", 2, 0),
        (b"geometry", "C", 2, 0),
        (b"GEOM", "C", 2, 0),
    ]
    found, shop = one(tmp_path, [(0.0, 0.0)], fields, [(b"7", b"a", b"b", b"c", b"d")], prj=PRJ)
    assert found.columns == ("ogc_fid", "Name", "NAME_2", "geometry_2", "GEOM", "geometry")
    assert found.headers == ("ogc_fid", "Name", "NAME", "geometry", "GEOM", "geometry")
    assert [column_of(found, shop, name)[0] for name in found.columns[:-1]] == [7, "a", "b", "c", "d"]


WORDS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=10).map(str.strip)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(WORDS, min_size=1, max_size=6), encoding=st.sampled_from(["utf-8", "cp1252"]))
def test_any_letters_come_back_in_the_encoding_that_is_stated(tmp_path, cells, encoding):
    folder = workshop(tmp_path).folder
    found, _ = texts(folder, [cell.encode(encoding) for cell in cells], width=40, cpg=encoding.removeprefix("cp"))
    assert [cell or "" for cell in found] == cells


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("dbf") / "a.dbf"
    path.write_bytes(content)
    try:
        shape = dbf.shape(path, "a.dbf")
    except InputError:
        return
    assert dbf.judge(path, shape, "", "IT").encoding in ("utf-8", "cp1252")


def test_records_that_were_deleted_are_not_judged(tmp_path):
    path = tmp_path / "a.dbf"
    content = table([(b"T", "C", 5, 0)], [(b"Agli\xe8",), (b"plain",)])
    path.write_bytes(content.replace(b" Agli\xe8", b"*Agli\xe8"))
    assert dbf.judge(path, dbf.shape(path, "a.dbf"), "", "IT").encoding == "utf-8"
