"""What is in reach of a site, composed once for page, map and program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portico.city.register import Site
from portico.dossier import plain
from portico.messages import Message
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE, clock
from portico.territory.reach import BODIES, KindWithin, Reach, reach
from portico.territory.travel.model import Direction, Going, Window
from portico.translation import Translator


@dataclass(frozen=True, slots=True)
class SiteReach:
    """A site and what is in reach of it."""

    site: Site
    reach: Reach


def site_reach(territory: Territory, identifier: str, mode: Mode, limits: Sequence[int], going: Going) -> SiteReach:
    """Compose what is in reach of a site; raises UnknownNameError for an unknown one."""
    site = territory.site(identifier)
    found = reach(territory, site.position, mode, limits, going)
    return SiteReach(site, found)


def when(window: Window, direction: Direction) -> Message:
    """Return a window as a sentence: on which day one leaves or arrives, from when to when."""
    last = window.start_ds + (window.minutes - 1) * DS_PER_MINUTE
    values = {"day": window.day, "first": clock(window.start_ds), "last": clock(last)}
    return Message("arriving-at" if direction is Direction.INBOUND else "leaving-at", values)


def window_of(window: Window | None) -> dict[str, Any] | None:
    """Return a window as plain data."""
    if window is None:
        return None
    first = clock(window.start_ds)
    return {"day": window.day.isoformat(), "from": first, "minutes": window.minutes, "arriving": window.arriving}


def to_dict(found: SiteReach, say: Translator) -> dict[str, Any]:
    """Return the reach of a site as plain data, without the areas themselves."""
    about = found.reach
    return {
        "site": plain.site(found.site, say),
        "mode": about.mode.value,
        "direction": about.going.direction.value,
        "window": window_of(about.window),
        "words": say(asked_words(about)),
        "rings": [
            {
                "minutes": ring.minutes,
                "places": plain.figure(ring.count),
                "area": plain.figure(ring.area) if ring.area else None,
                "within": [plain.near(near, say) for near in ring.places],
            }
            for ring in about.rings
        ],
        "kinds": [
            {
                "kind": one.kind,
                "label": say(kind_of(one)),
                "within": [plain.figure(count) for count in one.counts],
                "of": one.total,
            }
            for one in about.kinds
        ],
        "beyond": [plain.near(near, say) for near in about.beyond],
        "unknown": [
            plain.near(near, say) | {"why": say(near.minutes.note) if near.minutes.note else ""}
            for near in about.unknown
        ],
        "why_no_area": say(about.why_no_area) if about.why_no_area else None,
        "estimated": about.estimated,
        "caution": say(about.caution) if about.caution else None,
    }


def kind_of(one: KindWithin) -> Message:
    """Return what a kind of place is called."""
    return Message("companies-and-bodies") if one.kind == BODIES else Message(f"kind.{one.kind}")


def asked_words(about: Reach) -> Message:
    """Return what was asked, in words: the mode and the direction, always."""
    return Message(f"going.{about.going.direction.value}", {"mode": Message(f"mode.{about.mode.value}")})
