"""The criterion of competition: how much there is for each thousand of the people who reach it too."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portico.city.register import Site
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_minutes
from portico.indicators.access.decay import Decay, Within
from portico.indicators.access.doubtful import UNKNOWN, Floats, Range, Sum, doubtful_sum, ranges
from portico.indicators.access.floating import Travellers, shares
from portico.indicators.access.quantities import OF_AREAS, PEOPLE, RESIDENTS, Quantity, areas_cover, names, quantities
from portico.indicators.clusters.industries import oldest
from portico.match.criteria.access import SHOWN, going_of
from portico.match.criteria.base import Criterion
from portico.match.criteria.opportunities import areas_alone, candidates
from portico.match.criteria.over import version_of
from portico.match.criteria.over_sums import Supply, added_up, day_of
from portico.match.criteria.spread import Spread
from portico.match.model import Asked, Measured
from portico.messages import Message, did_you_mean
from portico.territory.layers import Territory
from portico.territory.many.positions import Positions
from portico.territory.model import Mode, PlaceFacts
from portico.territory.queries import Near, minutes_between, travel_minutes

PER_THOUSAND = "per-1000-people"
_THOUSAND = 1000.0
_NO_TIME = 1e-9


@dataclass(frozen=True, slots=True)
class Shared:
    """Each supply for each thousand of the people who reach it: least, usual, most; and what that rests on."""

    supplies: tuple[PlaceFacts, ...]
    share: tuple[Range, ...]
    as_of: PartialDate | None
    areas: tuple[PlaceFacts, ...]
    people: tuple[Evidence, ...]


def shared_out(territory: Territory, asked: Asked) -> Shared | Message:
    """Return the supplies that are asked for, shared out among the people of all areas; or why they cannot be."""
    supply = quantities(territory, asked.quantity)
    if asked.quantity in OF_AREAS or not supply:
        advice = did_you_mean(asked.quantity, [name for name in names(territory) if name not in OF_AREAS])
        return Message("quantity-nobody-has", {"quantity": asked.quantity, "advice": advice})
    people = quantities(territory, RESIDENTS)
    areas = tuple(one for one in territory.areas if one.id in people and one.position is not None)
    if not areas:
        return Message("no-residents-told")
    supplies = candidates(territory, asked)
    if not supplies:
        return Message("no-such-place")
    return _shared(territory, asked, supplies, supply, areas, [people[one.id] for one in areas])


def _shared(
    territory: Territory,
    asked: Asked,
    supplies: tuple[PlaceFacts, ...],
    supply: Mapping[str, Quantity],
    areas: tuple[PlaceFacts, ...],
    people: Sequence[Quantity],
) -> Shared:
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    costs = np.array(
        [
            ranges([minutes_between(territory, one.position, place, mode, going) for place in supplies])
            for one in areas
            if one.position is not None
        ]
    )  # areas × (least, usual, most) × supplies
    population = Amounts.of(np.array([one.mid for one in people]), PEOPLE)
    amounts = np.array([_amount(supply, one) for one in supplies]).T
    # The nearer people are, the more of them share a supply: the least share is at the least minutes.
    low, mid, high = (_shares(amounts[at], costs[:, at], population, _within(asked)) for at in range(3))
    if not areas_cover(territory):  # people beyond the areas on record share it too, nobody knows how many
        low = np.zeros_like(low)
    share = np.array([np.where(np.isinf(low), 0.0, low), np.where(np.isinf(mid), np.nan, mid), high]).T
    counted = [supply[one.id] for one in supplies if one.id in supply]
    as_of = oldest(one.as_of for one in (*counted, *people))
    return Shared(
        supplies, tuple(map(tuple, share.tolist())), as_of, areas, tuple(row for one in people for row in one.evidence)
    )


def _amount(supply: Mapping[str, Quantity], place: PlaceFacts) -> Range:
    found = supply.get(place.id)
    return (found.low, found.mid, found.high) if found else UNKNOWN


def _shares(amounts: Floats, minutes: Floats, population: Amounts, decay: Decay) -> Floats:
    """Return each of ``amounts`` for one of the people who reach it; without bound where nobody does."""
    travellers = Travellers(of_minutes(np.where(np.isfinite(minutes), minutes, np.nan)), population, decay)
    found = shares(Amounts.of(np.nan_to_num(amounts, nan=0.0, posinf=0.0), ""), (travellers,)).low
    return np.where(np.isfinite(amounts), found, amounts)


def _within(asked: Asked) -> Within:
    return Within(max(asked.within_minutes or 0.0, _NO_TIME))


def _floating_catchment(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How much of ``quantity`` is in reach for each thousand people who reach it too: two-step floating catchment.

    The people are those of the areas in which the city counts residents; a site that has much near it where few live
    scores high. Both steps within ``within_minutes``.

    Unit: per-1000-people
    Direction: max
    Default scale: 0 → 0, 100 → 1
    Formula: R_j = S_j / Σ_k P_k [c_kj ≤ T];  A_i = 1000 · Σ_j R_j [c_ij ≤ T]
    Source: Luo and Wang, Measures of spatial accessibility to health care in a GIS environment, Environment and
        Planning B 30(6), 2003
    """
    shared = _kept(territory, asked)
    if site.position is None or isinstance(shared, Message):
        note = shared if isinstance(shared, Message) else Message("position-unknown")
        return Measured(Figure.missing(PER_THOUSAND, note=note, evidence=(site.evidence,)))
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    minutes = [minutes_between(territory, site.position, place, mode, going) for place in shared.supplies]
    found = doubtful_sum(shared.share, ranges(minutes), _within(asked))
    counted = [(one.mid, shared.supplies[at]) for at in found.counted if (one := minutes[at]) is not None]
    nearest = [place for _, place in sorted(counted, key=lambda one: (one[0], one[1].id))[:SHOWN]]
    near = tuple(Near(place, travel_minutes(territory, site.position, place, mode, going)) for place in nearest)
    return Measured(_figure(territory, site, asked, shared, found, near), near)


def _kept(territory: Territory, asked: Asked) -> Shared | Message:
    key = (asked.kinds, asked.fields, asked.divisions, asked.quantity)
    how = (asked.mode, asked.within_minutes, asked.inbound)
    return territory.kept(("criteria.floating", *key, *how), lambda: shared_out(territory, asked))


def _floating_catchment_over(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    shared = _kept(territory, asked)
    if isinstance(shared, Message):
        return Spread.unknown(len(starts))
    supply = quantities(territory, asked.quantity)
    cited = (row for one in shared.supplies if one.id in supply for row in supply[one.id].evidence)
    datasets = dict.fromkeys(one.dataset for one in (*cited, *shared.people))
    found = Supply(
        shared.supplies,
        shared.share,
        [day_of(shared.as_of)] * len(shared.supplies),
        tuple(version_of(territory, name) for name in datasets),
        _THOUSAND,
        of_reached=False,
    )
    return added_up(territory, starts, asked, found, _within(asked))


def _figure(
    territory: Territory, site: Site, asked: Asked, shared: Shared, found: Sum, near: tuple[Near, ...]
) -> Figure:
    parameters: dict[str, Scalar] = {
        "mode": (asked.mode or Mode.CAR).value,
        "direction": going_of(asked).direction.value,
        "quantity": asked.quantity,
        "areas": len(shared.people),
        **_within(asked).parameters,
    }
    supply = quantities(territory, asked.quantity)
    counted = [row for at in found.counted for row in supply[shared.supplies[at].id].evidence]
    method = Evidence(method="match.floating-catchment", parameters=parameters)
    evidence = together((method,), counted, shared.people, *(one.minutes.evidence for one in near), (site.evidence,))
    low, high = _THOUSAND * found.low, _THOUSAND * found.high if math.isfinite(found.high) else None
    note = Message("shares-unsaid", {"count": len(found.unsaid)}) if found.unsaid else None
    if note is None and not areas_cover(territory):
        note = areas_alone(shared.areas)
    if found.unsaid and not found.counted:
        return Figure.missing(PER_THOUSAND, low=low, high=high, as_of=shared.as_of, evidence=evidence, note=note)
    value = _THOUSAND * found.mid
    return Figure(value, low, high, PER_THOUSAND, Status.ESTIMATED, shared.as_of, evidence, note)


FLOATING_CATCHMENT = Criterion(
    "floating-catchment",
    _floating_catchment,
    unit=PER_THOUSAND,
    needs=("mode", "within_minutes", "quantity"),
    takes=("kinds", "fields", "divisions", "inbound"),
    over=_floating_catchment_over,
)
