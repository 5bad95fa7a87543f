"""What a criterion is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from portico.city.register import Site
from portico.figures import Figure, Statement
from portico.match.criteria.documented import stated
from portico.match.criteria.spread import Spread
from portico.match.methods.stated import Direction
from portico.match.model import Asked, Measured
from portico.messages import Message
from portico.territory.layers import Territory
from portico.territory.many.positions import Positions

Measure = Callable[[Territory, Site, Asked], Measured]
MeasureOnDay = Callable[[Territory, Site, Asked, date], Measured]
Over = Callable[[Territory, Positions, Asked], Spread]
PARAMETERS = tuple(one.name for one in fields(Asked) if one.name not in ("criterion", "label"))
"""The parameters that a must or a want may give to its criterion."""
_UNGIVEN = Asked(criterion="")


def is_given(asked: Asked, name: str) -> bool:
    """Say whether ``asked`` gives the parameter ``name``: whether it differs from what holds where nothing is said.

    >>> is_given(Asked(criterion="gravity", nth=2), "nth"), is_given(Asked(criterion="gravity"), "inbound")
    (True, False)
    """
    return bool(getattr(asked, name) != getattr(_UNGIVEN, name))


@dataclass(frozen=True, slots=True)
class Criterion:
    """(territory, site, what is asked) → Figure or Statement.

    ``unit`` is empty for a criterion that answers in words, and then ``words`` lists them. ``needs`` and ``takes`` name
    the parameters a brief must and may give. ``ages`` says whether what it rests on grows stale. Direction, default
    scale, formula and source stand in the docstring of ``measure``, in the form that ``documented`` reads. ``over``
    finds the same number at many positions at once; nothing for what only the register of sites can say.
    """

    id: str
    measure: Measure
    unit: str = ""
    words: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    ages: bool = True
    on_day: MeasureOnDay | None = None
    over: Over | None = None

    def measured(self, territory: Territory, site: Site, asked: Asked, as_of: date) -> Measured:
        """Return what it finds on ``as_of``: by ``on_day`` where the day itself decides, as when a consent runs out."""
        return self.on_day(territory, site, asked, as_of) if self.on_day else self.measure(territory, site, asked)

    def spoken(self, word: str) -> Message:
        """Return a word it answers with: one of its vocabulary, else as it was written."""
        return Message(f"{self.id}.{word}") if self.words else Message("as-written", {"text": word})

    def spoken_found(self, found: Figure | Statement) -> object:
        """Return what it found as a sentence takes it: a figure or what is missing as it is, words spoken."""
        if isinstance(found, Figure) or not found.is_known:
            return found
        return tuple(self.spoken(word) for word in found.values)

    @property
    def is_number(self) -> bool:
        """Whether it answers with a number."""
        return bool(self.unit)

    @property
    def direction(self) -> Direction | None:
        """Whether more or less is better where nothing else is said; nothing for words."""
        return stated(self.measure).direction

    @property
    def default_scale(self) -> tuple[tuple[float, float], ...]:
        """Points ``[x, value]``, x in ``unit``, that hold where a brief states none; empty for words."""
        return stated(self.measure).default_scale

    @property
    def default_values(self) -> Mapping[str, float]:
        """The value of each word where a brief states none; empty for numbers."""
        return stated(self.measure).default_values

    @property
    def formula(self) -> str:
        """How it is computed, the same in every language."""
        return stated(self.measure).formula

    @property
    def source(self) -> str:
        """Where the formula comes from."""
        return stated(self.measure).source

    @property
    def title(self) -> Message:
        """What it is called."""
        return Message(f"criterion.{self.id}")

    @property
    def what(self) -> Message:
        """What it says, in a sentence or two."""
        return Message(f"criterion.{self.id}.what")
