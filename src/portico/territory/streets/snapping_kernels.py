"""The nearest street to each of many points, by way of a grid over the segments of streets. Compiled."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from portico.territory.compiled import compiled
from portico.territory.nearby import Floats, Ints


@compiled
def filed(
    lon: Floats,
    lat: Floats,
    is_last: NDArray[np.bool_],
    west: float,
    south: float,
    cell: float,
    columns: int,
    rows: int,
) -> tuple[Ints, Ints]:
    """Return the segments (by their first point) in each cell of a grid, ``cell`` degrees wide, row by row."""
    count = np.zeros(columns * rows + 1, np.int32)
    first = np.zeros(columns * rows + 1, np.int32)
    segments = np.empty(0, np.int32)
    for turn in range(2):  # first how many there are, then which
        if turn:
            for at in range(columns * rows):
                first[at + 1] = first[at] + count[at]
            segments = np.empty(first[-1], np.int32)
            count[:] = 0
        for point in range(len(lon)):
            if is_last[point]:
                continue
            left = int((min(lon[point], lon[point + 1]) - west) / cell)
            right = int((max(lon[point], lon[point + 1]) - west) / cell)
            low = int((min(lat[point], lat[point + 1]) - south) / cell)
            high = int((max(lat[point], lat[point + 1]) - south) / cell)
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    at = row * columns + column
                    if turn:
                        segments[first[at] + count[at]] = point
                    count[at] += 1
    return first, segments


@compiled
def nearest_segments(  # noqa: PLR0913, PLR0917 - shared arrays, for the compiler
    at_lon: Floats,
    at_lat: Floats,
    limit_m: float,
    m_per_degree: float,
    lon: Floats,
    lat: Floats,
    first: Ints,
    segments: Ints,
    west: float,
    south: float,
    cell: float,
    columns: int,
    rows: int,
) -> tuple[Ints, Floats, Floats]:
    """Return for each point the nearest segment (-1: none within ``limit_m``), where along it (0 to 1), the metres."""
    found = np.full(len(at_lon), -1, np.int32)
    along, metres = np.zeros(len(at_lon)), np.full(len(at_lon), np.inf)
    for point in range(len(at_lon)):
        x, y = at_lon[point], at_lat[point]
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        squeeze = math.cos(math.radians(y))
        if squeeze < 0.01:  # noqa: PLR2004 - no streets at the poles
            continue
        best = limit_m * limit_m * (1 + 1e-12)
        reach = min(limit_m, cell * m_per_degree * squeeze)
        while True:
            high_y, wide_x = reach / m_per_degree, reach / (m_per_degree * squeeze)
            if x + wide_x >= west and y + high_y >= south:
                left = max(0, int((x - wide_x - west) / cell)) if x - wide_x > west else 0
                right = min(columns - 1, int((x + wide_x - west) / cell))
                low = max(0, int((y - high_y - south) / cell)) if y - high_y > south else 0
                high = min(rows - 1, int((y + high_y - south) / cell))
                for row in range(low, high + 1):
                    for column in range(left, right + 1):
                        for at in range(first[row * columns + column], first[row * columns + column + 1]):
                            segment = segments[at]
                            ax = (lon[segment] - x) * m_per_degree * squeeze
                            ay = (lat[segment] - y) * m_per_degree
                            dx = (lon[segment + 1] - lon[segment]) * m_per_degree * squeeze
                            dy = (lat[segment + 1] - lat[segment]) * m_per_degree
                            long2 = dx * dx + dy * dy
                            share = 0.0 if long2 == 0.0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / long2))
                            px, py = ax + share * dx, ay + share * dy
                            far2 = px * px + py * py
                            if far2 < best or (far2 == best and found[point] > segment):
                                best = far2
                                found[point], along[point] = segment, share
            if (found[point] >= 0 and best <= reach * reach) or reach >= limit_m:
                break
            reach = min(limit_m, reach * 2)
        if found[point] >= 0:
            metres[point] = math.sqrt(best)
    return found, along, metres
