"""Unpacking zip, gzip, tar and their like: nothing leaves the folder, and no size is believed before it is measured.

Archives inside the archive are left packed: who called decides whether to go on.
"""

from __future__ import annotations

import bz2
import contextlib
import errno
import gzip
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from portico.errors import InputError, StateError
from portico.lake.limits import MAX_EXPANSION, MAX_MEMBERS, MAX_UNPACKED_BYTES

_CHUNK = 1 << 20
_HARMLESS_BYTES = 100_000_000  # a small file of zeros may expand a thousandfold and hurt nobody
_LONGEST_READ = 16_000_000  # no header of a tar is longer
_DIRECTORY_BYTES = MAX_MEMBERS * 1_000
_TAR_MARK = slice(257, 262)
_JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_PACKED_ENDING = re.compile(r"\.(gz|gzip|xz|bz2|z)$", re.IGNORECASE)
_PACKED_TAR_ENDING = re.compile(r"\.(tgz|txz|tbz2?)$", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,12}")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_END_MARK = b"PK\x05\x06"
_END_BYTES = 22
_LOCATOR_BYTES = 20
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, tarfile.TarError, EOFError, struct.error, ValueError)
# What a disk says; any other number comes from places in the archive that are not there.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EMFILE})


class _Source(Protocol):
    """What bytes are read from: a member of a zip or tar, or a whole unpacked stream."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes."""


def unpack(path: Path, name: str, folder: Path) -> list[tuple[Path, str]]:
    """Unpack the archive at ``path`` into ``folder``; return each file with its name inside the archive.

    ``name`` is what messages call the archive; ``folder`` exists. Files get names of our own choosing on the disk, so
    that no name in the archive can do harm; names inside the archive are made distinct ("a.csv", "a_2.csv").
    What the systems of desks leave behind (``__MACOSX``, ``.DS_Store``, ``Thumbs.db``) is left out.

    Raises InputError where the archive is damaged, encrypted, empty, too large, or names a place outside the folder;
    StateError where the disk is full. Nothing is left in ``folder`` then.
    """
    job = _Job(name, folder, min(MAX_UNPACKED_BYTES, max(MAX_EXPANSION * path.stat().st_size, _HARMLESS_BYTES)))
    with contextlib.ExitStack() as undo:
        undo.callback(job.clear)
        with _damage_named(name):
            _unpack(path, job)
        if not job.files:
            raise InputError("archive-empty", file=name)
        undo.pop_all()
    return job.files


@dataclass(slots=True)
class _Job:
    """One archive being unpacked: where to, how much it may become, what has been written."""

    name: str
    folder: Path
    limit: int
    written: int = 0
    files: list[tuple[Path, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def take(self, source: _Source, inside: str) -> None:
        """Write one member, measuring."""
        ending = PurePosixPath(inside).suffix
        target = self.folder / f"{len(self.files):05d}{ending if _ENDING.fullmatch(ending) else ''}"
        self.files.append((target, self._distinct(inside)))
        with target.open("xb") as out:
            while chunk := source.read(_CHUNK):
                self.written += len(chunk)
                if self.written > self.limit:
                    raise self.too_big()
                out.write(chunk)

    def too_big(self) -> InputError:
        """Return the refusal of an archive that becomes larger than it may."""
        return InputError("archive-too-big", file=self.name, limit=f"{self.limit / 1e6:.0f}")

    def clear(self) -> None:
        """Remove what was written."""
        for path, _ in self.files:
            path.unlink(missing_ok=True)

    def _distinct(self, inside: str) -> str:
        pure, candidate, count = PurePosixPath(inside), inside, 1
        while candidate.casefold() in self.names:
            count += 1
            candidate = str(pure.with_name(f"{pure.stem}_{count}{pure.suffix}"))
        self.names.add(candidate.casefold())
        return candidate


@contextlib.contextmanager
def _damage_named(name: str) -> Iterator[None]:
    """Turn what the unpackers raise into one sentence about the archive ``name``."""
    try:
        yield
    except (NotImplementedError, RuntimeError) as error:  # a method this Python does not know, or wants a password for
        raise InputError("archive-method", file=name, detail=str(error)) from error
    except _FAULTS as error:
        raise InputError("archive-damaged", file=name, detail=str(error) or type(error).__name__) from error
    except OSError as error:
        if error.errno in _DISK:
            raise StateError("state-failed", path=name, detail=error.strerror or str(error)) from error
        raise InputError("archive-damaged", file=name, detail=error.strerror or str(error)) from error


def _unpack(path: Path, job: _Job) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        _unpack_zip(path, job)
    elif head[_TAR_MARK] == b"ustar":
        with path.open("rb") as file:
            _unpack_tar(file, job)
    else:
        _unpack_stream(path, head, job)


# --- zip ---


def open_zip(path: Path, name: str) -> zipfile.ZipFile:
    """Open a zip whose directory is of a size to be believed; raise InputError with what is wrong otherwise."""
    with _damage_named(name):
        if _directory_bytes(path) > _DIRECTORY_BYTES:
            raise InputError("archive-too-many", file=name, limit=MAX_MEMBERS)
        archive = zipfile.ZipFile(path)
    if len(archive.infolist()) > MAX_MEMBERS:
        archive.close()
        raise InputError("archive-too-many", file=name, limit=MAX_MEMBERS)
    return archive


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member to be read to its true end: the size that the directory states is not believed."""
    info.file_size = 1 << 62
    return archive.open(info)


def _directory_bytes(path: Path) -> int:
    """Return the size of a zip's directory as its last record states it; 0 where there is none."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_535 - _END_BYTES - _LOCATOR_BYTES))
        tail = file.read()
        at = tail.rfind(_END_MARK)
        if at < 0 or at + _END_BYTES > len(tail):
            return 0
        stated = int(struct.unpack_from("<L", tail, at + 12)[0])
        locator = tail[max(0, at - _LOCATOR_BYTES) : at]
        if not locator.startswith(b"PK\x06\x07"):
            return stated
        file.seek(struct.unpack_from("<Q", locator, 8)[0])
        large = file.read(56)
        return int(struct.unpack_from("<Q", large, 40)[0]) if large.startswith(b"PK\x06\x06") else stated


def _unpack_zip(path: Path, job: _Job) -> None:
    with open_zip(path, job.name) as archive:
        wanted = []
        for info in archive.infolist():
            inside = _zip_name(info)
            if info.is_dir() or inside.endswith("/") or _is_junk(inside):
                continue
            _check_name(inside, job.name)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise InputError("archive-link", file=job.name, member=inside)
            if info.flag_bits & _ENCRYPTED:
                raise InputError("archive-encrypted", file=job.name)
            wanted.append((info, inside))
        for info, inside in wanted:
            with open_member(archive, info) as source:
                job.take(source, inside)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name as it was meant: many programs write UTF-8 and do not say so."""
    name = info.orig_filename.partition("\x00")[0]
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


# --- tar, and single packed files ---


class _Measured:
    """A stream that goes no further than a limit, and never reads more at once than a sane archive asks for."""

    def __init__(self, stream: IO[bytes], job: _Job) -> None:
        self._stream = stream
        self._job = job

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _LONGEST_READ:
            raise tarfile.ReadError(f"a header of {size} bytes")
        self._check(self._stream.tell() + size)
        return self._stream.read(size)

    def seek(self, position: int, whence: int = 0) -> int:
        self._check(position)
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def _check(self, position: int) -> None:
        if position > self._job.limit + _LONGEST_READ:
            raise self._job.too_big()


def _unpack_tar(stream: IO[bytes], job: _Job) -> None:
    measured = _Measured(stream, job)
    with tarfile.open(fileobj=measured, mode="r:") as archive:  # type: ignore[call-overload]
        for count, info in enumerate(archive, start=1):
            if count > MAX_MEMBERS:
                raise InputError("archive-too-many", file=job.name, limit=MAX_MEMBERS)
            inside = _readable(info.name)
            if info.isdir() or _is_junk(inside):
                continue
            _check_name(inside, job.name)
            if not info.isreg():
                raise InputError("archive-link", file=job.name, member=inside)
            source = archive.extractfile(info)
            if source is not None:
                with source:
                    job.take(source, inside)


def _unpack_stream(path: Path, head: bytes, job: _Job) -> None:
    """Unpack one packed stream: a tar, or a single file that takes the archive's name without its ending."""
    with _opened(path, head, job.name) as stream:
        start = stream.read(512)
        stream.seek(0)
        if start[_TAR_MARK] == b"ustar":
            _unpack_tar(stream, job)
            return
        inside = PurePosixPath(job.name.replace("\\", "/")).name
        job.take(stream, _PACKED_ENDING.sub("", _PACKED_TAR_ENDING.sub(".tar", inside)) or "content")


def _opened(path: Path, head: bytes, name: str) -> IO[bytes]:
    if head.startswith(b"\x1f\x8b"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(path, "rb")
    if head.startswith(b"BZh"):
        return bz2.open(path, "rb")
    raise InputError("archive-unknown", file=name)


# --- names ---


def _readable(name: str) -> str:
    """Return a name whose bytes were no UTF-8 as text all the same."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = name.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return name.removeprefix("./")


def _is_junk(inside: str) -> bool:
    parts = PurePosixPath(inside).parts
    return not parts or "__MACOSX" in parts or parts[-1].lower() in _JUNK_NAMES or parts[-1].startswith("._")


def _check_name(inside: str, name: str) -> None:
    """Refuse a name that points outside of the folder: such an archive was made to do harm."""
    slashed = inside.replace("\\", "/")
    if slashed.startswith("/") or re.match(r"[A-Za-z]:", slashed) or ".." in PurePosixPath(slashed).parts:
        raise InputError("archive-unsafe-name", file=name, member=inside)
