"""Streets out of any file that holds some: what it is, is found by its content."""

from __future__ import annotations

from pathlib import Path

from portico.errors import InputError, UsageError
from portico.geo import Box
from portico.lake.found import Format
from portico.lake.lines import read_line_streets
from portico.lake.readers.osm_streets import OsmStreets, read_osm_streets
from portico.lake.readers.street_graphml import read_street_graphml
from portico.lake.sniff.format import identify

LINES_ARE = "residential"
"""The class of streets that come as mere lines, with no class of their own."""

_LAYERS = frozenset(
    {Format.GEOJSON, Format.SHAPEFILE, Format.GEOPACKAGE, Format.KML, Format.KMZ, Format.GML, Format.FLATGEOBUF}
    | {Format.TOPOJSON, Format.PARQUET, Format.ZIP}
)


def read_streets(path: Path, box: Box | None = None) -> OsmStreets:
    """Return the ways in an OpenStreetMap extract (PBF), an OSMnx graph (GraphML) or a layer of lines.

    ``box`` (EPSG:4326) leaves out what does not touch it, in an extract. Raises UsageError where there is no file,
    InputError where it holds no streets.
    """
    if not path.is_file():
        raise UsageError("file-not-found", file=str(path))
    found = identify(path)
    if found is Format.OSM_PBF:
        return read_osm_streets(path, box)
    if found is Format.GRAPHML:
        return read_street_graphml(path)
    if found in _LAYERS:
        return read_line_streets(path, LINES_ARE)
    raise InputError("streets-not-in-file", file=path.name, format=found.value)


def is_classed(path: Path) -> bool:
    """Say whether the streets in a file have classes: mere lines do not, and their speeds are assumed."""
    return identify(path) in (Format.OSM_PBF, Format.GRAPHML)


def is_graph(path: Path) -> bool:
    """Say whether a file is a graph, which is no table and becomes no dataset."""
    return identify(path) is Format.GRAPHML
