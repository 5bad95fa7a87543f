"""One journey told from door to door: every walk street by street, every ride stop by stop. Its length is the matrix's.

By public transport over a window it is the journey of one departure: the first whose travel time is the percentile
asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED
from portico.territory.streets.model import Snapped, Step
from portico.territory.streets.streets import Streets
from portico.territory.timetable import raptor
from portico.territory.timetable.journeys import Journey, Ride, Walk, journey, journey_arriving
from portico.territory.timetable.model import Stops, Trip
from portico.territory.travel.matrix import at_peak, limits_of, window_of
from portico.territory.travel.model import Points, Question
from portico.territory.travel.network import TravelNetwork

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the way on streets: walked, ridden or driven.

    ``kind`` says what for: direct, access, change or egress. ``start`` and ``end`` name stops, nothing at a door.
    ``steps`` are the streets in order; none where a change inside a station goes over no street. Times are deciseconds
    into the service day by public transport, else counted from 0.
    """

    kind: str
    start: str
    end: str
    begin_ds: int
    end_ds: int
    metres: float
    steps: tuple[Step, ...]
    line: Line


@dataclass(frozen=True, slots=True)
class Riding:
    """A ride: the vehicle's trip, the stops called at with times in deciseconds into the service day."""

    trip: Trip
    stops: tuple[str, ...]
    begin_ds: int
    end_ds: int
    line: Line

    @property
    def passed(self) -> int:
        """How many stops lie between boarding and alighting."""
        return len(self.stops) - 2


@dataclass(frozen=True, slots=True)
class Itinerary:
    """A journey: deciseconds in all, its parts in order, and by public transport when one leaves and is there.

    ``percentile`` is the one it stands for among the departures of a window, ``departures`` how many there are.
    """

    mode: Mode
    cost_ds: int
    parts: tuple[Stretch | Riding, ...]
    departure_ds: int | None = None
    arrival_ds: int | None = None
    percentile: float | None = None
    departures: int = 1


def itinerary(network: TravelNetwork, origin: Points, destination: Points, question: Question) -> Itinerary | None:
    """Return the journey between the one ``origin`` and the one ``destination``, nothing where there is none."""
    streets = network.streets(question.mode)
    start, end = streets.snap(origin.lon, origin.lat), streets.snap(destination.lon, destination.lat)
    if question.mode is Mode.TRANSIT:
        return _by_transit(network, start, end, question)
    found = streets.way(start, end)
    if found is None:
        return None
    cost_ds = found.cost_ds
    if question.mode is Mode.CAR and question.peak_factor != 1.0:
        cost_ds = int(at_peak(np.array([cost_ds], dtype=np.int32), question.peak_factor)[0])
    part = Stretch("direct", "", "", 0, cost_ds, found.metres, found.steps, found.line)
    return Itinerary(question.mode, cost_ds, (part,))


def _by_transit(network: TravelNetwork, start: Snapped, end: Snapped, question: Question) -> Itinerary | None:
    window = window_of(question)
    streets, stops = network.streets(Mode.WALK), network.stops
    walk_ds = round(question.walk_limit_minutes * DS_PER_MINUTE)
    walks = raptor.Walks(
        streets.within(start, stops, walk_ds),
        streets.within(stops, end, walk_ds).transposed(1),
        network.changes(question.change_limit_minutes),
        streets.matrix(start, end),
    )
    timetable, limits = network.timetable(window.day), limits_of(question)
    answer = raptor.matrix_arriving if window.arriving else raptor.matrix
    times = raptor.minutes_of(window.start_ds, window.minutes)
    each = np.array(
        [answer(timetable, walks, times[at : at + 1], (50.0,), limits)[0, 0, 0] for at in range(len(times))]
    )
    percentile = question.percentiles[0]
    wanted = np.sort(each)[raptor.rank_of(percentile, len(each))]
    if wanted >= UNREACHED:
        return None
    at = int(np.flatnonzero(each == wanted)[0])
    tell = journey_arriving if window.arriving else journey
    found = tell(timetable, walks, (0, 0), int(times[at]), limits)
    if found is None:
        return None
    return Itinerary(
        Mode.TRANSIT,
        found.travel_ds,
        _parts(found, streets, timetable.stops, _Ends(start, end, stops)),
        found.departure_ds,
        found.arrival_ds,
        percentile if window.minutes > 1 else None,
        window.minutes,
    )


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where walks begin and end: at either door, or at stops."""

    start: Snapped
    end: Snapped
    stops: Snapped

    def of(self, stop: int | None, door: Snapped) -> Snapped:
        return door if stop is None else self.stops.take(slice(stop, stop + 1))


def _parts(found: Journey, streets: Streets, stops: Stops, ends: _Ends) -> tuple[Stretch | Riding, ...]:
    return tuple(
        _walked(leg, streets, stops, ends) if isinstance(leg, Walk) else _ridden(leg, stops) for leg in found.legs
    )


def _walked(leg: Walk, streets: Streets, stops: Stops, ends: _Ends) -> Stretch:
    names = ["" if stop is None else stops.name[stop] for stop in (leg.start, leg.end)]
    stays = leg.start is not None and leg.start == leg.end
    way = None if stays else streets.way(ends.of(leg.start, ends.start), ends.of(leg.end, ends.end))
    # A change inside a station takes what the feed says; the streets tell the way only where they lead as fast.
    told = way if way is not None and way.cost_ds <= leg.end_ds - leg.begin_ds else None
    metres, steps, line = (told.metres, told.steps, told.line) if told else (0.0, (), ())
    return Stretch(leg.kind.value, names[0], names[1], leg.begin_ds, leg.end_ds, metres, steps, line)


def _ridden(leg: Ride, stops: Stops) -> Riding:
    called = [one.stop for one in leg.calls]
    line = tuple((float(stops.lon[one]), float(stops.lat[one])) for one in called)
    return Riding(leg.trip, tuple(stops.name[one] for one in called), leg.begin_ds, leg.end_ds, line)
