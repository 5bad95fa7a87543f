"""Everything that is wrong with a city folder, found at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from portico.city import attributes, industries
from portico.city.check_register import check_register
from portico.city.facts import Facts, iterate
from portico.city.model import Calendar, CitySettings, Source
from portico.city.tables import Kind, table
from portico.dates import PartialDate
from portico.errors import InputError
from portico.fetch import addresses
from portico.geo import Box, Point, Whereabouts, whereabouts
from portico.messages import Finding, Message, Place, Severity, did_you_mean

Tables = Mapping[str, Facts]


def check_settings(settings: CitySettings, folder: Path, place: Callable[[str], Place]) -> Iterator[Finding]:
    """Yield what types cannot say of ``city.toml``: order of the extent, days that exist, repeated ids, lost files."""
    extent = settings.extent
    if extent.west >= extent.east or extent.south >= extent.north:
        yield Finding(Message("extent-empty"), place("extent"))
    yield from _calendar(settings.calendar, place)
    for name in ("partners", "sources", "areas"):
        seen: set[str] = set()
        for number, item in enumerate(getattr(settings, name)):
            if item.id in seen:
                yield Finding(Message("repeated-id", {"id": item.id}), place(f"{name}.{number}.id"), item.id)
            seen.add(item.id)
    yield from _time_zone(settings.time_zone, place)
    if not settings.partners:
        yield Finding(Message("no-partner"), place("partners"))
    for number, source in enumerate(settings.sources):
        for key, message, value, severity in _source(source, folder):
            yield Finding(message, place(f"sources.{number}.{key}"), value, severity)


def _source(source: Source, folder: Path) -> Iterator[tuple[str, Message, str, Severity]]:
    """Yield what is wrong with one source: the key, what to say, the value, how much it matters."""
    error = Severity.ERROR
    if (source.file or source.address) and table(source.id):  # both would be the same dataset
        yield "id", Message("repeated-id", {"id": source.id}), source.id, error
    if source.file and not _within(folder, source.file):
        yield "file", Message("source-file-missing", {"file": source.file}), source.file, error
    if source.file and source.address:
        yield "address", Message("source-in-two-places", {"id": source.id}), source.id, error
    if source.use and not (source.file or source.address):
        yield "use", Message("source-without-file", {"id": source.id, "use": source.use.value}), source.use.value, error
    if source.address:
        try:
            found = addresses.read(source.address)
        except InputError as fault:
            yield "address", Message.of(fault), addresses.shown(source.address), error
        else:
            if found.scheme == "http":
                yield "address", Message("source-over-http", {"host": found.host}), found.shown, Severity.WARNING


def _time_zone(name: str, place: Callable[[str], Place]) -> Iterator[Finding]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        values = {"key": "time_zone", "value": name, "advice": did_you_mean(name, available_timezones())}
        yield Finding(Message("unknown-value", values), place("time_zone"), name)


def _within(folder: Path, name: str) -> bool:
    path = (folder / name).resolve()
    return path.is_file() and path.is_relative_to(folder.resolve())


def _calendar(calendar: Calendar, place: Callable[[str], Place]) -> Iterator[Finding]:
    for key, day in [("patron_day", calendar.patron_day), *(("closed", day) for day in calendar.closed)]:
        try:
            date.fromisoformat(day if len(day) > len("MM-DD") else f"2024-{day}") if day else None
        except ValueError:
            yield Finding(
                Message("wrong-form", {"key": f"calendar.{key}", "expected": Message("form.day")}),
                place(f"calendar.{key}"),
                day,
            )
    import holidays  # noqa: PLC0415 - slow to import and wanted only here

    known = holidays.list_supported_countries()
    if calendar.country not in known:
        advice = did_you_mean(calendar.country, known)
        message = Message("unknown-value", {"key": "calendar.country", "value": calendar.country, "advice": advice})
        yield Finding(message, place("calendar.country"), calendar.country)


def check_facts(facts: Tables, extent: Box, as_of: date) -> Iterator[Finding]:
    """Yield what is wrong across rows: repeated ids, lost references, misplaced points, dates to come, odd values."""
    for one in facts.values():
        yield from _ids(one)
        yield from _references(one, facts)
        yield from _dates(one, as_of)
        if one.table.has_positions:
            yield from _positions(one, extent)
    yield from _attributes(facts)
    yield from check_register(facts)
    yield from _running_times(facts)
    yield from industries.check(facts)


def _ids(facts: Facts) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, row in enumerate(facts.rows):
        identifier = str(row["id"])
        if identifier in seen:
            message = Message("duplicate-id", {"id": identifier, "first": facts.lines[seen[identifier]]})
            yield Finding(message, facts.place(index, "id"), identifier)
        seen.setdefault(identifier, index)


def _references(facts: Facts, every: Tables) -> Iterator[Finding]:
    for column in (column for column in facts.table.columns if column.refers):
        known = {str(row["id"]) for name in column.refers for _, row in iterate(every, name)}
        for index, row in enumerate(facts.rows):
            value = row[column.name]
            if value is not None and value not in known:
                values = {"value": value, "tables": ", ".join(column.refers), "advice": did_you_mean(str(value), known)}
                yield Finding(Message("lost-reference", values), facts.place(index, column.name), str(value))


def _dates(facts: Facts, as_of: date) -> Iterator[Finding]:
    for column in (column for column in facts.table.columns if column.kind is Kind.DATE):
        for index, row in enumerate(facts.rows):
            value = row[column.name]
            if value is not None and PartialDate.parse(str(value)).earliest > as_of:
                yield Finding(Message("date-to-come", {"value": value}), facts.place(index, column.name), str(value))


def _positions(facts: Facts, extent: Box) -> Iterator[Finding]:
    for index, row in enumerate(facts.rows):
        lon, lat = row["lon"], row["lat"]
        if (lon is None) != (lat is None):
            yield Finding(Message("half-a-position"), facts.place(index, "lon" if lon is None else "lat"))
        if not isinstance(lon, float) or not isinstance(lat, float):
            continue
        if row["precision"] is None:
            yield Finding(Message("position-without-precision"), facts.place(index, "precision"))
        found = whereabouts(Point(lon, lat), extent)
        if found is not Whereabouts.INSIDE:
            yield Finding(
                Message(f"position-{found.value}", {"lon": str(lon), "lat": str(lat)}),
                facts.place(index, "lon"),
                f"{lon}, {lat}",
            )


def _attributes(facts: Tables) -> Iterator[Finding]:
    with_status = set()
    for index, row in iterate(facts, "site_attributes"):
        name = str(row["attribute"])
        parts = [str(row[part] or "") for part in ("basis", "value", "unit")]
        wrong = attributes.fault(name, *parts)
        if wrong:
            column, message = wrong
            yield Finding(message, facts["site_attributes"].place(index, column), str(row[column] or ""))
        if name == "status" and row["until"] is None:
            with_status.add(row["site"])
    for index, row in iterate(facts, "sites"):
        if row["id"] not in with_status:
            place = facts["sites"].place(index, "id")
            yield Finding(Message("site-without-status", {"id": row["id"]}), place, str(row["id"]), Severity.WARNING)


def _running_times(facts: Tables) -> Iterator[Finding]:
    for index, row in iterate(facts, "running_times"):
        if (row["from_stop"] is None) != (row["to_stop"] is None):
            yield Finding(Message("half-a-run"), facts["running_times"].place(index, "to_stop"))
        bounds = [value for value in (row["minutes_low"], row["minutes"], row["minutes_high"]) if value is not None]
        if bounds != sorted(bounds, key=float) or min(map(float, bounds)) < 0:
            yield Finding(Message("minutes-disordered"), facts["running_times"].place(index, "minutes"))
