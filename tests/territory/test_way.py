"""The way behind a figure: its shares add up to the figure, and the way told is the one that takes so long."""

from __future__ import annotations

import pytest
from tests.shared import needs_shared

from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import rests_on_ways
from portico.territory.travel.model import USUAL, Direction, Going
from portico.territory.way import way

BOTH = [Going(direction) for direction in Direction]
with_streets = needs_shared("data", "osm", "laquila")


@with_streets
@pytest.mark.parametrize("going", BOTH, ids=str)
@pytest.mark.parametrize("mode", list(Mode))
def test_every_way_adds_up_to_its_figure(laquila_territory: Territory, mode: Mode, going: Going) -> None:
    told = 0
    for site in laquila_territory.sites[::4]:
        for place in laquila_territory.places[:: 4 if mode is Mode.TRANSIT else 1]:
            found = way(laquila_territory, site.position, place, mode, going)
            if not found.minutes.is_known:
                assert found.why_estimated is not None
                continue
            assert sum(share.minutes for share in found.shares) == pytest.approx(found.minutes.value)
            assert (found.told is not None) == rests_on_ways(found.minutes)
            if found.told is None:
                assert found.why_estimated is not None
                assert len(found.straight) >= 2
                continue
            told += 1
            first, last = found.told.parts[0].line, found.told.parts[-1].line
            ends = (first[0], last[-1]) if first and last else ()
            wanted = (site.position.point, place.position.point)
            if going.direction is Direction.INBOUND:
                wanted = wanted[::-1]
            assert ends == tuple((one.lon, one.lat) for one in wanted)
            if mode is Mode.TRANSIT:
                assert found.told.arrival_ds - found.told.departure_ds == found.told.cost_ds
                asked = found.told.arrival_ds if found.window.arriving else found.told.departure_ds
                assert found.window.start_ds <= asked < found.window.start_ds + 600 * found.window.minutes
    assert told > 10


@pytest.mark.parametrize("going", BOTH, ids=str)
@pytest.mark.parametrize("mode", list(Mode))
def test_an_estimate_is_explained_too(torino_territory: Territory, mode: Mode, going: Going) -> None:
    site = next(one for one in torino_territory.sites if one.position and one.position.uncertainty_m <= 100)
    ridden = 0
    for place in torino_territory.places:
        found = way(torino_territory, site.position, place, mode, going)
        assert found.told is None
        assert found.why_estimated.id in ("streets-not-here", "position-unknown")
        if found.minutes.is_known:
            assert sum(share.minutes for share in found.shares) == pytest.approx(found.minutes.value)
            ridden += len(found.straight) > 2
        else:
            assert (found.shares, found.straight) == ((), ())
    assert (ridden > 0) == (mode is Mode.TRANSIT)


def test_a_ride_by_stated_times_is_told_as_one_passes_it(torino_territory: Territory) -> None:
    site = torino_territory.site("cavallerizza")
    place = torino_territory.place("intesa")
    there = way(torino_territory, site.position, place, Mode.TRANSIT, USUAL)
    back = way(torino_territory, site.position, place, Mode.TRANSIT, Going(Direction.INBOUND))
    assert there.straight == back.straight[::-1]
    ride, turned = (next(one.what for one in found.shares if one.what.id == "share-ride") for found in (there, back))
    assert (ride.values["start"], ride.values["end"]) == (turned.values["end"], turned.values["start"])
