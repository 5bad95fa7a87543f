"""How fast one travels, by class of street: a dated table, and the reading of ``maxspeed``.

The legal limits are Italy's, general and by kind of road: Codice della strada (D.Lgs. 285/1992), art. 142: 130 km/h on
motorways, 110 on main roads outside towns, 90 on secondary ones, 50 in towns. What is driven where no limit is tagged
is this project's choice for a free road, links and junctions included; where a limit is tagged, ``LIMIT_SHARE`` of it.
The peak factor multiplies the time and is declared apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

AS_OF = date(2026, 11, 27)
"""The day this table was last looked over."""

LEGAL_KM_H: Mapping[str, float] = MappingProxyType(
    {
        "IT:motorway": 130.0,
        "IT:trunk": 110.0,
        "IT:rural": 90.0,
        "IT:urban": 50.0,
        "IT:living_street": 30.0,
        "IT:zone30": 30.0,
        "IT:zone:30": 30.0,
        "walk": 6.0,
    }
)
"""Limits that are tagged by name."""

LIMIT_SHARE = 0.8
"""What is driven on a free road, as a share of a tagged limit: crossings, bends and lights cost the rest."""

DRIVEN_KM_H: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 105.0,
        "motorway_link": 50.0,
        "trunk": 80.0,
        "trunk_link": 45.0,
        "primary": 55.0,
        "primary_link": 35.0,
        "secondary": 45.0,
        "secondary_link": 30.0,
        "tertiary": 38.0,
        "tertiary_link": 28.0,
        "unclassified": 32.0,
        "residential": 25.0,
        "road": 25.0,
        "living_street": 10.0,
        "service": 15.0,
        "services": 15.0,
        "rest_area": 15.0,
        "track": 12.0,
    }
)
"""What is driven on a free road without a tagged limit, by class; a class that is not here is not driven on."""

RIDDEN_KM_H: Mapping[str, float] = MappingProxyType(
    {
        "cycleway": 16.0,
        "primary": 16.0,
        "primary_link": 16.0,
        "secondary": 16.0,
        "secondary_link": 16.0,
        "tertiary": 16.0,
        "tertiary_link": 16.0,
        "unclassified": 16.0,
        "residential": 15.0,
        "road": 15.0,
        "living_street": 12.0,
        "service": 14.0,
        "services": 12.0,
        "rest_area": 12.0,
        "track": 11.0,
        "path": 11.0,
        "bridleway": 9.0,
        "trunk": 16.0,
        "trunk_link": 16.0,
    }
)
"""What is ridden on a bicycle, by class; trunk roads only where bicycles are expressly let in."""

PUSHED_KM_H = 4.0
"""A bicycle pushed along a footway or pedestrian street."""

WALKED_KM_H = 4.5
STEPS_SHARE = 0.6
"""What is walked on steps, as a share of the speed on the flat."""

FERRY_KM_H = 12.0
"""A ferry whose duration is not tagged."""

_MILE_KM = 1.609344
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_FASTEST_KM_H = 150.0


def limit_km_h(tag: str) -> float | None:
    """Return the limit that a value of ``maxspeed`` states in km/h, nothing where it states none.

    >>> limit_km_h("50"), limit_km_h("30 mph"), limit_km_h("IT:rural"), limit_km_h("signals")
    (50.0, 48.28032, 90.0, None)
    """
    stated = tag.split(";", maxsplit=1)[0].strip()
    if stated in LEGAL_KM_H:
        return LEGAL_KM_H[stated]
    found = _NUMBER.fullmatch(stated)
    if not found:
        return None
    number = float(found[1]) * (_MILE_KM if found[2] == "mph" else 1.0)
    return number if 0.0 < number <= _FASTEST_KM_H else None


def duration_s(tag: str) -> float | None:
    """Return the seconds a value of ``duration`` states: minutes, hours and minutes, or ISO 8601; nothing for others.

    >>> duration_s("25"), duration_s("1:30"), duration_s("PT35M"), duration_s("soon")
    (1500.0, 5400.0, 2100.0, None)
    """
    iso = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", tag)
    if iso and any(iso.groups()):
        hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts = tag.split(":")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:  # noqa: PLR2004 - hours, minutes, seconds
        return None
    numbers = [float(part) for part in parts]
    if len(numbers) == 1:
        return numbers[0] * 60
    return numbers[0] * 3600 + numbers[1] * 60 + sum(numbers[2:])
