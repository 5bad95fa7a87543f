"""Clean-up takes what nothing needs, says why the rest stays, and loses nothing to those who publish meanwhile."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases import EVERY, fresh
from tests.lakes import WELLS, WELLS_FILE, put, wells
from tests.shared import ROOT

from portico.database import Database
from portico.errors import ConflictError, NotBuiltError, StateError, UnknownNameError, UsageError
from portico.lake import commands, store
from portico.lake.commands import cite, publish
from portico.lake.engine import Engine
from portico.lake.keeping import cleanup
from portico.lake.keeping.cleanup import apply, collected, plan
from portico.lake.keeping.standing import Rule, Standing, reasons
from portico.lake.keeping.verify import verify
from portico.lake.lake import Lake
from portico.lake.model import Decided, Examination, Hold, Publication, Receipt, Version
from portico.lake.objects import TEMPORARY, Objects
from portico.lake.queries import heads, history, read, version

LATER = "2036-11-23T09:00:00+00:00"
EAGER = Rule(LATER, keep_days=0, keep_last=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(params=EVERY)
def lake(request, tmp_path, engine):
    with fresh(request.param, tmp_path) as database:
        yield Lake(database, Objects(tmp_path / "lake"), engine)


def _files(lake):
    return {
        path.relative_to(lake.objects.folder).as_posix() for path in lake.objects.folder.rglob("*") if path.is_file()
    }


def _why(planned):
    return {kept.version.id: [one.id for one in kept.reasons] for kept in planned.kept}


def _old(path):
    os.utime(path, (time.time() - 7200,) * 2)


def test_old_versions_go_and_the_head_stays(lake):
    first, second, third = (put(lake, wells(depth)).version for depth in (1.0, 2.0, 3.0))
    planned = plan(lake, EAGER)
    assert {one.id for one in planned.going} == {first.id, second.id}
    assert {one.name for one in planned.files} == {first.file, second.file}
    assert planned.size == first.file_bytes + second.file_bytes
    assert _why(planned) == {third.id: ["gc-kept-head"]}
    assert _files(lake) == {first.file, second.file, third.file}, "a plan changes nothing"
    done = apply(lake, planned)
    assert {one.id for one in done.versions} == {first.id, second.id}
    assert (done.files, done.size, done.spared) == (2, planned.size, ())
    assert _files(lake) == {third.file}
    assert read(lake, heads(lake)["wells"]).rows == [("w0", 3.0)]
    assert verify(lake, at=LATER, deep=True).findings == ()
    again = plan(lake, EAGER)
    assert (again.going, again.files, again.orphans) == ((), (), ())


def test_the_log_remembers_what_was_collected(lake):
    first, second = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    apply(lake, plan(lake, EAGER))
    assert [one.version for one in history(lake, "wells")] == [first.id, second.id]
    assert collected(lake, "wells") == {first.id}
    assert version(lake, "wells@2") == second
    for name in ("wells@1", f"wells@{first.short}"):
        with pytest.raises(UnknownNameError) as raised:
            version(lake, name)
        assert raised.value.message_id == "version-collected"


def test_who_publishes_what_was_just_collected_is_told_to_do_it_again(lake, monkeypatch):
    put(lake, wells(1.0))
    put(lake, wells(2.0))
    real = commands.written

    def overtaken(*arguments):
        written = real(*arguments)
        apply(lake, plan(lake, EAGER))
        return written

    monkeypatch.setattr(commands, "written", overtaken)
    with pytest.raises(ConflictError) as raised:
        put(lake, wells(1.0))
    assert raised.value.message_id == "file-collected"
    monkeypatch.undo()
    assert put(lake, wells(1.0)).publication.number == 3
    assert verify(lake, at=LATER, deep=True).findings == ()


def test_collected_content_that_comes_again_is_published_again(lake):
    first, _ = put(lake, wells(1.0)).version, put(lake, wells(2.0))
    apply(lake, plan(lake, EAGER))
    again = put(lake, wells(1.0))
    assert (again.version.id, again.publication.number) == (first.id, 3)
    assert collected(lake, "wells") == frozenset()
    assert read(lake, again.version).rows == [("w0", 1.0)]


def test_what_is_cited_recent_or_among_the_last_stays_and_says_so(lake):
    at = ["2020-01-01T00:00:00Z", "2021-01-01T00:00:00+00:00", "2024-01-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00"]
    made = [put(lake, wells(float(number)), at=when).version for number, when in enumerate([*at, at[3]])]
    cite(lake, [("wells", made[0].id)], "dossier of the mill")
    planned = plan(lake, Rule("2026-11-23T00:00:00+00:00", keep_days=30, keep_last=2))
    assert _why(planned) == {
        made[0].id: ["gc-kept-cited"],
        made[3].id: ["gc-kept-last", "gc-kept-recent"],
        made[4].id: ["gc-kept-head", "gc-kept-recent"],
    }
    assert {one.id for one in planned.going} == {made[1].id, made[2].id}


def test_there_and_back_the_version_of_the_head_stays(lake):
    first, second, _ = (put(lake, wells(depth)).version for depth in (1.0, 2.0, 1.0))
    apply(lake, plan(lake, EAGER))
    assert heads(lake)["wells"].id == first.id
    assert collected(lake, "wells") == {second.id}


def test_a_file_that_two_datasets_share_stays_while_one_needs_it(lake):
    springs = dataclasses.replace(WELLS, id="springs")
    file = dataclasses.replace(WELLS_FILE, id="springs.csv", dataset="springs")
    shared = put(lake, wells(1.0)).version
    put(lake, wells(2.0))
    publish(lake, wells(1.0), springs, file, at="2026-11-23T09:00:00+00:00")
    done = apply(lake, plan(lake, EAGER))
    assert [one.dataset for one in done.versions] == ["wells"]
    assert done.files == 0
    assert read(lake, heads(lake)["springs"]).rows == [("w0", 1.0)]
    assert shared.file in _files(lake)


def test_what_became_head_or_was_cited_after_the_plan_is_spared(lake):
    first, second, third, _ = (put(lake, wells(depth)).version for depth in (1.0, 2.0, 3.0, 4.0))
    planned = plan(lake, EAGER)
    assert len(planned.going) == 3
    cite(lake, [("wells", first.id)], "report")
    put(lake, wells(2.0))
    done = apply(lake, planned)
    assert {one.id for one in done.spared} == {first.id, second.id}
    assert {one.id for one in done.versions} == {third.id}
    assert heads(lake)["wells"].id == second.id
    assert verify(lake, at=LATER, deep=True).errors == ()


def test_orphans_older_than_an_hour_go_younger_ones_stay(lake):
    kept = put(lake, wells(1.0)).version
    folder = lake.objects.folder
    orphan, young = f"ab/{'ab' * 32}.parquet", f"cd/{'cd' * 32}.parquet"
    left, foreign, original = f"{TEMPORARY}/1-ff.parquet", "readme.txt", f"originals/ef/{'ef' * 32}"
    for name in (orphan, young, left, foreign, original):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"12345")
    for name in (orphan, left, foreign, original):
        _old(folder / name)
    now = datetime.now(UTC).isoformat()
    planned = plan(lake, Rule(now))
    assert {one.name for one in planned.orphans} == {orphan, left, original}
    assert (planned.files, planned.young) == ((), 1)
    done = apply(lake, planned)
    assert (done.versions, done.files, done.size) == ((), 3, 15)
    assert _files(lake) == {kept.file, young, foreign}


def test_a_link_is_never_followed_or_removed(lake, tmp_path):
    put(lake, wells(1.0))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{'ab' * 32}.parquet").write_bytes(b"mine")
    (lake.objects.folder / "ab").mkdir(exist_ok=True)
    (lake.objects.folder / "ab" / f"{'ab' * 32}.parquet").symlink_to(outside / f"{'ab' * 32}.parquet")
    (lake.objects.folder / "originals").symlink_to(outside)
    apply(lake, plan(lake, EAGER))
    assert (outside / f"{'ab' * 32}.parquet").read_bytes() == b"mine"
    assert (lake.objects.folder / "originals").is_symlink()


def test_a_file_written_again_after_the_plan_stays(lake):
    first, _ = put(lake, wells(1.0)).version, put(lake, wells(2.0))
    planned = plan(lake, Rule(datetime.now(UTC).isoformat(), keep_days=0, keep_last=1))
    assert planned.young == 1
    done = apply(lake, planned)
    assert (len(done.versions), done.files) == (1, 0)
    assert first.file in _files(lake)
    assert plan(lake, EAGER).orphans[0].name == first.file


def test_a_clean_up_that_was_killed_between_rows_and_files_is_finished_by_the_next(lake, monkeypatch):
    first, second = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    monkeypatch.setattr(cleanup, "_remove", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        apply(lake, plan(lake, EAGER))
    monkeypatch.undo()
    assert _files(lake) == {first.file, second.file}
    assert verify(lake, at=LATER).errors == ()
    planned = plan(lake, EAGER)
    assert [one.name for one in planned.orphans] == [first.file]
    assert apply(lake, planned).files == 1
    assert _files(lake) == {second.file}


def _examined(lake, made, original, rejects, at="2026-11-23T09:00:00+00:00"):
    """Note that a version came from an original, with rejects beside it, as ingest does."""
    for name in (original, rejects):
        lake.objects.path(name).parent.mkdir(parents=True, exist_ok=True)
        lake.objects.path(name).write_bytes(name.encode())
    sha256 = original.rpartition("/")[2]
    with lake.database.write() as connection:
        store.put_receipt(connection, Receipt("wells", sha256, at, "wells.csv", "here", {}, 5, original))
        store.put_examination(connection, Examination("wells", made.id, sha256, {}, rejects, 1, at))


def _beside(letter):
    return f"originals/{letter * 2}/{letter * 64}", f"rejects/{letter * 2}/{letter * 64}.parquet"


def test_originals_and_rejects_go_and_stay_with_their_versions(lake):
    first, second = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    _examined(lake, first, *_beside("a"))
    _examined(lake, second, *_beside("b"))
    planned = plan(lake, EAGER)
    assert {one.name for one in planned.files} == {first.file, *_beside("a")}
    assert planned.orphans == ()
    apply(lake, planned)
    assert _files(lake) == {second.file, *_beside("b")}


def test_an_original_of_two_versions_stays_while_one_of_them_does(lake):
    first, second = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    original = _beside("a")[0]
    _examined(lake, first, original, _beside("b")[1])
    _examined(lake, second, original, _beside("c")[1])
    apply(lake, plan(lake, EAGER))
    assert _files(lake) == {second.file, original, _beside("c")[1]}


def test_an_original_that_led_to_no_version_or_came_lately_stays(lake):
    put(lake, wells(1.0))
    original = _beside("a")[0]
    lake.objects.path(original).parent.mkdir(parents=True)
    lake.objects.path(original).write_bytes(b"x")
    with lake.database.write() as connection:
        row = Receipt("wells", "a" * 64, "2026-11-23T09:00:00+00:00", "wells.csv", "here", {}, 1, original)
        store.put_receipt(connection, row)
    apply(lake, plan(lake, EAGER))
    assert original in _files(lake)


def test_who_keeps_other_files_beside_versions_names_them(lake):
    put(lake, wells(1.0))
    name = f"notes/ab/{'ab' * 32}"
    lake.objects.path(name).parent.mkdir(parents=True)
    lake.objects.path(name).write_bytes(b"x")
    assert [one.name for one in plan(lake, EAGER).orphans] == [name]
    assert plan(lake, EAGER, beside=lambda *_: {name: ("wells", "")}).orphans == ()


@pytest.mark.parametrize(
    ("decision", "stays"), [(Decided.OPEN, True), (Decided.REFUSED, False), (Decided.MASKED, False)]
)
def test_a_held_version_stays_until_somebody_decided(lake, decision, stays):
    made = put(lake, wells(1.0)).version
    held = dataclasses.replace(made, id="e" * 64, file=f"ee/{'e' * 64}.parquet")
    lake.objects.path(held.file).parent.mkdir(exist_ok=True)
    lake.objects.path(held.file).write_bytes(b"x")
    at = "2026-11-23T09:00:00+00:00"
    with lake.database.write() as connection:
        store.put_version(connection, held)
        store.put_hold(connection, Hold("wells", held.id, (), at, decision, "A", at if decision else ""))
    planned = plan(lake, EAGER)
    assert (held.id in _why(planned)) is stays
    recent = plan(lake, Rule("2026-11-24T00:00:00+00:00", keep_days=30, keep_last=1))
    assert held.id in _why(recent)
    apply(lake, planned)
    assert (held.file in _files(lake)) is stays
    with lake.database.read() as connection:
        assert store.hold_of(connection, "wells", held.id).decision is decision, "the decision is remembered"


def test_a_version_that_nobody_published_or_held_stays(lake):
    made = put(lake, wells(1.0)).version
    with lake.database.write() as connection:
        store.put_version(connection, dataclasses.replace(made, id="e" * 64))
    assert _why(plan(lake, EAGER))["e" * 64] == ["gc-kept-unpublished"]


def test_a_city_never_built_has_nothing_to_clean(tmp_path, engine):
    lake = Lake(Database(tmp_path / "portico.sqlite"), Objects(tmp_path / "lake"), engine)
    with pytest.raises(NotBuiltError):
        plan(lake, EAGER)


@pytest.mark.parametrize(("days", "last"), [(-1, 1), (0, 0), (5, -3)])
def test_limits_that_mean_nothing_are_refused(days, last):
    with pytest.raises(UsageError):
        Rule(LATER, days, last)


def test_any_number_of_days_is_understood():
    assert Rule(LATER, keep_days=10**9).since.year == 1


def test_a_folder_that_may_not_be_written_is_left_alone(tmp_path, engine, monkeypatch):
    lake = Lake(Database(tmp_path / "portico.sqlite"), Objects(tmp_path / "lake"), engine)
    put(lake, wells(1.0))
    put(lake, wells(2.0))
    planned = plan(lake, EAGER)
    monkeypatch.setattr(Database, "is_writable", property(lambda _: False))
    with pytest.raises(StateError):
        apply(lake, planned)
    assert len(_files(lake)) == 2


IDS = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def standings(draw):
    """A log of one dataset with citations and holds, as the tables may hold it."""
    log = draw(st.lists(st.tuples(IDS, st.integers(0, 100)), min_size=1, max_size=8))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    entries = tuple(
        Publication("wells", number, name, (start + DAY * day).isoformat(), "portico")
        for number, (name, day) in enumerate(log, start=1)
    )
    versions = tuple(Version(one, "wells", "d", (), 0, one, "", 0) for one in sorted({name for name, _ in log}))
    citations = {("wells", one): ("somebody",) for one in draw(st.sets(IDS))}
    return Standing(versions, entries, {"wells": len(log)}, citations, ())


@settings(max_examples=200)
@given(standings(), st.integers(0, 120), st.integers(0, 120), st.integers(1, 9))
def test_what_goes_is_exactly_what_no_rule_keeps(standing, today, days, last):
    at = datetime(2026, 1, 1, tzinfo=UTC) + DAY * today
    found = reasons(standing, Rule(at.isoformat(), days, last))
    for one in standing.versions:
        numbers = [entry.number for entry in standing.publications if entry.version == one.id]
        dates = [
            datetime.fromisoformat(entry.published_at) for entry in standing.publications if entry.version == one.id
        ]
        must_stay = (
            len(standing.publications) in numbers
            or any(number > len(standing.publications) - last for number in numbers)
            or ("wells", one.id) in standing.citations
            or any(at - when < DAY * days for when in dates)
        )
        assert bool(found["wells", one.id]) is must_stay


def test_publishing_and_cleaning_at_once_lose_nothing(tmp_path, engine):
    """Whoever publishes while others clean finds a head that is whole."""
    database = Database(tmp_path / "portico.sqlite")
    lake = Lake(database, Objects(tmp_path / "lake"), engine)
    put(lake, wells(0.0))
    stop, broken = threading.Event(), []

    def clean():
        while not stop.is_set():
            at = datetime.now(UTC).isoformat()
            try:
                apply(lake, plan(lake, Rule(at, keep_days=0, keep_last=1)))
            except StateError as error:
                broken.append(error)

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        for turn in range(20):
            put(lake, wells(float(turn % 3)), at="2020-01-01T00:00:00+00:00")
            if verify(lake, at=LATER).errors:
                broken.append(turn)
    finally:
        stop.set()
        cleaner.join()
    database.close()
    assert broken == []
    assert len(history(lake, "wells")) == 20


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from portico.database import Database
    from portico.lake.keeping import cleanup
    from portico.lake.keeping.standing import Rule
    from portico.lake.lake import open_lake
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    real = Path.unlink
    def unlink(path, missing_ok=False):
        global count
        if path.suffix == ".parquet":
            if not count:
                os.kill(os.getpid(), signal.SIGKILL)
            count -= 1
        real(path, missing_ok=missing_ok)
    Path.unlink = unlink
    lake = open_lake(Database(folder / "portico.sqlite"), folder / "lake")
    cleanup.apply(lake, cleanup.plan(lake, Rule("2036-11-23T09:00:00+00:00", 0, 1)))
"""


@pytest.mark.parametrize("after", [0, 2])
def test_a_clean_up_that_is_killed_leaves_only_orphans(tmp_path, engine, after):
    lake = Lake(Database(tmp_path / "portico.sqlite"), Objects(tmp_path / "lake"), engine)
    for depth in range(5):
        put(lake, wells(float(depth)))
    lake.database.close()
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), str(after)]
    ran = subprocess.run(command, env=environment, check=False, capture_output=True)
    assert ran.returncode < 0, ran.stderr
    found = verify(lake, at=LATER, deep=True)
    assert found.errors == ()
    assert {one.kind for one in found.findings} == {"verify-orphan"}
    assert len(found.findings) == 4 - after
    assert apply(lake, plan(lake, EAGER)).files == 4 - after
    assert verify(lake, at=LATER, deep=True).findings == ()
    lake.database.close()
