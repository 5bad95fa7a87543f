"""The names that a brief may mention and only a city knows: its municipalities, sites, kinds and fields of places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from portico.city.facts import iterate, words
from portico.city.opening import City
from portico.city.tables import TRANSPORT_KINDS
from portico.match.model import Asked, Brief, Must
from portico.messages import Message, did_you_mean
from portico.permits.kept import projects_in
from portico.territory.layers import PLACE_LAYERS, Territory

_FEW = 300
_LOOKED_UP = 40  # of more names than these nobody is told what they may have meant
_GATHERED: WeakKeyDictionary[City, Names] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Names:
    """What a city has a name for."""

    municipalities: frozenset[str]
    sites: frozenset[str]
    kinds: frozenset[str]
    fields: frozenset[str]
    projects: frozenset[str] = frozenset()


def names_in(territory: Territory) -> Names:
    """Return the names of ``territory``, gathered once; those of projects as they lie in the folder now."""
    projects = frozenset(projects_in(territory.folder) if territory.folder else ())
    return replace(territory.kept("match.names", lambda: _names_in(territory)), projects=projects)


def _names_in(territory: Territory) -> Names:
    return Names(
        frozenset(site.municipality for site in territory.sites if site.municipality),
        frozenset(site.id for site in territory.sites),
        frozenset((*TRANSPORT_KINDS, *(place.kind for place in territory.places))),
        frozenset(field for place in territory.places for field in place.fields),
    )


def names_of(city: City) -> Names:
    """Return the names in the facts of ``city``, whether it was built or not; gathered once, as its facts are read.

    Those of projects are as they lie in the folder now.
    """
    if city not in _GATHERED:
        _GATHERED[city] = _names_of(city)
    return replace(_GATHERED[city], projects=frozenset(projects_in(city.folder)))


def _names_of(city: City) -> Names:
    rows = {name: [row for _, row in iterate(city.facts, name)] for name in ("sites", *PLACE_LAYERS)}
    places = [row for name in PLACE_LAYERS for row in rows[name]]
    return Names(
        frozenset(str(row["municipality"]) for row in rows["sites"] if row.get("municipality")),
        frozenset(str(row["id"]) for row in rows["sites"]),
        frozenset((*TRANSPORT_KINDS, *(str(row.get("kind") or row.get("sector") or "") for row in places))),
        frozenset(field for row in places for field in words(row.get("fields") or row.get("sector"))),
    )


def name_faults(brief: Brief, names: Names) -> Iterator[tuple[str, Message, str]]:
    """Yield the names in ``brief`` that the city does not know: key, message, name.

    A site must be known; of the others a name that nobody knows may be of elsewhere, so that only one that is nearly
    a known one is a fault.
    """
    for count, (path, name, known, strict) in enumerate(_unknown(brief, names)):
        advice = did_you_mean(name, _alike(name, known) if count < _LOOKED_UP else ())
        if strict or advice.id == "did-you-mean":
            yield path, Message("unknown-word", {"value": name, "advice": advice}), name


def _unknown(brief: Brief, names: Names) -> Iterator[tuple[str, str, frozenset[str], bool]]:
    for group, asked in (("musts", brief.musts), ("wants", brief.wants)):
        for number, one in enumerate(asked):
            for key, given, known, strict in _named(one, names):
                yield from (
                    (f"{group}.{number}.{key}", name, known, strict) for name in given if known and name not in known
                )


def _alike(name: str, known: frozenset[str]) -> frozenset[str]:
    """Return the names worth comparing with ``name``: of very many those alone that begin alike."""
    if len(known) <= _FEW:
        return known
    begins = frozenset(one for one in known if one[:2].casefold() == name[:2].casefold())
    return begins if len(begins) <= _FEW else frozenset()


def _named(one: Asked, names: Names) -> Iterator[tuple[str, Iterable[str], frozenset[str], bool]]:
    yield "kinds", one.kinds, names.kinds, False
    yield "fields", one.fields, names.fields, False
    yield "project", (one.project,) if one.project else (), names.projects, True
    known = {"municipality": names.municipalities, "site": names.sites}.get(one.criterion)
    if known is not None and isinstance(one, Must):
        yield "any_of", one.any_of, known, one.criterion == "site"
        yield "none_of", one.none_of, known, one.criterion == "site"
