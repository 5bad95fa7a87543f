"""An invented city, written by code: another country, language, projection and extent than the reference city's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from portico.city.tables import table

AS_OF = date(2026, 11, 23)
LAQUILA_AS_OF = date(2026, 11, 30)
AT = "2026-11-23T09:00:00+00:00"

SETTINGS = """\
id = "borgo-prova"
name = { en = "Borgo Prova" }
languages = ["en"]
crs = "EPSG:31287"
currency = "EUR"
time_zone = "Europe/Vienna"

[extent]
west = 14.0
south = 47.0
east = 15.0
north = 48.0

[calendar]
country = "AT"
patron_day = "11-25"
closed = ["12-31", "2027-01-04"]

[staleness]
limit_months = 12
widening = 0.5

[[partners]]
id = "town-hall"
name = { en = "Town hall" }
office = { en = "Business desk" }
working_days = 3
municipalities = ["Borgo"]

[[partners]]
id = "valley-agency"
name = { en = "Valley agency" }
office = { en = "Land" }
working_days = 8

[[sources]]
id = "wells"
title = { en = "Wells of the valley" }
publisher = "Water board of the valley"
licence = "CC0-1.0"
file = "files/wells.csv"
"""

WELLS = "id,depth_m\nw1,12\nw2,\n"

_SOURCE = {"source": "register of Borgo Prova, page 1", "checked": "2026-11-01", "confidence": "verified"}
_HERE = {"precision": "exact", **_SOURCE}

SITES = (
    {"id": "prato-grande", "name": "Big meadow", "municipality": "Borgo", "lon": "14.50", "lat": "47.50", **_HERE},
    {"id": "filanda", "name": "Old spinning mill", "municipality": "Borgo", "lon": "14.51", "lat": "47.50", **_HERE},
    {"id": "cava", "name": "Lower quarry", "municipality": "Valle", "lon": "14.60", "lat": "47.55", **_HERE},
    {
        "id": "scalo",
        "name": "Goods yard",
        "municipality": "Valle",
        "lon": "14.55",
        "lat": "47.52",
        **_SOURCE,
        "precision": "approximate",
    },
    {"id": "bosco", "name": "Wood plot", "municipality": "Valle", **_SOURCE},
)

_STATED = (
    ("prato-grande", "status", "", "available", "", "2026-09-01"),
    ("prato-grande", "area", "offered", "50000", "m2", "2026-09-01"),
    ("prato-grande", "area", "buildable", "38000..40000", "m2", "2026-09-01"),
    ("prato-grande", "use", "permitted", "production", "", "2026-09-01"),
    ("prato-grande", "condition", "", "green", "", "2026-09-01"),
    ("filanda", "status", "", "available", "", "2026-09-01"),
    ("filanda", "floor-area", "existing", "6000", "m2", "2023"),
    ("filanda", "use", "planned", "research", "", "2026-09-01"),
    ("filanda", "condition", "", "built", "", "2026-09-01"),
    ("cava", "status", "", "sold", "", "2020"),
    ("cava", "area", "offered", "200000", "m2", "2026-09-01"),
    ("scalo", "status", "", "available", "", "2026-09-01"),
    ("scalo", "area", "whole-holding", "90000", "m2", "2026-09-01"),
    ("bosco", "status", "", "unknown", "", ""),
)
ATTRIBUTES = tuple(
    {
        "id": f"{site}-{number}",
        "site": site,
        "attribute": name,
        "basis": basis,
        "value": value,
        "unit": unit,
        "as_of": day,
        **_SOURCE,
    }
    for number, (site, name, basis, value, unit, day) in enumerate(_STATED)
)

INSTITUTIONS = (
    {
        "id": "agrarian-school",
        "name": "Agrarian school",
        "kind": "university",
        "fields": "food",
        "municipality": "Borgo",
        "lon": "14.52",
        "lat": "47.51",
        **_HERE,
    },
)
TRANSPORT = (
    *(
        {
            "id": f"tram-{number}",
            "name": f"Stop {number}",
            "kind": "metro-station",
            "lon": f"{14.50 + number / 100:.2f}",
            "lat": "47.50",
            "state": "planned" if number == 5 else "in-service",
            **_HERE,
        }
        for number in range(6)
    ),
    {
        "id": "junction",
        "name": "Borgo junction",
        "kind": "motorway-junction",
        "lon": "14.45",
        "lat": "47.48",
        "state": "in-service",
        **_HERE,
    },
)
LINES = tuple(
    {"id": f"t1-{number}", "line": "T1", "sequence": str(number), "stop": f"tram-{number}", **_HERE}
    for number in range(6)
)
RUNNING_TIMES = (
    {"id": "t1-hop", "line": "T1", "minutes": "2", "as_of": "2026", **_HERE},
    {
        "id": "t1-end",
        "line": "T1",
        "from_stop": "tram-0",
        "to_stop": "tram-4",
        "minutes": "9",
        "minutes_high": "11",
        "as_of": "2025",
        **_HERE,
    },
)
HEADWAYS = (
    {"id": "t1-headway", "line": "T1", "period": "mean-working-day", "minutes": "10", "as_of": "2026", **_HERE},
)

TABLES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "sites": SITES,
    "site_attributes": ATTRIBUTES,
    "institutions": INSTITUTIONS,
    "transport": TRANSPORT,
    "lines": LINES,
    "running_times": RUNNING_TIMES,
    "headways": HEADWAYS,
}

BRIEF = """\
title = { en = "Cheese dairy" }
activity = "food"
sector = "food"

[[musts]]
criterion = "area"
basis = "buildable"
at_least = 3.8
unit = "ha"

[[wants]]
criterion = "minutes-to-nearest"
mode = "car"
kinds = ["motorway-junction"]
weight = 3
scale = [[5, 1.0], [40, 0.0]]

[[wants]]
criterion = "condition"
weight = 1
values = { green = 1.0, built = 0.5 }
"""


def csv_text(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return ``rows`` of the table ``name`` as the text of its file."""
    declared = table(name)
    if declared is None:
        raise KeyError(name)
    written = io.StringIO()
    writer = csv.DictWriter(written, declared.column_names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def write_borgo_prova(folder: Path) -> Path:
    """Write the invented city to ``folder`` and return it."""
    for part in ("facts", "briefs", "files"):
        (folder / part).mkdir(parents=True)
    (folder / "city.toml").write_text(SETTINGS, "utf-8")
    (folder / "files" / "wells.csv").write_text(WELLS, "utf-8")
    (folder / "briefs" / "cheese-dairy.toml").write_text(BRIEF, "utf-8")
    for name, rows in TABLES.items():
        (folder / "facts" / f"{name}.csv").write_text(csv_text(name, rows), "utf-8")
    return folder


INDUSTRIES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "areas": (
        {
            "id": "land",
            "name": "The whole land",
            "area_km2": "1000",
            "population": "100000",
            "as_of": "2026",
            "lon": "14.51",
            "lat": "47.50",
            **_HERE,
        },
        {
            "id": "borgo",
            "name": "Borgo",
            "reference": "land",
            "area_km2": "100",
            "population": "20000",
            "as_of": "2026",
            "lon": "14.50",
            "lat": "47.50",
            **_HERE,
        },
        {
            "id": "valley",
            "name": "The valley",
            "municipalities": "Valle;Vallone",
            "reference": "land",
            "area_km2": "900",
            "population": "80000",
            "as_of": "2026",
            "lon": "14.60",
            "lat": "47.55",
            **_HERE,
        },
    ),
    "employment": tuple(
        {
            "id": f"{area}-{division.replace('.', '-')}",
            "area": area,
            "division": division,
            "employment": employment,
            "firms": firms,
            "herfindahl": herfindahl,
            "as_of": "2026",
            **_SOURCE,
        }
        for area, division, employment, firms, herfindahl in (
            ("land", "total", "50000", "9000", ""),
            ("land", "10", "2500", "200", ""),
            ("land", "28", "5000", "100", ""),
            ("land", "25", "1000", "50", ""),
            ("borgo", "total", "10000", "2000", ""),
            ("borgo", "10", "1000", "50", "0.04"),
            ("borgo", "28", "400", "3", ""),
            ("borgo", "25", "400", "20", ""),
            ("borgo", "62", "", "2", ""),
            ("valley", "total", "40000", "7000", ""),
            ("valley", "10", "1500", "150", "0.02"),
            ("valley", "28", "4600", "97", ""),
            ("valley", "25", "600", "30", ""),
            ("valley", "55", "0", "0", ""),
        )
    ),
    "skill_relatedness": tuple(
        {
            "id": f"{one}-{other}",
            "division": one,
            "other": other,
            "relatedness": value,
            "as_of": "2016",
            "source": "invented job moves",
            "checked": "2026-11-01",
            "confidence": "verified",
        }
        for one, other, value in (("10", "25", "0.6"), ("28", "10", "0.2"), ("10", "62", "0.2"), ("10", "01", "-0.5"))
    ),
    "organisations": tuple(
        {
            "id": name,
            "name": name.title(),
            "sector": sector,
            "ateco_division": division,
            "lon": lon,
            "lat": lat,
            **_HERE,
        }
        for name, sector, division, lon, lat in (
            ("dairy", "food", "10", "14.505", "47.50"),
            ("forge", "mechanics", "25", "14.52", "47.50"),
            ("press-shop", "mechanics", "28", "14.61", "47.55"),
            ("hotel", "hotels", "55", "14.50", "47.501"),
        )
    ),
    "place_figures": tuple(
        {"id": f"{place}-{quantity}-{day}", "place": place, "quantity": quantity, "value": value, "unit": unit}
        | {"qualifier": qualifier, "as_of": day, **_SOURCE}
        for place, quantity, value, unit, qualifier, day in (
            ("agrarian-school", "students", "400", "people", "exact", "2025"),
            ("agrarian-school", "students", "900", "people", "exact", "2011"),
            ("dairy", "staff", "100", "people", "about", "2026"),
            ("forge", "staff", "50", "people", "over", "2026"),
        )
    ),
}
"""What the invented city may also know of industries; kept apart, so that it need not."""


def write_industries(folder: Path) -> Path:
    """Add what the invented city knows of industries to its ``folder`` and return it."""
    for name, rows in INDUSTRIES.items():
        (folder / "facts" / f"{name}.csv").write_text(csv_text(name, rows), "utf-8")
    school = csv_text(
        "institutions", (*INSTITUTIONS, {**INSTITUTIONS[0], "id": "college", "name": "College", "fields": ""})
    )
    (folder / "facts" / "institutions.csv").write_text(school, "utf-8")
    return folder
