"""Criteria of reach over streets and timetables: the way towards a site is another than the way from it."""

from __future__ import annotations

from dataclasses import replace

from portico.dossier.site_way import site_way
from portico.match.criteria import criterion
from portico.match.model import Asked
from portico.territory.model import Mode
from portico.territory.travel.model import Direction, Going


def found(territory, name, mode, **asked):
    known = criterion(name)
    return {
        site.id: known.measure(territory, site, Asked(criterion=name, mode=mode, **asked)).found
        for site in territory.sites
    }


def test_towards_the_site_is_another_way_and_says_so(laquila_territory):
    away, towards = (
        found(laquila_territory, "minutes-to-nearest", Mode.CAR, kinds=("university",), inbound=inbound)
        for inbound in (False, True)
    )
    known = [name for name, one in away.items() if one.is_known]
    assert len(known) > 5
    assert any(away[name].value != towards[name].value for name in known)
    for name in known:
        assert towards[name].evidence[0].parameters["direction"] == "inbound"
        assert away[name].evidence[0].parameters["direction"] == "outbound"


def test_the_second_nearest_is_never_nearer_than_the_nearest(laquila_territory):
    for mode in (Mode.CAR, Mode.TRANSIT):
        first, second = (
            found(laquila_territory, "minutes-to-nearest", mode, kinds=("university",), nth=nth) for nth in (1, 2)
        )
        for name, one in second.items():
            if one.is_known:
                assert first[name].low <= one.low
                assert first[name].value <= one.value


def test_areas_are_reached_over_the_same_streets_as_places(laquila_territory):
    place = next(one for one in laquila_territory.places if one.kind == "university")
    area = replace(place, id="campus", layer="areas", kind="area")
    row = {"id": "campus", "name": "Campus", "population": 500, "as_of": "2022", "reference": None}
    there = replace(laquila_territory, areas=(area,), rows={**laquila_territory.rows, "areas": (row,)})
    minutes = found(laquila_territory, "minutes-to-nearest", Mode.CAR, kinds=("university",), inbound=True)
    residents = found(there, "opportunities-within", Mode.CAR, within_minutes=60, quantity="residents", inbound=True)
    known = {name: one for name, one in residents.items() if one.is_known}
    assert len(known) > 5
    for name, one in known.items():
        assert (one.value, one.high) == (500, None)  # who lives beyond the area is not on record
        assert minutes[name].value <= 60
    assert there.place("campus") == area
    told = site_way(there, next(iter(known)), "campus", Mode.CAR, Going(Direction.INBOUND))
    assert told.way.minutes.is_known
