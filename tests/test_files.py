"""A file is written whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.errors import StateError, UsageError
from portico.files import write_whole


def test_text_and_bytes_are_written_and_nothing_else_is_left(tmp_path):
    write_whole(tmp_path / "a.txt", "perché no\n")
    write_whole(tmp_path / "b.bin", b"\x00\x01")
    assert (tmp_path / "a.txt").read_bytes() == "perché no\n".encode()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.txt", "b.bin"]


def test_what_stood_there_stays_where_the_disk_refuses(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    target.write_text("before")

    def full(self: Path, _: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StateError) as refused:
        write_whole(target, "after")
    assert refused.value.values["detail"] == "No space left on device"
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.txt", "before")]


def test_a_folder_one_may_not_write_into_is_told_as_that(tmp_path, monkeypatch):
    def closed(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", closed)
    with pytest.raises(StateError, match="file-not-writable"):
        write_whole(tmp_path / "a.txt", "x")


def test_a_folder_in_the_place_of_a_file_and_a_missing_folder_are_told(tmp_path):
    with pytest.raises(UsageError, match="file-is-folder"):
        write_whole(tmp_path, "x")
    with pytest.raises(UsageError, match="file-folder-missing"):
        write_whole(tmp_path / "none" / "a.txt", "x")
