"""``portico travel``: minutes, reach and ways on plain files, as a person reads them and as a program."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.shared import needs_shared, shared_data

from portico.lake.arrays import arrays_of
from portico.lake.engine import Engine

pytestmark = needs_shared("data", "osm", "laquila")
PLACES = "id,lon,lat\nuniversity,13.3963,42.3521\nhospital,13.3533,42.3668\nsea,14.9,42.3\nunplaced,,\n"
TRANSIT = ("--mode", "transit", "--depart", "2022-10-05T08:00")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no city, with some points."""
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PORTICO_CITY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def streets() -> tuple[str, ...]:
    return ("--streets", str(shared_data("data", "osm", "laquila", "aq.pbf")))


def network() -> tuple[str, ...]:
    return (*streets(), "--gtfs", str(shared_data("data", "gtfs", "laquila", "GTFS_30102022-2.zip")))


@pytest.fixture
def run(run):
    """The commands ``travel``."""
    return lambda *arguments: run("travel", *arguments)


def test_a_matrix_has_a_line_for_each_pair_and_says_what_lies_on_no_street(folder, run) -> None:
    asked = ("matrix", *network(), "--from", "places.csv", "--to", "places.csv", *TRANSIT, "--window", "20")
    code, _, err = run(*asked, "--percentiles", "5,95", "-o", "out.csv")
    assert code == 0
    rows = list(csv.DictReader((folder / "out.csv").read_text("utf-8").splitlines()))
    assert list(rows[0]) == ["from_id", "to_id", "minutes", "minutes_p05", "minutes_p95"]
    assert [(row["from_id"], row["to_id"]) for row in rows[:3]] == [
        ("university", one) for one in ("university", "hospital", "sea")
    ]
    by_pair = {(row["from_id"], row["to_id"]): row for row in rows}
    there = by_pair["university", "hospital"]
    assert float(there["minutes_p05"]) <= float(there["minutes"]) <= float(there["minutes_p95"])
    assert by_pair["university", "university"]["minutes"] == "0.0"
    assert by_pair["university", "sea"]["minutes"] == by_pair["unplaced", "hospital"]["minutes"] == ""
    assert "sea, unplaced" in " ".join(err.split())
    assert "367 of 1,059 stops" in " ".join(err.split())


def test_inbound_is_outbound_between_the_places_exchanged(folder, run) -> None:
    (folder / "one.csv").write_text("id,lon,lat\nsite,13.4,42.35\n", encoding="utf-8")
    walk = ("matrix", *streets(), "--mode", "car", "--from", "one.csv", "--to", "places.csv")
    assert run(*walk, "--direction", "inbound", "-o", "in.csv")[0] == 0
    turned = ("matrix", *streets(), "--mode", "car", "--from", "places.csv", "--to", "one.csv", "-o", "out.csv")
    assert run(*turned)[0] == 0
    assert (folder / "in.csv").read_text() == (folder / "out.csv").read_text()
    assert (folder / "in.csv").read_text().splitlines()[1].startswith("university,site,")


def test_parquet_and_csv_hold_the_same_and_several_processes_change_nothing(folder, run) -> None:
    asked = ("matrix", *streets(), "--mode", "walk", "--from", "places.csv", "--to", "places.csv", "-o")
    assert run(*asked, "a.csv")[0] == run(*asked, "b.parquet", "--processes", "2")[0] == 0
    found = []
    for name in ("a.csv", "b.parquet"):
        with arrays_of(folder / name, Engine()) as table:
            found.append((table.named("from_id").names, table.numbers("minutes").tolist()))
    assert str(found[0]) == str(found[1])


def test_without_an_output_the_first_pairs_are_shown(run) -> None:
    asked = ("matrix", *streets(), "--mode", "bike", "--from", "places.csv", "--to", "places.csv")
    code, out, _ = run(*asked)
    assert code == 0
    assert out.splitlines()[0].split() == ["from_id", "to_id", "minutes"]
    assert "16 pairs, from the places (outbound); 12" in " ".join(out.split())
    code, out, _ = run(*asked, "--json")
    answer = json.loads(out)
    assert answer["direction"] == "outbound"
    assert answer["off_street"] == {"from": ["sea", "unplaced"], "to": ["sea", "unplaced"]}
    assert len(answer["first_rows"]) == 16
    assert answer["streets"]["parts"] > 1


def test_an_itinerary_is_told_in_words_and_for_programs(run) -> None:
    asked = (
        "itinerary",
        *network(),
        "--from",
        "13.3963,42.3521",
        "--to",
        "13.3533,42.3668",
        *TRANSIT,
        "--window",
        "60",
    )
    code, out, _ = run(*asked)
    assert code == 0
    assert out.startswith("38.5 minutes, by public transport: ready at 08:01, there at 08:39")
    assert "08:16 bus 2U towards 2UT L'AQUILONE" in out
    assert "08:14 wait at VIALE XXV APRILE" in out
    assert "Via Forcella, 120 m" in out
    code, out, _ = run(*asked, "--json")
    answer = json.loads(out)
    assert answer["minutes"] == pytest.approx(sum(part["minutes"] for part in answer["parts"]), abs=3)
    assert [part["kind"] for part in answer["parts"]] == ["access", "ride", "egress"]
    code, out, _ = run(*asked, "--lang", "it")
    assert out.startswith("38,5 minuti, con i mezzi pubblici")


def test_an_itinerary_by_car_goes_along_streets(run) -> None:
    asked = ("itinerary", *streets(), "--from", "13.3963,42.3521", "--to", "13.3533,42.3668", "--mode", "car")
    code, out, _ = run(*asked, "--json")
    answer = json.loads(out)
    assert code == 0
    assert sum(step["metres"] for step in answer["parts"][0]["steps"]) == pytest.approx(
        answer["parts"][0]["metres"], rel=0.05
    )
    slow = json.loads(run(*asked, "--peak-factor", "1.5", "--json")[1])
    assert slow["minutes"] == pytest.approx(1.5 * answer["minutes"], abs=0.02)


def test_isochrones_are_nested_polygons(folder, run) -> None:
    asked = ("isochrone", *streets(), "--from", "13.3963,42.3521", "--mode", "walk", "--minutes", "10,20")
    code, _, _ = run(*asked, "-o", "reach.geojson")
    assert code == 0
    features = json.loads((folder / "reach.geojson").read_text())["features"]
    assert [one["properties"]["minutes"] for one in features] == [20.0, 10.0]
    assert features[0]["properties"]["area_m2"] > 2 * features[1]["properties"]["area_m2"]
    inbound = ("isochrone", *network(), "--from", "13.3963,42.3521", "--mode", "transit", "--direction", "inbound")
    code, out, _ = run(*inbound, "--arrive", "2022-10-05T09:00", "--minutes", "30", "--json")
    assert code == 0
    assert json.loads(out)["features"][0]["properties"]["direction"] == "inbound"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--mode", "transit", "--depart", "2022-10-05T08:00"), 2, "--gtfs"),
        (("--mode", "walk", "--walk-speed", "90"), 2, "--walk-speed is 90"),
        (("--mode", "walk", "--to", "nothing.csv"), 2, "nothing.csv"),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(run, arguments, code, says) -> None:
    given = ["matrix", *streets(), "--from", "places.csv"]
    given += [] if "--to" in arguments else ["--to", "places.csv"]
    found, _, err = run(*given, *arguments)
    assert found == code
    assert says in err
    assert len(err.split(". ")) < 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (TRANSIT[:2], "--depart or --arrive"),
        ((*TRANSIT[:2], "--depart", "tomorrow"), '"tomorrow" is no time'),
        ((*TRANSIT[:2], "--depart", "2022-10-05T08:00+02:00"), "names a time zone"),
        ((*TRANSIT[:2], "--depart", "2023-10-05T08:00"), "19 September 2022 to 31 October 2022"),
        ((*TRANSIT, "--percentiles", "5,150"), "150"),
        ((*TRANSIT, "-o", "out.xlsx"), ".csv, .parquet"),
    ],
)
def test_a_time_or_file_that_will_not_do_is_refused(run, arguments, says) -> None:
    code, _, err = run("matrix", *network(), "--from", "places.csv", "--to", "places.csv", *arguments)
    assert code in (1, 2)
    assert says in " ".join(err.split())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("id,lon,lat\na,42.35,113.39\n", "row 2: longitude 42.35 and latitude 113.39"),
        ("id,lon,lat\na,13.4,42.3\na,13.5,42.3\n", "a"),
        ("id,lon,lat\n,13.4,42.3\n", "row 2"),
        ("name,lon,lat\na,13.4,42.3\n", "id"),
        ("id,lon,lat\n", "bad.csv"),
        ("id,lon,lat\na,NaN,42.3\n", "NaN"),
    ],
)
def test_points_that_will_not_do_are_refused_with_their_row(folder, run, content, says) -> None:
    (folder / "bad.csv").write_text(content, encoding="utf-8")
    code, _, err = run("matrix", *streets(), "--from", "bad.csv", "--to", "places.csv", "--mode", "walk")
    assert code in (1, 2)
    assert says in " ".join(err.split())


@pytest.mark.parametrize("cut", [0, 100, 50_000, 900_000])
def test_an_extract_cut_off_is_refused(folder, run, cut) -> None:
    whole = shared_data("data", "osm", "laquila", "aq.pbf").read_bytes()
    (folder / "cut.osm.pbf").write_bytes(whole[:cut])
    code, _, err = run(
        "matrix", "--streets", "cut.osm.pbf", "--from", "places.csv", "--to", "places.csv", "--mode", "walk"
    )
    assert code == 1
    assert "cut.osm.pbf" in err


def test_a_file_without_streets_is_named_for_what_it_is(run) -> None:
    feed = str(shared_data("data", "gtfs", "laquila", "GTFS_24112021.zip"))
    code, _, err = run("matrix", "--streets", feed, "--from", "places.csv", "--to", "places.csv", "--mode", "walk")
    assert code == 1
    assert "gtfs, which holds no streets" in " ".join(err.split())


def test_a_point_far_from_any_street_is_said(run) -> None:
    code, _, err = run("isochrone", *streets(), "--from", "12.3,42.3", "--mode", "walk")
    assert code == 2
    assert "12.3,42.3 lies more than 500 m" in " ".join(err.split())
    code, _, err = run("isochrone", *streets(), "--from", "north", "--mode", "walk")
    assert code == 2
    assert '"north" is no point' in err
