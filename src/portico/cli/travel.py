"""``travel matrix|isochrone|itinerary``: minutes and ways on plain files. No city is needed."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import Parameter

from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, err, out, show_findings, table
from portico.cli.travel_asked import Asked, percentiles_of
from portico.lake.writing import MatrixPortion, matrix_form, write_matrix
from portico.messages import Finding, Message, Place, Severity
from portico.runner import Here, Processes
from portico.territory.nearby import Floats
from portico.territory.travel.batches import in_batches
from portico.territory.travel.files import read_points
from portico.territory.travel.matrix import Portion
from portico.territory.travel.model import Direction, Points, minutes_of
from portico.territory.travel.network import TravelNetwork

_SHOWN = 20
_DIGITS = 3


def matrix(
    *,
    asked: Asked,
    from_: Annotated[Path, Parameter(name="--from")],
    to: Path,
    percentiles: str = "",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    processes: int = 1,
    common: Common = DEFAULTS,
) -> int:
    """Write the minutes between points: from_id, to_id, minutes; empty where there is no way.

    Parameters
    ----------
    from_
        A table with id, lon and lat (EPSG:4326).
    to
        Another, or the same.
    percentiles
        Of the minutes over the window, with commas: 5,50,95. The column minutes is the median.
    output
        The file to write, .csv or .parquet; without it the first pairs are shown.
    processes
        How many processes share the work.
    """
    if output is not None:
        matrix_form(output)
    shares = percentiles_of(percentiles) if asked.mode == "transit" else ()
    question = asked.question((50.0, *shares))
    places, others = read_points(from_), read_points(to)
    network = asked.network()
    start, end = (places, others) if asked.towards is Direction.OUTBOUND else (others, places)
    console = err()

    def progress(done: int, total: int) -> None:
        if total > 1:
            text = common.say(Message("travel-progress", {"done": done, "total": total}))
            console.print(text, style="dim", markup=False)

    runner = Here() if processes == 1 else Processes(processes)
    counted = _Counted()
    portions = counted.through(in_batches(asked.files, start, end, question, runner, progress))
    columns = ["minutes", *(f"minutes_p{_two_digits(share)}" for share in shares)]
    if output is not None:
        write_matrix(output, ("from_id", start.ids), ("to_id", end.ids), columns, portions)
    else:
        with tempfile.TemporaryDirectory(prefix="portico-") as folder:
            place = Path(folder) / "matrix.csv"
            write_matrix(place, ("from_id", start.ids), ("to_id", end.ids), columns, portions)
    about = _about(asked, network, start, end) | {"pairs": len(start) * len(end), "unreached": counted.unreached}
    _show_matrix(_Shown(about, columns, counted.first, start, end, output), network, common)
    return 0


def _two_digits(share: float) -> str:
    return f"{share:02.0f}" if share == round(share) else f"{share:g}"


class _Counted:
    """Counts what is not reached while portions pass, and keeps the first of them to be shown."""

    def __init__(self) -> None:
        self.unreached = 0
        self.first: Floats = np.empty((0, 0, 0))

    def through(self, portions: Iterator[Portion]) -> Iterator[MatrixPortion]:
        """Yield the portions as minutes."""
        for one in portions:
            minutes = np.round(minutes_of(one.costs_ds), _DIGITS)
            self.unreached += int(np.isnan(minutes[0]).sum())
            if not self.first.size:
                self.first = minutes[:, :_SHOWN, :_SHOWN].copy()
            yield one.first, minutes


@dataclass(frozen=True)
class _Shown:
    """What is said of a matrix."""

    about: dict[str, Any]
    columns: list[str]
    first: Floats
    start: Points
    end: Points
    output: Path | None

    def rows(self) -> Iterator[list[Any]]:
        """Yield the first pairs."""
        for row in range(self.first.shape[1]):
            for column in range(self.first.shape[2]):
                minutes = [None if np.isnan(one) else float(one) for one in self.first[:, row, column]]
                yield [self.start.ids[row], self.end.ids[column], *minutes]


def _about(asked: Asked, network: TravelNetwork, start: Points, end: Points) -> dict[str, Any]:
    """Return how one travelled and what lies on no street."""
    streets = network.streets(asked.question().mode)
    off = {
        name: [points.ids[at] for at in np.flatnonzero(~streets.snap(points.lon, points.lat).is_on_street)]
        for name, points in (("from", start), ("to", end))
    }
    about: dict[str, Any] = {
        "mode": asked.mode,
        "direction": asked.direction,
        "depart": asked.depart,
        "arrive": asked.arrive,
        "window_minutes": asked.window if asked.mode == "transit" else None,
        "peak_factor": asked.peak_factor if asked.mode == "car" else None,
        "off_street": off,
        "streets": dict(streets.graph.about),
    }
    if asked.mode == "transit":
        stops = network.feeds.stops
        about["stops"] = len(stops)
        about["stops_off_street"] = [stops.id[at] for at in network.off_street()]
    return {name: value for name, value in about.items() if value not in (None, "")}


def _show_matrix(shown: _Shown, network: TravelNetwork, common: Common) -> None:
    about = shown.about
    if common.json:
        answer = about | {"columns": ["from_id", "to_id", *shown.columns]}
        if shown.output is None:
            answer["first_rows"] = list(shown.rows())
        else:
            answer["output"] = str(shown.output)
        as_json(answer)
        return
    say, console = common.say, out()
    if shown.output is None:
        cells = [["" if one is None else str(one) for one in row] for row in itertools.islice(shown.rows(), _SHOWN)]
        console.print(table(["from_id", "to_id", *shown.columns], cells, numbers=range(2, 2 + len(shown.columns))))
    values = {
        "pairs": about["pairs"],
        "unreached": about["unreached"],
        "direction": Message(f"towards.{about['direction']}"),
    }
    console.print(say(Message("travel-done", values)), markup=False)
    show_findings(findings_of(about, network), say, err())


def findings_of(about: dict[str, Any], network: TravelNetwork) -> list[Finding]:
    """Return what must be said of a network: points and stops that no street reaches, what timetables left open."""

    def warning(message: str, **values: object) -> Finding:
        return Finding(Message(message, values), Place(network.name), "", Severity.WARNING)

    found = [
        warning("points-off-street", count=len(ids), which=_listed(ids), limit=network.snap_limit_m)
        for ids in {tuple(ids): ids for ids in about["off_street"].values()}.values()
        if ids
    ]
    if not network.is_classed:
        found.append(warning("streets-without-class"))
    off = about.get("stops_off_street", [])
    if off:
        values = {"count": len(off), "total": about["stops"], "which": _listed(off), "limit": network.snap_limit_m}
        found.append(warning("stops-off-street", **values))
    return found + (list(network.feeds.findings) if about["mode"] == "transit" else [])


def _listed(ids: list[str]) -> str:
    most = 8
    return ", ".join(ids[:most]) + (", …" if len(ids) > most else "")
