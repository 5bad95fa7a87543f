"""From bytes to a version: original, rejects, report and log entry together, or nothing at all."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.database import Database
from portico.errors import ConflictError, InputError, StateError, UnknownNameError
from portico.geo import Box
from portico.lake import holding, queries, reading
from portico.lake.depositing import Arrival, deposit
from portico.lake.found import Workshop
from portico.lake.holding import Decision
from portico.lake.ingest import examine
from portico.lake.lake import open_lake
from portico.lake.receive import from_file, from_stream
from portico.messages import Text

AT = "2026-11-24T09:00:00+00:00"
LATER = "2026-11-25T09:00:00+00:00"
WELLS = "codice;comune;profondita_m;lon;lat\n" + "".join(
    f"{n:04d};Borgo Prova;{n},5;14,{n:03d};47,{n:03d}\n" for n in range(1, 40)
)
PEOPLE = "nome;email\n" + "".join(f"Ufficio {n};tizia{n}@example.org\n" for n in range(30))
BY = Decision("the data officer", LATER, "asked")


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def put(lake, tmp_path, content, at=AT, name="wells.csv"):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    identifier = name.split(".")[0]
    with lake.objects.workshop() as folder:
        received = from_file(path)
        (one,) = examine(received, Workshop(folder, lake.engine))
        dataset = Dataset(identifier, DatasetKind.FILE, Text(en=identifier), "Water board", "CC0-1.0")
        distribution = Distribution(f"{identifier}.csv", identifier, "text/csv", name)
        return deposit(lake, one, dataset, distribution, Arrival(received, at, {"etag": "x"}))


def looked_at(lake, tmp_path, content):
    """Examine a table without keeping it."""
    path = tmp_path / "table.csv"
    path.write_text(content, "utf-8")
    folder = tmp_path / "shop"
    folder.mkdir(exist_ok=True)
    (one,) = examine(from_file(path), Workshop(folder, lake.engine))
    return one


def test_a_file_becomes_a_version_with_everything_that_belongs_to_it(lake, tmp_path):
    done = put(lake, tmp_path, WELLS + "0040;Borgo Prova\n")
    assert (done.publication.number, done.is_new, done.rejects) == (1, True, 1)
    found = queries.version(lake, "wells")
    assert [column.type.value for column in found.columns] == [
        "text",
        "text",
        "number",
        "number",
        "number",
        "point-4326",
    ]
    examination = queries.examination(lake, found)
    assert examination.report["rows"] == 39
    assert lake.objects.path(examination.rejects_file).is_file()
    (receipt,) = queries.receipts(lake, "wells")
    original = lake.objects.path(receipt.file)
    assert hashlib.sha256(original.read_bytes()).hexdigest() == receipt.sha256 == examination.receipt
    assert (receipt.how, receipt.received_at) == ({"etag": "x"}, AT)


def test_the_same_file_again_changes_nothing_but_says_that_it_came(lake, tmp_path):
    first = put(lake, tmp_path, WELLS)
    again = put(lake, tmp_path, WELLS, LATER)
    assert (again.version, again.is_new) == (first.version, False)
    assert len(queries.history(lake, "wells")) == 1
    assert len(queries.receipts(lake, "wells")) == 2


def test_the_same_rows_written_otherwise_are_the_same_version(lake, tmp_path):
    first = put(lake, tmp_path, WELLS)
    header, *rows = WELLS.splitlines()
    other = "\r\n".join([header, *reversed(rows)]).replace(";", "\t")
    assert put(lake, tmp_path, other, LATER).version.id == first.version.id


def test_a_then_b_then_a_is_publication_three_pointing_at_a(lake, tmp_path):
    first = put(lake, tmp_path, WELLS)
    put(lake, tmp_path, WELLS.replace("1,5", "9,5", 1))
    third = put(lake, tmp_path, WELLS, LATER)
    assert (third.publication.number, third.version.id) == (3, first.version.id)


def test_nothing_is_left_in_the_workshops(lake, tmp_path):
    put(lake, tmp_path, WELLS)
    assert list((lake.objects.folder / ".workshops").iterdir()) == []


def test_personal_data_is_held_until_somebody_decides(lake, tmp_path):
    done = put(lake, tmp_path, PEOPLE, name="people.csv")
    assert done.publication is None
    assert [reason["kind"] for reason in done.hold.reasons] == ["e-mail"]
    with pytest.raises(UnknownNameError) as unknown:
        queries.history(lake, "people")
    assert unknown.value.message_id == "dataset-held"
    released = holding.release(lake, "people", BY)
    assert released.publication.number == 1
    (record,) = queries.holds(lake, every=True)
    assert (record.decision, record.decided_by, record.note) == ("released", "the data officer", "asked")
    assert queries.holds(lake) == ()


def test_what_was_released_is_published_without_asking_again(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    holding.release(lake, "people", BY)
    assert put(lake, tmp_path, PEOPLE, LATER, name="people.csv").publication.number == 1
    more = put(lake, tmp_path, PEOPLE + "Ufficio 99;altra@example.org\n", LATER, name="people.csv")
    assert more.publication is None


def test_a_masked_column_shows_nobody(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    done = holding.mask(lake, "people", [], BY)
    table = queries.read(lake, done.version)
    assert not any("tizia" in str(cell) for row in table.rows for cell in row)
    report = queries.examination(lake, done.version).report
    assert "tizia" not in str(report)
    assert report["decided"]["how"] == "masked"


def test_a_dropped_column_is_gone(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    done = holding.drop(lake, "people", ["email"], BY)
    assert [column.name for column in done.version.columns] == ["nome"]


def test_nothing_is_decided_twice(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    hold, _ = holding.held(lake, "people")
    holding.refuse(lake, "people", BY)
    with pytest.raises(UnknownNameError):
        holding.release(lake, "people", BY)
    with lake.database.write() as connection, pytest.raises(ConflictError):
        holding._settle(connection, hold, holding.Decided.RELEASED, BY)


def test_what_was_masked_is_published_masked_when_it_comes_again(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    masked = holding.mask(lake, "people", [], BY).version
    again = put(lake, tmp_path, PEOPLE, LATER, name="people.csv")
    assert (again.version.id, again.publication.number, again.is_new) == (masked.id, 1, False)
    put(lake, tmp_path, "nome\nBorgo Prova\nBorgo Altro\n", LATER, name="people.csv")
    back = put(lake, tmp_path, PEOPLE, LATER, name="people.csv")
    assert (back.version.id, back.publication.number, back.is_new) == (masked.id, 3, True)
    assert not any("tizia" in str(cell) for row in queries.read(lake, back.version).rows for cell in row)


def test_what_was_refused_stays_refused_when_it_comes_again(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    holding.refuse(lake, "people", BY)
    again = put(lake, tmp_path, PEOPLE, LATER, name="people.csv")
    assert (again.publication, again.hold.decision) == (None, "refused")
    assert queries.holds(lake) == ()


def test_a_mask_that_leaves_something_is_refused(lake, tmp_path):
    put(lake, tmp_path, PEOPLE, name="people.csv")
    with pytest.raises(InputError) as refused:
        holding.mask(lake, "people", ["nome"], BY)
    assert refused.value.message_id == "hold-columns-left"


def test_an_archive_of_one_table_is_that_table(lake, tmp_path):
    path = tmp_path / "delivery.xls"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._wells.csv", b"junk")
        archive.writestr("dati/wells.csv", WELLS)
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert one.typed.rows == 39


def test_standard_input_is_a_file_like_any_other(lake, tmp_path):
    shop = Workshop(tmp_path, lake.engine)
    (one,) = examine(from_stream(io.BytesIO(WELLS.encode()), "standard-input", shop), shop)
    assert one.typed.rows == 39


def test_a_disk_that_is_full_leaves_the_last_good_version(lake, tmp_path, monkeypatch):
    first = put(lake, tmp_path, WELLS)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portico.lake.objects.shutil.copyfile", full)
    with pytest.raises(StateError) as refused:
        put(lake, tmp_path, WELLS.replace("1,5", "9,5", 1), LATER)
    assert refused.value.message_id == "state-failed"
    assert queries.version(lake, "wells") == first.version
    assert len(queries.history(lake, "wells")) == 1


def test_swapped_axes_are_noticed_and_put_right(lake, tmp_path):
    rows = "".join(f"{n};45,{n:03d};7,{n:03d}\n" for n in range(1, 40))
    path = tmp_path / "a.csv"
    path.write_text("id;lon;lat\n" + rows, "utf-8")
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert "axes-swapped" in {issue.kind for issue in one.issues}
    assert one.geometry["bbox"][0] < 8


def test_gauss_boaga_without_a_word_is_found_by_where_it_lies(lake, tmp_path):
    rows = "".join(f"{n};{1_394_000 + n * 10};{4_991_000 + n * 10}\n" for n in range(1, 40))
    path = tmp_path / "a.csv"
    path.write_text("id;x;y\n" + rows, "utf-8")
    (nowhere,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert nowhere.places == ()
    assert "crs-several" in {issue.kind for issue in nowhere.issues}
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine), extent=Box(6.6, 44.6, 8.2, 45.6))
    assert one.places[0].source_crs == "EPSG:3003"
    west, south, east, north = one.geometry["bbox"]
    assert 7.6 < west < east < 7.8
    assert 45.0 < south < north < 45.2
    assert one.places[0].accuracy_m > 1


def test_an_empty_cell_of_a_column_of_one_word_stays_empty(lake, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id;attivo\n" + "".join(f"{n};{'sì' if n % 3 else ''}\n" for n in range(60)), "utf-8")
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert one.profiles["attivo"]["missing"] == 20


def test_rejects_with_personal_data_are_kept_and_not_shown(lake, tmp_path):
    rows = "".join(f"{n};{n},5\n" for n in range(200))
    done = put(lake, tmp_path, "id;superficie\n" + rows + "7;tizia.caia@example.org\n8;9,5;tizia.caia@example.org\n")
    assert done.publication.number == 1
    examination = queries.examination(lake, done.version)
    assert examination.report["rejects_are_personal"]
    shown = reading.rejects(lake, examination, limit=10)
    assert [one["row"] for one in shown] == [202, 203]
    assert "tizia" not in str(shown)


@pytest.mark.parametrize(("more", "said"), [("", "da definire"), ("7;9,5;tizia.caia@example.org\n", "•••")])
def test_the_first_cell_that_does_not_fit_is_named_unless_rejects_tell_of_persons(lake, tmp_path, more, said):
    rows = "".join(f"{n};{n},5\n" for n in range(300))
    found = looked_at(lake, tmp_path, "id;superficie\n" + rows + "300;da definire\n301;altro\n" + more)
    (issue,) = [one for one in found.issues if one.kind == "column-misfits"]
    assert (issue.place.row, issue.place.column, issue.value) == (302, "superficie", said)
    assert issue.message.values["count"] == 2


def test_members_of_one_name_in_several_folders_are_told_apart(lake, tmp_path):
    path = tmp_path / "same.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a/x.csv", "b/x.csv", "x.csv"):
            archive.writestr(name, WELLS)
    found = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert [one.name for one in found] == ["a-x", "b-x", "x"]


def test_numbers_that_are_no_degrees_are_no_places(lake, tmp_path):
    path = tmp_path / "a.geojson"
    point = '{"type":"Feature","geometry":{"type":"Point","coordinates":[395000,4990000]},"properties":{"n":1}}'
    path.write_text('{"type":"FeatureCollection","features":[' + point + "]}", "utf-8")
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert "crs-impossible" in {issue.kind for issue in one.issues}
    assert not one.places or one.places[0].source_crs != "EPSG:4326"


@pytest.mark.parametrize("rows", [40, 60_000])
def test_zero_and_zero_is_no_place(lake, tmp_path, rows):
    lines = [f"{n};{7.6 + n / 1e6:.6f};{45.0 + n / 1e6:.6f}" for n in range(rows)]
    content = "\n".join(
        ["id;longitudine;latitudine", *lines, "999991;0;0", "999992;0.0;0.0", "999993;;", "999994;7.65;0"]
    )
    found = looked_at(lake, tmp_path, content)
    said = {issue.kind: issue.message.values for issue in found.issues}
    assert said["places-at-zero"]["count"] == 2
    assert (found.places[0].source_crs, found.geometry["kinds"]) == ("EPSG:4326", {"POINT": rows + 1})
    assert found.typed.reject_count == 0


def test_degrees_beside_metres_are_no_places_and_that_is_said(lake, tmp_path):
    lines = [f"{n};{7.6 + n / 100};{45 + n / 100}" for n in range(30)]
    lines += [f"{n};{394_000 + n}.5;{4_990_000 + n}.5" for n in range(10)]
    found = looked_at(lake, tmp_path, "\n".join(["id,GeoX,GeoY", *lines]).replace(";", ","))
    said = {issue.kind: issue.message.values for issue in found.issues}
    assert not found.places
    assert (said["coordinates-mixed"]["degrees"], said["coordinates-mixed"]["metres"]) == (30, 10)


def test_where_several_systems_fit_all_are_named(lake, tmp_path):
    lines = [f"{n};{394_000 + n},5;{4_990_000 + n},5" for n in range(30)]
    found = looked_at(lake, tmp_path, "\n".join(["id;X;Y", *lines]))
    (said,) = [issue.message.values["systems"] for issue in found.issues if issue.kind == "crs-several"]
    assert "EPSG:32632, EPSG:32633" in said


def test_thousands_or_decimals_that_nothing_decides_are_said(lake, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id;superficie\n1;1.234\n2;3.750\n3;10.250\n", "utf-8")
    (one,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert "column-convention-assumed" in {issue.kind for issue in one.issues}
    path.write_text("id;superficie;lunghezza\n1;1.234;0.750\n2;3.750;1.125\n3;10.250;0.500\n", "utf-8")
    (two,) = examine(from_file(path), Workshop(tmp_path, lake.engine))
    assert [column.type.value for column in two.typed.columns] == ["integer", "number", "number"]
