"""Registers of others brought in and given out: nothing lost, nothing twice, nothing deleted, the same bytes again."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from tests.cities import AS_OF, AT, csv_text
from tests.shared import shared_data

from portico import city
from portico.build import build, lake_of
from portico.build.register import checking
from portico.build.register.checking import check_register
from portico.build.register.exporting import export_register, exported
from portico.build.register.importing import Asked, import_register, undo
from portico.build.register.new_city import make_city
from portico.city.exchange.cells import escaped
from portico.city.exchange.coordinates import Found
from portico.city.exchange.keeping import put_in_place, read_texts
from portico.city.exchange.model import Kind
from portico.errors import ConflictError, InputError, UsageError
from portico.lake.found import Told
from portico.lake.queries import heads
from portico.messages import Severity

# The registers beside the checkout: how many records, cells refused, and what their coordinates come to.
COUNCILS = {
    "083bcaab201ec76562ca96c13b687b249e16fbe9372966078d9f870e722a365b.csv": (47, 0, {Found.STATED: 47}),
    "45e645b8570f5dd8b7f8775e032047d98ff2b61de6ac4f14ebea3ef8c771acba.csv": (56, 1, {Found.STATED: 56}),
    "5ed5da3ec0f3a94a214b1d119b5904625058f5834ca2c5afedaf66df2c19f4bb.csv": (
        128,
        0,
        {Found.FOUND: 127, Found.OUTSIDE: 1},
    ),
    "c7e27fdf412c73f3ab48025f1e32f6f9cacc8a55d23d4427182f3a04e42372e6.csv": (66, 0, {Found.STATED: 66}),
    "de3918b3af88df0eebce7fbb3f8bc36f571f59fda90470f9b1e8bee3145f8ca0.csv": (
        1079,
        6,
        {Found.STATED: 754, Found.FOUND: 159, Found.REPAIR: 166},
    ),
}
FORMS = [(form, ending) for form in ("brownfield", "portico") for ending in (".csv", ".geojson", ".xlsx")]


def _into_new(folder, path, **asked):
    make_city(folder, path, told=Told(), register="", licence="OGL-UK-3.0")
    return import_register(city.open(folder), path, Asked(**asked), AS_OF)


def _tables(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "facts").glob("*.csv"))}


def _second_reader(path):
    """The records of a register as the standard library reads them, with the line on which each begins."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    reader = csv.reader(text.splitlines(keepends=True))
    header = next(reader)
    line = reader.line_num + 1
    for record in reader:
        yield line, list(zip(header, record, strict=True))
        line = reader.line_num + 1


@pytest.fixture(scope="module", params=COUNCILS, ids=lambda name: name[:4])
def council(request, tmp_path_factory):
    path = shared_data("data", "sites", request.param)
    folder = tmp_path_factory.mktemp("council") / "council"
    return path, folder, _into_new(folder, path, repair=True)


def test_a_council_s_register_is_imported_and_builds(council):
    path, folder, done = council
    rows, rejects, located = COUNCILS[path.name]
    assert (done.rows, done.counts[Kind.ADDED], done.reject_count) == (rows, rows, rejects)
    assert dict(done.located) == located
    opened = city.open(folder)
    assert [one for one in opened.findings(AS_OF) if one.severity is Severity.ERROR] == []


def test_every_cell_of_a_council_s_register_is_in_the_register_or_among_the_rejects(council):
    path, folder, _ = council
    facts = folder / "facts"
    stated, positions, names, rejected = Counter(), {}, {}, Counter()
    for row in read_texts(facts, "site_attributes").rows:
        stated[row["site"], row["field"], row["original"] or row["value"]] += 1
    for row in read_texts(facts, "sites").rows:
        positions[row["id"]], names[row["id"]] = row["coord_basis"], row["name"]
    for row in read_texts(facts, "site_rejects").rows:
        rejected[int(row["row"]), row["column"], row["value"]] += 1
    sites = iter(positions)
    cells = found = 0
    for line, record in _second_reader(path):
        site = next(sites)
        for heading, raw in record:
            text = raw.strip()
            if not text:
                continue
            cells += 1
            kept = (
                stated[site, heading, escaped(text)]
                or f"{heading}={text}" in positions[site]
                or names[site] == text
                or rejected[line, heading, escaped(text)]
            )
            assert kept, (line, heading, text)
            found += 1
    assert found == cells > 500


def test_the_same_register_again_changes_nothing(council):
    path, folder, _ = council
    before = _tables(folder)
    again = import_register(city.open(folder), path, Asked(repair=True), date(2027, 1, 5))
    assert (again.has_changes, again.counts[Kind.UNCHANGED]) == (False, again.rows)
    assert _tables(folder) == before


def test_what_goes_out_and_comes_back_goes_out_as_the_same_bytes(council, tmp_path):
    path, folder, _ = council
    forms = FORMS if path.name.startswith(("083b", "c7e2")) else FORMS[:1]
    for form, ending in forms:
        first, second = tmp_path / f"first-{form}{ending}", tmp_path / f"second-{form}{ending}"
        one = exported(city.open(folder), form, AS_OF)
        assert len(one.rows) >= COUNCILS[path.name][0]
        export_register(one, first)
        other = tmp_path / f"{form}{ending}"
        (other / "facts").mkdir(parents=True)
        shutil.copy(folder / "city.toml", other)
        for name in ("sites", "site_attributes"):
            (other / "facts" / f"{name}.csv").write_text(csv_text(name, ()), "utf-8")
        assert import_register(city.open(other), first, Asked(), AS_OF).reject_count == 0
        export_register(exported(city.open(other), form, AS_OF), second)
        assert first.read_bytes() == second.read_bytes(), (form, ending)


def test_coordinates_said_to_be_etrs89_without_their_third_number_are_put_in_place(tmp_path):
    path = shared_data("data", "sites", "de3918b3af88df0eebce7fbb3f8bc36f571f59fda90470f9b1e8bee3145f8ca0.csv")
    found = check_register(path, Asked(), AS_OF, None)
    places = {one.pair.row: one for one in found.imported.places}
    islington = places[2]
    assert (islington.pair.x, islington.pair.y, islington.pair.crs) == ("3975323.664", "-7125.8838", "ETRS89")
    assert islington.located.reading.system == "EPSG:4936"
    assert (islington.point.lon, islington.point.lat) == (pytest.approx(-0.1027, 1e-3), pytest.approx(51.5386, 1e-4))
    readings = Counter(one.located.reading.code for one in places.values() if one.located.found is Found.REPAIR)
    assert readings == {"EPSG:4936": 101, "EPSG:4326": 63, "EPSG:4326 west": 2}


# --- a small register of our own ---

HEADER = (
    "OrganisationURI,SiteReference,SiteNameAddress,CoordinateReferenceSystem,GeoX,GeoY,Hectares,OwnershipStatus,"
    "PlanningStatus,Notes,FirstAddedDate,LastUpdatedDate,EndDate,Ward,Owner e-mail,contact-name"
)
URI = "http://valley.example/id/borgo"


def _row(reference, **cells):
    row = {
        "OrganisationURI": URI,
        "SiteReference": reference,
        "SiteNameAddress": f"Plot {reference}",
        "GeoX": "14.5012",
        "GeoY": "47.5034",
        "CoordinateReferenceSystem": "WGS84",
        "FirstAddedDate": "01/02/2026",
    }
    return row | cells


def _write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER.split(","), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _statements(folder, site, attribute):
    rows = read_texts(folder / "facts", "site_attributes").rows
    return [row for row in rows if row["site"] == site and row["attribute"] == attribute]


def _import(folder, path, **asked):
    return import_register(city.open(folder), path, Asked(**asked), AS_OF)


@pytest.fixture
def register(tmp_path):
    return _write(
        tmp_path / "valley.csv",
        _row("A/1", Hectares="2,5", OwnershipStatus="public ownership", Notes="old mill"),
        _row("A/2", GeoX="47.5011", GeoY="14.5022", Ward="North"),
        _row("A/3", GeoX="", GeoY=""),
    )


def test_a_dry_run_says_it_all_and_writes_nothing(tiny_city, register):
    before = _tables(tiny_city)
    done = _import(tiny_city, register, is_dry=True)
    assert (done.counts[Kind.ADDED], done.has_changes, done.before) == (3, True, None)
    assert _tables(tiny_city) == before
    assert not (tiny_city / ".portico" / "imports").exists()


def test_what_the_city_wrote_by_hand_stays_and_what_came_is_beside_it(tiny_city, register):
    hand = read_texts(tiny_city / "facts", "site_attributes").rows
    _import(tiny_city, register)
    rows = read_texts(tiny_city / "facts", "site_attributes").rows
    assert [{k: v for k, v in row.items() if v} for row in rows[: len(hand)]] == [
        {k: v for k, v in row.items() if v} for row in hand
    ]
    [area] = _statements(tiny_city, "borgo-a-1", "area")
    assert (area["value"], area["unit"], area["basis"], area["as_of"]) == ("25000", "m2", "whole-holding", "2026-02-01")
    assert (area["field"], area["original"]) == ("Hectares", "2,5")
    assert [row["value"] for row in _statements(tiny_city, "borgo-a-2", "as-registered")] == ["North"]


def test_swapped_coordinates_are_proposed_and_repaired_when_asked(tiny_city, register):
    found = _import(tiny_city, register, is_dry=True)
    assert [(one.pair.row, one.located.found) for one in found.places] == [(3, Found.REPAIR), (4, Found.MISSING)]
    _import(tiny_city, register)
    place = {row["id"]: row for row in read_texts(tiny_city / "facts", "sites").rows}
    assert (place["borgo-a-2"]["lon"], place["borgo-a-2"]["lat"]) == ("", "")
    assert "GeoX=47.5011" in place["borgo-a-2"]["coord_basis"]
    done = _import(tiny_city, register, repair=True)
    place = {row["id"]: row for row in read_texts(tiny_city / "facts", "sites").rows}
    assert (place["borgo-a-2"]["lon"], place["borgo-a-2"]["lat"]) == ("14.5022", "47.5011")
    assert place["borgo-a-2"]["coord_basis"].endswith("read as EPSG:4326 swapped")
    assert done.counts[Kind.CHANGED] == 1
    assert not _import(tiny_city, register).has_changes  # what was once repaired stays so


def test_what_changed_is_ended_with_a_reason_and_what_was_is_kept(tiny_city, register, tmp_path):
    _import(tiny_city, register)
    later = _write(
        tmp_path / "later.csv",
        _row("A/1", Hectares="3", OwnershipStatus="public ownership", LastUpdatedDate="2026-10-01"),
        _row("A/2", GeoX="47.5011", GeoY="14.5022", Ward="North", SiteNameAddress="Plot two"),
        _row("A/4"),
    )
    done = _import(tiny_city, later)
    assert {kind: done.counts[kind] for kind in Kind} == {
        Kind.ADDED: 1, Kind.CHANGED: 2, Kind.ENDED: 0, Kind.UNCHANGED: 0, Kind.ABSENT: 1}  # fmt: skip
    old, new = _statements(tiny_city, "borgo-a-1", "area")
    assert (old["value"], old["until"], old["until_reason"]) == ("25000", AS_OF.isoformat(), "superseded in later.csv")
    assert (new["value"], new["until"], new["as_of"]) == ("30000", "", "2026-10-01")
    [notes] = _statements(tiny_city, "borgo-a-1", "notes")
    assert (notes["until_reason"]) == "no longer stated in later.csv"
    named = [row["value"] for row in _statements(tiny_city, "borgo-a-2", "as-registered") if row["until"]]
    assert named == ["Plot A/2"]
    ids = [row["id"] for row in read_texts(tiny_city / "facts", "site_attributes").rows]
    assert len(ids) == len(set(ids))
    assert [one for one in city.open(tiny_city).findings(AS_OF) if one.severity is Severity.ERROR] == []
    opened = city.open(tiny_city)
    build(opened, as_of=AS_OF, at=AT)
    opened.database.close()


def test_a_complete_register_ends_what_it_leaves_out(tiny_city, register, tmp_path):
    _import(tiny_city, register)
    later = _write(
        tmp_path / "later.csv", _row("A/1", Hectares="2,5", OwnershipStatus="public ownership", Notes="old mill")
    )
    done = _import(tiny_city, later, complete=True)
    assert (done.counts[Kind.ENDED], done.counts[Kind.UNCHANGED]) == (2, 1)
    assert [row["value"] for row in _statements(tiny_city, "borgo-a-3", "end-date")] == [AS_OF.isoformat()]
    assert [row["value"] for row in _statements(tiny_city, "borgo-a-3", "status") if not row["until"]] == ["withdrawn"]
    assert len(_statements(tiny_city, "prato-grande", "status")) == 1
    assert not _import(tiny_city, later, complete=True).has_changes


def test_an_import_is_undone_and_not_where_somebody_wrote_since(tiny_city, register, tmp_path):
    before = _tables(tiny_city)
    with pytest.raises(UsageError):
        undo(city.open(tiny_city))
    _import(tiny_city, register)
    assert undo(city.open(tiny_city))["file"] == "valley.csv"
    assert _tables(tiny_city) == before
    _import(tiny_city, register)
    path = tiny_city / "facts" / "site_attributes.csv"
    path.write_text(path.read_text("utf-8").replace("old mill", "older mill"), "utf-8")
    with pytest.raises(ConflictError):
        undo(city.open(tiny_city))
    assert "older mill" in path.read_text("utf-8")


def test_a_stop_between_the_tables_is_mended_by_the_next_import(tiny_city, register):
    _import(tiny_city, register)
    whole = _tables(tiny_city)
    attributes = tiny_city / "facts" / "site_attributes.csv"
    kept = tiny_city / ".portico" / "imports" / "0001" / "site_attributes.csv"
    shutil.copy(kept, attributes)  # as it is when the power goes after the first of the tables
    _import(tiny_city, register)
    assert _tables(tiny_city)["sites.csv"] == whole["sites.csv"]
    assert sorted(_tables(tiny_city)["site_attributes.csv"].splitlines()) == sorted(
        whole["site_attributes.csv"].splitlines()
    )


def test_duplicate_and_missing_references_are_rejects_with_their_whole_row(tiny_city, tmp_path):
    path = _write(tmp_path / "twice.csv", _row("A/1"), _row("A/1", Notes="again"), _row("", Notes="nameless"))
    done = _import(tiny_city, path)
    assert [(one.row, one.reason) for one in done.rejects] == [(3, "reference-twice"), (4, "reference-missing")]
    rows = read_texts(tiny_city / "facts", "site_rejects").rows
    assert [("again" in row["value"], "nameless" in row["value"]) for row in rows] == [(True, False), (False, True)]
    assert not _import(tiny_city, path).has_changes


def test_references_that_look_alike_are_two_sites(tiny_city, tmp_path):
    done = _import(tiny_city, _write(tmp_path / "alike.csv", _row("A 1"), _row("A-1"), _row("a/1")))
    assert [one.site for one in done.changes] == ["borgo-a-1", "borgo-a-1-2", "borgo-a-1-3"]


def test_a_person_is_not_published(tiny_city, tmp_path):
    row = _row("A/1", **{"Owner e-mail": "anna@valley.example", "contact-name": "Anna Prova"})
    _import(tiny_city, _write(tmp_path / "people.csv", row))
    opened = city.open(tiny_city)
    build(opened, as_of=AS_OF, at=AT)
    assert not {"site_contacts", "site_rejects"} & set(heads(lake_of(opened)))
    opened.database.close()
    published = b"".join(path.read_bytes() for path in (tiny_city / ".portico" / "lake").rglob("*") if path.is_file())
    assert b"anna@valley.example" not in published
    assert b"Anna Prova" not in published
    assert [row["name"] for row in read_texts(tiny_city / "facts", "site_contacts").rows] == ["Anna Prova"]
    assert "anna@valley.example" in (tiny_city / "facts" / "site_rejects.csv").read_text("utf-8")
    for form in ("brownfield", "portico"):
        told = json.dumps(exported(city.open(tiny_city), form, AS_OF).rows)
        assert "Anna" not in told
        assert "anna" not in told


def test_the_officer_s_export_tells_contacts_under_a_consent_only(tiny_city, tmp_path):
    _import(tiny_city, _write(tmp_path / "people.csv", _row("A/1", **{"contact-name": "Anna Prova"})))
    told = exported(city.open(tiny_city), "portico", AS_OF, with_contacts=True)
    assert "Anna Prova" not in json.dumps(told.rows)
    path = tiny_city / "facts" / "site_attributes.csv"
    given = {"id": "c", "site": "borgo-a-1", "attribute": "consent", "value": "given", "as_of": "2026-05-01",
             "source": "letter", "checked": "2026-05-02", "confidence": "verified"}  # fmt: skip
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(csv_text("site_attributes", [given]).split("\n", 1)[1])
    told = exported(city.open(tiny_city), "portico", AS_OF, with_contacts=True)
    assert "Anna Prova" in json.dumps(told.rows)
    with pytest.raises(UsageError):
        exported(city.open(tiny_city), "brownfield", AS_OF, with_contacts=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "file-without-payload"), (HEADER, "register-empty"), ("a,b\n1,2\n3,4\n", "register-without-reference")],
)
def test_what_is_no_register_is_refused_with_a_sentence(tiny_city, tmp_path, content, message):
    path = tmp_path / "no.csv"
    path.write_text(content, "utf-8")
    before = _tables(tiny_city)
    with pytest.raises(InputError) as refused:
        _import(tiny_city, path)
    assert refused.value.message_id == message
    assert _tables(tiny_city) == before


def test_a_hostile_register_is_read_as_text(tiny_city, tmp_path):
    path = _write(
        tmp_path / "hostile.csv",
        _row("A/1", Notes="\x1b[31mred", SiteNameAddress="<script>alert(1)</script>"),
        _row("../../etc", Notes="=cmd()", Ward="y" * 19_000),
        _row("🏭", PlanningStatus="'; DROP TABLE sites; --", FirstAddedDate="9999-99-99"),
    )
    done = _import(tiny_city, path)
    assert done.counts[Kind.ADDED] == 3
    assert {one.reason for one in done.rejects} == {"text-too-long", "word-unknown", "not-a-date"}
    assert [one.site for one in done.changes] == ["borgo-a-1", "borgo-etc", "borgo-row-4"]
    opened = city.open(tiny_city)
    assert [one for one in opened.findings(AS_OF) if one.severity is Severity.ERROR] == []
    rows = read_texts(tiny_city / "facts", "site_rejects").rows
    assert "".join(row["value"] for row in rows if row["column"] == "Ward") == "y" * 19_000


def test_a_register_too_large_for_facts_is_refused_before_anything_is_written(tiny_city, register, monkeypatch):
    monkeypatch.setattr("portico.city.exchange.keeping.MAX_BYTES", 2_000)
    before = _tables(tiny_city)
    for dry in (True, False):
        with pytest.raises(InputError) as refused:
            _import(tiny_city, register, is_dry=dry)
        assert refused.value.message_id == "register-too-large"
    assert _tables(tiny_city) == before
    assert check_register(register, Asked(), AS_OF, None).imported.rows == 3


def test_a_city_is_made_around_a_register_only_where_there_is_nothing_yet(tiny_city, register):
    with pytest.raises(UsageError):
        make_city(tiny_city, register, told=Told(), register="", licence="CC0-1.0")
    with pytest.raises(InputError) as refused:  # in the middle of Austria, which no rule describes
        make_city(tiny_city / "new", register, told=Told(), register="", licence="CC0-1.0")
    assert refused.value.message_id == "new-city-where"
    assert not (tiny_city / "new").exists()


def test_the_licence_goes_with_every_copy(tiny_city, tmp_path):
    one = replace(exported(city.open(tiny_city), "brownfield", AS_OF), licence="CC0-1.0")
    for ending in (".csv", ".geojson", ".xlsx"):
        export_register(one, tmp_path / f"r{ending}")
    assert "CC0-1.0" in (tmp_path / "r.licence.txt").read_text("utf-8")
    assert json.loads((tmp_path / "r.geojson").read_text("utf-8"))["licence"] == "CC0-1.0"
    assert sorted(path.name for path in tmp_path.glob("*r.*")) == ["r.csv", "r.geojson", "r.licence.txt", "r.xlsx"]
    with pytest.raises(UsageError):
        export_register(one, tmp_path / "r.pdf")
    with pytest.raises(UsageError, match="file-folder-missing"):
        export_register(one, tmp_path / "none" / "r.csv")
    long = replace(one, rows=(("x" * 33_000, *one.rows[0][1:]),))
    with pytest.raises(UsageError, match="export-long-cell"):
        export_register(long, tmp_path / "r.xlsx")


def test_a_file_is_looked_over_by_the_habits_of_the_country_it_is_imported_in(register, monkeypatch):
    asked = []
    whole = checking.import_file
    monkeypatch.setattr(checking, "import_file", lambda *a, **k: asked.append(k["country"]) or whole(*a, **k))
    assert check_register(register, Asked(), AS_OF, None).imported.rows == 3
    assert check_register(register, Asked(), AS_OF, None, "IT").imported.rows == 3
    assert asked == ["GB", "IT"]


@pytest.mark.parametrize("ending", [".csv", ".geojson", ".xlsx"])
@pytest.mark.parametrize("form", ["brownfield", "portico"])
def test_a_city_that_takes_its_own_register_back_is_not_changed(torino_folder, tmp_path, form, ending):
    path = tmp_path / f"own{ending}"
    export_register(exported(city.open(torino_folder), form, AS_OF), path)
    done = _import(torino_folder, path)
    assert (done.has_changes, done.reject_count, done.changes) == (False, 0, ())
    assert done.counts[Kind.UNCHANGED] == 66


def test_rows_of_our_own_form_that_no_table_can_hold_are_kept_as_rejects(tiny_city, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "site,id,name,lon,lat,precision,attribute,basis,value,unit,as_of\n"
        "new,,New plot,14.5,47.5,exact,,,,,\n"
        "new,,,,,,area,offered,500,m2,2026-10\n"
        "new,,,,,,area,offered,-5,m2,\n"
        "new,,,,,,status,,available,,31/31/31\n"
        "new,,,,,,flavour,,sweet,,\n"
        "nowhere,,,,,,area,offered,5,m2,\n"
        "far,,Far plot,0,0,exact,,,,,\n"
        "Bad Id,,Plot,,,,,,,,\n",
        "utf-8",
    )
    done = _import(tiny_city, path)
    assert [one.row for one in done.rejects] == [4, 5, 6, 7, 8, 9]
    assert [one.reason for one in done.rejects] == [
        *("statement-wrong", "statement-wrong", "attribute-unknown", "site-unknown", "statement-wrong"),
        "statement-wrong",
    ]
    assert [row["value"] for row in _statements(tiny_city, "new", "area")] == ["500"]
    assert [one for one in city.open(tiny_city).findings(AS_OF) if one.severity is Severity.ERROR] == []
    assert len(read_texts(tiny_city / "facts", "site_rejects").rows) == 6
    assert not _import(tiny_city, path).has_changes


def test_what_somebody_writes_meanwhile_is_not_written_over(tiny_city, register, monkeypatch):
    path = tiny_city / "facts" / "sites.csv"

    def other(*arguments):
        path.write_text(path.read_text("utf-8").replace("Big meadow", "Great meadow"), "utf-8")
        return put_in_place(*arguments)

    monkeypatch.setattr("portico.build.register.importing.put_in_place", other)
    with pytest.raises(ConflictError):
        _import(tiny_city, register)
    assert "Great meadow" in path.read_text("utf-8")
    assert "borgo-a-1" not in path.read_text("utf-8")
