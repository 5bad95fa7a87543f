"""The coordinate systems that European offices publish in: where each is used, how far its way to EPSG:4326 may be off.

The inverse projections here are series good to some metres near their zone (J. P. Snyder, *Map Projections: A Working
Manual*, USGS Professional Paper 1395, 1987, formulas 8-17 to 8-25, 7-1 to 7-5, 24-24 to 24-33 on a sphere). They leave
out the shift between datums, up to some hundred metres: enough to say whether coordinates can be where they should be,
never used to place anything. The engine's PROJ does that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.geo import Box, Point

WORLD = Box(-180.0, -90.0, 180.0, 90.0)
# EPSG areas 1127 (Italy, onshore and offshore) and 1298 (Europe, ETRS89), rounded outward to a tenth of a degree.
ITALY = Box(5.9, 34.7, 19.0, 47.1)
EUROPE = Box(-16.2, 32.8, 40.2, 84.8)

_GRS80 = (6_378_137.0, 1 / 298.257222101)
_INTERNATIONAL = (6_378_388.0, 1 / 297.0)
_AIRY = (6_377_563.396, 1 / 299.3249646)
_AUTHALIC_M = 6_371_007.2
_FARTHEST_M = 1_800_000.0
"""From a central meridian; the series are useless beyond, and nobody surveys so far from one."""


@dataclass(frozen=True, slots=True)
class Degrees:
    """Longitude and latitude as they are."""

    def lonlat(self, x: float, y: float) -> Point | None:
        """Return the point, nothing where the numbers are no longitude and latitude."""
        return Point(x, y) if Point(x, y) in WORLD else None


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """UTM, Gauss-Boaga and their like."""

    ellipsoid: tuple[float, float]
    lon0: float
    scale: float
    false_east_m: float
    false_north_m: float = 0.0
    lat0: float = 0.0

    def lonlat(self, x: float, y: float) -> Point | None:
        """Return about where easting ``x`` and northing ``y`` (metres) are, nothing far outside the zone."""
        a, flattening = self.ellipsoid
        e2 = flattening * (2 - flattening)
        arc = _meridian_arc(math.radians(self.lat0), a, e2) + (y - self.false_north_m) / self.scale
        if abs(x - self.false_east_m) > _FARTHEST_M or abs(arc) > _meridian_arc(math.pi / 2, a, e2):
            return None
        foot = _footpoint(arc, a, e2)
        sine, cosine, tangent = math.sin(foot), math.cos(foot), math.tan(foot)
        bulge = 1 - e2 * sine**2
        across = a / math.sqrt(bulge)
        along = across * (1 - e2) / bulge
        d = (x - self.false_east_m) / (across * self.scale)
        t, c, ep2 = tangent**2, e2 / (1 - e2) * cosine**2, e2 / (1 - e2)
        lat = foot - across * tangent / along * (
            d**2 / 2
            - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * ep2) * d**4 / 24
            + (61 + 90 * t + 298 * c + 45 * t**2 - 252 * ep2 - 3 * c**2) * d**6 / 720
        )
        lon = d - (1 + 2 * t + c) * d**3 / 6 + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * ep2 + 24 * t**2) * d**5 / 120
        return Degrees().lonlat(self.lon0 + math.degrees(lon / max(cosine, 1e-9)), math.degrees(lat))


@dataclass(frozen=True, slots=True)
class WebMercator:
    """The grid of web maps."""

    def lonlat(self, x: float, y: float) -> Point | None:
        """Return where ``x`` and ``y`` (metres on the map) are."""
        a = _GRS80[0]
        if abs(x) > a * math.pi or abs(y) > a * math.pi:
            return None
        return Point(math.degrees(x / a), math.degrees(2 * math.atan(math.exp(y / a)) - math.pi / 2))


@dataclass(frozen=True, slots=True)
class EqualArea:
    """Lambert's azimuthal equal-area projection of Europe, EPSG:3035, on a sphere of the same area: off by some km."""

    lon0: float = 10.0
    lat0: float = 52.0
    false_east_m: float = 4_321_000.0
    false_north_m: float = 3_210_000.0

    def lonlat(self, x: float, y: float) -> Point | None:
        """Return about where ``x`` and ``y`` (metres) are."""
        east, north = x - self.false_east_m, y - self.false_north_m
        away = math.hypot(east, north)
        if away > _AUTHALIC_M * math.sqrt(2):
            return None
        if not away:
            return Point(self.lon0, self.lat0)
        angle, phi0 = 2 * math.asin(away / (2 * _AUTHALIC_M)), math.radians(self.lat0)
        lat = math.asin(
            math.cos(angle) * math.sin(phi0) + north * math.sin(angle) * math.cos(phi0) / away,
        )
        lon = math.atan2(
            east * math.sin(angle),
            away * math.cos(phi0) * math.cos(angle) - north * math.sin(phi0) * math.sin(angle),
        )
        return Degrees().lonlat(self.lon0 + math.degrees(lon), math.degrees(lat))


def _meridian_arc(phi: float, a: float, e2: float) -> float:
    """Return the length of the meridian from the equator to latitude ``phi`` (radians), in metres."""
    return a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - 35 * e2**3 / 3072 * math.sin(6 * phi)
    )


def _footpoint(arc: float, a: float, e2: float) -> float:
    mu = arc / (a * (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256))
    e1 = (1 - math.sqrt(1 - e2)) / (1 + math.sqrt(1 - e2))
    return (
        mu
        + (3 * e1 / 2 - 27 * e1**3 / 32) * math.sin(2 * mu)
        + (21 * e1**2 / 16 - 55 * e1**4 / 32) * math.sin(4 * mu)
        + 151 * e1**3 / 96 * math.sin(6 * mu)
        + 1097 * e1**4 / 512 * math.sin(8 * mu)
    )


Projection = Degrees | TransverseMercator | WebMercator | EqualArea


@dataclass(frozen=True, slots=True)
class Known:
    """A coordinate system: its names (the first is EPSG's), where it is used, how far EPSG:4326 is off, its shape."""

    names: tuple[str, ...]
    area: Box
    accuracy_m: float
    projection: Projection


def _zone(datum: str, number: int) -> tuple[str, ...]:
    return (
        f"{datum} / UTM zone {number}N",
        f"{datum} UTM {number}N",
        f"{datum} UTM{number}N",
        f"UTM {number}N {datum}",
        f"UTM{number} {datum}",
        f"UTM{number}N {datum}",
        f"{datum} UTM {number}",
        f"{datum} UTM fuso {number}",
        f"UTM zone {number}N {datum}",
        f"{datum} UTM{number}",
    )


def _band(lon0: float) -> Box:
    """Return where a UTM zone is really used: whole countries are kept in one zone (Italy's statistics in zone 32)."""
    return Box(lon0 - 9.0, 0.0, lon0 + 12.0, 84.0)


# Accuracies, in metres, are those EPSG states of the transformation PROJ uses without grids:
#   Monte Mario    EPSG:1660 (mainland), 1662 (Sardinia), 1664 (Sicily): 4 m, as chosen in ``REGIONS``.
#   ED50           EPSG:1133 (mean of western Europe): about 10 m.
#   ETRS89, RDN2008, RGF93  a null transformation to WGS 84 (EPSG:1149 and its like): 1 m.
#   OSGB36         EPSG:1314: 2 m.
KNOWN: dict[str, Known] = {
    "EPSG:4326": Known(("WGS 84", "WGS84", "GCS_WGS_1984", "WGS 1984", "CRS84", "lat/lon"), WORLD, 0.0, Degrees()),
    "EPSG:4258": Known(("ETRS89", "GCS_ETRS_1989", "ETRF89", "ETRF2000"), EUROPE, 1.0, Degrees()),
    "EPSG:6706": Known(("RDN2008", "GCS_RDN2008", "ETRF2000-RDN2008"), ITALY, 1.0, Degrees()),
    "EPSG:4265": Known(("Monte Mario", "GCS_Monte_Mario", "Roma 40", "Roma40"), ITALY, 4.0, Degrees()),
    "EPSG:4230": Known(("ED50", "GCS_European_1950"), EUROPE, 10.0, Degrees()),
    "EPSG:3857": Known(("WGS 84 / Pseudo-Mercator", "Web Mercator", "Google Maps"), WORLD, 0.0, WebMercator()),
    "EPSG:3003": Known(
        (
            "Monte Mario / Italy zone 1",
            "Monte_Mario_Italy_1",
            "Monte_Mario_Rome_Italy_1",
            "Gauss-Boaga Ovest",
            "Gauss-Boaga fuso Ovest",
            "Gauss-Boaga zona 1",
            "Gauss-Boaga fuso 1",
            "Roma 40 / Ovest",
            "Roma40 fuso Ovest",
        ),
        Box(5.5, 34.7, 14.5, 47.6),
        4.0,
        TransverseMercator(_INTERNATIONAL, 9.0, 0.9996, 1_500_000.0),
    ),
    "EPSG:3004": Known(
        (
            "Monte Mario / Italy zone 2",
            "Monte_Mario_Italy_2",
            "Monte_Mario_Rome_Italy_2",
            "Gauss-Boaga Est",
            "Gauss-Boaga fuso Est",
            "Gauss-Boaga zona 2",
            "Gauss-Boaga fuso 2",
            "Roma 40 / Est",
            "Roma40 fuso Est",
        ),
        Box(9.5, 34.7, 19.5, 47.6),
        4.0,
        TransverseMercator(_INTERNATIONAL, 15.0, 0.9996, 2_520_000.0),
    ),
    **{
        f"EPSG:326{number}": Known(
            (*_zone("WGS 84", number), *_zone("WGS84", number), f"WGS_1984_UTM_Zone_{number}N"),
            _band(6 * number - 183.0),
            0.0,
            TransverseMercator(_GRS80, 6 * number - 183.0, 0.9996, 500_000.0),
        )
        for number in range(28, 38)
    },
    **{
        f"EPSG:258{number}": Known(
            (*_zone("ETRS89", number), f"ETRS_1989_UTM_Zone_{number}N"),
            _band(6 * number - 183.0),
            1.0,
            TransverseMercator(_GRS80, 6 * number - 183.0, 0.9996, 500_000.0),
        )
        for number in range(28, 38)
    },
    **{
        f"EPSG:230{number}": Known(
            (*_zone("ED50", number), f"ED_1950_UTM_Zone_{number}N", f"European_Datum_1950_UTM_Zone_{number}N"),
            _band(6 * number - 183.0),
            10.0,
            TransverseMercator(_INTERNATIONAL, 6 * number - 183.0, 0.9996, 500_000.0),
        )
        for number in range(28, 38)
    },
    # Easting first; EPSG:6707 and 6708 are the same grids with northing first, which nobody writes in a file.
    **{
        f"EPSG:{7791 + number - 32}": Known(
            (f"RDN2008 / UTM zone {number}N (E-N)", f"RDN2008_UTM_Zone_{number}N"),
            ITALY,
            1.0,
            TransverseMercator(_GRS80, 6 * number - 183.0, 0.9996, 500_000.0),
        )
        for number in (32, 33, 34)
    },
    **{
        f"EPSG:{6707 + number - 32}": Known(
            _zone("RDN2008", number),
            ITALY,
            1.0,
            TransverseMercator(_GRS80, 6 * number - 183.0, 0.9996, 500_000.0),
        )
        for number in (32, 33, 34)
    },
    "EPSG:3035": Known(("ETRS89-extended / LAEA Europe", "ETRS89 / LAEA Europe"), EUROPE, 1.0, EqualArea()),
    "EPSG:27700": Known(
        ("OSGB36 / British National Grid", "OSGB 1936 / British National Grid", "British_National_Grid"),
        Box(-9.1, 49.7, 2.1, 61.1),
        2.0,
        TransverseMercator(_AIRY, -2.0, 0.9996012717, 400_000.0, -100_000.0, 49.0),
    ),
}

# Other codes of the same grid. The engine's PROJ goes astray with the meridian of Rome, so those are named by the grid
# counted from Greenwich, which has the same eastings and northings.
SAME = {
    "EPSG:26591": "EPSG:3003",
    "EPSG:26592": "EPSG:3004",
    "ESRI:102091": "EPSG:3003",
    "ESRI:102092": "EPSG:3004",
    "EPSG:102091": "EPSG:3003",
    "EPSG:102092": "EPSG:3004",
    "ESRI:102093": "EPSG:3004",
    "ESRI:102094": "EPSG:3003",
    "EPSG:900913": "EPSG:3857",
    "EPSG:3785": "EPSG:3857",
    "EPSG:102100": "EPSG:3857",
    "ESRI:102100": "EPSG:3857",
    "EPSG:102113": "EPSG:3857",
    "ESRI:102113": "EPSG:3857",
    "EPSG:3044": "EPSG:25832",
    "EPSG:3045": "EPSG:25833",
    "EPSG:3046": "EPSG:25834",
    "OGC:CRS84": "EPSG:4326",
    "CRS:84": "EPSG:4326",
}


@dataclass(frozen=True, slots=True)
class Region:
    """Where other parameters hold: bounds in a system's own coordinates, and the parameters."""

    west: float
    east: float
    south: float
    north: float
    towgs84: str


# PROJ left alone takes the parameters of the mainland in the north of Sicily (8 m off) and none at all on the small
# islands, at sea and over the border (75 m off), and may do so within one shape. We choose, for each shape by its
# middle, as EPSG's areas have it; what is no island has the mainland's.
MAINLAND = "-104.1,-49.1,-9.9,0.971,-2.917,0.714,-11.68"
_SARDINIA = "-168.6,-34.0,38.6,-0.374,-0.679,-1.379,-9.48"
_SICILY = "-50.2,-50.4,84.8,-0.69,-2.012,0.459,-28.08"
REGIONS: dict[str, tuple[Region, ...]] = {
    "EPSG:3003": (Region(1_415_000, 1_580_000, 4_290_000, 4_580_000, _SARDINIA),),
    # As far east as Messina; Reggio di Calabria lies ten kilometres on.
    "EPSG:3004": (Region(2_283_000, 2_572_000, 4_049_000, 4_248_000, _SICILY),),
    "EPSG:4265": (Region(8.08, 9.87, 38.82, 41.32, _SARDINIA), Region(12.36, 15.59, 36.59, 38.36, _SICILY)),
}
PROJ_TEXTS = {
    "EPSG:3003": "+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=1500000 +y_0=0 +ellps=intl +units=m",
    "EPSG:3004": "+proj=tmerc +lat_0=0 +lon_0=15 +k=0.9996 +x_0=2520000 +y_0=0 +ellps=intl +units=m",
    "EPSG:4265": "+proj=longlat +ellps=intl",
}
