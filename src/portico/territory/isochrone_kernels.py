"""The kernel of isochrones: how far each node of a raster is from what is reached."""

from __future__ import annotations

import math

from portico.territory.compiled import compiled
from portico.territory.nearby import Floats


@compiled
def stamp(x_m: Floats, y_m: Floats, radius_m: Floats, cell_m: float, field_m: Floats) -> None:
    """Lower ``field_m`` to the distance from the nearest disc: min over s of |node − s| − radius_s, in metres.

    Node (row, column) lies at (column, row) × ``cell_m``. ``field_m`` holds the largest distance wanted; nodes farther
    from every disc keep it.
    """
    rows, columns = field_m.shape
    most = field_m[0, 0]
    for sample in range(len(x_m)):
        x, y, radius = x_m[sample], y_m[sample], radius_m[sample]
        far = radius + most
        top = min(rows - 1, math.floor((y + far) / cell_m))
        right = min(columns - 1, math.floor((x + far) / cell_m))
        for row in range(max(0, math.ceil((y - far) / cell_m)), top + 1):
            north = row * cell_m - y
            for column in range(max(0, math.ceil((x - far) / cell_m)), right + 1):
                east = column * cell_m - x
                away = math.sqrt(north * north + east * east) - radius
                if away < field_m[row, column]:
                    field_m[row, column] = away
