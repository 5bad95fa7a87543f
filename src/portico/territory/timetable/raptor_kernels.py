"""Round-based journeys (RAPTOR) for all departures of a window at once, compiled.

After Delling, Pajor and Werneck, *Round-Based Public Transit Routing* (ALENEX 2012; Transportation Science 49, 2015):
round by round, each with one ride more, the patterns through stops that were reached earlier than before are followed
once. There, the departures of a window are run one after the other, from the last to the first, and labels are kept
(rRAPTOR). Here they are run together: the label of a stop is a row, one arrival for each departure. Since who departs
later may not arrive earlier, rows never fall; so what a trip carries is a single number, the last departure that
still catches it, and a row is mended from there downwards until it is good enough. With one departure this is RAPTOR.

What differs from the paper: getting ready to board takes time of its own (a change, at the same stop or on foot to
another), so that arriving and being ready are two rows; and there is at most one walk between two rides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portico.territory.compiled import compiled, inlined
from portico.territory.nearby import Ints
from portico.territory.timetable.model import Network
from portico.territory.timetable.transfers import Changes

_FAR = np.int32(2**30)
Table = NDArray[np.int32]


class Labels(NamedTuple):
    """What is known of every stop, a row each with one int32 decisecond for each departure.

    ``arrival`` is the earliest by vehicle, ``ready`` the earliest at which one may board. The departures whose label
    got earlier in this round lie between ``*_low`` and ``*_high`` (low above high: none). ``begin`` is the position
    from which each pattern must be followed.
    """

    arrival: Table
    ready: Table
    arrival_low: Ints
    arrival_high: Ints
    ready_low: Ints
    ready_high: Ints
    begin: Ints


@compiled
def labels_of(stops: int, patterns: int, departures: int) -> Labels:
    """Return labels to work with."""
    return Labels(
        np.empty((stops, departures), dtype=np.int32),
        np.empty((stops, departures), dtype=np.int32),
        np.empty(stops, dtype=np.int32),
        np.empty(stops, dtype=np.int32),
        np.empty(stops, dtype=np.int32),
        np.empty(stops, dtype=np.int32),
        np.empty(patterns, dtype=np.int32),
    )


@compiled
def _start(labels: Labels, access_stop: Ints, access_ds: Ints, departures: Ints) -> None:
    """Forget everything but the walk to the first stop."""
    width = len(departures)
    labels.arrival[:] = _FAR
    labels.ready[:] = _FAR
    labels.arrival_low[:] = width
    labels.arrival_high[:] = -1
    labels.ready_low[:] = width
    labels.ready_high[:] = -1
    labels.begin[:] = _FAR
    for at in range(len(access_stop)):
        stop = access_stop[at]
        labels.ready_low[stop] = 0
        labels.ready_high[stop] = width - 1
        for one in range(width):
            labels.ready[stop, one] = min(labels.ready[stop, one], departures[one] + access_ds[at])


@compiled
def _collect(network: Network, labels: Labels) -> bool:
    """Find the patterns to follow, and from where; say whether there are any."""
    pattern_first, may_board, begin = network.pattern_first, network.board, labels.begin
    visit_first, pattern, position = network.visit_first, network.visit_pattern, network.visit_position
    low, high = labels.ready_low, labels.ready_high
    found = False
    for stop in range(len(low)):
        if low[stop] > high[stop]:
            continue
        for visit in range(visit_first[stop], visit_first[stop + 1]):
            one, at = pattern[visit], position[visit]
            if may_board[pattern_first[one] + at] and at < begin[one]:
                begin[one] = at
                found = True
    return found


@inlined
def _alight(row: Table, low: Ints, high: Ints, stop: int, last: int, time: int) -> None:
    """Arrive at ``stop`` by a vehicle that departures up to ``last`` catch."""
    if row[stop, last] > time:
        one = last
        while one >= 0 and row[stop, one] > time:
            row[stop, one] = time
            one -= 1
        low[stop] = min(low[stop], one + 1)
        high[stop] = max(high[stop], last)


@inlined
def _first_from(times: Ints, low: int, high: int, time: int) -> int:
    """Return the first of ``times`` between ``low`` and ``high``, which do not fall, that is not before ``time``."""
    while low < high:
        middle = (low + high) >> 1
        if times[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _follow(network: Network, labels: Labels, aboard: Ints, latest: int) -> None:
    """Ride along every pattern from where it must be followed.

    ``aboard`` has, for the trips from ``low`` to ``high``, the last departure that is on them. Boarding goes through
    the trips that the newly ready departures catch, up to the one that catches them all.
    """
    pattern_first, network_stop, may_board, may_alight = (
        network.pattern_first,
        network.stop,
        network.board,
        network.alight,
    )
    trip_first, time_first, arrives, departs = (
        network.trip_first,
        network.time_first,
        network.arrival_ds,
        network.departure_ds,
    )
    arrival, arrival_low, arrival_high = labels.arrival, labels.arrival_low, labels.arrival_high
    ready, ready_low, ready_high, begin = labels.ready, labels.ready_low, labels.ready_high, labels.begin
    for pattern in range(len(begin)):
        if begin[pattern] == _FAR:
            continue
        first = pattern_first[pattern]
        trips = trip_first[pattern + 1] - trip_first[pattern]
        low = high = 0
        for at in range(first + begin[pattern], pattern_first[pattern + 1]):
            stop = network_stop[at]
            time = time_first[pattern] + (at - first) * trips
            if may_alight[at]:
                best = -1
                for trip in range(low, high):
                    if aboard[trip] > best:
                        best = aboard[trip]
                        if arrives[time + trip] <= latest:
                            _alight(arrival, arrival_low, arrival_high, stop, best, arrives[time + trip])
            if not may_board[at] or ready_low[stop] > ready_high[stop]:
                continue
            one, end = ready_low[stop], ready_high[stop]
            trip = _first_from(departs, time, time + trips, ready[stop, one]) - time
            if trip == trips or departs[time + trip] > latest:
                continue
            if low == high:
                low = high = trip
            aboard[trip:low] = -1
            aboard[high:trip] = -1
            low = min(low, trip)
            high = max(high, trip)
            while trip < trips:
                while one < end and ready[stop, one + 1] <= departs[time + trip]:
                    one += 1
                if trip >= high:
                    aboard[trip] = one
                    high = trip + 1
                elif aboard[trip] < one:
                    aboard[trip] = one
                trip += 1
                if one == end:
                    break
            # Of the trips that carry the last departure of all only the first is of use.
            best, end = -1, high
            for trip in range(low, high):
                if aboard[trip] > best:
                    best = aboard[trip]
                    end = trip + 1
            high = end
        begin[pattern] = _FAR


@inlined
def _walk(arrival: Ints, ready: Ints, cost: int) -> tuple[int, int]:
    """Get ready ``cost`` after arriving; return the first and the last departure that is earlier than before.

    Sums are cut to 32 bits, in which they fit, so that eight are made at once.
    """
    better = 0
    for one in range(len(arrival)):
        better += np.int32(arrival[one] + cost) < ready[one]
    if not better:
        return 0, -1
    begin, end = 0, len(arrival) - 1
    while arrival[begin] + cost >= ready[begin]:
        begin += 1
    while arrival[end] + cost >= ready[end]:
        end -= 1
    for one in range(len(arrival)):
        time = np.int32(arrival[one] + cost)
        ready[one] = min(ready[one], time)
    return begin, end


@compiled
def _change(changes: Changes, labels: Labels, latest: int) -> bool:
    """Change at every stop that was reached earlier; say whether anything can be boarded that could not before."""
    arrival, arrival_low, arrival_high = labels.arrival, labels.arrival_low, labels.arrival_high
    ready, ready_low, ready_high = labels.ready, labels.ready_low, labels.ready_high
    first, to, cost = changes.first, changes.stop, changes.cost_ds
    width = ready.shape[1]
    ready_low[:] = width
    ready_high[:] = -1
    found = False
    for stop in range(len(arrival_low)):
        low, high = arrival_low[stop], arrival_high[stop]
        if low > high:
            continue
        arrival_low[stop] = width
        arrival_high[stop] = -1
        for at in range(first[stop], first[stop + 1]):
            # Rows do not fall: the earliest new arrival against the latest label in question.
            earliest = arrival[stop, low] + cost[at]
            if earliest > latest or earliest >= ready[to[at], high]:
                continue
            begin, end = _walk(arrival[stop, low : high + 1], ready[to[at], low : high + 1], cost[at])
            if end >= 0:
                ready_low[to[at]] = min(ready_low[to[at]], low + begin)
                ready_high[to[at]] = max(ready_high[to[at]], low + end)
                found = True
    return found


@compiled
def ride_once(network: Network, changes: Changes, labels: Labels, aboard: Ints, latest: int) -> bool:
    """Ride one vehicle more and change; say whether anything can be boarded that could not before.

    ``aboard`` is as long as the longest pattern has trips; nothing later than ``latest`` matters.
    """
    if not _collect(network, labels):
        return False
    _follow(network, labels, aboard, latest)
    return _change(changes, labels, latest)


@compiled
def ride(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    network: Network,
    changes: Changes,
    labels: Labels,
    aboard: Ints,
    access_stop: Ints,
    access_ds: Ints,
    departures: Ints,
    max_rides: int,
    latest: int,
) -> None:
    """Fill the labels with what up to ``max_rides`` vehicles reach; ``departures`` stand in order of time."""
    _start(labels, access_stop, access_ds, departures)
    for _ in range(max_rides):
        if not ride_once(network, changes, labels, aboard, latest):
            break


@compiled
def begin_at(labels: Labels, access_stop: Ints, access_ds: Ints, departures: Ints) -> None:
    """Begin a journey that is followed round by round."""
    _start(labels, access_stop, access_ds, departures)


@compiled
def longest_file(network: Network) -> int:
    """Return how many trips the pattern with most of them has."""
    most = 0
    for pattern in range(len(network.trip_first) - 1):
        most = max(most, network.trip_first[pattern + 1] - network.trip_first[pattern])
    return most


@compiled
def arrivals(
    network: Network,
    changes: Changes,
    access: tuple[NDArray[np.int64], Ints, Ints],
    departures: Ints,
    max_rides: int,
    limit: int,
    out: Table,
) -> None:
    """Write, for each row of ``access``, the arrival by vehicle at every stop, departing at its own time."""
    labels = labels_of(len(network.visit_first) - 1, len(network.trip_first) - 1, 1)
    aboard = np.empty(longest_file(network), dtype=np.int32)
    first, stop, cost = access
    for point in range(len(first) - 1):
        row = slice(first[point], first[point + 1])
        own = departures[point : point + 1]
        ride(network, changes, labels, aboard, stop[row], cost[row], own, max_rides, own[0] + limit)
        out[point] = labels.arrival[:, 0]


@inlined
def _through(labels: Labels, egress_stop: Ints, egress_ds: Ints, best: Ints) -> bool:
    """Write the earliest arrival at a point for each departure; say whether it is reached at all."""
    best[:] = _FAR
    found = False
    for at in range(len(egress_stop)):
        row, cost = labels.arrival[egress_stop[at]], egress_ds[at]
        if row[0] < _FAR:
            found = True
            for one in range(len(best)):
                time = np.int32(row[one] + cost)
                best[one] = min(best[one], time)
    return found


@inlined
def _ranked(minutes: Ints, ranks: Ints, out: Ints) -> None:
    """Write the values at ``ranks``, which rise, of ``minutes``, which are put in order on the way."""
    low = 0
    for at in range(len(ranks)):
        rank = ranks[at]
        begin, end = low, len(minutes) - 1
        while begin < end:  # Hoare's selection
            pivot = minutes[(begin + end) >> 1]
            left, right = begin, end
            while left <= right:
                while minutes[left] < pivot:
                    left += 1
                while minutes[right] > pivot:
                    right -= 1
                if left <= right:
                    minutes[left], minutes[right] = minutes[right], minutes[left]
                    left += 1
                    right -= 1
            if rank <= right:
                end = right
            elif rank >= left:
                begin = left
            else:
                break
        out[at] = minutes[rank]
        low = rank


@compiled
def travel_times(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    network: Network,
    changes: Changes,
    access: tuple[NDArray[np.int64], Ints, Ints],
    egress: tuple[NDArray[np.int64], Ints, Ints],
    direct: Table,
    departures: Ints,
    ranks: Ints,
    max_rides: int,
    limit: int,
    origins: NDArray[np.int64],
    out: NDArray[np.int32],
) -> None:
    """Write, for some ``origins``, the travel times to every point at the ranks among the departures.

    ``out`` has an origin for its first dimension, then a point, then a rank.
    """
    width = len(departures)
    labels = labels_of(len(network.visit_first) - 1, len(network.trip_first) - 1, width)
    aboard = np.empty(longest_file(network), dtype=np.int32)
    best = np.empty(width, dtype=np.int32)
    first, stop, cost = access
    out_first, out_stop, out_cost = egress
    for origin in origins:
        row = slice(first[origin], first[origin + 1])
        ride(network, changes, labels, aboard, stop[row], cost[row], departures, max_rides, departures[-1] + limit)
        for point in range(len(out_first) - 1):
            own = slice(out_first[point], out_first[point + 1])
            walk = direct[origin, point] if direct[origin, point] <= limit else _FAR
            if not _through(labels, out_stop[own], out_cost[own], best):
                out[origin, point] = walk
                continue
            for one in range(width):
                time = best[one] - departures[one]
                best[one] = min(walk, time if time <= limit else _FAR)
            _ranked(best, ranks, out[origin, point])
