"""Criteria answered by the register of sites."""

from __future__ import annotations

from portico.city import tables
from portico.city.register import Site
from portico.figures import Figure, Statement, Status, together
from portico.match.criteria.base import Criterion
from portico.match.model import Asked, Measured, Must
from portico.messages import Message
from portico.territory.layers import Territory

_PARTS_OF = {"buildable": ("offered", "whole-holding"), "offered": ("whole-holding",), "whole-holding": ()}


def _area(_: Territory, site: Site, asked: Asked) -> Measured:
    """Area in m² on the basis asked for, never on another one.

    Where it is not stated but a larger whole is (buildable ⊆ offered ⊆ whole holding), the whole bounds it from above:
    enough to exclude a site, never to qualify one.

    Unit: m2
    Direction: max
    Default scale: 5000 → 0, 100000 → 1
    Formula: as stated, on its basis; a larger whole bounds it from above
    Source: register of sites
    """
    return Measured(area_on(site, asked.basis))


def area_on(site: Site, basis: str) -> Figure:
    """Return the area of a site in m² on ``basis``, or what a larger whole says of it."""
    figure = site.figure("area", basis)
    if figure.is_known:
        return figure
    for whole in _PARTS_OF[basis]:
        known = site.figure("area", whole)
        if known.is_known:
            note = Message(
                "only-whole-known",
                {"whole": known, "basis": Message(f"basis.{whole}"), "asked": Message(f"basis.{basis}")},
            )
            return Figure.missing("m2", high=known.high, as_of=known.as_of, evidence=known.evidence, note=note)
    return figure


def _number(site: Site, attribute: str) -> Measured:
    return Measured(site.figure(attribute))


def _floor_area(_: Territory, site: Site, asked: Asked) -> Measured:
    """Floor area in m²: what stands (existing or usable), or with basis building-rights what may be built.

    Unit: m2
    Direction: max
    Default scale: 1000 → 0, 20000 → 1
    Formula: as stated, on its basis
    Source: register of sites
    """
    return Measured(floor_area_on(site, asked.basis))


def floor_area_on(site: Site, basis: str) -> Figure:
    """Return the floor area of a site in m² on ``basis``; where what exists is not told, what is usable."""
    if basis == "existing":
        existing, usable = site.figure("floor-area", "existing"), site.figure("floor-area", "usable")
        return existing if existing.is_known else usable
    return site.figure("floor-area", basis)


def _asking_price(_: Territory, site: Site, __: Asked) -> Measured:
    """Price asked, EUR.

    Unit: EUR
    Direction: min
    Default scale: 500000 → 1, 10000000 → 0
    Formula: as stated
    Source: register of sites
    """
    return _number(site, "asking-price")


def _electric_power(_: Territory, site: Site, __: Asked) -> Measured:
    """Electric power available at the site, MW.

    Unit: MW
    Direction: max
    Default scale: 1 → 0, 20 → 1
    Formula: as stated
    Source: register of sites
    """
    return _number(site, "electric-power")


def _words(site: Site, attribute: str) -> Measured:
    return Measured(site.statement(attribute))


def _availability(_: Territory, site: Site, __: Asked) -> Measured:
    """Whether the site can be had: the newest stated status; the word "unknown" states nothing.

    Default values: available 1, under-negotiation 0.5, in-redevelopment 0, sold 0, withdrawn 0
    Formula: as stated last
    Source: register of sites
    """
    stated = site.statement("status")
    if stated.values == ("unknown",):
        return Measured(Statement((), Status.MISSING, stated.as_of, stated.evidence, stated.note))
    return Measured(stated)


def _use(_: Territory, site: Site, asked: Asked) -> Measured:
    """Uses that plans admit or foresee, all that were stated; as of the newest day one that a must asks for was.

    Default values: production 1, research 1, logistics 1, offices 1, data-centre 1
    Formula: as stated; every use counts that any plan in force admits
    Source: register of sites
    """
    stated = site.stated("use")
    if not stated:
        return Measured(Statement.missing())
    words = tuple(dict.fromkeys(one.value for one in stated))
    wanted = asked.any_of if isinstance(asked, Must) else ()
    newest = next((one for one in stated if one.value in wanted), stated[0])
    status = Status.ESTIMATED if newest.evidence.confidence == "recalled" else Status.DECLARED
    return Measured(Statement(words, status, newest.as_of, together(one.evidence for one in stated)))


def _condition(_: Territory, site: Site, __: Asked) -> Measured:
    """Built, green or to remediate.

    Default values: green 1, built 0.6, to-remediate 0.1
    Formula: as stated last
    Source: register of sites
    """
    return _words(site, "condition")


def _ownership(_: Territory, site: Site, __: Asked) -> Measured:
    """Public, private or mixed.

    Default values: public 1, mixed 0.5, private 0.5
    Formula: as stated last
    Source: register of sites
    """
    return _words(site, "ownership")


def _rail_siding(_: Territory, site: Site, __: Asked) -> Measured:
    """Whether a rail siding reaches the site.

    Default values: yes 1, no 0
    Formula: as stated last
    Source: register of sites
    """
    return _words(site, "rail-siding")


AVAILABILITY = Criterion("availability", _availability, words=tables.STATUSES)
AREA = Criterion("area", _area, unit="m2", bases=tables.AREA_BASES, needs=("basis",))
FLOOR_AREA = Criterion("floor-area", _floor_area, unit="m2", bases=tables.FLOOR_BASES, needs=("basis",))
USE = Criterion("use", _use, words=tables.USES)
CONDITION = Criterion("condition", _condition, words=tables.CONDITIONS)
OWNERSHIP = Criterion("ownership", _ownership, words=tables.OWNERSHIPS)
RAIL_SIDING = Criterion("rail-siding", _rail_siding, words=("yes", "no"))
ELECTRIC_POWER = Criterion("electric-power", _electric_power, unit="MW")
ASKING_PRICE = Criterion("asking-price", _asking_price, unit="EUR")
