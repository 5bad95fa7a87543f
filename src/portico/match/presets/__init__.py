"""Briefs to begin with, one for each kind of activity, each stating where its weights come from."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from portico.errors import UnknownNameError
from portico.match.briefs import SUFFIX, check
from portico.match.model import Activity, Brief
from portico.messages import did_you_mean
from portico.settings import Document

NAMES: tuple[str, ...] = tuple(one.value for one in Activity)


@functools.cache
def preset(name: str) -> Brief:
    """Return the preset ``name``, one of ``NAMES``. Raises UnknownNameError for any other.

    >>> preset("plant").activity.value
    'plant'
    """
    if name not in NAMES:
        raise UnknownNameError("preset-unknown", name=name, advice=did_you_mean(name, NAMES))
    text = resources.files(__name__).joinpath(f"{name}{SUFFIX}").read_text("utf-8")
    return check(Document(f"{name}{SUFFIX}", tomllib.loads(text), {}))


def presets() -> tuple[Brief, ...]:
    """Return every preset."""
    return tuple(preset(name) for name in NAMES)
