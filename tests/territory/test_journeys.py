from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from datetime import date

import numpy as np
import pytest
from tests.cities import AT, LAQUILA_AS_OF
from tests.shared import needs_shared, shared_data

from portico import city
from portico.build import build, lake_of
from portico.city.model import Position
from portico.figures import Figure
from portico.geo import Point
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.territory.layers import Territory, territory
from portico.territory.model import Mode
from portico.territory.queries import minutes_to_nearest, places_within, travel_minutes
from portico.territory.selection import Selection
from portico.territory.travel.itinerary import Riding, Stretch, itinerary
from portico.territory.travel.model import Points, Question, Window

pytestmark = needs_shared("data", "osm", "laquila")
GTT = ("gtfs", "torino-gtt", "gtt_gtfs_20251010_partial.zip")
FAR_AWAY = Position(Point(13.30, 42.20), "exact", 30.0)
PAIRS = (
    ((13.3963, 42.3521), (13.3533, 42.3668)),
    ((13.4180, 42.3383), (13.3960, 42.3505)),
    ((13.3543, 42.3690), (13.4505, 42.3345)),
    ((13.3400, 42.3560), (13.3990, 42.3500)),
    ((13.4650, 42.3300), (13.3540, 42.3680)),
)


def methods(figure: Figure) -> set[str]:
    return {one.method for one in figure.evidence if one.method}


@pytest.mark.parametrize(
    ("mode", "method"),
    [
        (Mode.WALK, "territory.streets.walk"),
        (Mode.BICYCLE, "territory.streets.bicycle"),
        (Mode.CAR, "territory.streets.car"),
        (Mode.TRANSIT, "territory.timetable"),
    ],
)
def test_minutes_come_from_streets_and_timetable_and_say_so(
    laquila_territory: Territory, mode: Mode, method: str
) -> None:
    site = next(one for one in laquila_territory.sites if one.position and one.position.uncertainty_m <= 300)
    found = [travel_minutes(laquila_territory, site.position, place, mode) for place in laquila_territory.places]
    known = [one for one in found if one.is_known]
    assert known
    by_method = [one for one in known if method in methods(one)]
    assert len(by_method) > len(known) / 2
    for one in by_method:
        assert one.low <= one.value
        assert one.high is None or one.high >= one.value
        rests_on = [piece for piece in one.evidence if piece.dataset.startswith("streets")]
        assert rests_on
        assert all(piece.version == laquila_territory.versions[piece.dataset].id for piece in rests_on)
        assert all(piece.licence == "ODbL-1.0" for piece in rests_on)
        if mode is Mode.TRANSIT:
            assert str(one.as_of) == "2022-09-21"
            assert any(piece.dataset == "ama-gtfs-stop-times" for piece in one.evidence)


def test_a_place_beyond_the_streets_is_estimated_and_says_so(laquila_territory: Territory) -> None:
    place = next(one for one in laquila_territory.places if one.position)
    figure = travel_minutes(laquila_territory, FAR_AWAY, place, Mode.CAR)
    assert methods(figure) == {"territory.estimates.car"}


def test_the_reference_city_without_streets_is_estimated_throughout(torino_territory: Territory) -> None:
    assert torino_territory.journeys is None
    site = next(one for one in torino_territory.sites if one.position)
    figure, _ = minutes_to_nearest(torino_territory, site.position, Selection(), Mode.CAR)
    assert methods(figure) == {"territory.estimates.car"}


def test_a_doubt_about_a_position_widens_the_range(laquila_territory: Territory) -> None:
    place = next(one for one in laquila_territory.places if one.position and one.position.uncertainty_m <= 300)
    sure, rough = (Position(Point(13.40, 42.35), "exact", metres) for metres in (0.0, 1000.0))
    one, other = (travel_minutes(laquila_territory, position, place, Mode.CAR) for position in (sure, rough))
    assert one.value == other.value
    assert other.low <= one.low
    assert other.high > one.high


def test_counts_within_a_limit_use_the_same_minutes(laquila_territory: Territory) -> None:
    start = Position(Point(13.40, 42.35), "exact", 30.0)
    figure, near = places_within(laquila_territory, start, Selection(), Mode.TRANSIT, 40.0)
    assert figure.low <= figure.value <= figure.high
    assert len(near) == figure.value
    assert all(one.minutes.value <= 40.0 for one in near)
    nearest, first = minutes_to_nearest(laquila_territory, start, Selection(), Mode.TRANSIT)
    assert nearest.value == min(one.minutes.value for one in near) == first.minutes.value


def test_every_brief_of_both_cities_is_answered_and_each_figure_says_how(laquila, laquila_territory: Territory) -> None:
    used = set()
    for name in briefs.names(laquila):
        answer = shortlist(briefs.read(laquila, name), laquila_territory, LAQUILA_AS_OF)
        for entry in (*answer.qualified, *answer.to_verify, *answer.excluded):
            for one in (*entry.musts, *entry.contributions):
                if isinstance(one.measured.found, Figure) and one.measured.found.unit in ("min", "places"):
                    used |= methods(one.measured.found)
    assert used & {"territory.streets.car", "territory.timetable"}


def feed_rows() -> dict[str, list[dict[str, str]]]:
    """Return stop times by trip, read by the standard library alone."""
    path = shared_data("data", "gtfs", "laquila", "GTFS_30102022-2.zip")
    found: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(path) as archive, archive.open("stop_times.txt") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")):
            found.setdefault(row["trip_id"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(row["stop_sequence"]))
    return found


def stop_names() -> dict[str, str]:
    path = shared_data("data", "gtfs", "laquila", "GTFS_30102022-2.zip")
    with zipfile.ZipFile(path) as archive, archive.open("stops.txt") as file:
        return {row["stop_id"]: row["stop_name"].strip() for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig"))}


def seconds(time: str) -> int:
    hours, minutes, rest = (int(part) for part in time.split(":"))
    return hours * 3600 + minutes * 60 + rest


def test_five_journeys_door_to_door_agree_with_the_rows_of_the_feed(laquila_territory: Territory) -> None:
    """Each ride told is in stop_times.txt, stop by stop; each walk fits before it; nobody walks faster than stated."""
    network = laquila_territory.travel.network
    rows, names, rides = feed_rows(), stop_names(), 0
    for start, end in PAIRS:
        question = Question(Mode.TRANSIT, Window(date(2022, 10, 5), 8 * 36_000, 60))
        found = itinerary(network, Points.at(*start), Points.at(*end), question)
        now = found.departure_ds
        for part in found.parts:
            if isinstance(part, Stretch):
                assert part.end_ds - part.begin_ds == pytest.approx(part.metres / 1.25 * 10, rel=0.25, abs=15)
                assert part.begin_ds >= now
            else:
                assert isinstance(part, Riding)
                rides += 1
                trip = rows[part.trip.id]
                called = [names[row["stop_id"]] for row in trip]
                at = next(
                    at
                    for at in range(len(trip))
                    if tuple(called[at : at + len(part.stops)]) == part.stops
                    and seconds(trip[at]["departure_time"]) * 10 == part.begin_ds
                )
                assert seconds(trip[at + len(part.stops) - 1]["arrival_time"]) * 10 == part.end_ds
                assert part.begin_ds >= now
            now = part.end_ds
        assert now == found.arrival_ds
    assert rides >= 5


def test_stops_that_no_street_reaches_are_known(laquila_territory: Territory) -> None:
    network = laquila_territory.travel.network
    assert len(network.feeds.stops) == 1059
    assert 350 < len(network.off_street()) < 500
    lon, lat = network.feeds.stops.lon, network.feeds.stops.lat
    beyond = (lon < 13.26) | (lon > 13.85) | (lat < 42.14) | (lat > 42.55)
    assert set(np.flatnonzero(beyond)) <= set(network.off_street())


@needs_shared("data", "osm", "torino", "torino.geojson")
def test_the_reference_city_uses_its_named_streets_where_they_reach_and_estimates_elsewhere(torino_folder) -> None:
    """Its declared extract cannot be had here; its named streets and its feed without times stand in their places."""
    settings = (torino_folder / "city.toml").read_text("utf-8")
    for name, parts in {"streets": ("osm", "torino", "torino.geojson"), "gtt-timetable": GTT}.items():
        shutil.copy(shared_data("data", *parts), torino_folder / parts[-1])
        settings = re.sub(rf'(id = "{name}"\n(?:.+\n)*?)address = ".*"\n', rf'\1file = "{parts[-1]}"\n', settings)
    settings = re.sub(r"size_mb = .*\n", "", settings)
    (torino_folder / "city.toml").write_text(settings, "utf-8")
    opened = city.open(torino_folder)
    built = build(opened, as_of=LAQUILA_AS_OF, at=AT)
    assert "timetable-without-trips" in {one.kind for one in built.warnings}
    known = territory(opened, lake_of(opened))
    answer = shortlist(briefs.read(opened, "battery-module-plant"), known, LAQUILA_AS_OF)
    found: dict[str, int] = {}
    for entry in (*answer.qualified, *answer.to_verify, *answer.excluded):
        for one in (*entry.musts, *entry.contributions):
            if isinstance(one.measured.found, Figure) and one.measured.found.unit == "min":
                for piece in one.measured.found.evidence:
                    if piece.method.startswith("territory."):
                        found[piece.method] = found.get(piece.method, 0) + 1
                    if piece.method == "territory.streets.car":
                        assert piece.parameters["streets_have_classes"] is False
    assert found["territory.streets.car"] > 20
    assert found["territory.estimates.car"] > 20
    opened.database.close()
