"""The ways one can travel on, out of an OpenStreetMap extract: as arrays, for graphs."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.geo import Box
from portico.lake.engine import EXTENSION_SETTING, Engine
from portico.lake.readers.linking import text
from portico.lake.readers.osm import UNFOLDED

WAY_KEYS = (
    "access",
    "area",
    "bicycle",
    "bicycle_road",
    "cycleway",
    "cycleway:both",
    "cycleway:left",
    "cycleway:right",
    "duration",
    "foot",
    "footway",
    "highway",
    "junction",
    "maxspeed",
    "maxspeed:backward",
    "maxspeed:forward",
    "motor_vehicle",
    "motorcar",
    "motorroad",
    "oneway",
    "oneway:bicycle",
    "oneway:foot",
    "ramp:bicycle",
    "route",
    "service",
    "sidewalk",
    "sidewalk:both",
    "toll",
    "tracktype",
    "vehicle",
)
_NODE_KEYS = ("access", "barrier", "bicycle", "foot", "locked", "motor_vehicle", "motorcar", "vehicle")
_IN_ORDER = "SELECT nth, refs FROM way ORDER BY nth"


@dataclass(frozen=True, slots=True)
class OsmRestriction:
    """A turn that may not (``no_left_turn``) or alone may (``only_straight_on``) be made: ways and nodes by OSM id."""

    kind: str
    exempt: str
    from_way: int
    to_way: int
    via: tuple[int, ...]
    via_is_node: bool


@dataclass(frozen=True, slots=True)
class OsmStreets:
    """W ways over nodes, as an extract has them.

    Way ``w`` goes over the nodes ``refs[first[w]:first[w + 1]]``, which are positions in ``node_id``, ``node_lon`` and
    ``node_lat`` (EPSG:4326); -1 is a node the extract does not hold. Its tags are ``tags[way_tags[w]]``: few
    combinations occur, so that rules are asked once for each. ``barriers`` are the tags of nodes that have a barrier.
    """

    way_id: NDArray[np.int64]
    way_tags: NDArray[np.int64]
    way_name: tuple[str, ...]
    tags: tuple[Mapping[str, str], ...]
    first: NDArray[np.int64]
    refs: NDArray[np.int64]
    node_id: NDArray[np.int64]
    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    barriers: Mapping[int, Mapping[str, str]]
    restrictions: tuple[OsmRestriction, ...]


def read_osm_streets(path: Path, box: Box | None = None) -> OsmStreets:
    """Return the streets, paths and ferries in the extract at ``path``; where ``box`` is given, those that touch it.

    Raises InputError where the file is cut off, damaged, or holds no way to travel on.
    """
    # A hostile extract is a fault after which the engine serves nobody: it gets an engine of its own.
    engine = Engine(os.environ.get(EXTENSION_SETTING, ""))
    try:
        with tempfile.TemporaryDirectory(prefix="portico-") as folder:
            link = Path(folder) / "streets.osm.pbf"
            link.symlink_to(path.resolve())
            with engine.cursor(spatial=True) as cursor:
                cursor.execute(f"SET temp_directory={text(folder)}")
                return _Extract(cursor, f"ST_ReadOSM({text(str(link))})", path.name).read(box)
    except duckdb.Error as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = "osm-cut-off" if "end of file" in said else "osm-damaged"
        raise InputError(message, file=path.name, detail=said[:200]) from error


class _Extract:
    """One extract being read."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, source: str, name: str) -> None:
        self._cursor = cursor
        self._source = source
        self._name = name

    def read(self, box: Box | None) -> OsmStreets:
        self._hold_ways(box)
        ways = self._columns("SELECT id, name, combined FROM way ORDER BY nth")
        if not len(ways["id"]):
            raise InputError("streets-none", file=self._name)
        tags, way_tags = np.unique(ways["combined"].astype(str), return_inverse=True)
        steps = self._columns(f"SELECT nth, unnest(refs) AS ref FROM ({_IN_ORDER})")
        nodes = self._columns(
            "SELECT id, round(lon, 7) AS lon, round(lat, 7) AS lat FROM node "
            "WHERE id IN (SELECT unnest(refs) FROM way) ORDER BY id"
        )
        first = np.zeros(len(ways["id"]) + 1, dtype=np.int64)
        np.cumsum(np.bincount(steps["nth"], minlength=len(ways["id"])), out=first[1:])
        return OsmStreets(
            way_id=ways["id"],
            way_tags=way_tags.astype(np.int64),
            way_name=tuple(ways["name"].tolist()),
            tags=tuple(json.loads(one) for one in tags),
            first=first,
            refs=_positions(steps["ref"], nodes["id"]),
            node_id=nodes["id"],
            node_lon=nodes["lon"],
            node_lat=nodes["lat"],
            barriers=self._barriers(),
            restrictions=tuple(self._restrictions()),
        )

    def _columns(self, query: str) -> dict[str, NDArray[Any]]:
        found = self._cursor.execute(query).fetchnumpy()
        return {name: np.ma.getdata(column) for name, column in found.items()}

    def _hold_ways(self, box: Box | None) -> None:
        """Hold nodes and ways in tables; ids of nodes as the ways refer to them."""
        self._cursor.execute(
            f"CREATE TEMP TABLE way AS SELECT row_number() OVER () - 1 AS nth, id, refs, "
            "coalesce(tags['name'], tags['ref'], '') AS name, "
            f"{_combined(WAY_KEYS)} AS combined FROM {self._source} "
            "WHERE kind = 'way' AND len(refs) > 1 AND (tags['highway'] IS NOT NULL OR tags['route'] = 'ferry')"
        )
        self._cursor.execute(
            "CREATE TEMP TABLE node AS SELECT id, lon, lat, "
            f"CASE WHEN tags['barrier'] IS NOT NULL THEN {_combined(_NODE_KEYS)} END AS barrier "
            f"FROM {self._source} WHERE kind = 'node'"
        )
        known = f"SELECT count(*) FROM node WHERE {{}} IN (SELECT unnest(refs) FROM way)"  # noqa: F541 - filled below
        plain, folded = (self._number(known.format(one)) for one in ("id", UNFOLDED))
        if folded > plain:
            self._cursor.execute(f"UPDATE node SET id = {UNFOLDED}")
        if box is not None:
            inside = f"lon BETWEEN {box.west} AND {box.east} AND lat BETWEEN {box.south} AND {box.north}"
            self._cursor.execute(
                "CREATE OR REPLACE TEMP TABLE way AS SELECT * REPLACE (row_number() OVER (ORDER BY nth) - 1 AS nth) "
                "FROM way WHERE nth IN (SELECT DISTINCT nth FROM (SELECT nth, unnest(refs) AS ref FROM way) "
                f"JOIN node ON node.id = ref WHERE {inside})"
            )

    def _number(self, query: str) -> int:
        found = self._cursor.execute(query).fetchone()
        return int(found[0]) if found else 0

    def _barriers(self) -> dict[int, Mapping[str, str]]:
        query = "SELECT id, barrier FROM node WHERE barrier IS NOT NULL AND id IN (SELECT unnest(refs) FROM way)"
        return {int(node): json.loads(tags) for node, tags in self._cursor.execute(query).fetchall()}

    def _restrictions(self) -> list[OsmRestriction]:
        rows = self._cursor.execute(
            "SELECT coalesce(tags['restriction'], tags['restriction:motorcar'], ''), coalesce(tags['except'], ''), "
            f"refs, ref_roles, ref_types::VARCHAR[] FROM {self._source} WHERE kind = 'relation' "
            "AND tags['type'] IN ('restriction', 'restriction:motorcar')"
        ).fetchall()
        found = (_restriction(*row) for row in rows)
        return [one for one in found if one is not None]


def _restriction(
    kind: str, exempt: str, refs: list[int] | None, roles: list[str | None] | None, types: list[str] | None
) -> OsmRestriction | None:
    """Return one restriction, nothing where its members are not one way in, one way out and something between."""
    members = list(zip(refs or (), roles or (), types or (), strict=False))
    ends = {role: [ref for ref, said, of in members if said == role and of == "way"] for role in ("from", "to")}
    via = [(ref, of) for ref, said, of in members if said == "via"]
    if not kind or not via or any(len(found) != 1 for found in ends.values()):
        return None
    is_node = len(via) == 1 and via[0][1] == "node"
    return OsmRestriction(kind, exempt, ends["from"][0], ends["to"][0], tuple(ref for ref, _ in via), is_node)


def _combined(keys: tuple[str, ...]) -> str:
    """Return the SQL of the tags in ``keys`` as one text."""
    named = ", ".join(text(key) for key in keys)
    return f"to_json(map_from_entries(list_filter(map_entries(tags), lambda e: e.key IN ({named}))))::VARCHAR"


def _positions(wanted: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of ``wanted`` stands in the sorted ``known``, -1 where it does not."""
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, at, -1).astype(np.int64)
