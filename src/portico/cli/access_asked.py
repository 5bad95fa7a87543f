"""What ``access`` is asked with: a matrix, lists of what there is, how cost weighs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico.errors import UsageError
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Costs
from portico.indicators.access.decay import Decay, Exponential, Gaussian, Logistic, Power, UpTo
from portico.indicators.access.files import (
    MINUTES,
    Listed,
    Matrix,
    Unmatched,
    amount_columns,
    read_amounts,
    read_matrix,
)
from portico.lake.arrays import arrays_of
from portico.lake.engine import Engine
from portico.lake.lake import open_engine

Way = Literal["outbound", "inbound"]
Limits = Annotated[str, Parameter(help="Minutes, with commas between several.")]
DecayText = Annotated[
    str,
    Parameter(
        help="exponential:RATE, halving:MINUTES, power:EXPONENT, gaussian:DEVIATION or logistic:MIDDLE,DEVIATION; "
        "the rate per minute, the rest in minutes."
    ),
]
_DECAYS: dict[str, tuple[int, Callable[..., Decay]]] = {
    "exponential": (1, Exponential),
    "halving": (1, Exponential.halving_every),
    "power": (1, Power),
    "gaussian": (1, Gaussian),
    "logistic": (2, Logistic),
}


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """The matrix, and how its places are met with those of the lists."""

    matrix: Annotated[
        Path, Parameter(help="CSV or Parquet with from_id, to_id and minutes; an empty cell is not reached.")
    ]
    column: Annotated[str, Parameter(help="The column of minutes, as minutes_p50.")] = MINUTES
    unmatched: Annotated[
        Literal["refuse", "zero", "unknown"],
        Parameter(help="Places that only the matrix or only a list knows: refused, or nothing is there, or unknown."),
    ] = "refuse"
    empty_at_most: Annotated[
        float | None, Parameter(help="What an empty amount is at most; 0: nothing is there. Else nothing bounds it.")
    ] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Shared:
    """What is there, and the people who share it."""

    supply: Annotated[Path, Parameter(name=["--supply", "--opportunities"], help="A list with id and an amount.")]
    population: Annotated[Path, Parameter(help="A list with id and how many live there.")]
    supply_amount: Annotated[str, Parameter(help="The column of the supply; else the only one of numbers.")] = ""
    population_amount: Annotated[str, Parameter(help="The column of people; else the only one of numbers.")] = ""


@dataclass(frozen=True)
class Read:
    """A matrix seen from the places that are judged, and lists of what there is at the others."""

    matrix: Matrix
    lists: tuple[Listed, ...]

    @property
    def costs(self) -> Costs:
        """The minutes between them."""
        return self.matrix.costs


@dataclass(frozen=True)
class ReadShared(Read):
    """The same with two lists: what there is at the others, and the people at the places that are judged."""

    @property
    def supply(self) -> Amounts:
        """What there is."""
        return self.lists[0].amounts

    @property
    def population(self) -> Amounts:
        """Who shares it."""
        return self.lists[1].amounts


def read(asked: Asked, direction: Way, opportunities: Path, amount: str) -> Read:
    """Return the matrix and the amounts of a list, one for each column asked for."""
    engine = open_engine()
    matrix = read_minutes(asked, asked.column, direction, engine)
    names = [name.strip() for name in amount.split(",") if name.strip()]
    return Read(matrix, _lists(opportunities, names, matrix.to_ids, asked, engine))


def read_shared(asked: Asked, direction: Way, shared: Shared) -> ReadShared:
    """Return the matrix, what there is, and the people who share it."""
    engine = open_engine()
    matrix = read_minutes(asked, asked.column, direction, engine)
    supply = _lists(shared.supply, [shared.supply_amount], matrix.to_ids, asked, engine)
    people = _lists(shared.population, [shared.population_amount], matrix.from_ids, asked, engine)
    return ReadShared(matrix, (supply[0], people[0]))


def read_minutes(asked: Asked, column: str, direction: Way, engine: Engine) -> Matrix:
    """Return the matrix with the minutes in ``column``, seen from the places that are judged."""
    with arrays_of(asked.matrix, engine) as table:
        found = read_matrix(table, column)
    return found if direction == "outbound" else found.turned


def _lists(
    file: Path, amounts: Sequence[str], places: Sequence[str], asked: Asked, engine: Engine
) -> tuple[Listed, ...]:
    with arrays_of(file, engine) as table:
        columns = amount_columns(table, [name for name in amounts if name]) or ("",)
        most = math.inf if asked.empty_at_most is None else asked.empty_at_most
        unmatched = Unmatched(asked.unmatched)
        return tuple(read_amounts(table, places, one, unmatched, empty_at_most=most) for one in columns)


def numbers(text: str, option: str) -> tuple[float, ...]:
    """Return the numbers in ``text``, with commas between them."""
    try:
        return tuple(float(one) for one in text.split(","))
    except ValueError:
        raise UsageError("numbers-unreadable", option=option, text=text) from None


def decay_of(text: str, up_to: float, option: str = "--decay") -> Decay:
    """Return the decay that ``text`` names, cut at ``up_to`` minutes where that is said.

    >>> decay_of("power:1", 60).parameters["up_to_minutes"]
    60
    """
    name, _, rest = text.partition(":")
    count, make = _DECAYS.get(name, (0, Power))
    settings = numbers(rest, option) if rest else ()
    if not count or len(settings) != count:
        raise UsageError("decay-unreadable", option=option, text=text, known=", ".join(_DECAYS))
    made = make(*settings)
    return UpTo(made, up_to) if up_to else made
