"""Points as files hold them: an id, a longitude and a latitude."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from portico.errors import InputError
from portico.lake.arrays import Arrays, arrays_of
from portico.lake.lake import open_engine
from portico.territory.nearby import Floats
from portico.territory.travel.model import Points

ID, LON, LAT = "id", "lon", "lat"


def read_points(file: Path) -> Points:
    """Return the points in a table with the columns id, lon and lat (EPSG:4326), in any format that is a table.

    A point without a position is kept: it is reached by nobody. Raises InputError, with the row, for one without an id,
    an id that stands twice, and numbers that are no degrees.
    """
    with arrays_of(file, open_engine()) as table:
        named = table.named(ID)
        empty = np.flatnonzero(named.codes < 0)
        if len(empty):
            raise InputError("row-without-name", file=table.file, row=table.row_of(int(empty[0])), column=ID)
        if len(named.names) < table.rows:
            twice = int(np.flatnonzero(np.bincount(named.codes) > 1)[0])
            first, second = np.flatnonzero(named.codes == twice)[:2]
            rows = {"row": table.row_of(int(first)), "other": table.row_of(int(second))}
            raise InputError("place-twice", file=table.file, name=named.names[twice], **rows)
        lon, lat = table.numbers(LON), table.numbers(LAT)
        _refuse_off_the_globe(table, lon, lat)
        return Points(tuple(named.names[code] for code in named.codes), lon, lat)


def _refuse_off_the_globe(table: Arrays, lon: Floats, lat: Floats) -> None:
    outside = np.flatnonzero((np.abs(lon) > 180) | (np.abs(lat) > 90))  # noqa: PLR2004 - degrees
    if len(outside):
        first = int(outside[0])
        values = {"row": table.row_of(first), "lon": f"{lon[first]:g}", "lat": f"{lat[first]:g}"}
        raise InputError("point-off-globe", file=table.file, **values)
