"""Typed settings: every fault at once, with its line and advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.cities import SETTINGS
from tests.shared import ROOT

from portico.city.model import CitySettings
from portico.errors import InputError
from portico.match.model import Brief
from portico.messages import Text
from portico.settings import MAX_BYTES, Document, read_document, read_into

REFERENCE = (ROOT / "cities" / "torino" / "city.toml").read_text("utf-8")


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Door:
    width_m: float = field(metadata={"minimum": 0.5, "maximum": 5.0})
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Barn:
    id: str = field(metadata={"pattern": r"[a-z]+", "plain": "small letters"})
    name: Text
    doors: tuple[Door, ...] = ()
    span: tuple[float, float] = field(default=(0.0, 1.0), metadata={"ordered": True})
    floors: int = 1
    heated: bool = False
    built: date | None = None
    tags: Mapping[str, int] = field(default_factory=dict)
    limit: float | None = field(default=None, metadata={"minimum": 0.0})


def _document(text: str) -> Document:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "barn.toml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return read_document(path, "barn.toml")


def _read(text: str, kind=Barn):
    findings = []
    return read_into(kind, _document(text), findings), findings


def _kinds(text: str, kind=Barn) -> list[str]:
    value, findings = _read(text, kind)
    assert (value is None) == any(finding.kind != "unknown-key" for finding in findings)
    return [finding.kind for finding in findings]


def test_what_fits_is_read_into_its_types():
    barn, findings = _read(
        'id = "hay"\nname = { en = "Hay", it = "Fieno" }\nspan = [1, 2.5]\nfloors = 2\nbuilt = 1990-05-01\nlimit = 3\n'
        '[tags]\na = 1\n[[doors]]\nwidth_m = 2\ncolour = "green"\n[[doors]]\nwidth_m = 1.5\n'
    )
    assert findings == []
    doors = (Door(2.0, Colour.GREEN), Door(1.5))
    assert barn == Barn("hay", Text(en="Hay", it="Fieno"), doors, (1.0, 2.5), 2, False, date(1990, 5, 1), {"a": 1}, 3.0)
    assert type(barn.doors[0].width_m) is float


def test_a_text_in_one_language_needs_no_language():
    assert _read('id = "hay"\nname = "Hay"')[0].name.pick("it") == "Hay"


def test_an_unknown_key_suggests_the_nearest_known_one():
    _, findings = _read('id = "hay"\nname = "Hay"\n\nflors = 2\n')
    [found] = findings
    assert found.kind == "unknown-key"
    assert (found.place.file, found.place.row, found.place.column) == ("barn.toml", 4, "flors")
    assert found.message.values["advice"].values["suggestion"] == "floors"


def test_an_unknown_key_far_from_all_lists_the_known_ones():
    _, findings = _read('id = "hay"\nname = "Hay"\nzzzzz = 2\n')
    assert findings[0].message.values["advice"].id == "known-names"
    assert "floors" in findings[0].message.values["advice"].values["names"]


def test_an_unknown_key_in_a_table_of_a_list_says_its_line():
    _, findings = _read('id = "hay"\nname = "Hay"\n[[doors]]\nwidth_m = 1\n[[doors]]\nwidth_m = 1\ncolur = "red"\n')
    assert [(finding.kind, finding.place.row) for finding in findings] == [("unknown-key", 7)]
    assert findings[0].message.values["advice"].values["suggestion"] == "colour"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('floors = "2"', "wrong-type"),
        ("floors = 2.5", "wrong-type"),
        ("floors = true", "wrong-type"),
        ("heated = 1", "wrong-type"),
        ("limit = true", "wrong-type"),
        ("limit = nan", "wrong-type"),
        ("limit = -1", "out-of-range"),
        ("limit = -inf", "out-of-range"),
        ("built = 2020-01-01T10:00:00", "wrong-type"),
        ("built = 1", "wrong-type"),
        ("tags = 1", "wrong-type"),
        ('tags = { a = "b" }', "wrong-type"),
        ("doors = 1", "wrong-type"),
        ("doors = [1]", "wrong-type"),
        ("doors = [{}]", "missing-key"),
        ("doors = [{ width_m = 9 }]", "out-of-range"),
        ('doors = [{ width_m = 1, colour = "gren" }]', "unknown-value"),
        ("doors = [{ width_m = 1, colour = [] }]", "unknown-value"),
        ("span = [1]", "wrong-length"),
        ("span = [1, 2, 3]", "wrong-length"),
        ("span = [2, 1]", "not-ordered"),
        ('span = ["a", 1]', "wrong-type"),
    ],
)
def test_each_wrong_value_has_its_fault(line, kind):
    text = f'id = "hay"\nname = "Hay"\n{line}\n'
    assert _kinds(text) == [kind]
    assert _read(text)[1][0].place.row == 3


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", ["missing-key", "missing-key"]),
        ('id = "HAY"\nname = "Hay"', ["wrong-form"]),
        ('id = "hay\\n"\nname = "Hay"', ["wrong-form"]),
        ('id = "hay"\nname = 3', ["wrong-type"]),
        ('id = "hay"\nname = {}', ["wrong-type"]),
        ('id = "hay"\nname = { en = 3 }', ["wrong-type"]),
    ],
)
def test_what_is_missing_or_misformed_is_said(text, kinds):
    assert _kinds(text) == kinds


def test_all_faults_are_found_at_once():
    text = 'id = "HAY"\nflors = 1\nfloors = "two"\n[[doors]]\nwidth_m = 99\n[[doors]]\ncolour = "rd"\n'
    assert sorted(_kinds(text)) == sorted(
        ["wrong-form", "unknown-key", "wrong-type", "out-of-range", "unknown-value", "missing-key", "missing-key"]
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"id = \xe8", "not-utf8"),
        (b"id = ", "not-toml"),
        (b"[a]\n[a]\n", "not-toml"),
        (b"a = 1\na = 2\n", "not-toml"),
        (b"\x00", "not-toml"),
        (b"a = " + b"[" * 5000, "not-toml"),
        (b"a = " + b"9" * 5000, "not-toml"),
        (b"a = 9223372036854775808", "not-toml"),
        (b"a = 2020-02-31", "not-toml"),
        (b"#" * (MAX_BYTES + 1), "file-too-large"),
    ],
)
def test_a_file_that_is_no_toml_is_one_input_error(tmp_path, content, kind):
    path = tmp_path / "city.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_document(path, "city.toml")
    assert raised.value.message_id == kind
    assert raised.value.values["file"] == "city.toml"


def test_a_wrong_encoding_names_its_line_and_byte(tmp_path):
    path = tmp_path / "city.toml"
    path.write_bytes(b'id = "a"\nname = "Citt\xe0"\n')
    with pytest.raises(InputError) as raised:
        read_document(path, "city.toml")
    assert (raised.value.values["row"], raised.value.values["byte"]) == (2, "0xE0")


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(tmp_path):
    path = tmp_path / "city.toml"
    path.write_bytes(b'\xef\xbb\xbfid = "a"\n')
    assert read_document(path, "city.toml").data == {"id": "a"}


def test_the_settings_of_both_cities_are_read_without_a_fault():
    for text in (REFERENCE, SETTINGS):
        settings, findings = _read(text, CitySettings)
        assert findings == []
        assert settings is not None


def _either_read_or_refused(text: str, kind) -> None:
    try:
        document = _document(text)
    except InputError:
        return
    findings = []
    value = read_into(kind, document, findings)
    assert value is not None or findings
    for finding in findings:
        assert finding.kind
        assert 0 <= finding.place.row <= text.count("\n") + 1


@given(st.text())
def test_any_text_is_settings_or_a_fault(text):
    _either_read_or_refused(text, Barn)


VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "-1",
            "0.5",
            "nan",
            "-inf",
            "1e400",
            "true",
            '""',
            '"red"',
            "2020-01-01",
            "10:00:00",
            "0x" + "F" * 4000,
            "9" * 400,
            '"EPSG:1"',
            '"IT"',
            "{}",
            "[]",
            '"\\u0000"',
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.tuples(st.sampled_from(["en", "west", "width_m", "detour"]), inner).map(
            lambda item: f"{{ {' = '.join(item)} }}"
        )
    ),
    max_leaves=6,
)
BARN_KEYS = st.sampled_from(["id", "name", "doors", "span", "floors", "heated", "built", "tags", "limit", "lmit"])


@given(st.dictionaries(BARN_KEYS, VALUES))
@example({"floors": "0x" + "F" * 4000})
@example({"limit": "9" * 400})
@example({"doors": f"[{{ width_m = {'9' * 400} }}]"})
def test_any_values_are_settings_or_faults(items):
    _either_read_or_refused("\n".join(f"{key} = {value}" for key, value in items.items()), Barn)


@given(st.data())
def test_a_broken_city_file_is_settings_or_faults(data):
    lines = data.draw(st.sampled_from([SETTINGS, REFERENCE])).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "value", "key", "noise"]))
        key, equals, value = lines[place].partition("=")
        lines[place : place + 1] = {
            "drop": [],
            "double": [lines[place], lines[place]],
            "value": [f"{key}={data.draw(VALUES)}" if equals else lines[place]],
            "key": [f"{key.strip()}x ={value}" if equals else lines[place]],
            "noise": [lines[place] + data.draw(st.text(max_size=5))],
        }[change] or ["#"]
    _either_read_or_refused("\n".join(lines), CitySettings)


@pytest.mark.parametrize("kind", [CitySettings, Brief])
@given(st.dictionaries(st.sampled_from(["id", "name", "musts", "wants", "extent", "travel", "title"]), VALUES))
def test_any_values_are_a_city_or_a_brief_or_faults(kind, items):
    _either_read_or_refused("\n".join(f"{key} = {value}" for key, value in items.items()), kind)
