"""Street graphs that OSMnx wrote as GraphML, read as ways over nodes."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from portico.errors import InputError
from portico.lake.readers import xml_text
from portico.lake.readers.osm_streets import WAY_KEYS, OsmStreets

_LINE = re.compile(r"LINESTRING\s*\(([^()]*)\)")
_LONGEST_TEXT = 5_000_000
_MOST_ELEMENTS = 20_000_000


@dataclass(slots=True)
class _Found:
    """The elements of the file as they come."""

    keys: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    graph: dict[str, str] = field(default_factory=dict)


def read_street_graphml(path: Path) -> OsmStreets:
    """Return the streets in the GraphML at ``path``: directed edges with class, one-way and limit, as OSMnx has them.

    Raises InputError where it is no such graph or not in EPSG:4326.
    """
    found = _parsed(path)
    crs = found.graph.get("crs", "epsg:4326").lower()
    if crs != "epsg:4326":
        raise InputError("graphml-crs", file=path.name, crs=crs)
    node_at, lon, lat = _places(found, path.name)
    ways = [one for one in _once(found.edges) if one[0] in node_at and one[1] in node_at]
    if not ways:
        raise InputError("streets-none", file=path.name)
    refs: list[int] = []
    first = [0]
    tags: list[Mapping[str, str]] = []
    number_of: dict[tuple[tuple[str, str], ...], int] = {}
    way_tags = []
    for start, end, about in ways:
        inner = _drawn(about.get("geometry", ""))
        refs.append(node_at[start])
        for x, y in inner[1:-1]:
            refs.append(len(lon))
            lon.append(x)
            lat.append(y)
        refs.append(node_at[end])
        first.append(len(refs))
        own = _tags(about)
        key = tuple(sorted(own.items()))
        if key not in number_of:
            number_of[key] = len(tags)
            tags.append(own)
        way_tags.append(number_of[key])
    return OsmStreets(
        way_id=np.arange(len(ways), dtype=np.int64),
        way_tags=np.array(way_tags, dtype=np.int64),
        way_name=tuple(_first_of(about.get("name") or about.get("ref", "")) for _, _, about in ways),
        tags=tuple(tags),
        first=np.array(first, dtype=np.int64),
        refs=np.array(refs, dtype=np.int64),
        node_id=np.arange(len(lon), dtype=np.int64),
        node_lon=np.array(lon),
        node_lat=np.array(lat),
        barriers={},
        restrictions=(),
    )


def _parsed(path: Path) -> _Found:  # noqa: C901 - one handler for each event of the parser
    found = _Found()
    now: list[dict[str, str]] = []
    state: dict[str, Any] = {"key": "", "text": [], "size": 0, "count": 0}

    def start(name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        state["count"] += 1
        if state["count"] > _MOST_ELEMENTS:
            raise InputError("graphml-too-large", file=path.name, limit=_MOST_ELEMENTS)
        if tag == "key":
            found.keys[given.get("id", "")] = given.get("attr.name", "")
        elif tag == "graph":
            now.append(found.graph)
        elif tag == "node":
            now.append(found.nodes.setdefault(given.get("id", ""), {}))
        elif tag == "edge":
            about: dict[str, str] = {}
            found.edges.append((given.get("source", ""), given.get("target", ""), about))
            now.append(about)
        elif tag == "data":
            state["key"], state["text"], state["size"] = found.keys.get(given.get("key", ""), ""), [], 0

    def text(content: str) -> None:
        if state["key"]:
            state["size"] += len(content)
            if state["size"] > _LONGEST_TEXT:
                raise InputError("line-too-long", file=path.name, limit=_LONGEST_TEXT)
            state["text"].append(content)

    def end(name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "data" and now and state["key"]:
            now[-1][state["key"]] = "".join(state["text"]).strip()
            state["key"] = ""
        elif tag in ("graph", "node", "edge") and now:
            now.pop()

    parser = xml_text.parser(path.name)
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    xml_text.run(parser, path, path.name)
    return found


def _places(found: _Found, file: str) -> tuple[dict[str, int], list[float], list[float]]:
    """Return the nodes that lie somewhere: their number, longitudes and latitudes."""
    node_at: dict[str, int] = {}
    lon: list[float] = []
    lat: list[float] = []
    for node, about in found.nodes.items():
        try:
            x, y = float(about["x"]), float(about["y"])
        except (KeyError, ValueError):
            continue
        if math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004 - degrees
            node_at[node] = len(lon)
            lon.append(x)
            lat.append(y)
    if not node_at:
        raise InputError("streets-none", file=file)
    return node_at, lon, lat


def _once(edges: list[tuple[str, str, dict[str, str]]]) -> list[tuple[str, str, dict[str, str]]]:
    """Return the edges, those open both ways once: the file has them in each direction."""
    kept, seen = [], set()
    for start, end, about in edges:
        if about.get("oneway") == "True":
            kept.append((start, end, about))
            continue
        key = (frozenset((start, end)), about.get("osmid", ""), about.get("length", "")[:8])
        if key not in seen:
            seen.add(key)
            kept.append((start, end, about))
    return kept


def _drawn(wkt: str) -> list[tuple[float, float]]:
    found = _LINE.fullmatch(wkt.strip())
    if not found:
        return []
    pairs = [one.split() for one in found[1].split(",")]
    try:
        points = [(float(pair[0]), float(pair[1])) for pair in pairs]
    except (IndexError, ValueError):
        return []
    return points if all(math.isfinite(x) and math.isfinite(y) for x, y in points) else []


def _tags(about: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of an edge as OpenStreetMap writes them."""
    own = {key: _first_of(about[key]) for key in WAY_KEYS if about.get(key)}
    own["oneway"] = "yes" if about.get("oneway") == "True" else "no"
    return own


def _first_of(value: str) -> str:
    """Return the first of several values: where ways of different kinds were joined, OSMnx writes a Python list."""
    if not value.startswith("["):
        return value
    try:
        listed = ast.literal_eval(value[:2000])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value
    return str(listed[0]) if isinstance(listed, list) and listed else value
