"""What must hold in a GTFS feed for trips to be read from it, after the reference of the format (gtfs.org).

A feed in which a few rows point to nothing is still a feed: they are named. One in which more than one in a hundred do,
in what joins stops to trips to routes, would answer with journeys that are not there: it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from portico.lake.found import Parsed
from portico.lake.identity import quoted
from portico.lake.readers.json_rows import ROW
from portico.messages import Finding, Message, Place, Severity

BEARABLE = 0.01
TABLES = (
    "agency",
    "stops",
    "routes",
    "trips",
    "stop_times",
    "calendar",
    "calendar_dates",
    "fare_attributes",
    "fare_rules",
    "timeframes",
    "rider_categories",
    "fare_media",
    "fare_products",
    "fare_leg_rules",
    "fare_leg_join_rules",
    "fare_transfer_rules",
    "areas",
    "stop_areas",
    "networks",
    "route_networks",
    "shapes",
    "frequencies",
    "transfers",
    "pathways",
    "levels",
    "location_groups",
    "location_group_stops",
    "booking_rules",
    "translations",
    "feed_info",
    "attributions",
    # Not of the reference, but published beside it: the municipality of each stop.
    "stop_attributes",
)
FOR_TRIPS = ("routes", "trips", "stop_times")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "agency": ("agency_name", "agency_url", "agency_timezone"),
    "stops": ("stop_id",),
    "routes": ("route_id", "route_type"),
    "trips": ("route_id", "service_id", "trip_id"),
    "stop_times": ("trip_id", "stop_id", "stop_sequence"),
    "calendar": ("service_id", "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
}
_KEYS = (("stops", ("stop_id",)), ("routes", ("route_id",)), ("trips", ("trip_id",)), ("calendar", ("service_id",)))
_ROW_KEYS = (("stop_times", ("trip_id", "stop_sequence")), ("shapes", ("shape_id", "shape_pt_sequence")))
TIME = "[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]"
"""A time of service as a regular expression; hours go beyond 24."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """A column whose values must stand in one of other columns. ``joins`` tells those that trips hang on."""

    table: str
    column: str
    targets: tuple[tuple[str, str], ...]
    joins: bool = False


_REFERENCES = (
    _Reference("stop_times", "trip_id", (("trips", "trip_id"),), joins=True),
    _Reference(
        "stop_times",
        "stop_id",
        (("stops", "stop_id"), ("location_groups", "location_group_id")),
        joins=True,
    ),
    _Reference("trips", "route_id", (("routes", "route_id"),), joins=True),
    _Reference("trips", "service_id", (("calendar", "service_id"), ("calendar_dates", "service_id")), joins=True),
    _Reference("routes", "agency_id", (("agency", "agency_id"),)),
    _Reference("trips", "shape_id", (("shapes", "shape_id"),)),
    _Reference("stops", "parent_station", (("stops", "stop_id"),)),
    _Reference("transfers", "from_stop_id", (("stops", "stop_id"),)),
    _Reference("transfers", "to_stop_id", (("stops", "stop_id"),)),
    _Reference("frequencies", "trip_id", (("trips", "trip_id"),)),
    _Reference("fare_rules", "fare_id", (("fare_attributes", "fare_id"),)),
    _Reference("fare_rules", "route_id", (("routes", "route_id"),)),
    _Reference("pathways", "from_stop_id", (("stops", "stop_id"),)),
    _Reference("pathways", "to_stop_id", (("stops", "stop_id"),)),
    _Reference("stop_areas", "area_id", (("areas", "area_id"),)),
    _Reference("stop_areas", "stop_id", (("stops", "stop_id"),)),
    _Reference("stop_attributes", "stop_id", (("stops", "stop_id"),)),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found against a rule: the finding, in which table, and whether the feed is unusable by it."""

    finding: Finding
    table: str
    is_fatal: bool


def faults(tables: Mapping[str, Parsed], cursor: duckdb.DuckDBPyConnection) -> list[Fault]:
    """Return what breaks the rules in the tables of a feed, what makes it unusable first."""
    judge = _Judge(tables, cursor)
    found = [*judge.columns(), *judge.references(), *judge.keys(), *judge.times(), *judge.positions()]
    return sorted(found, key=lambda one: not one.is_fatal)


class _Judge:
    """The rules, asked of the tables of one feed."""

    def __init__(self, tables: Mapping[str, Parsed], cursor: duckdb.DuckDBPyConnection) -> None:
        self._tables = tables
        self._cursor = cursor

    def _has(self, table: str, *columns: str) -> bool:
        return table in self._tables and set(columns) <= set(self._tables[table].columns)

    def _ask(self, query: str) -> tuple[Any, ...]:
        return self._cursor.execute(query).fetchone() or ()

    def _fault(self, message: str, table: str, row: int, *, is_fatal: bool, **values: object) -> Fault:
        severity = Severity.ERROR if is_fatal else Severity.WARNING
        place = Place(f"{table}.txt", row, str(values.get("column", "")))
        said = Finding(
            Message(message, {"file": f"{table}.txt", **values}), place, str(values.get("value", "")), severity
        )
        return Fault(said, table, is_fatal)

    def columns(self) -> Iterator[Fault]:
        """Columns without which a table means nothing."""
        for table, needed in REQUIRED.items():
            missing = [column for column in needed if table in self._tables and not self._has(table, column)]
            if missing:
                fatal = table in ("stops", *FOR_TRIPS)
                yield self._fault("gtfs-columns", table, 1, is_fatal=fatal, columns=", ".join(missing))

    def references(self) -> Iterator[Fault]:
        """References to nothing."""
        for one in _REFERENCES:
            known = [(table, column) for table, column in one.targets if self._has(table, column)]
            if not known or not self._has(one.table, one.column):
                continue
            value = f"nullif(trim({quoted(one.column)}), '')"
            targets = " UNION ".join(
                f"SELECT trim({quoted(column)}) AS v FROM {self._tables[table].relation}" for table, column in known
            )
            count, distinct, row, first = self._ask(
                f"SELECT count(*), count(DISTINCT {value}), min({ROW}), min_by({value}, {ROW}) "
                f"FROM {self._tables[one.table].relation} AS t ANTI JOIN ({targets}) AS k ON k.v = {value} "
                f"WHERE {value} IS NOT NULL"
            )
            if count:
                total = self._tables[one.table].rows
                yield self._fault(
                    "gtfs-dangling",
                    one.table,
                    int(row),
                    is_fatal=one.joins and count > BEARABLE * total,
                    column=one.column,
                    target=" / ".join(f"{table}.txt" for table, _ in known),
                    count=count,
                    total=total,
                    distinct=distinct,
                    value=first,
                )

    def keys(self) -> Iterator[Fault]:
        """Keys that stand twice, or not at all."""
        for table, columns in (*_KEYS, *_ROW_KEYS):
            if not self._has(table, *columns):
                continue
            key = ", ".join(f"trim({quoted(column)})" for column in columns)
            relation, total = self._tables[table].relation, self._tables[table].rows
            groups = f"SELECT count(*) AS n, min({ROW}) AS r FROM {relation} GROUP BY {key} HAVING count(*) > 1"
            extra, row = self._ask(f"SELECT sum(n) - count(*), min(r) FROM ({groups})")
            if extra:
                fatal = (table, columns) in _KEYS and extra > BEARABLE * total
                named = ", ".join(columns)
                yield self._fault("gtfs-key-twice", table, int(row), is_fatal=fatal, column=named, count=int(extra))

    def times(self) -> Iterator[Fault]:
        """Times that are none, and vehicles that arrive before they left."""
        if not self._has("stop_times", "trip_id", "stop_sequence", "arrival_time", "departure_time"):
            return
        relation, total = self._tables["stop_times"].relation, self._tables["stop_times"].rows
        for column in ("arrival_time", "departure_time"):
            value = f"nullif(trim({column}), '')"
            where = f"{value} IS NOT NULL AND NOT regexp_full_match({value}, '{TIME}')"
            count, row, first = self._ask(
                f"SELECT count(*), min({ROW}), min_by({column}, {ROW}) FROM {relation} WHERE {where}"
            )
            if count:
                fatal = count > BEARABLE * total
                yield self._fault(
                    "gtfs-time", "stop_times", int(row), is_fatal=fatal, column=column, count=count, value=first
                )
        count, row = self._ask(
            f"WITH t AS (SELECT {ROW} AS r, trip_id, TRY_CAST(stop_sequence AS BIGINT) AS s, "
            f"{seconds('arrival_time')} AS a, {seconds('departure_time')} AS d FROM {relation}), "
            "l AS (SELECT *, lag(d) OVER (PARTITION BY trip_id ORDER BY s) AS before FROM t "
            "WHERE coalesce(a, d) IS NOT NULL) SELECT count(*), min(r) FROM l WHERE a < before OR d < a"
        )
        if count:
            yield self._fault("gtfs-time-backwards", "stop_times", int(row), is_fatal=False, count=count)

    def positions(self) -> Iterator[Fault]:
        """Positions that are nowhere."""
        for table, prefix in (("stops", "stop"), ("shapes", "shape_pt")):
            lat, lon = f"{prefix}_lat", f"{prefix}_lon"
            if not self._has(table, lat, lon):
                continue
            y, x = f"TRY_CAST(trim({lat}) AS DOUBLE)", f"TRY_CAST(trim({lon}) AS DOUBLE)"
            stated = f"nullif(trim({lat}), '') IS NOT NULL OR nullif(trim({lon}), '') IS NOT NULL"
            there = f"coalesce(abs({y}) <= 90 AND abs({x}) <= 180, false)"
            count, row, total = self._ask(
                f"SELECT count(*) FILTER (NOT {there}), min({ROW}) FILTER (NOT {there}), count(*) "
                f"FROM {self._tables[table].relation} WHERE {stated}"
            )
            if count:
                fatal = table == "stops" and count > BEARABLE * total
                yield self._fault("gtfs-position", table, int(row), is_fatal=fatal, count=count)


def seconds(column: str) -> str:
    """Return the SQL of a time of service in seconds; hours go beyond 24."""
    parts = [f"TRY_CAST(split_part(trim({column}), ':', {at}) AS BIGINT)" for at in (1, 2, 3)]
    return f"{parts[0]} * 3600 + {parts[1]} * 60 + {parts[2]}"
