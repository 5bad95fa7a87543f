"""``doctor``: whether the installation is whole, the working state sound, the versions those of the facts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from portico.build import lake_of, outdated
from portico.city import City
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.errors import CityNotFoundError, PorticoError
from portico.lake import queries
from portico.lake.engine import Engine
from portico.messages import Message
from portico.translation import Translator
from portico.web.assets import is_built


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, whether it is well, and what was seen."""

    name: str
    is_well: bool
    seen: str


def doctor(*, common: Common = DEFAULTS) -> int:
    """Look over the installation and, where there is one, the city's working state.

    Exit code 0: all is well; 1: something is not, and it says what to do.
    """
    say = common.say
    checks = list(_installation(say))
    try:
        city = common.open()
    except CityNotFoundError as error:
        checks.append(Check("city", is_well=True, seen=say(Message.of(error))))
    else:
        checks += _city(city, say)
    well = all(one.is_well for one in checks)
    if common.json:
        as_json({"well": well, "checks": [{"name": one.name, "well": one.is_well, "seen": one.seen} for one in checks]})
    else:
        out().print(table(["", "", ""], [("✓" if one.is_well else "✗", one.name, one.seen) for one in checks]))
    return not well


def _installation(say: Translator) -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0])
    try:
        Engine().cursor(spatial=True).close()
        yield Check("engine", is_well=True, seen=say("doctor.engine"))
    except PorticoError as error:
        yield Check("engine", is_well=False, seen=say(Message.of(error)))
    yield Check("portal", is_built(), say("doctor.portal" if is_built() else "doctor.portal-missing"))


def _city(city: City, say: Translator) -> Iterator[Check]:
    yield Check(
        "state", city.database.is_writable, say("doctor.writable" if city.database.is_writable else "doctor.read-only")
    )
    lake = lake_of(city)
    try:
        heads = queries.heads(lake)
        broken = sorted(name for name, version in heads.items() if not queries.is_whole(lake, version))
        words = (
            Message("doctor.broken", {"names": broken}) if broken else Message("doctor.whole", {"count": len(heads)})
        )
        yield Check("lake", not broken, say(words))
        behind = outdated(city, lake)
        yield Check(
            "facts",
            not behind,
            say(Message("doctor.outdated", {"names": behind}) if behind else Message("doctor.current")),
        )
    except PorticoError as error:
        yield Check("lake", is_well=False, seen=say(Message.of(error)))
