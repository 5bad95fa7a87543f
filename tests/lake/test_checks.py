"""Checks: what a description declares and what every table should keep to, found with count, first row and value."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lakes import NAMES, tables
from tests.sheets import cursor, sheet, texts

from portico.lake.checks import check, keys
from portico.lake.described import Constraints, Field, ForeignKey, Schema
from portico.lake.model import Column, Type
from portico.messages import Severity
from portico.translation import LANGUAGES, Translator

ID, TOWN = Column("id", Type.INTEGER), Column("town", Type.TEXT)
AREA, DAY = Column("area", Type.NUMBER, "m2"), Column("day", Type.DATE)
PLACE, SHAPE = Column("geometry", Type.POINT), Column("geometry", Type.GEOMETRY)


def checked(folder, columns, rows, *fields, others=None, **more):
    """Return the findings on a table under a description of these fields."""
    file = sheet(folder, columns, rows)
    spatial = any(column.is_geometry for column in columns)
    schema = Schema(fields, more.pop("primary_key", ()), more.pop("foreign_keys", ()))
    return check(cursor(spatial=spatial), file, columns, schema, others, **more)


def told(findings):
    """Return what is told of each finding: kind, column, row, value."""
    return [(one.kind, one.place.column, one.place.row, one.value) for one in findings]


def field(name: str, type_: Type | None = None, format_: str = "", missing: tuple[str, ...] = (), **asked) -> Field:
    return Field(name, type_, format_, constraints=Constraints(**asked), missing_values=missing)


def test_a_sound_table_gives_no_finding(tmp_path):
    rows = [(1, "Susa", 2.5, "2024-01-01"), (2, "Bra", None, "2024-01-02")]
    fields = [
        field("id", Type.INTEGER, required=True, unique=True, minimum="1", maximum="2"),
        field("town", Type.TEXT, enum=("Susa", "Bra"), pattern="[A-Z][a-z]+", min_length=3, max_length=4),
        field("area", Type.NUMBER, minimum="2.5"),
        field("day", Type.DATE, minimum="2024-01-01", maximum="2024-01-02"),
    ]
    assert checked(tmp_path, [ID, TOWN, AREA, DAY], rows, *fields, primary_key=("id",)) == []


@pytest.mark.parametrize(
    ("column", "values", "asked", "expected"),
    [
        (TOWN, ["a", None, "b", None], {"required": True}, ("check-required", 3, "")),
        (TOWN, ["a", "b", "a"], {"unique": True}, ("check-unique", 4, "a")),
        (ID, [3, 0, -1], {"minimum": "1"}, ("check-minimum", 3, "0")),
        (ID, [3, 9, 4], {"maximum": "8.5"}, ("check-maximum", 3, "9")),
        (AREA, [1.5, 0.25], {"minimum": "0.5"}, ("check-minimum", 3, "0.25")),
        (DAY, ["2024-01-01", "2023-12-31"], {"minimum": "2024-01-01"}, ("check-minimum", 3, "2023-12-31")),
        (TOWN, ["a", "c"], {"enum": ("a", "b")}, ("check-enum", 3, "c")),
        (ID, [1, 5], {"enum": ("1", "2")}, ("check-enum", 3, "5")),
        (ID, [1], {"enum": ("one",)}, ("check-enum", 2, "1")),
        (TOWN, ["A1", "a1"], {"pattern": "^[A-Z][0-9]$"}, ("check-pattern", 3, "a1")),
        (TOWN, ["abc", "ab"], {"min_length": 3}, ("check-min-length", 3, "ab")),
        (TOWN, ["abc", "àbcd"], {"max_length": 3}, ("check-max-length", 3, "àbcd")),
        (Column("at", Type.INSTANT), ["2024-01-01T00:00:00Z"], {"minimum": "2024-01-02T00:00:00Z"},
         ("check-minimum", 2, "2024-01-01 00:00:00")),
    ],
)  # fmt: skip
def test_a_broken_rule_is_found_with_its_row_and_value(tmp_path, column, values, asked, expected):
    rows = [(value,) for value in values]
    findings = checked(tmp_path, [column], rows, field(column.name, column.type, **asked), first_row=2)
    kind, row, value = expected
    findings = [one for one in findings if one.kind != "check-rows-repeated"]
    assert told(findings) == [(kind, column.name, row, value)]
    assert findings[0].severity is Severity.WARNING


def test_the_cells_that_break_a_rule_are_counted(tmp_path):
    rows = [(value,) for value in (5, -1, None, -2, -3)]
    (finding,) = checked(tmp_path, [ID], rows, field("id", Type.INTEGER, minimum="0"))
    assert (finding.message.values["count"], finding.place.row) == (3, 2)


def test_declared_words_for_nothing_are_nothing_to_every_rule(tmp_path):
    rows = [("Susa",), ("n.d.",)]
    asked = {"pattern": "[A-Z][a-z]+", "enum": ("Susa",), "required": True}
    findings = checked(tmp_path, [TOWN], rows, field("town", Type.TEXT, missing=("", "n.d."), **asked))
    assert [one.kind for one in findings] == ["check-required"]


@pytest.mark.parametrize(
    ("declared", "format_", "found", "values", "first"),
    [
        (Type.INTEGER, "", TOWN, ["1", " 22 ", "3.5", None], (3, "3.5")),
        (Type.NUMBER, "", TOWN, ["1,5", "1.5", "x"], (3, "x")),
        (Type.DATE, "", TOWN, ["2024-01-01", "01/01/2024"], (2, "01/01/2024")),
        (Type.DATE, "%d/%m/%Y", TOWN, ["2024-01-01", "31/01/2024"], (1, "2024-01-01")),
        (Type.BOOLEAN, "", TOWN, ["true", "maybe"], (2, "maybe")),
        (Type.TIME, "", TOWN, ["08:30", "8h"], (2, "8h")),
        (Type.DATETIME, "", TOWN, ["2024-01-01T10:00:00", "noon"], (2, "noon")),
        (Type.INSTANT, "", TOWN, ["2024-01-01T10:00:00Z", "noon"], (2, "noon")),
        (Type.INTEGER, "", AREA, [1.0, 1.5], (2, "1.5")),
        (Type.BOOLEAN, "", ID, [0, 1, 2], (3, "2")),
        (Type.DATE, "", Column("at", Type.DATETIME), ["2024-01-01", "2024-01-01 10:00:00"], (2, "2024-01-01 10:00:00")),
        (Type.DATE, "", ID, [None, 20240101], (2, "20240101")),
        (Type.BOOLEAN, "", DAY, ["2024-01-01"], (1, "2024-01-01")),
    ],
)
def test_a_declared_type_that_values_do_not_have_is_found(tmp_path, declared, format_, found, values, first):
    rows = [(value,) for value in values]
    findings = checked(tmp_path, [found], rows, field(found.name, declared, format_))
    assert told(findings) == [("check-type-unmet", found.name, *first)]
    assert findings[0].message.values["count"] == 1


@pytest.mark.parametrize(
    ("declared", "found", "value"),
    [(None, TOWN, "x"), (Type.TEXT, ID, 1), (Type.NUMBER, ID, 1), (Type.DATETIME, DAY, "2024-01-01"),
     (Type.GEOMETRY, TOWN, "POINT (1 2)"), (Type.INTEGER, AREA, 3.0)],
)  # fmt: skip
def test_a_narrower_type_than_declared_is_no_fault(tmp_path, declared, found, value):
    assert checked(tmp_path, [found], [(value,)], field(found.name, declared)) == []


def test_a_format_that_is_none_falls_back_to_iso(tmp_path):
    findings = checked(tmp_path, [TOWN], [("2024-01-01",), ("x",)], field("town", Type.DATE, "%Q%%%"))
    assert told(findings) == [("check-type-unmet", "town", 2, "x")]


@pytest.mark.parametrize("pattern", ["(", r"(?=a)a", r"(a)\1", "a{100000}", "'; DROP TABLE x; --("])
def test_a_pattern_that_cannot_be_used_is_said_and_passed_over(tmp_path, pattern):
    findings = checked(tmp_path, [TOWN], [("a",)], field("town", Type.TEXT, pattern=pattern))
    assert [one.kind for one in findings] == ["check-pattern-invalid"]


def test_a_pattern_that_ruins_other_engines_ends_at_once(tmp_path):
    findings = checked(tmp_path, [TOWN], [("a" * 5_000 + "!",)], field("town", Type.TEXT, pattern="(a+)+"))
    assert [one.kind for one in findings] == ["check-pattern"]


def test_a_limit_that_is_no_value_of_the_column_is_said(tmp_path):
    findings = checked(tmp_path, [ID], [(1,)], field("id", Type.INTEGER, minimum="few", maximum="x'); --"))
    assert [one.kind for one in findings] == ["check-limit-unreadable"] * 2


def test_columns_that_description_and_table_do_not_share_are_named(tmp_path):
    findings = checked(tmp_path, [ID, TOWN], [(1, "a")], field("id"), field("comune"))
    assert [(one.kind, one.place.column) for one in findings] == [
        ("check-column-absent", "comune"),
        ("check-columns-undeclared", "town"),
    ]


def test_a_primary_key_must_be_there_and_tell_rows_apart(tmp_path):
    rows = [(1, "a"), (1, "b"), (1, "a"), (None, "c")]
    findings = checked(tmp_path, [ID, TOWN], rows, field("id"), field("town"), primary_key=("id", "town"))
    assert told(findings) == [
        ("check-rows-repeated", "", 3, ""),
        ("check-required", "id", 4, ""),
        ("check-primary-key", "id", 3, "1 | a"),
    ]


def test_references_to_nothing_are_found_and_empty_ones_refer_to_nothing(tmp_path):
    towns = sheet(tmp_path, [Column("name", Type.TEXT)], [("Susa",), ("Bra",)])
    reference = ForeignKey(("town",), "towns", ("name",))
    rows = [(1, "Susa"), (2, None), (3, "Alba"), (4, "Asti")]
    findings = checked(
        tmp_path, [ID, TOWN], rows, field("id"), field("town"), foreign_keys=(reference,), others={"towns.csv": towns}
    )
    assert told(findings) == [("check-reference", "town", 3, "Alba")]
    assert findings[0].message.values["count"] == 2


def test_a_reference_compares_codes_even_where_one_table_read_them_as_numbers(tmp_path):
    towns = sheet(tmp_path, [Column("code", Type.TEXT)], [("1272",), ("1001",)])
    reference = ForeignKey(("id",), "towns", ("code",))
    findings = checked(tmp_path, [ID], [(1272,), (9,)], field("id"), foreign_keys=(reference,), others={"towns": towns})
    assert told(findings) == [("check-reference", "id", 2, "9")]


def test_a_table_may_refer_to_itself(tmp_path):
    reference = ForeignKey(("town",), "", ("id",))
    rows = [(1, None), (2, "1"), (3, "7")]
    findings = checked(tmp_path, [ID, TOWN], rows, field("id"), field("town"), foreign_keys=(reference,))
    assert told(findings) == [("check-reference", "town", 3, "7")]


@pytest.mark.parametrize("reference", [ForeignKey(("id",), "gone", ("x",)), ForeignKey(("id",), "", ("x",))])
def test_a_reference_that_cannot_be_followed_is_said(tmp_path, reference):
    findings = checked(tmp_path, [ID], [(1,)], field("id"), foreign_keys=(reference,))
    assert [one.kind for one in findings] == ["check-reference-unchecked"]


def test_a_table_without_rows_is_said_to_be_empty(tmp_path):
    assert [one.kind for one in checked(tmp_path, [ID, TOWN, PLACE], [])] == ["check-table-empty"]


def test_columns_without_a_value_and_columns_with_one_only_are_named(tmp_path):
    rows = [(number, "Susa", None) for number in range(20)]
    findings = checked(tmp_path, [ID, TOWN, AREA], rows)
    assert told(findings) == [("check-column-empty", "area", 0, ""), ("check-column-constant", "town", 0, "Susa")]
    assert checked(tmp_path, [ID, TOWN], [row[:2] for row in rows[:19]]) == []


def test_a_column_that_changes_only_at_the_end_is_not_constant(tmp_path):
    rows = [(number, "Susa") for number in range(1_500)] + [(1_500, "Bra")]
    assert checked(tmp_path, [ID, TOWN], rows) == []


def test_repeated_rows_are_counted_with_their_geometry_and_their_nothings(tmp_path):
    rows = [(1, None, "POINT (7 45)"), (1, None, "POINT (7 45)"), (1, None, "POINT (7 46)"), (1, "", "POINT (7 45)")]
    (finding,) = checked(tmp_path, [ID, TOWN, PLACE], rows)
    assert (finding.kind, finding.place.row, finding.message.values["count"]) == ("check-rows-repeated", 2, 1)


def test_repeated_rows_of_a_large_table_are_counted_in_portions_to_the_same(tmp_path, monkeypatch):
    rows = [(number % 700, f"Borgo {number % 350}") for number in range(1_000)]
    (whole,) = checked(tmp_path, [ID, TOWN], rows)
    monkeypatch.setattr("portico.lake.checks._GROUPED_ROWS", 10)
    (portions,) = checked(tmp_path, [ID, TOWN], rows)
    assert portions == whole
    assert whole.message.values["count"] == 300
    assert not [one for one in tmp_path.iterdir() if one.suffix == ".rows"]


def test_geometry_that_crosses_itself_and_places_off_the_globe_are_found(tmp_path):
    rows = [(1, "POINT (7 45)"), (2, None), (3, "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"), (4, "POINT (395000 4990000)")]
    findings = checked(tmp_path, [ID, SHAPE], rows)
    assert told(findings) == [
        ("check-geometry-invalid", "geometry", 3, ""),
        ("check-geometry-outside", "geometry", 4, ""),
    ]


def test_a_geometry_column_without_any_place_is_only_empty(tmp_path):
    assert [one.kind for one in checked(tmp_path, [ID, SHAPE], [(1, None)])] == ["check-column-empty"]


def test_findings_name_the_table_and_show_long_values_in_part(tmp_path):
    findings = checked(tmp_path, [TOWN], [("x" * 900,)], field("town", Type.TEXT, max_length=3), name="wells.csv")
    assert findings[0].place.file == "wells.csv"
    assert findings[0].value == "x" * 200


def test_columns_that_could_be_a_key_are_filled_and_never_repeat(tmp_path):
    columns = [ID, TOWN, AREA, Column("code", Type.TEXT), Column("gaps", Type.TEXT)]
    rows = [(number, "Susa", number / 2, f"C{number}", str(number) if number else None) for number in range(300)]
    assert keys(cursor(), sheet(tmp_path, columns, rows), columns) == ("id", "code")
    assert keys(cursor(), sheet(tmp_path, columns, []), columns) == ()


def test_names_that_the_engine_uses_itself_are_only_names(tmp_path):
    columns = [Column(name, Type.TEXT) for name in ("file_row_number", "_row", "n", "latest", 'a"b', "it's")]
    rows = [("a",) * 6, ("b",) * 6, ("b",) * 6]
    findings = checked(tmp_path, columns, rows, *(field(one.name, Type.TEXT, unique=True) for one in columns))
    assert [one.place.row for one in findings] == [3] * 7


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.data())
def test_no_table_and_no_description_make_checking_fail(tmp_path, table, data):
    word = NAMES | st.sampled_from(["1", "x", "2024-01-01", "'", "(", "\\"])
    drawn = [
        Field(
            column.name,
            data.draw(st.none() | st.sampled_from(Type)),
            data.draw(st.sampled_from(["", "%d/%m/%Y", "%Q", "'"])),
            constraints=data.draw(
                st.builds(
                    Constraints, st.booleans(), st.booleans(), word, word, st.lists(word, max_size=3).map(tuple), word
                )
            ),
            missing_values=("", data.draw(word)),
        )
        for column in table.columns
    ]
    rows = [
        tuple(
            f"POINT ({value[0]} {value[1]})" if value is not None and column.type is Type.POINT else value
            for column, value in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    ]
    name = table.columns[0].name
    findings = checked(
        tmp_path, table.columns, rows, *drawn, primary_key=(name,), foreign_keys=(ForeignKey((name,), "", (name,)),)
    )
    say = {language: Translator(language) for language in LANGUAGES}
    for one in findings:
        assert all("{" not in say[language](one.message) or "{" in name + str(one.message.values) for language in say)


def test_a_text_may_hold_anything_and_is_still_compared_whole(tmp_path):
    file, columns = texts(tmp_path, "a'b", 'c"d', "e\nf", name="town")
    schema = Schema((field("town", Type.TEXT, enum=("a'b", 'c"d')),))
    assert told(check(cursor(), file, columns, schema)) == [("check-enum", "town", 3, "e\nf")]
