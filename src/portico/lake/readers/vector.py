"""Files of places: which reader reads which, and what each of them needs before the geometry library may see it."""

from __future__ import annotations

import re

from portico.errors import InputError
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.readers import flatgeobuf, gdal, geojson, kml, shapefile, xml_text
from portico.lake.readers.features import warning
from portico.lake.readers.linking import linked
from portico.messages import Finding

_OWN = {
    Format.GEOJSON: geojson.read,
    Format.TOPOJSON: geojson.read,
    Format.KML: kml.read,
    Format.KMZ: kml.read,
    Format.FLATGEOBUF: flatgeobuf.read,
    Format.SHAPEFILE: shapefile.read,
}
_SCALAR = re.compile(r"<Type>(?!Complex|Feature)[A-Za-z0-9]+?(List)?</Type>")
_BOUNDS = re.compile(r"\s*<PropertyDefn>(?:(?!</PropertyDefn>).)*boundedBy.*?</PropertyDefn>", re.DOTALL)
_EXTRAS = re.compile(r"\s*<(Subtype|Width|Precision)>[^<]*</\1>")
_GEOPACKAGE_BYTES = 100


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the layers of a file of places, the one with most features first; only ``told.layer`` where told.

    Each has a column "geometry" of WKB in source coordinates, x before y, and ``crs`` as ``crs.find`` writes it, empty
    where the file states none. Columns are text unless the format states a type. Raises InputError with one sentence
    where the file is damaged, hostile or empty of layers.
    """
    if member.format in _OWN:
        return _OWN[member.format](member, shop)
    source, issues = _gml(member, shop) if member.format is Format.GML else (_geopackage(member, shop), ())
    found = gdal.layers(source, member, shop)
    filled = [layer for layer in found if layer.count] or found[:1]
    return [gdal.table(source, layer, member, shop, issues + _unplaced(layer, member)) for layer in filled]


def _unplaced(layer: gdal.Layer, member: Member) -> tuple[Finding, ...]:
    return () if layer.crs or not layer.has_geometry else (warning("crs-not-stated", member.name),)


def _geopackage(member: Member, shop: Workshop) -> gdal.Source:
    if member.path.stat().st_size < _GEOPACKAGE_BYTES:
        raise InputError("places-unreadable", file=member.name, format=member.format.value, detail="–")
    # Opened as if on a disk nobody can write to: no journal appears beside the original.
    return gdal.Source(linked(member.path, shop, ".gpkg"), "GPKG", ("IMMUTABLE=YES",))


def _gml(member: Member, shop: Workshop) -> tuple[gdal.Source, tuple[Finding, ...]]:
    """Return a GML ready to be read: checked, in UTF-8, every property as text.

    The library guesses types from the values and would read the code 001 as 1. It writes its guesses beside the file,
    in the workshop: we let it, call every type text, and it believes that.
    """
    path, issues = xml_text.prepared(member.path, member, shop, ".gml")
    # Axes: names of the OGC's kind (urn:ogc:def:crs:…) say latitude first, and the library turns them round.
    source = gdal.Source(path, "GML", ("DOWNLOAD_SCHEMA=NO", "WRITE_GFS=YES"), encoding="utf-8")
    gdal.layers(source, member, shop)
    guesses = path.with_suffix(".gfs")
    if guesses.exists():
        said = guesses.read_text("utf-8")
        texts = _SCALAR.sub(lambda found: f"<Type>String{found.group(1) or ''}</Type>", said)
        guesses.write_text(_BOUNDS.sub("", _EXTRAS.sub("", texts)), "utf-8")
    return source, issues
