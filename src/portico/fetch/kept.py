"""A part that outlives its process: what a killed fetch had got is gone on with where it can be proven the same.

Beside the part lies a note: of which address it is, what the server calls these bytes, and up to where they are surely
on the disk, with the hash of that much. The next fetch believes nothing beyond the note, and the note only where the
bytes on the disk have its hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from portico.errors import InputError, StateError
from portico.fetch.part import BLOCK, Part

_NOTED_EVERY_BYTES = 1 << 21


class KeptPart(Part):
    """The part of one address on its way to one file. Only one process at a time works on it."""

    def __init__(self, to: Path, max_bytes: int, url: str) -> None:
        """Write beside ``to`` what comes from ``url``, never more than ``max_bytes``."""
        super().__init__(to, max_bytes)
        self._path = to.with_name(f".{to.name}.part")
        self._note = to.with_name(f".{to.name}.part.json")
        self._of = hashlib.sha256(url.encode()).hexdigest()  # an address may hold a key: it is not written down here
        self._noted = 0

    def __enter__(self) -> Self:
        """Take the part for this process, and take up what is noted of it. Raises StateError where another has it."""
        with self._disk():
            self._to.parent.mkdir(parents=True, exist_ok=True)
            file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
            if not (_taken(file) and self._is_there(file)):
                file.close()
                raise StateError("fetch-in-progress", file=self._to.name)
            self._file = file
            self._take_up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what has come to the next fetch, unless this one is done or the answer will never do."""
        stays = error is not None and not isinstance(error, InputError) and bool(self.wish)
        if stays:
            with contextlib.suppress(StateError):  # a full disk: what was noted before still stands
                self._write_note()
        if not stays or not self._note.exists():
            self._note.unlink(missing_ok=True)
            if not self._is_kept:
                self._path.unlink(missing_ok=True)
        if self._file is not None:
            with contextlib.suppress(OSError):  # as above
                self._file.close()

    def begin(self, headers: Mapping[str, str], host: str) -> None:
        """Make ready for a whole answer; nothing that was noted before holds any longer."""
        self._note.unlink(missing_ok=True)
        self._noted = 0
        super().begin(headers, host)

    def add(self, chunk: bytes, host: str) -> None:
        """Write what came, and note it from time to time."""
        super().add(chunk, host)
        if self.size - self._noted >= _NOTED_EVERY_BYTES and self.wish:
            self._write_note()

    def _is_there(self, file: BinaryIO) -> bool:
        """Say whether ``file`` still is what lies under its name: whoever had it may just have been done with it."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False

    def _write_note(self) -> None:
        """Force the bytes to the disk, then say how many there surely are."""
        if self._file is None:
            return
        note = {
            "of": self._of,
            "validator": self._validator,
            "total": self.total,
            "size": self.size,
            "sha256": self._hash.hexdigest(),
        }
        written = self._note.with_name(f"{self._note.name}.new")
        with self._disk():
            self._file.flush()
            os.fsync(self._file.fileno())
            with written.open("w", encoding="utf-8") as file:
                json.dump(note, file)
                file.flush()
                os.fsync(file.fileno())
            written.replace(self._note)
        self._noted = self.size

    def _take_up(self) -> None:
        """Go on from what is noted, where the bytes on the disk agree; else from nothing."""
        note = self._read_note()
        if note is None or self._file is None:
            return
        known, left = hashlib.sha256(), note["size"]
        while left and (block := self._file.read(min(BLOCK, left))):
            known.update(block)
            left -= len(block)
        if left or known.hexdigest() != note["sha256"]:
            self._file.seek(0)
            return
        self._file.truncate(note["size"])
        self._hash, self._validator, self.total = known, note["validator"], note["total"]
        self.size = self._received = self._noted = note["size"]

    def _read_note(self) -> dict[str, Any] | None:
        """Return the note on this address, nothing where there is none or it is not whole."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        kinds = {"of": str, "validator": str, "size": int, "sha256": str}
        if not isinstance(note, dict) or any(type(note.get(name)) is not kind for name, kind in kinds.items()):
            return None
        total = note.get("total")
        fits = note["of"] == self._of and 0 < note["size"] <= self._max_bytes and _is_plain(note["validator"])
        return note if fits and (total is None or type(total) is int) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and bool(text)


def _taken(file: BinaryIO) -> bool:
    """Lock ``file`` for this process, until it is closed or the process ends; say whether that was possible."""
    try:
        import fcntl  # noqa: PLC0415 - not everywhere; where there is none, two at once only waste their time
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
