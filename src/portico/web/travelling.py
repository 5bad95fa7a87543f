"""What the pages and addresses on reach and ways share: what was asked, as an address and as the fields of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from portico.territory.asking import MOST_MINUTES, MOST_RINGS, direction_of, going_of, limits_of, mode_of
from portico.territory.asking import usual_if_untimed as untimed
from portico.territory.model import Mode
from portico.territory.nearby import clock
from portico.territory.travel.model import Direction, Going, Window
from portico.web.portal import Portal

RINGS = "15,30,45"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asked, as it was written; ``minutes`` is empty for a way, which has no rings."""

    mode: str = Mode.WALK.value
    minutes: str = ""
    direction: str = Direction.OUTBOUND.value
    at: str = ""

    def read(self, portal: Portal) -> tuple[Mode, tuple[int, ...], Going]:
        """Return mode, limits and how one goes. Raises UsageError for what cannot be read."""
        mode = mode_of(self.mode)
        limits = limits_of(self.minutes) if self.minutes else ()
        window_minutes = portal.city.settings.travel.streets.window_minutes
        return mode, limits, untimed(going_of(direction_of(self.direction), self.at, window_minutes), mode)

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        named = {"mode": self.mode, "minutes": self.minutes, "direction": self.direction, "at": self.at}
        return urlencode({name: value for name, value in named.items() if value}, safe=",:")

    def other(self, **changed: str) -> str:
        """Return the end of an address that asks the same but for what is ``changed``."""
        named = {"mode": self.mode, "minutes": self.minutes, "direction": self.direction, "at": self.at}
        return Asked(**named | changed).query


def fields(portal: Portal, asked: Asked, window: Window | None) -> dict[str, Any]:
    """Return what the form shows: the choices, the time, and the days the timetables know."""
    travel = portal.territory.travel
    days = travel.days if travel else None
    usual = travel.window if travel and days else None
    shown = window or (usual if isinstance(usual, Window) else None)
    at = asked.at or (f"{shown.day.isoformat()}T{clock(shown.start_ds)}" if shown else "")
    return {
        "asked": asked,
        "modes": [mode.value for mode in Mode],
        "directions": [direction.value for direction in Direction],
        "days": days,
        "at": at,
        "window_minutes": portal.city.settings.travel.streets.window_minutes,
        "most_rings": MOST_RINGS,
        "most_minutes": MOST_MINUTES,
    }
