"""A project is read whole or refused with every fault; what the register and the layers know is joined to it."""

from dataclasses import replace
from datetime import date

import pytest
from tests.lakes import put
from tests.permits.worked import CASES, FILED, pack

from portico.city.model import Position
from portico.city.register import Attribute, Site
from portico.database import Database
from portico.dates import PartialDate
from portico.errors import InputError, RejectedError, UnknownNameError
from portico.figures import Evidence
from portico.geo import Point
from portico.lake.covering import circle, covering
from portico.lake.lake import open_lake
from portico.lake.model import Column, Table, Type
from portico.messages import Text
from portico.permits.answers import Project, contradictions, given, joined, read, to_toml, write
from portico.permits.layers import layered
from portico.permits.model import Answers, LayerRule, Need
from portico.permits.needs import needs
from portico.permits.site import stated
from portico.translation import Translator


@pytest.fixture
def file(tmp_path):
    def made(text):
        path = tmp_path / "project.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return made


REFUSED = {
    "[answers]\nemploees = 12": ("answer-unknown-attribute", 2),
    '[answers]\nfire_class = "D"': ("answer-unknown-word", 2),
    "[answers]\nemployees = -1": ("answer-range", 2),
    "[answers]\nemployees = 2.5": ("answer-range", 2),
    "[answers]\nateco_division = 120": ("answer-range", 2),
    '[answers]\nemployees = "12"': ("answer-wrong-type", 2),
    "[answers]\nasbestos = 1": ("answer-wrong-type", 2),
    "[answers]\nfire_class = true": ("answer-wrong-type", 2),
    "[answers]\nemployees = nan": ("wrong-type", 2),
    "[answers]\nemployees = inf": ("answer-range", 2),
    "[answers]\nemployees = [12]": ("wrong-type", 2),
    "[answers]\nany_assent = true": ("answer-derived", 2),
    'name = "a\\u001b[31m"': ("text-controls", 1),
    "nam = 'x'": ("unknown-key", 1),
    'filed = "2026-02-30"': ("wrong-type", 1),
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_answer_is_refused_with_its_line_and_advice(text, file):
    kind, line = REFUSED[text]
    with pytest.raises(RejectedError) as caught:
        read(file(text), pack())
    [finding] = caught.value.findings
    assert (finding.kind, finding.place.row) == (kind, line)
    for language in ("it", "en"):
        assert "{" not in Translator(language)(finding.message)


def test_all_faults_of_a_project_are_told_at_once(file):
    with pytest.raises(RejectedError) as caught:
        read(file('[answers]\nemploees = 12\nfire_class = "D"\nheight_m = -3\n'), pack())
    assert [one.place.row for one in caught.value.findings] == [2, 3, 4]


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"[answers", b"a = 1" + b"0" * 5000])
def test_what_is_no_toml_is_refused_in_one_sentence(raw, file):
    with pytest.raises(InputError):
        read(file(raw), pack())


CONTRADICTORY = [
    'site_land = "green"\nheritage_listed = true',
    'site_land = "green"\nintervention = "refurbishment_heavy"',
    'intervention = "none"\nexcavation_m3 = 10',
    "thermal_input_mw = 66\naia_activity = false",
    'via_class = "screening_regional"\nthermal_input_mw = 60',
    "subsidised = false\nsubsidy_eur = 5",
    "heritage_listed = true\nheritage_presumed = true",
    'intervention = "extraordinary_light"\nstructural_works = true',
]


@pytest.mark.parametrize("text", CONTRADICTORY)
def test_answers_that_cannot_all_be_true_are_refused_in_one_sentence(text, file):
    with pytest.raises(RejectedError) as caught:
        read(file(f"[answers]\n{text}\n"), pack())
    assert {one.kind for one in caught.value.findings} == {"answers-contradict"}
    for language in ("it", "en"):
        sentence = Translator(language)(caught.value.findings[0].message)
        assert sentence.count("\n") == 0
        assert "{" not in sentence


def test_no_worked_case_contradicts_itself():
    for case in CASES:
        assert not list(contradictions(pack(), Answers(case["answers"])))


def test_a_project_written_is_the_same_when_read_again(tmp_path):
    answers = {"employees": 12.0, "height_m": 12.5, "asbestos": True, "fire_class": "B", "investment_eur": 24_000_000.0}
    project = Project(name='Mill “A” "b"\\', site="osi-ghia", filed=date(2028, 2, 29), answers=answers)
    write(tmp_path / "project.toml", project)
    assert read(tmp_path / "project.toml", pack()) == project
    assert "nan" not in to_toml(project)


def site_that_says(*rows):
    """A site of which the register states these: attribute, basis, value, and the year."""
    attributes = tuple(
        Attribute(
            name,
            basis,
            value,
            PartialDate.parse(year),
            Text(),
            Evidence(dataset="site_attributes", row=f"{name}-{number}"),
        )
        for number, (name, basis, value, year) in enumerate(rows)
    )
    position = Position(Point(7.65, 45.05), "exact", 30.0)
    return Site("mill", Text(en="Mill"), "Borgo", "", position, Evidence(dataset="sites", row="mill"), attributes)


def test_what_the_register_states_is_known_with_its_evidence():
    site = site_that_says(
        ("condition", "", "to-remediate", "2024"),
        ("ownership", "", "private", "2024"),
        ("use", "permitted-or-planned", "production", "2024"),
        ("use", "permitted-or-planned", "offices", "2024"),
    )
    known = stated(pack(), site, Answers({"activity_kind": "manufacturing"}))
    assert known.values == {"site_owner": "private"}
    assert known.among == {"contamination": ("suspected", "confirmed"), "zoning": ("compatible", "needs_plan")}
    assert known.said_by == dict.fromkeys(("site_owner", "contamination", "zoning"), "register")
    assert [one.row for one in known.evidence["zoning"]] == ["use-2"]
    assert "zoning" not in stated(pack(), site, Answers({"activity_kind": "retail"})).among
    assert "zoning" not in stated(pack(), site, Answers({})).among  # what it is for is not known


def test_only_the_newest_statement_of_the_register_counts():
    site = site_that_says(("ownership", "", "private", "2019"), ("ownership", "", "public", "2024"))
    assert stated(pack(), site, Answers({})).among == {"site_owner": ("city", "other_public")}
    both = site_that_says(("ownership", "", "private", "2024"), ("ownership", "", "public", "2024"))
    assert set(stated(pack(), both, Answers({})).among["site_owner"]) == {"city", "other_public", "private"}


def test_what_is_known_in_part_narrows_and_never_says_no_too_early():
    site = site_that_says(("condition", "", "to-remediate", "2024"))
    investor = Answers({"intervention": "new_build", "remediation_status": "not_started"})
    together, disagreements = joined(pack(), investor, [stated(pack(), site, investor)])
    assert disagreements == ()
    found = needs(pack(), together, FILED).found
    assert found["ENV_REMED_NOTIFY"].need is Need.NEEDED
    assert found["ENV_REMED_CERT"].need is Need.PERHAPS
    assert found["ENV_REMED_CERT"].unknown == ("contamination",)


def test_where_investor_and_register_disagree_both_stay_possible_and_it_is_said():
    site = site_that_says(("ownership", "", "private", "2024"))
    investor = Answers({"site_owner": "city"}, {"site_owner": "investor"})
    together, disagreements = joined(pack(), investor, [stated(pack(), site, investor)])
    assert together.among == {"site_owner": ("city", "private")}
    assert "site_owner" not in together.values
    assert Translator("en")(disagreements[0]) == (
        "Who owns the site? You say the municipality, the city’s data say a private owner: "
        "both are kept as possible until it is cleared up."
    )
    assert needs(pack(), together, FILED).found["PUBLIC_SITE"].need is Need.PERHAPS


def test_the_investor_may_say_more_exactly_what_the_register_knows_in_part():
    site = site_that_says(("ownership", "", "public", "2024"))
    investor = Answers({"site_owner": "city"}, {"site_owner": "investor"})
    together, disagreements = joined(pack(), investor, [stated(pack(), site, investor)])
    assert (together.values["site_owner"], together.said_by["site_owner"]) == ("city", "investor")
    assert disagreements == ()


def test_what_the_register_knows_may_contradict_what_the_investor_wants():
    site = site_that_says(("condition", "", "green", "2024"))
    investor = given(Project(answers={"heritage_listed": True}))
    with pytest.raises(InputError) as caught:
        joined(pack(), investor, [stated(pack(), site, investor)])
    assert caught.value.message_id == "answers-contradict-site"


ID, HAZARD, PLACE = Column("id", Type.TEXT), Column("hazard", Type.TEXT), Column("place", Type.GEOMETRY)


def square(lon, lat, half):
    corners = [(lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half)]
    ring = ", ".join(f"{x} {y}" for x, y in (*corners, corners[0]))
    return f"POLYGON (({ring}))"


@pytest.fixture
def lake(tmp_path):
    return open_lake(Database(tmp_path / "portico.sqlite"), tmp_path / "lake")


def rules(*given_rules):
    made = tuple(LayerRule("wells", *one, Text(en="a layer")) for one in given_rules)
    return replace(pack(), layers=made)


LANDSCAPE = rules(("", "", "landscape_constraint", True, False))
FLOOD = rules(
    ("hazard", "H", "flood_hazard", "high", "none"),
    ("hazard", "M", "flood_hazard", "medium", "none"),
)
HERE, NEAR = (7.65, 45.05), 0.00035  # the circle of 30 m reaches some 0.00028 degrees north, 0.0004 east


@pytest.mark.parametrize(
    ("rows", "asked", "value", "among"),
    [
        ([("a", "H", square(*HERE, 0.01))], LANDSCAPE, True, None),
        ([("a", "H", square(7.70, 45.05, 0.01))], LANDSCAPE, False, None),
        ([("a", "H", square(7.65 + 0.01, 45.05, 0.01))], LANDSCAPE, None, (True, False)),  # on the border
        ([("a", "H", square(*HERE, 0.01))], FLOOD, "high", None),
        ([("a", "M", square(7.65 + 0.01, 45.05, 0.01))], FLOOD, None, ("medium", "none")),
        ([("a", "M", square(*HERE, 0.02)), ("b", "H", square(7.66, 45.05, 0.01))], FLOOD, None, ("medium", "high")),
        ([("a", "H", square(7.70, 45.05, 0.01))], FLOOD, "none", None),
        ([("a", "unheard of", square(*HERE, 0.01))], FLOOD, None, None),
        ([("a", "H", None), ("b", "H", square(7.70, 45.05, 0.01))], LANDSCAPE, None, None),  # one may be anywhere
    ],
)
def test_a_layer_says_inside_outside_or_nothing(rows, asked, value, among, lake):
    put(lake, Table((ID, HAZARD, PLACE), rows))
    known = layered(asked, lake, site_that_says())
    name = asked.layers[0].attribute
    assert known.values.get(name) == value
    assert (tuple(sorted(map(str, known.among[name]))) if name in known.among else None) == (
        tuple(sorted(map(str, among))) if among else None
    )
    if value is not None or among:
        assert known.said_by[name] == "layer"
        assert known.evidence[name][0].dataset == "wells"


def test_a_layer_that_says_nothing_outside_leaves_it_open(lake):
    put(lake, Table((ID, HAZARD, PLACE), [("a", "H", square(7.70, 45.05, 0.01))]))
    asked = rules(("", "", "heritage_listed", True, None))
    assert layered(asked, lake, site_that_says()) == Answers({})


def test_a_city_without_layers_and_a_site_without_position_know_nothing(lake):
    put(lake, Table((ID, HAZARD), [("a", "H")]))
    assert layered(pack(), lake, site_that_says()) == Answers({})
    assert layered(LANDSCAPE, lake, replace(site_that_says(), position=None)) == Answers({})
    with pytest.raises(UnknownNameError):
        layered(LANDSCAPE, lake, site_that_says())


def test_broken_areas_and_lines_are_met_and_never_cover(lake):
    bow = "POLYGON ((7.64 45.04, 7.66 45.06, 7.66 45.04, 7.64 45.06, 7.64 45.04))"
    line = "LINESTRING (7.64 45.05, 7.66 45.05)"
    version = put(lake, Table((ID, HAZARD, PLACE), [("bow", "H", bow), ("line", "M", line)])).version
    found = covering(lake, version, Point(*HERE), 30.0, "hazard")
    assert [(one.row, one.value, one.whole) for one in found] == [(1, "H", False), (2, "M", False)]


def test_the_circle_holds_all_of_its_metres():
    ring = circle(Point(*HERE), 100.0)["coordinates"][0]
    assert ring[0] == ring[-1]
    assert max(lat for _, lat in ring) - HERE[1] > 100 / 111_320
