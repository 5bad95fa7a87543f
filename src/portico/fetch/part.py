"""What has come so far: written beside its place, hashed, held to its limit; continued, begun again, or thrown away."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from portico.errors import InputError, StateError

BLOCK = 1 << 20
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)", re.IGNORECASE)
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"')
_SETTLED = timedelta(seconds=1)


class Part:
    """The temporary file of one fetch: ``size`` bytes written of ``total``, which is None where nobody said."""

    def __init__(self, to: Path, max_bytes: int) -> None:
        """Write beside ``to``, never more than ``max_bytes``."""
        self._to = to
        self._max_bytes = max_bytes
        self._path = to.with_name(f".{os.getpid()}-{os.urandom(6).hex()}.part")
        self._file: BinaryIO | None = None
        self._is_kept = False
        self.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk complains again when the file is closed
                self._file.close()
        self._path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Throw away what has come: the next answer begins from nothing."""
        self.size = 0
        self.total: int | None = None
        self._received = 0
        self._hash = hashlib.sha256()
        self._inflater: zlib._Decompress | None = None
        self._validator = ""

    def begin(self, headers: Mapping[str, str], host: str) -> None:
        """Make ready for a whole answer. Raises InputError where it is too large or in an unknown encoding."""
        self.forget()
        with self._disk():
            if self._file is None:
                self._to.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("xb")
            self._file.seek(0)
            self._file.truncate()
        coding = headers.get("content-encoding", "").strip().lower()
        if coding in ("gzip", "x-gzip", "deflate"):
            self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        elif coding not in ("", "identity"):
            raise InputError("fetch-encoding", host=host, encoding=coding[:40])
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and len(length) < 20:  # noqa: PLR2004 - digits of a size in 64 bits
            self._refuse_beyond(int(length), host)
            self.total = int(length) if self._inflater is None else None
        if self._inflater is None and headers.get("accept-ranges", "").lower() != "none":
            self._validator = _validator(headers)

    def add(self, chunk: bytes, host: str) -> None:
        """Write what came. Raises InputError beyond the limit or for what does not decompress."""
        self._received += len(chunk)
        self._refuse_beyond(self._received, host)
        try:
            for plain in self._plain(chunk):
                self._write(plain, host)
        except zlib.error as error:
            raise InputError("fetch-encoding", host=host, encoding="gzip") from error

    def _plain(self, chunk: bytes) -> Iterator[bytes]:
        """Yield ``chunk`` as it was before compression, a bounded piece at a time."""
        if self._inflater is None:
            yield chunk
            return
        while chunk:
            if self._inflater.eof:
                self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            yield self._inflater.decompress(chunk, BLOCK)
            chunk = self._inflater.unconsumed_tail or self._inflater.unused_data

    def _write(self, plain: bytes, host: str) -> None:
        self.size += len(plain)
        self._refuse_beyond(self.size, host)
        self._hash.update(plain)
        if self._file is not None:
            with self._disk():
                self._file.write(plain)

    def _refuse_beyond(self, size: int, host: str) -> None:
        if size > self._max_bytes:
            raise InputError("fetch-too-large", host=host, limit=self._max_bytes)

    @property
    def wish(self) -> dict[str, str]:
        """The headers that ask for the rest of what is here; none where only the whole can be asked for."""
        if not self.size or not self._validator:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._validator}

    def continues(self, headers: Mapping[str, str]) -> bool:
        """Say whether an answer goes on exactly where this part ends; where it does not, forget what is here."""
        found = _RANGE.fullmatch(headers.get("content-range", "").strip())
        same = headers.get("etag", self._validator) == self._validator or not self._validator.startswith('"')
        fits = (
            found is not None
            and same
            and bool(self.wish)
            and headers.get("content-encoding", "identity").strip().lower() == "identity"
            and int(found[1]) == self.size <= int(found[2])
            and (found[3] == "*" or int(found[3]) == (self.total or int(found[3])) == int(found[2]) + 1)
        )
        if not fits:
            self.forget()
        elif found is not None and found[3] != "*":
            self.total = int(found[3])
        return fits

    def finish(self, host: str) -> str:
        """Check that all has come; return the SHA-256 of the bytes. Raises StateError where something is missing."""
        if self._inflater is not None:
            self._write(self._inflater.flush(), host)
            if self._received and not self._inflater.eof:
                self.forget()
                raise StateError("fetch-interrupted", host=host, detail="gzip")
        if self.total is not None and self.size != self.total:
            raise StateError("fetch-interrupted", host=host, detail=f"{self.size}/{self.total}")
        return self._hash.hexdigest()

    def keep(self) -> None:
        """Force the file to the disk and move it to its place."""
        with self._disk():
            if self._file is not None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
            self._path.replace(self._to)
            self._is_kept = True
            folder = os.open(self._to.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StateError("state-failed", path=self._to.name, detail=error.strerror or str(error)) from error


def _validator(headers: Mapping[str, str]) -> str:
    """Return what proves that the rest belongs to the same bytes: a strong ETag, else a time that has settled."""
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    if etag:
        return etag if _STRONG_ETAG.fullmatch(etag) else ""
    try:
        settled = parsedate_to_datetime(headers["date"]) - parsedate_to_datetime(modified) >= _SETTLED
    except (KeyError, ValueError, TypeError):
        return ""
    return modified if settled else ""
