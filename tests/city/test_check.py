"""Everything that is wrong with a city folder, found at once."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from tests.cities import AS_OF, ATTRIBUTES, RUNNING_TIMES, SITES, csv_text

from portico import city
from portico.city import City
from portico.city.opening import errors_of
from portico.errors import RejectedError
from portico.messages import Severity


def _open(folder) -> City:
    return city.open(folder)


def _kinds(folder, as_of: date = AS_OF) -> list[str]:
    return [finding.kind for finding in _open(folder).findings(as_of)]


def _rewrite(folder, name, rows):
    (folder / "facts" / f"{name}.csv").write_text(csv_text(name, rows), "utf-8")


def _change(folder, name, rows, number, **cells):
    changed = [dict(row) for row in rows]
    changed[number] |= cells
    _rewrite(folder, name, changed)


def _settings(folder, old, new):
    path = folder / "city.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_valid_folder_has_no_findings(tiny_city):
    assert _kinds(tiny_city) == []


def test_the_reference_city_has_no_errors(torino):
    assert errors_of(torino.findings(AS_OF)) == ()


def test_ids_that_repeat_name_the_row_they_repeat(tiny_city):
    _rewrite(tiny_city, "sites", [*SITES, SITES[1]])
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.kind, found.place.file, found.place.row, found.value) == (
        "duplicate-id",
        "facts/sites.csv",
        7,
        "filanda",
    )
    assert found.message.values["first"] == 3


def test_a_reference_to_nothing_suggests_the_nearest(tiny_city):
    _change(tiny_city, "site_attributes", ATTRIBUTES, 3, site="prato-grand")
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.kind, found.place.row, found.place.column) == ("lost-reference", 5, "site")
    assert found.message.values["advice"].values["suggestion"] == "prato-grande"


@pytest.mark.parametrize(
    ("lon", "lat", "kind"),
    [("47.5", "14.5", "position-swapped"), ("16.4", "48.2", "position-outside"), ("0", "0", "position-outside"),
     ("14.5", "", "half-a-position"), ("", "47.5", "half-a-position")],
)  # fmt: skip
def test_a_misplaced_position_is_found_with_its_row(tiny_city, lon, lat, kind):
    _change(tiny_city, "sites", SITES, 2, lon=lon, lat=lat)
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.kind, found.place.file, found.place.row) == (kind, "facts/sites.csv", 4)
    assert found.severity is Severity.ERROR


def test_a_position_says_how_precise_it_is(tiny_city):
    _change(tiny_city, "sites", SITES, 2, precision="")
    assert _kinds(tiny_city) == ["position-without-precision"]


@pytest.mark.parametrize("column", ["checked"])
def test_a_date_to_come_is_an_error_until_it_comes(tiny_city, column):
    _change(tiny_city, "sites", SITES, 0, **{column: "2026-12-01"})
    assert _kinds(tiny_city) == ["date-to-come"]
    assert _kinds(tiny_city, date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"basis": "whole"}, "basis"),
        ({"unit": "ha"}, "unit"),
        ({"value": "about 5"}, "value"),
        ({"value": "-5"}, "value"),
    ],
)
def test_a_wrong_statement_of_a_site_is_found(tiny_city, cells, column):
    _change(tiny_city, "site_attributes", ATTRIBUTES, 1, **cells)
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.place.row, found.place.column) == (3, column)


def test_a_site_without_a_status_is_a_warning(tiny_city):
    _rewrite(tiny_city, "site_attributes", ATTRIBUTES[:-1])
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.kind, found.severity, found.value) == ("site-without-status", Severity.WARNING, "bosco")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"to_stop": ""}, "half-a-run"),
        ({"minutes_high": "8"}, "minutes-disordered"),
        ({"minutes_low": "-1"}, "minutes-disordered"),
        ({"minutes": "-9", "minutes_high": ""}, "minutes-disordered"),
    ],
)
def test_a_running_time_that_cannot_be_is_found(tiny_city, cells, kind):
    _change(tiny_city, "running_times", RUNNING_TIMES, 1, **cells)
    assert _kinds(tiny_city) == [kind]


def test_what_is_wrong_in_several_files_is_found_at_once_in_their_order(tiny_city):
    _change(tiny_city, "sites", SITES, 0, source="")
    _change(tiny_city, "running_times", RUNNING_TIMES, 1, to_stop="")
    _settings(tiny_city, 'file = "files/wells.csv"', 'file = "files/no.csv"')
    found = _open(tiny_city).findings(AS_OF)
    assert {"source-file-missing", "empty-cell", "half-a-run"} <= {one.kind for one in found}
    assert [one.place for one in found] == sorted(one.place for one in found)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("east = 15.0", "east = 13.0", "extent-empty"),
        ('country = "AT"', 'country = "XX"', "unknown-value"),
        ('patron_day = "11-25"', 'patron_day = "11-31"', "wrong-form"),
        ('"2027-01-04"', '"2027-02-30"', "wrong-form"),
        ('"2027-01-04"', '"soon"', "wrong-form"),
        ('id = "valley-agency"', 'id = "town-hall"', "repeated-id"),
        ('file = "files/wells.csv"', 'file = "files/no.csv"', "source-file-missing"),
        ('file = "files/wells.csv"', 'file = "../../etc/passwd"', "source-file-missing"),
        ('id = "wells"', 'id = "sites"', "repeated-id"),
    ],
)
def test_settings_that_their_types_cannot_refuse_are_found(tiny_city, old, new, kind):
    _settings(tiny_city, old, new)
    found = [one for one in _open(tiny_city).findings(AS_OF) if one.place.file == "city.toml"]
    assert [one.kind for one in found] == [kind]
    assert found[0].place.row > 0


def test_a_file_of_the_sources_never_lies_outside_the_folder(tiny_city):
    (tiny_city.parent / "secret.csv").write_text("a\n1\n", "utf-8")
    _settings(tiny_city, 'file = "files/wells.csv"', 'file = "../secret.csv"')
    assert "source-file-missing" in _kinds(tiny_city)


def test_a_dataset_nobody_keeps_is_an_unknown_key(tiny_city):
    with (tiny_city / "city.toml").open("a", encoding="utf-8") as file:
        file.write('\n[datasets.site]\nlicence = "CC0-1.0"\n')
    [found] = _open(tiny_city).findings(AS_OF)
    assert found.kind == "unknown-key"
    assert found.message.values["advice"].values["suggestion"] == "sites"


def _tables(folder):
    return sorted((folder / "facts").glob("*.csv"))


def test_emptying_the_source_of_any_row_of_the_reference_city_is_found(torino_folder):
    """One row of each table: the source is emptied, and the finding says where."""
    expected = set()
    for number, path in enumerate(_tables(torino_folder)):
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        row = (number * 7) % len(rows)
        rows[row]["source"] = ""
        path.write_text(csv_text(path.stem, rows), "utf-8")
        expected.add((f"facts/{path.name}", row + 2, "source"))
    found = [one for one in _open(torino_folder).findings(AS_OF) if one.kind == "empty-cell"]
    assert {(one.place.file, one.place.row, one.place.column) for one in found} == expected


def test_an_unknown_key_in_the_settings_of_the_reference_city_suggests_the_nearest(torino_folder):
    _settings(torino_folder, "limit_months = 24", "limit_month = 24")
    with pytest.raises(city.opening.RejectedError) as raised:
        _open(torino_folder)
    [found] = raised.value.findings
    assert (found.kind, found.place.file) == ("unknown-key", "city.toml")
    assert found.place.row > 0
    assert found.message.values["advice"].values["suggestion"] == "limit_months"


# --- sources ---

_WELLS_FILE = 'file = "files/wells.csv"'


@pytest.mark.parametrize(
    ("lines", "kind", "line_says"),
    [
        ('use = "streets"', "source-without-file", "use"),
        (f'{_WELLS_FILE}\naddress = "https://host.example/a"', "source-in-two-places", "address"),
        ('address = "ftp://host.example/a"', "fetch-bad-scheme", "address"),
        ('address = "host.example/a"', "fetch-bad-scheme", "address"),
        ('address = "https://me:secret@host.example/a"', "fetch-credentials", "address"),
    ],
)
def test_a_source_that_cannot_be_read_from_is_found_at_its_line(tiny_city, lines, kind, line_says):
    _settings(tiny_city, _WELLS_FILE, lines)
    [found] = _open(tiny_city).findings(AS_OF)
    text = (tiny_city / "city.toml").read_text("utf-8").splitlines()
    assert (found.kind, found.severity) == (kind, Severity.ERROR)
    assert text[found.place.row - 1].startswith(line_says)
    assert "secret" not in str(found)


def test_an_address_over_http_is_a_warning(tiny_city):
    _settings(tiny_city, _WELLS_FILE, 'address = "http://host.example/a?key=secret"\nuse = "timetable"')
    [found] = _open(tiny_city).findings(AS_OF)
    assert (found.kind, found.severity) == ("source-over-http", Severity.WARNING)
    assert "secret" not in str(found)


def test_a_source_with_an_https_address_and_a_use_has_no_fault(tiny_city):
    _settings(tiny_city, _WELLS_FILE, 'address = "https://host.example/a"\nuse = "streets"\nsize_mb = 12')
    assert _kinds(tiny_city) == []


def test_an_address_under_the_name_of_a_table_would_be_two_datasets_in_one(tiny_city):
    _settings(tiny_city, 'id = "wells"', 'id = "sites"')
    _settings(tiny_city, _WELLS_FILE, 'address = "https://host.example/a"')
    assert _kinds(tiny_city) == ["repeated-id"]


@pytest.mark.parametrize(("use", "suggestion"), [("street", "streets"), ("timetables", "timetable")])
def test_a_use_nobody_knows_suggests_the_nearest(tiny_city, use, suggestion):
    _settings(tiny_city, _WELLS_FILE, f'{_WELLS_FILE}\nuse = "{use}"')
    with pytest.raises(RejectedError) as raised:
        _open(tiny_city)
    [found] = raised.value.findings
    assert (found.kind, found.message.values["advice"].values["suggestion"]) == ("unknown-value", suggestion)
