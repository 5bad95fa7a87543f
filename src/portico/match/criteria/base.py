"""What a criterion is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portico.city.register import Site
from portico.match.model import Asked, Measured
from portico.territory.layers import Territory

Measure = Callable[[Territory, Site, Asked], Measured]


@dataclass(frozen=True, slots=True)
class Criterion:
    """(territory, site, what is asked) → Figure or Statement.

    ``unit`` is empty for a criterion that answers in words, and then ``words`` lists them. ``needs`` and ``takes`` name
    the parameters a brief must and may give. ``ages`` says whether what it rests on grows stale.
    """

    id: str
    measure: Measure
    unit: str = ""
    words: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    ages: bool = True

    @property
    def is_number(self) -> bool:
        """Whether it answers with a number."""
        return bool(self.unit)
