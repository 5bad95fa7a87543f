"""The places of a version, drawn once and kept: for the map of its page and for the API."""

from __future__ import annotations

from collections.abc import Sequence

from portico.lake import reading
from portico.lake.drawing import Drawn, features
from portico.lake.model import Version
from portico.web.portal import Portal

MOST_PLACES = 2_000
_PROPERTIES = 20


def drawn_places(portal: Portal, shown: Version, columns: Sequence[str] = ()) -> Drawn:
    """Return at most 2,000 places of a version; their properties are ``columns``, else the first twenty."""
    plain = tuple(one for one in reading.chosen(shown, columns) if not one.is_geometry)[:_PROPERTIES]
    key = ("places", shown.dataset, shown.id, tuple(column.name for column in plain))
    return portal.settled(key, lambda: features(portal.lake, shown, plain, most=MOST_PLACES))
