"""The invented city a month later: one site sold, one measured, one gone, one new."""

from __future__ import annotations

from datetime import date

from tests.cities import AS_OF, AT, ATTRIBUTES, SITES, csv_text, write_borgo_prova

from portico import city
from portico.build import build, lake_of

LATER = "2026-12-20T09:00:00+00:00"
NOW = date(2026, 12, 30)


def built(folder, at, as_of):
    """The city in ``folder``, built at a moment."""
    opened = city.open(folder)
    build(opened, as_of=as_of, at=at)
    return opened


def _write(folder, name, rows):
    (folder / "facts" / f"{name}.csv").write_text(csv_text(name, rows), "utf-8")


def moved_borgo(folder):
    """Write the city to ``folder``, build it, change it and build it again; return it and its lake."""
    write_borgo_prova(folder)
    built(folder, AT, AS_OF).database.close()
    new = {**SITES[0], "id": "mulino", "name": "Mill"}
    _write(folder, "sites", [one for one in SITES if one["id"] != "bosco"] + [new])
    kept = [one for one in ATTRIBUTES if one["site"] != "bosco"]
    gone = next(one for one in kept if (one["site"], one["attribute"]) == ("prato-grande", "status"))
    kept[kept.index(gone)] = {**gone, "value": "sold", "as_of": "2026-12-01"}
    area = {**ATTRIBUTES[1], "id": "scalo-new", "site": "scalo", "basis": "buildable", "value": "45000"}
    _write(folder, "site_attributes", [*kept, {**area, "as_of": "2026-12-10"}])
    opened = built(folder, LATER, NOW)
    return opened, lake_of(opened)
