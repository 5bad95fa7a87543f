"""What a fetch had got when it was given up, interrupted or killed is gone on with by the next; never anything else."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import environment
from tests.servers import BODY, MODIFIED, broken, listening, ranged, reply

from portico.errors import InputError, PorticoError, StateError
from portico.fetch import Arrival, Fetcher, FetchLimits, Known
from portico.fetch.kept import KeptPart

AT = "2026-11-24T08:00:00Z"
SHA256 = hashlib.sha256(BODY).hexdigest()
LONG = random.Random(7).randbytes(9_000_000)
LIMITS = FetchLimits(allow_private=("127.0.0.1",), retries=0)


@pytest.fixture
def server():
    with listening() as known:
        yield known


@pytest.fixture
def to(tmp_path):
    return tmp_path / "in" / "file"


def fetch(url, to, *, limits=LIMITS, **more):
    return Fetcher(limits, sleep=lambda _: None).fetch(url, to, at=AT, keep_part=True, **more)


def given_up(url, to, **more):
    with pytest.raises(PorticoError) as caught:
        fetch(url, to, **more)
    return caught.value.message_id


def left_beside(to):
    return sorted(path.name for path in to.parent.glob("*") if path != to)


def wished(server):
    return [asked.headers.get("range", "") for asked in server.asked]


def test_a_fetch_that_was_given_up_is_gone_on_with_by_the_next(server, to):
    url = server.page("/", broken(), ranged)
    assert given_up(url, to) == "fetch-interrupted"
    assert left_beside(to) == [".file.part", ".file.part.json"]
    assert not to.exists()
    heard = []
    found = fetch(url, to, progress=lambda done, of: heard.append((done, of)))
    assert (found.status, found.sha256, found.bytes, to.read_bytes()) == (Arrival.NEW, SHA256, len(BODY), BODY)
    assert wished(server) == ["", "bytes=100000-"]
    assert server.asked[1].headers["if-range"] == '"one"'
    assert heard[0][0] > 100_000
    assert heard[-1] == (len(BODY), len(BODY))
    assert left_beside(to) == []


def test_who_interrupts_finds_what_had_come(server, to):
    def enough(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server.page("/", ranged), to, progress=enough)
    fetch(server.url("/"), to)
    assert wished(server)[1].startswith("bytes=")
    assert to.read_bytes() == BODY


def test_a_settled_date_proves_the_same_bytes_too(server, to):
    dated = {"ETag": "", "Last_Modified": MODIFIED, "Date": "Tue, 24 Nov 2026 08:00:00 GMT"}
    url = server.page("/", broken(**dated), ranged)
    given_up(url, to)
    fetch(url, to)
    assert server.asked[1].headers["if-range"] == MODIFIED
    assert to.read_bytes() == BODY


def test_what_cannot_be_proven_the_same_is_not_left(server, to):
    for headers in ({"ETag": 'W/"one"'}, {"ETag": ""}, {"Accept_Ranges": "none"}):
        url = server.page("/", broken(**headers), ranged)
        given_up(url, to)
        assert left_beside(to) == []
        fetch(url, to)
        assert wished(server)[-1] == ""


def test_a_file_that_changed_meanwhile_begins_again(server, to):
    other = BODY[::-1]
    url = server.page("/", broken(), lambda asked: ranged(asked, etag='"two"', body=other))
    given_up(url, to)
    fetch(url, to)
    assert to.read_bytes() == other
    assert left_beside(to) == []


def test_the_part_of_another_address_is_not_gone_on_with(server, to):
    given_up(server.page("/a?key=one", broken()), to)
    server.page("/a", broken(), ranged)
    given_up(server.url("/a?key=one"), to)
    fetch(server.url("/a?key=two"), to)
    assert wished(server)[-1] == ""
    assert to.read_bytes() == BODY


def test_an_address_is_not_written_down(server, to):
    server.page("/a", broken())
    given_up(server.url("/a?key=secret"), to)
    assert b"secret" not in (to.parent / ".file.part.json").read_bytes()


def test_an_answer_that_will_never_do_leaves_nothing(server, to):
    url = server.page("/", broken(), reply(b"", "404 Not Found"))
    given_up(url, to)
    assert given_up(url, to) == "fetch-status"
    assert left_beside(to) == []
    with pytest.raises(InputError):
        fetch(server.page("/", reply(BODY)), to, limits=FetchLimits(allow_private=("127.0.0.1",), max_bytes=1_000))
    assert left_beside(to) == []


def test_a_part_larger_than_is_allowed_now_begins_again_and_is_refused(server, to):
    url = server.page("/", broken(), ranged)
    given_up(url, to)
    assert given_up(url, to, limits=FetchLimits(allow_private=("127.0.0.1",), max_bytes=50_000)) == "fetch-too-large"
    assert wished(server)[-1] == ""


def test_the_same_bytes_as_before_are_unchanged_however_they_came(server, to):
    url = server.page("/", broken(), ranged)
    given_up(url, to)
    found = fetch(url, to, known=Known("", "", SHA256, len(BODY)))
    assert (found.status, found.path) == (Arrival.UNCHANGED, None)
    assert left_beside(to) == []
    assert not to.exists()


def _truncated(path):
    path.write_bytes(path.read_bytes()[:-1])


def _changed(path):
    path.write_bytes(b"\x00" * 5 + path.read_bytes()[5:])


@pytest.mark.parametrize("harm", [_truncated, _changed, lambda path: path.write_bytes(b""), Path.unlink])
def test_a_part_that_is_not_what_was_noted_begins_again(server, to, harm):
    url = server.page("/", broken(), ranged)
    given_up(url, to)
    harm(to.parent / ".file.part")
    fetch(url, to)
    assert wished(server)[-1] == ""
    assert to.read_bytes() == BODY


def test_bytes_beyond_the_note_are_not_believed(server, to):
    url = server.page("/", broken(), ranged)
    given_up(url, to)
    with (to.parent / ".file.part").open("ab") as part:
        part.write(b"\x00" * 4_096)
    fetch(url, to)
    assert wished(server)[-1] == "bytes=100000-"
    assert to.read_bytes() == BODY


@pytest.mark.parametrize(
    "note",
    ["", "{", "[]", "null", '{"size": 5}', {"size": "5"}, {"size": -1}, {"size": 0}, {"size": 10**12}, {"total": "x"},
     {"validator": ""}, {"validator": '"a"\r\nX-More: 1'}, {"validator": "à"}, {"sha256": "0" * 64}, {"of": "0" * 64}],
)  # fmt: skip
def test_a_note_that_is_not_whole_is_no_note(server, to, note):
    url = server.page("/", broken(), ranged)
    given_up(url, to)
    place = to.parent / ".file.part.json"
    text = note if isinstance(note, str) else json.dumps(json.loads(place.read_text("utf-8")) | note)
    place.write_text(text, "utf-8")
    fetch(url, to)
    assert wished(server)[-1] == ""
    assert to.read_bytes() == BODY
    assert left_beside(to) == []


def test_two_at_once_do_not_write_into_one_part(server, to):
    server.page("/", ranged)
    to.parent.mkdir()
    with KeptPart(to, 10, "http://127.0.0.1/") as first:
        with pytest.raises(StateError) as caught:
            fetch(server.url("/"), to)
        assert (caught.value.message_id, caught.value.values) == ("fetch-in-progress", {"file": "file"})
        assert first.size == 0
    fetch(server.url("/"), to)
    assert to.read_bytes() == BODY


def test_a_full_disk_keeps_what_was_noted_before(server, to, monkeypatch):
    url = server.page("/", broken(), ranged)
    given_up(url, to)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("portico.fetch.part.os.fsync", full)
        assert given_up(url, to) == "state-failed"
    assert left_beside(to) == [".file.part", ".file.part.json"]
    fetch(url, to)
    assert to.read_bytes() == BODY


_FETCH = """
import sys
from pathlib import Path
from portico.fetch import Fetcher, FetchLimits
limits = FetchLimits(allow_private=("127.0.0.1",))
Fetcher(limits).fetch(sys.argv[1], Path(sys.argv[2]), at="", keep_part=True)
"""


def test_a_killed_fetch_is_gone_on_with_from_what_was_surely_on_the_disk(server, to):
    def slow(asked):
        whole = ranged(asked, body=LONG)
        return [whole[0], whole[1][:6_000_000], lambda: server.leaving.wait(30)]

    url = server.page("/", slow, lambda asked: ranged(asked, body=LONG))
    with subprocess.Popen([sys.executable, "-c", _FETCH, url, str(to)], env=environment()) as running:
        until = time.monotonic() + 30
        note = to.parent / ".file.part.json"
        while time.monotonic() < until and not (note.exists() and json.loads(note.read_text())["size"] >= 4_000_000):
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    fetch(url, to)
    start = int(wished(server)[-1].removeprefix("bytes=").removesuffix("-"))
    assert 4_000_000 <= start < len(LONG)
    assert to.read_bytes() == LONG
    assert left_beside(to) == []


@given(st.lists(st.integers(0, 40_000), max_size=4), st.booleans())
def test_however_often_a_process_ends_the_bytes_are_the_same(cuts, has_etag):
    """The same part of the code without the network: each cut is the end of a process."""
    body = BODY[:40_000]
    with TemporaryDirectory() as folder:
        to = Path(folder) / "file"
        for cut in cuts:
            with suppress(KeyboardInterrupt), KeptPart(to, 50_000, "url") as part:
                _go_on(part, body, cut, has_etag=has_etag)
                raise KeyboardInterrupt
        with KeptPart(to, 50_000, "url") as part:
            _go_on(part, body, len(body), has_etag=has_etag)
            assert part.finish("host") == hashlib.sha256(body).hexdigest()
            part.keep()
        assert to.read_bytes() == body
        assert left_beside(to) == []


def _go_on(part, body, cut, *, has_etag):
    start = part.size if part.wish and part.size < len(body) else 0
    if start:
        assert part.continues({"content-range": f"bytes {start}-{len(body) - 1}/{len(body)}", "etag": '"e"'})
    else:
        part.begin({"content-length": str(len(body))} | ({"etag": '"e"'} if has_etag else {}), "host")
    if start < cut:
        part.add(body[start:cut], "host")
