"""The register: contradicting figures widen, the newest words count, what is recalled says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.city.model import Uncertainty
from portico.city.register import Site, position_of, register, text_of
from portico.figures import Evidence, Status

UNCERTAINTY = Uncertainty()
YEARS = st.none() | st.integers(1990, 2026).map(str)
RANGES = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted)


def _cite(table, row) -> Evidence:
    return Evidence(dataset=table, row=str(row["id"]), confidence=str(row.get("confidence") or "verified"))


def _site(*stated) -> Site:
    """A site of which (attribute, basis, value, day, confidence) were stated."""
    rows = [
        {"id": f"a{number}", "site": "mill", "attribute": name, "basis": basis, "value": value, "as_of": day,
         "confidence": rest[0] if rest else "verified"}
        for number, (name, basis, value, day, *rest) in enumerate(stated)
    ]  # fmt: skip
    [site] = register([{"id": "mill", "name": "Mill", "name_it": "Mulino"}], rows, _cite, UNCERTAINTY)
    return site


def test_what_nobody_stated_is_missing():
    figure = _site().figure("area", "offered")
    assert (figure.value, figure.low, figure.high, figure.unit, figure.status) == (
        None,
        None,
        None,
        "m2",
        Status.MISSING,
    )
    assert not _site().statement("condition").is_known


def test_a_single_statement_is_the_figure():
    figure = _site(("area", "offered", "500", "2024-05")).figure("area", "offered")
    assert (figure.low, figure.value, figure.high) == (500, 500, 500)
    assert figure.as_of.text == "2024-05"
    assert figure.note is None
    assert figure.evidence[0].row == "a0"


def test_a_range_is_a_figure_with_bounds():
    figure = _site(("area", "offered", "400..600", "2024")).figure("area", "offered")
    assert (figure.low, figure.value, figure.high) == (400, 500, 600)


def test_contradicting_figures_widen_and_the_newest_is_the_value():
    figure = _site(("area", "offered", "300", "2019"), ("area", "offered", "140", "2014")).figure("area", "offered")
    assert (figure.low, figure.value, figure.high) == (140, 300, 300)
    assert figure.as_of.text == "2019"
    assert figure.note.id == "sources-differ"
    assert {piece.row for piece in figure.evidence} == {"a0", "a1"}


def test_one_basis_never_speaks_for_another():
    site = _site(("area", "whole-holding", "300000", "2024-10"))
    assert not site.figure("area", "offered").is_known
    assert not site.figure("area", "buildable").is_known
    assert site.figure("area", "whole-holding").value == 300_000


def test_the_newest_status_counts_alone():
    site = _site(
        ("status", "", "available", "2019"), ("status", "", "sold", "2021-06"), ("status", "", "withdrawn", None)
    )
    assert site.statement("status").values == ("sold",)
    assert site.statement("status").as_of.text == "2021-06"


def test_words_of_the_same_newest_day_all_count():
    site = _site(
        ("use", "planned", "production", "2024"),
        ("use", "planned", "offices", "2024"),
        ("use", "planned", "park", "2020"),
    )
    assert site.statement("use").values == ("production", "offices")


def test_what_is_recalled_is_an_estimate_and_says_so():
    site = _site(("area", "offered", "500", "2024", "recalled"), ("condition", "", "built", "2024", "recalled"))
    assert site.figure("area", "offered").status is Status.ESTIMATED
    assert site.figure("area", "offered").is_recalled
    assert site.statement("condition").status is Status.ESTIMATED


@given(st.lists(st.tuples(RANGES, YEARS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_figure_bounds_everything_stated_in_whatever_order(stated, random):
    rows = [("area", "offered", f"{low}..{high}", year) for (low, high), year in stated]
    figure = _site(*rows).figure("area", "offered")
    assert figure.low == min(low for (low, _), _ in stated)
    assert figure.high == max(high for (_, high), _ in stated)
    newest = max((year or "" for _, year in stated))
    assert (figure.as_of.text if figure.as_of else "") == newest
    random.shuffle(rows)
    other = _site(*rows).figure("area", "offered")
    assert (other.low, other.high, other.as_of) == (figure.low, figure.high, figure.as_of)
    days = [year for _, year in stated]
    if days.count(newest or None) == 1:
        assert other.value == figure.value


@given(st.lists(st.tuples(RANGES, YEARS), min_size=1, max_size=5), st.tuples(RANGES, YEARS))
def test_one_more_statement_never_narrows_a_figure(stated, more):
    def bounds(items):
        figure = _site(*(("area", "offered", f"{low}..{high}", year) for (low, high), year in items)).figure(
            "area", "offered"
        )
        return figure.low, figure.high

    (low, high), (wider_low, wider_high) = bounds(stated), bounds([*stated, more])
    assert wider_low <= low
    assert wider_high >= high


def test_a_name_in_italian_falls_back_to_the_name():
    assert text_of({"name": "Mill", "name_it": None}, "name") == {"en": "Mill", "it": "Mill"}
    assert _site().name["it"] == "Mulino"


@pytest.mark.parametrize(
    ("precision", "metres"),
    [("exact", 30.0), ("address", 100.0), ("block", 250.0), ("street", 1500.0), ("approximate", 3000.0), (None, 3000.0),
     ("metres", 3000.0), ("__doc__", 3000.0)],
)  # fmt: skip
def test_a_position_is_as_rough_as_its_precision_says(precision, metres):
    position = position_of({"lon": 14.5, "lat": 47.5, "precision": precision}, UNCERTAINTY)
    assert position.uncertainty_m == metres


def test_half_a_position_is_none():
    assert position_of({"lon": 14.5, "lat": None, "precision": "exact"}, UNCERTAINTY) is None
