"""The build: every table of facts and every file that a city declares brought to its version."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from portico.build.facts import incoming
from portico.build.model import Built, Step
from portico.build.queries import lake_of
from portico.build.sources import arriving
from portico.city.opening import City, refuse_faults
from portico.errors import StateError
from portico.lake.commands import publish
from portico.lake.lake import Lake
from portico.lake.queries import heads
from portico.messages import Finding, Message, Severity
from portico.territory.model import Mode
from portico.territory.travel.city import city_network


def build(city: City, *, as_of: date, at: str, progress: Callable[[Step], None] = lambda _: None) -> Built:
    """Check the folder, then publish every table of facts and every file among its sources, fetched or kept there.

    Nothing is published while the folder has errors (RejectedError). Each dataset is one transaction: a build that is
    killed leaves every dataset at its last good version, and running it again finishes the rest. What was declared and
    not fetched, or came and will not do, is a warning: everything else works without it.
    """
    warnings = list(refuse_faults(city, as_of))
    if not city.database.is_writable:
        raise StateError("state-read-only", path=city.folder.name)
    lake = lake_of(city)
    steps: list[Step] = []

    def done(step: Step) -> None:
        steps.append(step)
        progress(step)

    for table, dataset, distribution in incoming(city):
        started = time.perf_counter()
        published = publish(lake, table, dataset, distribution, at=at)
        seconds = time.perf_counter() - started
        done(Step(dataset.id, published.version, published.publication, published.is_new, seconds))
    for one in arriving(city, lake, at):
        if isinstance(one, Step):
            done(one)
        else:
            warnings.append(one)
    said = {one.value for one in warnings}
    warnings += [one for one in _made_ready(city, lake) if one.value not in said]
    return Built(tuple(steps), tuple(warnings))


def _made_ready(city: City, lake: Lake) -> list[Finding]:
    """Make the graphs of the city's streets, which are then kept: nobody who asks has to wait for them.

    Streets that cannot be read, or serve no mode at all, are a warning.
    """
    found = city_network(city, lake, heads(lake))
    if found is None:
        return []
    reasons = [found.unreadable(mode) for mode in (Mode.WALK, Mode.BICYCLE, Mode.CAR)]
    first = reasons[0]
    if first is None or None in reasons:
        return []
    name = found.streets.id
    message = Message("source-refused", {"id": name, "reason": first})
    return [Finding(message, city.document.place("sources"), name, Severity.WARNING)]
