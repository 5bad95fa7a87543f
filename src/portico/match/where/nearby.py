"""What is near a cell: listed sites, and the nearest place or site that says in which municipality it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portico.city.model import Position
from portico.city.register import Site
from portico.figures import Evidence, Figure, Status
from portico.geo import distances_m
from portico.match.where.model import Where
from portico.territory.layers import Territory
from portico.territory.model import PlaceFacts
from portico.territory.nearby import Floats

_SITES = 2
_KM = 1000.0
_LINE = Evidence(method="match.where.straight-line")


@dataclass(frozen=True, slots=True)
class Beside:
    """A listed site and how far it lies from the centre of a cell, in a straight line; ``is_inside`` it."""

    site: Site
    distance: Figure
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The municipality of the nearest place or site that states one, and how far off that is: the cell may lie in
    another.
    """  # noqa: D205 - one sentence

    municipality: str
    distance: Figure


class Neighbourhood:
    """The listed sites and the known places of a territory, asked what is near a cell of an answer."""

    def __init__(self, where: Where, territory: Territory) -> None:
        """Put every listed site into its cell."""
        self._where = where
        placed = [(one, one.position) for one in territory.sites if one.position is not None]
        self._sites = [site for site, _ in placed]
        self._sites_at = _coordinates([at for _, at in placed])
        self._in_cell = where.cells.which(*self._sites_at)
        named: list[tuple[Site | PlaceFacts, Position | None]] = [(one, one.position) for one in territory.sites]
        named += [(one, one.position) for one in territory.places]
        self._named = [(one.municipality, at) for one, at in named if at is not None and one.municipality]
        self._named_at = _coordinates([at for _, at in self._named])

    def sites(self, cell: int) -> tuple[Beside, ...]:
        """Return the listed sites in a cell, or where there are none the nearest two."""
        metres = self._metres(cell, self._sites_at)
        order = np.argsort(metres, kind="stable")
        inside = [one for one in order.tolist() if self._in_cell[one] == cell]
        return tuple(
            Beside(self._sites[one], _km(float(metres[one])), bool(inside)) for one in inside or order[:_SITES].tolist()
        )

    def whereabouts(self, cell: int) -> Whereabouts | None:
        """Return the nearest municipality that anything is known in; nothing where none is named."""
        if not self._named:
            return None
        metres = self._metres(cell, self._named_at)
        nearest = int(np.argmin(metres))
        return Whereabouts(self._named[nearest][0], _km(float(metres[nearest])))

    def _metres(self, cell: int, to: tuple[Floats, Floats]) -> Floats:
        at = self._where.at
        return distances_m(at.lon[cell : cell + 1], at.lat[cell : cell + 1], *to)


def _km(metres: float) -> Figure:
    return Figure.exactly(metres / _KM, "km", Status.ESTIMATED, evidence=(_LINE,))


def _coordinates(positions: Sequence[Position]) -> tuple[Floats, Floats]:
    lon, lat = (np.array([getattr(one.point, axis) for one in positions], dtype=np.float64) for axis in ("lon", "lat"))
    return lon, lat
