"""Figures of a dossier, each in its place, and what they are held against: versions in the lake, settings, briefs."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.lake import queries
from portico.lake.lake import Lake

Plain = Mapping[str, Any]
BOUNDS = ("low", "value", "high")
ROUNDED = 2e-6
"""Plain data is rounded to six digits."""


class City:
    """What the walk may look at: versions in the lake, and the files of settings and briefs."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self.lake = lake
        self.folder = folder
        self.settings = tomllib.loads((folder / "city.toml").read_text("utf-8"))
        self._read: dict[tuple[str, str], Mapping[str, Plain]] = {}

    def rows(self, dataset: str, version: str) -> Mapping[str, Plain]:
        """Return the rows of a version by their ids."""
        known = self._read
        if (dataset, version) not in known:
            table = queries.read(self.lake, queries.version(self.lake, f"{dataset}@{version}"))
            known[dataset, version] = {str(row["id"]): row for row in table.mappings()}
        return known[dataset, version]

    def head(self, dataset: str) -> Mapping[str, Plain]:
        return self.rows(dataset, queries.heads(self.lake)[dataset].id)

    def brief(self, name: str) -> Plain:
        return tomllib.loads((self.folder / "briefs" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Drawn:
    """A figure, or a statement, and its place in a document."""

    document: Plain
    path: tuple[str | int, ...]

    @property
    def found(self) -> Plain:
        return self.up(0)

    def up(self, levels: int) -> Any:
        """Return what stands ``levels`` above the figure."""
        node: Any = self.document
        for step in self.path[: len(self.path) - levels]:
            node = node[step]
        return node

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(step for step in self.path if isinstance(step, str))

    @property
    def method(self) -> str:
        return next((piece["method"] for piece in self.found["evidence"] if "method" in piece), "rows")

    @property
    def kind(self) -> tuple[object, ...]:
        return ("brief" in self.document, self.names, self.method)

    @property
    def parameters(self) -> Plain:
        first = next(piece for piece in self.found["evidence"] if "method" in piece)
        return first.get("parameters", {})

    @property
    def rows(self) -> list[Plain]:
        return [piece for piece in self.found["evidence"] if "row" in piece]

    @property
    def site(self) -> str:
        """The site that the figure is about."""
        if "brief" not in self.document:
            return self.document["id"]
        node: Any = self.document
        found = ""
        for step in self.path:
            node = node[step]
            if isinstance(node, dict) and {"musts", "contributions"} & node.keys():
                found = node["id"]
        return found

    @property
    def group(self) -> str:
        return str(self.path[0])

    def asked(self, city: City) -> Plain:
        """Return the must or want of the brief that the figure answers."""
        brief = city.brief(self.document["brief"]["id"])
        if self.path[2] == "contributions":
            return brief["wants"][self.path[3]]
        return ({"criterion": "availability"}, *brief.get("musts", ()))[self.path[3]]


def figures(document: Plain) -> list[Drawn]:
    """Return every figure and statement of a document that states anything."""

    def search(node: Any, path: tuple[str | int, ...]) -> Iterator[Drawn]:
        if isinstance(node, dict):
            stated = [node.get(bound) for bound in BOUNDS]
            if "evidence" in node and ("unit" in node or "values" in node):
                if any(one is not None for one in stated) or node.get("values"):
                    yield Drawn(document, path)
                return
            for name, inner in node.items():
                yield from search(inner, (*path, name))
        elif isinstance(node, list):
            for number, inner in enumerate(node):
                yield from search(inner, (*path, number))

    return list(search(document, ()))


def draw(documents: Sequence[Plain], count: int, chance: Any) -> list[Drawn]:
    """Draw ``count`` figures at random, each kind in turn, so that none is missed for being rare."""
    kinds: dict[tuple[object, ...], list[Drawn]] = {}
    for one in itertools.chain.from_iterable(map(figures, documents)):
        kinds.setdefault(one.kind, []).append(one)
    order = sorted(kinds, key=repr)
    chance.shuffle(order)
    for each in kinds.values():
        chance.shuffle(each)
    rounds = itertools.zip_longest(*(kinds[kind] for kind in order))
    return list(itertools.islice((one for each in rounds for one in each if one is not None), count))


def differs(found: Plain, low: float, value: float | None, high: float, within: float = ROUNDED) -> Iterator[str]:
    for bound, expected in zip(BOUNDS, (low, value, high), strict=True):
        told = found[bound]
        if (told is None) != (expected is None) or (told is not None and abs(told - expected) > within):
            yield f"{bound} is {told}, and comes out as {expected}"


def only(found: Plain, value: float, within: float = ROUNDED) -> Iterator[str]:
    yield from differs(found, value, value, value, within)


def day_of(text: Any) -> tuple[int, ...]:
    """When something holds, as far as that is said; what is undated before any day."""
    parts = [int(part) for part in str(text or "0").split("-")]
    return tuple([*parts, 1, 1][:3])
