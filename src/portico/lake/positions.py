"""Where the rows of a version are, as arrays for those who calculate; and the area that some of them cover."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError, StateError, UnknownNameError, UsageError
from portico.lake.classes import numeric
from portico.lake.drawing import place_column
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Version
from portico.lake.reading import asked, chosen, keys_like
from portico.messages import did_you_mean

KEY = "id"
_AREA = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Positions:
    """The rows of a version in the order of its file: where each is (EPSG:4326), and how much stands in a column.

    NaN where a row has no place, and where an amount is not known. Of a line or an area it is the centroid.
    """

    lon: Floats
    lat: Floats
    amounts: Floats | None
    column: Column | None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.lon)


def positions(lake: Lake, wanted: Version, amount: str = "") -> Positions:
    """Return where the rows of a version are, with the numbers of the column ``amount``, where one is named.

    Raises UnknownNameError for a version without places or a column it does not have, UsageError for a column that
    holds no numbers, InputError for an amount below nothing, StateError where the file is gone or damaged.
    """
    place = _place(wanted)
    column = _amount(wanted, amount) if amount else None
    where = f"{quoted(place.name)}::GEOMETRY"
    middle = f"CASE WHEN {where} IS NULL OR ST_IsEmpty({where}) THEN NULL ELSE ST_Centroid({where}) END"
    number = f"{quoted(column.name)}::DOUBLE" if column else "NULL::DOUBLE"
    query = (
        f"SELECT ST_X(p) AS x, ST_Y(p) AS y, CASE WHEN isfinite(n) THEN n END AS n FROM "
        f"(SELECT {middle} AS p, {number} AS n FROM read_parquet(?, file_row_number = true) ORDER BY file_row_number)"
    )
    x, y, n = (_filled(one) for one in _arrays(lake, wanted, query))
    if column is not None:
        _refuse_negative(wanted, column, n)
    return Positions(x, y, n if column else None, column)


def _place(wanted: Version) -> Column:
    place = place_column(wanted)
    if place is None:
        raise UnknownNameError("dataset-without-places", dataset=wanted.dataset)
    return place


def _amount(wanted: Version, name: str) -> Column:
    [column] = chosen(wanted, [name])
    known = numeric(wanted)
    if column not in known:
        columns = ", ".join(one.name for one in known) or "–"
        raise UsageError("column-not-numeric", name=name, dataset=wanted.dataset, columns=columns)
    return column


def _arrays(lake: Lake, wanted: Version, query: str) -> list[Any]:
    cursor = lake.engine.cursor(spatial=True)
    try:
        found = cursor.execute(query, [str(lake.objects.path(wanted.file))]).fetchnumpy()
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        raise StateError("version-damaged", dataset=wanted.dataset, version=wanted.short, detail=detail) from error
    finally:
        cursor.close()
    return list(found.values())


def _filled(values: Any) -> Floats:  # noqa: ANN401 - masked or not, as the engine has it
    filled: Floats = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    return filled


def _refuse_negative(wanted: Version, column: Column, amounts: Floats) -> None:
    below = np.flatnonzero(amounts < 0)
    if len(below):
        row, value = int(below[0]) + 1, float(amounts[below[0]])
        raise InputError("amount-negative", dataset=wanted.dataset, column=column.name, row=row, value=f"{value:g}")


def area(lake: Lake, wanted: Version, row: str = "") -> dict[str, Any]:
    """Return what the areas of a version cover together, or only those of the ``row`` of that id, as GeoJSON.

    A Polygon or MultiPolygon in EPSG:4326. Raises UnknownNameError for a version without places or a row it does not
    have, InputError where nothing there is an area, StateError where the file is gone or damaged.
    """
    where = f"{quoted(_place(wanted).name)}::GEOMETRY"
    path = str(lake.objects.path(wanted.file))
    only = _only(lake, wanted, row) if row else "true"
    query = (
        "SELECT ST_AsGeoJSON(ST_Union_Agg(a))::VARCHAR FROM "
        f"(SELECT ST_CollectionExtract(ST_MakeValid(ST_Force2D({where})), {_AREA}) AS a FROM read_parquet(?) "
        f"WHERE {where} IS NOT NULL AND {only}) WHERE NOT ST_IsEmpty(a)"
    )
    found = asked(lake, wanted, query, [path, row] if row else [path], spatial=True)[0][0]
    made: dict[str, Any] = json.loads(found or "{}")
    if made.get("type") not in ("Polygon", "MultiPolygon"):  # of no area the engine makes an empty collection
        raise InputError("area-without-areas", dataset=wanted.dataset)
    return made


def _only(lake: Lake, wanted: Version, row: str) -> str:
    """Return the SQL of the rows of an id."""
    known = {column.name for column in wanted.columns if not column.is_geometry}
    key = f"{quoted(KEY)}::VARCHAR = ?" if KEY in known else ""
    path = str(lake.objects.path(wanted.file))
    if not key or not asked(lake, wanted, f"SELECT 1 FROM read_parquet(?) WHERE {key} LIMIT 1", [path, row]):
        advice = did_you_mean(row, keys_like(lake, wanted, KEY, most=1000))
        raise UnknownNameError("row-unknown", name=row, dataset=wanted.dataset, advice=advice)
    return key
