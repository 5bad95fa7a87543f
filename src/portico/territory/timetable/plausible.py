"""Hops that no vehicle makes: a stop or a time is wrong.

Feeds state times to the minute, so that a hop may be a minute longer than it looks; it is counted so. What is faster
than any service of its kind, on a straight line, is said; nothing is left out for it.
"""

from __future__ import annotations

import numpy as np

from portico.messages import Finding, Message, Place, Severity
from portico.territory.nearby import Floats, Ints
from portico.territory.timetable.filling import Longs, metres_between
from portico.territory.timetable.stop_times import DS_PER_S, StopTimes

_ROUNDED_S = 60
_KM_H_PER_M_S = 3.6
_RAIL, _AIR = (2, *range(100, 200)), tuple(range(1100, 1200))
_ANY_KM_H, _RAIL_KM_H, _AIR_KM_H = 160.0, 500.0, 1_200.0
"""Faster than coaches on motorways and metros; than the fastest trains in service; than airliners."""


def too_fast(times: StopTimes, lon: Floats, lat: Floats, kind: Ints | Longs) -> Finding | None:
    """Return what is to be said of hops faster than their ``kind`` of route (of each trip), nothing where none is."""
    trip = times.trip_of_row
    here = np.flatnonzero(trip[1:] == trip[:-1])
    start, end = times.stop[here], times.stop[here + 1]
    seconds = (times.arrival_ds[here + 1] - times.departure_ds[here]) / DS_PER_S + _ROUNDED_S
    km_h = metres_between(lon[start], lat[start], lon[end], lat[end]) / seconds * _KM_H_PER_M_S
    of_hop = kind[trip[here]]
    limit = np.where(np.isin(of_hop, _RAIL), _RAIL_KM_H, np.where(np.isin(of_hop, _AIR), _AIR_KM_H, _ANY_KM_H))
    with np.errstate(invalid="ignore"):
        fast = np.flatnonzero(km_h > limit)
    if not len(fast):
        return None
    worst = fast[np.argmax(km_h[fast] - limit[fast])]
    values = {"count": len(fast), "speed": round(float(km_h[worst])), "trips": len(np.unique(trip[here[fast]]))}
    place = Place("stop_times.txt", int(times.row[here[worst] + 1]), "arrival_time")
    return Finding(Message("gtfs-too-fast", values), place, str(values["speed"]), Severity.WARNING)
