"""What a city says of itself in ``city.toml``. Frozen nouns; nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portico.geo import Box, Point
from portico.messages import Text

_ID = {"pattern": r"[a-z0-9]+(-[a-z0-9]+)*", "plain": "form.small-letters"}
_LANGUAGE = {"pattern": r"[a-z]{2}", "plain": "form.language"}


class AreaKind(StrEnum):
    """What an area of the territory is."""

    MUNICIPALITY = "municipality"
    METROPOLITAN_CITY = "metropolitan-city"
    REGION = "region"


class Commitment(StrEnum):
    """Whether a partner agreed to its term for answering, or the register only proposes it."""

    AGREED = "agreed"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the territory, from the municipality to the region; ``code`` is the statistical office's."""

    id: str = field(metadata=_ID)
    kind: AreaKind
    name: Text
    code: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """The box in EPSG:4326 in which every position of the city must lie."""

    west: float = field(metadata={"minimum": -180, "maximum": 180})
    south: float = field(metadata={"minimum": -90, "maximum": 90})
    east: float = field(metadata={"minimum": -180, "maximum": 180})
    north: float = field(metadata={"minimum": -90, "maximum": 90})

    @property
    def box(self) -> Box:
        """The extent as a box."""
        return Box(self.west, self.south, self.east, self.north)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose public holidays count, and the patron's day as MM-DD; ``closed`` are further dates, MM-DD or YYYY-MM-DD."""

    country: str = field(metadata={"pattern": r"[A-Z]{2}", "plain": "form.two-capitals"})
    patron_day: str = field(default="", metadata={"pattern": r"|\d{2}-\d{2}", "plain": "form.day"})
    patron_name: Text = field(default_factory=Text)
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Staleness:
    """From how many months on a fact is old, and by how much an old fact widens the value of a want (0 to 1)."""

    limit_months: int = field(default=24, metadata={"minimum": 1, "maximum": 240})
    widening: float = field(default=0.25, metadata={"minimum": 0.0, "maximum": 1.0})


class Use(StrEnum):
    """What the file of a source is for, beyond being read as tables."""

    STREETS = "streets"
    TIMETABLE = "timetable"


@dataclass(frozen=True, slots=True)
class Source:
    """Where data comes from, with its licence. With ``file`` or ``address`` it becomes a dataset.

    ``file`` names a file of the city folder; ``address`` is where ``portico fetch`` gets one, of about ``size_mb``
    million bytes. ``url`` is a page for people. ``use`` says what travel times are worked out on.
    """

    id: str = field(metadata=_ID)
    title: Text
    publisher: str
    licence: str
    url: str = ""
    file: str = ""
    address: str = ""
    use: Use | None = None
    size_mb: float | None = field(default=None, metadata={"minimum": 0.0, "maximum": 1_000_000.0})


@dataclass(frozen=True, slots=True)
class Partner:
    """A body that answers: for which municipalities and topics, through which office, within how many working days.

    ``municipalities`` empty means the whole territory; ``topics`` are ids of criteria, empty means any question.
    """

    id: str = field(metadata=_ID)
    name: Text
    office: Text
    working_days: int = field(metadata={"minimum": 1, "maximum": 250})
    commitment: Commitment = Commitment.PROPOSED
    municipalities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class TravelMode:
    """How minutes are estimated from a straight line: detour factor and speed, each as least, usual and most.

    ``minutes_added`` is what does not depend on distance (to park and walk to the door, for a car).
    """

    detour: tuple[float, float, float] = field(metadata={"minimum": 1.0, "maximum": 5.0, "ordered": True})
    speed_km_h: tuple[float, float, float] = field(metadata={"minimum": 0.5, "maximum": 400.0, "ordered": True})
    minutes_added: tuple[float, float, float] = field(
        default=(0.0, 0.0, 0.0), metadata={"minimum": 0.0, "maximum": 120.0, "ordered": True}
    )


@dataclass(frozen=True, slots=True)
class Transit:
    """The walk to and from a stop: straight-line limit in metres, detour factor, speed in metres a second."""

    walk_limit_m: float = field(default=1200.0, metadata={"minimum": 0.0, "maximum": 10_000.0})
    walk_detour: float = field(default=1.3, metadata={"minimum": 1.0, "maximum": 5.0})
    walk_speed_m_s: float = field(default=1.25, metadata={"minimum": 0.1, "maximum": 3.0})


def _walk() -> TravelMode:
    return TravelMode((1.2, 1.3, 1.5), (4.0, 4.5, 5.4))


def _bicycle() -> TravelMode:
    return TravelMode((1.2, 1.3, 1.5), (11.0, 14.0, 18.0))


def _car() -> TravelMode:
    return TravelMode((1.2, 1.35, 1.6), (22.0, 38.0, 65.0), (1.0, 3.0, 6.0))


@dataclass(frozen=True, slots=True)
class OnStreets:
    """How minutes over streets and by timetable are asked for, where a city has them.

    ``peak_factor`` multiplies the free time by car: least, usual and most. By public transport one leaves in every one
    of ``window_minutes`` from ``departure`` on, on ``day``, or on a Wednesday that is no holiday and that every
    timetable knows.
    """

    walk_km_h: float = field(default=4.5, metadata={"minimum": 0.5, "maximum": 15.0})
    peak_factor: tuple[float, float, float] = field(
        default=(1.0, 1.25, 1.6), metadata={"minimum": 0.5, "maximum": 10.0, "ordered": True}
    )
    snap_limit_m: float = field(default=500.0, metadata={"minimum": 0.0, "maximum": 20_000.0})
    walk_limit_minutes: float = field(default=20.0, metadata={"minimum": 0.0, "maximum": 240.0})
    departure: str = field(default="08:00", metadata={"pattern": r"([01]\d|2[0-3]):[0-5]\d", "plain": "form.time"})
    window_minutes: int = field(default=60, metadata={"minimum": 1, "maximum": 1440})
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Travel:
    """The declared assumptions of travel minutes: of estimates, and of those over streets and by timetable."""

    walk: TravelMode = field(default_factory=_walk)
    bicycle: TravelMode = field(default_factory=_bicycle)
    car: TravelMode = field(default_factory=_car)
    transit: Transit = field(default_factory=Transit)
    streets: OnStreets = field(default_factory=OnStreets)
    walk_uncertainty_limit_m: float = field(default=2000.0, metadata={"minimum": 0.0, "maximum": 20_000.0})


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How far a position may be off, in metres, for each word of the column ``precision``."""

    exact: float = field(default=30.0, metadata={"minimum": 0.0, "maximum": 50_000.0})
    address: float = field(default=100.0, metadata={"minimum": 0.0, "maximum": 50_000.0})
    block: float = field(default=250.0, metadata={"minimum": 0.0, "maximum": 50_000.0})
    street: float = field(default=1500.0, metadata={"minimum": 0.0, "maximum": 50_000.0})
    approximate: float = field(default=3000.0, metadata={"minimum": 0.0, "maximum": 50_000.0})

    def metres(self, precision: str) -> float:
        """Return the radius for a word; the largest for an unknown one."""
        return float(getattr(self, precision, self.approximate)) if precision in self.__slots__ else self.approximate


@dataclass(frozen=True, slots=True)
class DatasetNotes:
    """What a city says of one of its tables of facts, for the catalogue: its licence and whom to name."""

    licence: str
    attribution: str = ""
    title: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class CitySettings:
    """The whole of ``city.toml``.

    ``home_figures`` are the rows of ``city_figures`` that the home page shows; a city with a ``demo_brief`` is one that
    ``portico demo`` can show.
    """

    id: str = field(metadata=_ID)
    name: Text
    languages: tuple[str, ...]
    crs: str = field(metadata={"pattern": r"EPSG:\d{4,6}", "plain": "form.crs"})
    extent: Extent
    calendar: Calendar
    partners: tuple[Partner, ...]
    areas: tuple[Area, ...] = ()
    tagline: Text = field(default_factory=Text)
    currency: str = field(default="EUR", metadata={"pattern": r"[A-Z]{3}", "plain": "form.three-capitals"})
    time_zone: str = "UTC"
    licence: str = "CC-BY-4.0"
    sources: tuple[Source, ...] = ()
    home_figures: tuple[str, ...] = ()
    demo_brief: str = ""
    datasets: Mapping[str, DatasetNotes] = field(default_factory=dict)
    staleness: Staleness = field(default_factory=Staleness)
    travel: Travel = field(default_factory=Travel)
    uncertainty_m: Uncertainty = field(default_factory=Uncertainty)


@dataclass(frozen=True, slots=True)
class Position:
    """Where something is, how far that may be off, and what the position was taken from."""

    point: Point
    precision: str
    uncertainty_m: float
    basis: str = ""
