"""Costs between many points, by any mode: portion after portion, so that memory does not grow with the origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED, Ints
from portico.territory.streets.model import Snapped
from portico.territory.streets.streets import Streets
from portico.territory.timetable import raptor
from portico.territory.travel.model import Points, Question, Window
from portico.territory.travel.network import TravelNetwork

Costs = NDArray[np.int32]
_ROWS = 512
_A_WEEK = 7 * 24 * 60.0


@dataclass(frozen=True, slots=True)
class Portion:
    """The costs from some origins, the first of them number ``first``: K percentiles × rows × Q, int32 deciseconds."""

    first: int
    costs_ds: Costs


class _Search(Protocol):
    def __call__(self, origins: Snapped) -> Costs: ...


def portions(
    network: TravelNetwork, origins: Points, destinations: Points, question: Question, rows: int = _ROWS
) -> Iterator[Portion]:
    """Yield the costs from ``origins`` to ``destinations``, ``rows`` origins at a time.

    By street modes there is one layer of costs; by public transport one for each percentile of the question. A point
    without a street within the limit reaches nothing. Raises InputError for a day the timetables do not know.
    """
    streets = network.streets(question.mode)
    goals = streets.snap(destinations.lon, destinations.lat)
    search = (
        _by_transit(network, goals, question) if question.mode is Mode.TRANSIT else _by_street(streets, goals, question)
    )
    for first in range(0, len(origins), rows):
        some = origins.take(slice(first, first + rows))
        yield Portion(first, search(streets.snap(some.lon, some.lat)))


def matrix(network: TravelNetwork, origins: Points, destinations: Points, question: Question) -> Costs:
    """Return all the costs at once: K × P × Q, int32 deciseconds, UNREACHED where there is no way."""
    found = [one.costs_ds for one in portions(network, origins, destinations, question, max(_ROWS, len(origins)))]
    layers = len(question.percentiles) if question.mode is Mode.TRANSIT else 1
    return np.concatenate(found, axis=1) if found else np.empty((layers, 0, len(destinations)), dtype=np.int32)


def at_peak(costs_ds: Ints, factor: float) -> Ints:
    """Return costs by car in traffic: ``factor`` times as long, in whole deciseconds."""
    slower = np.rint(costs_ds * factor).astype(np.int64)
    return np.where(costs_ds >= UNREACHED, UNREACHED, np.minimum(slower, UNREACHED)).astype(np.int32)


def _by_street(streets: Streets, goals: Snapped, question: Question) -> _Search:
    def search(origins: Snapped) -> Costs:
        costs = streets.matrix(origins, goals)
        if question.mode is Mode.CAR and question.peak_factor != 1.0:
            costs = at_peak(costs, question.peak_factor)
        return costs[np.newaxis]

    return search


def window_of(question: Question) -> Window:
    """Return when one travels by public transport. Raises UsageError where the question does not say."""
    if question.window is None:
        raise UsageError("travel-without-time")
    return question.window


def limits_of(question: Question) -> raptor.Limits:
    """Return the limits of a question as the search takes them."""
    minutes = _A_WEEK if question.limit_minutes is None else question.limit_minutes
    return raptor.Limits(max_rides=question.max_rides, limit_ds=round(minutes * DS_PER_MINUTE))


def _by_transit(network: TravelNetwork, goals: Snapped, question: Question) -> _Search:
    window = window_of(question)
    streets, stops = network.streets(Mode.WALK), network.stops
    walk_ds = round(question.walk_limit_minutes * DS_PER_MINUTE)
    timetable, changes = network.timetable(window.day), network.changes(question.change_limit_minutes)
    egress = streets.within(stops, goals, walk_ds).transposed(len(goals))
    times = raptor.minutes_of(window.start_ds, window.minutes)
    answer = raptor.matrix_arriving if window.arriving else raptor.matrix

    def search(origins: Snapped) -> Costs:
        access = streets.within(origins, stops, walk_ds)
        walks = raptor.Walks(access, egress, changes, streets.matrix(origins, goals))
        return answer(timetable, walks, times, question.percentiles, limits_of(question))

    return search
