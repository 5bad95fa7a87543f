"""What is asked to make a brief: the musts most investors have, each a question of form and terminal alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion


class Bound(StrEnum):
    """What an answer becomes: the key of a must."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    BY = "by"

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self in (Bound.AT_LEAST, Bound.AT_MOST)

    @property
    def is_words(self) -> bool:
        """Whether words are asked for, of which several may be given."""
        return self in (Bound.ANY_OF, Bound.NONE_OF)


@dataclass(frozen=True, slots=True)
class Question:
    """A question for a must on ``criterion``; ``unit`` is that of a number, ``basis`` the one proposed."""

    id: str
    criterion: str
    bound: Bound
    unit: str = ""
    basis: str = ""

    @property
    def field(self) -> str:
        """What its answer is called in a form."""
        return f"must-{self.id}"

    @property
    def known(self) -> Criterion:
        """The criterion it is about."""
        found = criterion(self.criterion)
        if found is None:
            raise KeyError(self.criterion)  # a test asks every question
        return found


QUESTIONS: tuple[Question, ...] = (
    Question("area", "area", Bound.AT_LEAST, "ha", "offered"),
    Question("floor-area", "floor-area", Bound.AT_LEAST, "m2", "existing"),
    Question("premises", "premises", Bound.ANY_OF),
    Question("use", "use", Bound.ANY_OF),
    Question("rail", "rail-siding", Bound.ANY_OF),
    Question("power", "electric-power", Bound.AT_LEAST, "MW"),
    Question("ownership", "ownership", Bound.ANY_OF),
    Question("tenure", "tenure", Bound.ANY_OF),
    Question("operational-by", "operational-by", Bound.BY),
    Question("budget", "asking-price", Bound.AT_MOST, "EUR"),
    Question("remediation", "remediation", Bound.ANY_OF),
    Question("not-in", "municipality", Bound.NONE_OF),
    Question("not-sites", "site", Bound.NONE_OF),
)
