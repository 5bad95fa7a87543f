"""The criterion of know-how near a place: who works in the field, the less the farther."""

from __future__ import annotations

from portico.city.industries import code
from portico.city.register import Site
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.indicators.access.decay import Exponential
from portico.indicators.access.doubtful import doubtful_sum, ranges
from portico.indicators.clusters.industries import Matrix, matrix, oldest
from portico.indicators.clusters.relatedness import related_to
from portico.match.criteria.access import SHOWN, going_of
from portico.match.criteria.base import Criterion
from portico.match.criteria.over_sums import Supply, added_up, day_of
from portico.match.criteria.spread import Spread
from portico.match.model import Asked, Measured
from portico.messages import Message
from portico.territory.layers import Territory
from portico.territory.many.positions import Positions
from portico.territory.model import Mode, PlaceFacts
from portico.territory.queries import Near, minutes_between, travel_minutes
from portico.territory.selection import ANY_FIELD

UNIT = "weighted-places"
_LAYERS = ("institutions", "organisations")
Knowing = tuple[tuple[PlaceFacts, float], ...]


def knowing(territory: Territory, asked: Asked) -> Knowing:
    """Return the places that know something of what is asked for, each with how much of it (0 to 1).

    1 for an institution or a company in one of the fields, and for a company of one of the divisions; for a company of
    another division its relatedness of skills to them, where the city imported a matrix.
    """
    key = ("criteria.knowing", asked.fields, asked.divisions)
    return territory.kept(key, lambda: _knowing(territory, asked))


def _knowing(territory: Territory, asked: Asked) -> Knowing:
    pairs = matrix(territory)
    own = tuple(map(code, asked.divisions))
    related = related_to(pairs.pairs, pairs.level(asked.divisions)) if pairs.pairs and own else {}
    fields = {ANY_FIELD, *asked.fields}
    found = []
    for place in territory.places:
        if place.layer not in _LAYERS:
            continue
        share = 1.0 if fields & set(place.fields) else _of_division(code(place.division), own, related)
        if share > 0:
            found.append((place, share))
    return tuple(found)


def _of_division(division: str, own: tuple[str, ...], related: dict[str, float]) -> float:
    """Return how much a company of ``division`` knows: all of its own, the mean of what its groups are related."""
    if not division or not own:
        return 0.0
    if any(division.startswith(one) or one.startswith(division) for one in own):
        return 1.0
    fitting = [share for other, share in related.items() if other.startswith(division) or division.startswith(other)]
    return sum(fitting) / len(fitting) if fitting else 0.0


def _know_how(territory: Territory, site: Site, asked: Asked) -> Measured:
    """Who works in the ``fields`` and ``divisions`` near the site, each counting half after every ``half_minutes``.

    Institutions and companies in a field and companies of a division count 1, companies of other divisions as much as
    their skills are related, where the city imported a matrix; without one only their own division counts.

    Unit: weighted-places
    Direction: max
    Default scale: 0 → 0, 10 → 1
    Formula: K_i = Σ_j φ_j 2^(−c_ij / h);  φ_j = 1 in the field or division, else skill relatedness
    Source: Neffke, Otto and Weyh, Inter-industry labor flows, Journal of Economic Behavior & Organization 142, 2017
        (which industries count); Hansen 1959 (the less the farther); their product is this project's choice
    """
    known = knowing(territory, asked)
    mode, going = asked.mode or Mode.CAR, going_of(asked)
    start = site.position
    if start is None or not known:
        note = Message("position-unknown" if start is None else "no-such-place")
        return Measured(Figure.missing(UNIT, note=note, evidence=(site.evidence,)))
    minutes = [minutes_between(territory, start, place, mode, going) for place, _ in known]
    if all(one is None for one in minutes):
        note_of_first = travel_minutes(territory, start, known[0][0], mode, going).note
        return Measured(Figure.missing(UNIT, note=note_of_first, evidence=(site.evidence,)))
    decay = Exponential.halving_every(asked.half_minutes or 1.0)
    found = doubtful_sum([(share, share, share) for _, share in known], ranges(minutes), decay)
    counted = [(one.mid, known[at][0]) for at in found.counted if (one := minutes[at]) is not None]
    nearest = [place for _, place in sorted(counted, key=lambda one: (one[0], one[1].id))[:SHOWN]]
    near = tuple(Near(place, travel_minutes(territory, start, place, mode, going)) for place in nearest)
    pairs = matrix(territory)
    parameters: dict[str, Scalar] = {
        "mode": mode.value,
        "direction": going.direction.value,
        "places": len(known),
        "matrix": "imported" if pairs.pairs else "none",
        **decay.parameters,
    }
    method = Evidence(method="match.know-how", parameters=parameters)
    places = [known[at][0] for at in found.counted]
    evidence = together(
        (method,),
        *(one.minutes.evidence for one in near),
        (one.evidence for one in places),
        pairs.cited(pairs.level(asked.divisions)) if asked.divisions else (),
        (site.evidence,),
    )
    figure = Figure(
        found.mid, found.low, found.high, UNIT, Status.ESTIMATED, _as_of(places), evidence, _note(asked, pairs)
    )
    return Measured(figure, near)


def _as_of(places: list[PlaceFacts]) -> PartialDate | None:
    """Return the oldest day on which one of them was checked."""
    return oldest(PartialDate.parse(one.evidence.checked) if one.evidence.checked else None for one in places)


def _note(asked: Asked, pairs: Matrix) -> Message | None:
    if not asked.divisions:
        return None
    if not pairs.pairs:
        return Message("no-matrix-imported")
    rows = pairs.cited(pairs.level(asked.divisions))
    return Message("matrix-imported", {"source": rows[0].source}) if rows else None


def _know_how_over(territory: Territory, starts: Positions, asked: Asked) -> Spread:
    known = knowing(territory, asked)
    places = [place for place, _ in known]
    supply = Supply(
        places,
        [(share, share, share) for _, share in known],
        [day_of(_as_of([place])) for place in places],
        matrix(territory).cited(matrix(territory).level(asked.divisions)) if asked.divisions else (),
        dates_all=False,
    )
    return added_up(territory, starts, asked, supply, Exponential.halving_every(asked.half_minutes or 1.0))


KNOW_HOW = Criterion(
    "know-how",
    _know_how,
    unit=UNIT,
    needs=("mode", "half_minutes", "fields"),
    takes=("divisions", "inbound"),
    over=_know_how_over,
)
