"""How the rows of a version are read where they lie."""

from __future__ import annotations

from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Version


def contents(lake: Lake, version: Version) -> str:
    """Return what stands after FROM to read a version: its columns in order, places as geometry in EPSG:4326.

    Where no row has a place the engine writes no note that the column holds any, and would read plain bytes.
    """
    path = str(lake.objects.path(version.file)).replace("'", "''")
    if not any(column.is_geometry for column in version.columns):
        return f"read_parquet('{path}')"
    cells = (
        f"{quoted(column.name)}::GEOMETRY('EPSG:4326') AS {quoted(column.name)}"
        if column.is_geometry
        else quoted(column.name)
        for column in version.columns
    )
    return f"(SELECT {', '.join(cells)} FROM read_parquet('{path}'))"
