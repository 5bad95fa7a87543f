"""What a map of areas or ways lies on: the main streets around, where the city has streets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from portico.errors import InputError
from portico.geo import Box
from portico.territory.model import Mode
from portico.territory.streets.main import main_streets
from portico.web.portal import Portal

_SHARE = 0.75
_LEAST_DEGREES = 0.01


def box_of(positions: Any) -> Box | None:  # noqa: ANN401 - positions however deep
    """Return the extent of positions and what a map shows around it; nothing where there are none.

    >>> box_of([[7.0, 60.0], [7.04, 60.0]])
    Box(west=6.99, south=59.985, east=7.05, north=60.015)
    """
    found = list(_each(positions))
    if not found:
        return None
    (west, south), (east, north) = (tuple(pick(axis) for axis in zip(*found, strict=True)) for pick in (min, max))
    lon, lat = (west + east) / 2, (south + north) / 2
    shrunk = math.cos(math.radians(lat))
    half = max(_SHARE * (east - west) * shrunk, _SHARE * (north - south), _LEAST_DEGREES)
    half_lon = half / shrunk
    return Box(round(lon - half_lon, 5), round(lat - half, 5), round(lon + half_lon, 5), round(lat + half, 5))


def _each(positions: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - as above
    if positions and isinstance(positions[0], int | float):
        yield positions[0], positions[1]
        return
    for one in positions:
        yield from _each(one)


def ground(portal: Portal, box: Box | None) -> Iterable[dict[str, Any]]:
    """Return the main streets in ``box`` as one feature, or nothing where there are none."""
    travel = portal.territory.travel
    if travel is None or box is None:
        return []

    def draw() -> msgspec.Raw | None:
        try:
            graph = travel.network.streets(Mode.CAR).graph
        except InputError:  # streets, but none for cars
            return None
        lines = main_streets(graph, box)
        if not lines:
            return None
        return msgspec.Raw(msgspec.json.encode({"type": "MultiLineString", "coordinates": lines}))

    drawn = portal.asked(("ground", box), draw)
    if drawn is None:
        return []
    return [{"type": "Feature", "geometry": drawn, "properties": {"layer": "street"}}]
