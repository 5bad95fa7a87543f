"""What giving way would free, on invented failures."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Partner
from portico.city.register import Site
from portico.dates import PartialDate
from portico.dossier.plain import relaxation_words
from portico.figures import Evidence, Figure, Statement, Status
from portico.match.criteria import AREA, USE
from portico.match.model import Answerer, Decided, Entry, Measured, Must, Outcome
from portico.match.musts import decide
from portico.match.relaxing import relaxations
from portico.match.shortlist import group_of
from portico.messages import Text
from portico.translation import Translator

AS_OF = date(2026, 11, 23)
ANSWERER = Answerer(Partner("desk", Text(en="Desk"), Text(en="Office"), 5), AS_OF)
SIZES = st.lists(st.floats(0, 200), min_size=1, max_size=8)
LEAST = Must(criterion="area", basis="offered", at_least=100.0)
MOST = Must(criterion="area", basis="offered", at_most=100.0)
WORDS = Must(criterion="use", any_of=("production",))


def _entry(number: int, decided: tuple[Decided, ...]) -> Entry:
    site = Site(f"site-{number}", Text(en="x"), "", "", None, Evidence(), ())
    return Entry(site, group_of(decided), 0.0, 1.0, (), decided, (), ANSWERER)


def _decided(must: Must, size: float) -> Decided:
    figure = Figure.exactly(size, "m2", Status.DECLARED, as_of=PartialDate.parse("2026"))
    return decide(must, AREA, Measured(figure), AS_OF, 24)


@given(SIZES, st.sampled_from([LEAST, MOST]))
def test_a_relaxed_limit_frees_exactly_the_sites_it_says(sizes, must):
    entries = [_entry(number, (_decided(must, size),)) for number, size in enumerate(sizes)]
    excluded = [one for one in entries if one.failed]
    found = relaxations((must,), excluded)
    assert bool(found) == bool(excluded)
    for one in found:
        limit = one.to.value
        assert limit < must.at_least if must.at_least is not None else limit > must.at_most
        freed = {
            entry.site.id
            for entry in excluded
            for figure in [entry.musts[0].measured.found]
            if (figure.value >= limit if must.at_least is not None else figure.value <= limit)
        }
        assert set(one.frees) == freed
    if found:
        assert set(found[0].frees) == {entry.site.id for entry in excluded}
        assert len({one.to.value for one in found}) == len(found)


def test_who_fails_two_musts_is_freed_by_none_of_them():
    uses = decide(WORDS, USE, Measured(Statement(("park",), Status.DECLARED)), AS_OF, 24)
    both = _entry(1, (_decided(LEAST, 50.0), uses))
    alone = _entry(2, (_decided(LEAST, 150.0), uses))
    [found] = relaxations((LEAST, WORDS), [both, alone])
    assert (found.must, found.to, found.frees) == (WORDS, None, ("site-2",))
    assert alone.musts[0].outcome is Outcome.PASS


def test_where_none_alone_frees_any_two_together_do():
    park = decide(WORDS, USE, Measured(Statement(("park",), Status.DECLARED)), AS_OF, 24)
    near, far = (_entry(number, (_decided(LEAST, size), park)) for number, size in ((1, 90.0), (2, 40.0)))
    every = relaxations((LEAST, WORDS), [near, far])
    assert [(one.must, one.to.value, one.also, one.frees) for one in every] == [
        (LEAST, 40.0, ((WORDS, None),), ("site-1", "site-2")),
        (LEAST, 90.0, ((WORDS, None),), ("site-1",)),
    ]
    say = Translator("en")
    assert "without “Admitted use”" in say(relaxation_words(every[0]))
    assert relaxations((LEAST, WORDS), [near, far, _entry(3, (_decided(LEAST, 80.0),))])[0].also == ()


@given(st.floats(0.001, 9.999))
def test_a_small_number_is_relaxed_no_further_than_two_decimals(size):
    must = Must(criterion="area", basis="offered", at_least=10.0)
    [found] = relaxations((must,), [_entry(1, (_decided(must, size),))])
    assert 0 <= size - found.to.value < 0.01 + 1e-9


def test_nothing_excluded_is_nothing_to_relax():
    assert relaxations((LEAST,), []) == ()
