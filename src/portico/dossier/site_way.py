"""The way behind a figure of minutes, composed once for page, map and program: legs in order, each in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portico.city.register import Site
from portico.dossier import plain, ways
from portico.dossier.site_reach import window_of
from portico.dossier.ways import Leg, legs_of
from portico.messages import Message, Text
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.travel.model import Direction, Going
from portico.territory.way import Way, way
from portico.translation import Translator


@dataclass(frozen=True, slots=True)
class SiteWay:
    """A site, a place, the way between them, and its legs."""

    site: Site
    way: Way
    legs: tuple[Leg, ...]

    @property
    def ends(self) -> tuple[Text, Text]:
        """The names of where one starts and where one arrives."""
        both = (self.site.name, self.way.place.name)
        return both if self.way.going.direction is Direction.OUTBOUND else (both[1], both[0])

    @property
    def title(self) -> Message:
        """From where to where."""
        start, end = self.ends
        return Message("way-title", {"start": start, "end": end})


def site_way(territory: Territory, identifier: str, place: str, mode: Mode, going: Going) -> SiteWay:
    """Compose the way between a site and a place; raises UnknownNameError where either is unknown."""
    site = territory.site(identifier)
    found = way(territory, site.position, territory.place(place), mode, going)
    bare = SiteWay(site, found, ())
    return SiteWay(site, found, tuple(legs_of(found.told, bare.ends[1])) if found.told else ())


def to_dict(found: SiteWay, say: Translator) -> dict[str, Any]:
    """Return the way as plain data, its legs also in words."""
    about = found.way
    return {
        "site": plain.site(found.site, say),
        "place": {"id": about.place.id, "name": say(about.place.name), "kind": about.place.kind},
        "mode": about.mode.value,
        "direction": about.going.direction.value,
        "window": window_of(about.window),
        "words": say(found.title),
        "minutes": plain.figure(about.minutes),
        "shares": [{"words": say(one.what), "minutes": round(one.minutes, 2)} for one in about.shares],
        "itinerary": ways.plain(about.told) if about.told else None,
        "legs": [
            {"kind": leg.kind, "words": say(leg.words), "minutes": round(leg.minutes, 2), "begins": leg.begins or None}
            for leg in found.legs
        ],
        "why_estimated": say(about.why_estimated) if about.why_estimated else None,
        "caution": say(about.caution) if about.caution else None,
        "why_unknown": say(about.minutes.note) if about.minutes.note else None,
    }
