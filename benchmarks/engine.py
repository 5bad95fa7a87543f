"""Building and matching inside one process."""

from __future__ import annotations

import itertools
import shutil
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.measure import Result, median_s
from portico import city as cities
from portico.build import build, lake_of
from portico.city import City
from portico.geo import distance_m
from portico.lake.engine import installed_extension
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.territory.layers import territory

TORINO = Path(__file__).parents[1] / "cities" / "torino"
AS_OF = date(2026, 11, 23)
BRIEF = "battery-module-plant"


def fresh_city(folder: Path, name: str) -> City:
    """Return a copy of the reference city without working state."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(TORINO, place, ignore=shutil.ignore_patterns(".portico"))
    return cities.open(place)


def build_time(folder: Path) -> Result:
    """Time the whole build of the reference city beside the engine's bare ``COPY`` of the same files."""
    names = itertools.count()

    def ours() -> None:
        build(fresh_city(folder, f"build{next(names)}"), as_of=AS_OF, at="2026-11-23T00:00:00+00:00")

    def bare() -> None:
        connection = duckdb.connect()
        connection.load_extension(installed_extension())
        for path in sorted((TORINO / "facts").glob("*.csv")):
            target = folder / f"{path.stem}.parquet"
            connection.execute(f"COPY (FROM read_csv('{path}', all_varchar = true)) TO '{target}' (FORMAT parquet)")
        connection.close()

    return Result("build of Torino", median_s(ours, 3), "bare COPY of its files", median_s(bare, 3), "under 5 s")


def match_time(folder: Path) -> Result:
    """Time a match beside the straight lines between all sites and places, which it cannot do without."""
    city = fresh_city(folder, "match")
    build(city, as_of=AS_OF, at="2026-11-23T00:00:00+00:00")
    known = territory(city, lake_of(city))
    brief = briefs.read(city, BRIEF)
    sites = [site.position.point for site in known.sites if site.position]
    places = [place.position.point for place in known.places if place.position]

    def bare() -> None:
        for start, end in itertools.product(sites, places):
            distance_m(start, end)

    ours = median_s(lambda: shortlist(brief, known, AS_OF), 15)
    return Result("match", ours, "bare distances", median_s(bare, 15), "under 200 ms")


def territory_time(folder: Path) -> Result:
    """Time reading the territory from the lake beside the engine reading the same files."""
    city = cities.open(folder / "match")
    lake = lake_of(city)
    files = [str(path) for path in (city.folder / ".portico" / "lake").glob("*/*.parquet")]

    def bare() -> None:
        with duckdb.connect() as connection:
            for file in files:
                connection.execute(
                    "SELECT * EXCLUDE (geometry) FROM read_parquet(?)", [file]
                ) if "geometry" in _columns(connection, file) else connection.execute(
                    "SELECT * FROM read_parquet(?)", [file]
                )
                connection.fetchall()

    ours = median_s(lambda: territory(city, lake), 9)
    return Result("territory from the lake", ours, "bare reading of its files", median_s(bare, 9), "none of its own")


def _columns(connection: duckdb.DuckDBPyConnection, file: str) -> list[str]:
    rows = connection.execute("SELECT name FROM parquet_schema(?)", [file]).fetchall()
    return [str(row[0]) for row in rows]
