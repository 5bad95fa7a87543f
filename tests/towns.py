"""Borgo Prova with streets: a grid of lines, two quarters, homes with people; built in a second and all of it known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.cities import AS_OF, AT, write_borgo_prova

from portico import city as cities
from portico.build import build, lake_of
from portico.build.cells import carry_out, plan, survey
from portico.build.cells_asked import Kind, Wanted
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.lake import store
from portico.lake.commands import publish
from portico.lake.model import Column, Hold, Table, Type
from portico.messages import Text

WEST, SOUTH, STEP, LINES = 14.49, 47.49, 0.004, 9
EAST, NORTH = WEST + STEP * (LINES - 1), SOUTH + STEP * (LINES - 1)
MIDDLE = WEST + STEP * (LINES - 1) / 2
HOMES = (
    ("h1", 100, (WEST + 0.001, SOUTH)),
    ("h2", 40, (EAST, NORTH)),
    ("h3", None, (MIDDLE, SOUTH + STEP)),
    ("h4", 7, (14.2, 47.2)),
    ("h5", 3, None),
)
SOURCES = """
[[sources]]
id = "streets"
title = { en = "Streets of the valley" }
publisher = "Road board of the valley"
licence = "ODbL-1.0"
file = "files/streets.geojson"
use = "streets"

[[sources]]
id = "quarters"
title = { en = "Quarters" }
publisher = "Town hall"
licence = "CC-BY-4.0"
file = "files/quarters.geojson"

[[sources]]
id = "homes"
title = { en = "Homes" }
publisher = "Registry"
licence = "CC0-1.0"
file = "files/homes.geojson"
"""


def collection(rows: Sequence[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]) -> str:
    """Return rows of geometry and properties as GeoJSON."""
    features = [{"type": "Feature", "geometry": shape, "properties": values} for shape, values in rows]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [[round(x, 6), round(y, 6)] for x, y in points]}


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a rectangle as a GeoJSON polygon."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def grid() -> str:
    """Return streets every ``STEP`` degrees, both ways."""
    places = range(LINES)
    across = [_line(*((WEST + x * STEP, SOUTH + y * STEP) for x in places)) for y in places]
    along = [_line(*((WEST + x * STEP, SOUTH + y * STEP) for y in places)) for x in places]
    return collection([(shape, {"name": f"street {number}"}) for number, shape in enumerate([*across, *along])])


def write_town(folder: Path) -> Path:
    """Write Borgo Prova with streets, quarters and homes to ``folder`` and return it."""
    write_borgo_prova(folder)
    with (folder / "city.toml").open("a", encoding="utf-8") as settings:
        settings.write(SOURCES)
    files = folder / "files"
    (files / "streets.geojson").write_text(grid(), "utf-8")
    quarters = (("west", square(WEST, SOUTH, MIDDLE, NORTH)), ("east", square(MIDDLE, SOUTH, EAST, NORTH)))
    (files / "quarters.geojson").write_text(collection([(shape, {"id": name}) for name, shape in quarters]), "utf-8")
    homes = [
        ({"type": "Point", "coordinates": list(place)} if place else None, {"id": name, "people": people})
        for name, people, place in HOMES
    ]
    (files / "homes.geojson").write_text(collection(homes), "utf-8")
    return folder


CROWD = 21_000
"""More places than one tile may hold."""
WALKED = "cells-cumulative-walk-20-homes-people-in-quarters"


def layered_town(folder: Path) -> tuple[str, str]:
    """Write and build the town with a layer of cells, a crowd of points, and a version that is held.

    Returns the ids of the layer's version and of the held one.
    """
    opened = cities.open(write_town(folder))
    build(opened, as_of=AS_OF, at=AT)
    lake = lake_of(opened)
    wanted = Wanted(Kind.CUMULATIVE, within_minutes=20, of="homes", amount="people", area="quarters")
    made = carry_out(opened, lake, plan(opened, lake, wanted, survey(opened, lake, wanted)), at=AT)
    columns = (Column("name", Type.TEXT), Column("height", Type.NUMBER, "m"), Column("year", Type.INTEGER))
    rows = [
        (f"t{one:05}", None if one % 7 == 0 else one / 100, 1990, (WEST + one % 150 / 5_000, SOUTH + one / 700_000))
        for one in range(CROWD)
    ]
    trees = Dataset("trees", DatasetKind.FILE, Text(en="Trees", it="Alberi"), "Gardeners", "CC0-1.0")
    table = Table((*columns, Column("place", Type.POINT)), rows)
    publish(lake, table, trees, Distribution("trees.csv", "trees", "text/csv", ""), at=AT)
    secret = Dataset("secret", DatasetKind.FILE, Text(en="Secret"), "Gardeners", "CC0-1.0")
    few = Table((Column("name", Type.TEXT), Column("place", Type.POINT)), [("a", (WEST, SOUTH))])
    held = publish(lake, few, secret, Distribution("secret.csv", "secret", "text/csv", ""), at=AT).version
    with lake.database.write() as connection:
        store.put_hold(connection, Hold("secret", held.id, ({"column": "name", "kind": "name", "count": 1},), AT))
    opened.database.close()
    return made.version.id, held.id
