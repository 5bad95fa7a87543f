"""How much there is at the places of a city: students, staff, residents, jobs; a range where nobody said it exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portico.city.facts import Row
from portico.city.industries import code
from portico.city.register import day_of
from portico.city.tables import TOTAL
from portico.dates import PartialDate
from portico.figures import Evidence
from portico.territory.layers import Territory

RESIDENTS, JOBS = "residents", "jobs"
OF_AREAS = (RESIDENTS, JOBS)
"""Quantities of the areas in which a city counts people, not of places."""
PEOPLE = "people"
_NEARLY_ALL = 0.995
ROUGHLY = 0.1
"""About and almost are read as up to this share away: a choice of this project."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of one place between its bounds, what it was as of, and the rows that say so."""

    low: float
    mid: float
    high: float
    unit: str
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


def bounds(value: float, qualifier: str) -> tuple[float, float]:
    """Return between what a qualified number lies; "over" has no upper end.

    >>> bounds(50.0, "almost"), bounds(50.0, "over"), bounds(50.0, "about")
    ((45.0, 50.0), (50.0, inf), (45.0, 55.0))
    """
    down, up = value - ROUGHLY * value, value + ROUGHLY * value
    found = {"over": (value, math.inf), "about": (down, up), "almost": (down, value)}
    return found.get(qualifier, (value, value))


def quantities(territory: Territory, name: str, divisions: Sequence[str] = ()) -> Mapping[str, Quantity]:
    """Return the quantity ``name`` of each place that has it, by id; ``divisions`` are those of jobs. Read once.

    Of several numbers for one place the newest counts; one in another unit than most are is left out.
    """
    which = tuple(divisions) if name == JOBS else ()
    return territory.kept(("access.quantities", name, which), lambda: _read(territory, name, which))


def names(territory: Territory) -> tuple[str, ...]:
    """Return the quantities that some place of the city has."""
    found = {str(row["quantity"]) for row in territory.rows.get("place_figures", ())}
    return tuple(sorted(found | {name for name in OF_AREAS if quantities(territory, name)}))


def areas_cover(territory: Territory) -> bool:
    """Say whether the areas that lie somewhere hold nearly all people of those they are compared with.

    Where they do not, as where only the districts of one city are on record, people beyond them are not counted.
    """
    return territory.kept("access.areas-cover", lambda: _cover(territory))


def _cover(territory: Territory) -> bool:
    rows = {str(row["id"]): row for row in territory.rows.get("areas", ())}
    people: dict[str, float] = {}
    for area in territory.areas:
        row = rows.get(area.id)
        if row is None or not row.get("reference"):
            return False
        people[str(row["reference"])] = people.get(str(row["reference"]), 0.0) + float(row.get("population") or 0.0)
    whole = {name: float(rows[name].get("population") or 0.0) for name in people}
    return bool(people) and all(0 < _NEARLY_ALL * whole[name] <= people[name] for name in people)


def _read(territory: Territory, name: str, divisions: tuple[str, ...]) -> dict[str, Quantity]:
    if name == RESIDENTS:
        return dict(_residents(territory))
    if name == JOBS:
        return dict(_jobs(territory, tuple(map(code, divisions)) or (TOTAL,)))
    found: dict[str, Quantity] = {}
    for row in sorted(territory.rows.get("place_figures", ()), key=_day):
        if row["quantity"] == name and float(row["value"] or 0.0) >= 0:
            low, high = bounds(float(row["value"] or 0.0), str(row.get("qualifier") or "exact"))
            mid = min(max(float(row["value"] or 0.0), low), high)
            unit, as_of = str(row["unit"]), day_of(row.get("as_of"))
            found[str(row["place"])] = Quantity(low, mid, high, unit, as_of, (territory.cite("place_figures", row),))
    units = [one.unit for one in found.values()]
    usual = max(sorted(set(units)), key=units.count, default="")
    return {place: one for place, one in found.items() if one.unit == usual}


def _day(row: Row) -> tuple[str, str]:
    as_of = day_of(row.get("as_of"))
    return as_of.earliest.isoformat() if as_of else "", str(row["id"])


def _residents(territory: Territory) -> list[tuple[str, Quantity]]:
    found = []
    for layer in {one.layer for one in territory.areas}:
        for row in territory.rows.get(layer, ()):
            if row.get("population") is not None:
                people = float(row["population"] or 0.0)
                as_of = day_of(row.get("as_of") or row.get("population_as_of"))
                evidence = (territory.cite(layer, row),)
                found.append((str(row["id"]), Quantity(people, people, people, PEOPLE, as_of, evidence)))
    return found


def _jobs(territory: Territory, divisions: tuple[str, ...]) -> list[tuple[str, Quantity]]:
    """Return the jobs of each area in all of ``divisions``; nothing where one of them is not told."""
    by_area: dict[str, list[Row]] = {}
    for row in territory.rows.get("employment", ()):
        if row.get("employment") is not None and code(row["division"]) in divisions:
            by_area.setdefault(str(row["area"]), []).append(row)
    found = []
    for area, rows in by_area.items():
        if len(rows) == len(set(divisions)):
            jobs = sum(float(row["employment"] or 0.0) for row in rows)
            days = [day for day in (day_of(row.get("as_of")) for row in rows) if day]
            as_of = min(days, key=lambda day: day.earliest) if len(days) == len(rows) else None
            evidence = tuple(territory.cite("employment", row) for row in rows)
            found.append((area, Quantity(jobs, jobs, jobs, JOBS, as_of, evidence)))
    return found
