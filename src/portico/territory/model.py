"""Places, and the lines that run between some of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portico.city.model import Position
from portico.dates import PartialDate
from portico.figures import Evidence
from portico.messages import Text


class Mode(StrEnum):
    """How one travels."""

    WALK = "walk"
    BICYCLE = "bicycle"
    CAR = "car"
    TRANSIT = "transit"


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place an investor wants to be near: its kind, the fields it works in, its statistical division."""

    id: str
    layer: str
    name: Text
    kind: str
    position: Position | None
    evidence: Evidence
    fields: tuple[str, ...] = ()
    division: str = ""
    municipality: str = ""
    note: Text = field(default_factory=Text)
    state: str = "in-service"
    interchange: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it serves people today, as far as it is a stop or a terminal."""
        return self.state == "in-service"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Least, usual and most minutes."""

    low: float
    mid: float
    high: float

    def __add__(self, other: Minutes) -> Minutes:
        """Return one stretch after the other."""
        return Minutes(self.low + other.low, self.mid + other.mid, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride on one line between two stops: time in the vehicle, mean time between departures, what both rest on."""

    line: str
    start: str
    end: str
    running: Minutes
    headway: Minutes
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]

    @property
    def wait(self) -> Minutes:
        """Half the headway, from none to all of it."""
        return Minutes(0.0, self.headway.mid / 2, self.headway.high)
