"""Who may pass on a way, in which direction and how fast: pure decisions on the tags of OpenStreetMap.

The keys are read from the most special to the most general (motorcar, motor_vehicle, vehicle, access), as the OSM wiki
has it under "Key:access". What is not tagged follows the class of the way and Italian law: no walking or cycling on
motorways and trunk roads, unless it is expressly let in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portico.territory.model import Mode
from portico.territory.streets import speeds

Tags = Mapping[str, str]

_NO = frozenset({"no", "private", "agricultural", "forestry", "emergency", "delivery", "psv", "bus", "military"})
_YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
_CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_BICYCLE_KEYS = ("bicycle", "vehicle", "access")
_WALK_KEYS = ("foot", "access")
_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_FAST = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_ON_FOOT = frozenset({"footway", "pedestrian", "platform", "corridor"})
_WALKED = frozenset(speeds.RIDDEN_KM_H) - {"trunk", "trunk_link"} | _ON_FOOT | {"steps", "elevator", "trail"}
_CONTRAFLOW = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_CLOSED_ON_FOOT = frozenset({"fence", "wall", "hedge"})
_CLOSED_TO_BICYCLES = _CLOSED_ON_FOOT | {"kissing_gate", "stile", "turnstile", "full-height_turnstile"}
_CLOSED_TO_CARS = (
    _CLOSED_TO_BICYCLES
    | {"bollard", "block", "chain", "cycle_barrier", "motorcycle_barrier", "jersey_barrier", "log"}
    | {"bus_trap", "sump_buster", "ditch", "debris", "kerb"}
)


@dataclass(frozen=True, slots=True)
class Passage:
    """How fast a way is passed in its own direction and against it, in km/h; 0 is not at all.

    ``duration_s``, where it is known, is the time over the whole way whatever its length (a ferry's).
    """

    forward_km_h: float = 0.0
    backward_km_h: float = 0.0
    duration_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be passed in any direction."""
        return self.forward_km_h > 0 or self.backward_km_h > 0


CLOSED = Passage()


def passage(tags: Tags, mode: Mode) -> Passage:
    """Return how ``mode`` passes a way with ``tags``.

    >>> passage({"highway": "residential", "oneway": "yes"}, Mode.CAR)
    Passage(forward_km_h=25.0, backward_km_h=0.0, duration_s=None)
    >>> passage({"highway": "motorway"}, Mode.WALK).is_open
    False
    """
    if tags.get("route") == "ferry" and "highway" not in tags:
        return _ferry(tags, mode)
    return {Mode.WALK: _walked, Mode.BICYCLE: _ridden, Mode.CAR: _driven}[mode](tags)


def _stated(tags: Tags, keys: tuple[str, ...]) -> str:
    """Return the value of the most special key that is tagged."""
    return next((tags[key].split(";")[0].strip() for key in keys if key in tags), "")


def _may(tags: Tags, keys: tuple[str, ...], *, usually: bool) -> bool:
    stated = _stated(tags, keys)
    if stated in _NO:
        return False
    return usually or stated in _YES


def _ferry(tags: Tags, mode: Mode) -> Passage:
    keys = {Mode.WALK: _WALK_KEYS, Mode.BICYCLE: _BICYCLE_KEYS, Mode.CAR: _CAR_KEYS}[mode]
    if not _may(tags, keys, usually=mode is not Mode.CAR):
        return CLOSED
    return Passage(speeds.FERRY_KM_H, speeds.FERRY_KM_H, speeds.duration_s(tags.get("duration", "")))


def _walked(tags: Tags) -> Passage:
    kind = tags["highway"]
    usually = kind in _WALKED and tags.get("motorroad") != "yes"
    if kind in _FAST:
        usually = kind in ("trunk", "trunk_link") and tags.get("sidewalk", "no") not in ("no", "none")
    elif kind not in _WALKED:
        return CLOSED
    stated = _stated(tags, _WALK_KEYS)
    if stated == "use_sidepath" or not _may(tags, _WALK_KEYS, usually=usually):
        return CLOSED
    speed = speeds.WALKED_KM_H * (speeds.STEPS_SHARE if kind == "steps" else 1.0)
    oneway = tags.get("oneway:foot", "no")
    return Passage(0.0 if oneway in _BACKWARD else speed, 0.0 if oneway in _FORWARD else speed)


def _ridden(tags: Tags) -> Passage:
    kind = tags["highway"]
    expressly = tags.get("bicycle", "") in _YES
    if kind in _ON_FOOT or kind == "steps":
        return _ridden_on_foot(tags, kind, expressly=expressly)
    speed = speeds.RIDDEN_KM_H.get(kind, 0.0)
    usually = speed > 0 and kind not in _FAST and tags.get("motorroad") != "yes"
    if not speed or tags.get("bicycle") == "use_sidepath" or not _may(tags, _BICYCLE_KEYS, usually=usually):
        return CLOSED
    if kind in _FAST and not expressly:
        return CLOSED
    forward, backward = _directions(tags, tags.get("oneway:bicycle", tags.get("oneway", "")))
    if not backward and any(tags.get(key, "").startswith("opposite") for key in _CONTRAFLOW):
        backward = True
    return Passage(speed * forward, speed * backward)


def _ridden_on_foot(tags: Tags, kind: str, *, expressly: bool) -> Passage:
    """Where one walks a bicycle is pushed, or ridden slowly where that is expressly allowed."""
    if kind == "steps" and tags.get("ramp:bicycle") != "yes":
        return CLOSED
    if tags.get("bicycle") in _NO or not _may(tags, _WALK_KEYS, usually=True):
        return CLOSED
    speed = speeds.RIDDEN_KM_H["path"] if expressly and kind != "steps" else speeds.PUSHED_KM_H
    return Passage(speed, speed)


def _driven(tags: Tags) -> Passage:
    kind = tags["highway"].split(";")[0]
    usual = speeds.DRIVEN_KM_H.get(kind, 0.0)
    usually = usual > 0 and kind != "track" and tags.get("area") != "yes"
    if not usual or not _may(tags, _CAR_KEYS, usually=usually):
        return CLOSED
    oneway = tags.get("oneway", "yes" if kind in ("motorway", "motorway_link") else "")
    forward, backward = _directions(tags, oneway)
    return Passage(
        forward * _with_limit(usual, kind, tags.get("maxspeed:forward", tags.get("maxspeed", ""))),
        backward * _with_limit(usual, kind, tags.get("maxspeed:backward", tags.get("maxspeed", ""))),
    )


def _with_limit(usual: float, kind: str, tag: str) -> float:
    """Return what is driven under a tagged limit; slow classes stay slow whatever their limit."""
    limit = speeds.limit_km_h(tag)
    if limit is None:
        return usual
    driven = limit * speeds.LIMIT_SHARE
    return min(usual, driven) if kind in ("service", "living_street", "track", "services", "rest_area") else driven


def _directions(tags: Tags, oneway: str) -> tuple[bool, bool]:
    """Say whether a way is open in its own direction, and against it."""
    if oneway in _BACKWARD:
        return False, True
    if oneway in ("reversible", "alternating"):
        return False, False
    is_round = tags.get("junction") in ("roundabout", "circular") and oneway != "no"
    return True, not (oneway in _FORWARD or is_round)


def blocks(tags: Tags, mode: Mode) -> bool:
    """Say whether a barrier with ``tags`` on a way stops ``mode``. A gate is open unless it is said to be closed.

    >>> blocks({"barrier": "bollard"}, Mode.CAR), blocks({"barrier": "bollard"}, Mode.BICYCLE)
    (True, False)
    """
    keys = {Mode.WALK: _WALK_KEYS, Mode.BICYCLE: _BICYCLE_KEYS, Mode.CAR: _CAR_KEYS}[mode]
    kinds = {Mode.WALK: _CLOSED_ON_FOOT, Mode.BICYCLE: _CLOSED_TO_BICYCLES, Mode.CAR: _CLOSED_TO_CARS}[mode]
    stated = _stated(tags, keys)
    if stated:
        return stated in _NO
    return tags["barrier"] in kinds or tags.get("locked") == "yes"


def exempts(restriction_exempt: str, mode: Mode) -> bool:
    """Say whether a restriction that does not hold for the vehicles named lets ``mode`` pass."""
    named = {one.strip() for one in restriction_exempt.split(";")}
    return mode is not Mode.CAR or bool(named & {"motorcar", "motor_vehicle", "vehicle"})
