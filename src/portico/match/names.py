"""The names that a brief may mention and only a city knows: its municipalities, sites, kinds and fields of places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portico.city.facts import iterate, words
from portico.city.opening import City
from portico.city.tables import TRANSPORT_KINDS
from portico.match.model import Asked, Brief, Must
from portico.messages import Message, did_you_mean
from portico.territory.layers import PLACE_LAYERS, Territory


@dataclass(frozen=True, slots=True)
class Names:
    """What a city has a name for."""

    municipalities: frozenset[str]
    sites: frozenset[str]
    kinds: frozenset[str]
    fields: frozenset[str]


def names_in(territory: Territory) -> Names:
    """Return the names of ``territory``."""
    return Names(
        frozenset(site.municipality for site in territory.sites if site.municipality),
        frozenset(site.id for site in territory.sites),
        frozenset((*TRANSPORT_KINDS, *(place.kind for place in territory.places))),
        frozenset(field for place in territory.places for field in place.fields),
    )


def names_of(city: City) -> Names:
    """Return the names in the facts of ``city``, whether it was built or not."""
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
    for group, asked in (("musts", brief.musts), ("wants", brief.wants)):
        for number, one in enumerate(asked):
            for key, given, known, strict in _named(one, names):
                for name in given:
                    advice = did_you_mean(name, known)
                    if name not in known and known and (strict or advice.id == "did-you-mean"):
                        values = {"value": name, "advice": advice}
                        yield f"{group}.{number}.{key}", Message("unknown-word", values), name


def _named(one: Asked, names: Names) -> Iterator[tuple[str, Iterable[str], frozenset[str], bool]]:
    yield "kinds", one.kinds, names.kinds, False
    yield "fields", one.fields, names.fields, False
    known = {"municipality": names.municipalities, "site": names.sites}.get(one.criterion)
    if known is not None and isinstance(one, Must):
        yield "any_of", one.any_of, known, one.criterion == "site"
        yield "none_of", one.none_of, known, one.criterion == "site"
