"""What ``travel`` is asked with: the files of a network, how one travels and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico.errors import UsageError
from portico.territory.model import Mode
from portico.territory.travel.batches import NetworkFiles, network_in
from portico.territory.travel.model import Direction, Points, Question, Window
from portico.territory.travel.network import TravelNetwork

ModeName = Literal["walk", "bike", "car", "transit"]
Way = Literal["outbound", "inbound"]
MODES = {"walk": Mode.WALK, "bike": Mode.BICYCLE, "car": Mode.CAR, "transit": Mode.TRANSIT}
_COORDINATES = 2


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """The network and the journey."""

    streets: Annotated[Path, Parameter(help="An OpenStreetMap extract (PBF), OSMnx GraphML, or a layer of lines.")]
    mode: Annotated[ModeName, Parameter(help="How one travels.")]
    gtfs: Annotated[tuple[Path, ...], Parameter(help="A GTFS feed; several times for several feeds.")] = ()
    depart: Annotated[str, Parameter(help="When one leaves, local time: 2022-10-05T08:00.")] = ""
    arrive: Annotated[str, Parameter(help="When one must be there, instead.")] = ""
    window: Annotated[int, Parameter(help="Every minute of so many, from then on (up to then, to arrive).")] = 1
    direction: Annotated[Way, Parameter(help="outbound: from the first points; inbound: to them.")] = "outbound"
    walk_limit: Annotated[float, Parameter(help="Most minutes on foot to or from a stop.")] = 20.0
    change_limit: Annotated[float, Parameter(help="Most minutes on foot between two rides.")] = 8.0
    limit: Annotated[float | None, Parameter(help="Most minutes of a journey by public transport.")] = None
    max_rides: Annotated[int, Parameter(help="Most vehicles one rides.")] = 8
    peak_factor: Annotated[float, Parameter(help="How many times as long a car takes in traffic.")] = 1.0
    walk_speed: Annotated[float, Parameter(help="Walking on the flat, km/h.")] = 4.5
    snap_limit: Annotated[float, Parameter(help="Most metres from a point to its street.")] = 500.0

    @property
    def files(self) -> NetworkFiles:
        """The network's files."""
        _between("--walk-speed", self.walk_speed, 0.5, 15.0)
        _between("--snap-limit", self.snap_limit, 0.0, 20_000.0)
        return NetworkFiles(self.streets, self.gtfs, self.walk_speed, self.snap_limit)

    @property
    def towards(self) -> Direction:
        """Which way one travels."""
        return Direction(self.direction)

    def question(self, percentiles: tuple[float, ...] = (50.0,)) -> Question:
        """Return how one travels. Raises UsageError for what cannot be."""
        for name, value, low, high in (
            ("--walk-limit", self.walk_limit, 0.0, 240.0),
            ("--change-limit", self.change_limit, 0.0, 120.0),
            ("--limit", 1.0 if self.limit is None else self.limit, 0.0, 10_080.0),
            ("--max-rides", float(self.max_rides), 0.0, 20.0),
            ("--peak-factor", self.peak_factor, 0.1, 10.0),
            ("--window", float(self.window), 1.0, 1440.0),
        ):
            _between(name, value, low, high)
        return Question(
            MODES[self.mode],
            self._window(),
            percentiles,
            self.walk_limit,
            self.change_limit,
            self.limit,
            self.max_rides,
            self.peak_factor,
        )

    def _window(self) -> Window | None:
        if MODES[self.mode] is not Mode.TRANSIT:
            return None
        if bool(self.depart) == bool(self.arrive):
            raise UsageError("travel-without-time")
        stated = self.depart or self.arrive
        try:
            at = datetime.fromisoformat(stated)
        except ValueError as error:
            raise UsageError("time-unreadable", value=stated) from error
        if at.tzinfo is not None:
            raise UsageError("time-with-zone", value=stated)
        start_ds = (at.hour * 3600 + at.minute * 60 + at.second) * 10
        arriving = bool(self.arrive)
        first = start_ds - 600 * (self.window - 1) if arriving else start_ds
        return Window(at.date(), first, self.window, arriving=arriving)

    def network(self) -> TravelNetwork:
        """Return the network, read now, so that what is wrong with its files is said at once."""
        question = self.question()
        if question.mode is Mode.TRANSIT and not self.gtfs:
            raise UsageError("travel-without-feeds")
        for feed in self.gtfs:
            if not feed.exists():
                raise UsageError("file-not-found", file=str(feed))
        network = network_in(self.files)
        network.streets(question.mode)
        if question.window is not None:
            network.timetable(question.window.day)
        return network


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise UsageError("option-out-of-range", option=name, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")


def percentiles_of(text: str) -> tuple[float, ...]:
    """Return percentiles written with commas between them. Raises UsageError for what is none.

    >>> percentiles_of("5,50,95")
    (5.0, 50.0, 95.0)
    """
    try:
        found = tuple(float(one) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise UsageError("percentile-unknown", value=text) from error
    for one in found:
        if not 0 <= one <= 100:  # noqa: PLR2004 - per cent
            raise UsageError("percentile-unknown", value=f"{one:g}")
    return found


def point_of(text: str) -> Points:
    """Return the point written as longitude, comma, latitude. Raises UsageError for any other text.

    >>> point_of("13.35,42.36").lon.tolist()
    [13.35]
    """
    parts = text.split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError as error:
        raise UsageError("point-unreadable", value=text) from error
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees; not a number is neither
        raise UsageError("point-unreadable", value=text)
    return Points.at(lon, lat, text)
