"""Briefs drawn by chance that have no fault: what is written of them must be read again as the same."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from portico.match.briefs import in_own_unit
from portico.match.methods.stated import Direction, OrderAs
from portico.match.model import Activity, Brief, Must, Want
from portico.messages import Text
from portico.territory.model import Mode

LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))
NAMES = st.text(LETTERS, min_size=1, max_size=20).filter(str.strip)
TEXTS = st.dictionaries(st.sampled_from(["it", "en"]), NAMES, min_size=1).map(Text)
LABELS = st.just(Text()) | TEXTS
NUMBERS = st.floats(0, 1e9) | st.integers(0, 10**9).map(float)
PLACES = st.lists(st.sampled_from(["university", "metro-station", "port"]), max_size=3, unique=True).map(tuple)
UNIT = st.floats(0, 1)


def _scales():
    points = st.lists(st.integers(-1000, 1000), min_size=2, max_size=4, unique=True).map(sorted)
    rising = points.flatmap(lambda xs: st.tuples(*(st.tuples(st.just(float(x)), UNIT) for x in xs)))
    ends = st.tuples(st.floats(-100, 0), st.floats(1, 100))
    return st.one_of(
        rising.map(lambda scale: {"scale": scale}),
        st.builds(lambda pair, to: {"range": pair, "direction": to}, ends, st.sampled_from(Direction)),
        st.builds(lambda pair, part: {"range": pair, "ideal": pair[0] + part * (pair[1] - pair[0])}, ends, UNIT),
        st.just({}),
    )


MUSTS = st.one_of(
    st.builds(Must, criterion=st.just("area"), basis=st.just("offered"), at_least=NUMBERS, label=LABELS),
    st.builds(Must, criterion=st.just("floor-area"), basis=st.just("existing"), at_most=NUMBERS, label=LABELS),
    st.builds(Must, criterion=st.just("electric-power"), at_least=NUMBERS),
    st.builds(Must, criterion=st.just("use"), any_of=st.just(("production", "offices")), label=LABELS),
    st.builds(Must, criterion=st.just("municipality"), none_of=st.lists(
        st.text("abc déè'-", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=3
    ).map(tuple)),
    st.builds(Must, criterion=st.just("operational-by"), by=st.dates(date(2020, 1, 1), date(2100, 1, 1))),
    st.builds(
        Must, criterion=st.just("minutes-to-nearest"), mode=st.sampled_from(Mode), kinds=PLACES, at_most=NUMBERS,
        nth=st.integers(1, 9), inbound=st.booleans(), label=LABELS,
    ),
)  # fmt: skip


@st.composite
def briefs(draw):
    """Any brief without a fault: exact weights, ranges of a whole, an order or nothing said of weights."""
    count = draw(st.integers(0, 4))
    way = draw(st.sampled_from(["exact", "ranges", "order", "reciprocal", "nothing"]))
    stated = {
        "exact": st.builds(dict, weight=st.floats(0.1, 100)),
        "ranges": st.builds(dict, weight=st.tuples(st.floats(0, 10), st.just(100.0))),
        "order": st.builds(dict, order=st.integers(1, 4).map(float)),
        "reciprocal": st.builds(dict, order=st.floats(0.5, 9)),
        "nothing": st.just({}),
    }[way]
    wants = []
    for _ in range(count):
        kind = draw(st.sampled_from(["area", "condition", "places-within"]))
        more = {
            "area": {"basis": "buildable"},
            "condition": {"values": draw(st.dictionaries(st.sampled_from(["built", "green"]), UNIT, min_size=1))},
            "places-within": {"mode": Mode.CAR, "within_minutes": draw(st.floats(1, 90)), "kinds": draw(PLACES)},
        }[kind]
        scale = {} if kind == "condition" else draw(_scales())
        wants.append(Want(criterion=kind, label=draw(LABELS), **more, **scale, **draw(stated)))
    return Brief(
        title=draw(TEXTS),
        summary=draw(LABELS),
        source=draw(LABELS),
        activity=draw(st.sampled_from(Activity)),
        sector=draw(NAMES).strip(),
        ateco=draw(st.lists(st.sampled_from(["29", "29.1", "62.01", "10.8", "C"]), max_size=3).map(tuple)),
        total=100.0 if way == "ranges" and wants else None,
        order_as=OrderAs.RANK_RECIPROCAL if way == "reciprocal" and wants else OrderAs.CONSTRAINT,
        musts=tuple(in_own_unit(one) for one in draw(st.lists(MUSTS, max_size=4))),
        wants=tuple(wants),
    )
