"""A layer of lines (named streets, say) read as ways over nodes: lines are joined where they share a vertex exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.lake.found import Told, Workshop
from portico.lake.identity import quoted
from portico.lake.ingest import examine
from portico.lake.lake import open_engine
from portico.lake.model import Type
from portico.lake.readers.linking import text
from portico.lake.readers.osm_streets import OsmStreets
from portico.lake.receive import from_file

_PER_DEGREE = 10_000_000
_NAMES = ("name", "nome", "denominazione", "toponimo", "street")


def read_line_streets(path: Path, highway: str, told: Told | None = None) -> OsmStreets:
    """Return the lines of any vector layer as streets of the class ``highway``, open both ways.

    Each stretch between two vertices is a way; one drawn twice counts once. Raises InputError where there are no lines.
    """
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        shop = Workshop(Path(folder), open_engine(), told)
        found = [one for one in examine(from_file(path), shop) if one.places]
        if not found:
            raise InputError("streets-none", file=path.name)
        made = found[0].typed
        geometry = next(one.name for one in made.columns if one.is_geometry)
        names = [one.name for one in made.columns if one.type is Type.TEXT]
        named = next((one for one in names if one.lower() in _NAMES), "")
        label = f"coalesce({quoted(named)}, '')" if named else "''"
        with shop.cursor(spatial=True) as cursor:
            rows = cursor.execute(
                "WITH part AS (SELECT nth, label, unnest(ST_Dump(shape), recursive := true) FROM (SELECT "
                f"row_number() OVER () AS nth, {label} AS label, {quoted(geometry)} AS shape "
                f"FROM read_parquet({text(str(made.file))}) WHERE {quoted(geometry)} IS NOT NULL)), "
                "line AS (SELECT row_number() OVER () AS line, label, geom FROM part "
                "WHERE ST_GeometryType(geom) = 'LINESTRING') "
                "SELECT line, label, ST_X(point) AS x, ST_Y(point) AS y FROM (SELECT line, label, "
                "generate_subscripts(points, 1) AS step, unnest(points) AS point FROM (SELECT line, label, "
                "list_transform(range(1, ST_NPoints(geom)::BIGINT + 1), lambda n: ST_PointN(geom, n::INTEGER)) "
                "AS points FROM line)) ORDER BY line, step"
            ).fetchnumpy()
    if not len(rows["line"]):
        raise InputError("streets-none", file=path.name)
    return _joined(rows["line"], rows["label"], rows["x"], rows["y"], highway)


def _joined(
    line: NDArray[np.int64], label: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64], highway: str
) -> OsmStreets:
    places = np.stack((np.rint(x * _PER_DEGREE), np.rint(y * _PER_DEGREE))).astype(np.int64)
    nodes, node = np.unique(places, axis=1, return_inverse=True)
    node = node.reshape(-1)
    together = (line[1:] == line[:-1]) & (node[1:] != node[:-1])
    ends = np.sort(np.stack((node[:-1][together], node[1:][together])), axis=0)
    pairs, which = np.unique(ends, axis=1, return_index=True)
    return OsmStreets(
        way_id=np.arange(pairs.shape[1], dtype=np.int64),
        way_tags=np.zeros(pairs.shape[1], dtype=np.int64),
        way_name=tuple(str(one) for one in label[:-1][together][which]),
        tags=({"highway": highway},),
        first=np.arange(0, 2 * pairs.shape[1] + 1, 2, dtype=np.int64),
        refs=pairs.T.reshape(-1).astype(np.int64),
        node_id=np.arange(nodes.shape[1], dtype=np.int64),
        node_lon=nodes[0] / _PER_DEGREE,
        node_lat=nodes[1] / _PER_DEGREE,
        barriers={},
        restrictions=(),
    )
