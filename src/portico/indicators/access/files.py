"""Matrices and lists as files hold them: minutes between named places, and how much there is at each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError, UsageError
from portico.figures import Evidence, Scalar
from portico.indicators.access.amounts import PLACES, Amounts
from portico.indicators.access.costs import Costs, of_pairs
from portico.lake.arrays import Arrays, Named

FROM, TO, MINUTES, ID = "from_id", "to_id", "minutes", "id"
Floats = NDArray[np.float64]


class Unmatched(StrEnum):
    """What becomes of places that stand only in the matrix or only in a list.

    They are refused; or what is not listed is nothing; or what is not listed is not known. What is listed and not in
    the matrix is then reached by nobody, and counted.
    """

    REFUSE = "refuse"
    ZERO = "zero"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Minutes from the places ``from_ids`` to the places ``to_ids``.

    ``pairs`` were listed, ``unreached`` of them without minutes; a pair that is not listed is not reached either.
    """

    from_ids: tuple[str, ...]
    to_ids: tuple[str, ...]
    costs: Costs
    pairs: int
    unreached: int
    left_out: int
    evidence: Evidence

    @property
    def turned(self) -> Matrix:
        """The same matrix seen from the places that are reached."""
        costs = self.costs.turned()
        return Matrix(self.to_ids, self.from_ids, costs, self.pairs, self.unreached, self.left_out, self.evidence)


@dataclass(frozen=True, slots=True)
class Listed:
    """The amounts of a list for ``places``, in their order; ``elsewhere`` are listed but are none of these."""

    places: tuple[str, ...]
    column: str
    amounts: Amounts
    unlisted: tuple[str, ...]
    elsewhere: tuple[str, ...]
    left_out: int
    evidence: Evidence

    @property
    def unknown(self) -> tuple[str, ...]:
        """The places whose amount is not known."""
        return tuple(self.places[place] for place in np.flatnonzero(~self.amounts.known))


def read_matrix(table: Arrays, column: str = MINUTES) -> Matrix:
    """Return the matrix in ``table``, its minutes in ``column``; an empty cell is a pair that is not reached.

    Raises InputError, with the row, for a pair without a name, negative minutes and a pair that stands there twice.
    """
    starts, ends = (_every_row_named(table, name) for name in (FROM, TO))
    minutes = table.numbers(column)
    _refuse_negative(table, column, minutes)
    shape = (len(starts.names), len(ends.names))
    _refuse_pairs_twice(table, starts, ends)
    reached = ~np.isnan(minutes)
    costs = of_pairs(starts.codes[reached], ends.codes[reached], minutes[reached], shape)
    evidence = _evidence(table, column)
    unreached = table.rows - int(reached.sum())
    return Matrix(starts.names, ends.names, costs, table.rows, unreached, table.left_out, evidence)


def amount_columns(table: Arrays, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of amounts: those asked for, else the only one that holds quantities, else none at all.

    Raises UsageError where there are several and none was asked for.
    """
    if asked:
        return tuple(asked)
    found = tuple(name for name in table.quantities() if name != ID)
    if len(found) > 1:
        raise UsageError("access-which-amount", file=table.file, columns=", ".join(found))
    return found


def read_amounts(
    table: Arrays, places: Sequence[str], column: str, unmatched: Unmatched, *, empty_at_most: float = math.inf
) -> Listed:
    """Return the amounts in ``column`` of a list, for ``places`` in order; without a column each place listed is one.

    What is not known is something from 0 to ``empty_at_most``: with 0 an empty cell says that nothing is there.
    Raises InputError, with the row, for a place without a name or listed twice and a negative amount; where they are to
    be refused, for places that only one of list and matrix knows.
    """
    if not empty_at_most >= 0:
        raise UsageError("number-below-zero", name="empty_at_most", value=f"{empty_at_most:g}")
    names = _every_row_named(table, ID)
    _refuse_places_twice(table, names)
    values = table.numbers(column) if column else np.ones(table.rows)
    _refuse_negative(table, column, values)
    here = {name: number for number, name in enumerate(places)}
    # Every name stands once: name n is that of row n.
    known = [(here[name], row) for row, name in enumerate(names.names) if name in here]
    elsewhere = tuple(name for name in names.names if name not in here)
    listed = set(names.names)
    unlisted = tuple(name for name in places if name not in listed)
    if unmatched is Unmatched.REFUSE:
        _refuse_strangers(table, elsewhere, unlisted)
    amounts = np.full(len(places), np.nan if unmatched is Unmatched.UNKNOWN else 0.0)
    if known:
        at, row = np.array(known).T
        amounts[at] = values[row]
    assumed = {} if math.isinf(empty_at_most) else {"empty_at_most": empty_at_most}
    evidence = _evidence(table, column, **assumed)
    made = Amounts.of(amounts, column or PLACES, at_most=empty_at_most)
    return Listed(tuple(places), column, made, unlisted, elsewhere, table.left_out, evidence)


def _every_row_named(table: Arrays, column: str) -> Named:
    found = table.named(column)
    empty = np.flatnonzero(found.codes < 0)
    if len(empty):
        raise InputError("row-without-name", file=table.file, row=table.row_of(int(empty[0])), column=column)
    return found


def _refuse_negative(table: Arrays, column: str, values: Floats) -> None:
    negative = np.flatnonzero(values < 0)
    if len(negative):
        first = int(negative[0])
        row, value = table.row_of(first), f"{values[first]:g}"
        raise InputError("number-negative", file=table.file, row=row, column=column, value=value)


def _refuse_pairs_twice(table: Arrays, starts: Named, ends: Named) -> None:
    key = starts.codes.astype(np.int64) * len(ends.names) + ends.codes
    again = _again(key)
    if again is not None:
        start, end = starts.names[starts.codes[again[1]]], ends.names[ends.codes[again[1]]]
        first, second = (table.row_of(one) for one in again)
        raise InputError("pair-twice", file=table.file, start=start, end=end, row=first, other=second)


def _refuse_places_twice(table: Arrays, names: Named) -> None:
    again = _again(names.codes)
    if again is not None:
        name = names.names[names.codes[again[1]]]
        first, second = (table.row_of(one) for one in again)
        raise InputError("place-twice", file=table.file, name=name, row=first, other=second)


def _again(keys: NDArray[np.signedinteger]) -> tuple[int, int] | None:
    """Return the first record whose key stood there before, after the record in which it did; nothing where none."""
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if not len(same):
        return None
    nearest = same[np.argmin(order[same + 1])]
    return int(order[nearest]), int(order[nearest + 1])


def _refuse_strangers(table: Arrays, elsewhere: Sequence[str], unlisted: Sequence[str]) -> None:
    if elsewhere:
        raise InputError("places-not-in-matrix", file=table.file, count=len(elsewhere), name=elsewhere[0])
    if unlisted:
        raise InputError("places-not-listed", file=table.file, count=len(unlisted), name=unlisted[0])


def _evidence(table: Arrays, column: str, **assumed: Scalar) -> Evidence:
    return Evidence(source=table.file, parameters={"column": column, **assumed, "sha256": table.sha256})
