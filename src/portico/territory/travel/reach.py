"""What is in reach of one point: places along streets with the cost to each, from which an isochrone is drawn."""

from __future__ import annotations

import numpy as np

from portico.errors import UsageError
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, Ints
from portico.territory.streets.model import Snapped
from portico.territory.streets.samples import Samples
from portico.territory.timetable import raptor
from portico.territory.travel.matrix import limits_of, window_of
from portico.territory.travel.model import Direction, Points, Question
from portico.territory.travel.network import TravelNetwork


def reached(network: TravelNetwork, point: Points, question: Question, minutes: float, direction: Direction) -> Samples:
    """Return places along streets within ``minutes`` of the one ``point``, and the deciseconds to (or from) each.

    By public transport, over the window: the first percentile of the question, taken at every junction. One asks
    outbound by departures and inbound by arrivals: UsageError otherwise.
    """
    streets = network.streets(question.mode)
    here = streets.snap(point.lon, point.lat)
    inbound = direction is Direction.INBOUND
    limit_ds = round(minutes * DS_PER_MINUTE)
    if question.mode is Mode.TRANSIT:
        return _by_transit(network, here, question, limit_ds, inbound=inbound)
    factor = question.peak_factor if question.mode is Mode.CAR else 1.0
    found = streets.samples(here, round(limit_ds / factor), inbound=inbound)
    return Samples(found.lon, found.lat, np.rint(found.cost_ds * factor).astype(np.int32))


def _by_transit(network: TravelNetwork, here: Snapped, question: Question, limit_ds: int, *, inbound: bool) -> Samples:
    window = window_of(question)
    if window.arriving is not inbound:
        raise UsageError("reach-needs-arrival" if inbound else "reach-needs-departure")
    streets = network.streets(Mode.WALK)
    times = raptor.minutes_of(window.start_ds, window.minutes)
    starts = np.stack([_at_stops(network, here, question, int(one), inbound=inbound) for one in times])
    rank = raptor.rank_of(question.percentiles[0], len(times))
    points = _together(here, network.stops)
    costs = np.stack([streets.spread(points, one, inbound=inbound) for one in starts])
    node_ds = np.sort(costs, axis=0)[rank]
    start_ds = np.sort(starts, axis=0)[rank]
    return streets.samples_of(points, start_ds, node_ds, limit_ds, inbound=inbound)


def _at_stops(network: TravelNetwork, here: Snapped, question: Question, time_ds: int, *, inbound: bool) -> Ints:
    """Return how long it takes from the point to itself (nothing) and, riding, to every stop."""
    window = window_of(question)
    streets, stops = network.streets(Mode.WALK), network.stops
    walk_ds = round(question.walk_limit_minutes * DS_PER_MINUTE)
    changes = network.changes(question.change_limit_minutes)
    if inbound:
        access = streets.within(stops, here, walk_ds).transposed(1)
        changes = changes.transposed(len(changes))
    else:
        access = streets.within(here, stops, walk_ds)
    start = -time_ds if inbound else time_ds
    timetable = network.timetable(window.day, backwards=inbound)
    arrival = raptor.one_to_all(timetable, access, changes, start, limits_of(question))[0]
    riding = np.where(arrival >= UNREACHED, UNREACHED, arrival - start)
    return np.concatenate(([0], riding)).astype(np.int32)


def _together(one: Snapped, other: Snapped) -> Snapped:
    return Snapped(*(np.concatenate((getattr(one, part), getattr(other, part))) for part in Snapped.__slots__))
