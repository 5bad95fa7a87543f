"""A measure for every cell: right cell by cell, honest about what is not known, and able to say where it comes from."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.lake.readers.workshops import worded
from tests.shared import needs_shared
from tests.towns import EAST, HOMES, NORTH, SOUTH, WEST, collection, square, write_town

from portico import city as cities
from portico.build import build, lake_of
from portico.build.cells import carry_out, plan, survey
from portico.build.cells_asked import Kind, Wanted
from portico.catalogue.model import DatasetKind
from portico.catalogue.queries import dataset as catalogued
from portico.errors import PorticoError, StateError
from portico.indicators.access.decay import Exponential, Power, UpTo
from portico.lake import store
from portico.lake.queries import derivation, heads, history, read
from portico.lake.reading import rows
from portico.territory.cells import cells_of_area, cells_of_ids
from portico.territory.layers import territory
from portico.territory.model import Mode
from portico.territory.travel.matrix import matrix
from portico.territory.travel.model import Direction, Going, Points

WALKED = Wanted(Kind.CUMULATIVE, within_minutes=20, of="homes", amount="people", area="quarters")
COLUMNS = ["id", "lon", "lat", "value", "low", "high", "unit", "unknown", "reached", "on_street"]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The town, built; what tests publish in it they name themselves."""
    opened = cities.open(write_town(tmp_path_factory.mktemp("cells") / "town"))
    build(opened, as_of=AS_OF, at=AT)
    yield opened
    opened.database.close()


def measured(city, wanted, **how):
    lake = lake_of(city)
    planned = plan(city, lake, wanted, survey(city, lake, wanted))
    return lake, planned, carry_out(city, lake, planned, at=AT, **how)


def table(lake, version):
    return {row["id"]: row for row in read(lake, version).mappings()}


def refused(kind, ask, *what, **how):
    with pytest.raises(PorticoError) as found:
        ask(*what, **how)
    assert found.value.message_id == kind
    worded(found.value)
    return found.value


def test_what_is_in_reach_of_each_cell_is_added_up_and_what_is_not_known_bounds_it(town):
    lake, planned, done = measured(town, WALKED)
    found = table(lake, done.version)
    assert [column.name for column in done.version.columns] == [*COLUMNS, "geometry"]
    assert len(found) == done.version.row_count == len(planned.cells) == 83
    homes = [(name, people, place) for name, people, place in HOMES if place and name != "h4"]
    minutes = (
        matrix(
            planned.network.network,
            planned.judged,
            Points(tuple(name for name, _, _ in homes), *np.array([place for _, _, place in homes]).T),
            planned.question,
        )[0]
        / 600
    )
    for name, costs in zip(planned.judged.ids, minutes, strict=True):
        near = [people for (_, people, _), cost in zip(homes, costs, strict=True) if cost <= 20]
        least = float(sum(people or 0 for people in near))
        row = found[name]
        assert (row["reached"], row["unknown"]) == (len(near), near.count(None))
        assert (row["low"], row["unit"], row["on_street"]) == (least, "people", True)
        assert (row["value"], row["high"]) == ((None, None) if None in near else (least, least))
    values = {row["value"] for row in found.values()}
    assert {None, 0.0, 40.0, 100.0} <= values


def test_cells_are_their_own_places_and_shapes(town):
    lake, planned, done = measured(town, WALKED)
    cells = cells_of_ids(list(table(lake, done.version)))
    lon, lat = cells.centres
    ring = rows(lake, done.version, done.version.columns, limit=1)[0]
    at = cells.ids.index(ring[0])
    assert ring[1:3] == [round(lon[at], 7), round(lat[at], 7)]
    assert ring[-1] == {"type": "Polygon", "coordinates": [cells.boundary(at)]}
    assert planned.cells.resolution == 9


def test_where_no_street_is_near_nothing_is_known(town):
    wanted = Wanted(Kind.NEAREST, of="homes", resolution=7)
    lake, planned, done = measured(town, wanted)
    found = list(table(lake, done.version).values())
    off = [row for row in found if not row["on_street"]]
    assert len(off) == len(found) - len(planned.judged) > 1_000
    assert {(row["value"], row["low"], row["high"], row["unknown"], row["reached"]) for row in off} == {(None,) * 5}
    assert all(row["value"] > 0 for row in found if row["on_street"])
    assert planned.derivation.method.parameters["cells_off_streets"] == len(off)


def test_the_way_counts(town):
    """By car the range of the peak is a range of the measure; of one limit further away never counts more."""
    lake, _, done = measured(town, Wanted(Kind.CATCHMENT, Mode.CAR, within_minutes=6, of="homes", area="quarters"))
    found = list(table(lake, done.version).values())
    assert all(row["low"] <= row["value"] <= row["high"] for row in found)
    assert any(row["low"] < row["high"] for row in found)
    _, _, nearest = measured(town, Wanted(Kind.NEAREST, Mode.CAR, of="homes", area="quarters"))
    minutes = list(table(lake, nearest.version).values())
    assert all(row["low"] < row["value"] < row["high"] for row in minutes)
    assert {row["unit"] for row in minutes} == {"min"}


def test_gravity_weighs_by_the_decay(town):
    decay = UpTo(Exponential.halving_every(10), 30)
    wanted = Wanted(Kind.GRAVITY, Mode.BICYCLE, decay=decay, decay_text="halving:10 up to 30", area="quarters")
    lake, planned, done = measured(town, wanted)
    costs = matrix(planned.network.network, planned.judged, planned.judged, planned.question)[0] / 600
    expected = np.where(costs <= 30, 0.5 ** (costs / 10), 0.0).sum(axis=1)
    found = table(lake, done.version)
    np.testing.assert_allclose([found[name]["value"] for name in planned.judged.ids], expected, atol=1e-5)
    assert done.version.dataset == "cells-gravity-bicycle-halving-10-up-to-30-in-quarters"
    assert found[planned.judged.ids[0]]["unit"] == "cells"


def test_it_says_how_it_was_made_and_from_what(town):
    lake, planned, done = measured(town, WALKED)
    standing = heads(lake)
    made = derivation(lake, done.version)
    assert made == planned.derivation
    assert made.method.method == "indicators.access.cumulative"
    assert made.method.parameters | {"streets_sha256": "", "made_by": ""} == {
        "direction": "outbound", "decay": "within", "within_minutes": 20, "mode": "walk", "resolution": 9,
        "cells": 83, "cells_off_streets": 0, "of": "homes", "amount": "people", "places": 3,
        "places_without_position": 1, "places_off_streets": 1, "amounts_unknown": 1, "area": "quarters",
        "snap_limit_m": 500.0, "streets_sha256": "", "made_by": "",
    }  # fmt: skip
    named = [(one.dataset, one.version) for one in made.rests_on if one.dataset]
    assert named == [(name, standing[name].id) for name in ("streets", "homes", "quarters")]
    about = catalogued(town.database, done.version.dataset)
    assert (about.kind, about.licence) == (DatasetKind.DERIVED, "ODbL-1.0; CC0-1.0; CC-BY-4.0")
    assert about.attribution == "Road board of the valley; Registry; Town hall"
    assert about.title["it"] == "Homes (people) entro 20 minuti a piedi, da ogni cella"
    assert "500" in about.description["en"]
    with lake.database.read() as connection:
        citing = store.every_citation(connection)
    by = f"{done.version.dataset}@{done.version.id}"
    assert {name for name, _ in citing if by in citing[name, standing[name].id]} == {"streets", "homes", "quarters"}


def test_again_nothing_is_done_and_what_changed_makes_a_new_version(tmp_path):
    opened = cities.open(write_town(tmp_path / "town"))
    build(opened, as_of=AS_OF, at=AT)
    lake, planned, done = measured(opened, WALKED)
    assert (done.is_new, planned.standing) == (True, None)
    _, planned, again = measured(opened, WALKED)
    assert (again.is_new, again.version, planned.standing) == (False, done.version, done.version)
    assert len(history(lake, done.version.dataset)) == 1
    homes = opened.folder / "files" / "homes.geojson"
    homes.write_text(homes.read_text("utf-8").replace('"people": 40', '"people": 41'), "utf-8")
    build(opened, as_of=AS_OF, at=AT)
    _, planned, other = measured(opened, WALKED)
    assert (other.is_new, planned.standing) == (True, None)
    assert [one.number for one in history(lake, done.version.dataset)] == [1, 2]
    opened.database.close()


def test_a_change_that_changes_no_number_leaves_the_version_and_says_the_newest_source(tmp_path):
    opened = cities.open(write_town(tmp_path / "town"))
    build(opened, as_of=AS_OF, at=AT)
    _, _, done = measured(opened, WALKED)
    homes = opened.folder / "files" / "homes.geojson"
    homes.write_text(homes.read_text("utf-8").replace('"people": 7', '"people": 8'), "utf-8")
    build(opened, as_of=AS_OF, at=AT)
    lake, planned, again = measured(opened, WALKED)
    assert (again.is_new, again.version.id, planned.standing) == (False, done.version.id, None)
    assert ("homes", heads(lake)["homes"].id) in derivation(lake, again.version).cited
    opened.database.close()


def test_who_interrupts_it_leaves_nothing(town):
    def stop(done, of):
        raise KeyboardInterrupt

    wanted = replace(WALKED, name="interrupted")
    with pytest.raises(KeyboardInterrupt):
        measured(town, wanted, progress=stop)
    assert "interrupted" not in heads(lake_of(town))


def test_progress_ends_at_the_last_cell(town):
    told = []
    measured(town, replace(WALKED, name="watched"), progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 83), (83, 83)]


def test_an_area_can_be_one_row_and_the_whole_is_its_rows(town):
    whole = {*table(lake_of(town), measured(town, WALKED)[2].version)}
    parts = [
        {*table(lake_of(town), measured(town, replace(WALKED, area=f"quarters/{name}"))[2].version)}
        for name in ("west", "east")
    ]
    assert parts[0] | parts[1] == whole
    assert not parts[0] & parts[1]
    assert whole == {*cells_of_area(square(WEST, SOUTH, EAST, NORTH), 9).ids}


def test_a_version_of_before_can_be_asked_for(town):
    _, planned, done = measured(town, replace(WALKED, of="homes@1"))
    assert done.version.dataset == WALKED.dataset
    assert planned.others.evidence[0].version == heads(lake_of(town))["homes"].id


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (WALKED, "cells-cumulative-walk-20-homes-people-in-quarters"),
        (Wanted(Kind.CATCHMENT, Mode.CAR), "cells-catchment-car-45"),
        (Wanted(Kind.NEAREST, of="a@12", k=3), "cells-nearest-walk-k3-a"),
        (Wanted(Kind.CUMULATIVE, direction=Direction.INBOUND, resolution=8), "cells-cumulative-walk-45-inbound-r8"),
        (Wanted(Kind.CUMULATIVE, area="b@34/Città 1"), "cells-cumulative-walk-45-in-b-citta-1"),
        (Wanted(Kind.GRAVITY, decay=Power(1), decay_text="power:1"), "cells-gravity-walk-power-1"),
        (Wanted(Kind.CUMULATIVE, name="my-layer"), "my-layer"),
    ],
)
def test_a_layer_is_named_after_what_was_asked(wanted, name):
    assert wanted.dataset == name
    assert math.isinf(wanted.limit_minutes) == (wanted.kind in (Kind.NEAREST, Kind.GRAVITY))


def test_layers_with_long_names_keep_apart():
    long = Wanted(Kind.CUMULATIVE, of="x" * 80, amount="y" * 80)
    names = {one.dataset for one in (long, replace(long, direction=Direction.INBOUND), replace(long, resolution=7))}
    assert len(names) == 3
    assert all(len(name) <= 100 and name.startswith("cells-cumulative-walk-45-xxx") for name in names)


def test_what_cannot_be_asked_is_refused():
    refused("cells-nearest-of-nothing", Wanted, Kind.NEAREST)
    refused("cells-amount-of-nothing", Wanted, Kind.CUMULATIVE, amount="people")
    refused("cells-name-unfit", Wanted, Kind.CUMULATIVE, name="My layer!")
    with pytest.raises(ValueError, match="decay"):
        Wanted(Kind.GRAVITY)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("cells-name-taken", {"name": "homes"}),
        ("dataset-unknown", {"of": "houses"}),
        ("version-unknown", {"of": "homes@7"}),
        ("column-unknown", {"amount": "person"}),
        ("column-not-numeric", {"amount": "id"}),
        ("dataset-without-places", {"of": "wells", "amount": ""}),
        ("area-without-areas", {"area": "homes"}),
        ("row-unknown", {"area": "quarters/north"}),
        ("cells-too-many", {"resolution": 14}),
        ("resolution-unknown", {"resolution": 16}),
        ("no-timetable", {"mode": Mode.TRANSIT}),
    ],
)
def test_what_is_not_there_is_refused(town, kind, change):
    refused(kind, measured, town, replace(WALKED, **change))


def test_places_and_cells_away_from_every_street_are_refused(tmp_path):
    folder = write_town(tmp_path / "town")
    far = [({"type": "Point", "coordinates": [14.2, 47.2]}, {"id": "h1", "people": 5})]
    (folder / "files" / "homes.geojson").write_text(collection(far), "utf-8")
    quarters = folder / "files" / "quarters.geojson"
    shapes = json.loads(quarters.read_text("utf-8"))
    for one in shapes["features"][:1]:
        one["geometry"]["coordinates"] = [[[x - 0.2, y - 0.2] for x, y in one["geometry"]["coordinates"][0]]]
    quarters.write_text(json.dumps(shapes), "utf-8")
    opened = cities.open(folder)
    build(opened, as_of=AS_OF, at=AT)
    refused("cells-nothing-to-reach", measured, opened, replace(WALKED, area="quarters/east"))
    refused("cells-off-streets", measured, opened, replace(WALKED, of="", amount="", area="quarters/west"))
    opened.database.close()


def test_without_streets_one_sentence_says_what_to_do(tmp_path):
    opened = cities.open(write_borgo_prova(tmp_path / "borgo"))
    refused("not-built", measured, opened, Wanted(Kind.CUMULATIVE))
    build(opened, as_of=AS_OF, at=AT)
    error = refused("cells-without-streets", measured, opened, Wanted(Kind.CUMULATIVE))
    assert isinstance(error, StateError)
    opened.database.close()


@needs_shared("data", "osm", "laquila")
def test_the_second_city_by_its_real_streets_and_timetable(laquila, tmp_path):
    """Hospitals and universities within 30 minutes by bus, and back, against the matrix of the pairs themselves."""
    opened = cities.open(shutil.copytree(laquila.folder, tmp_path / "laquila"))
    for direction in Direction:
        wanted = Wanted(Kind.CUMULATIVE, Mode.TRANSIT, direction, resolution=8, within_minutes=30, of="institutions")
        lake, planned, done = measured(opened, wanted)
        network = territory(opened, lake).travel
        question = network.question(Mode.TRANSIT, Going(direction))
        ends = (planned.judged, planned.others.points)
        outbound = direction is Direction.OUTBOUND
        costs = matrix(network.network, *(ends if outbound else ends[::-1]), question)
        p05, p50, p95 = costs if outbound else costs.swapaxes(1, 2)
        found = table(lake, done.version)
        told = [found[name] for name in planned.judged.ids]
        assert [row["value"] for row in told] == (p50 <= 18_000).sum(axis=1).tolist()
        assert [row["low"] for row in told] == (p95 <= 18_000).sum(axis=1).tolist()
        assert [row["high"] for row in told] == (p05 <= 18_000).sum(axis=1).tolist()
        assert max(row["value"] for row in told) >= 5
        made = derivation(lake, done.version)
        assert {one.dataset for one in made.rests_on} >= {"streets-ways", "ama-gtfs-stop-times", "institutions"}
        assert catalogued(opened.database, done.version.dataset).licence == "none stated; ODbL-1.0"
    opened.database.close()
