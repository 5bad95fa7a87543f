"""The pack of the reference city and the worked cases, for the tests of permits."""

import functools
import tomllib
from datetime import date
from pathlib import Path

from tests.shared import ROOT

from portico.permits.model import Answers, Group
from portico.permits.pack import read

FOLDER = ROOT / "cities" / "torino" / "rules" / "permits"
FILED = date(2026, 11, 22)
CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]


@functools.cache
def pack():
    return read(FOLDER)


def typed(values):
    return {
        name: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in values.items()
    }


def defaults():
    return {
        name: one.default
        for name, one in pack().attributes.items()
        if one.group in (Group.PROFILE, Group.SITE) and one.default is not None
    }


def answers_of(case):
    return Answers({**defaults(), **typed(case["answers"])})
