"""The places of a version as a map shows them: not too many, not finer than one sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portico.errors import UnknownNameError
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Type, Version
from portico.lake.reading import asked, ready, selected

# A screen is about this many dots wide: what is smaller than one of them does not show.
_DOTS = 2_000
_MOST_POSITIONS = 150_000
_COARSER = 4
_ATTEMPTS = 5
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Drawn:
    """Places as GeoJSON features, and how many the version has in all."""

    features: tuple[dict[str, Any], ...]
    total: int

    @property
    def shown(self) -> int:
        """How many are drawn."""
        return len(self.features)

    @property
    def is_cut(self) -> bool:
        """Whether some places are left out."""
        return self.shown < self.total


def place_column(wanted: Version) -> Column | None:
    """Return the column that says where things are, the first where there are several."""
    return next((column for column in wanted.columns if column.is_geometry), None)


def features(lake: Lake, wanted: Version, columns: Sequence[Column], *, most: int) -> Drawn:
    """Return up to ``most`` places of a version, evenly taken from the whole file, with ``columns`` as properties.

    Lines and areas are simplified to what shows on a map of the whole extent; coordinates are EPSG:4326 with six
    digits. The id of a feature is the number of its row in the version, from 1. Raises UnknownNameError for a version
    without geometry, StateError where its file is gone or damaged.
    """
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    path = str(lake.objects.path(wanted.file))
    # Where no row has a place the engine writes no note that the column holds any, and would read plain bytes.
    where = f"{quoted(place.name)}::GEOMETRY"
    total, extent = _measured(lake, wanted, where, path)
    numbers = _spread(lake, wanted, where, path, -(-total // most) or 1)
    if not numbers:
        return Drawn((), total)
    kept = [column for column in columns if not column.is_geometry]
    tolerance = 0.0 if place.type is Type.POINT else extent / _DOTS
    for _ in range(_ATTEMPTS):
        if tolerance == 0.0 or _positions(lake, wanted, where, path, numbers, tolerance) <= _MOST_POSITIONS:
            break
        tolerance *= _COARSER
    values = f", {selected(kept)}" if kept else ""
    found = asked(
        lake,
        wanted,
        f"SELECT file_row_number, ST_AsGeoJSON({_simplified(where, tolerance)})::VARCHAR{values} "
        "FROM read_parquet(?, file_row_number = true) WHERE file_row_number IN (SELECT unnest(?::BIGINT[])) "
        "ORDER BY file_row_number",
        [path, numbers],
        spatial=True,
    )
    return Drawn(
        tuple(_feature(number, drawn, ready(tuple(rest), kept), kept) for number, drawn, *rest in found), total
    )


def _measured(lake: Lake, wanted: Version, where: str, path: str) -> tuple[int, float]:
    """Return how many places there are, and the longer side of their extent in degrees."""
    query = (
        "SELECT n, greatest(ST_XMax(e) - ST_XMin(e), ST_YMax(e) - ST_YMin(e)) FROM (SELECT count(*) AS n, "
        f"ST_Extent_Agg({where}) AS e FROM read_parquet(?) WHERE {where} IS NOT NULL AND NOT ST_IsEmpty({where}))"
    )
    total, extent = asked(lake, wanted, query, [path], spatial=True)[0]
    return int(total), float(extent or 0.0)


def _spread(lake: Lake, wanted: Version, where: str, path: str, step: int) -> list[int]:
    """Return the rows of every ``step``-th place."""
    query = (
        f"SELECT r FROM (SELECT file_row_number AS r, row_number() OVER () AS n "
        f"FROM read_parquet(?, file_row_number = true) WHERE {where} IS NOT NULL AND NOT ST_IsEmpty({where})) "
        "WHERE (n - 1) % ? = 0 ORDER BY r"
    )
    return [int(found[0]) for found in asked(lake, wanted, query, [path, step], spatial=True)]


def _positions(lake: Lake, wanted: Version, where: str, path: str, numbers: list[int], tolerance: float) -> int:
    query = (
        f"SELECT sum(ST_NPoints({_simplified(where, tolerance)})) FROM read_parquet(?, file_row_number = true) "
        "WHERE file_row_number IN (SELECT unnest(?::BIGINT[]))"
    )
    return int(asked(lake, wanted, query, [path, numbers], spatial=True)[0][0] or 0)


def _simplified(where: str, tolerance: float) -> str:
    """Return the SQL of a geometry no finer than ``tolerance`` degrees; one that cannot be simplified stays."""
    return f"coalesce(TRY(ST_SimplifyPreserveTopology({where}, {tolerance!r})), {where})" if tolerance else where


def _feature(number: int, drawn: str, values: list[Any], columns: Sequence[Column]) -> dict[str, Any]:
    geometry = _rounded(json.loads(drawn))
    properties = {column.name: value for column, value in zip(columns, values, strict=True)}
    return {"type": "Feature", "id": number + 1, "geometry": geometry, "properties": properties}


def _rounded(part: Any) -> Any:  # noqa: ANN401 - coordinates nest as deep as their geometry asks
    """Return a geometry or coordinates with six digits, about a decimetre."""
    if isinstance(part, float):
        return round(part, _DIGITS)
    if isinstance(part, list):
        return [_rounded(one) for one in part]
    if isinstance(part, dict):
        return {name: _rounded(value) for name, value in part.items()}
    return part
