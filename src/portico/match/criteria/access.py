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

_SHOWN = 5


def _selection(asked: Asked) -> Selection:
    return Selection(asked.kinds, asked.fields, asked.divisions)


def _minutes_to_nearest(territory: Territory, site: Site, asked: Asked) -> Measured:
    """Minutes by ``mode`` from the site to the nearest of the places asked for; estimated with a range."""
    figure, near = minutes_to_nearest(territory, site.position, _selection(asked), asked.mode or Mode.CAR)
    return Measured(figure.resting_also_on(site.evidence), (near,) if near else ())


def _places_within(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How many of the places asked for lie within ``within_minutes`` by ``mode``."""
    figure, near = places_within(
        territory, site.position, _selection(asked), asked.mode or Mode.CAR, asked.within_minutes or 0.0
    )
    return Measured(figure.resting_also_on(site.evidence), near[:_SHOWN])


MINUTES_TO_NEAREST = Criterion(
    "minutes-to-nearest",
    _minutes_to_nearest,
    unit="min",
    needs=("mode",),
    takes=("kinds", "fields", "divisions"),
    ages=False,
    over=over.minutes_to_nearest,
)
PLACES_WITHIN = Criterion(
    "places-within",
    _places_within,
    unit="places",
    needs=("mode", "within_minutes"),
    takes=("kinds", "fields", "divisions"),
    ages=False,
    over=over.places_within,
)
