"""What the docstring of a criterion states: unit, direction, default scale, formula and source. Read from there alone.

Reference page, form, API and guide say what stands in the docstring of the function that measures::

    Unit: min
    Direction: min
    Default scale: 10 → 1, 60 → 0
    Formula: minutes to the nearest, min_j c_ij
    Source: Levinson, King and others, Transport Access Manual, 2020

A criterion that answers in words states ``Default values: yes 1, no 0`` in place of unit, direction and scale. A text
may go on in the next line, further in; a blank line ends it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from portico.match.methods.stated import Direction

_LABELS = ("Unit", "Direction", "Default scale", "Default values", "Formula", "Source")
_LINE = re.compile(rf"(?P<label>{'|'.join(_LABELS)}): (?P<text>.+)")
_ARROW = "→"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a docstring states; empty where it does not."""

    unit: str = ""
    direction: Direction | None = None
    default_scale: tuple[tuple[float, float], ...] = ()
    default_values: Mapping[str, float] = field(default_factory=dict)
    formula: str = ""
    source: str = ""


@cache
def stated(measure: Callable[..., Any]) -> Stated:
    """Return what the docstring of ``measure`` states; raise ValueError for a number or direction that is none.

    >>> def nearness():
    ...     '''How near.
    ...
    ...     Unit: min
    ...     Direction: min
    ...     Default scale: 10 → 1, 60 → 0
    ...     Formula: the least of all
    ...         minutes
    ...     '''
    >>> stated(nearness).default_scale, stated(nearness).formula
    (((10.0, 1.0), (60.0, 0.0)), 'the least of all minutes')
    """
    texts = _texts(inspect.getdoc(measure) or "")
    direction = texts.get("Direction")
    return Stated(
        texts.get("Unit", ""),
        Direction(direction) if direction else None,
        tuple(_point(part) for part in texts["Default scale"].split(",")) if "Default scale" in texts else (),
        dict(_word(part) for part in texts["Default values"].split(",")) if "Default values" in texts else {},
        texts.get("Formula", ""),
        texts.get("Source", ""),
    )


def _texts(doc: str) -> dict[str, str]:
    found: dict[str, str] = {}
    label = ""
    for line in doc.splitlines():
        start = _LINE.fullmatch(line)
        if start:
            label = start["label"]
            found[label] = start["text"].strip()
        elif label and line.startswith(" "):
            found[label] += f" {line.strip()}"
        else:
            label = ""
    return found


def _point(text: str) -> tuple[float, float]:
    x, _, value = text.partition(_ARROW)
    return float(x), float(value)


def _word(text: str) -> tuple[str, float]:
    word, value = text.split()
    return word, float(value)
