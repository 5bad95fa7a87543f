"""Versions read as places: the territory of a city as the lake has it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from portico.catalogue.queries import datasets
from portico.city.facts import Row, words
from portico.city.model import CitySettings
from portico.city.opening import City
from portico.city.register import Site, position_of, register, text_of
from portico.errors import UnknownNameError
from portico.figures import Evidence
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.lake.queries import heads, read
from portico.messages import did_you_mean
from portico.territory.journeys import Journeys
from portico.territory.lately import Lately
from portico.territory.lines import rides
from portico.territory.model import PlaceFacts
from portico.territory.selection import Selection, chosen
from portico.territory.transit import Network
from portico.territory.travel.city import CityNetwork, city_network

PLACE_LAYERS = ("institutions", "organisations", "transport")
AREA_KINDS = {"areas": "area", "districts": "district"}
ANSWERS_KEPT = 2_000
T = TypeVar("T")


@dataclass(frozen=True)
class Territory:
    """Sites and places of a city, read from one version of each dataset. Immutable; shared between threads.

    ``folder`` and ``lake`` are where its rules of permits and its layers are found.
    """

    settings: CitySettings
    versions: Mapping[str, Version]
    sites: tuple[Site, ...]
    places: tuple[PlaceFacts, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    rows: Mapping[str, tuple[Row, ...]]
    licences: Mapping[str, str]
    travel: CityNetwork | None = None
    areas: tuple[PlaceFacts, ...] = ()
    folder: Path | None = None
    lake: Lake | None = None

    def site(self, identifier: str) -> Site:
        """Return one site; raise UnknownNameError with the nearest known id for any other."""
        for site in self.sites:
            if site.id == identifier:
                return site
        advice = did_you_mean(identifier, [site.id for site in self.sites])
        raise UnknownNameError("site-unknown", name=identifier, advice=advice)

    def place(self, identifier: str) -> PlaceFacts:
        """Return one place, or an area that people are counted in; raise UnknownNameError with advice for any other."""
        for place in (*self.places, *self.areas):
            if place.id == identifier:
                return place
        raise UnknownNameError(
            "place-unknown", name=identifier, advice=did_you_mean(identifier, [place.id for place in self.places])
        )

    def cite(self, dataset: str, row: Row) -> Evidence:
        """Return the evidence of a row of a dataset."""
        version = self.versions.get(dataset)
        return Evidence(
            dataset=dataset,
            version=version.id if version else "",
            row=str(row["id"]),
            licence=self.licences.get(dataset, ""),
            source=str(row.get("source") or ""),
            checked=str(row.get("checked") or ""),
            confidence=str(row.get("confidence") or ""),
            precision=str(row.get("precision") or ""),
        )

    def chosen(self, selection: Selection) -> tuple[PlaceFacts, ...]:
        """Return the places of ``selection``; kept, since every site asks for the same ones."""
        return self.kept(selection, lambda: chosen(self.places, selection))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` made for ``key``, made once for all sites that ask for the same.

        What was asked for lately is kept, not everything: visitors can ask in endless ways.
        """
        return cast("T", self._kept.get(key, make))

    @cached_property
    def _kept(self) -> Lately:
        return Lately(ANSWERS_KEPT)

    @cached_property
    def journeys(self) -> Journeys | None:
        """Journeys over the city's streets and by its timetables; nothing where no streets were built."""
        if self.travel is None:
            return None
        starts = [site.position for site in self.sites if site.position is not None]
        return Journeys(self.travel, self.settings.travel, starts, (*self.places, *self.areas))

    @cached_property
    def network(self) -> Network:
        """The lines of public transport that sourced facts allow."""
        stops = [place for place in self.places if place.layer == "transport"]
        lines, runs, headways = (self.rows.get(name, ()) for name in ("lines", "running_times", "headways"))
        return Network(self.settings.travel, stops, rides(lines, runs, headways, self.cite))


def territory(city: City, lake: Lake, at: Mapping[str, Version] | None = None) -> Territory:
    """Read the territory of ``city`` from the heads of its datasets, or from the versions ``at`` an earlier moment.

    Settings, streets and timetables are always the present ones. Raises NotBuiltError where there are no heads.
    """
    present = heads(lake)
    versions = present if at is None else at
    licences = {dataset.id: dataset.licence for dataset in datasets(lake.database)}
    wanted = (
        "sites",
        "site_attributes",
        *PLACE_LAYERS,
        "lines",
        "running_times",
        "headways",
        "place_figures",
        "city_figures",
        *AREA_KINDS,
        "employment",
        "skill_relatedness",
    )
    rows = {name: tuple(_rows(lake, versions[name])) for name in wanted if name in versions}
    empty = Territory(city.settings, versions, (), (), (), rows, licences)
    sites = register(rows.get("sites", ()), rows.get("site_attributes", ()), empty.cite, city.settings.uncertainty_m)
    places = tuple(place for layer in PLACE_LAYERS for place in _places(layer, rows.get(layer, ()), empty))
    lines = _stops(rows.get("lines", ()))
    travel = city_network(city, lake, present)
    areas = _areas(rows, empty)
    return Territory(city.settings, versions, sites, places, lines, rows, licences, travel, areas, city.folder, lake)


def _rows(lake: Lake, version: Version) -> Iterable[dict[str, Any]]:
    return sorted(read(lake, version).mappings(), key=lambda row: str(row["id"]))


def _places(layer: str, rows: Iterable[Row], known: Territory) -> Iterable[PlaceFacts]:
    for row in rows:
        yield PlaceFacts(
            str(row["id"]),
            layer,
            text_of(row, "name"),
            str(row.get("kind") or row.get("sector") or ""),
            position_of(row, known.settings.uncertainty_m),
            known.cite(layer, row),
            words(row.get("fields") or row.get("sector")),
            str(row.get("ateco_division") or ""),
            str(row.get("municipality") or ""),
            text_of(row, "role" if layer == "organisations" else "note"),
            str(row.get("state") or "in-service"),
            str(row.get("interchange") or ""),
        )


def _areas(rows: Mapping[str, tuple[Row, ...]], known: Territory) -> tuple[PlaceFacts, ...]:
    """Return the areas that people are counted in and that lie somewhere; the districts where a city has no others.

    An area that others are compared with holds them, and would count its people twice.
    """
    wholes = {row["reference"] for row in rows.get("areas", ()) if row.get("reference")}
    for layer, kind in AREA_KINDS.items():
        found = tuple(
            PlaceFacts(
                str(row["id"]),
                layer,
                text_of(row, "name"),
                kind,
                position_of(row, known.settings.uncertainty_m),
                known.cite(layer, row),
                municipality=str(row.get("municipality") or row["name"]),
            )
            for row in rows.get(layer, ())
            if row.get("lon") is not None and row["id"] not in wholes
        )
        if found:
            return found
    return ()


def _stops(rows: Iterable[Row]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        found.setdefault(str(row["line"]), []).append((int(row["sequence"] or 0), str(row["stop"])))
    return tuple((line, tuple(stop for _, stop in sorted(stops))) for line, stops in sorted(found.items()))
