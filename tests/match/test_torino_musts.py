"""The musts of the reference city's briefs, decided again by an independent reader of its facts.

Nothing of portico reads a file or decides a must here: plain ``csv`` and ``tomllib``, and the rules as people say them.
What portico says is only compared with it.
"""

from __future__ import annotations

import csv
import dataclasses
import math
import tomllib
from collections import Counter
from datetime import date

import pytest
from tests.cities import AS_OF
from tests.shared import ROOT

from portico.match import briefs
from portico.match.model import Must
from portico.match.shortlist import shortlist

FOLDER = ROOT / "cities" / "torino"
NAMES = (
    "aerospace-components",
    "battery-module-plant",
    "biomedical-laboratory",
    "food-production",
    "software-centre",
)
OLDEST_FRESH_DAY = date(2024, 11, 23)  # 24 months before the day of the question
GONE = {"sold", "in-redevelopment", "withdrawn"}
WHOLES = {"buildable": ("offered", "whole-holding"), "offered": ("whole-holding",), "whole-holding": ()}
SETTINGS = tomllib.loads((FOLDER / "city.toml").read_text("utf-8"))


def _rows(name):
    with (FOLDER / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SITES = {row["id"]: row for row in _rows("sites")}
STATED: dict[tuple[str, str], list[dict[str, str]]] = {}
for _row in _rows("site_attributes"):
    STATED.setdefault((_row["site"], _row["attribute"]), []).append(_row)
PLACES = [*_rows("institutions"), *_rows("transport")]


def _first_day(text: str) -> date:
    """The first day a date may mean; an undated fact is older than any."""
    if not text:
        return date.min
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return date(year, month, day)


def _newest(rows):
    return max((_first_day(row["as_of"]) for row in rows), default=date.min)


def _unless_old(outcome: str, day: date) -> str:
    return "stale" if outcome == "pass" and day < OLDEST_FRESH_DAY else outcome


def _bounds(rows) -> tuple[float, float]:
    ranges = [tuple(map(float, (row["value"].split("..") * 2)[:2])) for row in rows]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def availability(site, _must) -> str:
    rows = STATED.get((site, "status"), [])
    day = _newest(rows)
    words = {row["value"] for row in rows if _first_day(row["as_of"]) == day} - {"unknown"}
    if words & GONE:
        return "fail"
    return _unless_old("pass", day) if "available" in words else "unknown"


def _at_least(low, high, wanted, day) -> str:
    if high < wanted:
        return "fail"
    return _unless_old("pass", day) if low >= wanted else "unknown"


def area(site, must) -> str:
    wanted = must["at_least"] * (10_000 if must.get("unit") == "ha" else 1)
    rows = STATED.get((site, "area"), [])
    own = [row for row in rows if row["basis"] == must["basis"]]
    if own:
        return _at_least(*_bounds(own), wanted, _newest(own))
    wholes = [row for row in rows if row["basis"] in WHOLES[must["basis"]]]
    for basis in WHOLES[must["basis"]]:
        of_basis = [row for row in wholes if row["basis"] == basis]
        if of_basis and _bounds(of_basis)[1] < wanted:
            return "fail"
    return "unknown"


def floor_area(site, must) -> str:
    rows = STATED.get((site, "floor-area"), [])
    own = [row for row in rows if row["basis"] == "existing"] or [row for row in rows if row["basis"] == "usable"]
    return _at_least(*_bounds(own), must["at_least"], _newest(own)) if own else "unknown"


def use(site, must) -> str:
    rows = STATED.get((site, "use"), [])
    admitted = [row for row in rows if row["value"] in must["any_of"]]
    if admitted:
        return _unless_old("pass", _newest(admitted))
    return "fail" if rows else "unknown"


def condition(site, must) -> str:
    rows = STATED.get((site, "condition"), [])
    day = _newest(rows)
    words = {row["value"] for row in rows if _first_day(row["as_of"]) == day}
    if words & set(must["none_of"]):
        return "fail"
    return _unless_old("pass", day) if words else "unknown"


def electric_power(site, must) -> str:
    rows = STATED.get((site, "electric-power"), [])
    return _at_least(*_bounds(rows), must["at_least"], _newest(rows)) if rows else "unknown"


RULES = {
    "availability": availability,
    "area": area,
    "floor-area": floor_area,
    "use": use,
    "condition": condition,
    "electric-power": electric_power,
}


def _brief(name):
    return tomllib.loads((FOLDER / "briefs" / f"{name}.toml").read_text("utf-8"))


def _musts(name):
    return [{"criterion": "availability"}, *_brief(name)["musts"]]


@pytest.fixture(scope="module")
def answers(torino, torino_territory):
    return {name: shortlist(briefs.read(torino, name), torino_territory, AS_OF) for name in NAMES}


@pytest.fixture(scope="module")
def decided(answers):
    """(brief, site) → what portico said of each must, in the order of the brief."""
    return {(name, entry.site.id): entry.musts for name, answer in answers.items() for entry in answer.entries}


def test_there_are_sixty_six_sites_and_five_briefs(decided):
    assert len(SITES) == 66
    assert set(decided) == {(name, site) for name in NAMES for site in SITES}


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_reader_of_the_facts_agrees_with_every_must(decided, name):
    differing = []
    counted = Counter()
    for site in SITES:
        for must, said in zip(_musts(name), decided[name, site], strict=True):
            assert said.must.criterion == must["criterion"]
            if must["criterion"] in RULES:
                expected = RULES[must["criterion"]](site, must)
                counted[must["criterion"]] += 1
                if said.outcome.value != expected:
                    differing.append((site, must["criterion"], said.outcome.value, "expected", expected))
    assert differing == []
    asked = {must["criterion"] for must in _musts(name)} & set(RULES)
    assert counted == Counter(dict.fromkeys(asked, 66))


def _metres(one, other) -> float:
    lat, other_lat = math.radians(float(one["lat"])), math.radians(float(other["lat"]))
    across = math.radians(float(other["lon"]) - float(one["lon"]))
    half = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(across / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def _minutes(mode, site, place) -> tuple[float, float]:
    """The least and the most minutes that the assumptions of ``city.toml`` allow."""
    means, doubt = SETTINGS["travel"][mode], SETTINGS["uncertainty_m"]
    added = means.get("minutes_added", [0.0, 0.0, 0.0])
    metres = _metres(site, place)
    unsure = doubt[site["precision"]] + doubt[place["precision"]]
    least = max(0.0, metres - unsure) / 1000 * means["detour"][0] / means["speed_km_h"][2] * 60 + added[0]
    most = (metres + unsure) / 1000 * means["detour"][2] / means["speed_km_h"][0] * 60 + added[2]
    return least, most


def _can_walk(end) -> bool:
    """Whether an end is known well enough for minutes on foot."""
    return SETTINGS["uncertainty_m"][end["precision"]] <= SETTINGS["travel"]["walk_uncertainty_limit_m"]


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_reader_agrees_with_the_minutes(decided, name):
    [(place, must)] = [one for one in enumerate(_musts(name)) if one[1]["criterion"] == "minutes-to-nearest"]
    places = [
        row
        for row in PLACES
        if row["kind"] in must["kinds"] and row["lon"] and row.get("state", "in-service") == "in-service"
    ]
    places = [row for row in places if must["mode"] != "walk" or _can_walk(row)]
    assert places
    compared = 0
    for identifier, site in SITES.items():
        said = decided[name, identifier][place]
        if not site["lon"] or (must["mode"] == "walk" and not _can_walk(site)):
            assert said.outcome.value == "unknown"
            continue
        each = [_minutes(must["mode"], site, other) for other in places]
        least, most = min(low for low, _ in each), min(high for _, high in each)
        assert said.measured.found.low == pytest.approx(least, rel=0.006, abs=0.1)
        assert said.measured.found.high == pytest.approx(most, rel=0.006, abs=0.1)
        limit = must["at_most"]
        if min(abs(least - limit), abs(most - limit)) > max(0.1, 0.006 * limit):
            expected = "fail" if least > limit else "pass" if most <= limit else "unknown"
            assert said.outcome.value == expected, identifier
            compared += 1
    assert compared >= (55 if must["mode"] == "car" else 35)


def _group(musts) -> str:
    outcomes = {one.outcome.value for one in musts}
    return "excluded" if "fail" in outcomes else "qualified" if outcomes == {"pass"} else "to_verify"


@pytest.mark.parametrize("name", NAMES)
def test_every_site_stands_in_the_group_its_musts_say(answers, decided, name):
    for group in ("qualified", "to_verify", "excluded"):
        said = {entry.site.id for entry in getattr(answers[name], group)}
        assert said == {site for site in SITES if _group(decided[name, site]) == group}


def _ids(entries) -> set[str]:
    return {entry.site.id for entry in entries}


def test_no_site_is_qualified_for_the_battery_plant(answers):
    assert _ids(answers["battery-module-plant"].qualified) == set()


def test_two_sites_are_qualified_for_food(answers):
    assert _ids(answers["food-production"].qualified) == {"magazzini-cimarosa", "mirafiori-gommatura"}


def _area_outcome(torino, land, site, basis, hectares):
    """What portico says of one must on area, asked as an investor would."""
    brief = briefs.read(torino, "food-production")
    must = Must(criterion="area", basis=basis, at_least=hectares * 10_000, unit="m2")
    answer = shortlist(dataclasses.replace(brief, musts=(must,)), land, AS_OF)
    [entry] = [one for one in answer.entries if one.site.id == site]
    return entry.musts[1]


@pytest.mark.parametrize("basis", ["offered", "buildable"])
@pytest.mark.parametrize("hectares", [0, 0.1, 1, 5, 15, 29.9, 30, 30.1, 100])
def test_the_whole_former_holding_of_tne_zone_a_never_passes_for_a_part(torino, torino_territory, basis, hectares):
    said = _area_outcome(torino, torino_territory, "tne-mirafiori-a", basis, hectares)
    assert said.outcome.value == ("fail" if hectares > 30 else "unknown")
    assert said.measured.found.value is None
    assert said.measured.found.high == 300_000


@pytest.mark.parametrize(
    ("basis", "hectares", "outcome", "short_by"),
    [
        ("buildable", 15, "stale", None),
        ("buildable", 19.5, "stale", None),
        ("buildable", 20, "fail", 5_000),
        ("offered", 25, "stale", None),
        ("offered", 30, "stale", None),
        ("offered", 31, "fail", 10_000),
        ("whole-holding", 100, "stale", None),
    ],
)
def test_scarmagno_is_measured_on_the_basis_asked_for_and_its_file_is_old(
    torino, torino_territory, basis, hectares, outcome, short_by
):
    said = _area_outcome(torino, torino_territory, "scarmagno", basis, hectares)
    assert said.outcome.value == outcome
    assert said.measured.found.as_of.text == "2021-09"
    assert (said.short_by.value if said.short_by else None) == short_by


@pytest.mark.parametrize("name", NAMES)
def test_the_former_maserati_works_are_not_offered_whatever_else_they_are(answers, decided, name):
    first, *_ = decided[name, "maserati-grugliasco"]
    assert (first.must.criterion, first.outcome.value) == ("availability", "fail")
    assert first.measured.found.values == ("withdrawn",)
    assert "maserati-grugliasco" in _ids(answers[name].excluded)


def test_its_holding_is_no_area_one_could_build_on(torino, torino_territory):
    assert _area_outcome(torino, torino_territory, "maserati-grugliasco", "buildable", 15).outcome.value == "unknown"
    assert _area_outcome(torino, torino_territory, "maserati-grugliasco", "buildable", 22).outcome.value == "fail"


def test_scarmagno_is_to_be_verified_for_the_battery_plant_with_its_questions(answers):
    [entry] = [one for one in answers["battery-module-plant"].to_verify if one.site.id == "scarmagno"]
    assert [one.outcome.value for one in entry.musts[:3]] == ["pass", "stale", "stale"]
    assert {"area", "use", "electric-power"} <= {one.about for one in entry.questions if one.decides}
