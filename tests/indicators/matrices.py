"""Matrices and amounts for the tests of access, and the same costs held in other ways."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import of_deciseconds, of_minutes, of_nearby, of_pairs
from portico.territory.nearby import UNREACHED, Nearby

NAN = float("nan")
SIZE = st.integers(1, 7)
DECISECONDS = st.one_of(st.integers(0, 60_000), st.just(int(UNREACHED)))
AMOUNT = st.one_of(st.integers(0, 500).map(float), st.floats(0.001, 1000))


def vectors(length, values=AMOUNT):
    return st.lists(values, min_size=length, max_size=length).map(lambda found: np.array(found, dtype=float))


@st.composite
def matrices(draw, values=DECISECONDS, places=SIZE, others=SIZE):
    """Costs in deciseconds, UNREACHED where there is no way."""
    shape = (draw(places), draw(others))
    flat = draw(st.lists(values, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(flat, dtype=np.int32).reshape(shape)


@st.composite
def scenes(draw, unknown=False, values=DECISECONDS):
    """Costs in deciseconds, what there is at the others, who lives at the places; with ``unknown`` some NaN."""
    cost_ds = draw(matrices(values))
    kind = st.one_of(AMOUNT, st.just(NAN)) if unknown else AMOUNT
    return cost_ds, draw(vectors(cost_ds.shape[1], kind)), draw(vectors(cost_ds.shape[0], kind))


def minutes_of(cost_ds):
    return np.where(cost_ds < UNREACHED, cost_ds / 600.0, NAN)


def dense(cost_ds):
    return of_minutes(minutes_of(cost_ds))


def every_form(cost_ds):
    """The same costs as minutes, deciseconds, rows of what is near, pairs in a mixed order, and turned twice."""
    place, other = np.nonzero(cost_ds < UNREACHED)
    shuffled = np.random.default_rng(5).permutation(len(place))
    mixed = [part[shuffled].astype(np.int32) for part in (place, other, cost_ds[place, other])]
    nearby = Nearby.of_pairs(*mixed, length=len(cost_ds))
    return (
        dense(cost_ds),
        of_deciseconds(cost_ds),
        of_nearby(nearby, cost_ds.shape[1], limit_minutes=None),
        of_pairs(mixed[0], mixed[1], mixed[2] / 600.0, cost_ds.shape),
        of_deciseconds(cost_ds.T.copy()).turned(),
    )


def people(values):
    return Amounts.of(np.asarray(values, dtype=float), "people")


def things(values):
    return Amounts.of(np.asarray(values, dtype=float), "things")
