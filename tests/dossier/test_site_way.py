"""Ways in words: legs follow each other, last as long as the figure says, and name streets and stops."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import needs_shared

from portico.dossier.site_way import site_way, to_dict
from portico.dossier.ways import length_of, vehicle_of
from portico.errors import UnknownNameError
from portico.territory.model import Mode
from portico.territory.travel.model import USUAL, Direction, Going
from portico.translation import LANGUAGES, Translator

SITE, PLACE = "ex-ospedale-san-salvatore", "univaq-coppito"
with_streets = needs_shared("data", "osm", "laquila")


@with_streets
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("direction", list(Direction))
def test_the_legs_of_a_ride_follow_each_other_and_add_up(laquila_territory, direction, language):
    found = site_way(laquila_territory, SITE, PLACE, Mode.TRANSIT, Going(direction))
    told = found.way.told
    assert sum(leg.minutes for leg in found.legs) == pytest.approx(told.cost_ds / 600)
    begins = [leg.begins for leg in found.legs]
    assert begins == sorted(begins)
    assert begins[0] == f"{told.departure_ds // 36_000:02d}:{told.departure_ds // 600 % 60:02d}"
    words = [Translator(language)(leg.words) for leg in found.legs]
    assert not [one for one in words if "{" in one or re.search(r"\b(leg|length|vehicle)-?[.a-z]+\b\.", one)]
    ridden = [leg for leg in found.legs if leg.kind == "ride"]
    assert ridden
    for leg in ridden:
        said = Translator(language)(leg.words)
        assert leg.stops[0] in said
        assert leg.stops[-1] in said
        assert len(re.findall(r"\b\d\d:\d\d\b", said)) == 2
    ends = [Translator(language)(one) for one in found.ends]
    assert words[-1].endswith(ends[-1])
    assert [ends[0] in Translator(language)(found.title), ends[1] in Translator(language)(found.title)] == [True, True]


@with_streets
@pytest.mark.parametrize("mode", [Mode.WALK, Mode.BICYCLE, Mode.CAR])
def test_a_way_over_streets_is_one_leg_with_its_streets(laquila_territory, mode):
    found = site_way(laquila_territory, SITE, PLACE, mode, USUAL)
    [leg] = found.legs
    assert leg.kind == mode.value
    assert leg.minutes == pytest.approx(found.way.told.cost_ds / 600)
    assert sum(minutes for _, _, minutes in leg.streets) <= leg.minutes + 0.01
    assert len({str(name) for name, _, _ in leg.streets}) > 3
    plain = to_dict(found, Translator("en"))
    assert plain["itinerary"]["minutes"] == pytest.approx(leg.minutes, abs=0.01)
    assert plain["minutes"]["value"] == pytest.approx(sum(one["minutes"] for one in plain["shares"]), abs=0.05)


def test_without_streets_there_are_no_legs_and_the_reason_is_said(torino_territory):
    found = site_way(torino_territory, "cavallerizza", "intesa", Mode.CAR, USUAL)
    plain = to_dict(found, Translator("en"))
    assert (plain["legs"], plain["itinerary"]) == ([], None)
    assert plain["why_estimated"]
    assert plain["shares"]


def test_unknown_ends_get_advice(torino_territory):
    for site, place in (("cavalerizza", "intesa"), ("cavallerizza", "intessa")):
        with pytest.raises(UnknownNameError) as raised:
            site_way(torino_territory, site, place, Mode.CAR, USUAL)
        assert "did you mean" in Translator("en")(raised.value.values["advice"])


@given(st.floats(0, 200_000))
def test_a_length_is_said_to_two_figures_or_so(metres):
    said = length_of(metres)
    value = said.values["m"] if said.id == "length-m" else said.values["km"] * 1000
    assert abs(value - metres) <= (50 if said.id == "length-km" else 10)
    assert (value > 0) == (round(metres) >= 1)


def test_every_type_of_route_has_a_word():
    assert {vehicle_of(0), vehicle_of(3), vehicle_of(109), vehicle_of(1000)} == {"tram", "bus", "train", "ferry"}
    assert {vehicle_of(one) for one in (-1, 9, 650, 10_000)} == {"vehicle"}
