"""OpenStreetMap extracts (PBF): places, ways and relations as three tables.

Most nodes only bend a way: they have no tags and become the line of their ways, not rows; how many there were is said.
A way whose nodes lie partly outside the extract has no line; its references are counted all the same.
"""

from __future__ import annotations

import os
from dataclasses import replace

import duckdb

from portico.errors import InputError
from portico.lake import crs
from portico.lake.engine import EXTENSION_SETTING, Engine
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.model import Type
from portico.lake.readers.features import GEOMETRY, LISTED, warning
from portico.lake.readers.linking import linked, text
from portico.lake.readers.osm_part import streets
from portico.messages import Finding

_KEYS = {
    "points": (
        "name",
        "amenity",
        "shop",
        "office",
        "tourism",
        "leisure",
        "healthcare",
        "craft",
        "industrial",
        "public_transport",
        "railway",
        "highway",
        "addr:street",
        "addr:housenumber",
        "addr:postcode",
        "addr:city",
    ),
    "ways": (
        "name",
        "highway",
        "building",
        "landuse",
        "amenity",
        "shop",
        "office",
        "leisure",
        "industrial",
        "railway",
        "waterway",
        "natural",
        "oneway",
        "maxspeed",
        "surface",
        "access",
    ),
    "relations": ("name", "type", "route", "boundary", "admin_level", "landuse", "building", "ref"),
}
"""Common keys with a column of their own; every tag is in ``tags`` as JSON."""

_TAGS = "to_json(tags)::VARCHAR AS tags"
_MEMBERS = (
    "to_json(list_transform(list_zip(ref_types::VARCHAR[], refs, ref_roles), "
    "lambda m: {'type': m[1], 'ref': m[2], 'role': coalesce(m[3], '')}))::VARCHAR AS members"
)
# The format keeps ten-millionths of a degree; the engine's arithmetic leaves dust behind them.
_LON, _LAT = "round(lon, 7)", "round(lat, 7)"
UNFOLDED = "(CASE WHEN id % 2 = 0 THEN id // 2 ELSE -(id // 2) - 1 END)"
"""A number in the format's folded writing (0, -1, 1, -2, 2, … as 0, 1, 2, 3, 4, …) as it is."""
_PORTION = 4_000_000
"""References put together at a time, so that memory does not grow with the extract."""


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the tables "points" (nodes with tags), "ways" and "relations" of an extract, in EPSG:4326.

    Where the workshop wants streets in a box, only these are in the tables, with their nodes and turn restrictions.
    Raises InputError where the file is cut off or damaged.
    """
    job = _Extract(member, shop)
    try:
        job.take_part()
        return [job.points(), job.ways(), job.relations()]
    except duckdb.Error as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = "osm-cut-off" if "end of file" in said else "osm-damaged"
        detail = said.replace(str(shop.folder), "…")[:200]
        raise InputError(message, file=member.name, detail=detail) from error
    finally:
        job.close()


class _Extract:
    """One extract being read, by way of temporary tables that spill to the disk."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._shop = shop
        # A hostile extract is a fault after which the engine serves nobody: it gets an engine of its own.
        self._engine = Engine(os.environ.get(EXTENSION_SETTING, ""))
        self._cursor = self._engine.cursor(spatial=True)
        self._cursor.execute(f"SET temp_directory={text(str(shop.place('.spill')))}")
        self._node_id = "id"
        self._said: tuple[Finding, ...] = ()
        self._source = f"ST_ReadOSM({text(str(linked(member.path, shop, '.osm.pbf')))})"

    def take_part(self) -> None:
        """Read only the streets in a box from here on, where that is what is wanted."""
        box = self._shop.streets_in
        if box is None:
            return
        part = streets(self._cursor, self._source, box, UNFOLDED, self._member.name)
        self._source = part.relation
        counts = {"nodes": part.nodes, "ways": part.ways, "relations": part.relations, "kept": part.kept}
        self._said = (warning("osm-streets-only", self._member.name, **counts),)

    def close(self) -> None:
        """Give back what was held, the engine with it."""
        self._cursor.close()
        del self._engine

    def points(self) -> Parsed:
        """Return the nodes that have tags."""
        self._hold("osm_node", f"SELECT id, {_LON} AS lon, {_LAT} AS lat FROM {self._source} WHERE kind = 'node'")
        if self._has_plain_nodes():
            self._node_id = UNFOLDED
            self._cursor.execute(f"UPDATE osm_node SET id = {UNFOLDED}")
        found = self._table(
            "points",
            f"SELECT {self._node_id} AS id, {_columns('points')}, {_TAGS}, "
            f"ST_AsWKB(ST_Point({_LON}, {_LAT}))::BLOB AS {GEOMETRY} "
            f"FROM {self._source} WHERE kind = 'node' AND cardinality(tags) > 0",
            {"id": Type.INTEGER},
        )
        total = self._number("SELECT count(*) FROM osm_node")
        said = warning("osm-nodes-without-tags", self._member.name, count=total - found.rows, total=total)
        return _saying(found, *self._said, said)

    def _has_plain_nodes(self) -> bool:
        """Say whether nodes are stored one by one, which few programs do: the engine then leaves their ids folded.

        Their ids are not those the ways refer to; unfolded they are.
        """
        refs = f"SELECT unnest(refs) AS ref FROM {self._source} WHERE kind = 'way'"
        if self._known(refs, "id") * 2 >= self._number(f"SELECT count(*) FROM ({refs})"):
            return False
        return self._known(refs, UNFOLDED) > self._known(refs, "id")

    def _known(self, refs: str, node_id: str) -> int:
        return self._number(
            f"SELECT count(*) FROM ({refs}) SEMI JOIN (SELECT {node_id} AS ref FROM osm_node) USING (ref)"
        )

    def ways(self) -> Parsed:
        """Return the ways, each with the line through its nodes where the extract holds them all."""
        self._hold(
            "osm_reference",
            "SELECT w.id AS way, w.nth AS nth, n.id IS NOT NULL AS known, ST_Point(n.lon, n.lat) AS place FROM "
            f"(SELECT id, unnest(refs) AS ref, generate_subscripts(refs, 1) AS nth FROM {self._source} "
            "WHERE kind = 'way') AS w LEFT JOIN osm_node AS n ON n.id = w.ref",
        )
        self._cursor.execute("CREATE OR REPLACE TEMP TABLE osm_line (way BIGINT, line BLOB)")
        portions = self._number("SELECT count(*) FROM osm_reference") // _PORTION + 1
        for portion in range(portions):
            self._cursor.execute(
                "INSERT INTO osm_line SELECT way, ST_AsWKB(ST_MakeLine(list(place ORDER BY nth)))::BLOB "
                f"FROM osm_reference WHERE way % {portions} = {portion} "
                "GROUP BY way HAVING bool_and(known) AND count(*) > 1"
            )
        found = self._table(
            "ways",
            f"SELECT id, {_columns('ways')}, {_TAGS}, coalesce(len(refs), 0)::BIGINT AS refs, "
            f"coalesce(len(refs) > 2 AND refs[1] = refs[-1], false) AS closed, line AS {GEOMETRY} "
            f"FROM {self._source} LEFT JOIN osm_line ON way = id WHERE kind = 'way' ORDER BY id",
            {"id": Type.INTEGER, "refs": Type.INTEGER, "closed": Type.BOOLEAN},
        )
        lost = f"SELECT id FROM {found.relation} WHERE {GEOMETRY} IS NULL ORDER BY id"
        without = [int(row[0]) for row in self._cursor.execute(lost).fetchall()]
        if not without:
            return found
        listed = ", ".join(map(str, without[:LISTED]))
        return _saying(found, warning("osm-ways-incomplete", self._member.name, count=len(without), ids=listed))

    def relations(self) -> Parsed:
        """Return the relations with their members as JSON."""
        select = f"SELECT id, {_columns('relations')}, {_TAGS}, {_MEMBERS} FROM {self._source} WHERE kind = 'relation'"
        return self._table("relations", select, {"id": Type.INTEGER})

    def _hold(self, name: str, select: str) -> None:
        self._cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")

    def _number(self, query: str) -> int:
        found = self._cursor.execute(query).fetchone()
        return int(found[0]) if found else 0

    def _table(self, name: str, select: str, stated: dict[str, Type]) -> Parsed:
        """Write a table and return it."""
        target = self._shop.place(".parquet")
        self._cursor.execute(f"COPY ({select}) TO {text(str(target))} (FORMAT parquet)")
        relation = f"read_parquet({text(str(target))})"
        described = self._cursor.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        columns = tuple(str(row[0]) for row in described)
        return Parsed(
            name=name,
            relation=relation,
            columns=columns,
            rows=self._number(f"SELECT count(*) FROM {relation}"),
            format=Format.OSM_PBF,
            headers=columns,
            stated=stated,
            geometry=GEOMETRY if GEOMETRY in columns else "",
            crs=crs.WGS84 if GEOMETRY in columns else "",
        )


def _columns(table: str) -> str:
    """Return the SQL of the common keys of a table."""
    return ", ".join(f"tags[{text(key)}] AS {quoted(key)}" for key in _KEYS[table])


def _saying(found: Parsed, *said: Finding) -> Parsed:
    return replace(found, issues=(*found.issues, *said))
