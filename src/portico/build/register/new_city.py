"""The folder of a city of which nothing is known yet but a register of its sites."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portico.build.register.reading import RegisterFile, open_register
from portico.city.exchange.coordinates import GREAT_BRITAIN
from portico.city.exchange.incoming import short_name, slug
from portico.city.exchange.keeping import TableWriter
from portico.city.opening import FACTS, SETTINGS, STATE
from portico.errors import InputError, UsageError
from portico.geo import Box, Point
from portico.lake.crs_known import ITALY
from portico.lake.found import Told
from portico.lake.lake import open_engine

_MARGIN_DEG = 0.05


@dataclass(frozen=True, slots=True)
class _Country:
    """What follows for a city from the country it lies in."""

    code: str
    box: Box
    crs: str
    time_zone: str
    languages: tuple[str, ...]


_COUNTRIES = (
    _Country("GB", GREAT_BRITAIN, "EPSG:27700", "Europe/London", ("en",)),
    _Country("IT", ITALY, "EPSG:32632", "Europe/Rome", ("it", "en")),
)


def make_city(folder: Path, path: Path, *, told: Told, register: str, licence: str) -> None:
    """Write the folder of a city around the register in ``path``: its extent, who keeps it, empty tables of sites.

    Raises UsageError where there is something in ``folder`` already, InputError where the register does not say where
    its sites lie, or lies in a country that has to be described by hand.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("new-city-not-empty", folder=folder.name)
    with open_register(path, open_engine(), told=told, country="GB", extent=None, register=register) as opened:
        points = [
            place.point
            for place in opened.places.values()
            if place.point and place.located.about and (place.located.is_placed or place.located.found == "repair")
        ]
        box = _around(points)
        country = next((one for one in _COUNTRIES if box and _holds(one.box, box)), None)
        if box is None or country is None:
            raise InputError("new-city-where", file=opened.texts.file)
        name = _named(opened) or folder.name
    (folder / FACTS).mkdir(parents=True)
    (folder / ".gitignore").write_text(f"{STATE}/\n", "utf-8")
    (folder / SETTINGS).write_text(_settings(folder.name, name, box, country, licence), "utf-8")
    for table in ("sites", "site_attributes"):
        TableWriter(folder / FACTS / f"{table}.csv", table).close()


def _named(opened: RegisterFile) -> str:
    """Return whose register it is, where all of its records agree: the body's name, else the end of its address."""
    for attribute in ("register-name", "register"):
        group = next((one for one in opened.layout.groups if one[0].field.attribute == attribute), ())
        if group:
            different = {text.strip() for text in opened.texts.different(group[0].heading)} - {""}
            if len(different) == 1:
                one = different.pop()
                return one if attribute == "register-name" else short_name(one).replace("-", " ").title()
    return ""


def _around(points: Iterable[Point]) -> Box | None:
    every = list(points)
    if not every:
        return None
    lons, lats = [one.lon for one in every], [one.lat for one in every]
    return Box(
        round(min(lons) - _MARGIN_DEG, 3),
        round(min(lats) - _MARGIN_DEG, 3),
        round(max(lons) + _MARGIN_DEG, 3),
        round(max(lats) + _MARGIN_DEG, 3),
    )


def _holds(outer: Box, inner: Box) -> bool:
    corners = (Point(inner.west, inner.south), Point(inner.east, inner.north))
    return all(one in outer for one in corners)


def _settings(identifier: str, name: str, box: Box, country: _Country, licence: str) -> str:
    said = json.dumps(name, ensure_ascii=False)  # a TOML text is written as a JSON one
    languages = ", ".join(f'"{one}"' for one in country.languages)
    return f"""\
id = "{slug(identifier) or "city"}"
name = {{ en = {said} }}
languages = [{languages}]
crs = "{country.crs}"
time_zone = "{country.time_zone}"
licence = {json.dumps(licence)}

# Around the sites of the register, with a margin of {_MARGIN_DEG}°.
[extent]
west = {box.west}
south = {box.south}
east = {box.east}
north = {box.north}

[calendar]
country = "{country.code}"

# Who answers for the sites. Nobody has agreed to a term yet: replace this by the office that will.
[[partners]]
id = "register"
name = {{ en = {said} }}
office = {{ en = "Keeper of the register" }}
working_days = 10
commitment = "proposed"
"""
