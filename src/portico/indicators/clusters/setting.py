"""An industry in the area of a municipality, and in the universe that the city declares it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from portico.dates import PartialDate
from portico.figures import Evidence, Scalar
from portico.indicators.clusters.counts import LEAST_FIRMS
from portico.indicators.clusters.industries import Area, Counted, Industries, in_short, industries, joined, oldest
from portico.messages import Message
from portico.territory.layers import Territory


@dataclass(frozen=True, slots=True)
class Setting:
    """An industry in the area of a municipality and in the universe it is compared with."""

    area: Area
    universe: Area
    local: Counted
    everybody_local: Counted
    industry: Counted
    everybody: Counted
    summed_from: int

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All rows that it was read from."""
        parts = (self.local, self.everybody_local, self.industry, self.everybody)
        return in_short((self.area.evidence, self.universe.evidence), *(one.evidence for one in parts))

    @property
    def as_of(self) -> PartialDate | None:
        """The oldest of them."""
        return oldest(one.as_of for one in (self.local, self.everybody_local, self.industry, self.everybody))

    @property
    def parameters(self) -> dict[str, Scalar]:
        """What was compared with what, on how many firms."""
        found: dict[str, Scalar] = {"area": self.area.id, "universe": self.universe.id}
        if self.summed_from:
            found["universe_is_sum_of_areas"] = self.summed_from
        found |= {"employment": self.local.count.employment, "least_firms": LEAST_FIRMS}
        if self.local.count.firms is not None:
            found["firms"] = self.local.count.firms
        return found


def setting(territory: Territory, municipality: str, divisions: Sequence[str]) -> Setting | Message:
    """Return the industry where ``municipality`` lies, or why there is none."""
    known = industries(territory)
    area = area_at(known, municipality)
    return area if isinstance(area, Message) else setting_in(known, area, divisions)


def setting_in(known: Industries, area: Area, divisions: Sequence[str]) -> Setting | Message:
    """Return the industry in ``area``, or why there is none."""
    if not divisions or not known.knows(divisions):
        return Message("industry-nobody-counted", {"divisions": tuple(divisions)})
    universe = known.area(area.reference)
    local, everybody_local = known.counted(area.id, divisions), known.counted(area.id)
    if local is None or everybody_local is None or universe is None:
        return Message("industry-not-told", {"divisions": tuple(divisions), "area": area.name})
    whole = _whole(known, universe, divisions)
    if isinstance(whole, Message):
        return whole
    return Setting(area, universe, local, everybody_local, *whole)


Whole = tuple[Counted, Counted, int]


def _whole(known: Industries, universe: Area, divisions: Sequence[str]) -> Whole | Message:
    """Return the industry and everybody in the universe: its own rows, else the sum of so many areas; or why not."""
    key = (universe.id, tuple(divisions))
    return cast("Whole | Message", known.wholes.get(key, lambda: _added_up(known, universe, divisions)))


def _added_up(known: Industries, universe: Area, divisions: Sequence[str]) -> Whole | Message:
    industry, everybody = known.counted(universe.id, divisions), known.counted(universe.id)
    if industry and everybody:
        return industry, everybody, 0
    members = known.members(universe.id)
    parts, wholes = known.over(members, divisions), known.over(members)
    if not parts or not wholes:
        return Message("industry-not-told", {"divisions": tuple(divisions), "area": universe.name})
    if len(members) == 1:
        return Message("universe-of-one-area")
    return _shortened(joined(parts)), _shortened(joined(wholes)), len(members)


def _shortened(one: Counted) -> Counted:
    return replace(one, evidence=in_short(one.evidence))


def area_at(known: Industries, municipality: str) -> Area | Message:
    """Return the area that ``municipality`` lies in, or why there is none."""
    if not known.areas:
        return Message("no-areas-table")
    if not known.counts:
        return Message("no-employment-table")
    return known.area_of(municipality) or Message("municipality-in-no-area", {"municipality": municipality or "–"})
