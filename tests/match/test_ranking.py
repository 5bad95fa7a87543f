"""Order, ranks and bands."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from portico.city.model import Partner
from portico.city.register import Site
from portico.figures import Evidence, Figure, Status
from portico.match.model import Answerer, Contribution, Entry, Group, Measured, Want
from portico.match.ranking import ranked
from portico.messages import Message, Text

PARTNER = Partner("desk", Text(en="Desk"), Text(en="Office"), 5)
WANT = Want(criterion="area", weight=1.0)
INTERVALS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: tuple(one / 20 for one in sorted(ends)))


def _entry(number, interval, *, known=True) -> Entry:
    site = Site(f"site-{number:02}", Text(en=f"Site {number}"), "", "", None, Evidence(), ())
    found = Figure.exactly(1.0, "m2", Status.DECLARED) if known else Figure.missing("m2")
    contribution = Contribution(WANT, Measured(found), *interval, 1.0, False, Message("x"))
    answerer = Answerer(PARTNER, date(2026, 11, 30))
    return Entry(site, Group.QUALIFIED, *interval, (contribution,), (), (), answerer)


ENTRIES = st.lists(INTERVALS, max_size=8).map(lambda items: [_entry(*one) for one in enumerate(items)])


@given(ENTRIES)
def test_entries_stand_by_the_midpoint_of_their_score(entries):
    found = ranked(entries)
    assert {one.site.id for one in found} == {one.site.id for one in entries}
    mids = [one.score_mid for one in found]
    assert mids == sorted(mids, reverse=True)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_entries_given_does_not_matter(entries, random):
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert ranked(shuffled) == ranked(entries)


@given(ENTRIES)
def test_a_rank_interval_holds_the_place_and_every_place_the_scores_allow(entries):
    found = ranked(entries)
    for place, one in enumerate(found, start=1):
        assert one.rank.low <= place <= one.rank.high
        others = [other for other in found if other is not one]
        best = 1 + sum(other.score_low > one.score_high for other in others)
        worst = len(found) - sum(other.score_high < one.score_low for other in others)
        assert (one.rank.low, one.rank.high) == (best, worst)


@example([_entry(0, (0.0, 0.6)), _entry(1, (0.05, 0.55)), _entry(2, (0.6, 0.6))])
@given(ENTRIES)
def test_bands_go_up_by_one_and_join_what_overlaps(entries):
    found = ranked(entries)
    bands = [one.rank.band for one in found]
    assert bands == sorted(bands)
    assert not bands or (bands[0] == 1 and set(bands) == set(range(1, bands[-1] + 1)))
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            overlap = one.score_low <= other.score_high and other.score_low <= one.score_high
            if overlap:
                assert one.rank.band == other.rank.band
    for band in set(bands[1:]) - {1}:
        above = [one for one in found if one.rank.band < band]
        below = [one for one in found if one.rank.band >= band]
        assert min(one.score_low for one in above) > max(one.score_high for one in below)


@given(ENTRIES.filter(bool), INTERVALS)
def test_one_more_site_changes_no_order_of_two_others(entries, interval):
    before = [one.site.id for one in ranked(entries)]
    after = [one.site.id for one in ranked([*entries, _entry(99, interval)]) if one.site.id != "site-99"]
    assert after == before


@given(ENTRIES.filter(bool))
def test_a_site_worse_than_all_changes_no_rank_but_the_last(entries):
    dominated = _entry(99, (-1.0, -0.5))
    before = {one.site.id: one.rank for one in ranked(entries)}
    after = ranked([*entries, dominated])
    assert after[-1].site.id == "site-99"
    assert {one.site.id: one.rank for one in after[:-1]} == before


@given(ENTRIES, st.lists(INTERVALS, max_size=3))
def test_what_cannot_be_ranked_yet_stands_last_without_a_rank(entries, intervals):
    unknown = [_entry(50 + number, interval, known=False) for number, interval in enumerate(intervals)]
    found = ranked([*unknown, *entries])
    assert [one.rank is None for one in found] == [False] * len(entries) + [True] * len(unknown)
    assert list(found[: len(entries)]) == list(ranked(entries))
