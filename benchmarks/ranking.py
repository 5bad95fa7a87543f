"""Rankings beside the bare products of numpy in the same run: a weight that moves, acceptability, TOPSIS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from benchmarks.measure import Result, median_s
from portico.match.criteria import criterion
from portico.match.methods.additive import Reranking
from portico.match.methods.drawing import draw
from portico.match.methods.promethee import Preference, Shape, promethee
from portico.match.methods.scales import Floats, Scale
from portico.match.methods.smaa import DRAWS, smaa
from portico.match.methods.topsis import topsis
from portico.match.methods.uncertain import Values
from portico.match.methods.weights import Weights
from portico.match.model import Activity, Brief, Want
from portico.match.where.model import Valued, Where
from portico.messages import Text
from portico.territory.cells import Cells
from portico.territory.many.positions import Positions

_SITES, _CRITERIA = 200, 12


def results() -> Iterator[Result]:
    """Yield each promise of speed."""
    random = np.random.default_rng(1)
    yield from _reranking(random)
    yield from _cells(random)
    yield from _acceptability(random)
    yield from _outranking(random)


def _reranking(random: np.random.Generator) -> Iterator[Result]:
    low = random.random((700_000, 20))
    high = low + 0.1
    weights = random.random(20)
    kept, moves = Reranking(low, high, weights), iter(range(10_000))

    def bare() -> tuple[Floats, Floats]:
        return low @ weights, high @ weights

    products = median_s(bare, 7)
    for name, run in (
        ("re-ranking 700,000 × 20, the same weight moves", lambda: kept.move(3, 1.0 + next(moves))),
        ("  another weight moves", lambda: kept.move(next(moves) % 20, 1.0)),
        ("  and all are put in order", lambda: kept.order(*kept.move(3, 1.0 + next(moves)))),
    ):
        yield Result(name, median_s(run, 7), "two bare products", products, "2 ×")


def _cells(random: np.random.Generator) -> Iterator[Result]:
    """Yield the same promise for the answer to a brief over every cell, where some cells are excluded."""
    where, moves = _answered(random, 700_000, 20), iter(range(10_000))
    low, high = where.values
    weights = random.random(20)

    def bare() -> tuple[Floats, Floats]:
        return low @ weights, high @ weights

    products = median_s(bare, 7)
    kept = where.reranking()
    for name, run in (
        ("700,000 cells × 20 by other weights", lambda: where.by(random.random(20))),
        ("  a weight moves and moves again", lambda: kept.move(3, 1.0 + next(moves))),
        ("  and the best 20 of them", lambda: where.best(where.by(random.random(20)), 20)),
    ):
        yield Result(name, median_s(run, 7), "two bare products", products, "2 ×")


def _answered(random: np.random.Generator, cells: int, wants: int) -> Where:
    """Return an answer of random values, one cell in ten excluded."""
    known = criterion("minutes-to-nearest")
    assert known is not None
    of = [Want(criterion=known.id, weight=1.0) for _ in range(wants)]
    brief = Brief(title=Text(), activity=Activity.PLANT, sector="", wants=tuple(of))
    valued = []
    for want in of:
        low = random.random(cells)
        valued.append(Valued(want, known, 1 / wants, low, low + 0.1))
    nowhere = Positions(np.zeros(cells), np.zeros(cells), 0.0)
    excluded = np.where(random.random(cells) < 0.1, 2, random.integers(0, 2, cells)).astype(np.int8)
    index = Cells(np.arange(cells, dtype=np.uint64), 9)
    return Where(brief, date(2026, 1, 1), index, nowhere, (), (), tuple(valued), excluded)


def _acceptability(random: np.random.Generator) -> Iterator[Result]:
    x = random.random((_SITES, _CRITERIA))
    some, every = x + 0.1 * (random.random(x.shape) < 0.2), x + 0.1
    scales = [Scale.positive(0, 1)] * _CRITERIA
    ranges = Weights.of([0.04] * _CRITERIA, [0.14] * _CRITERIA)
    both = Weights.of([0.04] * _CRITERIA, [0.14] * _CRITERIA, range(1, _CRITERIA + 1))

    def bare() -> Floats:
        """Draw, score, sort: what no acceptability can do without."""
        spacings = np.random.default_rng(1).standard_exponential((DRAWS, _CRITERIA))
        spacings /= spacings.sum(axis=1, keepdims=True)
        return np.argsort(-(spacings @ x.T), axis=1)

    least = median_s(bare, 5)
    for name, values, weights in (
        ("acceptability 200 × 12, 10,000 draws", Values.exactly(x), Weights.free(_CRITERIA)),
        ("  weights in an order", Values.exactly(x), Weights.in_order(range(_CRITERIA))),
        ("  weights in ranges (rejection)", Values.exactly(x), ranges),
        ("  ranges and an order (hit-and-run)", Values.exactly(x), both),
        ("  a fifth of the values uncertain", Values.of(x, some, scales), Weights.free(_CRITERIA)),
        ("  all values uncertain", Values.of(x, every, scales), Weights.free(_CRITERIA)),
    ):

        def run(values: Values = values, weights: Weights = weights) -> object:
            return smaa(values, draw(weights, DRAWS, np.random.default_rng(1)), 1)

        yield Result(name, median_s(run, 5), "draw, score and sort", least, "under 1 s")


def _outranking(random: np.random.Generator) -> Iterator[Result]:
    x = random.random((100_000, 20)) + 0.1
    weights = np.full(20, 0.05)

    def bare() -> Floats:
        y = x / np.sqrt((x**2).sum(axis=0)) * weights
        near = np.sqrt(((y - y.max(axis=0)) ** 2).sum(axis=1))
        far = np.sqrt(((y - y.min(axis=0)) ** 2).sum(axis=1))
        made: Floats = far / (near + far)
        return made

    assert np.allclose(bare(), topsis(x, weights, [True] * 20))
    formulas = median_s(bare, 7)
    ours = median_s(lambda: topsis(x, weights, [True] * 20), 7)
    yield Result("TOPSIS 100,000 × 20", ours, "its formulas in numpy", formulas, "8 × (scikit-criteria)")
    linear = [Preference(Shape.LINEAR, 0.1, 0.5)] * 20
    sorting = median_s(lambda: np.sort(x, axis=0), 3)
    ours = median_s(lambda: promethee(x, weights, [True] * 20, linear), 3)
    yield Result("PROMETHEE II 100,000 × 20, linear", ours, "sorting the columns", sorting, "none")
