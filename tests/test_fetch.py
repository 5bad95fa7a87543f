"""The one way out: a real server on this machine plays every part, good and bad. Nothing else is ever connected to."""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import os
import random
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers import BODY, MODIFIED, broken, chunked, leading, listening, ranged, reply

from portico import __version__
from portico.errors import InputError, PorticoError, StateError
from portico.fetch import Arrival, Fetcher, FetchLimits, Known
from portico.fetch.addresses import Standing, read, shown, standing
from portico.fetch.connection import system_resolve, trusted
from portico.fetch.names import file_name
from portico.fetch.part import Part

AT = "2026-11-24T08:00:00Z"
SHA256 = hashlib.sha256(BODY).hexdigest()
HERE = ("127.0.0.1", "::1")
DATE = "Tue, 24 Nov 2026 08:00:00 GMT"


# --- the server ---


@pytest.fixture
def server():
    with listening() as known:
        yield known


@pytest.fixture(autouse=True)
def connected(monkeypatch):
    """Every address that a socket was opened to. One beyond this machine fails the test before anything is sent."""
    opened = []
    connect = httpcore.SyncBackend.connect_tcp

    def watched(self, host, port, *rest, **named):
        opened.append(host)
        assert host in HERE, f"a connection to {host}"
        return connect(self, host, port, *rest, **named)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", watched)
    return opened


@pytest.fixture
def naps():
    return []


@pytest.fixture
def fetcher(naps):
    def made(resolve=system_resolve, tls=None, clock=time.monotonic, **limits):
        usual = {"allow_private": HERE, "connect_s": 5.0, "read_s": 5.0, "total_s": 60.0}
        return Fetcher(
            FetchLimits(**(usual | limits)),
            resolve=resolve,
            tls=tls,
            clock=clock,
            sleep=naps.append,
            chance=lambda: 0.5,
        )

    return made


@pytest.fixture
def to(tmp_path):
    return tmp_path / "in" / "file"


def refused(fetcher, url, to, **more):
    """Fetch what must not succeed; see that nothing is left; return the error."""
    before = to.read_bytes() if to.is_file() else None
    with pytest.raises(PorticoError) as caught:
        fetcher.fetch(url, to, at=AT, **more)
    assert (to.read_bytes() if to.is_file() else None) == before
    assert left_beside(to) == []
    return caught.value


def left_beside(to):
    return [path.name for path in to.parent.glob("*") if path != to] if to.parent.is_dir() else []


# --- what comes ---


def test_a_file_comes_whole_with_what_the_sender_said(server, fetcher, to):
    url = server.page(
        "/elenco%20scuole.csv",
        reply(BODY, ETag='"one"', Last_Modified=MODIFIED, Content_Type="text/csv; charset=cp1252"),
    )
    found = fetcher().fetch(f"{url}?key=secret#part", to, at=AT)
    assert to.read_bytes() == BODY
    assert left_beside(to) == []
    assert (found.status, found.path, found.bytes, found.sha256) == (Arrival.NEW, to, len(BODY), SHA256)
    assert (found.etag, found.last_modified, found.content_type) == ('"one"', MODIFIED, "text/csv; charset=cp1252")
    assert (found.file_name, found.final_url, found.redirects, found.at) == (
        "elenco scuole.csv", f"{url}?key=secret", (), AT,
    )  # fmt: skip
    (asked,) = server.asked
    assert asked.target == "/elenco%20scuole.csv?key=secret"
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert asked.headers["user-agent"] == f"portico/{__version__}"
    assert asked.headers["accept-encoding"] == "identity"
    assert {"cookie", "authorization", "referer", "range", "if-none-match"} & set(asked.headers) == set()


def test_an_empty_file_is_a_file(server, fetcher, to):
    found = fetcher().fetch(server.page("/", reply(b"")), to, at=AT)
    assert (found.bytes, to.read_bytes(), found.file_name) == (0, b"", "127.0.0.1")


def test_a_chunked_answer_and_one_that_ends_with_the_connection_come_whole(server, fetcher, to):
    fetcher().fetch(server.page("/a", chunked([BODY[:7], BODY[7:]])), to, at=AT)
    assert to.read_bytes() == BODY
    fetcher().fetch(server.page("/b", [b"HTTP/1.0 200 OK\r\n\r\n", BODY]), to, at=AT)
    assert to.read_bytes() == BODY


def test_what_lay_there_before_is_replaced_at_once_or_not_at_all(server, fetcher, to):
    to.parent.mkdir()
    to.write_bytes(b"before")
    refused(fetcher(), server.url("/nowhere"), to)
    assert to.read_bytes() == b"before"
    fetcher().fetch(server.page("/", reply(b"after")), to, at=AT)
    assert to.read_bytes() == b"after"


def test_progress_hears_how_much_of_how_much(server, fetcher, to):
    heard = []
    fetcher().fetch(server.page("/", reply(BODY)), to, at=AT, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (len(BODY), len(BODY))
    assert heard == sorted(heard)
    heard.clear()
    fetcher().fetch(server.page("/", chunked([b"abc"])), to, at=AT, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(3, None)]


def test_who_interrupts_leaves_nothing_behind(server, fetcher, to):
    def enough(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetcher().fetch(server.page("/", reply(BODY)), to, at=AT, progress=enough)
    assert left_beside(to) == []
    assert not to.exists()


def test_cookies_and_proxies_of_the_surroundings_are_nothing_to_us(server, fetcher, to, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.page("/a", reply(b"", "302 Found", Location="/b", Set_Cookie="me=1; Path=/"))
    server.page("/b", reply(b"x", Set_Cookie="me=2"))
    fetcher().fetch(server.url("/a"), to, at=AT)
    fetcher().fetch(server.url("/b"), to, at=AT)
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_a_full_disk_is_said_and_what_was_there_stays(server, fetcher, to, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portico.fetch.part.os.fsync", full)
    error = refused(fetcher(), server.page("/", reply(BODY)), to)
    assert (error.message_id, error.values["detail"]) == ("state-failed", "No space left on device")
    assert len(server.asked) == 1


# --- has it changed? ---


def test_an_unchanged_file_is_asked_for_by_its_etag_and_not_sent_again(server, fetcher, to):
    def page(asked):
        known = asked.headers.get("if-none-match") == '"one"'
        return (
            reply(b"", "304 Not Modified", ETag='"one"') if known else reply(BODY, ETag='"one"', Last_Modified=MODIFIED)
        )

    url = server.page("/", page)
    first = fetcher().fetch(url, to, at=AT)
    to.unlink()
    again = fetcher().fetch(url, to, at="later", known=first.known)
    assert (again.status, again.path, again.at) == (Arrival.UNCHANGED, None, "later")
    assert (again.bytes, again.sha256, again.etag, again.last_modified) == (len(BODY), SHA256, '"one"', MODIFIED)
    assert again.known == first.known
    assert not to.exists()
    assert "if-modified-since" not in server.asked[1].headers


def test_without_an_etag_the_date_is_asked_for(server, fetcher, to):
    url = server.page("/", reply(b"", "304 Not Modified"))
    again = fetcher().fetch(url, to, at=AT, known=Known(last_modified=MODIFIED, sha256=SHA256, bytes=9))
    assert (again.status, again.sha256, again.last_modified) == (Arrival.UNCHANGED, SHA256, MODIFIED)
    assert server.asked[0].headers["if-modified-since"] == MODIFIED


def test_the_same_bytes_sent_again_are_unchanged_and_make_no_file(server, fetcher, to):
    url = server.page("/", reply(BODY, ETag='"two"'))
    again = fetcher().fetch(url, to, at=AT, known=Known('"one"', "", SHA256, len(BODY)))
    assert (again.status, again.path, again.etag) == (Arrival.UNCHANGED, None, '"two"')
    assert not to.exists()
    assert left_beside(to) == []


def test_a_changed_file_comes(server, fetcher, to):
    found = fetcher().fetch(
        server.page("/", reply(b"new", ETag='"two"')), to, at=AT, known=Known('"one"', "", SHA256, 3)
    )
    assert (found.status, to.read_bytes()) == (Arrival.NEW, b"new")


def test_unchanged_said_by_a_server_that_was_not_asked_is_a_fault(server, fetcher, to):
    error = refused(fetcher(), server.page("/", reply(b"", "304 Not Modified")), to)
    assert (error.message_id, error.values["status"]) == ("fetch-status", 304)


@pytest.mark.parametrize(
    "known", [Known('"a"\r\nX-More: 1'), Known("bare"), Known("", "x\r\nX-More: 1"), Known("", "è")]
)
def test_what_is_no_etag_and_no_date_is_never_sent(server, fetcher, to, known):
    fetcher().fetch(server.page("/", reply(b"x")), to, at=AT, known=known)
    assert {"if-none-match", "if-modified-since", "x-more"} & set(server.asked[0].headers) == set()


# --- too much ---


def test_a_file_said_to_be_too_large_is_not_begun(server, fetcher, to):
    sent = []
    url = server.page("/", [*reply(b"", length=5_000), lambda: sent.append(1), BODY])
    error = refused(fetcher(max_bytes=4_999), url, to)
    assert (error.message_id, error.values) == ("fetch-too-large", {"host": "127.0.0.1", "limit": 4_999})
    assert len(server.asked) == 1


def test_a_file_of_unsaid_length_is_stopped_at_the_limit(server, fetcher, to):
    heard = []
    url = server.page("/", chunked([b"x" * 1_000] * 1_000))
    error = refused(fetcher(max_bytes=20_000), url, to, progress=lambda *said: heard.append(said[0]))
    assert error.message_id == "fetch-too-large"
    assert max(heard, default=0) <= 20_000


def test_a_file_just_as_large_as_the_limit_comes(server, fetcher, to):
    assert fetcher(max_bytes=len(BODY)).fetch(server.page("/", reply(BODY)), to, at=AT).bytes == len(BODY)


def test_more_than_was_said_is_not_read(server, fetcher, to):
    fetcher().fetch(server.page("/", reply(BODY, length=10)), to, at=AT)
    assert to.read_bytes() == BODY[:10]


@pytest.mark.parametrize(("size", "times"), [(200_000_000, 1), (1_000_000, 200)])
def test_a_bomb_of_gzip_is_stopped_at_the_limit_long_before_its_end(server, fetcher, to, size, times):
    heard = []
    url = server.page("/", reply(gzip.compress(bytes(size), 9) * times, Content_Encoding="gzip"))
    error = refused(fetcher(max_bytes=3_000_000), url, to, progress=lambda *said: heard.append(said[0]))
    assert error.message_id == "fetch-too-large"
    assert max(heard, default=0) <= 3_000_000


def test_a_bomb_is_unpacked_a_bounded_piece_at_a_time(to):
    bomb = gzip.compress(bytes(100_000_000), 9)
    tracemalloc.start()
    try:
        with Part(to, 3_000_000) as part:
            part.begin({"content-encoding": "gzip"}, "host")
            with pytest.raises(InputError):
                part.add(bomb, "host")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_headers_without_end_are_not_read_for_ever(server, fetcher, to):
    url = server.page("/", [b"HTTP/1.1 200 OK\r\n", *[b"X-More: " + b"x" * 8_000 + b"\r\n"] * 100, b"\r\n"])
    assert refused(fetcher(retries=0), url, to).message_id == "fetch-interrupted"


# --- packed answers ---


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY[:1_000]) + gzip.compress(BODY[1_000:])),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
    ],
)
def test_a_server_that_packs_unasked_is_understood(server, fetcher, to, coding, packed):
    found = fetcher().fetch(server.page("/", reply(packed, Content_Encoding=coding)), to, at=AT)
    assert (to.read_bytes(), found.bytes, found.sha256) == (BODY, len(BODY), SHA256)


@pytest.mark.parametrize(("coding", "packed"), [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"no gzip at all")])
def test_what_cannot_be_unpacked_is_refused_once(server, fetcher, to, coding, packed):
    error = refused(fetcher(), server.page("/", reply(packed, Content_Encoding=coding)), to)
    assert error.message_id == "fetch-encoding"
    assert len(server.asked) == 1


def test_a_packed_answer_cut_short_is_not_taken_for_the_whole(server, fetcher, to):
    packed = gzip.compress(BODY)
    url = server.page("/", reply(packed[:-9], Content_Encoding="gzip"), reply(packed, Content_Encoding="gzip"))
    fetcher().fetch(url, to, at=AT)
    assert to.read_bytes() == BODY
    assert "range" not in server.asked[1].headers


# --- broken and taken up again ---


def test_a_transfer_that_breaks_is_taken_up_where_it_broke(server, fetcher, to, naps):
    url = server.page("/", broken(), ranged)
    found = fetcher().fetch(url, to, at=AT)
    assert (to.read_bytes(), found.sha256, found.bytes) == (BODY, SHA256, len(BODY))
    assert (server.asked[1].headers["range"], server.asked[1].headers["if-range"]) == ("bytes=100000-", '"one"')
    assert naps == [0.5]


def test_a_transfer_without_etag_is_taken_up_by_its_date_once_that_has_settled(server, fetcher, to):
    dated = {"ETag": "", "Last_Modified": MODIFIED}
    fetcher().fetch(server.page("/", broken(**dated, Date=DATE), ranged), to, at=AT)
    assert server.asked[1].headers["if-range"] == MODIFIED
    server.asked.clear()
    fetcher().fetch(server.page("/", broken(**dated, Date=MODIFIED), ranged), to, at=AT)
    assert "range" not in server.asked[1].headers
    assert to.read_bytes() == BODY


@pytest.mark.parametrize("etag", ["", 'W/"one"', "one"])
def test_a_transfer_that_cannot_be_proven_the_same_begins_again(server, fetcher, to, etag):
    fetcher().fetch(server.page("/", broken(ETag=etag), ranged), to, at=AT)
    assert "range" not in server.asked[1].headers
    assert to.read_bytes() == BODY


def test_a_server_that_takes_no_ranges_is_not_asked_for_one(server, fetcher, to):
    fetcher().fetch(server.page("/", broken(Accept_Ranges="none"), ranged), to, at=AT)
    assert "range" not in server.asked[1].headers


def test_a_file_that_changed_meanwhile_begins_again(server, fetcher, to):
    other = BODY[::-1]
    fetcher().fetch(server.page("/", broken(), lambda asked: ranged(asked, etag='"two"', body=other)), to, at=AT)
    assert to.read_bytes() == other


LAST = len(BODY) - 1


@pytest.mark.parametrize(
    "answer",
    [
        reply(BODY[99_999:], "206 Partial Content", ETag='"one"', Content_Range=f"bytes 99999-{LAST}/{len(BODY)}"),
        reply(BODY[100_001:], "206 Partial Content", ETag='"one"', Content_Range=f"bytes 100001-{LAST}/{len(BODY)}"),
        reply(BODY[100_000:], "206 Partial Content", ETag='"two"', Content_Range=f"bytes 100000-{LAST}/{len(BODY)}"),
        reply(
            BODY[100_000:], "206 Partial Content", ETag='"one"', Content_Range=f"bytes 100000-{LAST}/{len(BODY) + 1}"
        ),
        reply(BODY[100_000:], "206 Partial Content", ETag='"one"', Content_Range="bytes 100000-99999/1"),
        reply(BODY[100_000:], "206 Partial Content", ETag='"one"', Content_Range="lines 1-2/3"),
        reply(BODY[100_000:], "206 Partial Content", ETag='"one"'),
        reply(b"", "416 Range Not Satisfiable", Content_Range="bytes */5"),
    ],
)
def test_a_rest_that_does_not_fit_is_thrown_away_and_all_begins_again(server, fetcher, to, answer):
    found = fetcher().fetch(server.page("/", broken(), answer, ranged), to, at=AT)
    assert (to.read_bytes(), found.sha256) == (BODY, SHA256)
    assert "range" not in server.asked[2].headers


def test_a_rest_that_is_shorter_than_it_says_is_not_the_whole(server, fetcher, to):
    short = reply(
        BODY[100_000:-5], "206 Partial Content", ETag='"one"', Content_Range=f"bytes 100000-{LAST}/{len(BODY)}"
    )
    fetcher().fetch(server.page("/", broken(), short, ranged), to, at=AT)
    assert to.read_bytes() == BODY
    assert server.asked[2].headers["range"] == f"bytes={len(BODY) - 5}-"


def test_a_rest_longer_than_the_whole_was_is_not_appended(server, fetcher, to):
    long = reply(BODY[100_000:] + b"!!", "206 Partial Content", ETag='"one"',
                 Content_Range=f"bytes 100000-{LAST}/{len(BODY)}")  # fmt: skip
    error = refused(fetcher(retries=1), server.page("/", broken(), long), to)
    assert error.message_id == "fetch-interrupted"


def test_a_part_nobody_asked_for_is_no_file(server, fetcher, to):
    partial = reply(BODY, "206 Partial Content", Content_Range=f"bytes 0-{LAST}/{len(BODY)}")
    assert refused(fetcher(), server.page("/", partial), to).values["status"] == 206


def test_the_rest_counts_toward_the_limit(server, fetcher, to):
    url = server.page("/", [*chunked([BODY[:100_000]], ETag='"one"')[:-1]], ranged)
    assert refused(fetcher(max_bytes=200_000), url, to).message_id == "fetch-too-large"


def test_a_server_that_always_breaks_off_is_given_up(server, fetcher, to, naps):
    error = refused(fetcher(), server.page("/", broken(0)), to)
    assert (error.message_id, type(error)) == ("fetch-interrupted", StateError)
    assert len(server.asked) == 4
    assert naps == [0.5, 1.0, 2.0]


def test_a_long_file_on_a_poor_line_still_arrives(server, fetcher, to):
    long = random.Random(5).randbytes(8_000_000)

    def poor(asked):
        whole = ranged(asked, body=long)
        return [whole[0], whole[1][:1_100_000]]

    fetcher(retries=1).fetch(server.page("/", poor), to, at=AT)
    assert to.read_bytes() == long
    assert len(server.asked) == 8


@given(st.lists(st.integers(0, 40_000), max_size=4), st.booleans())
def test_however_a_transfer_breaks_the_bytes_are_the_same(cuts, has_etag):
    """The same part of the code without the network: any cuts, any mixture of rest and whole."""
    body = BODY[:40_000]
    with TemporaryDirectory() as folder, Part(Path(folder) / "file", 50_000) as part:
        for cut in [*cuts, len(body)]:
            wish = part.wish
            start = int(re.findall(r"\d+", wish["Range"])[0]) if wish else 0
            if wish and start < len(body):
                assert part.continues({"content-range": f"bytes {start}-{len(body) - 1}/{len(body)}", "etag": '"e"'})
            else:
                part.begin({"content-length": str(len(body))} | ({"etag": '"e"'} if has_etag else {}), "host")
                start = 0
            if part.size < max(cut, start):
                part.add(body[start : max(cut, start)], "host")
        assert part.finish("host") == hashlib.sha256(body).hexdigest()
        part.keep()
        assert (Path(folder) / "file").read_bytes() == body


# --- trying again ---


@pytest.mark.parametrize("status", ["429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable", "504 Late"])
def test_a_busy_server_is_asked_again_later_and_later(server, fetcher, to, naps, status):
    fetcher().fetch(server.page("/", reply(b"", status), reply(b"", status), reply(BODY)), to, at=AT)
    assert to.read_bytes() == BODY
    assert naps == [0.5, 1.0]


def test_chance_spreads_the_waits(server, to, naps):
    chances = iter([0.0, 1.0])
    limits = FetchLimits(allow_private=HERE)
    asking = Fetcher(limits, sleep=naps.append, chance=lambda: next(chances))
    asking.fetch(server.page("/", reply(b"", "503 No"), reply(b"", "503 No"), reply(b"")), to, at=AT)
    assert naps == [0.25, 1.5]


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Tue, 24 Nov 2026 08:00:09 GMT", "Date": DATE}, 9.0),
        ({"Retry_After": "Mon, 23 Nov 2026 08:00:09 GMT", "Date": DATE}, 0.5),
        ({"Retry_After": "Tue, 24 Nov 2026 08:00:09 GMT"}, 0.5),
        ({"Retry_After": "soon"}, 0.5),
        ({"Retry_After": "-5"}, 0.5),
    ],
)
def test_a_server_that_says_when_is_waited_for(server, fetcher, to, naps, said, waited):
    fetcher().fetch(server.page("/", reply(b"", "503 No", **said), reply(b"x")), to, at=AT)
    assert naps == [waited]


@pytest.mark.parametrize("when", ["61", "9" * 400])
def test_a_server_that_says_much_later_is_left_alone(server, fetcher, to, naps, when):
    error = refused(fetcher(), server.page("/", reply(b"", "429 No", Retry_After=when)), to)
    assert error.message_id == "fetch-come-back"
    assert error.values["seconds"] == int(when[:9])
    assert (naps, len(server.asked)) == ([], 1)


def test_waiting_never_goes_beyond_the_time_for_everything(server, fetcher, to, naps):
    error = refused(fetcher(total_s=5.0), server.page("/", reply(b"", "503 No", Retry_After="6")), to)
    assert (error.message_id, naps) == ("fetch-out-of-time", [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 410, 451, 204, 300])
def test_a_plain_no_is_taken_for_one(server, fetcher, to, naps, status):
    error = refused(fetcher(), f"{server.page('/a', reply(b'', f'{status} No'))}?key=secret", to)
    assert (type(error), error.message_id) == (InputError, "fetch-status")
    assert error.values == {"host": "127.0.0.1", "status": status, "address": f"{server.url('/a')}?…"}
    assert (naps, len(server.asked)) == ([], 1)


def test_a_server_with_a_fault_is_not_asked_twice(server, fetcher, to):
    error = refused(fetcher(), server.page("/", reply(b"", "500 Oh")), to)
    assert (type(error), error.message_id, len(server.asked)) == (StateError, "fetch-server-error", 1)


def test_a_server_that_hangs_up_without_a_word_is_asked_again(server, fetcher, to):
    fetcher().fetch(server.page("/", [], reply(b"x")), to, at=AT)
    assert to.read_bytes() == b"x"


def test_what_is_not_http_is_given_up_with_a_sentence(server, fetcher, to):
    error = refused(fetcher(retries=1), server.page("/", [b"SSH-2.0-OpenSSH_9.2\r\n", b"x" * 200]), to)
    assert (error.message_id, len(server.asked)) == ("fetch-interrupted", 2)


def test_a_port_where_nobody_listens_is_tried_again_then_said(fetcher, to, naps):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        error = refused(fetcher(retries=2), url, to)
    assert (error.message_id, len(naps)) == ("fetch-unreachable", 2)


def test_the_next_address_of_a_host_is_tried_when_the_first_does_not_answer(server, fetcher, to, connected):
    found = fetcher(resolve=lambda *_: ["::1", "127.0.0.1"], allow_private=("two.example",))
    found.fetch(server.page("/", reply(b"x")).replace("127.0.0.1", "two.example"), to, at=AT)
    assert connected == ["::1", "127.0.0.1"]


# --- too slow ---


def test_a_server_that_does_not_answer_is_given_up(server, fetcher, to):
    url = server.page("/", [lambda: server.leaving.wait(5)])
    error = refused(fetcher(read_s=0.4, retries=1), url, to)
    assert (error.message_id, len(server.asked)) == ("fetch-timeout", 2)


def drops(server, each: bytes, seconds: float = 0.02):
    return [part for _ in range(500) for part in (each, lambda: server.leaving.wait(seconds))]


@pytest.mark.parametrize("where", ["head", "informational", "body"])
def test_a_server_that_answers_drop_by_drop_runs_out_of_time(server, fetcher, to, where):
    """No single wait is long; together they would be ten seconds, and end otherwise."""
    slow = {
        "head": [b"HTTP/1.1 200 OK\r\nX-More: ", *drops(server, b"x")],
        "informational": drops(server, b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "body": [reply(b"", length=9_999)[0], *drops(server, b"x")],
    }
    error = refused(fetcher(total_s=0.4), server.page("/", slow[where]), to)
    assert error.message_id == "fetch-out-of-time"


def test_one_wait_is_never_longer_than_the_time_left_for_everything(server, fetcher, to):
    url = server.page("/", [lambda: server.leaving.wait(1.5), *reply(b"")])
    assert refused(fetcher(total_s=0.3, read_s=60.0), url, to).message_id == "fetch-out-of-time"


def test_a_name_server_that_does_not_answer_is_not_waited_for(fetcher, to):
    hanging = threading.Event()

    def resolve(host, port):
        hanging.wait(20)
        return []

    error = refused(fetcher(resolve=resolve, connect_s=0.05, retries=1), "http://slow.example/", to)
    hanging.set()
    assert error.message_id == "fetch-timeout"


def test_time_that_runs_out_between_two_pieces_is_noticed(server, fetcher, to):
    now = iter(range(0, 10_000, 10))
    error = refused(fetcher(clock=lambda: float(next(now)), total_s=100.0), server.page("/", reply(BODY)), to)
    assert error.message_id == "fetch-out-of-time"


# --- where it leads ---


def test_redirects_are_followed_and_written_down_without_their_keys(server, fetcher, to):
    server.page("/a", leading("b?key=secret", "301 Moved"))
    server.page("/b", leading(server.url("/c d.csv"), "308 Permanent"))
    server.page("/c%20d.csv", reply(b"x"))
    found = fetcher().fetch(server.url("/a"), to, at=AT)
    assert found.redirects == (server.url("/a"), f"{server.url('/b')}?…")
    assert (found.final_url, found.file_name) == (server.url("/c%20d.csv"), "c d.csv")


@pytest.mark.parametrize("ways", [0, 3])
def test_a_ring_of_redirects_is_left(server, fetcher, to, ways):
    error = refused(fetcher(redirects=ways), server.page("/", leading("/")), to)
    assert (error.message_id, error.values["limit"], len(server.asked)) == ("fetch-redirects", ways, ways + 1)


def test_as_many_redirects_as_allowed_are_followed(server, fetcher, to):
    server.page("/a", leading("/b"))
    server.page("/b", leading("/c"))
    server.page("/c", reply(b"x"))
    assert len(fetcher(redirects=2).fetch(server.url("/a"), to, at=AT).redirects) == 2


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/", "fetch-refused-address"),
        ("http://[fd00:ec2::254]/latest/", "fetch-refused-address"),
        ("http://10.0.0.1/", "fetch-refused-address"),
        ("http://localhost/", "fetch-refused-address"),
        ("http://2130706434/", "fetch-refused-address"),
        ("http://0x7f.2/", "fetch-refused-address"),
        ("http://[::ffff:10.0.0.1]/", "fetch-refused-address"),
        ("//[::]/", "fetch-refused-address"),
        ("file:///etc/passwd", "fetch-bad-scheme"),
        ("ftp://127.0.0.1/x", "fetch-bad-scheme"),
        ("gopher://127.0.0.1/x", "fetch-bad-scheme"),
        ("http://me:secret@127.0.0.1/", "fetch-credentials"),
        ("http://127.0.0.1:0/", "fetch-bad-address"),
        ("http://127.0.0.1\\@10.0.0.1/", "fetch-bad-address"),
    ],
)
def test_a_redirect_to_where_one_must_not_go_is_refused_before_a_connection(
    server, fetcher, to, connected, location, said
):
    error = refused(fetcher(), server.page("/", leading(location)), to)
    assert error.message_id == said
    assert connected == ["127.0.0.1"]
    assert "secret" not in str(error.values)


# --- whom to reach ---


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.0.0.1.:80/", "http://localhost/", "http://LOCALHOST./", "http://0/",
        "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://[::1]/",
        "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/", "http://169.254.169.254/", "http://100.100.100.200/",
        "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://224.0.0.1/",
        "http://[fe80::1]/", "http://[fc00::1]/", "http://[ff02::1]/", "http://255.255.255.255/",
    ],
)  # fmt: skip
def test_no_machine_off_the_public_network_is_reached_unless_allowed(fetcher, to, connected, url):
    error = refused(fetcher(allow_private=()), url, to)
    assert (type(error), error.message_id) == (InputError, "fetch-refused-address")
    assert connected == []


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "0.1.2.3", "::", "224.0.0.1", "64:ff9b::7f00:1", "fd00:ec2::254"]
)
def test_what_is_never_right_is_not_opened_by_leave_either(fetcher, to, connected, address):
    allowed = fetcher(resolve=lambda *_: [address], allow_private=("inside.example", address))
    host = f"[{address}]" if ":" in address else address
    for url in ("http://inside.example/", f"http://{host}/"):
        assert refused(allowed, url, to).message_id == "fetch-refused-address"
    assert connected == []


def test_leave_is_given_to_a_host_not_to_what_looks_like_it(server, fetcher, to, connected):
    def resolve(host, port):
        return ["127.0.0.1"]

    asking = fetcher(resolve=resolve, allow_private=("Inside.EXAMPLE.", "città.example", "no host"))
    for host in ("inside.example", "INSIDE.example.", "città.example", "xn--citt-3na.example"):
        asking.fetch(server.page("/", reply(b"x")).replace("127.0.0.1", host), to, at=AT)
    assert server.asked[-1].headers["host"] == f"xn--citt-3na.example:{server.port}"
    before = len(connected)
    for host in ("outside.example", "inside.example.org", "not-inside.example", "127.0.0.1"):
        assert refused(asking, f"http://{host}:{server.port}/", to).message_id == "fetch-refused-address"
    assert len(connected) == before


def test_one_inner_address_among_public_ones_refuses_the_host(fetcher, to, connected):
    asking = fetcher(resolve=lambda *_: ["93.184.216.34", "10.0.0.1"], allow_private=())
    assert refused(asking, "http://two-faced.example/", to).values["address"] == "10.0.0.1"
    assert connected == []


@pytest.fixture
def stand_in(server, monkeypatch):
    """The server here in place of any address; what was to be connected to is written down."""
    meant = []

    def instead(self, host, port, timeout=None, local_address=None, socket_options=None):
        meant.append((host, port))
        taken = socket.create_connection(("127.0.0.1", server.port), timeout)
        return httpcore._backends.sync.SyncStream(taken)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", instead)
    return meant


def test_the_address_that_was_checked_is_the_one_connected_to(server, fetcher, to, stand_in):
    """A name server that says something public first and this machine next does not get its way."""
    sayings = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asking = fetcher(resolve=lambda *_: next(sayings), allow_private=())
    url = "http://rebinding.example/file.csv"
    server.page("/file.csv", reply(b"x"))
    asking.fetch(url, to, at=AT)
    assert stand_in == [("93.184.216.34", 80)]
    assert server.asked[0].headers["host"] == "rebinding.example"
    assert refused(asking, url, to).message_id == "fetch-refused-address"
    assert stand_in == [("93.184.216.34", 80)]


def test_a_name_is_looked_up_again_and_judged_again_at_every_redirect_and_try(server, fetcher, to, stand_in):
    sayings = iter([["93.184.216.34"], ["127.0.0.1"]])
    asking = fetcher(resolve=lambda *_: next(sayings), allow_private=())
    server.page("/a", leading("/b"))
    assert refused(asking, "http://rebinding.example/a", to).message_id == "fetch-refused-address"
    sayings = iter([["93.184.216.34"], ["10.0.0.1"]])
    server.page("/a", broken())
    assert refused(asking, "http://rebinding.example/a", to).message_id == "fetch-refused-address"
    assert len(stand_in) == 2


def test_any_port_is_asked_as_it_was_written(server, fetcher, to, stand_in):
    asking = fetcher(resolve=lambda *_: ["93.184.216.34"])
    server.page("/", reply(b"x"))
    asking.fetch("http://host.example:8443", to, at=AT)
    assert stand_in == [("93.184.216.34", 8443)]
    assert server.asked[0].headers["host"] == "host.example:8443"


def test_a_host_nobody_knows_is_refused_at_once_and_a_dumb_name_server_asked_again(fetcher, to, naps):
    def resolve(host, port):
        raise socket.gaierror(code, "words")

    code = socket.EAI_NONAME
    error = refused(fetcher(resolve=resolve), "http://no.example/", to)
    assert (type(error), error.message_id, naps) == (InputError, "fetch-unknown-host", [])
    code = socket.EAI_AGAIN
    assert refused(fetcher(resolve=resolve), "http://no.example/", to).message_id == "fetch-unreachable"
    assert len(naps) == 3


def test_a_host_without_addresses_is_unreachable(fetcher, to):
    assert refused(fetcher(resolve=lambda *_: []), "http://no.example/", to).message_id == "fetch-unreachable"


@given(st.ip_addresses())
def test_nothing_that_python_calls_special_counts_as_public(address):
    special = (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        or address.is_reserved or address.is_unspecified
    )  # fmt: skip
    inside = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::ffff:0:0/96"))
    if special and not any(address in network for network in inside):  # these are judged by what they carry, below
        assert standing(address) is not Standing.PUBLIC


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_stands_no_better(inner):
    mapped = ipaddress.IPv6Address(f"::ffff:{inner}")
    assert standing(mapped) is standing(inner)
    for outer in (f"64:ff9b::{inner}", str(ipaddress.IPv6Address((0x2002 << 112) | (int(inner) << 80)))):
        is_public = standing(inner) is Standing.PUBLIC
        assert standing(ipaddress.ip_address(outer)) is (Standing.PUBLIC if is_public else Standing.NEVER)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.100.1.1", "192.0.1.1", "2001:4860:4860::8888", "2a00:1450::1"])
def test_the_public_network_is_open(address):
    assert standing(ipaddress.ip_address(address)) is Standing.PUBLIC


# --- addresses ---


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "fetch-bad-scheme"),
        ("data.csv", "fetch-bad-scheme"),
        ("/etc/passwd", "fetch-bad-scheme"),
        ("file:///etc/passwd", "fetch-bad-scheme"),
        ("FTP://host.example/x", "fetch-bad-scheme"),
        ("data:text/csv,a", "fetch-bad-scheme"),
        ("http://", "fetch-bad-address"),
        ("http://:80/", "fetch-bad-address"),
        ("http://host.example:0/", "fetch-bad-address"),
        ("http://host.example:65536/", "fetch-bad-address"),
        ("http://host.example:x/", "fetch-bad-address"),
        ("http://[::1/", "fetch-bad-address"),
        ("http://[fe80::1%25eth0]/", "fetch-bad-address"),
        ("http://ho st.example/", "fetch-bad-address"),
        ("http://host.example\\.evil.example/", "fetch-bad-address"),
        ("http://host%2eexample/", "fetch-bad-address"),
        ("http://-host.example/", "fetch-bad-address"),
        ("http://host..example/", "fetch-bad-address"),
        (f"http://{'a' * 64}.example/", "fetch-bad-address"),
        (f"http://{'a.' * 130}example/", "fetch-bad-address"),
        ("http://host.example/\r\nHost: evil", "fetch-bad-address"),
        ("http://host.example/\x00", "fetch-bad-address"),
        ("http://host.example/\ud800", "fetch-bad-address"),
        ("http://\N{SNOWMAN}\u200b\u0301.example/", "fetch-bad-address"),
        ("http://host.example/" + "x" * 9_000, "fetch-bad-address"),
        ("http://me@host.example/", "fetch-credentials"),
        ("https://me:secret@host.example/", "fetch-credentials"),
        ("https://@host.example/", "fetch-credentials"),
    ],
)
def test_what_is_no_address_for_us_is_refused_in_words_without_its_secrets(url, said):
    with pytest.raises(InputError) as caught:
        read(url)
    assert caught.value.message_id == said
    assert "secret" not in str(caught.value.values)
    assert all(len(str(value)) <= 121 for value in caught.value.values.values())


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        (" HTTP://Host.Example ", "http://host.example/"),
        ("http://host.example?q=1", "http://host.example/?q=1"),
        ("http://host.example:080/a?b=%41#c", "http://host.example/a?b=%41"),
        ("https://host.example:8443/", "https://host.example:8443/"),
        ("http://[2001:DB8::0:1]:81/", "http://[2001:db8::1]:81/"),
        ("http://under_score.example/à", "http://under_score.example/%C3%A0"),
        ("http://straße.example/", "http://xn--strae-oqa.example/"),
        ('http://host.example/"<a>"|{b}', "http://host.example/%22%3Ca%3E%22%7C%7Bb%7D"),
    ],
)
def test_an_address_is_read_once_and_plainly(url, read_as):
    assert read(url).url == read_as
    assert read(read_as).url == read_as


@given(st.text(max_size=60))
def test_no_text_makes_the_reading_of_addresses_stumble(text):
    for url in (text, f"http://{text}", f"http://host.example/{text}"):
        try:
            found = read(url)
        except InputError:
            continue
        assert found.url.isascii()
        assert read(found.url) == found


def test_http_can_be_closed_off(fetcher, to, connected):
    assert refused(fetcher(allow_http=False), "http://host.example/", to).message_id == "fetch-http"
    assert connected == []


@given(st.from_regex(r"[a-z0-9]{4,20}", fullmatch=True))
def test_a_key_is_never_shown(secret):
    for url in (
        f"https://h.example/a?key={secret}x",
        f"https://u:{secret}x@h.example/",
        f"https://h.example/#{secret}x",
    ):
        assert f"{secret}x" not in shown(url)


# --- names of files ---


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="scuole.csv"', "scuole.csv"),
        ("attachment; filename=scuole.csv; size=3", "scuole.csv"),
        ("attachment; filename=\"a.csv\"; filename*=UTF-8''qualit%C3%A0%20aria.csv", "qualità aria.csv"),
        ("attachment; filename*=iso-8859-1'it'citt%E0.csv", "città.csv"),
        ("attachment; filename*=klingon''x%41.csv; filename=y.csv", "y.csv"),
        ("attachment; filename*=UTF-8''%ff.csv; filename=y.csv", "y.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\Dati\\\\x.csv"', "x.csv"),
        ("attachment; filename*=UTF-8''..%2F..%2F.bashrc", "bashrc"),
        ('attachment; filename="say \\"hi\\".csv"', "say _hi_.csv"),
        ('attachment; filename="a\x1b[31m\u202ecsv.exe"', "a_[31m_csv.exe"),
        ('attachment; filename=".."', "path.csv"),
        ('attachment; filename=""', "path.csv"),
        ("inline", "path.csv"),
        ("", "path.csv"),
        ('attachment; filename="CON|<>?.csv"', "CON____.csv"),
    ],
)
def test_the_name_a_sender_gives_is_made_safe(disposition, name):
    assert file_name(disposition, read("http://host.example/some/path.csv?file=x.xls")) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://host.example/", "host.example"),
        ("http://host.example/a/..%2f..%2fx.csv", "x.csv"),
        ("http://host.example/a%00b.csv", "a_b.csv"),
        ("http://[2001:db8::1]/", "2001_db8__1"),
    ],
)
def test_without_a_name_the_address_gives_one(url, name):
    assert file_name("", read(url)) == name


@given(st.text(max_size=400), st.booleans())
def test_every_name_is_safe_and_short(text, quoted):
    name = file_name(
        f'attachment; filename="{text}"' if quoted else f"attachment; filename={text}", read("http://h.example/")
    )
    assert name
    assert len(name.encode()) <= 150
    assert name == Path(name).name
    assert not name.startswith(".")
    assert not set('<>:"/\\|?*\0\n\r\t\x1b') & set(name)


def test_a_long_name_keeps_its_ending(server, fetcher, to):
    name = f"{'lungo ' * 60}è.csv.gz"
    found = fetcher().fetch(
        server.page("/", reply(b"x", Content_Disposition=f'attachment; filename="{name}"'.encode().decode("latin-1"))),
        to, at=AT,
    )  # fmt: skip
    assert found.file_name.endswith(".csv.gz")
    assert len(found.file_name.encode()) <= 150


# --- TLS ---


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=safe.example", "-addext", "subjectAltName=DNS:safe.example", "-keyout", folder / "key.pem",
         "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def safe_port(server, certificates):
    """The server behind TLS: a second port that unpacks and passes on."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "certificate.pem", certificates / "key.pem")
    names = []
    context.sni_callback = lambda _, name, __: names.append(name)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                with context.wrap_socket(self.request, server_side=True) as inner:
                    request = inner.recv(65_536)
                    with socket.create_connection(("127.0.0.1", server.port)) as plain:
                        plain.sendall(request)
                        while block := plain.recv(65_536):
                            inner.sendall(block)
            except OSError:  # a client that does not trust us
                return

    class Threaded(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threaded(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield listening.server_address[1], names
        listening.shutdown()


@pytest.fixture
def safely(fetcher, certificates):
    """A fetcher that trusts the certificate made for these tests and looks every name up on this machine."""

    def made(**more):
        tls = ssl.create_default_context(cafile=str(certificates / "certificate.pem"))
        allowed = ("safe.example", "other.example", "127.0.0.1")
        usual = {"resolve": lambda *_: ["127.0.0.1"], "tls": tls, "allow_private": allowed}
        return fetcher(**(usual | more))

    return made


def test_over_tls_the_name_not_the_address_is_asked_for_and_verified(server, safe_port, safely, to):
    port, names = safe_port
    server.page("/", reply(BODY))
    found = safely().fetch(f"https://safe.example:{port}/", to, at=AT)
    assert (to.read_bytes(), names) == (BODY, ["safe.example"])
    assert found.final_url == f"https://safe.example:{port}/"
    assert server.asked[0].headers["host"] == f"safe.example:{port}"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused_at_once(server, safe_port, safely, to, naps, host):
    error = refused(safely(), f"https://{host}:{safe_port[0]}/", to)
    assert (type(error), error.message_id, naps) == (InputError, "fetch-certificate", [])
    assert server.asked == []


def test_a_certificate_nobody_signed_is_refused_by_the_trust_of_this_machine(server, safe_port, safely, to):
    assert refused(safely(tls=None), f"https://safe.example:{safe_port[0]}/", to).message_id == "fetch-certificate"
    assert server.asked == []


def test_a_server_that_speaks_no_tls_is_unreachable(server, safely, to):
    server.page("/", reply(b"x"))
    error = refused(safely(retries=0), f"https://safe.example:{server.port}/", to)
    assert error.message_id == "fetch-unreachable"


def test_nobody_leads_us_from_https_to_http(server, safe_port, safely, to):
    port, _ = safe_port
    server.page("/a", leading(f"http://safe.example:{server.port}/b"))
    server.page("/b", reply(b"x"))
    for allow_http in (True, False):
        error = refused(safely(allow_http=allow_http), f"https://safe.example:{port}/a", to)
        assert (error.message_id, error.values) == ("fetch-downgrade", {"host": "safe.example", "to": "safe.example"})
    assert [asked.target for asked in server.asked] == ["/a", "/a"]


def test_from_http_to_https_is_welcome_and_from_there_not_back(server, safe_port, safely, to):
    port, _ = safe_port
    server.page("/a", leading(f"https://safe.example:{port}/b"))
    server.page("/b", reply(b"x"))
    assert safely().fetch(server.url("/a"), to, at=AT).final_url == f"https://safe.example:{port}/b"
    server.page("/b", leading(server.url("/c")))
    assert refused(safely(), server.url("/a"), to).message_id == "fetch-downgrade"


def test_trust_is_this_machines_or_where_it_has_none_the_one_that_came_with_us(monkeypatch, tmp_path):
    assert trusted().verify_mode is ssl.CERT_REQUIRED
    assert trusted().check_hostname
    empty = ssl.DefaultVerifyPaths(None, str(tmp_path), "", "", "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: empty)
    assert trusted().cert_store_stats()["x509_ca"] > 50


# --- manners ---


def test_importing_the_room_does_not_import_the_http_engine():
    heavy = "{'httpx', 'httpcore', 'h11', 'certifi', 'idna', 'ssl'}"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, portico.fetch; print(sorted({heavy} & set(sys.modules)))"],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "[]"


def test_a_fetcher_serves_several_at_once(server, fetcher, tmp_path):
    asking, found = fetcher(), {}
    for number in range(8):
        server.page(f"/{number}", reply(b"%d" % number * 50_000))

    def one(number):
        found[number] = asking.fetch(server.url(f"/{number}"), tmp_path / str(number), at=AT)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((tmp_path / str(number)).read_bytes() == b"%d" % number * 50_000 for number in range(8))
    assert len(found) == 8
