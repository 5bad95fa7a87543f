"""``gtfs check``: what is wrong with timetable feeds, what is in them, whether they can answer. No city is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.markup import escape

from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, show_findings, table
from portico.dossier import plain
from portico.errors import UsageError
from portico.messages import Finding, Message
from portico.territory.timetable.checking import Checked, Contents
from portico.territory.timetable.checking import check as look_over
from portico.translation import Translator


def check(*files: str, common: Common = DEFAULTS) -> int:
    """Say what is wrong with timetable feeds (GTFS), what is in them, and whether they can answer how to travel.

    Exit code 1 where one of them cannot answer, or has an error.

    Parameters
    ----------
    files
        Feeds as zips, or as folders.
    """
    if not files:
        raise UsageError("gtfs-nothing")
    checked, together = look_over([Path(file) for file in files])
    if common.json:
        as_json(
            {
                "feeds": [_as_plain(one, common.say) for one in checked],
                "together": plain.findings(together, common.say),
            }
        )
    else:
        for one in checked:
            _show(one, common.say)
        show_findings(together, common.say, out())
    return 0 if all(one.is_fine for one in checked) else 1


def _as_plain(one: Checked, say: Translator) -> dict[str, Any]:
    """Return a feed looked over, for programs; its findings say type, severity, table, row, value and advice."""
    return {
        "file": one.file,
        "answers": one.contents is not None,
        "summary": _summary(one.contents) if one.contents else None,
        "findings": plain.findings(one.findings, say),
    }


def _summary(found: Contents) -> dict[str, Any]:
    filling = found.filling
    return {
        "first_day": found.first_day,
        "last_day": found.last_day,
        "days_with_service": found.days,
        "time_zone": found.zone,
        "stops": found.stops,
        "stops_without_position": found.nowhere,
        "stations": found.stations,
        "routes": found.routes,
        "trips": found.trips,
        "departures_by_interval": found.repeated,
        "trips_with_interval_only": found.loose,
        "stop_times": filling.rows,
        "stop_times_filled": filling.filled,
        "share_filled": round(filling.share, 6),
        "filled_by": {"shape": filling.by_shape, "line": filling.by_line, "count": filling.by_count},
        "transfers": found.transfers,
    }


def _show(one: Checked, say: Translator) -> None:
    console = out()
    answer = say("gtfs-answers" if one.contents else "gtfs-answers-not")
    console.print(f"[bold]{escape(one.file)}[/]  {escape(answer)}", soft_wrap=True)
    if one.contents:
        lines = table(["", ""], _lines(one.contents, say))
        lines.show_header = False
        console.print(lines)
    show_findings(_errors_first(one.findings), say, console)
    console.print()


def _errors_first(findings: tuple[Finding, ...]) -> list[Finding]:
    return sorted(findings, key=lambda one: one.severity)


def _lines(found: Contents, say: Translator) -> list[tuple[str, str]]:
    """Return the summary, name and text."""
    filling = found.filling
    stops = {"stops": found.stops, "nowhere": found.nowhere, "stations": found.stations}
    trips = {"trips": found.trips, "repeated": found.repeated, "loose": found.loose}
    times = {
        "rows": filling.rows,
        "percent": round(100 * filling.share, 1),
        "by_shape": filling.by_shape,
        "by_line": filling.by_line,
        "by_count": filling.by_count,
    }
    days = {"first": found.first_day, "last": found.last_day, "days": found.days}
    return [
        (say("gtfs-days"), say(Message("gtfs-from-to", days))),
        (say("gtfs-zone"), found.zone),
        (say("gtfs-stops"), say(Message("gtfs-stops-of", stops))),
        (say("gtfs-routes"), say.number(found.routes)),
        (say("gtfs-trips"), say(Message("gtfs-trips-of", trips)) if found.repeated else say.number(found.trips)),
        (say("gtfs-times"), say(Message("gtfs-times-of", times)) if filling.filled else say.number(filling.rows)),
        (say("gtfs-transfers"), say.number(found.transfers)),
    ]
