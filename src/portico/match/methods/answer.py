"""A table ranked by a spec: scores, ranks, how firm they are, what would overturn them, what to find out next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from portico.errors import UsageError
from portico.match.methods.additive import score_bounds
from portico.match.methods.dethroning import Dethroning, dethrone
from portico.match.methods.drawing import Drawn, How, draw
from portico.match.methods.finding_out import Unknown, find_out
from portico.match.methods.promethee import Flows, Preference, Shape, promethee
from portico.match.methods.scales import Floats
from portico.match.methods.smaa import DRAWS, MOST, Acceptability, smaa
from portico.match.methods.spec import Method, Spec
from portico.match.methods.standing import Ranks, rank_intervals, ranks_of
from portico.match.methods.table import Table
from portico.match.methods.topsis import topsis
from portico.match.methods.uncertain import Values
from portico.match.methods.weights import Weights
from portico.messages import Message

PAIRS = 20_000
"""Alternatives that are compared pair by pair, as gaussian preferences must be."""
MOST_DRAWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """How a table is to be ranked beyond what the spec says; stored draws of weights and values replace chance."""

    method: Method | None = None
    seed: int = 0
    draws: int = DRAWS
    weights: Drawn | None = None
    values: Values | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """The answer. ``low`` and ``high`` bound ``scores``, which are their midpoints, at the weights ``used``."""

    method: Method
    spec: Spec
    table: Table
    allowed: Weights
    used: Floats
    values: Values
    scores: Floats
    low: Floats
    high: Floats
    ranks: Ranks
    best: Ranks
    worst: Ranks
    drawn: Drawn | None = None
    acceptability: Acceptability | None = None
    dethroning: Dethroning | None = None
    unknowns: tuple[Unknown, ...] = ()
    flows: Flows | None = None

    @property
    def order(self) -> Ranks:
        """The alternatives by rank; those that share one by name."""
        return np.argsort(self.ranks, kind="stable")

    def remarks(self) -> Iterator[Message]:
        """Yield what a reader must know of the answer."""
        compared = self.spec.compared
        if compared and not compared.is_consistent:
            yield Message("rank-inconsistent", {"ratio": compared.ratio})
        if self.table.borrowed and self.method not in (Method.TOPSIS, Method.PROMETHEE):
            yield Message("rank-scale-borrowed", {"names": ", ".join(self.table.borrowed)})
        if not self.allowed.is_exact and self.drawn is None:
            yield Message("rank-weights-middle")
        if not self.values.is_exact:
            count = int(np.isnan(self.table.low).sum() + np.isnan(self.table.high).sum())
            kind = "rank-cells-uncertain" if self.is_additive else "rank-cells-middle"
            yield Message(kind, {"count": len(self.values.row), "unknown": count})
        if self.drawn and self.drawn.how is How.HIT_AND_RUN:
            yield Message("rank-hit-and-run")
        if self.table.left_out:
            yield Message("access-rows-left-out", {"file": self.table.file, "count": self.table.left_out})

    @property
    def is_additive(self) -> bool:
        """Whether scores are sums of weight × value."""
        return self.method in (Method.ADDITIVE, Method.SMAA)


def rank(spec: Spec, table: Table, asked: Asked) -> Ranked:
    """Return the table ranked.

    Unless a method is asked for, here or in the spec: smaa where weights or values leave anything open, else additive.
    Raises UsageError for more alternatives than a method can compare, and draws that do not fit each other.
    """
    allowed = spec.weights()
    values = asked.values or Values.of(table.low, table.high, table.scales)
    is_drawn = asked.weights is not None or asked.values is not None
    is_open = is_drawn or not (allowed.is_exact and values.is_exact)
    method = asked.method or spec.method or (Method.SMAA if is_open and len(table.names) <= MOST else Method.ADDITIVE)
    if is_drawn and method is not Method.SMAA:
        raise UsageError("rank-nothing-drawn", method=method.value)
    used = allowed.middle()
    if method in (Method.TOPSIS, Method.PROMETHEE):
        return _outranked(method, spec, table, allowed, values)
    low, high = score_bounds(values.least, values.most, used)
    scores = (low + high) / 2
    ranks = ranks_of(scores)
    best, worst = rank_intervals(low, high)
    first = int(np.argsort(ranks, kind="stable")[0])
    made = Ranked(method, spec, table, allowed, used, values, scores, low, high, ranks, best, worst)
    made = replace(
        made,
        dethroning=dethrone(values.middle, used, first) if len(scores) > 1 else None,
        unknowns=tuple(find_out(values, used)),
    )
    return _with_chance(made, asked) if method is Method.SMAA else made


def _with_chance(made: Ranked, asked: Asked) -> Ranked:
    if len(made.scores) > MOST:
        raise UsageError("rank-too-many", count=len(made.scores), limit=MOST)
    stored = made.values.stored
    draws = len(asked.weights.weights) if asked.weights else len(stored) if stored is not None else asked.draws
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError("draws-outside", count=draws, limit=MOST_DRAWS)
    if stored is not None and len(stored) != draws:
        raise UsageError("draws-unlike", weights=draws, values=len(stored))
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(asked.seed, spawn_key=(0,))))
    drawn = asked.weights or draw(made.allowed, draws, random)
    return replace(made, drawn=drawn, acceptability=smaa(made.values, drawn, asked.seed))


def _outranked(method: Method, spec: Spec, table: Table, allowed: Weights, values: Values) -> Ranked:
    """Return the table ranked by raw numbers, at the middle of what is not exact; ideals and scales by their value."""
    columns = []
    for k, (one, scale) in enumerate(zip(spec.criteria, table.scales, strict=True)):
        start, end = scale.spans(table.low[:, k], table.high[:, k])
        columns.append(values.middle[:, k] if one.is_valued else (start + end) / 2)
    x, used = np.stack(columns, axis=1), allowed.middle()
    up = [one.maximised for one in spec.criteria]
    flows = None
    if method is Method.TOPSIS:
        scores = topsis(x, used, up)
    else:
        wanted = [Preference(one.preference, one.indifference, one.threshold) for one in spec.criteria]
        if len(x) > PAIRS and any(one.shape is Shape.GAUSSIAN for one in wanted):
            raise UsageError("rank-too-many", count=len(x), limit=PAIRS)
        flows = promethee(x, used, up, wanted)
        scores = flows.net
    ranks = ranks_of(scores)
    return Ranked(method, spec, table, allowed, used, values, scores, scores, scores, ranks, ranks, ranks, flows=flows)
