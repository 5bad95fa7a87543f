"""Descriptions beside a file: read with limits, applied without loss, written for a version."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lakes import NAMES, WORDS
from tests.sheets import cursor

from portico.lake import schemas
from portico.lake.columns.date import DATE
from portico.lake.columns.integer import INTEGER
from portico.lake.deciding import Candidate, Decision
from portico.lake.described import Constraints, Faults, Field, ForeignKey, Schema
from portico.lake.found import Format, Member
from portico.lake.model import Column, Type, Version

TABLE_SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True, "minimum": 1}},
        {"name": "town", "type": "string", "title": "Comune", "constraints": {"enum": ["Susa", "Bra"], "maxLength": 9}},
        {"name": "since", "type": "date", "format": "%d/%m/%Y"},
        {"name": "area", "type": "number", "unit": "ha", "missingValues": ["-", "n.d."]},
    ],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "town", "reference": {"resource": "towns", "fields": ["name"]}}],
    "missingValues": ["", "NA"],
}
CSVW = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "wells.csv",
    "dialect": {"delimiter": ";", "encoding": "cp1252"},
    "null": "n.d.",
    "tableSchema": {
        "primaryKey": ["id"],
        "foreignKeys": [{"columnReference": "town", "reference": {"resource": "towns.csv", "columnReference": "name"}}],
        "columns": [
            {"name": "id", "titles": "Codice", "datatype": "positiveInteger", "required": True},
            {
                "name": "town",
                "titles": {"it": "Comune"},
                "datatype": {"base": "string", "format": "[A-Z].*", "length": 4},
            },
            {"titles": ["Dal"], "datatype": {"base": "date", "format": "dd/MM/yyyy"}},
            {"name": "tags", "separator": "|", "datatype": "integer"},
            {"name": "depth", "datatype": {"base": "decimal", "minimum": 0, "maxInclusive": 90.5}},
            {"name": "row", "virtual": True},
        ],
    },
}


def beside(folder, plain, ending="-metadata.json", name="wells.csv") -> Member:
    """Return a data file with a description beside it."""
    path = folder / f"wells{ending}"
    path.write_text(plain if isinstance(plain, str) else json.dumps(plain), "utf-8")
    return Member(folder / name, name, Format.CSV, {ending: path})


def read(folder, plain, ending="-metadata.json"):
    schema, complaints = schemas.read(beside(folder, plain, ending))
    return schema, [one.kind for one in complaints]


def test_a_file_without_a_description_has_an_empty_schema(tmp_path):
    assert schemas.read(Member(tmp_path / "a.csv", "a.csv", Format.CSV)) == (Schema(), [])


@pytest.mark.parametrize("ending", [".schema.json", ".tableschema.json", "-metadata.json"])
def test_a_table_schema_is_read_whole(tmp_path, ending):
    schema, complaints = read(tmp_path, TABLE_SCHEMA, ending)
    assert complaints == []
    assert schema.primary_key == ("id",)
    assert schema.foreign_keys == (ForeignKey(("town",), "towns", ("name",)),)
    identifier, town, since, area = schema.fields
    assert identifier.type is Type.INTEGER
    assert identifier.constraints == Constraints(required=True, unique=True, minimum="1")
    assert (town.title, town.constraints.enum, town.constraints.max_length) == ("Comune", ("Susa", "Bra"), 9)
    assert (since.type, since.format, since.missing_values) == (Type.DATE, "%d/%m/%Y", ("", "NA"))
    assert (area.unit, area.missing_values) == ("ha", ("-", "n.d."))


def test_csvw_is_read_whole(tmp_path):
    schema, complaints = read(tmp_path, CSVW)
    assert complaints == []
    assert [one.name for one in schema.fields] == ["id", "town", "Dal", "tags", "depth"]
    identifier, town, since, tags, depth = schema.fields
    assert identifier.constraints == Constraints(required=True, minimum="1")
    assert identifier.missing_values == ("n.d.",)
    assert town.constraints == Constraints(pattern="[A-Z].*", min_length=4, max_length=4)
    assert (since.type, since.format) == (Type.DATE, "%d/%m/%Y")
    assert tags.type is Type.TEXT
    assert (depth.constraints.minimum, depth.constraints.maximum) == ("0", "90.5")
    assert schema.foreign_keys == (ForeignKey(("town",), "towns.csv", ("name",)),)
    assert schema.dialect == {"delimiter": ";", "encoding": "cp1252"}


def test_a_data_package_describes_the_file_that_it_names_and_no_other(tmp_path):
    package = {
        "resources": [
            {"path": "other.csv", "schema": {"fields": [{"name": "no"}]}},
            {"path": "data/wells.csv", "encoding": "utf-8", "dialect": {"delimiter": "|"}, "schema": TABLE_SCHEMA},
        ]
    }
    schema, complaints = read(tmp_path, package, "datapackage.json")
    assert (len(schema.fields), complaints) == (4, [])
    assert schema.dialect == {"delimiter": "|", "encoding": "utf-8"}
    del package["resources"][1]
    assert read(tmp_path, package, "datapackage.json") == (Schema(), [])


def test_csvw_of_several_tables_describes_the_file_that_it_names_and_no_other(tmp_path):
    group = {"@context": "http://www.w3.org/ns/csvw", "tables": [{"url": "other.csv"}, CSVW]}
    assert len(read(tmp_path, group, "csv-metadata.json")[0].fields) == 5
    group["tables"] = [{"url": "other.csv", "tableSchema": CSVW["tableSchema"]}]
    assert read(tmp_path, group, "csv-metadata.json") == (Schema(), [])


def test_the_description_nearest_to_the_file_counts_and_an_unusable_one_is_passed_over(tmp_path):
    near = beside(tmp_path, "{broken", ".tableschema.json")
    far = beside(tmp_path, TABLE_SCHEMA, "datapackage.json")
    package = {"resources": [{"path": "wells.csv", "schema": TABLE_SCHEMA}]}
    far.companions["datapackage.json"].write_text(json.dumps(package), "utf-8")
    both = replace(near, companions={**near.companions, **far.companions})
    schema, complaints = schemas.read(both)
    assert len(schema.fields) == 4
    assert [(one.kind, one.place.file) for one in complaints] == [("schema-unreadable", "wells.tableschema.json")]


@pytest.mark.parametrize(
    ("plain", "kind"),
    [
        ("", "schema-unreadable"),
        ("[" * 200_000, "schema-unreadable"),
        ('{"fields": [{"name": "a", "constraints": {"minimum": ' + "9" * 9_000 + "}}]}", "schema-unreadable"),
        ("[]", "schema-not-understood"),
        ("{}", "schema-not-understood"),
        ({"title": "Wells"}, "schema-not-understood"),
        ({"fields": {}}, "schema-property-wrong"),
        ({"fields": [{"name": "a"}] * 5_000}, "schema-property-wrong"),
        ({"fields": [{"type": "string"}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a", "type": "money"}]}, "schema-type-unknown"),
        ({"fields": [{"name": "a", "type": 3}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a", "constraints": [1]}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a", "constraints": {"maxLength": -1}}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a", "constraints": {"enum": "x"}}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a", "constraints": {"required": "yes"}}]}, "schema-property-wrong"),
        ({"fields": [{"name": "a"}], "primaryKey": {"a": 1}}, "schema-property-wrong"),
        ({"fields": [], "foreignKeys": [{"fields": "a", "reference": {"fields": ["", 1]}}]}, "schema-property-wrong"),
        ({"fields": [], "foreignKeys": [{"fields": "a"}]}, "schema-property-wrong"),
        ({"resources": 3}, "schema-property-wrong"),
        ({"schema": "elsewhere.json"}, "schema-elsewhere"),
        ({"tableSchema": "https://example.org/schema.json"}, "schema-elsewhere"),
        ({"tables": "x"}, "schema-property-wrong"),
        ({"tableSchema": {"columns": [3, {"titles": 4}, {}]}}, "schema-property-wrong"),
        ({"tableSchema": [1]}, "schema-property-wrong"),
        ({"tableSchema": {"columns": [{"name": "a", "datatype": "colour"}]}}, "schema-type-unknown"),
        ({"tableSchema": {"columns": []}, "dialect": "x"}, "schema-property-wrong"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_description_is_said_and_never_raised(tmp_path, plain, kind):
    assert kind in read(tmp_path, plain)[1]


def test_a_description_too_long_to_be_one_is_not_read(tmp_path):
    assert read(tmp_path, " " * 8_000_001) == (Schema(), ["schema-too-long"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["fields", "name", "type", "constraints", "enum", "schema", "resources", "path", "primaryKey",
                         "foreignKeys", "reference", "tableSchema", "columns", "datatype", "base", "format", "titles",
                         "tables", "url", "null", "dialect", "missingValues", "minimum", "pattern", "@context"]),
        inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_json_at_all_makes_reading_a_description_fail(plain):
    schemas.parse(json.dumps(plain).encode(), "wells.csv", Faults("wells-metadata.json"))


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_at_all_make_reading_a_description_fail(data):
    assert schemas.parse(data, "wells.csv", Faults("x")).fields == ()


def test_fields_find_their_columns_by_name_by_title_and_by_what_differs_only_in_signs():
    schema = Schema((Field("anno"), Field("c1", titles=("Cod. Comune",)), Field("superficie_mq")))
    matched = schema.matched(("Superficie MQ", "Cod. Comune", "anno", "altro"))
    assert {column: one.name for column, one in matched.items()} == {
        "Superficie MQ": "superficie_mq",
        "Cod. Comune": "c1",
        "anno": "anno",
    }


WHOLE = Decision("n", Type.INTEGER, Candidate(INTEGER, INTEGER.conventions[0]), filled=3)


def applied(one: Decision, **said) -> Decision:
    return schemas.applied([one], Schema((Field(one.column, **said),)))[0]


def value(one: Decision, text: str):
    quoted = text.replace("'", "''")
    return cursor().execute(f"SELECT {one.cast(one.cell_of)} FROM (SELECT '{quoted}' AS {one.column})").fetchone()[0]


def test_a_column_declared_to_be_text_keeps_its_text():
    declared = applied(WHOLE, type=Type.TEXT)
    assert (declared.logical, value(declared, "1.000")) == (Type.TEXT, "1.000")
    assert value(WHOLE, "1.000") == 1000


def test_declared_words_for_nothing_are_nothing_and_only_they():
    declared = applied(WHOLE, type=Type.INTEGER, missing_values=("", "-999", "9.9"))
    assert (value(declared, "-999"), value(declared, "999"), value(declared, "9.9")) == (None, 999, None)


def test_whole_numbers_declared_as_numbers_become_numbers():
    assert applied(WHOLE, type=Type.NUMBER, unit="m").logical is Type.NUMBER
    assert applied(WHOLE, type=Type.NUMBER, unit="m").unit == "m"


def test_a_declared_order_of_day_and_month_decides_where_the_values_leave_it_open():
    day_first = next(one for one in DATE.conventions if one.name == "day-first")
    open_ = Decision("d", Type.DATE, Candidate(DATE, day_first), assumed=True, filled=1)
    american = applied(open_, type=Type.DATE, format="%m/%d/%Y")
    assert str(value(american, "02/01/2024")) == "2024-02-01"
    assert not american.assumed
    settled = applied(replace(open_, assumed=False), type=Type.DATE, format="%m/%d/%Y")
    assert str(value(settled, "02/01/2024")) == "2024-01-02"


def test_a_declared_type_that_the_values_do_not_have_is_not_forced_on_them():
    text = Decision("n", Type.TEXT, filled=3)
    assert applied(text, type=Type.INTEGER) == text


def test_what_a_format_states_is_left_and_gets_its_unit():
    stated = Decision("n", Type.NUMBER, stated=True)
    assert applied(stated, type=Type.TEXT, unit="m") == replace(stated, unit="m")


def version(*columns: Column) -> Version:
    return Version("0" * 64, "wells", "wells.csv", columns, 2, "x.parquet", "1" * 64, 10)


def test_the_schema_of_a_version_states_what_its_profile_proves():
    profile = {"filled": 2, "missing": 0, "distinct": 2, "distinct_is_exact": True, "minimum": 1, "maximum": 9}
    report = {"columns": [{"name": "id", "profile": profile}, {"name": "note", "profile": {"filled": 1, "missing": 1}}]}
    emitted = schemas.emit(version(Column("id", Type.INTEGER), Column("note", Type.TEXT, meaning="e-mail")), report)
    assert emitted == {
        "fields": [
            {
                "name": "id",
                "type": "integer",
                "logicalType": "integer",
                "constraints": {"required": True, "unique": True, "minimum": 1, "maximum": 9},
            },
            {"name": "note", "type": "string", "format": "email", "meaning": "e-mail", "logicalType": "text"},
        ],
        "missingValues": [""],
        "primaryKey": ["id"],
    }


def test_an_estimate_proves_no_key():
    profile = {"filled": 200_000, "missing": 0, "distinct": 200_000, "distinct_is_exact": False}
    report = {"columns": [{"name": "id", "profile": profile}]}
    emitted = schemas.emit(version(Column("id", Type.INTEGER)), report)
    assert "primaryKey" not in emitted
    assert emitted["fields"][0]["constraints"] == {"required": True}


COLUMNS = st.lists(
    st.builds(Column, NAMES, st.sampled_from(Type), st.sampled_from(["", "m2", "EUR"])),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.name,
)


@settings(deadline=None)
@given(COLUMNS)
def test_the_schema_of_a_version_is_read_back_with_the_same_columns(columns):
    faults = Faults("x")
    emitted = json.dumps(schemas.emit(version(*columns))).encode()
    schema = schemas.parse(emitted, "wells.csv", faults)
    assert faults.found == []
    assert [(one.name, one.type, one.unit) for one in schema.fields] == [
        (column.name, column.type, column.unit) for column in columns
    ]
    assert list(schema.matched(tuple(column.name for column in columns)).values()) == list(schema.fields)
