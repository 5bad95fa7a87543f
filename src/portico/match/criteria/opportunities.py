"""Criteria that add up what there is at places: within so many minutes, or the less the farther."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from portico.city.register import Site
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.indicators.access.decay import Decay, Exponential, Within
from portico.indicators.access.doubtful import UNKNOWN, Range, Sum, doubtful_sum, ranges
from portico.indicators.access.quantities import JOBS, OF_AREAS, RESIDENTS, Quantity, areas_cover, names, quantities
from portico.indicators.clusters.industries import oldest
from portico.match.criteria import over_sums
from portico.match.criteria.access import SHOWN, going_of, selection_of
from portico.match.criteria.base import Criterion
from portico.match.criteria.over import version_of
from portico.match.criteria.over_sums import NO_DAY, Supply, day_of
from portico.match.criteria.spread import Spread
from portico.match.model import Asked, Measured
from portico.messages import Message, did_you_mean
from portico.territory.layers import Territory
from portico.territory.many.positions import Positions
from portico.territory.model import Minutes, Mode, PlaceFacts
from portico.territory.queries import Near, minutes_between, travel_minutes
from portico.territory.selection import Selection, chosen

PLACES = "places"
OPPORTUNITIES = "opportunities"
_NAMED = 5
_ONE: Range = (1.0, 1.0, 1.0)
_NO_TIME = 1e-9


def candidates(territory: Territory, asked: Asked) -> tuple[PlaceFacts, ...]:
    """Return the places that may hold what is asked for.

    Areas where residents or jobs are; else the places asked for, of kinds that have such a quantity anywhere unless
    kinds are asked for by name: nobody misses the students of a railway station.
    """
    return territory.kept(
        ("criteria.candidates", asked.kinds, asked.fields, asked.divisions, asked.quantity),
        lambda: _candidates(territory, asked),
    )


def _candidates(territory: Territory, asked: Asked) -> tuple[PlaceFacts, ...]:
    if asked.quantity in OF_AREAS:
        return chosen(territory.areas, Selection(asked.kinds))
    every = territory.chosen(selection_of(asked))
    if not asked.quantity or asked.kinds:
        return every
    known = quantities(territory, asked.quantity)
    kinds = {place.kind for place in territory.places if place.id in known}
    return tuple(place for place in every if place.kind in kinds)


def amount_of(known: dict[str, Quantity], place: PlaceFacts, quantity: str) -> Range:
    """Return between what the amount at a place lies; one each where no quantity is asked for."""
    if not quantity:
        return _ONE
    found = known.get(place.id)
    return (found.low, found.mid, found.high) if found else UNKNOWN


def _reached(territory: Territory, site: Site, places: tuple[PlaceFacts, ...], asked: Asked) -> list[Minutes | None]:
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    if site.position is None:
        return [None] * len(places)
    return [minutes_between(territory, site.position, place, mode, going) for place in places]


def added_up(territory: Territory, site: Site, asked: Asked, decay: Decay, method: Evidence) -> Measured:
    """Return the sum of what is asked for, weighted by ``decay`` over the minutes from the site, or to it."""
    unit = _unit(territory, asked)
    places = candidates(territory, asked)
    reason = _why_none(territory, site, asked, places)
    if reason:
        return Measured(Figure.missing(unit, note=reason, evidence=(site.evidence,)))
    known = dict(quantities(territory, asked.quantity, asked.divisions)) if asked.quantity else {}
    minutes = _reached(territory, site, places, asked)
    if all(one is None for one in minutes):
        note = travel_minutes(territory, site.position, places[0], asked.mode or Mode.CAR, going_of(asked)).note
        return Measured(Figure.missing(unit, note=note, evidence=(site.evidence,)))
    found = doubtful_sum([amount_of(known, one, asked.quantity) for one in places], ranges(minutes), decay)
    near = _near(territory, site, asked, places, minutes, found)
    evidence = _evidence(asked, decay, method, [known[places[at].id] for at in found.counted if asked.quantity])
    rests_on = together(evidence, *(one.minutes.evidence for one in near), (site.evidence,))
    return Measured(_figure(territory, unit, found, places, known, rests_on, asked), near)


def _unit(territory: Territory, asked: Asked) -> str:
    if not asked.quantity:
        return PLACES
    return next((one.unit for one in quantities(territory, asked.quantity, asked.divisions).values()), OPPORTUNITIES)


def _why_none(territory: Territory, site: Site, asked: Asked, places: tuple[PlaceFacts, ...]) -> Message | None:
    """Return why nothing can be added up, or nothing where it can."""
    if site.position is None:
        return Message("position-unknown")
    if asked.quantity and not quantities(territory, asked.quantity, asked.divisions):
        key = ("criteria.why-nobody", asked.quantity, asked.divisions)
        return territory.kept(key, lambda: _why_nobody(territory, asked))
    return None if places else Message("no-such-place")


def _why_nobody(territory: Territory, asked: Asked) -> Message:
    """Return why no place has the quantity that is asked for."""
    if asked.quantity == RESIDENTS:
        return Message("no-residents-told")
    if asked.quantity == JOBS:
        counted = bool(territory.rows.get("employment")) and bool(asked.divisions)
        return (
            Message("industry-nobody-counted", {"divisions": asked.divisions})
            if counted
            else Message("no-employment-table")
        )
    advice = did_you_mean(asked.quantity, names(territory))
    return Message("quantity-nobody-has", {"quantity": asked.quantity, "advice": advice})


def _near(
    territory: Territory,
    site: Site,
    asked: Asked,
    places: tuple[PlaceFacts, ...],
    minutes: list[Minutes | None],
    found: Sum,
) -> tuple[Near, ...]:
    """Return the nearest of the places that count."""
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    counted = [(one.mid, places[at].id, places[at]) for at in found.counted if (one := minutes[at]) is not None]
    nearest = [place for *_, place in sorted(counted, key=lambda one: one[:2])[:SHOWN]]
    return tuple(Near(place, travel_minutes(territory, site.position, place, mode, going)) for place in nearest)


def _evidence(asked: Asked, decay: Decay, method: Evidence, counted: list[Quantity]) -> tuple[Evidence, ...]:
    parameters: dict[str, Scalar] = {
        "mode": (asked.mode or Mode.CAR).value,
        "direction": going_of(asked).direction.value,
        "quantity": asked.quantity or PLACES,
        **decay.parameters,
    }
    return (replace(method, parameters=parameters), *(row for one in counted for row in one.evidence))


def _figure(
    territory: Territory,
    unit: str,
    found: Sum,
    places: tuple[PlaceFacts, ...],
    known: dict[str, Quantity],
    evidence: tuple[Evidence, ...],
    asked: Asked,
) -> Figure:
    """Return the sum; only bounded where nobody said how much there is at any place that counts."""
    beyond = asked.quantity in OF_AREAS and not areas_cover(territory)
    high = None if beyond or math.isinf(found.high) else found.high
    as_of = _as_of([places[at] for at in found.counted] or places, known, asked)
    note = _left_out([places[at] for at in found.unsaid], places, beyond=beyond)
    if note and not found.counted:
        return Figure.missing(unit, low=found.low, high=high, as_of=as_of, evidence=evidence, note=note)
    return Figure(found.mid, found.low, high, unit, Status.ESTIMATED, as_of, evidence, note)


def _left_out(unsaid: Sequence[PlaceFacts], places: Sequence[PlaceFacts], *, beyond: bool) -> Message | None:
    """Return what the sum leaves out: places whose amount nobody said, people beyond the areas on record."""
    if unsaid:
        names_of = tuple(one.name for one in unsaid)
        values = {"count": len(unsaid), "places": names_of[:_NAMED], "more": max(0, len(unsaid) - _NAMED)}
        return Message("amounts-unsaid.more" if values["more"] else "amounts-unsaid", values)
    return areas_alone(places) if beyond else None


def areas_alone(areas: Sequence[PlaceFacts]) -> Message:
    """Return that people are counted in so many areas alone."""
    return Message("areas-alone", {"count": len(areas), "first": areas[0].name, "last": areas[-1].name})


def _as_of(places: Sequence[PlaceFacts], known: dict[str, Quantity], asked: Asked) -> PartialDate | None:
    """Return the oldest day of the amounts, of places without any the oldest on which one was checked."""
    if asked.quantity:
        return oldest(known[one.id].as_of for one in places if one.id in known)
    return oldest(PartialDate.parse(one.evidence.checked) if one.evidence.checked else None for one in places)


def added_up_over(territory: Territory, starts: Positions, asked: Asked, decay: Decay) -> Spread:
    """Return at many positions at once what ``added_up`` finds at one."""
    known = dict(quantities(territory, asked.quantity, asked.divisions)) if asked.quantity else {}
    places = candidates(territory, asked) if known or not asked.quantity else ()
    amounts = [amount_of(known, one, asked.quantity) for one in places]
    days = [NO_DAY if asked.quantity and one.id not in known else day_of(_as_of([one], known, asked)) for one in places]
    cited = dict.fromkeys(row.dataset for one in places if one.id in known for row in known[one.id].evidence)
    evidence = tuple(version_of(territory, name) for name in cited)
    if places and asked.quantity in OF_AREAS and not areas_cover(territory):
        beyond = replace(places[0], position=None)  # whoever lives beyond the areas on record, as many as may be
        places, amounts, days = (*places, beyond), [*amounts, UNKNOWN], [*days, NO_DAY]
    return over_sums.added_up(territory, starts, asked, Supply(places, amounts, days, evidence), decay)


def _opportunities_within(territory: Territory, site: Site, asked: Asked) -> Measured:
    """How much of ``quantity`` there is at places within ``within_minutes``: students, staff, residents, jobs.

    ``inbound``: at places from which one is at the site in time, as for labour. Places whose amount nobody said are
    named, and leave the sum without an upper bound.

    Unit: opportunities
    Direction: max
    Default scale: 0 → 0, 50000 → 1
    Formula: A_i(T) = Σ_j O_j [c_ij ≤ T]
    Source: Levinson, King and others, Transport Access Manual, 2020; labour catchment inbound, c_ji
    """
    return added_up(territory, site, asked, _within(asked), Evidence(method="match.opportunities-within"))


def _within(asked: Asked) -> Decay:
    return Within(max(asked.within_minutes or 0.0, _NO_TIME))


def _opportunities_over(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    return added_up_over(territory, starts, asked, _within(asked))


def _gravity(territory: Territory, site: Site, asked: Asked) -> Measured:
    """What there is at places, each counting half as much after every ``half_minutes``: ``quantity``, else one each.

    Unit: opportunities
    Direction: max
    Default scale: 0 → 0, 10 → 1
    Formula: A_i = Σ_j O_j 2^(−c_ij / h)
    Source: Hansen, How accessibility shapes land use, Journal of the American Institute of Planners 25(2), 1959;
        exponential decay after Wilson 1971
    """
    return added_up(territory, site, asked, _halving(asked), Evidence(method="match.gravity"))


def _halving(asked: Asked) -> Decay:
    return Exponential.halving_every(asked.half_minutes or 1.0)


def _gravity_over(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    return added_up_over(territory, starts, asked, _halving(asked))


_PARAMETERS = ("kinds", "fields", "divisions", "inbound")
OPPORTUNITIES_WITHIN = Criterion(
    "opportunities-within",
    _opportunities_within,
    unit=OPPORTUNITIES,
    needs=("mode", "within_minutes", "quantity"),
    takes=_PARAMETERS,
    over=_opportunities_over,
)
GRAVITY = Criterion(
    "gravity",
    _gravity,
    unit=OPPORTUNITIES,
    needs=("mode", "half_minutes"),
    takes=(*_PARAMETERS, "quantity"),
    over=_gravity_over,
)
