"""A brief over every cell as an address asks for it: which brief, which cells, which weights, which one is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from portico.build.where import FINEST, USUAL_CELLS, Survey, answer, survey
from portico.errors import InputError, UsageError
from portico.match.model import Brief
from portico.match.where.answer import places_asked
from portico.match.where.cell import Explained, ToAsk, Told, explained, number_at, to_ask, told
from portico.match.where.classes import Classed, classed
from portico.match.where.model import APART, Suitability, Where
from portico.web.answered import Moved, weights_asked
from portico.web.portal import Portal

MOST_CELLS = 25_000
"""More than this a page does not work out: its visitor would wait, and others with him."""
MOST_PAIRS = 30_000_000
"""Nor more than this of a cell and a place to be measured against: a brief may ask for sixty things of every place."""
BEST = 10
_COARSEST_OFFERED = 3
_LAT_LON = 2


@dataclass(frozen=True, eq=False)
class Asked:
    """The answer to a brief over the cells of the city, by the weights of ``moved``; ``number`` the cell looked at."""

    portal: Portal
    surveyed: Survey
    where: Where
    moved: Moved
    number: int | None = None

    def opened(self, at: str) -> Asked:
        """Return the same with the cell looked at in which ``at`` lies, a point "lat, lon" in degrees (EPSG:4326).

        Raises UsageError for what is no point, InputError for one outside the cells.
        """
        return replace(self, number=number_at(self.where, *_point(at)))

    def cell_at(self, at: str) -> Explained:
        """Return the cell in which ``at`` lies. Raises as ``opened`` does."""
        return self._explained(number_at(self.where, *_point(at)))

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """The share of each want in all weight."""
        if not self.moved.differ:
            return self.where.shares
        total = sum(self.moved.asked)
        return tuple(one / total for one in self.moved.asked)

    @cached_property
    def how(self) -> Suitability:
        """How suitable each cell is."""
        return self.where.by(self.shares) if self.moved.differ else self.where.suitability

    @cached_property
    def classed(self) -> Classed:
        """The cells in classes."""
        return classed(self.where, self.how)

    @cached_property
    def best(self) -> tuple[Told, ...]:
        """The best places."""
        return told(self.where, self.how, self.where.best(self.how, BEST, APART), self.portal.territory)

    @cached_property
    def to_ask(self) -> tuple[ToAsk, ...]:
        """What the territory cannot say of any place."""
        return to_ask(self.where, self.portal.territory)

    @cached_property
    def cell(self) -> Explained | None:
        """The cell that is looked at, where one is."""
        return None if self.number is None else self._explained(self.number)

    def _explained(self, number: int) -> Explained:
        return explained(self.where, self.how, self.shares, number, self.portal.territory)

    @property
    def resolutions(self) -> tuple[int, ...]:
        """The resolutions that a page offers: the finest that it works out, and some coarser ones."""
        finest = max(self.surveyed.resolution, usual_resolution(self.portal, self.where.brief))
        return tuple(range(max(0, finest - _COARSEST_OFFERED), finest + 1))


def asked(
    portal: Portal,
    brief: Brief,
    as_of: date | None,
    *,
    resolution: int | None = None,
    weights: Sequence[str] | str | None = (),
) -> Asked:
    """Return ``brief`` answered over the cells of the city on ``as_of``, else today; no cell is looked at.

    Raises InputError where the territory can answer nothing, for more cells than a page works out, for weights that
    are none; UsageError for an unknown resolution.
    """
    moved = weights_asked(brief, weights or ()) if brief.wants else Moved((), (), ())
    most = _most_cells(portal, brief)
    surveyed = survey(portal.city, portal.lake, brief, resolution, usual=min(USUAL_CELLS, most))
    if resolution is not None and (surveyed.about > most or resolution > FINEST):
        coarser = usual_resolution(portal, brief)
        values = {"about": surveyed.about, "most": most, "resolution": resolution, "coarser": coarser}
        raise InputError("where-too-fine-here", **values, name=brief.id or "BRIEF.toml")
    day = as_of or portal.today()
    key = ("where", repr(brief), surveyed.resolution, day)
    where = portal.asked(key, lambda: answer(surveyed, brief, portal.territory, day))
    return Asked(portal, surveyed, where, moved)


def usual_resolution(portal: Portal, brief: Brief) -> int:
    """Return the resolution of a page that asks for none."""
    most = min(USUAL_CELLS, _most_cells(portal, brief))
    return survey(portal.city, portal.lake, brief, usual=most).resolution


def _most_cells(portal: Portal, brief: Brief) -> int:
    """Return how many cells a page works out for a brief."""
    return min(MOST_CELLS, MOST_PAIRS // max(1, places_asked(brief, portal.territory)))


def _point(text: str) -> tuple[float, float]:
    """Return longitude and latitude of "lat, lon" in degrees (EPSG:4326).

    >>> _point("45.07, 7.68")
    (7.68, 45.07)
    """
    parts = text.split(",")
    try:
        lat, lon = (float(one) for one in parts) if len(parts) == _LAT_LON else (float("nan"), 0.0)
    except ValueError:
        lat, lon = float("nan"), 0.0
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
        raise UsageError("where-point-unreadable", text=text[:40])
    return lon, lat
