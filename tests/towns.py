"""Borgo Prova with streets: a grid of lines, two quarters, homes with people; built in a second and all of it known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.cities import write_borgo_prova

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
