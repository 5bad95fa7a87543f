"""The compound file of old office programs: a small file system in a file, of which the streams are wanted."""

from __future__ import annotations

import struct

_ENTRY = 128
_NO_MORE = 0xFFFFFFFA
_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_IN_HEADER = 109
_ROOT, _STREAM = 5, 2
_SHIFTS = range(6, 17)


class Compound:
    """A compound file in memory. Raises ValueError, IndexError or struct.error where it is damaged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in _SHIFTS or small_shift not in _SHIFTS:
            raise ValueError("sector size")
        self._sector, self._small_sector = 1 << shift, 1 << small_shift
        directory, self._cutoff, small_table = struct.unpack_from("<L4xLL", content, 48)
        self._table = self._allocation()
        self._entries = self._read_directory(directory)
        self._small_table = _numbers(self._chain(small_table)) if small_table < _NO_MORE else ()
        root = next((entry for entry in self._entries.values() if entry[0] == _ROOT), (_ROOT, _FREE, 0))
        self._small = self._chain(root[1]) if root[1] < _NO_MORE else b""

    def holds(self, *names: str) -> bool:
        """Say whether there is a stream or storage of one of these names."""
        return any(name in self._entries for name in names)

    def stream(self, name: str) -> bytes:
        """Return a stream, nothing where there is none of that name."""
        kind, start, size = self._entries.get(name, (0, 0, 0))
        if kind != _STREAM:
            return b""
        if size >= self._cutoff:
            return self._chain(start)[:size]
        found = bytearray()
        for number in _follow(start, self._small_table):
            found += self._small[number * self._small_sector : (number + 1) * self._small_sector]
        return bytes(found[:size])

    def _allocation(self) -> tuple[int, ...]:
        """Return the table that says which sector follows which."""
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}L", self._content, 76))
        following = struct.unpack_from("<L", self._content, 68)[0]
        seen = set()
        while following < _NO_MORE and following not in seen:
            seen.add(following)
            numbers = _numbers(self._at(following))
            sectors += numbers[:-1]
            following = numbers[-1]
        return _numbers(b"".join(self._at(number) for number in dict.fromkeys(sectors) if number < _NO_MORE))

    def _read_directory(self, start: int) -> dict[str, tuple[int, int, int]]:
        content = self._chain(start)
        found: dict[str, tuple[int, int, int]] = {}
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            begin, size = struct.unpack_from("<LL", content, at + 116)
            name = content[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if kind:
                found.setdefault(name, (kind, begin, size))
        return found

    def _at(self, number: int) -> bytes:
        begin = (number + 1) * self._sector
        return self._content[begin : begin + self._sector]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._at(number) for number in _follow(start, self._table))


def _follow(start: int, table: tuple[int, ...]) -> list[int]:
    """Return the numbers of a chain; one that turns back on itself is damage."""
    found, seen, number = [], set(), start
    while number < _NO_MORE:
        if number in seen or number >= len(table):
            raise ValueError("chain of sectors")
        seen.add(number)
        found.append(number)
        number = table[number]
    return found


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}L", content[: len(content) // 4 * 4])


def packed(name: str, stream: bytes) -> bytes:
    """Return a new compound file with one stream, for programs that trust what the tables of such a file say.

    >>> Compound(packed("Workbook", b"abc" * 2_000)).stream("Workbook") == b"abc" * 2_000
    True
    """
    sector = 512
    size = max(len(stream), 8 * sector)  # anything smaller would have to stand among the small streams
    count = -(-size // sector)
    tables, more = 1, 0
    while tables * 128 < count + 1 + tables + more or more * 127 < tables - _IN_HEADER:
        tables, more = tables + 1, max(0, -(-(tables + 1 - _IN_HEADER) // 127))
    first_table = count + 1
    first_more = first_table + tables
    chain = [*range(1, count), _END, _END, *([0xFFFFFFFD] * tables), *([0xFFFFFFFC] * more)]
    table = struct.pack(f"<{len(chain)}L", *chain).ljust(sector * tables, b"\xff")
    places = list(range(first_table, first_table + tables))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<LLLLLLLLL", 0, tables, count, 0, 8 * sector, _END, 0, first_more if more else _END, more)
    header += struct.pack(f"<{_IN_HEADER}L", *(places + [_FREE] * _IN_HEADER)[:_IN_HEADER])
    directory = _entry("Root Entry", _ROOT, 1, _END, 0) + _entry(name, _STREAM, _FREE, 0, size)
    rest = places[_IN_HEADER:]
    further = b"".join(
        struct.pack("<128L", *(rest[at * 127 : at * 127 + 127] + [_FREE] * 127)[:127], first_more + at + 1)
        for at in range(more)
    )
    if further:
        further = further[:-4] + struct.pack("<L", _END)
    return header + stream.ljust(count * sector, b"\0") + directory.ljust(sector, b"\0") + table + further


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<LLL", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<LLL", start, size, 0)
    )
