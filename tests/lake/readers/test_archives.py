"""Unpacking: what comes out, and that nothing gets out of hand."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lake.readers.workshops import worded

from portico.errors import InputError, StateError
from portico.lake.readers import archives
from portico.lake.readers.archives import unpack


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def _tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for info, content in members:
            one = info if isinstance(info, tarfile.TarInfo) else tarfile.TarInfo(info)
            one.size = len(content)
            archive.addfile(one, io.BytesIO(content))
    return path


def _refused(path, folder, name="data.zip"):
    with pytest.raises(InputError) as raised:
        unpack(path, name, folder)
    assert list(folder.iterdir()) == []
    worded(raised.value)
    return raised.value.message_id


def _contents(found):
    return {name: path.read_bytes() for path, name in found}


def test_a_zip_gives_its_files_with_their_names(tmp_path, folder):
    path = _zip(tmp_path / "a.zip", [("dati/a.csv", b"x;y"), ("b.shp", b"2")])
    found = unpack(path, "a.zip", folder)
    assert _contents(found) == {"dati/a.csv": b"x;y", "b.shp": b"2"}
    assert all(path.parent == folder for path, _ in found)
    assert [path.suffix for path, _ in found] == [".csv", ".shp"]


@pytest.mark.parametrize(
    ("mode", "name"), [("w", "a.tar"), ("w:gz", "a.tgz"), ("w:xz", "a.tar.xz"), ("w:bz2", "a.tbz")]
)
def test_a_tar_gives_its_files_however_it_is_packed(tmp_path, folder, mode, name):
    path = _tar(tmp_path / "any", [("./dati/a.csv", b"1"), ("b.csv", b"2")], mode)
    assert _contents(unpack(path, name, folder)) == {"dati/a.csv": b"1", "b.csv": b"2"}


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_a_single_packed_file_takes_the_name_of_the_archive(tmp_path, folder, pack):
    ending = {gzip.compress: ".gz", lzma.compress: ".xz", bz2.compress: ".bz2"}[pack]
    path = tmp_path / "packed"
    path.write_bytes(pack(b"a;b\n1;2\n"))
    assert _contents(unpack(path, f"comuni.csv{ending}", folder)) == {"comuni.csv": b"a;b\n1;2\n"}


def test_what_desks_leave_behind_is_left_out(tmp_path, folder):
    junk = ["__MACOSX/._a.csv", "x/.DS_Store", "Thumbs.db", "desktop.ini", "._b.csv"]
    path = _zip(tmp_path / "a.zip", [*((name, b"junk") for name in junk), ("empty/", b""), ("a.csv", b"1")])
    assert _contents(unpack(path, "a.zip", folder)) == {"a.csv": b"1"}


def test_archives_inside_stay_packed(tmp_path, folder):
    inner = _zip(tmp_path / "inner.zip", [("a.csv", b"1")]).read_bytes()
    assert _contents(unpack(_zip(tmp_path / "a.zip", [("inner.zip", inner)]), "a.zip", folder)) == {"inner.zip": inner}


def test_repeated_names_are_made_distinct_whatever_their_case(tmp_path, folder):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = _zip(tmp_path / "a.zip", [("d/a.csv", b"1"), ("d/a.csv", b"2"), ("d/A.csv", b"3")])
    assert _contents(unpack(path, "a.zip", folder)) == {"d/a.csv": b"1", "d/a_2.csv": b"2", "d/A_3.csv": b"3"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("unità.csv".encode(), "unità.csv"), ("unità.csv".encode("cp437"), "unità.csv"), (b"d\\a.csv", "d/a.csv")],
)
def test_names_in_any_coding_survive(tmp_path, folder, written, meant):
    placeholder = "n" * len(written)
    content = _zip(tmp_path / "a.zip", [(placeholder, b"1")]).read_bytes()
    path = tmp_path / "b.zip"
    path.write_bytes(content.replace(placeholder.encode(), written))
    assert _contents(unpack(path, "b.zip", folder)) == {meant: b"1"}


def test_a_name_of_a_tar_that_is_no_utf8_survives(tmp_path, folder):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="cp1252") as archive:
        info = tarfile.TarInfo("qualità.csv")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"1"))
    assert _contents(unpack(path, "a.tar", folder)) == {"qualità.csv": b"1"}


UNSAFE = ["../a.csv", "x/../../a.csv", "/etc/passwd", "C:\\a.csv", "..\\a.csv", "\\\\server\\a.csv"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, folder, name):
    assert _refused(_zip(tmp_path / "a.zip", [("ok.csv", b"1"), (name, b"x")]), folder) == "archive-unsafe-name"
    assert _refused(_tar(tmp_path / "a.tar", [("ok.csv", b"1"), (name, b"x")]), folder) == "archive-unsafe-name"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tar", "a.zip", "out"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path, folder, kind):
    info = tarfile.TarInfo("link.csv")
    info.type, info.linkname = kind, "/etc/passwd"
    assert _refused(_tar(tmp_path / "a.tar", [("ok.csv", b"1"), (info, b"")]), folder) == "archive-link"


def test_a_link_in_a_zip_is_refused(tmp_path, folder):
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert _refused(_zip(tmp_path / "a.zip", [(info, b"/etc/passwd")]), folder) == "archive-link"


def test_too_many_members_are_refused(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    members = [(f"{number}.csv", b"1") for number in range(4)]
    assert _refused(_zip(tmp_path / "a.zip", members), folder) == "archive-too-many"
    assert _refused(_tar(tmp_path / "a.tar", members), folder) == "archive-too-many"


def test_a_directory_of_millions_of_names_is_refused_before_it_is_read(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(archives, "_DIRECTORY_BYTES", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x01\x02" * 50 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 101, 0, 0))
    assert _refused(path, folder) == "archive-too-many"


@pytest.mark.parametrize("limit", ["_HARMLESS_BYTES", "MAX_UNPACKED_BYTES"])
@pytest.mark.parametrize("kind", ["zip", "gz", "tar.gz"])
def test_a_bomb_is_refused_when_it_has_grown_too_far(tmp_path, folder, monkeypatch, kind, limit):
    monkeypatch.setattr(archives, limit, 50_000)
    monkeypatch.setattr(archives, "MAX_EXPANSION", 2)
    path, zeros = tmp_path / "bomb", b"\0" * 5_000_000
    if kind == "zip":
        _zip(path, [("a.csv", zeros)])
    elif kind == "gz":
        path.write_bytes(gzip.compress(zeros))
    else:
        _tar(path, [("a.csv", zeros)], "w:gz")
    assert _refused(path, folder, f"bomb.{kind}") == "archive-too-big"


def test_a_bomb_hidden_in_a_member_left_out_is_noticed(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(archives, "_HARMLESS_BYTES", 50_000)
    monkeypatch.setattr(archives, "_LONGEST_READ", 100_000)
    monkeypatch.setattr(archives, "MAX_EXPANSION", 2)
    path = _tar(tmp_path / "bomb", [("__MACOSX/x", b"\0" * 5_000_000), ("a.csv", b"1")], "w:gz")
    assert _refused(path, folder, "a.tgz") == "archive-too-big"


def test_a_zip_that_lies_about_its_sizes_is_measured(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(archives, "_HARMLESS_BYTES", 50_000)
    monkeypatch.setattr(archives, "MAX_EXPANSION", 2)
    size = 5_000_000
    content = _zip(tmp_path / "a.zip", [("a.csv", b"\0" * size)]).read_bytes()
    path = tmp_path / "lying.zip"
    path.write_bytes(content.replace(struct.pack("<L", size), struct.pack("<L", 10)))
    assert _refused(path, folder) == "archive-too-big"


def test_an_encrypted_zip_is_refused(tmp_path, folder):
    content = bytearray(_zip(tmp_path / "a.zip", [("a.csv", b"1")]).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert _refused(path, folder) == "archive-encrypted"


def test_a_method_nobody_knows_is_refused(tmp_path, folder):
    content = bytearray(_zip(tmp_path / "a.zip", [("a.csv", b"1")]).read_bytes())
    content[content.index(b"PK\x01\x02") + 10] = 99
    content[8] = 99
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert _refused(path, folder) == "archive-method"


def test_an_archive_without_files_is_refused(tmp_path, folder):
    assert _refused(_zip(tmp_path / "a.zip", [("__MACOSX/x", b"1")]), folder) == "archive-empty"
    assert _refused(_tar(tmp_path / "a.tar", []), folder) in ("archive-empty", "archive-unknown")


def test_what_is_no_archive_is_refused(tmp_path, folder):
    path = tmp_path / "a.rar"
    path.write_bytes(b"Rar!\x1a\x07\x00")
    assert _refused(path, folder) == "archive-unknown"


@pytest.mark.parametrize("kind", ["zip", "gz", "tgz", "xz", "tar"])
def test_a_damaged_archive_leaves_nothing_behind(tmp_path, folder, kind):
    noise = bytes((number * number * 31 + number) % 251 for number in range(60_000))
    path = tmp_path / "a"
    if kind == "zip":
        _zip(path, [("a.csv", noise), ("b.csv", noise)])
    elif kind in ("gz", "xz"):
        path.write_bytes(gzip.compress(noise) if kind == "gz" else lzma.compress(noise))
    else:
        _tar(path, [("a.csv", noise), ("b.csv", noise)], "w:gz" if kind == "tgz" else "w")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert _refused(path, folder, f"a.{kind}") == "archive-damaged"


def test_a_full_disk_is_said_and_nothing_stays(tmp_path, folder, monkeypatch):
    path = _zip(tmp_path / "a.zip", [("a.csv", b"1"), ("b.csv", b"2")])
    taken = archives._Job.take

    def full(job, source, inside):
        taken(job, source, inside)
        if inside == "b.csv":
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archives._Job, "take", full)
    with pytest.raises(StateError) as raised:
        unpack(path, "a.zip", folder)
    assert raised.value.message_id == "state-failed"
    assert list(folder.iterdir()) == []


@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_changed_byte_is_either_harmless_or_a_refusal(tmp_path_factory, at, byte):
    folder = tmp_path_factory.mktemp("out")
    place = folder.parent / f"{folder.name}.zip"
    content = bytearray(_zip(place, [("a.csv", b"a;b\n" * 50), ("d/b.csv", b"1")]).read_bytes())
    content[at % len(content)] = byte
    place.write_bytes(content)
    try:
        found = unpack(place, "a.zip", folder)
    except InputError:
        assert list(folder.iterdir()) == []
    else:
        assert len(found) == len(list(folder.iterdir()))
