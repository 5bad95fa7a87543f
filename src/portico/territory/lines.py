"""Rides on lines, from sourced running times and headways only. No timetable is made up.

A ride between two stops of a line is known where somebody stated its running time, or where a time between
neighbouring stops was stated for the whole line (then it is multiplied by the number of stops passed, and its range is
that of the longest stated run). A line without a stated headway gives no rides. Rows that are recalled, not found in
a source, are left out wherever a sourced row answers; where one is used the figure carries its status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico.city.facts import Row, words
from portico.city.register import Cite, day_of
from portico.dates import PartialDate
from portico.figures import Evidence, oldest, rests_on_memory
from portico.territory.model import Minutes, Ride

_PERIODS = ("mean-working-day", "peak", "off-peak")


@dataclass(frozen=True, slots=True)
class _Stated:
    """Minutes somebody stated, with date and evidence."""

    minutes: Minutes
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


def rides(lines: Iterable[Row], running_times: Iterable[Row], headways: Iterable[Row], cite: Cite) -> tuple[Ride, ...]:
    """Return every ride that the rows of facts allow, both directions."""
    order = _order(lines, cite)
    gaps = _headways(list(headways), cite)
    stated = list(_sourced_first(running_times))
    found: dict[tuple[str, str, str], Ride] = {}
    for line, stops in order.items():
        if line not in gaps:
            continue
        runs = [*_stated_runs(line, stated, cite), *_hop_runs(line, stops, stated, cite)]
        for start, end, run in sorted(runs, key=lambda one: rests_on_memory(one[2].evidence)):
            for one, other in ((start, end), (end, start)):
                ride = Ride(
                    line, one, other, run.minutes, gaps[line].minutes,
                    oldest((run.as_of, gaps[line].as_of)), (*run.evidence, *gaps[line].evidence),
                )  # fmt: skip
                found.setdefault((line, one, other), ride)
    return tuple(found.values())


def _sourced_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["confidence"] == "recalled")


def _order(lines: Iterable[Row], cite: Cite) -> dict[str, list[tuple[str, Evidence]]]:
    """Return the stops of each line in order, each with the evidence of its place in it."""
    found: dict[str, list[tuple[int, str, Evidence]]] = {}
    for row in lines:
        found.setdefault(str(row["line"]), []).append((int(row["sequence"] or 0), str(row["stop"]), cite("lines", row)))
    return {
        line: [(stop, evidence) for _, stop, evidence in sorted(stops, key=lambda one: one[0])]
        for line, stops in found.items()
    }


def _headways(rows: Sequence[Row], cite: Cite) -> dict[str, _Stated]:
    """Return the time between departures of each line: the working day's mean, else peak to off-peak; sourced first."""
    found: dict[str, _Stated] = {}
    for line in {str(row["line"]) for row in rows}:
        own = [row for row in rows if row["line"] == line]
        sourced = [row for row in own if row["confidence"] == "verified"] or own
        means = [row for row in sourced if row["period"] == _PERIODS[0]]
        used = means or sourced
        values = sorted(float(row["minutes"] or 0) for row in used)
        mid = sum(values) / len(values)
        found[line] = _Stated(
            Minutes(values[0], mid, values[-1]),
            oldest(day_of(row.get("as_of")) for row in used),
            tuple(cite("headways", row) for row in used),
        )
    return found


def _stated_runs(line: str, rows: Iterable[Row], cite: Cite) -> Iterator[tuple[str, str, _Stated]]:
    for row in rows:
        if line in words(row["line"]) and row["from_stop"] is not None:
            yield (
                str(row["from_stop"]),
                str(row["to_stop"]),
                _Stated(_range(row), day_of(row.get("as_of")), (cite("running_times", row),)),
            )


def _hop_runs(
    line: str, stops: Sequence[tuple[str, Evidence]], rows: Sequence[Row], cite: Cite
) -> Iterator[tuple[str, str, _Stated]]:
    """Yield runs between any two stops of a line for which the time between neighbours was stated."""
    rate = next((row for row in rows if line in words(row["line"]) and row["from_stop"] is None), None)
    if rate is None:
        return
    least, usual, most = _rate_range(line, stops, rate, rows)
    evidence = (cite("running_times", rate),)
    for first, (start, _) in enumerate(stops):
        for hops, (end, _) in enumerate(stops[first + 1 :], start=1):
            passed = stops[first : first + hops + 1]  # their number rests on the place of each in the line
            recalled = tuple(one for _, one in passed if one.confidence == "recalled")
            minutes = Minutes(hops * least, hops * usual, hops * most)
            yield start, end, _Stated(minutes, day_of(rate.get("as_of")), (*evidence, *recalled))


def _rate_range(
    line: str, stops: Sequence[tuple[str, Evidence]], rate: Row, rows: Iterable[Row]
) -> tuple[float, float, float]:
    """Return minutes a hop: the stated rate, bounded by what the sourced runs of the line come to."""
    place: Mapping[str, int] = {stop: index for index, (stop, _) in enumerate(stops)}
    usual = _range(rate)
    bounds = [usual.low, usual.high]
    for row in rows:
        ends = (row["from_stop"], row["to_stop"])
        if line not in words(row["line"]) or row["confidence"] == "recalled" or None in ends:
            continue
        hops = abs(place.get(str(ends[0]), 0) - place.get(str(ends[1]), 0))
        if hops and all(str(end) in place for end in ends):
            run = _range(row)
            bounds += [run.low / hops, run.high / hops]
    return min(bounds), usual.mid, max(bounds)


def _range(row: Row) -> Minutes:
    mid = float(row["minutes"] or 0)
    low = mid if row["minutes_low"] is None else float(row["minutes_low"])
    high = mid if row["minutes_high"] is None else float(row["minutes_high"])
    return Minutes(low, mid, high)
