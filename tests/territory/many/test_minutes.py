"""Minutes from many positions at once are those from each alone: estimates, stated rides, streets, timetables."""

from __future__ import annotations

import numpy as np
import pytest

from portico.geo import Box, Point, distance_m, distances_m
from portico.territory.cells import cells_of_box
from portico.territory.many.minutes import minutes
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Mode
from portico.territory.queries import travel_minutes
from portico.territory.travel.model import USUAL, Direction, Going

INBOUND = Going(Direction.INBOUND)


def _agree(known, starts, places, mode, going=USUAL):
    """Compare the minutes from every one of ``starts``; return how many there are."""
    ends = [one.position for one in places]
    parts = list(minutes(known, starts, ends, mode, going))
    assert [one for which, _ in parts for one in range(which.start, which.stop)] == list(range(len(starts)))
    spans = Spans(*(np.concatenate([getattr(one, name) for _, one in parts]) for name in ("low", "mid", "high")))
    for at in range(len(starts)):
        for number, place in enumerate(places):
            figure = travel_minutes(known, starts.position(at), place, mode, going)
            found = [getattr(spans, name)[at, number] for name in ("low", "mid", "high")]
            assert np.isnan(found[1]) == (not figure.is_known)
            if figure.is_known:
                expected = [figure.low, figure.value, np.inf if figure.high is None else figure.high]
                assert found == pytest.approx(expected, abs=1e-9)
    return int((~np.isnan(spans.mid)).sum())


def _scattered(box, count, uncertainty_m, seed=1):
    random = np.random.default_rng(seed)
    return Positions(
        random.uniform(box.west, box.east, count), random.uniform(box.south, box.north, count), uncertainty_m
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("uncertainty_m", [0.0, 481.0, 1300.0, 3000.0])
def test_by_estimates_and_stated_rides(borgo_territory, mode, uncertainty_m):
    near = _scattered(Box(14.48, 47.48, 14.56, 47.53), 25, uncertainty_m)
    places = [one for one in borgo_territory.places if one.position is not None]
    found = _agree(borgo_territory, near, places, mode)
    assert bool(found) is not (mode in (Mode.WALK, Mode.TRANSIT) and uncertainty_m > 2000)


@pytest.mark.parametrize("mode", [Mode.TRANSIT, Mode.CAR])
def test_in_the_reference_city(torino_territory, mode):
    """Its metro has changes between lines and stations that are joined."""
    places = [one for one in torino_territory.places if one.position is not None][::4]
    assert _agree(torino_territory, _scattered(Box(7.6, 45.0, 7.72, 45.12), 15, 481.0), places, mode) > 100


def test_rides_are_taken_where_they_help(torino_territory):
    near = _scattered(Box(7.62, 45.03, 7.70, 45.09), 200, 100.0)
    ends = [one.position for one in torino_territory.places if one.kind == "metro-station" and one.position][:20]
    [(_, riding)] = minutes(torino_territory, near, ends, Mode.TRANSIT)
    [(_, walking)] = minutes(torino_territory, near, ends, Mode.WALK)
    assert (riding.mid <= walking.mid + 1e-9).all()
    assert (riding.mid < walking.mid - 10).mean() > 0.2


@pytest.mark.parametrize("going", [USUAL, INBOUND], ids=["outbound", "inbound"])
@pytest.mark.parametrize("mode", Mode)
def test_over_streets_and_by_timetable(laquila_territory, mode, going):
    """Cells at the border lie on no street, so that estimates stand in for these."""
    box = laquila_territory.settings.extent.box
    cells = cells_of_box(box, 7)
    lon, lat = cells.centres
    starts = Positions(lon[::6], lat[::6], 400.0)
    places = [one for one in laquila_territory.places if one.position is not None][::3]
    assert _agree(laquila_territory, starts, places, mode, going) > 50


def test_nothing_to_reach_and_nowhere_to_start(torino_territory):
    here = Positions(np.array([7.68]), np.array([45.07]), 0.0)
    [(which, spans)] = minutes(torino_territory, here, [], Mode.CAR)
    assert (which, spans.mid.shape) == (slice(0, 1), (1, 0))
    nowhere = Positions(np.empty(0), np.empty(0), 0.0)
    assert list(minutes(torino_territory, nowhere, [here.position(0)], Mode.CAR)) == []


def test_distances_are_those_of_one_pair_after_the_other():
    random = np.random.default_rng(3)
    lon, lat = random.uniform(6, 9, (2, 50)), random.uniform(44, 47, (2, 50))
    one_by_one = [distance_m(Point(lon[0, k], lat[0, k]), Point(lon[1, k], lat[1, k])) for k in range(50)]
    assert distances_m(lon[0], lat[0], lon[1], lat[1]) == pytest.approx(one_by_one, rel=1e-12)
