"""One GTFS feed: its tables put together into stops, trips, services and rules of changing."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.lake.bundles import MISSING, As, Bundle, Columns, Row, read_feed
from portico.lake.engine import Engine
from portico.messages import Finding, Message, Place, Severity
from portico.territory.nearby import Floats, Ints
from portico.territory.timetable.filling import Filling, Longs
from portico.territory.timetable.frequencies import Headways, headways
from portico.territory.timetable.plausible import too_fast
from portico.territory.timetable.services import WEEKDAYS, Services, day_of, number_of, services
from portico.territory.timetable.stop_times import StopTimes, put_in_order
from portico.territory.timetable.transfers import Stated, places, stated

_WANTED: dict[str, dict[str, As | Row]] = {
    "agency": {"agency_timezone": As.TEXT},
    "stops": {
        "stop_id": As.TEXT,
        "stop_name": As.TEXT,
        "stop_lon": As.NUMBER,
        "stop_lat": As.NUMBER,
        "location_type": As.INTEGER,
        "parent_station": Row("stops", "stop_id"),
    },
    "routes": {"route_short_name": As.TEXT, "route_long_name": As.TEXT, "route_type": As.INTEGER},
    "trips": {
        "trip_id": As.TEXT,
        "route_id": Row("routes", "route_id"),
        "service_id": As.TEXT,
        "trip_headsign": As.TEXT,
    },
    "stop_times": {
        "trip_id": Row("trips", "trip_id"),
        "stop_id": Row("stops", "stop_id"),
        "stop_sequence": As.INTEGER,
        "arrival_time": As.SECONDS,
        "departure_time": As.SECONDS,
        "pickup_type": As.INTEGER,
        "drop_off_type": As.INTEGER,
        "shape_dist_traveled": As.NUMBER,
    },
    "calendar": {
        "service_id": As.TEXT,
        **dict.fromkeys(WEEKDAYS, As.INTEGER),
        "start_date": As.DAY,
        "end_date": As.DAY,
    },
    "calendar_dates": {"service_id": As.TEXT, "date": As.DAY, "exception_type": As.INTEGER},
    "frequencies": {
        "trip_id": Row("trips", "trip_id"),
        "start_time": As.SECONDS,
        "end_time": As.SECONDS,
        "headway_secs": As.INTEGER,
        "exact_times": As.INTEGER,
    },
    "transfers": {
        "from_stop_id": Row("stops", "stop_id"),
        "to_stop_id": Row("stops", "stop_id"),
        "transfer_type": As.INTEGER,
        "min_transfer_time": As.INTEGER,
        **dict.fromkeys(("from_trip_id", "to_trip_id", "from_route_id", "to_route_id"), As.TEXT),
    },
}
UTC = "UTC"
_PLATFORM, STATION, _BOARDING_AREA = 0, 1, 4
_DEEPEST = 4
CANNOT_ANSWER = "gtfs-no-trips"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The rows of stops.txt: where each lies (EPSG:4326), its kind, and the row of its station (-1: none)."""

    id: NDArray[np.object_]
    name: NDArray[np.object_]
    lon: Floats
    lat: Floats
    kind: Longs
    station: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """What one feed says of trips. ``service`` numbers the service, ``route`` the row in routes.txt of each trip."""

    name: str
    zone: str
    places: Places
    times: StopTimes
    trip_id: tuple[str, ...]
    headsign: tuple[str, ...]
    route: Ints
    routes: tuple[tuple[str, str, int], ...]
    service: Longs
    services: Services
    headways: Headways
    stated: Stated
    filling: Filling
    first_day: date
    last_day: date
    findings: tuple[Finding, ...]

    def runs_on(self, day: date) -> NDArray[np.bool_]:
        """Say which trips run on the service day ``day``."""
        running = self.services.on(number_of(day))[self.service]
        return np.asarray(running)

    def nearest(self, day: date) -> tuple[date, ...]:
        """Return the last day before ``day`` and the first after it on which anything runs, those that there are."""
        used = np.zeros(len(self.services.week), dtype=bool)
        used[self.service] = True
        span = number_of(self.first_day), number_of(self.last_day)
        return tuple(day_of(one) for one in self.services.nearest(used, number_of(day), span) if one is not None)


def read(path: Path, name: str, engine: Engine | None = None) -> Feed:
    """Return the feed at ``path``, called ``name``.

    Raises InputError where it is no feed or cannot answer trips, RejectedError where it is too broken to be trusted.
    """
    return feed_of(tables_of(path, engine), name)


def tables_of(path: Path, engine: Engine | None = None) -> Bundle:
    """Return the tables of the feed at ``path``; raises InputError where it is no feed or too broken."""
    return read_feed(path, _WANTED, engine)


def feed_of(bundle: Bundle, name: str) -> Feed:
    """Return the feed that tables make. Raises InputError where they cannot answer trips."""
    for one in bundle.findings:
        if one.kind == CANNOT_ANSWER:
            raise InputError("gtfs-cannot-answer", file=name, missing=one.message.values["missing"])
    tables = bundle.tables
    findings = list(bundle.findings)
    zone = _zone(tables.get("agency"), findings)
    where = _places(tables["stops"], findings)
    times, filling, found = put_in_order(tables["stop_times"], where.lon, where.lat)
    findings += found
    if not len(times.trip):
        raise InputError("gtfs-trips-unusable", file=name)
    trips, routes = tables["trips"], tables["routes"]
    running, of_trip, found = services(tables.get("calendar"), tables.get("calendar_dates"), trips["service_id"])
    findings += found
    _say_filled(filling, findings)
    often, found = headways(tables.get("frequencies"), times)
    rules, more = stated(tables.get("transfers"))
    findings += [*found, *more]
    service = of_trip[times.trip]
    used = np.zeros(len(running.week), dtype=bool)
    used[service] = True
    span = running.span(used)
    if span is None:
        raise InputError("gtfs-never-runs", file=name)
    known = trips["route_id"][times.trip]
    route = np.where(known < 0, len(routes["row"]), known).astype(np.int32)
    kinds = np.append(np.where(routes["route_type"] == MISSING, -1, routes["route_type"]), -1)
    fast = too_fast(times, where.lon, where.lat, kinds[route])
    findings += [fast] if fast else []
    return Feed(
        name=name,
        zone=zone,
        places=where,
        times=times,
        trip_id=tuple(trips["trip_id"][times.trip]),
        headsign=tuple(trips["trip_headsign"][times.trip]),
        route=route,
        routes=tuple(
            zip((*routes["route_short_name"], ""), (*routes["route_long_name"], ""), kinds.tolist(), strict=True)
        ),
        service=service,
        services=running,
        headways=often,
        stated=rules,
        filling=filling,
        first_day=day_of(span[0]),
        last_day=day_of(span[1]),
        findings=tuple(findings),
    )


def _say_filled(filling: Filling, findings: list[Finding]) -> None:
    if filling.filled:
        values = {"count": filling.filled, "total": filling.rows, "percent": round(100 * filling.share, 1)}
        place = Place("stop_times.txt", 0, "arrival_time")
        findings.append(Finding(Message("gtfs-times-filled", values), place, "", Severity.WARNING))


def _zone(agency: Columns | None, findings: list[Finding]) -> str:
    """Return the time zone of the feed: the agency's, one for all of them; UTC where it names none that is known."""
    named = sorted({one for one in agency["agency_timezone"] if one}) if agency else []
    known = [one for one in named if is_zone(one)]
    if not known or len(known) < len(named):
        wrong = next((one for one in named if one not in known), "")
        said = Message("gtfs-zone-unknown", {"zone": wrong, "used": known[0] if known else UTC})
        findings.append(Finding(said, Place("agency.txt", 0, "agency_timezone"), wrong, Severity.WARNING))
    if len(known) > 1:
        said = Message("gtfs-zones-several", {"zones": ", ".join(known), "used": known[0]})
        findings.append(Finding(said, Place("agency.txt", 0, "agency_timezone"), known[1], Severity.WARNING))
    return known[0] if known else UTC


def is_zone(name: str) -> bool:
    """Say whether ``name`` is a time zone (IANA)."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # also what is a folder of the database, or a path
        return False
    return True


def _places(table: Columns, findings: list[Finding]) -> Places:
    """Return the rows of stops.txt; one without a position of its own has that of its station."""
    lon, lat = table["stop_lon"].copy(), table["stop_lat"].copy()
    with np.errstate(invalid="ignore"):
        there = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & ~((lon == 0) & (lat == 0))  # noqa: PLR2004 - degrees
    lon[~there] = lat[~there] = np.nan
    parent, kind = table["parent_station"], table["location_type"]
    at = np.arange(len(parent))
    for _ in range(_DEEPEST):  # a boarding area of a platform of a station; a circle ends
        above = np.where(parent[at] >= 0, parent[at], at)
        lon, lat = (np.where(np.isnan(lon), one[above], one) for one in (lon, lat))
        at = above
    nowhere = (np.isnan(lon) | np.isnan(lat)) & is_stop(kind)
    _say_alike(lon[is_stop(kind)], lat[is_stop(kind)], findings)
    if nowhere.any():
        row = int(table["row"][nowhere][0])
        said = Message("gtfs-stops-nowhere", {"count": int(nowhere.sum())})
        first = str(table["stop_id"][nowhere][0])
        findings.append(Finding(said, Place("stops.txt", row, "stop_lat"), first, Severity.WARNING))
    station = np.where((at != np.arange(len(at))) | (kind == STATION), at, -1)
    return Places(table["stop_id"], table["stop_name"], lon, lat, kind, station)


def is_stop(kind: Longs) -> NDArray[np.bool_]:
    """Say which kinds of places (``location_type``) vehicles stop at: stops, platforms and areas of platforms."""
    return np.isin(kind, (MISSING, _PLATFORM, _BOARDING_AREA))


def _say_alike(lon: Floats, lat: Floats, findings: list[Finding]) -> None:
    place = places(lon, lat)
    place = place[place >= 0]
    count = len(place) - len(np.unique(place))
    if count:
        said = Message("gtfs-stops-alike", {"count": count})
        findings.append(Finding(said, Place("stops.txt", 0, "stop_lat"), "", Severity.WARNING))
