"""The same shortlist by another method, for those who must use one: TOPSIS or PROMETHEE II, and what is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from portico.city.register import Site
from portico.figures import Evidence, Figure, Status
from portico.match.criteria import criterion
from portico.match.methods.promethee import promethee
from portico.match.methods.scales import Floats, Scale
from portico.match.methods.standing import ranks_of
from portico.match.methods.stated import Direction
from portico.match.methods.topsis import topsis
from portico.match.model import Contribution, Entry, Group, Shortlist, Want
from portico.match.wants import scale_of
from portico.messages import Message


class Method(StrEnum):
    """How entries are put in order; additive is how a shortlist always is."""

    ADDITIVE = "additive"
    TOPSIS = "topsis"
    PROMETHEE = "promethee"


@dataclass(frozen=True, slots=True)
class Placed:
    """A site with its score by the method (closeness 0 to 1, or net flow −1 to 1) and its rank in the group."""

    site: Site
    score: Figure
    rank: int


@dataclass(frozen=True, slots=True)
class ByMethod:
    """The groups of a shortlist in the order of a method; ``remarks`` say what it does not see."""

    method: Method
    qualified: tuple[Placed, ...]
    to_verify: tuple[Placed, ...]
    remarks: tuple[Message, ...]

    @property
    def groups(self) -> tuple[tuple[Group, tuple[Placed, ...]], ...]:
        """The groups that are ranked."""
        return (Group.QUALIFIED, self.qualified), (Group.TO_VERIFY, self.to_verify)


def by_method(answer: Shortlist, method: Method) -> ByMethod:
    """Return the groups of ``answer`` in the order of ``method``, each by itself, by the weights of the answer.

    Wants that state a direction are compared by what was measured, all others by their value; what is not known
    exactly counts as the middle of its range. PROMETHEE prefers at any difference (usual criterion).
    """
    groups = [_placed(answer, group, method) for group in (answer.qualified, answer.to_verify)]
    every = [one for entry in (*answer.qualified, *answer.to_verify) for one in entry.contributions]
    open_values = sum(one.high > one.low for one in every)
    remarks = [Message(f"outrank.{method.value}")]
    if open_values and method is not Method.ADDITIVE:
        remarks.append(Message("outrank-middle", {"count": open_values, "total": len(every)}))
    return ByMethod(method, groups[0], groups[1], tuple(remarks))


def _placed(answer: Shortlist, group: Sequence[Entry], method: Method) -> tuple[Placed, ...]:
    entries = [entry for entry in group if entry.is_rankable]
    if not entries:
        return ()
    weights = np.array(answer.brief.shares())
    if method is Method.ADDITIVE:
        scores = np.array([entry.score_mid for entry in entries])
    else:
        columns = [_column([entry.contributions[k] for entry in entries]) for k in range(len(weights))]
        x = np.stack([column for column, _ in columns], axis=1)
        up = [maximised for _, maximised in columns]
        scores = topsis(x, weights, up) if method is Method.TOPSIS else promethee(x, weights, up).net
    ranks = ranks_of(scores)
    evidence = Evidence(method=f"match.{method.value}", parameters={"rests_on": "contributions"})
    order = sorted(range(len(entries)), key=lambda row: (int(ranks[row]), entries[row].site.id))
    return tuple(
        Placed(
            entries[row].site,
            Figure.exactly(float(scores[row]), "1", Status.ESTIMATED, evidence=(evidence,)),
            int(ranks[row]),
        )
        for row in order
    )


def _column(contributions: Sequence[Contribution]) -> tuple[Floats, bool]:
    """Return what a want is compared by, and whether more of it is better."""
    want = contributions[0].want
    scale = _raw_scale(want)
    found = [one.measured.found for one in contributions]
    if scale is None or not all(isinstance(one, Figure) for one in found):
        return np.array([(one.low + one.high) / 2 for one in contributions]), True
    low, high = (
        np.array([_number(getattr(one, bound)) for one in found], dtype=np.float64) for bound in ("low", "high")
    )
    start, end = scale.spans(low, high)
    return (start + end) / 2, want.direction is not Direction.MIN


def _number(bound: float | None) -> float:
    return np.nan if bound is None else bound


def _raw_scale(want: Want) -> Scale | None:
    """Return the scale of a want that states a direction, so that its numbers themselves are compared."""
    known = criterion(want.criterion)
    if known is None or want.direction is None or want.scale or want.ideal is not None:
        return None
    points = scale_of(want, known)
    return Scale(points) if points else None
