"""Minutes over streets and by timetable from many positions at once: ``territory.journeys`` in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from portico.city.model import Position, Travel
from portico.territory.estimates import can_walk
from portico.territory.journeys import KNOWN_WITHIN_M
from portico.territory.many.positions import Positions, Spans
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, UNREACHED
from portico.territory.travel.city import CityNetwork
from portico.territory.travel.matrix import Portion, portions
from portico.territory.travel.model import Direction, Going, Points, Question
from portico.territory.travel.network import TravelNetwork


def over_streets(
    city: CityNetwork,
    travel: Travel,
    starts: Positions,
    ends: Sequence[Position],
    mode: Mode,
    going: Going,
    rows: int,
) -> Iterator[Spans] | None:
    """Yield the minutes to ``ends`` (inbound: from them), ``rows`` positions at a time, NaN where there is no way.

    Nothing where no streets, or no timetable, can answer. Raises InputError for a day the timetables do not know.
    """
    question = city.question(mode, going)
    if question is None:
        return None
    may_ask = np.array([_may_ask(travel, starts.uncertainty_m, one, mode) for one in ends], dtype=bool)
    return (
        _ranged(one.costs_ds, travel, starts.uncertainty_m, ends, mode, may_ask)
        for one in _costs(city.network, _points(starts.lon, starts.lat), _at(ends), question, going.direction, rows)
    )


def off_streets(city: CityNetwork, starts: Positions, modes: Iterable[Mode]) -> int:
    """Return how many positions lie on no street of at least one of ``modes``: their minutes are estimates."""
    off = np.zeros(len(starts), dtype=bool)
    for mode in modes:
        if city.unreadable(mode) is None:
            off |= ~city.network.streets(mode).snap(starts.lon, starts.lat).is_on_street
        else:
            off[:] = True
    return int(off.sum())


def _costs(
    network: TravelNetwork, starts: Points, ends: Points, question: Question, direction: Direction, rows: int
) -> Iterator[Portion]:
    if direction is Direction.OUTBOUND:
        yield from portions(network, starts, ends, question, rows)
        return
    for first in range(0, len(starts), rows):
        some = starts.take(slice(first, first + rows))
        [portion] = portions(network, ends, some, question, max(1, len(ends)))
        yield Portion(first, portion.costs_ds.swapaxes(1, 2))


def _may_ask(travel: Travel, uncertainty_m: float, end: Position, mode: Mode) -> bool:
    """Say whether both positions are known well enough for a way over streets, as ``Journeys.may_ask`` does."""
    if mode is Mode.WALK:
        return can_walk(travel, end) and uncertainty_m <= travel.walk_uncertainty_limit_m
    if mode is Mode.TRANSIT:
        return max(uncertainty_m, end.uncertainty_m) <= KNOWN_WITHIN_M
    return True


def _ranged(
    costs: NDArray[np.int32],
    travel: Travel,
    uncertainty_m: float,
    ends: Sequence[Position],
    mode: Mode,
    may_ask: NDArray[np.bool_],
) -> Spans:
    """Return costs, layers × positions × places, as minutes with their range, as ``Journeys`` has it."""
    found = [np.where(layer < UNREACHED, layer / float(DS_PER_MINUTE), np.inf) for layer in costs]
    low, mid, high = found if len(found) == 3 else found * 3  # noqa: PLR2004 - the percentiles
    if mode is Mode.CAR:
        factor, added = travel.streets.peak_factor, travel.car.minutes_added
        low, mid, high = (one * factor[at] + added[at] for at, one in enumerate((low, mid, high)))
    means = {Mode.BICYCLE: travel.bicycle, Mode.CAR: travel.car}.get(mode, travel.walk)
    doubt_m = uncertainty_m + np.array([one.uncertainty_m for one in ends])
    off = doubt_m * means.detour[1] / (means.speed_km_h[1] * 1000 / 60)
    here = np.isfinite(mid) & may_ask
    spans = (np.maximum(0.0, low - off), mid, high + off)
    return Spans(*(np.where(here, one, np.nan) for one in spans))


def _at(positions: Sequence[Position]) -> Points:
    lon, lat = (np.array([getattr(one.point, axis) for one in positions]) for axis in ("lon", "lat"))
    return _points(lon, lat)


def _points(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    return Points(tuple(str(at) for at in range(len(lon))), lon, lat)
