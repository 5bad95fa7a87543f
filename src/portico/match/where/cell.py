"""One cell of an answer told as a site is: each must with its reason, what each want contributes, what is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portico.city.model import Position
from portico.city.register import Site
from portico.errors import InputError
from portico.figures import Evidence, Scalar
from portico.match.answering import Answering
from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion
from portico.match.labels import label
from portico.match.model import Answerer, Asked, Contribution, Decided, Measured, Must
from portico.match.musts import decide
from portico.match.wants import contribute
from portico.match.where.model import Standing, Suitability, Where
from portico.match.where.nearby import Beside, Neighbourhood, Whereabouts
from portico.messages import Message, Text
from portico.territory.layers import Territory


@dataclass(frozen=True, slots=True)
class Told:
    """A cell of an answer: how it stands, its score and rank, the listed sites in it or near it."""

    id: str
    number: int
    position: Position
    standing: Standing
    score_low: float
    score_high: float
    rank: tuple[int, int] | None
    sites: tuple[Beside, ...]
    near: Whereabouts | None

    @property
    def score_mid(self) -> float:
        """The midpoint of the score."""
        return (self.score_low + self.score_high) / 2

    @property
    def is_listed(self) -> bool:
        """Whether somebody listed a site in it."""
        return any(one.is_inside for one in self.sites)


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a cell stands where it does: its musts that the territory answers, and what each want contributes."""

    told: Told
    musts: tuple[Decided, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A must that only a register of sites answers, what it is called, and who would be asked."""

    must: Must
    label: Message
    who: Answerer


def number_at(where: Where, lon: float, lat: float) -> int:
    """Return the number of the cell in which a point (EPSG:4326) lies. Raises InputError where it lies in none."""
    found = int(where.cells.which(np.array([lon]), np.array([lat]))[0])
    if found < 0:
        raise InputError("where-point-outside", lon=f"{lon:g}", lat=f"{lat:g}")
    return found


def told(where: Where, how: Suitability, cells: Sequence[int], territory: Territory) -> tuple[Told, ...]:
    """Return some cells with their scores and ranks, and what is near each."""
    ranked = [one for one in cells if how.ranked[one]]
    ranks = dict(zip(ranked, how.ranks(ranked) if where.is_rankable else [None] * len(ranked), strict=True))
    around = Neighbourhood(where, territory)
    return tuple(
        Told(
            where.cells.name(one),
            one,
            where.at.position(one),
            where.standing_of(one),
            float(how.low[one]),
            float(how.high[one]),
            ranks.get(one),
            around.sites(one),
            around.whereabouts(one),
        )
        for one in cells
    )


def explained(where: Where, how: Suitability, shares: Sequence[float], cell: int, territory: Territory) -> Explained:
    """Return why a cell stands where it does, measured from its centre as a site there would be."""
    here, as_of, settings = site_at(where, cell), where.as_of, territory.settings.staleness

    def measured(known: Criterion, asked: Asked) -> Measured:
        return known.measured(territory, here, asked, as_of)

    [this] = told(where, how, [cell], territory)
    return Explained(
        this,
        tuple(
            decide(one.must, one.known, measured(one.known, one.must), as_of, settings.limit_months)
            for one in where.musts
        ),
        tuple(
            contribute(one.want, one.known, measured(one.known, one.want), share, as_of, settings)
            for one, share in zip(where.wants, shares, strict=True)
        ),
    )


def site_at(where: Where, cell: int) -> Site:
    """Return a site in the middle of a cell that nobody listed: nothing is stated of it."""
    name = where.cells.name(cell)
    parameters: dict[str, Scalar] = {"cell": name, "resolution": where.cells.resolution}
    return _nobodys(name, where.at.position(cell), Evidence(method="match.where.cell", parameters=parameters))


def to_ask(where: Where, territory: Territory) -> tuple[ToAsk, ...]:
    """Return what the territory cannot say of any place, and whom to ask."""
    answering = Answering(territory.settings.partners, territory.settings.calendar, where.as_of)
    anywhere = _nobodys("", None, Evidence())
    found = []
    for one in where.to_ask:
        known = criterion(one.criterion)
        if known is not None:
            found.append(ToAsk(one, label(one, known), answering.who(anywhere, one.criterion)))
    return tuple(found)


def _nobodys(name: str, position: Position | None, evidence: Evidence) -> Site:
    return Site(name, Text({"": name}), "", "", position, evidence, ())
