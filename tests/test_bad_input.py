"""What goes wrong in a city folder gets one clear sentence, and nothing is lost."""

import json
import os
import socket
from contextlib import contextmanager

import pytest
from tests.cities import AS_OF, AT
from tests.commands import portico

from portico import city as cities
from portico.build import build, lake_of
from portico.cli import main
from portico.errors import StateError
from portico.lake.queries import heads
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.territory.layers import territory


def findings(capsys, folder):
    code = main(["check", "--city", str(folder), "--json", "--as-of", AS_OF.isoformat()])
    return code, json.loads(capsys.readouterr().out)["findings"]


def edited(path, change):
    path.write_bytes(change(path.read_bytes()))


def without_source(raw: bytes) -> bytes:
    lines = raw.decode().splitlines()
    header = lines[0].split(",")
    cells = dict.fromkeys(header, "") | {
        "id": "x", "line": "M1", "period": "peak", "minutes": "2", "checked": "2026-11-22", "confidence": "verified",
        "precision": "exact",
    }  # fmt: skip
    return "\n".join([lines[0], ",".join(cells[name] for name in header), *lines[1:]]).encode()


def swap(old, new):
    """Return a change that replaces ``old``; a change that changes nothing would test nothing."""

    def change(raw):
        assert old in raw
        return raw.replace(old, new)

    return change


POSITION = b"7.63256,45.09380"
SITES = "facts/sites.csv"
LINES = "facts/lines.csv"
CASES = {
    "unknown key": ("city.toml", lambda raw: b"langauges = []\n" + raw, "unknown-key", 1),
    "broken row": (SITES, lambda raw: raw + b"one,two\n", "ragged-row", None),
    "open quote": (SITES, lambda raw: raw + b'"never closed,\n', "broken-csv", None),
    "wrong encoding": (SITES, swap("à".encode(), b"\xe0"), "not-utf8", None),
    "swapped": (SITES, swap(POSITION, b"45.09380,7.63256"), "position-swapped", None),
    "outside": (SITES, swap(POSITION, b"2.35000,48.85000"), "position-outside", None),
    "duplicate": (SITES, lambda raw: raw + b"\n" + raw.splitlines()[1] + b"\n", "duplicate-id", None),
    "empty source": ("facts/headways.csv", without_source, "empty-cell", 2),
    "semicolons": (LINES, swap(b",", b";"), "unknown-column", 1),
    "zeros": (LINES, lambda raw: raw + b"\x00", "nul-byte", None),
    "empty file": (LINES, lambda _: b"", "empty-table", None),
    "steering": (SITES, swap(b"Ex Alcan,", b"\x1b[31mEx Alcan,"), "control-character", None),
    "lost site": ("facts/site_attributes.csv", swap(b"status,thyssen,", b"status,thysen,"), "lost-reference", None),
    "brief": ("briefs/food-production.toml", swap(b'"floor-area"', b'"flor-area"'), "criterion-unknown", None),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_fault_is_named_with_its_file_and_the_last_good_versions_stay(capsys, torino_folder, case):
    file, change, kind, row = CASES[case]
    city = cities.open(torino_folder)
    build(city, as_of=AS_OF, at=AT)
    before = {name: version.id for name, version in heads(lake_of(city)).items()}
    city.database.close()
    edited(torino_folder / file, change)

    code = main(["check", "--city", str(torino_folder), "--json", "--as-of", AS_OF.isoformat()])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert code == 1
    matching = [one for one in found if one["kind"] == kind]
    assert matching, found
    assert matching[0]["file"] == file
    assert matching[0]["message"].strip()
    assert "\n" not in matching[0]["message"]
    if row is not None:
        assert matching[0]["row"] == row

    if not file.startswith("briefs"):
        assert main(["build", "--city", str(torino_folder), "--as-of", AS_OF.isoformat()]) == 1
    if file != "city.toml":
        again = cities.open(torino_folder)
        assert {name: version.id for name, version in heads(lake_of(again)).items()} == before
        again.database.close()


def test_all_faults_are_said_at_once(capsys, torino_folder):
    for case in ("broken row", "empty source", "lost site", "brief"):
        file, change, _, _ = CASES[case]
        edited(torino_folder / file, change)
    code, found = findings(capsys, torino_folder)
    assert code == 1
    assert {"ragged-row", "empty-cell", "lost-reference", "criterion-unknown"} <= {one["kind"] for one in found}


def test_a_brief_that_excludes_every_site_says_what_to_relax_and_how_many_that_frees(
    torino, torino_territory, tmp_path
):
    path = tmp_path / "too-much.toml"
    path.write_text(
        'title = { en = "Too much" }\nactivity = "plant"\nsector = "automotive"\n'
        '[[musts]]\ncriterion = "area"\nbasis = "whole-holding"\nat_least = 1000\nunit = "ha"\n'
        '[[musts]]\ncriterion = "ownership"\nany_of = ["mixed"]\n',
        encoding="utf-8",
    )
    read = briefs.read(torino, str(path))
    answer = shortlist(read, torino_territory, AS_OF)
    assert not answer.qualified
    assert answer.relaxations
    for relaxation in answer.relaxations:
        assert relaxation.frees


def test_a_port_in_use_is_refused_with_a_free_one_named(torino):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = portico("serve", "--city", str(torino.folder), "--port", str(port), cwd=torino.folder)
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def read_only(folder):
    """Take the right to write from ``folder``; as the all-mighty user, give up that might meanwhile."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    might = os.geteuid() == 0
    opened = [parent for parent in folder.parents if might and not parent.stat().st_mode & 0o001]
    for parent in opened:
        parent.chmod(parent.stat().st_mode | 0o055)
    for path in reversed(paths):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if might:
        os.seteuid(65534)
    try:
        yield
    finally:
        if might:
            os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_read_only_folder_answers_but_is_not_written(torino_folder):
    city = cities.open(torino_folder)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    files = {path: path.read_bytes() for path in torino_folder.rglob("*") if path.is_file()}
    city = cities.open(torino_folder)
    lake = lake_of(city)
    lake.engine.cursor(spatial=True).close()
    with read_only(torino_folder):
        answer = shortlist(briefs.read(city, "food-production"), territory(city, lake), AS_OF)
        with pytest.raises(StateError) as refused:
            build(city, as_of=AS_OF, at=AT)
    city.database.close()
    assert answer.qualified
    assert refused.value.message_id == "state-read-only"
    assert {path: path.read_bytes() for path in torino_folder.rglob("*") if path.is_file()} == files


def test_half_written_state_is_finished_by_the_next_build(torino_folder):
    city = cities.open(torino_folder)
    build(city, as_of=AS_OF, at=AT)
    whole = {name: version.id for name, version in heads(lake_of(city)).items()}
    city.database.close()
    lake = torino_folder / ".portico" / "lake"
    (lake / ".writing").mkdir(exist_ok=True)
    (lake / ".writing" / "1-abc.parquet").write_bytes(b"half")
    (torino_folder / ".portico" / "portico.sqlite").unlink()
    again = cities.open(torino_folder)
    build(again, as_of=AS_OF, at=AT)
    assert {name: version.id for name, version in heads(lake_of(again)).items()} == whole
    again.database.close()
