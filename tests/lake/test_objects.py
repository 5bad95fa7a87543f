"""The folder of immutable files."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import pytest

from portico.lake.objects import TEMPORARY, Objects, file_hash

NAME = "ab" + "0" * 62


def _written(objects: Objects, content: bytes = b"content"):
    path = objects.temporary()
    path.write_bytes(content)
    return path


def _visible(objects: Objects) -> list[str]:
    return sorted(str(path.relative_to(objects.folder)) for path in objects.folder.glob("[0-9a-f][0-9a-f]/*.parquet"))


def test_nothing_is_made_before_it_is_needed(tmp_path):
    Objects(tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_a_kept_file_lies_under_its_identity(tmp_path):
    objects = Objects(tmp_path / "lake")
    name, sha256, size = objects.keep(_written(objects), NAME)
    assert name == f"ab/{NAME}.parquet"
    assert objects.path(name).read_bytes() == b"content"
    assert (sha256, size) == (hashlib.sha256(b"content").hexdigest(), 7)
    assert file_hash(objects.path(name)) == sha256
    assert list((objects.folder / TEMPORARY).iterdir()) == []


def test_what_was_killed_half_way_is_never_visible_and_goes_after_an_hour(tmp_path):
    objects = Objects(tmp_path / "lake")
    left, young = _written(objects, b"hal"), _written(objects, b"half")
    assert _visible(objects) == []
    long_ago = time.time() - 3700
    os.utime(left, (long_ago, long_ago))
    objects.keep(_written(objects), NAME)
    assert _visible(objects) == [f"ab/{NAME}.parquet"]
    assert not left.exists()
    assert young.exists()


def test_a_file_is_whole_with_the_bytes_of_its_manifest_only(tmp_path):
    objects = Objects(tmp_path / "lake")
    kept = objects.keep(_written(objects), NAME)
    assert objects.is_whole(*kept)
    objects.path(kept[0]).write_bytes(b"contEnt")
    assert not objects.is_whole(*kept)
    objects.path(kept[0]).unlink()
    assert not objects.is_whole(*kept)


def test_a_file_that_another_writer_moves_meanwhile_disturbs_nobody(tmp_path):
    objects = Objects(tmp_path / "lake")
    workplace = objects.temporary().parent
    (workplace / "just-moved.parquet").symlink_to(tmp_path / "nowhere")
    assert objects.temporary().parent == workplace


def test_a_copy_for_which_there_is_no_room_leaves_nothing(tmp_path, monkeypatch):
    objects = Objects(tmp_path / "lake")
    source = tmp_path / "came.csv"
    source.write_bytes(b"content")

    def half(_from, to):
        Path(to).write_bytes(b"cont")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", half)
    with pytest.raises(OSError, match="No space"):
        objects.keep_as(source, "originals/aa", copy=True)
    assert list((objects.folder / TEMPORARY).iterdir()) == []
    assert not objects.path("originals/aa").exists()


def test_two_that_write_at_once_never_share_a_place(tmp_path):
    objects = Objects(tmp_path / "lake")
    assert len({objects.temporary() for _ in range(50)}) == 50
