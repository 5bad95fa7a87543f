"""What a measure of cells reads: the territory, and what there is to reach, each with the version it comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from portico.build.cells_asked import Wanted
from portico.catalogue.queries import dataset as catalogued
from portico.city.opening import City
from portico.figures import Evidence, Scalar
from portico.geo import Box
from portico.indicators.access.amounts import PLACES, Amounts
from portico.lake import positions
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.lake.reading import version
from portico.messages import Message, Text
from portico.territory.streets.streets import Streets
from portico.territory.travel.model import Points

CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Territory:
    """The area whose cells are measured: a GeoJSON shape, or nothing but the box of the city."""

    box: Box
    shape: Mapping[str, Any] | None
    parameters: Mapping[str, Scalar]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """What there is to reach: points on streets with their amounts, and what it is called.

    ``unplaced`` have no position, ``off_streets`` no street within the limit; nobody reaches either.
    """

    points: Points
    amounts: Amounts
    title: Text | Message
    unplaced: int
    off_streets: int
    evidence: tuple[Evidence, ...]

    @property
    def unknown(self) -> int:
        """How many amounts are not known."""
        return int((~self.amounts.known).sum())

    @property
    def parameters(self) -> dict[str, Scalar]:
        """What stands in the evidence of the measure."""
        if not self.evidence:
            return {"places": len(self.points)}
        left_out: dict[str, Scalar] = {"places_without_position": self.unplaced, "places_off_streets": self.off_streets}
        return {"places": len(self.points), **left_out, "amounts_unknown": self.unknown}


def territory_of(city: City, lake: Lake, area: str) -> Territory:
    """Return the extent of the city, or what DATASET[@VERSION][/ROW] covers.

    Raises UnknownNameError for what is not there, InputError where it is no area.
    """
    box = city.settings.extent.box
    if not area:
        names = ("west", "south", "east", "north")
        return Territory(box, None, {"area": "extent", **{name: getattr(box, name) for name in names}}, ())
    name, _, row = area.partition("/")
    wanted = version(lake, name)
    shape = positions.area(lake, wanted, row)
    parameters: dict[str, Scalar] = {"area": wanted.dataset}
    return Territory(box, shape, parameters | ({"area_row": row} if row else {}), (_evidence(lake, wanted, row),))


def others_of(lake: Lake, wanted: Wanted, cells: Points, streets: Streets) -> Others:
    """Return what there is to reach: the rows of a version with their amounts, or ``cells`` themselves."""
    if not wanted.of:
        return Others(cells, Amounts.one_each(len(cells), CELLS), Message("cells-themselves"), 0, 0, ())
    found = version(lake, wanted.of)
    rows = positions.positions(lake, found, wanted.amount)
    placed = np.isfinite(rows.lon) & np.isfinite(rows.lat)
    here = placed.copy()
    here[placed] = streets.snap(rows.lon[placed], rows.lat[placed]).is_on_street
    amounts = Amounts.one_each(int(here.sum()), PLACES)
    if rows.amounts is not None and rows.column is not None:
        most = math.inf if wanted.empty_at_most is None else wanted.empty_at_most
        amounts = Amounts.of(rows.amounts[here], rows.column.unit or rows.column.name, at_most=most)
    ids = tuple(str(row) for row in np.flatnonzero(here) + 1)
    return Others(
        Points(ids, rows.lon[here], rows.lat[here]),
        amounts,
        catalogued(lake.database, found.dataset).title,
        int((~placed).sum()),
        int((placed & ~here).sum()),
        (_evidence(lake, found),),
    )


def _evidence(lake: Lake, wanted: Version, row: str = "") -> Evidence:
    about = catalogued(lake.database, wanted.dataset)
    return Evidence(dataset=wanted.dataset, version=wanted.id, row=row, licence=about.licence, source=about.publisher)
