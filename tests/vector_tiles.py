"""A reader of Mapbox Vector Tiles 2.1 for tests, after its specification and with none of our code."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

POINT, LINE, POLYGON = 1, 2, 3


@dataclass
class Feature:
    id: int | None
    kind: int
    parts: list[list[tuple[int, int]]]
    properties: dict[str, Any]

    @property
    def area(self) -> float:
        """The area in units of the tile; holes, which run the other way, are taken off."""
        return sum(ring_area(ring) for ring in self.parts)


@dataclass
class Layer:
    name: str = ""
    version: int = 1
    extent: int = 4096
    features: list[Feature] = field(default_factory=list)


def layers(data: bytes) -> dict[str, Layer]:
    found = [_layer(content) for number, content in _fields(data) if number == 3]
    named = {one.name: one for one in found}
    assert len(named) == len(found), "the name of a layer stands once in a tile"
    return named


def ring_area(ring: list[tuple[int, int]]) -> float:
    """The surveyor's formula: positive for the outline of an area, as the specification wants it."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2


def _layer(data: bytes) -> Layer:
    made, keys, values, raw = Layer(), [], [], []
    for number, content in _fields(data):
        if number == 1:
            made.name = content.decode()
        elif number == 2:
            raw.append(content)
        elif number == 3:
            keys.append(content.decode())
        elif number == 4:
            values.append(_value(content))
        elif number == 5:
            made.extent = content
        elif number == 15:
            made.version = content
    made.features = [_feature(one, keys, values) for one in raw]
    return made


def _feature(data: bytes, keys: list[str], values: list[Any]) -> Feature:
    identifier, kind, tags, commands = None, 0, [], []
    for number, content in _fields(data):
        if number == 1:
            identifier = content
        elif number == 2:
            tags = _varints(content)
        elif number == 3:
            kind = content
        elif number == 4:
            commands = _varints(content)
    named = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    return Feature(identifier, kind, _parts(commands), named)


def _parts(commands: list[int]) -> list[list[tuple[int, int]]]:
    parts, at, x, y = [], 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            x, y = x + _signed(commands[at]), y + _signed(commands[at + 1])
            at += 2
            if command == 1:
                parts.append([])
            parts[-1].append((x, y))
    return parts


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _value(data: bytes) -> Any:
    [(number, content)] = list(_fields(data))
    if number == 1:
        return content.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", content)[0]
    if number == 4:
        return content - 2**64 if content >= 2**63 else content
    if number == 6:
        return _signed(content)
    if number == 7:
        return bool(content)
    return content


def _varints(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            content, at = _varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(wire)
            if size is None:
                assert wire == 2, wire
                size, at = _varint(data, at)
            content, at = data[at : at + size], at + size
            assert len(content) == size, "a field ends before its end"
        found.append((number, content))
    return found
