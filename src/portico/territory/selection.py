"""Which places are meant: of a layer, kind, field or division."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portico.territory.model import PlaceFacts

ANY_FIELD = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """Places of any of ``kinds``, working in any of ``fields`` or of any of ``divisions``; empty parts ask nothing."""

    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()

    def __contains__(self, place: PlaceFacts) -> bool:
        """Say whether ``place`` is meant. Stops that serve nobody today never are."""
        if not place.is_open:
            return False
        if self.kinds and place.kind not in self.kinds:
            return False
        by_field = not self.fields or bool({ANY_FIELD, *self.fields} & set(place.fields))
        by_division = not self.divisions or place.division in self.divisions
        if self.fields and self.divisions:
            return bool({ANY_FIELD, *self.fields} & set(place.fields)) or by_division
        return by_field and by_division


def chosen(places: Iterable[PlaceFacts], selection: Selection) -> tuple[PlaceFacts, ...]:
    """Return those of ``places`` that are meant."""
    return tuple(place for place in places if place in selection)
