"""The criterion of price by area: what is asked for a square metre, on the basis that the brief asks for."""

from __future__ import annotations

from portico.city import tables
from portico.city.register import Site
from portico.figures import Evidence, Figure, Scalar, Status, together
from portico.indicators.clusters.industries import oldest
from portico.match.criteria.base import Criterion
from portico.match.criteria.register import area_on, floor_area_on
from portico.match.model import Asked, Measured
from portico.messages import Message
from portico.territory.layers import Territory

UNIT = "EUR/m2"
_WHAT_IS_ASKED_FOR = "offered"


def _price_per_m2(_: Territory, site: Site, asked: Asked) -> Measured:
    """Price asked for a square metre of land or floor on the basis asked for.

    The price asked divided by the area on that basis, never on another one; a larger whole bounds it from below. A
    price stated by the square metre is one of what is offered.

    Unit: EUR/m2
    Direction: min
    Default scale: 50 → 1, 500 → 0
    Formula: price / area, from least price / most area to most price / least area
    Source: register of sites
    """
    stated = site.figure("asking-price-per-m2")
    if stated.is_known and asked.basis == _WHAT_IS_ASKED_FOR:
        return Measured(stated)
    price = site.figure("asking-price")
    area = floor_area_on(site, asked.basis) if asked.basis in tables.FLOOR_BASES else area_on(site, asked.basis)
    return Measured(_divided(price, area, asked.basis))


def _divided(price: Figure, area: Figure, basis: str) -> Figure:
    parameters: dict[str, Scalar] = {"basis": basis}
    method = Evidence(method="match.price-per-m2", parameters=parameters)
    evidence = together((method,), price.evidence, area.evidence)
    as_of = oldest((price.as_of, area.as_of))
    low = price.low / area.high if price.low is not None and area.high else None
    if not price.is_known or not area.value:
        note = Message("price-or-area-unknown" if not price.is_known else "area-unknown")
        return Figure.missing(UNIT, low=low, as_of=as_of, evidence=evidence, note=note)
    value = (price.value or 0.0) / area.value
    high = price.high / area.low if price.high is not None and area.low else None
    return Figure(value, low, high, UNIT, Status.ESTIMATED, as_of, evidence, price.note or area.note)


PRICE_PER_M2 = Criterion(
    "price-per-m2", _price_per_m2, unit=UNIT, bases=(*tables.AREA_BASES, *tables.FLOOR_BASES), needs=("basis",)
)
