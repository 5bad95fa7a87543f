"""A brief written down: as plain data, the one schema of TOML, JSON and address, and as TOML with comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import Enum
from typing import Any

from portico.match.criteria import criterion
from portico.match.labels import label
from portico.match.model import Asked, Brief, Must
from portico.messages import Message, Text

Say = Callable[[Message], str]
_M2_IN_HA = 10_000.0
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def as_data(brief: Brief) -> dict[str, Any]:
    """Return ``brief`` as plain data without its name: what is as by default is left out, hectares stand as such.

    >>> from portico.match.model import Activity
    >>> as_data(Brief(title=Text(en="Mill"), activity=Activity.FOOD, sector="food"))
    {'title': {'en': 'Mill'}, 'activity': 'food', 'sector': 'food'}
    """
    made = {name: value for name, value in _kept(brief) if name not in ("id", "musts", "wants")}
    for name, group in (("musts", brief.musts), ("wants", brief.wants)):
        if group:
            made[name] = [_asked(one) for one in group]
    return made


def _asked(one: Asked) -> dict[str, Any]:
    made = dict(_kept(one))
    if isinstance(one, Must):
        if one.by is not None and one.at_most == 0:
            del made["at_most"], made["unit"]
        _in_hectares(made)
    return made


def _in_hectares(made: dict[str, Any]) -> None:
    """Write a limit of a hectare or more in hectares, where that is the same number to the last digit."""
    name = "at_least" if "at_least" in made else "at_most"
    if made.get("unit", "m2") == "m2" and made["criterion"] == "area" and made.get(name, 0) >= _M2_IN_HA:
        hectares = made[name] / _M2_IN_HA
        if hectares * _M2_IN_HA == made[name]:
            made |= {name: _number(hectares), "unit": "ha"}


def _kept(one: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any of the nouns of a brief
    for each in fields(one):
        value = getattr(one, each.name)
        made = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != made or each.default is each.default_factory is MISSING:
            yield each.name, _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a brief
    if isinstance(value, Text):
        return value[""] if set(value) == {""} else dict(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def to_toml(brief: Brief, say: Say) -> str:
    """Return ``brief`` as TOML that says in comments what can be changed; ``say`` puts those into a language.

    Reading it gives the same brief again.
    """
    data = as_data(brief)
    groups = {name: data.pop(name, []) for name in ("musts", "wants")}
    lines = [*_comments("head", say), ""]
    for key, value in data.items():
        note = say(Message(f"brief-toml.{key}")) if key in ("activity", "ateco", "order_as", "total") else ""
        lines.append(_line(key, value, note))
    for name, asked in (("musts", brief.musts), ("wants", brief.wants)):
        lines += ["", *_comments(name, say)]
        for one, written in zip(asked, groups[name], strict=True):
            known = criterion(one.criterion)
            called = [] if one.label or known is None else [_comment(say(label(one, known)))]
            lines += ["", *called, f"[[{name}]]", *(_line(key, value) for key, value in written.items())]
    return "\n".join(lines) + "\n"


def _comments(name: str, say: Say) -> list[str]:
    return [_comment(say(Message(f"brief-toml.{name}"))), _comment(say(Message(f"brief-toml.{name}.how")))]


def _comment(text: str) -> str:
    return f"# {' '.join(text.split())}"


def _line(key: str, value: object, note: str = "") -> str:
    written = value if key == "by" else _toml(value)
    return f"{key} = {written}{f'  # {note}' if note else ''}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, dict):
        items = ", ".join(f"{_key(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    return repr(value)


def _key(key: str) -> str:
    return key if key and set(key) <= _BARE else _toml(key)
