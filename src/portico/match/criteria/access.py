"""Criteria answered by the territory: how near, how many."""

from __future__ import annotations

from portico.city.register import Site
from portico.match.criteria import over
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import minutes_to_nearest, places_within
from portico.territory.selection import Selection
from portico.territory.travel.model import USUAL, Direction, Going

SHOWN = 5
"""So many of the places that count are shown, the nearest first."""


def selection_of(asked: Asked) -> Selection:
    """Return the places that are asked for."""
    return Selection(asked.kinds, asked.fields, asked.divisions)


def going_of(asked: Asked) -> Going:
    """Return which way one travels, at the usual time."""
    return Going(Direction.INBOUND) if asked.inbound else USUAL


def _minutes_to_nearest(territory: Territory, site: Site, asked: Asked) -> Measured:
    """Minutes by ``mode`` from the site (``inbound``: to it) to the ``nth`` nearest of the places asked for.

    Estimated with a range: the nth of the least minutes to the nth of the most, so that a doubt about which place is
    the nth is in it.

    Unit: min
    Direction: min
    Default scale: 10 → 1, 60 → 0
    Formula: min T with Σ_j [c_ij ≤ T] ≥ n
    Source: Levinson, King and others, Transport Access Manual, 2020 (dual access)
    """
    mode = asked.mode or Mode.CAR
    figure, near = minutes_to_nearest(territory, site.position, selection_of(asked), mode, asked.nth, going_of(asked))
    return Measured(figure.resting_also_on(site.evidence), (near,) if near else ())


def _places_within(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How many of the places asked for lie within ``within_minutes`` by ``mode`` (``inbound``: can be at the site).

    Suppliers of a division, research in a field, stations: certainly, by the usual minutes, perhaps.

    Unit: places
    Direction: max
    Default scale: 0 → 0, 10 → 1
    Formula: A_i(T) = Σ_j [c_ij ≤ T]
    Source: Levinson, King and others, Transport Access Manual, 2020; Wachs and Kumagai 1973
    """
    mode, within = asked.mode or Mode.CAR, asked.within_minutes or 0.0
    figure, near = places_within(territory, site.position, selection_of(asked), mode, within, going_of(asked))
    return Measured(figure.resting_also_on(site.evidence), near[:SHOWN])


MINUTES_TO_NEAREST = Criterion(
    "minutes-to-nearest",
    _minutes_to_nearest,
    unit="min",
    needs=("mode",),
    takes=("kinds", "fields", "divisions", "nth", "inbound"),
    ages=False,
    over=over.minutes_to_nearest,
)
PLACES_WITHIN = Criterion(
    "places-within",
    _places_within,
    unit="places",
    needs=("mode", "within_minutes"),
    takes=("kinds", "fields", "divisions", "inbound"),
    ages=False,
    over=over.places_within,
)
