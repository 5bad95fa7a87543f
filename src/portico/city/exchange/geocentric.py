"""Earth-centred coordinates, X and Y without Z, as some registers give them for ETRS89 (EPSG:4936).

A register that transformed British National Grid to "ETRS89" may hold the geocentric X and Y of its sites and have
dropped Z. Longitude follows exactly from the two; latitude follows from the distance to the Earth's axis, where the
height above the ellipsoid is assumed.
"""

from __future__ import annotations

import math

from portico.geo import Point

_A_M = 6_378_137.0
_E2 = 0.006_694_380_022_900_788  # GRS 80 (EPSG:7019)
HEIGHT_M = 75.0
"""The height that is assumed: some 50 m of geoid in western Europe, and a low town."""
OFF_M = 100.0
"""By how much a position may be off for it: about 75 m of height, at the latitudes of Europe."""


def point(x_m: float, y_m: float, height_m: float = HEIGHT_M) -> Point | None:
    """Return the point on the northern half at geocentric ``x_m`` and ``y_m``; nothing where there is none.

    The distance to the axis p = (N + h) cos(lat), with N the radius of curvature in the prime vertical, is solved for
    the latitude by iteration (Bowring 1976 gives the closed form where Z is known; here it is not).

    >>> found = point(3975323.664, -7125.8838)
    >>> round(found.lon, 4), round(found.lat, 3)
    (-0.1027, 51.539)
    """
    to_axis = math.hypot(x_m, y_m)
    if not 0 < to_axis < _A_M + height_m:
        return None
    lat = math.acos(min(1.0, to_axis / (_A_M + height_m)))
    for _ in range(20):
        normal = _A_M / math.sqrt(1 - _E2 * math.sin(lat) ** 2)
        cosine = to_axis / (normal + height_m)
        if cosine > 1:
            return None
        lat = math.acos(cosine)
    return Point(math.degrees(math.atan2(y_m, x_m)), math.degrees(lat))
