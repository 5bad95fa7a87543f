"""Briefs read: every fault at once, with its line and advice."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cities import BRIEF

from portico import city
from portico.errors import InputError, RejectedError, UnknownNameError
from portico.match import briefs
from portico.match.model import Activity
from portico.settings import read_document

HEAD = 'title = "Dairy"\nactivity = "food"\nsector = "food"\n'


def _interpret(text: str):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "brief.toml"
        path.write_text(text, "utf-8")
        return briefs.interpret(read_document(path, "brief.toml"))


def _kinds(text: str) -> list[str]:
    return [finding.kind for finding in _interpret(HEAD + text)[1]]


def test_a_good_brief_is_read_in_the_units_of_its_criteria(tiny_city):
    brief = briefs.read(city.open(tiny_city), "cheese-dairy")
    assert (brief.id, brief.activity) == ("cheese-dairy", Activity.FOOD)
    [must] = brief.musts
    assert (must.at_least, must.unit) == (pytest.approx(38_000.0), "m2")
    assert [want.weight for want in brief.wants] == [3.0, 1.0]


def test_a_brief_is_a_path_or_a_name(tiny_city, tmp_path):
    opened = city.open(tiny_city)
    path = tmp_path / "own.toml"
    path.write_text(BRIEF, "utf-8")
    assert briefs.names(opened) == ("cheese-dairy",)
    assert briefs.read(opened, str(path)).id == "own"
    with pytest.raises(UnknownNameError) as raised:
        briefs.read(opened, "chese-dairy")
    assert raised.value.values["advice"].values["suggestion"] == "cheese-dairy"


@pytest.mark.parametrize("name", ["../city", "briefs/cheese-dairy", "", ".", "/etc/passwd", "..\\city"])
def test_a_name_never_leads_out_of_the_folder_of_briefs(tiny_city, name):
    with pytest.raises((UnknownNameError, InputError)):
        briefs.read(city.open(tiny_city), name)


def test_the_briefs_of_the_reference_city_have_no_fault(torino):
    names = briefs.names(torino)
    assert set(names) == {
        "aerospace-components",
        "battery-module-plant",
        "biomedical-laboratory",
        "food-production",
        "software-centre",
    }
    read = [briefs.read(torino, name) for name in names]
    assert all(brief.musts and brief.wants for brief in read)
    assert {brief.sector for brief in read} == {"automotive", "ict", "aerospace", "biomedical", "food"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[[musts]]\ncriterion = "aera"\nbasis = "offered"\nat_least = 1', "criterion-unknown"),
        ('[[wants]]\ncriterion = "aera"\nweight = 1\nscale = [[0, 0], [1, 1]]', "criterion-unknown"),
        ('[[musts]]\ncriterion = "area"\nat_least = 1', "parameter-missing"),
        ('[[musts]]\ncriterion = "area"\nbasis = "ofered"\nat_least = 1', "unknown-word"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nat_least = 1\nunit = "km2"', "wrong-unit"),
        ('[[musts]]\ncriterion = "electric-power"\nat_least = 1\nunit = "kW"', "wrong-unit"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"', "must-needs-one-limit"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nat_least = 1\nat_most = 2', "must-needs-one-limit"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nat_least = -1', "below-zero"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nat_least = inf', "below-zero"),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nat_least = "1"', "wrong-type"),
        ('[[musts]]\ncriterion = "use"\nat_least = 1', "must-needs-words"),
        ('[[musts]]\ncriterion = "use"', "must-needs-words"),
        ('[[musts]]\ncriterion = "use"\nany_of = ["prodution"]', "unknown-word"),
        ('[[musts]]\ncriterion = "use"\nnone_of = ["prodution"]', "unknown-word"),
        ('[[musts]]\ncriterion = "use"\nany_of = ["production"]\nmode = "car"', "parameter-useless"),
        ('[[musts]]\ncriterion = "minutes-to-nearest"\nat_most = 5', "parameter-missing"),
        ('[[musts]]\ncriterion = "minutes-to-nearest"\nat_most = 5\nmode = "cart"', "unknown-value"),
        ('[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[5, 1]]', "scale-needs-points"),
        (
            '[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[5, 1], [5, 0]]',
            "scale-equal-ends",
        ),
        (
            '[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[6, 1], [5, 0]]',
            "scale-not-rising",
        ),
        (
            '[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[-inf, 1], [5, 0]]',
            "scale-not-rising",
        ),
        (
            '[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[5, 1], [inf, 0]]',
            "scale-not-rising",
        ),
        (
            '[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 1\nscale = [[5, 2], [6, 0]]',
            "value-outside-scale",
        ),
        ('[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = -1\nscale = [[5, 1], [6, 0]]', "out-of-range"),
        ('[[wants]]\ncriterion = "area"\nbasis = "offered"\nweight = 0\nscale = [[5, 1], [6, 0]]', "weights-all-zero"),
        ('[[wants]]\ncriterion = "condition"\nweight = 1\nscale = [[5, 1], [6, 0]]', "want-needs-values"),
        ('[[wants]]\ncriterion = "condition"\nweight = 1\nvalues = { buit = 1 }', "unknown-word"),
        ('[[wants]]\ncriterion = "condition"\nweight = 1\nvalues = { built = 1.5 }', "value-outside-scale"),
        ('[[musst]]\ncriterion = "use"\nany_of = ["production"]', "unknown-key"),
    ],
)
def test_each_fault_of_a_brief_is_found_once(text, kind):
    assert _kinds(text) == [kind]


def test_an_unknown_criterion_suggests_the_nearest_and_says_its_line():
    _, [found] = _interpret(HEAD + '\n[[musts]]\ncriterion = "aera"\nbasis = "offered"\nat_least = 1\n')
    assert (found.place.file, found.place.row) == ("brief.toml", 6)
    assert found.message.values["advice"].values["suggestion"] == "area"


def test_all_faults_are_told_at_once(tiny_city, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        HEAD
        + '[[musts]]\ncriterion = "aera"\nat_least = 1\n[[musts]]\ncriterion = "area"\nat_least = 1\nunit = "km"\n',
        "utf-8",
    )
    with pytest.raises(RejectedError) as raised:
        briefs.read(city.open(tiny_city), str(path))
    assert {found.kind for found in raised.value.findings} == {"criterion-unknown", "parameter-missing", "wrong-unit"}


def test_an_unknown_activity_suggests_the_nearest():
    _, [found] = _interpret(HEAD.replace('activity = "food"', 'activity = "fod"'))
    assert found.kind == "unknown-value"
    assert found.message.values["advice"].values["suggestion"] == "food"


PARTS = st.sampled_from(
    ['criterion = "area"', 'criterion = "use"', 'criterion = "minutes-to-nearest"', 'basis = "offered"', "at_least = 5",
     "at_most = nan", 'any_of = ["production"]', 'mode = "car"', "weight = 1", "weight = 0", "scale = [[0, 0], [5, 1]]",
     "scale = [[nan, 0], [5, 1]]", "scale = [[0, nan], [5, 1]]", "values = { built = 1 }", "within_minutes = 5",
     'kinds = ["university"]', 'unit = "ha"', "scale = []", "label = 3"]
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["musts", "wants"]), st.lists(PARTS, unique_by=lambda part: part.split()[0])),
        max_size=4,
    )
)
def test_any_parts_are_a_brief_or_faults(groups):
    text = HEAD + "\n".join(f"[[{name}]]\n" + "\n".join(parts) for name, parts in groups)
    brief, findings = _interpret(text)
    assert brief is not None or findings
    if not findings:
        for must in brief.musts:
            assert (must.at_least is None) or (must.at_most is None)
        assert not brief.wants or sum(brief.shares()) == pytest.approx(1)


WANT = '[[wants]]\ncriterion = "area"\nbasis = "offered"\n'


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (WANT + "weight = 1", []),
        (WANT, []),
        (WANT + 'weight = 1\ndirection = "min"', []),
        (WANT + 'weight = 1\ndirection = "min"\nrange = [1, 5]', []),
        (WANT + "weight = 1\nideal = 3\nrange = [1, 5]", []),
        (WANT + "weight = 1\nideal = 6\nrange = [1, 5]", ["ideal-outside-range"]),
        (WANT + "weight = 1\nideal = 6", ["ideal-needs-range"]),
        (WANT + "weight = 1\nrange = [5, 5]", ["scale-equal-ends"]),
        (WANT + "weight = 1\nrange = [6, 5]", ["scale-not-rising"]),
        (WANT + "weight = 1\nrange = [1, inf]", ["scale-not-rising"]),
        (WANT + "weight = 1\nrange = [1, 2, 3]", ["wrong-length"]),
        (WANT + 'weight = 1\ndirection = "up"', ["unknown-value"]),
        (WANT + 'weight = 1\ndirection = "max"\nideal = 3\nrange = [1, 5]', ["criterion-needs-one-scale"]),
        (WANT + "weight = 1\nscale = [[1, 0], [2, 1]]\nrange = [1, 5]", ["range-beside-scale"]),
        (WANT + "weight = [0.2, 0.6]\n" + WANT + "weight = [0.3, 0.7]", []),
        (WANT + "weight = [0.2, 0.3]\n" + WANT + "weight = [0.3, 0.4]", ["weights-cannot-sum"]),
        (WANT + "weight = [20, 60]\n" + WANT + "weight = [30, 70]", ["weights-cannot-sum"]),
        ("total = 100\n" + WANT + "weight = [20, 60]\n" + WANT + "weight = [30, 70]", []),
        ("total = 100\n" + WANT + "weight = 30\n" + WANT + "weight = 60", ["weights-not-total"]),
        ("total = 0\n" + WANT + "weight = 30", ["out-of-range"]),
        (WANT + "weight = [6, 2]", ["weight-unsound"]),
        (WANT + 'weight = "much"', ["wrong-type"]),
        (WANT + "weight = nan", ["wrong-type"]),
        (WANT + "weight = inf", ["out-of-range"]),
        (WANT + "weight = 30\n" + WANT, ["weight-missing"]),
        (WANT + "order = 1\n" + WANT + "order = 2", []),
        (WANT + "order = 0\n" + WANT + "order = 2", ["order-unsound"]),
        (WANT + "order = 1\nweight = 3\n" + WANT + "order = 2\nweight = 3", ["order-beside-weights"]),
        (
            WANT + "order = 2\nweight = [0.6, 0.8]\n" + WANT + "order = 1\nweight = [0, 0.2]",
            ["weights-against-order"],
        ),
        ('order_as = "rank-reciprocal"\n' + WANT + "order = 1\n" + WANT + "order = 2", []),
        ('order_as = "rank-reciprocal"\n' + WANT + "order = 1\n" + WANT, ["reciprocal-needs-ranks"]),
        ('[[musts]]\ncriterion = "operational-by"\nby = 2027-06-30', []),
        ('[[musts]]\ncriterion = "operational-by"\nby = "2027-06-30"', []),
        ('[[musts]]\ncriterion = "operational-by"\nby = "2027-13-30"', ["wrong-type"]),
        ('[[musts]]\ncriterion = "operational-by"', ["parameter-missing", "must-needs-one-limit"]),
        ('[[musts]]\ncriterion = "area"\nbasis = "offered"\nby = 2027-06-30', ["parameter-useless"]),
        ('[[musts]]\ncriterion = "municipality"\nnone_of = ["Borgo"]', []),
        ('[[musts]]\ncriterion = "municipality"', ["must-needs-words"]),
        ('ateco = ["29.1", "C", "62"]', []),
        ('ateco = ["291", "29.1"]', ["ateco-form"]),
        ('summary = "a\\u001b[31mb"', ["text-controls"]),
        ('summary = "a\\u202eb"', ["text-controls"]),
        (f'summary = "{"x" * 2001}"', ["text-too-long"]),
        ((WANT + "weight = 1\n") * 61, ["too-many-of-them"]),
    ],
)
def test_scales_and_weights_are_stated_in_many_ways_and_a_fault_is_found_once(text, kinds):
    assert [found.kind for found in _interpret(HEAD + text)[1]] == kinds


def test_a_want_takes_the_scale_of_its_criterion_for_what_it_does_not_say():
    from portico.match.criteria import criterion
    from portico.match.wants import scale_of

    known = criterion("minutes-to-nearest")
    nearest = '[[wants]]\ncriterion = "minutes-to-nearest"\nmode = "car"\n'
    brief, _ = _interpret(HEAD + nearest + nearest + "range = [5, 30]\n" + nearest + 'direction = "max"\n')
    low, high = known.default_scale[0][0], known.default_scale[-1][0]
    assert [scale_of(want, known) for want in brief.wants] == [
        known.default_scale,
        ((5.0, 1.0), (30.0, 0.0)),
        ((low, 0.0), (high, 1.0)),
    ]
    assert brief.shares() == pytest.approx([1 / 3] * 3)


def test_names_the_city_does_not_have_are_told_with_the_nearest(tiny_city):
    from portico.match.names import names_of

    known = names_of(city.open(tiny_city))
    assert "Borgo" in known.municipalities
    text = (
        '[[musts]]\ncriterion = "municipality"\nnone_of = ["Brogo", "Elsewhere"]\n'
        '[[musts]]\ncriterion = "site"\nnone_of = ["prato-grande", "nowhere-at-all"]\n'
        '[[musts]]\ncriterion = "minutes-to-nearest"\nmode = "car"\nkinds = ["rail-sttion"]\nat_most = 5\n'
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "brief.toml"
        path.write_text(HEAD + text, "utf-8")
        found = briefs.interpret(read_document(path, "brief.toml"), known)[1]
    assert [(one.value, one.place.row) for one in found] == [("Brogo", 6), ("nowhere-at-all", 9), ("rail-sttion", 13)]
