"""The part of an OpenStreetMap extract that one can travel on, within a box: what streets are made of, and no more.

An extract of a region holds a hundred times what one city needs, and much that is of no use for travel but may name
persons: shops, offices, their telephone numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from portico.errors import InputError
from portico.geo import Box

TRAVELLED = "len(refs) > 1 AND (tags['highway'] IS NOT NULL OR tags['route'] = 'ferry')"
"""The ways one can travel on."""
_RULES = "tags['type'] = 'restriction' OR starts_with(tags['type'], 'restriction:')"
_KEPT = "osm_part"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an extract: a relation that reads like the whole, and how many of each kind the whole holds."""

    relation: str
    nodes: int
    ways: int
    relations: int
    kept: int


def streets(cursor: duckdb.DuckDBPyConnection, source: str, box: Box, unfolded: str, file: str) -> Part:
    """Hold the streets, paths and ferries of ``source`` that touch ``box``, with all their nodes and turn restrictions.

    ``unfolded`` is the SQL of a node's id where the format left it folded. Raises InputError where no street does.
    """
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE osm_street AS SELECT id, refs FROM {source} WHERE kind = 'way' AND {TRAVELLED}"
    )
    inside = f"lon BETWEEN {box.west} AND {box.east} AND lat BETWEEN {box.south} AND {box.north}"
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE osm_inside AS SELECT id FROM {source} WHERE kind = 'node' AND {inside}"
    )
    node = unfolded if _met(cursor, source, unfolded) > _met(cursor, source, "id") else "id"
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE osm_here AS SELECT id, refs FROM osm_street WHERE id IN "
        f"(SELECT s.id FROM (SELECT id, unnest(refs) AS ref FROM osm_street) AS s "
        f"SEMI JOIN (SELECT {node} AS ref FROM osm_inside) USING (ref))"
    )
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE osm_rule AS SELECT DISTINCT id FROM "
        "(SELECT id, unnest(refs) AS ref, unnest(ref_types::VARCHAR[]) AS of FROM "
        f"{source} WHERE kind = 'relation' AND ({_RULES})) WHERE of = 'way' AND ref IN (SELECT id FROM osm_here)"
    )
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE {_KEPT} AS "
        f"SELECT * REPLACE (CASE WHEN kind = 'node' THEN {node} ELSE id END AS id) "
        f"FROM {source} WHERE (kind = 'node' AND {node} IN (SELECT unnest(refs) FROM osm_here)) "
        "OR (kind = 'way' AND id IN (SELECT id FROM osm_here)) "
        "OR (kind = 'relation' AND id IN (SELECT id FROM osm_rule))"
    )
    whole = dict(cursor.execute(f"SELECT kind::VARCHAR, count(*) FROM {source} GROUP BY 1").fetchall())
    kept = cursor.execute("SELECT count(*) FROM osm_here").fetchone()
    if not kept or not kept[0]:
        raise InputError("osm-no-streets-here", file=file)
    return Part(_KEPT, whole.get("node", 0), whole.get("way", 0), whole.get("relation", 0), int(kept[0]))


def _met(cursor: duckdb.DuckDBPyConnection, source: str, node: str) -> int:
    """Count the nodes that streets refer to, where ids of nodes read as ``node``."""
    refs = "SELECT unnest(refs) FROM osm_street"
    found = cursor.execute(f"SELECT count(*) FROM {source} WHERE kind = 'node' AND {node} IN ({refs})").fetchone()
    return int(found[0]) if found else 0
